"""Figures of classes and schools that give nobody away: small groups are hidden, and so is what they could be worked out from."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Protocol, TypeVar

LEAST = 5
"""A group of fewer is not told of."""
K = TypeVar("K", bound=Hashable)
Place = tuple[str, str]
"""A school and one of its classes."""


class Counted(Protocol):
    """What is counted: something of one learner at one place."""

    @property
    def learner(self) -> int: ...
    @property
    def place(self) -> Place: ...


C = TypeVar("C", bound=Counted)


@dataclass(frozen=True)
class Life:
    """What one learner's stay adds. `silences` are days, `taken` the minutes until each case was taken."""

    learner: int
    place: Place
    asked: int = 0
    answered: int = 0
    silences: tuple[float, ...] = ()
    taken: tuple[float, ...] = ()


@dataclass(frozen=True)
class Told:
    """One line: a school, a class of it, or all (neither). Hidden, it has neither a number of learners nor a value."""

    school: str
    group: str
    learners: int | None
    value: float | None


@dataclass(frozen=True)
class Band:
    """So many learners lie within it; None where that is hidden."""

    name: str
    learners: int | None


def masked(counts: Mapping[K, int], least: int = LEAST) -> frozenset[K]:
    """What of these groups is hidden beside their sum: the small ones, and further ones, the smallest first, until what
    the sum less the others leaves is no single group, and no small one.
    """
    hidden = {key for key, count in counts.items() if 0 < count < least}
    shown = sorted((count, str(key), key) for key, count in counts.items() if count >= least)
    while hidden and shown and (len(hidden) == 1 or sum(counts[key] for key in hidden) < least):
        hidden.add(shown.pop(0)[2])
    return frozenset(hidden)


def hidden_places(counts: Mapping[Place, int]) -> tuple[frozenset[str], frozenset[Place]]:
    """Which schools and which classes are hidden. With a school all its classes are: they would add up to it."""
    schools: dict[str, dict[Place, int]] = {}
    for place, count in counts.items():
        schools.setdefault(place[0], {})[place] = count
    gone = masked({school: sum(classes.values()) for school, classes in schools.items()})
    classes = [place for school, theirs in schools.items() for place in (theirs if school in gone else masked(theirs))]
    return gone, frozenset(classes)


def told(lives: Sequence[C], counts: Callable[[C], bool], value: Callable[[Sequence[C]], float]) -> tuple[Told, ...]:
    """A figure of those lives that count for it: all together, then each school, and each class under its school."""
    within = [life for life in lives if counts(life)]
    places = {life.place: 0 for life in lives} | {
        place: len({life.learner for life in within if life.place == place})
        for place in {life.place for life in within}
    }
    schools, classes = hidden_places(places)
    named = sorted({place[0] for place in places})
    lines = [_line("", "", within, value, hidden=False)] if len(named) > 1 else []
    for school in named:
        theirs = [life for life in within if life.place[0] == school]
        lines.append(_line(school, "", theirs, value, hidden=school in schools))
        groups = sorted(place for place in places if place[0] == school and place[1])
        lines += [
            _line(school, place[1], [life for life in theirs if life.place == place], value, hidden=place in classes)
            for place in groups
        ]
    return tuple(lines)


def _line(school: str, group: str, lives: Sequence[C], value: Callable[[Sequence[C]], float], *, hidden: bool) -> Told:
    learners = len({life.learner for life in lives})
    if hidden or 0 < learners < LEAST:
        return Told(school, group, None, None)
    return Told(school, group, learners, value(lives) if lives else None)


def bands(found: Mapping[int, float], limits: Sequence[tuple[str, float]]) -> tuple[Band, ...]:
    """How many learners lie within each band, by its upper limit; the last one has none above it."""
    counts = {name: 0 for name, _limit in limits}
    for amount in found.values():
        counts[next(name for name, limit in limits if amount <= limit)] += 1
    gone = masked(counts)
    if 0 < sum(counts.values()) < LEAST:
        gone = frozenset(counts)
    return tuple(Band(name, None if name in gone else count) for name, count in counts.items())


def share_answered(lives: Sequence[Life]) -> float:
    """Of what was asked, in percent."""
    asked = sum(life.asked for life in lives)
    return 100 * sum(life.answered for life in lives) / asked if asked else 0.0


def longest_silence(lives: Sequence[Life]) -> float:
    """Of the middle learner, in days."""
    return median([max(life.silences, default=0.0) for life in lives] or [0.0])


def minutes_to_take(lives: Sequence[Life]) -> float:
    """Of the middle case."""
    return median([minutes for life in lives for minutes in life.taken] or [0.0])


def silences_of(marks: Iterable[tuple[str, datetime]], end: datetime) -> tuple[float, ...]:
    """The silences in days: each from a question that stayed without an answer to the next answer, or to `end`."""
    found: list[float] = []
    since: datetime | None = None
    for outcome, at in marks:
        if outcome == "missed" and since is None:
            since = at
        elif outcome == "answered" and since is not None:
            found.append((at - since) / timedelta(days=1))
            since = None
    if since is not None and end > since:
        found.append((end - since) / timedelta(days=1))
    return tuple(found)
