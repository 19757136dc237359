"""Where everything stands in the picture of the week. Wide enough for a phone: 1080 pixels, nothing smaller than 22."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from babel.dates import format_skeleton

from bot.i18n import dated

WIDTH = 1080
LEFT, RIGHT = 340, 1050
"""Of the weeks; on the left of them stand the names."""
TOP, ROW = 212, 76
LABEL = 120
"""The least width of a date above the weeks."""
LONGEST_NAME, LONGEST_PLACE = 12, 18
BEYOND = 24
"""A stay that goes on outside the picture has no end in it."""


@dataclass(frozen=True)
class Week:
    """A Monday: a line, and a date above it where there is room."""

    x: int
    label: str


@dataclass(frozen=True)
class Mark:
    """What became of a question: `answered` or `missed`."""

    x: int
    kind: str


@dataclass(frozen=True)
class Row:
    """One learner. The bar is the stay; `gone` is the part of it that lies behind."""

    y: int
    name: str
    place: str
    case: str
    start: int
    end: int
    gone: int
    marks: tuple[Mark, ...]

    @property
    def middle(self) -> int:
        return self.y + ROW // 2


class Scale:
    """From days to pixels."""

    def __init__(self, first: date, weeks: int) -> None:
        self.first, self.weeks, self.days = first, weeks, weeks * 7

    def x(self, day: date) -> int:
        """The morning of a day, within the picture."""
        along = min(max((day - self.first).days, 0), self.days)
        return LEFT + round((RIGHT - LEFT) * along / self.days)

    def noon(self, day: date) -> int:
        return (self.x(day) + self.x(day + timedelta(days=1))) // 2


def scale_of(facts: Mapping[str, Any]) -> Scale:
    return Scale(date.fromisoformat(facts["first"]), int(facts["weeks"]))


def weeks_of(scale: Scale, language: str) -> Iterator[Week]:
    """Every Monday; as many dates as stand side by side."""
    step = -(-LABEL * scale.weeks // (RIGHT - LEFT))
    for number in range(scale.weeks):
        monday = scale.first + timedelta(weeks=number)
        x = scale.x(monday)
        shown = number % step == 0 and x + LABEL <= WIDTH
        label = format_skeleton("MMMd", monday, locale=dated(language)) if shown else ""
        yield Week(x, label)


def rows_of(facts: Mapping[str, Any], scale: Scale) -> Iterator[Row]:
    today = date.fromisoformat(facts["today"])
    for number, row in enumerate(facts["rows"]):
        departure, back = date.fromisoformat(row["departure"]), date.fromisoformat(row["back"])
        start, end = scale.x(departure), scale.x(back + timedelta(days=1))
        start -= BEYOND if departure < scale.first else 0
        end += BEYOND if back >= scale.first + timedelta(days=scale.days) else 0
        marks = tuple(Mark(scale.noon(date.fromisoformat(day)), kind) for day, kind in row["marks"])
        yield Row(
            y=TOP + number * ROW,
            name=_short(row["name"], LONGEST_NAME),
            place=_short(row["place"], LONGEST_PLACE),
            case=row["case"],
            start=start,
            end=max(end, start + 8),
            gone=min(max(scale.x(today), start), end),
            marks=marks,
        )


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
