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
    path = flow.walk(session.facts, session.answers)
    match event:
        case Begin():
            begun = session.asked is not None or session.answers
            return Turn(session) if begun else _enter(session, {}, path.entered, path.asked)
        case Silence(step) if step != session.asked:
            return Turn(session)
        case Again() | Silence() | Words() if session.asked is not None and path.asked != session.asked:
            return _moved(session, path)
        case Again():
            return Turn(session, (session.asked,) if session.asked else ())
        case Silence(step):
            return _answer(flow, session, step, None) if _waits(flow, step) else Turn(session)
        case Words(text):
            return _words(flow, session, text)
        case Press(step, choice):
            return _press(flow, session, step, choice)


def standing(session: Session) -> str | None:
    """The question that words are for: the one that was asked, else the last one, if only silence answered it."""
    if session.asked is not None or not session.answers:
        return session.asked
    last, answer = list(session.answers.items())[-1]
    return last if answer is None else None


def _moved(session: Session, path: Path) -> Turn:
    """The table was changed since the question was asked: enter what now follows the last answer."""
    places = [place for place, step in enumerate(path.entered) if step.id in session.answers and step.id != path.asked]
    entered = path.entered[places[-1] + 1 :] if places else path.entered
    return _enter(session, dict(session.answers), entered, path.asked)


def _waits(flow: Flow, step: str) -> bool:
    question = flow.question(step)
    return question is not None and question.wait is not None


def _words(flow: Flow, session: Session, text: str) -> Turn:
    question = flow.question(standing(session))
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
    if session.answers.get(step) == choice:
        return Turn(session)
    if session.answers.get(step) is not None and _sealed(session, old, question):
        return Turn(session, refused=Refusal.SEALED)
    return _answer(flow, session, step, choice)


def _sealed(session: Session, path: Path, question: Step) -> bool:
    """Whether an effect that cannot be unsaid came after this answer. Silence was none: it can always be broken."""
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
