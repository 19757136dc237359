"""The one function that decides what an event does to a session. Pure: it stores, sends and asks nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.engine.effect import Answers, Effect, Facts
from bot.engine.flow import Flow, Path
from bot.engine.step import Say, Step, Write


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


@dataclass(frozen=True)
class Words:
    """An answer in the person's own words, to the question that stands."""

    text: str


@dataclass(frozen=True)
class Silence:
    """The wait for this step ran out."""

    step: str


@dataclass(frozen=True)
class Again:
    """The question that stands is to be asked once more."""


Event = Begin | Press | Words | Silence | Again


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


def advance(flow: Flow, session: Session, event: Event) -> Turn:
    """Decide. The same event twice changes nothing the second time."""
    match event:
        case Begin():
            path = flow.walk(session.facts, session.answers)
            return _enter(session, dict(session.answers), path.entered, path.asked)
        case Again():
            return Turn(session, (session.asked,) if session.asked else ())
        case Silence(step):
            if step != session.asked or not _waits(flow, step):
                return Turn(session)
            return _answer(flow, session, step, None)
        case Words(text):
            return _words(flow, session, text)
        case Press(step, choice):
            return _press(flow, session, step, choice)


def _waits(flow: Flow, step: str) -> bool:
    question = flow.question(step)
    return question is not None and question.wait is not None


def _words(flow: Flow, session: Session, text: str) -> Turn:
    question = flow.question(session.asked)
    if not isinstance(question, Write) or not text.strip():
        return Turn(session, refused=Refusal.UNCLEAR)
    return _answer(flow, session, question.id, text.strip()[: question.limit])


def _press(flow: Flow, session: Session, step: str, choice: str) -> Turn:
    question = flow.question(step)
    old = flow.walk(session.facts, session.answers)
    if question is None or question not in old.entered:
        return Turn(session, refused=Refusal.GONE)
    if choice not in {offered.id for offered in question.choices}:
        return Turn(session, refused=Refusal.GONE)
    if step in session.answers and session.answers[step] == choice:
        return Turn(session)
    if _sealed(session, old, question):
        return Turn(session, refused=Refusal.SEALED)
    return _answer(flow, session, step, choice)


def _sealed(session: Session, path: Path, question: Step) -> bool:
    """Whether an effect that cannot be unsaid came after this question."""
    later = path.entered[path.entered.index(question) + 1 :]
    return any(effect.seals for effect in _effects(later, session.facts, session.answers))


def _answer(flow: Flow, session: Session, step: str, answer: str | None) -> Turn:
    """Take an answer, first or new: what followed an earlier one is forgotten."""
    before: list[str] = []
    for entered in flow.walk(session.facts, session.answers).entered:
        if entered.id == step:
            break
        before.append(entered.id)
    answers = {known: value for known, value in session.answers.items() if known in before} | {step: answer}
    path = flow.walk(session.facts, answers)
    return _enter(session, answers, path.entered[len(before) + 1 :], path.asked)


def _enter(session: Session, answers: dict[str, str | None], entered: tuple[Step, ...], asked: str | None) -> Turn:
    says = tuple(step.id for step in entered if step.id == asked or (isinstance(step, Say) and step.text is not None))
    effects = _effects(entered, session.facts, answers)
    return Turn(Session(session.facts, answers, asked), says, effects)


def _effects(entered: tuple[Step, ...], facts: Facts, answers: Answers) -> tuple[Effect, ...]:
    decided = (rule(facts, answers) for step in entered for rule in step.effects)
    return tuple(effect for effect in decided if effect is not None)
