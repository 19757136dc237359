"""A message decided: it becomes a row of the outbox, in the same commit as the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.domain.channel import FROM_DISK, OPEN
from bot.domain.messages import Letter, Offer
from bot.i18n import Text, _, _n
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow, of_session, pending_to
from bot.store.people import Address, Person, addresses_of


@dataclass(frozen=True)
class About:
    """What a message belongs to."""

    stay: int | None = None
    session: int | None = None
    case: int | None = None
    step: str | None = None


NOTHING = About()
ALONE = "alert"
"""The step of an alert about one case: it shows how that stands, once it stands otherwise."""
TOGETHER = "several cases"
"""The step of a message about several cases: its buttons stay when one of them is closed, words are for none of them."""
NOT_YOURS = _("This button is not for you.")
TICKED = _("Ticked. Thank you.")
MORE = _n("{count} more", "{count} more")
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
        state="pending",
        attempts=0,
        created_at=tx.now,
        due_at=due_at or tx.now,
    )
    tx.rows.add(row)
    return row


def tell(tx: Tx, person: Person, text: Text, values: dict[str, Any] | None = None, *offers: Offer) -> None:
    """Answer somebody who asked."""
    post(tx, person.id, Letter(text, values or {}, offers), Lane.ANSWER)


def more(count: int, word: str, rest: str = "") -> tuple[Offer, ...]:
    """The button of a list that is cut: it shows the rest. The list keeps its buttons."""
    action = {"do": "command", "word": word, "rest": rest, "keeps": True}
    return (Offer(MORE, action, {"count": count}),) if count > 0 else ()


def post_everywhere(tx: Tx, person: int, letter: Letter, about: About = NOTHING) -> None:
    """An alert on every channel of a person at once, each copy bound to its own address: one that hangs or fails holds
    up no other. With one address, or none, it is an alert like any other."""
    addresses = addresses_of(tx.rows, person)
    if len(addresses) < 2:
        post(tx, person, letter, Lane.ALERT, about)
        return
    for address in addresses:
        copy = post(tx, person, letter, Lane.ALERT, about)
        copy.address_id, copy.bound = address.id, True


SEALED = _("{coordinator} already knows about this answer and will come back to it. If it is urgent: SOS.")  # fmt: skip


def retire(tx: Tx, session: int, step: str, choice: str | None) -> list[OutboxRow]:
    """Note on the messages that asked a step which choice was taken, if one was: their buttons are done. Answers them."""
    found = of_session(tx.rows, session, step)
    for row in found:
        if not row.message["offers"]:
            continue
        choices = [offer["action"].get("choice") for offer in row.message["offers"]]
        before, row.chosen = row.chosen, choices.index(choice) if choice in choices else None
        if row.chosen is None or row.chosen != before:
            row.message = {name: value for name, value in row.message.items() if name != "receipts"}
            show_choice(tx, row)
    return found


def say_under(tx: Tx, asked: Sequence[OutboxRow], letter: Letter) -> bool:
    """Say a receipt under the question it answers, the latest copy that was answered of those that `asked`. False where
    its channel can neither edit nor show it anew.
    """
    latest = max((row for row in asked if row.chosen is not None), key=lambda row: row.id, default=None)
    if latest is None:
        return False
    return say_on(tx, latest, letter)


def say_on(tx: Tx, row: OutboxRow, letter: Letter) -> bool:
    """Say a receipt under the choice that is pressed on a message. False where its channel cannot."""
    if row.state != "sent" or not shows_anew(tx, row):
        return False
    row.message = Letter.from_json(row.message).answered(letter).to_json()
    return True


def shows_anew(tx: Tx, row: OutboxRow) -> bool:
    """Let a message show what has come of it, now or whenever its page is read. Whether its channel can."""
    address = tx.rows.get(Address, row.address_id) if row.address_id else None
    return address is not None and (address.channel in FROM_DISK or show_choice(tx, row))


def call_off(tx: Tx, session: int, step: str) -> None:
    """What a step had to say, and has not left yet, is not said any more."""
    for row in of_session(tx.rows, session, step):
        if row.state == "pending":
            row.state = "expired"


def settle_asked(tx: Tx, step: str) -> None:
    """Somebody answered what several were asked: nobody's buttons lead anywhere any more."""
    for row in tx.rows.scalars(select(OutboxRow).where(OutboxRow.step == step, OutboxRow.native.is_not(None))):
        show_choice(tx, row)


def settle_case(tx: Tx, case: int) -> None:
    """A case is closed: nor do the buttons of what was said of it. Its alerts show themselves how it stands."""
    wanted = select(OutboxRow).where(OutboxRow.case_id == case, OutboxRow.native.is_not(None))
    wanted = wanted.where(func.coalesce(OutboxRow.step, "").not_in((ALONE, TOGETHER)))
    for row in tx.rows.scalars(wanted.where(OutboxRow.chosen.is_(None), OutboxRow.edit_of.is_(None))):
        if row.message["offers"]:
            show_choice(tx, row)


def tick_off(tx: Tx, row: OutboxRow, place: int) -> None:
    """One thing of a list is done: the list says so in its place, and is not sent again."""
    letter = Letter.from_json(row.message)
    if place in letter.done:
        return
    row.message = replace(letter, done=(*letter.done, place)).to_json()
    address = tx.rows.get(Address, row.address_id) if row.address_id else None
    if not show_choice(tx, row) and (address is None or address.channel not in FROM_DISK):
        post(tx, row.person_id, Letter(TICKED), Lane.ANSWER)


def show_choice(tx: Tx, row: OutboxRow) -> bool:
    """Where the channel can edit: the message shows what was chosen, and its buttons go. Whether it can."""
    address = tx.rows.get(Address, row.address_id) if row.address_id else None
    if row.native is None or row.edit_of is not None or (address is not None and address.channel in OPEN):
        return False
    if all(each.edit_of != row.id for each in pending_to(tx.rows, row.person_id)):
        edit = post(tx, row.person_id, Letter(""), Lane.ANSWER)
        edit.edit_of = row.id
    return True
