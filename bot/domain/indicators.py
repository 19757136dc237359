"""The figures that funders and schools ask for, each beside its target; small groups are hidden as in every figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import median

from bot.domain.figures import Place, Told, told
from bot.domain.programme.model import Targets


class Unit(StrEnum):
    """How a value is read."""

    LEARNERS = "learners"
    PERCENT = "percent"
    LEVELS = "levels"


@dataclass(frozen=True)
class Mobility:
    """What one stay of twelve months adds."""

    learner: int
    place: Place
    days: int
    grant: bool = False
    over: bool = False
    early: bool = False
    """It ended before its time."""
    papers: Mapping[str, bool] | None = None
    """Of each paper that its balance waits for whether it is there; None where no balance is paid."""
    tested: bool | None = None
    """Whether both levels are known; None where no second test is asked."""
    gain: int | None = None
    helps: bool = False
    tutored: bool = False
    """Brought together with somebody who had been there."""
    cohort: int = 0
    """How many learners its school has; 0 where nobody said."""


@dataclass(frozen=True)
class Indicator:
    """One figure: its name, how it is read, what was aimed at, and its lines."""

    id: str
    unit: Unit
    target: int | None
    lines: tuple[Told, ...]


Share = Callable[[Mobility], bool]


def indicators(targets: Targets, stays: Sequence[Mobility], papers: Sequence[str]) -> tuple[Indicator, ...]:
    """Every indicator of some stays, in the order of a report. Targets in numbers are of one school each."""

    def share(name: str, holds: Share, of: Share, target: int | None = None) -> Indicator:
        return Indicator(name, Unit.PERCENT, target, told(stays, of, lambda some: _percent(some, holds)))

    def count(name: str, of: Share, target: int | None = None) -> Indicator:
        return Indicator(name, Unit.LEARNERS, target, told(stays, of, _learners))

    return (
        count("leavers", lambda _each: True),
        count("long", lambda each: each.days >= 7 * targets.weeks, targets.learners),
        Indicator("cohort", Unit.PERCENT, 100, _cohort_lines(stays)),
        share("grant", lambda each: each.grant, lambda _each: True, targets.grant_holders),
        *(
            share(f"paper.{name}", _has(name), lambda each, name=name: each.over and name in (each.papers or {}), targets.papers)  # type: ignore[misc]
            for name in papers
        ),
        share("tested", lambda each: each.tested is True, lambda each: each.over and each.tested is not None, targets.tests),
        Indicator("gain", Unit.LEVELS, None, told(stays, lambda each: each.gain is not None, _gain)),
        share("early", lambda each: each.early, lambda each: each.over),
        count("helping", lambda each: each.helps, targets.helping),
        count("tutored", lambda each: each.tutored, targets.tutoring),
    )  # fmt: skip


ANYBODY = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "outlook.fr",
        "hotmail.com",
        "hotmail.fr",
        "live.com",
        "live.fr",
        "yahoo.com",
        "yahoo.fr",
        "yahoo.es",
        "icloud.com",
        "gmx.de",
        "gmx.net",
        "web.de",
        "t-online.de",
        "orange.fr",
        "wanadoo.fr",
        "free.fr",
        "sfr.fr",
        "laposte.net",
        "libero.it",
        "wp.pl",
        "onet.pl",
        "proton.me",
    ]
)
"""Where everybody has a mailbox: such an address says nothing of a school."""
ALONE = "–"


def partner_named(name: str, email: str | None) -> str:
    """What a partner school is counted under: what its teacher's address belongs to, else the teacher as the roster names them."""
    domain = (email or "").rpartition("@")[2].lower()
    return domain if domain and domain not in ANYBODY else name


def exchanges(sent: Sequence[Mobility], hosted: Sequence[Mobility]) -> tuple[Indicator, ...]:
    """How many learners went to each partner school and came from it. The place of each is its partner, `ALONE` where none."""
    found = []
    for name, stays in (("sent", sent), ("hosted", hosted)):
        lines = told(stays, lambda _each: True, _learners)
        found.append(
            Indicator(name, Unit.LEARNERS, None, tuple(line for line in lines if line.school not in {"", ALONE}))
        )
    return tuple(found)


def online(stays: Sequence[Mobility]) -> Indicator:
    """How many learners took part from home: they are among no others."""
    return Indicator("online", Unit.LEARNERS, None, told(stays, lambda _each: True, _learners))


def _has(name: str) -> Share:
    return lambda each: bool((each.papers or {}).get(name))


def _learners(some: Sequence[Mobility]) -> float:
    return float(len({each.learner for each in some}))


def _percent(some: Sequence[Mobility], holds: Share) -> float:
    return 100 * sum(map(holds, some)) / len(some) if some else 0.0


def _cohort_lines(stays: Sequence[Mobility]) -> tuple[Told, ...]:
    """By school. Hidden as the number of all who leave is, and left out where a school has not said how many it has: beside
    that number the share of the others alone would give it away.
    """
    unsaid = {each.place[0] for each in stays if not each.cohort}
    whole = [replace(each, place=(each.place[0], "")) for each in stays]
    lines = told(whole, lambda _each: True, _of_cohort)
    return tuple(line for line in lines if line.school not in unsaid and (line.school or not unsaid))


def _of_cohort(some: Sequence[Mobility]) -> float:
    """Each learner once, of all learners of the schools they are of."""
    size = sum({each.place[0]: each.cohort for each in some}.values())
    return min(100.0, 100 * _learners(some) / size) if size else 0.0


def _gain(some: Sequence[Mobility]) -> float:
    """Of the middle learner."""
    return float(median([each.gain for each in some if each.gain is not None] or [0]))
