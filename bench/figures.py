"""What was measured, beside what it is measured against: medians, spreads, ratios, and whether a goal is reached."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Series:
    """The same thing measured several times."""

    name: str
    unit: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def __str__(self) -> str:
        spread = f" ({short(min(self.values))}-{short(max(self.values))})" if len(self.values) > 1 else ""
        return f"{short(self.median)}{spread} {self.unit}"


@dataclass(frozen=True)
class Goal:
    """What the ratio has to be, or the figure itself where there is no baseline."""

    least: float | None = None
    most: float | None = None

    def reached(self, value: float) -> bool:
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def __str__(self) -> str:
        return f"≥ {short(self.least)}" if self.least is not None else f"≤ {short(self.most or 0)}"


@dataclass(frozen=True)
class Line:
    """One comparison. The ratio is ours by theirs, in the unit of both."""

    what: str
    ours: Series
    baseline: Series | None = None
    goal: Goal | None = None

    @property
    def ratio(self) -> float | None:
        return self.ours.median / self.baseline.median if self.baseline and self.baseline.median else None

    @property
    def reached(self) -> bool | None:
        judged = self.ratio if self.baseline else self.ours.median
        return self.goal.reached(judged) if self.goal and judged is not None else None

    def to_json(self) -> str:
        found = {
            "what": self.what,
            "unit": self.ours.unit,
            "ours": self.ours.values,
            "median": self.ours.median,
            "baseline": self.baseline.name if self.baseline else None,
            "theirs": self.baseline.values if self.baseline else None,
            "ratio": self.ratio,
            "goal": str(self.goal) if self.goal else None,
            "reached": self.reached,
        }
        return json.dumps(found, ensure_ascii=False)


HEAD = ("what", "ours: median (spread)", "baseline: median (spread)", "ratio", "goal", "")
WORDS = {True: "reached", False: "missed", None: ""}


def table(lines: Iterable[Line]) -> str:
    """All lines, one below the other, in columns."""
    cells = [HEAD, *(_cells(line) for line in lines)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )


def markdown(lines: Iterable[Line]) -> str:
    """The same for a page."""
    rows = [HEAD, tuple("---" for _ in HEAD), *(_cells(line) for line in lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cells(line: Line) -> tuple[str, ...]:
    baseline = f"{line.baseline}: {line.baseline.name}" if line.baseline else ""
    ratio = short(line.ratio) if line.ratio is not None else ""
    return line.what, str(line.ours), baseline, ratio, str(line.goal or ""), WORDS[line.reached]


def short(value: float) -> str:
    """Three figures, as people write them."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


async def seconds(work: Callable[[], Awaitable[object]]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def milliseconds(work: Callable[[], object]) -> float:
    """The same of what waits for nobody."""
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)
