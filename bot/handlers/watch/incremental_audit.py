"""What audits have seen of each stay: the next one works out those only of which something was written, or whose time has
come. What is kept is the very facts of a stay, and until when nothing follows from them; nothing is trusted for ever: each
is worked out anew in its turn, whatever is known of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from bot.domain.audit import GRACE
from bot.domain.programme import Programme
from bot.domain.touchpoints import AFTER_RETURN
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.stays import ContactElsewhere, GreenLightRow, ItemState, Mark, StayRow

LOOKED_AT = 300
"""The facts of so many stays are read at once."""
AT_ONCE = 200
"""So many are worked out as soon as an audit first sees them; the others of a large house in their turn, but for those that
are asleep at first sight."""
ROUND = timedelta(hours=3)
"""In so long each stay has its turn, at an instant of its own: never all at once."""
EVENLY = 0.6180339887
"""The instants of neighbours are far apart, those of all of them spread alike."""
NOTHING = "?"
"""How what is not there is written among the facts: an empty word is another thing."""


def _line(*columns: Any) -> ColumnElement[str]:
    """Values as one text, made where they lie: as values of Python, that would cost ten times as much, for every stay."""
    return reduce(lambda line, text: line + "|" + text, map(_text, columns))


def _text(value: Any) -> ColumnElement[str]:
    """A column that is a text, and is always there, as it is: a stay has dozens of marks."""
    known = getattr(value, "nullable", True) is False and type(value.type) is String
    return value if known else func.coalesce(cast(value, String), NOTHING)


def _lines(stay: InstrumentedAttribute[int], *columns: Any) -> Any:
    """The same of all rows of a stay, one below the other."""
    rows = select(func.aggregate_strings(_line(*columns), "\n"))
    return rows.where(stay == StayRow.id).correlate(StayRow).scalar_subquery()


def _last(number: InstrumentedAttribute[int], stay: InstrumentedAttribute[int]) -> Any:
    return select(func.max(number)).where(stay == StayRow.id).correlate(StayRow).scalar_subquery()


_CASES = select(_line(func.max(CaseEvent.at), func.count(CaseRow.closed_at), func.count())).select_from(CaseRow)
_CASES = _CASES.join(CaseEvent).where(CaseRow.stay_id == StayRow.id).correlate(StayRow)
_ALL = _line(
    StayRow.wake_at, StayRow.kind, StayRow.track, StayRow.country, StayRow.city, StayRow.zone, StayRow.home_zone,
    StayRow.home_country, StayRow.working_language, StayRow.departure, StayRow.start, StayRow.end, StayRow.back,
    StayRow.nights_out, StayRow.nights_back, StayRow.tags, StayRow.enrolled_at, StayRow.ended, StayRow.unlisted_at,
    StayRow.kept_at, StayRow.paused_from, StayRow.paused_until, Person.ref, Person.birth, Person.last_sign_at,
    _lines(Mark.stay_id, Mark.touchpoint, Mark.occurrence), _lines(ItemState.stay_id, ItemState.item, ItemState.state),
    _last(GreenLightRow.id, GreenLightRow.stay_id), _last(ContactElsewhere.id, ContactElsewhere.stay_id),
    _CASES.scalar_subquery(),
)  # fmt: skip
"""All that an audit looks at. Verdicts, and words on contact, are only ever added."""
_NEVER_OR_LATE = or_(StayRow.wake_at.is_(None), StayRow.wake_at < bindparam("late"))
"""Whether a stay is asleep, or was to be looked at long ago."""
_FACTS = (
    select(StayRow.id, _NEVER_OR_LATE.label("sleeps"), _ALL.label("facts"))
    .join(Person, Person.id == StayRow.person_id)
    .where(StayRow.cancelled.is_(False), StayRow.back >= bindparam("since"), StayRow.id > bindparam("after"))
    .order_by(StayRow.id)
    .limit(LOOKED_AT)
)
_NUMBERS = _FACTS.with_only_columns(StayRow.id).limit(bindparam("most"))


def turn(number: int, now: datetime) -> datetime:
    """When a stay is next worked out whatever is known of it. The clock alone says so: a start changes nothing."""
    since = (now - datetime(2000, 1, 1, tzinfo=UTC) - ROUND * (number * EVENLY % 1)) % ROUND
    return now + ROUND - since


class Seen:
    """The facts of each stay from which nothing followed, as a hash, and until when. So many that were never seen are
    worked out at once; without a number, all.
    """

    def __init__(self, at_once: int | None = None) -> None:
        self._at_once = self._left = at_once
        self._quiet: dict[int, tuple[int, datetime]] = {}
        self._read: dict[int, int] = {}
        self._programme: Programme | None = None

    def moved(self, tx: Tx, after: int, most: int) -> tuple[list[int], int | None]:
        """Of the next stays under way those that have to be worked out, so many at the most; and the last that was looked
        at, None where there are no more.
        """
        if tx.programme is not self._programme:
            self._begin(tx.programme)
        facts = _facts(tx, after)
        found: list[int] = []
        self._read = {}
        for number, (read, sleeps) in facts.items():
            known = self._quiet.get(number)
            if known is None and self._waits(sleeps=sleeps):
                known = self._quiet[number] = read, turn(number, tx.now)
            if known is not None and known[0] == read and tx.now < known[1]:
                continue
            found.append(number)
            self._read[number] = read
            if len(found) == most:
                return found, number
        if len(facts) == LOOKED_AT:
            return found, next(reversed(facts))
        self._left = None  # all were seen: whoever comes now is new
        return found, None

    def _begin(self, programme: Programme) -> None:
        """Of another programme nothing is known yet."""
        self._programme, self._left = programme, self._at_once
        self._quiet.clear()

    def _waits(self, *, sleeps: bool) -> bool:
        """Whether a stay that was never seen can wait for its turn."""
        if self._left is None or sleeps:
            return False
        at_once, self._left = self._left > 0, max(0, self._left - 1)
        return not at_once

    def keep(self, tx: Tx, quiet: Mapping[int, datetime | None]) -> None:
        """Nothing follows from what was read of these stays until the instant of each, or until its turn; where there is
        none, something does.
        """
        for number, until in quiet.items():
            self._quiet.pop(number, None)
            if until is not None:
                self._quiet[number] = self._read[number], min(until, turn(number, tx.now))


class Afresh(Seen):
    """Nothing is known, and nothing is kept: all stays under way are worked out, so none is read for its facts before."""

    def moved(self, tx: Tx, after: int, most: int) -> tuple[list[int], int | None]:
        wanted = {"since": (tx.now - AFTER_RETURN).date(), "after": after, "most": most}
        found = list(tx.rows.scalars(_NUMBERS, wanted))
        return found, found[-1] if len(found) == most else None

    def keep(self, tx: Tx, quiet: Mapping[int, datetime | None]) -> None:
        """There is no next time."""


def _facts(tx: Tx, after: int) -> dict[int, tuple[int, bool]]:
    """All that an audit knows of each of the next stays, as one number; and whether it sleeps."""
    wanted = {"since": (tx.now - AFTER_RETURN).date(), "after": after, "late": tx.now - GRACE}
    return {number: (hash(facts), sleeps) for number, sleeps, facts in tx.rows.execute(_FACTS, wanted)}
