"""What is heard of the phrases, and what is taken for a cry that is none."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from bot.domain.distress import distress_in
from bot.domain.sos import is_sos
from tests.example import example

FOLDER = Path(__file__).parent
PROGRAMME = example()
LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


TUNED = FOLDER / "tuned"
"""Phrases that were unseen once, and on which the slots were tuned since: they may hold no cry that is lost again."""
UNSEEN = FOLDER / "unseen"
"""Phrases on which nothing was ever tuned: what is measured on them is what to expect of real ones."""


class Verdict(StrEnum):
    """What becomes of a message: an adult is told, its author is asked whether they need one, or nothing is said."""

    ALARM, ASK, NOTHING = "alarm", "ask", "nothing"


@dataclass(frozen=True)
class Measure:
    """Of one part of the phrases. A cry is heard when an adult or the question reaches it; an alarm for what is harmless
    is false, and how often a question is asked about what is harmless is a figure of its own.
    """

    cries: tuple[tuple[str, Verdict], ...]
    harmless: tuple[tuple[str, Verdict], ...]

    def __add__(self, other: Measure) -> Measure:
        return Measure(self.cries + other.cries, self.harmless + other.harmless)

    @property
    def missed(self) -> list[str]:
        return [text for text, verdict in self.cries if verdict is Verdict.NOTHING]

    @property
    def false(self) -> list[str]:
        """What is harmless, and alarms somebody."""
        return [text for text, verdict in self.harmless if verdict is Verdict.ALARM]

    @property
    def asked(self) -> list[str]:
        """What is harmless, and is asked about."""
        return [text for text, verdict in self.harmless if verdict is Verdict.ASK]

    @property
    def recall(self) -> float:
        """Of the cries, how many were heard."""
        return 1 - len(self.missed) / len(self.cries)

    @property
    def alarmed(self) -> float:
        """Of the cries, how many told an adult at once."""
        return self._alarms / len(self.cries)

    @property
    def precision(self) -> float:
        """Of the alarms, how many were for a cry."""
        return self._alarms / (self._alarms + len(self.false))

    @property
    def heard_rightly(self) -> float:
        """Of all that is heard, be it alarmed or asked about, how much was a cry."""
        heard = len(self.cries) - len(self.missed)
        return heard / (heard + len(self.false) + len(self.asked))

    @property
    def asks(self) -> float:
        """Of what is harmless, how much is asked about."""
        return len(self.asked) / len(self.harmless)

    @property
    def _alarms(self) -> int:
        return sum(verdict is Verdict.ALARM for _, verdict in self.cries)


@cache
def verdict(text: str) -> Verdict:
    level = distress_in(text, PROGRAMME, asked=False)
    if (level is not None and level.rank) or is_sos(text):
        return Verdict.ALARM
    return Verdict.NOTHING if level is None else Verdict.ASK


def phrases(language: str, kind: str) -> Iterator[str]:
    """Phrases that the lists were made with: that all of them are heard says that nothing was broken, no more."""
    for each in LANGUAGES if language == "all" else (language,):
        yield from read(FOLDER / f"{each}.toml")[kind]


def measured(language: str) -> Measure:
    return _measure(*(tuple(phrases(language, kind)) for kind in ("cries", "harmless")))


def tuned(language: str) -> Measure:
    return _of(TUNED / f"{language}.toml")


def unseen(language: str) -> Measure:
    return _of(UNSEEN / f"{language}.toml")


def read(path: Path) -> dict[str, tuple[str, ...]]:
    """The phrases of a file: `cries` and what is `harmless`."""
    return {kind: tuple(texts.strip().splitlines()) for kind, texts in tomllib.loads(path.read_text("utf-8")).items()}


def _of(path: Path) -> Measure:
    written = read(path)
    return _measure(written["cries"], written["harmless"])


def _measure(cries: tuple[str, ...], harmless: tuple[str, ...]) -> Measure:
    return Measure(*(tuple((text, verdict(text)) for text in texts) for texts in (cries, harmless)))
