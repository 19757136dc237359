"""What is heard of the phrases, and what is taken for a cry that is none."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.domain.distress import distress_in
from bot.domain.programme.load import load
from bot.domain.sos import is_sos

FOLDER = Path(__file__).parent
PROGRAMME = load((FOLDER.parents[2] / "programme.example.toml").read_text("utf-8"), "programme.example.toml")
LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


TUNED = FOLDER / "tuned"
"""Phrases that were unseen once, and on which the slots were tuned since: they may hold no cry that is lost again."""
UNSEEN = FOLDER / "unseen"
"""Phrases on which nothing was ever tuned: what is measured on them is what to expect of real ones."""


@dataclass(frozen=True)
class Measure:
    """Of one part of the phrases."""

    cries: int
    harmless: int
    missed: tuple[str, ...]
    false: tuple[str, ...]

    @property
    def recall(self) -> float:
        """Of the cries, how many were heard."""
        return 1 - len(self.missed) / self.cries

    @property
    def precision(self) -> float:
        """Of what was heard, how much was a cry."""
        heard = self.cries - len(self.missed)
        return heard / (heard + len(self.false))


@cache
def heard(text: str) -> bool:
    return distress_in(text, PROGRAMME, asked=False) is not None or is_sos(text)


def phrases(language: str, kind: str) -> Iterator[str]:
    """Phrases that the lists were made with: that all of them are heard says that nothing was broken, no more."""
    for each in LANGUAGES if language == "all" else (language,):
        yield from tomllib.loads((FOLDER / f"{each}.toml").read_text("utf-8"))[kind].strip().splitlines()


def measured(language: str) -> Measure:
    return _measure(*(tuple(phrases(language, kind)) for kind in ("cries", "harmless")))


def tuned(language: str) -> Measure:
    return _of(TUNED / f"{language}.toml")


def unseen(language: str) -> Measure:
    return _of(UNSEEN / f"{language}.toml")


def _of(path: Path) -> Measure:
    written = tomllib.loads(path.read_text("utf-8"))
    return _measure(*(tuple(written[kind].strip().splitlines()) for kind in ("cries", "harmless")))


def _measure(cries: tuple[str, ...], harmless: tuple[str, ...]) -> Measure:
    missed = tuple(text for text in cries if not heard(text))
    return Measure(len(cries), len(harmless), missed, tuple(text for text in harmless if heard(text)))
