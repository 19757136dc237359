"""A number under a message was tapped: it presses the button that it stands for there."""

from __future__ import annotations

from bot.domain.messages import IN_WORDS, Incoming, Letter
from bot.domain.numbers import numbers
from bot.handlers.post import post
from bot.handlers.press import find, press
from bot.i18n import _
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, OutboxRow
from bot.store.people import Address, Person
from bot.store.sent import sent_as

WRITE = _("To be sure that it is you: please answer this one in writing, with its number.")


def tap(tx: Tx, row: InboxRow, address: Address, person: Person, incoming: Incoming) -> bool:
    """Press the button. False where that message is none of theirs, or nothing on it has this number."""
    ours = sent_as(tx.rows, address.id, incoming.reply_to)
    place = _place(ours, int(incoming.text)) if ours is not None and ours.person_id == person.id else None
    if ours is None or place is None:
        return False
    if ours.message["offers"][place]["action"]["do"] in IN_WORDS:
        post(tx, person.id, Letter(WRITE), Lane.ANSWER)
        return True
    press_for(tx, row, person, f"{ours.id}.{place}")
    return True


def press_for(tx: Tx, row: InboxRow, person: Person, token: str) -> None:
    """Press a button, and note what it answers: it may be taken back."""
    row.shown = press(tx, person, token)
    message, place = find(tx, person, token)
    action = message.message["offers"][place]["action"] if message is not None else {}
    if action.get("do") == "answer":
        row.session_id, row.step = action["session"], action["step"]


def _place(message: OutboxRow, number: int) -> int | None:
    """Which of the choices, as the person was shown them, a number stands for."""
    known = numbers(message.rendered["buttons"]) if message.rendered else ()
    return known.index(number) if number in known else None
