"""How far a checklist is: what counts now, what is done, what waits for an adult's look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.programme import Item, Programme
from bot.domain.stay import Stay, conditions
from bot.domain.touchpoints import due_day


@dataclass(frozen=True)
class Progress:
    """Of so many things, so many are done and so many said to be."""

    done: int
    told: int
    total: int

    @property
    def bar(self) -> tuple[float, float]:
        """The two parts of the bar, in percent."""
        share = 100 / self.total if self.total else 0
        return round(self.done * share, 1), round(self.told * share, 1)


def phase(stay: Stay, today: date) -> str:
    """`before`, `abroad` or `back`."""
    return "before" if today < stay.departure else "abroad" if today <= stay.back else "back"


def items(programme: Programme, stay: Stay) -> list[Item]:
    """The whole checklist of a stay."""
    held = conditions(programme, stay)
    return [item for item in programme.journey(stay.kind).items if item.applies(held)]


def progress(programme: Programme, stay: Stay, states: Mapping[str, str], today: date) -> Progress:
    """How far the checklist is of what is due until the present phase ends."""
    ends = {"before": stay.departure, "abroad": stay.back, "back": date.max}[phase(stay, today)]
    counted = [item for item in items(programme, stay) if due_day(stay, item) <= ends]
    found = [states.get(item.id, "todo") for item in counted]
    done = sum(state in {"done", "waived"} for state in found)
    return Progress(done, sum(state in {"declared", "handed"} for state in found), len(found))
