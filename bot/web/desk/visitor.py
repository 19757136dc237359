"""Who is at the desk, and what lies within their walls."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import joinedload

from bot.domain.need_to_know import may_with
from bot.domain.person import Adult
from bot.domain.rights import Act, may, schools_of, somewhere
from bot.handlers.people.visits import visitor
from bot.i18n import Text, best_language, render
from bot.store.cases import kept_from
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.stays import StayRow
from bot.web.desk.relative_time import Clock


class Nobody(Exception):
    """This browser is not signed in, or not any more."""


class Missing(Exception):
    """There is no such thing, or it is behind somebody else's wall: both look the same."""


@dataclass(frozen=True)
class Visitor:
    """An adult at the desk."""

    person: Person
    adult: Adult
    name: str
    school: str
    clock: Clock
    kept: frozenset[int] = frozenset()
    """The learners who do not want them near, or whose words name them."""

    @property
    def language(self) -> str:
        return self.clock.language

    def says(self, text: Text, **values: object) -> str:
        """A text in the visitor's language."""
        return render(text, self.language, values)

    def may(self, act: Act, school: int | None) -> bool:
        """Whether they may do something at a school."""
        return may(self.adult, act, school)

    def may_with(self, act: Act, row: StayRow) -> bool:
        """Whether they may do something with the learner of a stay."""
        return may_with(self.adult, act, row.school_id, left_out=row.person_id in self.kept)

    def can(self, act: Act) -> bool:
        """Whether they may do something at one school or another."""
        return somewhere(self.adult, act)


def find_visitor(tx: Tx, token: str, *, by_itself: bool = False) -> Visitor:
    """Who is at the desk in a browser.

    Raises:
        Nobody: nobody we know.
    """
    person = visitor(tx, token, by_itself=by_itself) if token else None
    return seen_as(tx, person)


def seen_as(tx: Tx, person: Person | None) -> Visitor:
    """Somebody as a visitor.

    Raises:
        Nobody: there is nobody.
    """
    if person is None:
        raise Nobody
    clock = Clock(best_language(person.language), person.zone, tx.now)
    return Visitor(
        person,
        person.adult,
        person.full_name,
        person.school.name if person.school else "",
        clock,
        kept_from(tx.rows, person.id),
    )


def within(who: Visitor, act: Act) -> ColumnElement[bool]:
    """The stays of the schools at which the visitor may do something."""
    schools = schools_of(who.adult, act)
    return true() if schools is None else StayRow.school_id.in_(schools)


def stays_within(tx: Tx, who: Visitor) -> list[StayRow]:
    """Every stay that the visitor may know of, with its people, in one reading; who leaves first comes first."""
    wanted = select(StayRow).where(StayRow.cancelled.is_(False), within(who, Act.SEE_LEARNERS))
    wanted = wanted.options(joinedload(StayRow.person), joinedload(StayRow.school))
    return list(tx.rows.scalars(wanted.order_by(StayRow.departure, StayRow.id)))


def stay_within(tx: Tx, who: Visitor, number: int, act: Act = Act.SEE_LEARNERS) -> StayRow:
    """One stay, for one act.

    Raises:
        Missing: there is none, or it is not theirs.
    """
    row = tx.rows.get(StayRow, number)
    if row is None or not who.may_with(act, row):
        raise Missing
    return row
