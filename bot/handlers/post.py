"""A message decided: it becomes a row of the outbox, in the same commit as the decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from bot.domain.messages import Letter
from bot.i18n import _
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow


@dataclass(frozen=True)
class About:
    """What a message belongs to."""

    stay: int | None = None
    session: int | None = None
    case: int | None = None
    step: str | None = None


NOTHING = About()
_ASKED = select(OutboxRow).where(OutboxRow.session_id == bindparam("session"), OutboxRow.step == bindparam("step"))
NOT_YOURS = _("This button is not for you.")
GONE = _("This question is no longer open. Thank you all the same.")


def post(
    tx: Tx, person: int, letter: Letter, lane: Lane, about: About = NOTHING, due_at: datetime | None = None
) -> OutboxRow:
    """Put a message for a person into the outbox. It leaves at `due_at`, now where absent."""
    row = OutboxRow(
        person_id=person,
        stay_id=about.stay,
        session_id=about.session,
        case_id=about.case,
        step=about.step,
        lane=lane,
        message=letter.to_json(),
        created_at=tx.now,
        due_at=due_at or tx.now,
    )
    tx.rows.add(row)
    return row


SEALED = _("{coordinator} already knows about this answer and will come back to it. If it is urgent: SOS.")  # fmt: skip


def retire(tx: Tx, session: int, step: str, choice: str | None) -> None:
    """Note on the messages that asked a step which choice was taken, if one was: their buttons are done."""
    for row in tx.rows.scalars(_ASKED, {"session": session, "step": step}):
        if not row.message["offers"]:
            continue
        choices = [offer["action"].get("choice") for offer in row.message["offers"]]
        before, row.chosen = row.chosen, choices.index(choice) if choice in choices else None
        if row.chosen is None or row.chosen != before:
            show_choice(tx, row)


def call_off(tx: Tx, session: int, step: str) -> None:
    """What a step had to say, and has not left yet, is not said any more."""
    for row in tx.rows.scalars(_ASKED, {"session": session, "step": step}):
        if row.state == "pending":
            row.state = "expired"


def settle_asked(tx: Tx, step: str) -> None:
    """Somebody answered what several were asked: nobody's buttons lead anywhere any more."""
    for row in tx.rows.scalars(select(OutboxRow).where(OutboxRow.step == step, OutboxRow.native.is_not(None))):
        show_choice(tx, row)


def settle_case(tx: Tx, case: int) -> None:
    """A case is closed: nor do the buttons of its alerts."""
    wanted = select(OutboxRow).where(OutboxRow.case_id == case, OutboxRow.native.is_not(None))
    for row in tx.rows.scalars(wanted.where(OutboxRow.chosen.is_(None), OutboxRow.edit_of.is_(None))):
        if row.message["offers"]:
            show_choice(tx, row)


def show_choice(tx: Tx, row: OutboxRow) -> None:
    """Where the channel can edit: the message shows what was chosen, and its buttons go."""
    if row.native is None or row.edit_of is not None:
        return
    waiting = select(OutboxRow.id).where(OutboxRow.edit_of == row.id, OutboxRow.state == "pending")
    if tx.rows.scalars(waiting).first() is None:
        edit = post(tx, row.person_id, Letter(""), Lane.ANSWER)
        edit.edit_of = row.id
