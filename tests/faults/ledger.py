"""What the world did, written down by the world itself: who said what, what was to be sent, who called for help.

The checker compares it with the database and with what people saw. Nothing in it comes from the program under test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

REPEATED = "(perhaps a repeat) "
"""What an alert begins with that is sent again because nobody knows whether it arrived."""


class Part(StrEnum):
    """Who somebody is in the world."""

    PLAIN = "plain"
    """Known, and nothing else: whatever they write is answered."""
    LEARNER = "learner"
    ON_CALL = "on call"
    COORDINATOR = "coordinator"
    CONSORTIUM = "consortium"


@dataclass(frozen=True)
class Someone:
    """A person of the world. `secret` is a word that names them and nobody else."""

    ref: str
    part: Part
    school: str = ""
    secret: str = ""

    def may_read_of(self, other: Someone) -> bool:
        """Whether what names the other may stand on this one's screen."""
        if self == other or self.part is Part.CONSORTIUM:
            return True
        return self.part in {Part.ON_CALL, Part.COORDINATOR} and self.school == other.school


def cast(plain: int, learners: int, *, coordinators: bool = True) -> tuple[Someone, ...]:
    """Two schools with their adults and learners, a consortium, and people who are only known."""
    schools = ("valmer", "ombelle")
    adults = [Someone(f"on-call-{school}", Part.ON_CALL, school) for school in schools]
    if coordinators:
        adults += [Someone(f"coordinator-{school}", Part.COORDINATOR, school) for school in schools]
        adults.append(Someone("consortium", Part.CONSORTIUM))
    pupils = [
        Someone(f"learner-{school}-{number}", Part.LEARNER, school, _name(place, number))
        for place, school in enumerate(schools)
        for number in range(learners)
    ]
    return (*(Someone(f"plain-{number}", Part.PLAIN) for number in range(plain)), *adults, *pupils)


def _name(place: int, number: int) -> str:
    """A name that stands in no text of ours, and in no other name."""
    first, second = ("Quor", "Zibel")[place], ("va", "ne", "to", "ri", "sk", "um", "lo", "pe", "gy", "dra")
    return f"{first}{second[number // 10 % 10]}{second[number % 10]}x"


@dataclass(frozen=True)
class Note:
    """A message that was put into the outbox, under its row: `alert 3` or `reminder 4`."""

    row: int
    to: str
    text: str
    alert: bool


@dataclass
class Ledger:
    """All of it."""

    people: tuple[Someone, ...]
    said: dict[str, str] = field(default_factory=dict)
    """The channel's id of each update that the platform took from somebody -> their ref."""
    cries: dict[str, str] = field(default_factory=dict)
    """Those of them that call for help."""
    dropped: set[str] = field(default_factory=set)
    """Those that the platform threw away, as it does after a day."""
    notes: list[Note] = field(default_factory=list)
    troubles: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    """What was wrong beside the program: a store that was not refused, a server's own complaint."""

    @property
    def arrived(self) -> dict[str, str]:
        """The updates that the bot can have got."""
        return {native: ref for native, ref in self.said.items() if native not in self.dropped}

    def of(self, *parts: Part) -> list[Someone]:
        return [each for each in self.people if each.part in parts]


@dataclass(frozen=True)
class Sight:
    """What one person saw, a message each, in their order: the platform's id, and the words as they first stood there."""

    native: str
    text: str


Seen = Mapping[str, Iterable[Sight]]
"""Ref -> what they saw."""
