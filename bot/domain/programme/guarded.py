"""Rules that keep minors safe, and those by which data is deleted for good: a change of them is published by two adults
(NOTICING 4 and 5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.level import Level
from bot.domain.programme.item import Item
from bot.domain.programme.journey import CheckIn, Journey, Landmark, Question
from bot.domain.programme.model import KINDS, Programme
from bot.domain.programme.part import at_school

DATES = "school_dates"
FOR_MINORS = frozenset({"minor", "under_16", "turns_18"})


def needs_two(earlier: Programme, later: Programme) -> bool:
    """Whether a change touches who is alerted, when silence becomes a case, what only minors are asked, or how long data is kept."""
    return core(earlier) != core(later)


def core(programme: Programme) -> dict[str, Any]:
    """What of a programme decides who is watched, who hears, and what is kept. Words are no part of it, but those that are cries."""
    levels = {
        name.value: rules.model_dump(mode="json", exclude={"name", "symbol"})
        for name, rules in programme.levels.items()
    }
    whole = {"sos", "distress", "hours", "green_light", "watch", "emergency", "help", "family", "employer", "retention"}
    kinds = {kind: dict(_journey(programme.journey(kind))) for kind in KINDS}
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
    names = {"who", "due", "school_dates", "until", "blocking", "overdue", "proof", "when", "any_of", "unless", "drill"}
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


def schools_concerned(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> frozenset[str] | None:
    """The schools (as conditions, `at_valmer`) for whose learners alone anything becomes otherwise between the tables of two
    programmes; None where it does for everybody.
    """
    found: set[str] = set()
    if not _own_only(earlier, later, found):
        return None
    return frozenset(found) or None


def _own_only(earlier: Any, later: Any, found: set[str]) -> bool:
    if earlier == later:
        return True
    if isinstance(earlier, Mapping) and isinstance(later, Mapping):
        return all(_own_only(earlier.get(key), later.get(key), found) for key in {*earlier, *later})
    before, after = _by_id(earlier), _by_id(later)
    if (
        before is None
        or after is None
        or [each for each in before if each in after] != [each for each in after if each in before]
    ):
        return False
    changed = [(before.get(each), after.get(each)) for each in {*before, *after} if before.get(each) != after.get(each)]
    for one, other in changed:
        schools = [_only_for(row) for row in (one, other) if row is not None]
        dates = _dates_of(one, other)
        if not dates and not all(schools):
            return False
        found.update(*schools, dates)
    return True


def _by_id(rows: Any) -> dict[str, Any] | None:
    """Tables by their ids; none at all are no tables."""
    if rows is None:
        return {}
    if not isinstance(rows, list) or not all(isinstance(each, Mapping) and "id" in each for each in rows):
        return None
    return {str(each["id"]): each for each in rows}


def _only_for(row: Mapping[str, Any]) -> set[str]:
    """The one school for which a table is."""
    return {name for name in row.get("when", ()) if str(name).startswith("at_")}


def _dates_of(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> set[str]:
    """The schools whose own date of an item changes, where nothing else of it does."""
    if one is None or other is None or {**one, DATES: None} != {**other, DATES: None}:
        return set()
    before, after = ({each.get("school"): each.get("due") for each in row.get(DATES, ())} for row in (one, other))
    return {at_school(str(school)) for school in {*before, *after} if before.get(school) != after.get(school)}
