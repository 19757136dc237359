"""How the invented people of the demo behave: who answers at once, who forgets, who goes silent and comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Silence:
    """Days on which somebody answers nothing, both ends included; on the next they come back and answer."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Temper:
    """One person's way: hours until they answer, how often they forget, how often something is the matter."""

    hours: tuple[float, float] = (0.2, 6.0)
    forgets: float = 0.04
    troubled: float = 0.03
    silence: Silence | None = None


STEADY = "VAL-27-06"
"""Answers everything: the first of the two transcripts."""
SILENT = "TEL-27-01"
"""Goes silent for two weeks in Bergen, and comes back: the second."""

TEMPERS: dict[str, Temper] = {
    STEADY: Temper(hours=(0.1, 3.0), forgets=0.0, troubled=0.0),
    SILENT: Temper(forgets=0.0, troubled=0.0, silence=Silence(date(2027, 2, 5), date(2027, 2, 16))),
    "OMB-27-02": Temper(hours=(1.0, 20.0), forgets=0.12),
    "TEL-27-04": Temper(troubled=0.12),
    "VAL-27-02": Temper(hours=(4.0, 26.0)),
}
ORDINARY = Temper()


def temper_of(ref: str) -> Temper:
    return TEMPERS.get(ref, ORDINARY)
