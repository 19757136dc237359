"""The moment has come to write to those around a learner; or to ask the learner about them."""

from __future__ import annotations

from bot.domain.touchpoints import Occasion
from bot.handlers import family
from bot.handlers.come_of_age import ask_again
from bot.handlers.effects import mark
from bot.handlers.tutor import write
from bot.store.db import Tx
from bot.store.stays import StayRow


def reach_out(tx: Tx, stay: StayRow, occasion: Occasion) -> None:
    """Do what is planned, and note what became of it."""
    match occasion.touchpoint:
        case "family.left":
            outcome = family.tell(tx, stay, family.Ping.LEFT, occasion.occurrence)
        case "family.week":
            outcome = family.week(tx, stay, occasion.occurrence)
        case "family.eighteen":
            outcome = ask_again(tx, stay)
        case _:
            outcome = write(tx, stay)
    mark(tx, stay.id, occasion.key, outcome)
