"""What the digests of a Monday say of some stays: the same for all adults who may know of them, so it is read once for all
who are told in one transaction. What each of them may know of it, the digest decides.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property

from sqlalchemy import bindparam, func, select

from bot.domain.ladder.cover import Cover, Lack
from bot.domain.rights import Act, schools_of
from bot.domain.stay import Kind
from bot.handlers.conversation.tasks import Task, stays_of, waiting_of
from bot.handlers.desk.missing import untold
from bot.handlers.desk.out_of_touch import Standing, standing_of
from bot.handlers.desk.readiness import lacking
from bot.handlers.desk.week_picture import Marks, marks_of, pictured
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow
from bot.store.team import team

WEEK = timedelta(days=7)
_ANSWERED = select(func.count(SessionRow.id)).where(
    SessionRow.touchpoint == "check_in",
    SessionRow.answered_at > bindparam("since"),
    SessionRow.stay_id.in_(bindparam("stays", expanding=True)),
)


class Monday:
    """The stays of one or several schools on the day of the transaction; each thing is read when it is first asked for."""

    def __init__(self, tx: Tx, stays: list[StayRow]) -> None:
        self.stays = stays
        self.today = tx.now.date()
        self._tx = tx

    @cached_property
    def standing(self) -> list[Standing]:
        """Those to come or under way, the first to leave first."""
        return standing_of(self._tx, self.stays)

    @cached_property
    def tasks(self) -> list[Task]:
        """What waits for the tick of any adult, the earliest due first."""
        return waiting_of(self._tx, self.stays)

    @cached_property
    def untold(self) -> frozenset[int]:
        """The stays of whom it is not known how many days they worked."""
        asked = select(SessionRow.stay_id).where(SessionRow.stay_id.in_(_ids(self.stays)), untold(self._tx))
        return frozenset(self._tx.rows.scalars(asked))

    @cached_property
    def lacks(self) -> list[tuple[str, Lack]]:
        """Who would be abroad without the adults they need."""
        cover = Cover(team(self._tx.rows))
        return [(stay.person.short_name, each.lack) for stay in self.stays for each in lacking(self._tx, cover, stay)]

    @cached_property
    def pictured(self) -> list[StayRow]:
        """Those that the picture of the week shows."""
        return pictured(self.stays, self.today)

    @cached_property
    def marks(self) -> Marks:
        """What became of their questions."""
        return marks_of(self._tx, self.pictured) if self.pictured else {}

    @property
    def travel(self) -> list[StayRow]:
        """Those for which somebody leaves home."""
        return [stay for stay in self.stays if stay.kind is not Kind.VIRTUAL]

    @cached_property
    def abroad(self) -> list[StayRow]:
        """Those who are away today."""
        return [stay for stay in self.travel if stay.departure <= self.today <= stay.back]

    @cached_property
    def answered(self) -> int:
        """So many check-ins of theirs were answered within a week."""
        values = {"since": self._tx.now - WEEK, "stays": _ids(self.abroad)}
        return self._tx.rows.scalar(_ANSWERED, values) or 0


def monday_of(tx: Tx, person: Person) -> Monday:
    """What there is to say of the stays that an adult may know of."""
    schools = schools_of(person.adult, Act.SEE_LEARNERS)
    kept: dict[frozenset[int] | None, Monday] = tx.rows.info.setdefault("monday", {})
    if schools not in kept:
        kept[schools] = Monday(tx, stays_of(tx, person))
    return kept[schools]


def _ids(stays: list[StayRow]) -> list[int]:
    return [stay.id for stay in stays]
