"""How far a checklist is: the one count that learners ("4/22"), adults in the chat and the desk are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.programme import Item, Programme
from bot.domain.stay import Stay, conditions
from bot.domain.touchpoints import due_days

CLOSED = frozenset({"done", "waived"})
"""What a learner declares or hands over still waits for an adult."""
SETTLED = CLOSED | {"declared", "handed"}
"""States of an item after which the learner is not asked again."""


@dataclass(frozen=True)
class Progress:
    """Of a learner's own things so many are done, and so many said to be. `late` are those past their date that are not
    done, the adults' too, the oldest first.
    """

    done: int
    told: int
    total: int
    left: int = 0
    """Theirs and the adults' that are due before the next journey, or at all after the last, and are not done."""
    late: tuple[Item, ...] = ()

    @property
    def answered(self) -> int:
        return self.done + self.told

    @property
    def place(self) -> tuple[int, int]:
        """Which of their things is asked next, and of how many."""
        return min(self.answered + 1, self.total), self.total

    @property
    def blocking(self) -> tuple[Item, ...]:
        """Late, and without them there is no departure."""
        return tuple(item for item in self.late if item.blocking == "yes")

    @property
    def bar(self) -> tuple[float, float]:
        """What is done and what is said to be, in percent."""
        share = 100 / self.total if self.total else 0
        return round(self.done * share, 1), round(self.told * share, 1)


def learners_items(programme: Programme, stay: Stay) -> list[Item]:
    """The learner's own items, in the order of the programme. Those that do not apply are none."""
    held = conditions(programme, stay)
    return [item for item in programme.journey(stay.kind).items if item.asks_learner and item.applies(held)]


def progress(programme: Programme, stay: Stay, states: Mapping[str, str], today: date) -> Progress:
    """Where the checklist of a stay stands on a day."""
    held = conditions(programme, stay)
    still = [
        item for item in programme.journey(stay.kind).items if item.applies(held) and states.get(item.id) not in CLOSED
    ]
    days = due_days(stay, still)
    late = sorted((item for item in still if days[item.id] < today), key=lambda item: days[item.id])
    ends = next((day for day in (stay.departure, stay.back) if today <= day), date.max)
    left = sum(day <= ends for day in days.values())
    found = [states.get(item.id, "todo") for item in learners_items(programme, stay)]
    done = sum(state in CLOSED for state in found)
    return Progress(done, sum(state in SETTLED for state in found) - done, len(found), left, tuple(late))
