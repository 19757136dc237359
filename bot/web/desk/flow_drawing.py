"""A conversation drawn: its steps from top to bottom, each exit a line of its step, and one rail for each target.

Exits lead to later steps only, so every rail runs downward, and those that lead to the same step share one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from bot.engine.diagram import Exit, Node, Shape
from bot.i18n import _, render

WIDE, LINE, PAD, GAP, RAIL = 300, 20, 10, 16, 14
LETTERS, MOST_LINES = 30, 5
FORK, SILENT = _("It depends on what was answered."), _("No words of its own: something is noted, or an adult is told.")


@dataclass(frozen=True)
class Way:
    """An exit as a line of its box; `target` is the number of a step, 0 at the end."""

    y: int
    label: str
    short: str
    """The label as far as the drawing has room for it."""
    target: int


@dataclass(frozen=True)
class Box:
    """A step. `at` is the height at which rails arrive."""

    number: int
    shape: str
    acts: bool
    y: int
    height: int
    at: int
    lines: tuple[tuple[int, str], ...]
    ways: tuple[Way, ...]
    words: str


@dataclass(frozen=True)
class Rail:
    """One line down to a step, and the exits that join it."""

    x: int
    sources: tuple[int, ...]
    end: int
    tone: int


@dataclass(frozen=True)
class Chart:
    """Everything to draw, in one coordinate system."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    rails: tuple[Rail, ...]


def chart(nodes: Sequence[Node], language: str) -> Chart:
    """The drawing of a graph."""
    numbers = {node.id: number for number, node in enumerate(nodes, 1)}
    boxes: list[Box] = []
    y = 1
    for node in nodes:
        boxes.append(_box(node, numbers, y, language))
        y += boxes[-1].height + GAP
    rails = _rails(boxes)
    width = max((rail.x for rail in rails), default=WIDE) + RAIL
    return Chart(max(width, WIDE + 2 * RAIL), y, tuple(boxes), rails)


def _box(node: Node, numbers: dict[str, int], y: int, language: str) -> Box:
    words = node.words or render(FORK if node.shape is Shape.FORK else SILENT, language)
    told = _wrapped(words)
    first = y + PAD + LINE - 6
    lines = tuple((first + place * LINE, line) for place, line in enumerate(told))
    named = [way for way in node.exits if way.label]
    start = first + len(told) * LINE + 4
    ways = tuple(
        Way(start + place * LINE if named else first, way.label, _cut(way), numbers.get(way.target, 0))
        for place, way in enumerate(node.exits)
    )
    height = 2 * PAD + (len(told) + len(named)) * LINE + (4 if named else 0)
    return Box(numbers[node.id], node.shape.value, node.acts, y, height, y + PAD + 4, lines, _low(ways, named, y + height), words)  # fmt: skip


def _low(ways: tuple[Way, ...], named: list[Exit], bottom: int) -> tuple[Way, ...]:
    """What is only told leads on from its last line: the rail to it arrives at its first."""
    return ways if named else tuple(Way(bottom - PAD - 2, "", "", way.target) for way in ways)


def _wrapped(words: str) -> list[str]:
    lines = [line for part in words.splitlines() for line in wrap(part, LETTERS)] or [""]
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][: LETTERS - 1] + "…"]


def _cut(way: Exit) -> str:
    label = " ".join(way.label.split())
    return label if len(label) <= LETTERS - 2 else label[: LETTERS - 3] + "…"


def _rails(boxes: Sequence[Box]) -> tuple[Rail, ...]:
    """A rail for each step that is led to, in the first free column from the left; short ones stay near the boxes."""
    found = []
    for box in boxes:
        sources = tuple(way.y for other in boxes for way in other.ways if way.target == box.number)
        if sources:
            found.append((sources, box.at))
    columns: dict[tuple[tuple[int, ...], int], int] = {}
    for rail in sorted(found, key=lambda each: each[1] - min(each[0])):
        taken = {columns[other] for other in columns if min(other[0]) <= rail[1] and min(rail[0]) <= other[1]}
        columns[rail] = next(column for column in range(len(found)) if column not in taken)
    return tuple(
        Rail(WIDE + RAIL * (columns[rail] + 1), rail[0], rail[1], place % 3) for place, rail in enumerate(found)
    )
