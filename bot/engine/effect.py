"""Decisions as data. A flow returns effects; handlers carry them out in the same commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.level import Level

Facts = Mapping[str, Any]
"""What was true when the session began: JSON values only, frozen."""
Answers = Mapping[str, str | None]
"""Step id -> choice id, words, or `None` for silence; in the order given."""


@dataclass(frozen=True)
class Effect:
    """Something for a handler to do. One that `seals` forbids editing what led to it."""

    @property
    def seals(self) -> bool:
        return False


@dataclass(frozen=True)
class OpenCase(Effect):
    """An adult must look at this. `topic` is `missed` for silence, else the question that was answered."""

    level: Level
    topic: str
    answer: str = ""

    @property
    def seals(self) -> bool:
        """An adult has been told: that cannot be unsaid. A case out of silence is undone by an answer."""
        return self.topic != "missed"


@dataclass(frozen=True)
class SetItem(Effect):
    """An item of the checklist moves: `todo`, `doing`, `handed`, `declared`, `done` or `waived`."""

    item: str
    state: str
    value: str | None = None


@dataclass(frozen=True)
class Declare(Effect):
    """The learner has these papers. Each still waits for the adult who sees it."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class SetLanguage(Effect):
    """The person wants to be spoken to in this language."""

    language: str


@dataclass(frozen=True)
class Enrol(Effect):
    """The learner has said yes: from now on the plan runs."""


@dataclass(frozen=True)
class Postpone(Effect):
    """The conversations that wait their turn come later, one a day from tomorrow on."""


Rule = Callable[[Facts, Answers], Effect | None]
"""A decision of a step, from facts and answers alone."""


def always(effect: Effect) -> Rule:
    """The rule that decides the same whatever was answered."""
    return lambda facts, answers: effect
