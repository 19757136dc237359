"""The learner whom the visitor follows and the adult who answers for them, as the database has them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from bot.demo.world import native
from bot.domain.messages import Button, Outgoing
from bot.handlers.case.alert import ROLES
from bot.handlers.say.facts import adult_of
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import Person, by_ref
from bot.store.sessions import SessionRow
from bot.store.stays import current_stay


@dataclass(frozen=True)
class Couple:
    """The learner that was picked, and the first who answers for their stay."""

    learner: str
    adult: str
    stay: int


def find_couple(tx: Tx, ref: str) -> Couple | None:
    """The couple of a learner; None where nobody of that name has a stay."""
    person = by_ref(tx.rows, ref)
    stay = current_stay(tx.rows, person.id) if person else None
    adult = next((each for role in ROLES if stay and (each := adult_of(tx, stay.school_id, role))), None)
    return Couple(ref, adult.ref, stay.id) if stay and adult else None


def stays_of(tx: Tx, numbers: list[int]) -> dict[int, int | None]:
    """Which stay each message is about."""
    wanted = select(OutboxRow.id, OutboxRow.stay_id).where(OutboxRow.id.in_(numbers))
    return {row.id: row.stay_id for row in tx.rows.execute(wanted)}


def unanswered(tx: Tx, ref: str, stay: int) -> list[Outgoing]:
    """The questions and alerts about a stay that still wait for this person."""
    wanted = select(OutboxRow).join(Person, Person.id == OutboxRow.person_id)
    wanted = wanted.where(Person.ref == ref, OutboxRow.stay_id == stay, OutboxRow.state == "sent")
    rows = tx.rows.scalars(wanted.where(OutboxRow.chosen.is_(None)).order_by(OutboxRow.id))
    return [_again(row, ref) for row in rows if row.rendered and _waits(tx, row)]


def _waits(tx: Tx, row: OutboxRow) -> bool:
    session = tx.rows.get(SessionRow, row.session_id) if row.session_id else None
    case = tx.rows.get(CaseRow, row.case_id) if row.case_id else None
    if case is not None:
        return case.closed_at is None and case.owner_id in {None, row.person_id}
    return session is not None and session.state == "open" and session.asked == row.step


def _again(row: OutboxRow, ref: str) -> Outgoing:
    labels = (row.rendered or {}).get("buttons", [])
    return Outgoing(row.id, native(ref), "", tuple(Button(f"{row.id}.{n}", label) for n, label in enumerate(labels)))
