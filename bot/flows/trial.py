"""A conversation tried out without anybody: the real engine on answers that are given one after the other. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.level import Level, worst
from bot.engine.advance import advance
from bot.engine.effect import Effect, OpenCase
from bot.engine.event import Begin, Event, Handed, Press, Session, Silence, Words
from bot.engine.flow import Flow
from bot.engine.step import Choice, Upload, Write
from bot.i18n import Text

SILENT, FILED, SAID = "-", "+", "="
"""How an answer is given that is no choice: nothing came, a file came, words came (they follow)."""


class Known(dict[str, Any]):
    """Facts of a stay that nobody has: what is not named is nothing."""

    def __missing__(self, key: str) -> None:
        return None


@dataclass(frozen=True)
class Bubble:
    """Something said. `told` is the level of a case that it opened."""

    text: Text
    mine: bool = False
    told: Level | None = None


@dataclass(frozen=True)
class Trial:
    """What was said so far, and what may be answered now."""

    bubbles: tuple[Bubble, ...]
    choices: tuple[Choice, ...] = ()
    words: bool = False
    file: bool = False
    silence: bool = False


def try_out(flow: Flow, facts: Mapping[str, Any], given: Iterable[str]) -> Trial:
    """The conversation after these answers. An answer that is not on offer is passed over."""
    session = Session(Known(facts))
    turn = advance(flow, session, Begin())
    bubbles = [*_said(flow, turn.says, turn.effects)]
    for answer in given:
        step = turn.session.asked
        event, label = _event(flow, step, answer)
        if event is None:
            continue
        turn = advance(flow, turn.session, event)
        bubbles += [Bubble(label, mine=True)] if label else []
        bubbles += _said(flow, turn.says, turn.effects)
    question = flow.question(turn.session.asked)
    if question is None:
        return Trial(tuple(bubbles))
    choices = tuple(each for each in question.choices if not getattr(each, "hidden", False))
    return Trial(
        tuple(bubbles), choices, isinstance(question, Write), isinstance(question, Upload), question.wait is not None
    )


def _event(flow: Flow, step: str | None, answer: str) -> tuple[Event | None, Text]:
    question = flow.question(step)
    if step is None or question is None:
        return None, ""
    if answer == SILENT:
        return (Silence(step) if question.wait is not None else None), ""
    if answer == FILED:
        return (Handed(step, 0) if isinstance(question, Upload) else None), "📎"
    if answer.startswith(SAID):
        return (Words(answer[1:]) if isinstance(question, Write) and answer[1:] else None), answer[1:]
    chosen = next((each for each in question.choices if each.id == answer), None)
    return (Press(step, answer), chosen.label) if chosen else (None, "")


def _said(flow: Flow, says: Iterable[str], effects: Iterable[Effect]) -> Iterable[Bubble]:
    told = worst(effect.level for effect in effects if isinstance(effect, OpenCase))
    for name in says:
        step = flow.find(name)
        text = getattr(step, "text", None)
        if text is not None:
            yield Bubble(text)
    if told is not Level.NONE:
        yield Bubble("", told=told)


__all__ = ["FILED", "SAID", "SILENT", "Bubble", "Trial", "try_out"]
