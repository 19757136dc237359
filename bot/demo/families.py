"""The families of the demo: guardians of minors who have agreed, and what they are shown of it."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.messages import Letter
from bot.domain.programme import Family, Programme
from bot.handlers.family.welcome import agree
from bot.handlers.people.guardians import family_of
from bot.handlers.say.post import post
from bot.store.consents import Tie, learners_of, parents_of
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person
from bot.store.stays import StayRow

ALL = Family(pings=("left", "arrived", "checked_in", "back"))


def told(programme: Programme) -> Programme:
    """A school that has its families told."""
    return programme.model_copy(update={"family": ALL})


def name_families(tx: Tx) -> None:
    """The guardians of every minor become people, before it is said who speaks which language."""
    for stay in tx.rows.scalars(select(StayRow).order_by(StayRow.id)).all():
        if stay.facts().minor_on(stay.departure):
            family_of(tx, stay.person)


def families_agree(tx: Tx) -> None:
    """They have opened their links, and press the first button. An adult's family waits for the adult's own yes."""
    for parent in tx.rows.scalars(select(Person).join(Tie, Tie.parent_id == Person.id).order_by(Person.id)).all():
        _say_yes(tx, parent)


def _say_yes(tx: Tx, parent: Person) -> None:
    """The question shows what was chosen, and is answered."""
    for asked in tx.rows.scalars(select(OutboxRow).where(OutboxRow.person_id == parent.id)):
        asked.chosen = 0
    for learner in learners_of(tx.rows, parent.id):
        post(tx, parent.id, Letter(agree(tx, parent, learner)), Lane.ANSWER)


def kin_of(tx: Tx, number: int) -> list[tuple[str, str]]:
    """The family of the learner of a stay: reference and name."""
    stay = tx.rows.get_one(StayRow, number)
    return [(parent.ref, parent.full_name) for parent in parents_of(tx.rows, stay.person_id)]
