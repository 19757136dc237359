"""What audits have seen of each stay: the next one works out those only of which something was written, or whose time has
come. Nothing is believed that is not read: what is kept is the very facts of a stay, and until when nothing follows from them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import BindParameter, Executable, bindparam, func, select

from bot.domain.audit import A_DAY
from bot.domain.touchpoints import AFTER_RETURN
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.stays import ContactElsewhere, GreenLightRow, ItemState, Mark, StayRow

LOOKED_AT = 100
"""The facts of so many stays are read at once."""
_FACTS = (
    select(
        StayRow.id, StayRow.wake_at, StayRow.kind, StayRow.track, StayRow.country, StayRow.city, StayRow.zone,
        StayRow.home_zone, StayRow.home_country, StayRow.working_language, StayRow.departure, StayRow.start, StayRow.end,
        StayRow.back, StayRow.nights_out, StayRow.nights_back, StayRow.tags, StayRow.enrolled_at, StayRow.ended,
        StayRow.unlisted_at, StayRow.kept_at, StayRow.paused_from, StayRow.paused_until,
        Person.ref, Person.birth, Person.last_sign_at,
    )
    .join(Person, Person.id == StayRow.person_id)
    .where(StayRow.cancelled.is_(False), StayRow.back >= bindparam("since"), StayRow.id > bindparam("after"))
    .order_by(StayRow.id)
    .limit(LOOKED_AT)
)  # fmt: skip
_OF: BindParameter[Sequence[int]] = bindparam("stays", expanding=True)
_MORE: tuple[Executable, ...] = (
    select(Mark.stay_id, func.aggregate_strings(Mark.touchpoint + " " + Mark.occurrence, "\n"))
    .where(Mark.stay_id.in_(_OF))
    .group_by(Mark.stay_id),
    select(ItemState.stay_id, func.aggregate_strings(ItemState.item + " " + ItemState.state, "\n"))
    .where(ItemState.stay_id.in_(_OF))
    .group_by(ItemState.stay_id),
    select(GreenLightRow.stay_id, func.max(GreenLightRow.id))
    .where(GreenLightRow.stay_id.in_(_OF))
    .group_by(GreenLightRow.stay_id),
    select(ContactElsewhere.stay_id, func.max(ContactElsewhere.id))
    .where(ContactElsewhere.stay_id.in_(_OF))
    .group_by(ContactElsewhere.stay_id),
    select(CaseRow.stay_id, func.max(CaseEvent.at), func.count(CaseRow.closed_at), func.count())
    .join(CaseEvent)
    .where(CaseRow.stay_id.in_(_OF))
    .group_by(CaseRow.stay_id),
)
"""What else of a stay an audit looks at. Verdicts, and words on contact, are only ever added."""


class Seen:
    """The facts of each stay from which nothing followed, as a hash, and until when. At midnight (UTC) all are looked at."""

    def __init__(self) -> None:
        self._quiet: dict[int, tuple[int, datetime]] = {}
        self._read: dict[int, int] = {}

    def moved(self, tx: Tx, after: int, most: int) -> tuple[list[int], int | None]:
        """Of the next stays under way those that have to be worked out, so many at the most; and the last that was looked
        at, None where there are no more.
        """
        facts = _facts(tx, after)
        found: list[int] = []
        self._read = {}
        for number, read in facts.items():
            known = self._quiet.get(number)
            if known is not None and known[0] == read and tx.now < known[1]:
                continue
            found.append(number)
            self._read[number] = read
            if len(found) == most:
                return found, number
        return found, next(reversed(facts)) if len(facts) == LOOKED_AT else None

    def keep(self, tx: Tx, quiet: Mapping[int, datetime]) -> None:
        """Nothing follows from what was read of these stays until the instant of each, or the end of the day."""
        midnight = datetime.combine(tx.now.date() + A_DAY, time(0), UTC)
        for number, read in self._read.items():
            self._quiet.pop(number, None)
            if number in quiet:
                self._quiet[number] = read, min(quiet[number], midnight)


def _facts(tx: Tx, after: int) -> dict[int, int]:
    """All that an audit knows of each of the next stays, as one number."""
    rows = tx.rows.execute(_FACTS, {"since": (tx.now - AFTER_RETURN).date(), "after": after}).all()
    more: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for place, wanted in enumerate(_MORE if rows else ()):
        for stay, *read in tx.rows.execute(wanted, {"stays": [each.id for each in rows]}):
            more[stay].append((place, *read))
    return {row.id: hash((str(tuple(row)), str(more[row.id]))) for row in rows}
