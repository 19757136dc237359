"""What one look at one thing found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.i18n import render, told


class Level(StrEnum):
    """How bad it is: fine, worth a look, or broken."""

    FINE = "fine"
    LOOK = "look"
    BROKEN = "broken"


SIGNS = {Level.FINE: "✔", Level.LOOK: "!", Level.BROKEN: "✘"}


@dataclass(frozen=True)
class Finding:
    """`about` is the subject, `what` was found, `cure` says what to do: empty where all is well. Told in any language."""

    level: Level
    about: str
    what: str
    cure: str = ""
    of: str = ""
    """Which of several consortia it was found at."""

    def lines(self, language: str) -> str:
        """As whoever runs Compagnon reads it."""
        whose = f"{self.of}: " if self.of else ""
        head = f"{SIGNS[self.level]} {whose}{render(self.about, language):<13} {told(self.what, language)}"
        return f"{head}\n{'':<16}→ {told(self.cure, language)}" if self.cure else head


def fine(about: str, what: str) -> Finding:
    return Finding(Level.FINE, about, what)


def look(about: str, what: str, cure: str) -> Finding:
    return Finding(Level.LOOK, about, what, cure)


def broken(about: str, what: str, cure: str) -> Finding:
    return Finding(Level.BROKEN, about, what, cure)
