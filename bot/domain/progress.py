"""How far a checklist is, and what of it is late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.programme import Item, Programme
from bot.domain.stay import Stay, conditions
from bot.domain.touchpoints import due_day

CLOSED = frozenset({"done", "waived"})
"""What a learner declares or hands over still waits for an adult."""


@dataclass(frozen=True)
class Progress:
    """So many items are closed, of so many; `late` are the open ones past their date, the oldest first."""

    closed: int
    total: int
    late: tuple[Item, ...]

    @property
    def blocking(self) -> tuple[Item, ...]:
        """Late, and without them there is no departure."""
        return tuple(item for item in self.late if item.blocking == "yes")


def progress(programme: Programme, stay: Stay, states: Mapping[str, str], today: date) -> Progress:
    """Where the checklist of a stay stands on a day. Items that do not apply are not counted."""
    held = conditions(programme, stay)
    items = [item for item in programme.journey(stay.kind).items if item.applies(held)]
    still = [item for item in items if states.get(item.id) not in CLOSED]
    late = sorted((item for item in still if due_day(stay, item) < today), key=lambda item: due_day(stay, item))
    return Progress(len(items) - len(still), len(items), tuple(late))
