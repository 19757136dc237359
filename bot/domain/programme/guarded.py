"""Rules that keep minors safe: a change of them is published by two adults (NOTICING 4 and 5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.domain.level import Level
from bot.domain.programme.item import Item
from bot.domain.programme.journey import CheckIn, Journey, Landmark, Question
from bot.domain.programme.model import Programme

FOR_MINORS = frozenset({"minor", "under_16", "turns_18"})


def needs_two(earlier: Programme, later: Programme) -> bool:
    """Whether a change touches who is alerted, when silence becomes a case, or what only minors are asked."""
    return core(earlier) != core(later)


def core(programme: Programme) -> dict[str, Any]:
    """What of a programme decides who is watched and who hears. Words are no part of it, but those that are cries."""
    levels = {
        name.value: rules.model_dump(mode="json", exclude={"name", "symbol"})
        for name, rules in programme.levels.items()
    }
    whole = {"sos", "distress", "hours", "green_light", "watch", "emergency", "help", "family", "employer"}
    kinds = {kind: dict(_journey(programme.journey(kind))) for kind in ("outgoing", "incoming", "staff")}
    return {"levels": levels, **programme.model_dump(mode="json", include=whole), **kinds}


def _journey(journey: Journey) -> Iterator[tuple[str, Any]]:
    for item in journey.items:
        yield from _item(item)
    for message in journey.messages:
        if FOR_MINORS.intersection((*message.when, *message.any_of, *message.unless)):
            yield f"message {message.id}", message.model_dump(mode="json", exclude={"text"})
    for name, landmark in (("arrival", journey.arrival), ("safe_return", journey.safe_return)):
        yield name, _landmark(landmark) if landmark else None
    yield "check_in", _check_in(journey.check_in) if journey.check_in else None
    rhythm = journey.attendance
    yield "attendance", rhythm.model_dump(mode="json", exclude={"reasons"}) if rhythm else None


def _item(item: Item) -> Iterator[tuple[str, Any]]:
    """What blocks the departure or opens a case; all of it where it is for minors."""
    names = {"who", "due", "until", "blocking", "overdue", "proof", "when", "any_of", "unless", "drill"}
    minors = bool(FOR_MINORS.intersection((*item.when, *item.any_of, *item.unless)))
    alarms = {choice.id: choice.level.value for choice in item.choices if choice.level is not Level.NONE}
    if minors or alarms or item.drill or item.blocking != "no" or item.overdue is not Level.NONE:
        yield f"item {item.id}", (item.model_dump(mode="json", include=names), alarms)


def _landmark(landmark: Landmark) -> Any:
    return landmark.model_dump(mode="json", exclude={"questions"}), _answers(landmark.questions)


def _check_in(check_in: CheckIn) -> Any:
    words = {"opening", "openings", "nudge", "nudges", "questions", "note"}
    return check_in.model_dump(mode="json", exclude=words), _answers(check_in.questions)


def _answers(questions: tuple[Question, ...]) -> dict[str, dict[str, str]]:
    return {each.id: {answer.id: answer.level.value for answer in each.choices} for each in questions}
