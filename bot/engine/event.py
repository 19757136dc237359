"""A session, what can happen to it, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.engine.effect import Effect


@dataclass(frozen=True)
class Session:
    """One person in one flow. `asked` is the address of free text, not a position: the answers are the position."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, str | None] = field(default_factory=dict)
    asked: str | None = None


@dataclass(frozen=True)
class Begin:
    """The conversation starts."""


@dataclass(frozen=True)
class Press:
    """A choice of a step was taken, by a button or in words that could only mean it."""

    step: str
    choice: str
    typed: bool = field(default=False, compare=False)
    """In words: whoever types looks for the answer below."""


@dataclass(frozen=True)
class Words:
    """An answer in the person's own words: to the question that stands, or to the `step` named."""

    text: str
    step: str = ""


@dataclass(frozen=True)
class Handed:
    """A file was kept in answer to a step. More files to the same step join the first: they change nothing here."""

    step: str
    file: int


@dataclass(frozen=True)
class TakenBack:
    """The answer to this step is unsaid: a reaction was removed, or the message that said it."""

    step: str


@dataclass(frozen=True)
class Silence:
    """The wait for this step ran out."""

    step: str


@dataclass(frozen=True)
class Again:
    """The question that stands is to be asked once more."""


Event = Begin | Press | Words | Handed | TakenBack | Silence | Again


class Refusal(StrEnum):
    """Why an event changed nothing, when the person must be told."""

    GONE = "gone"
    """The step is no longer part of this conversation."""
    SEALED = "sealed"
    """An adult has already been told."""
    UNCLEAR = "unclear"
    """No answer to the question that stands."""


@dataclass(frozen=True)
class Turn:
    """What an event changes: the session, the ids of the steps to say, the effects. Or why it changes nothing."""

    session: Session
    says: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    refused: Refusal | None = None
