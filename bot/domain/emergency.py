"""How the emergency numbers of a country are said: within a sentence, or one below the other to save them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from bot.domain.programme import Programme
from bot.domain.programme.help import EUROPEAN, SERVICES, Service, european_number_works
from bot.domain.stay import Stay
from bot.i18n import Text, _, phrase

WORDS: dict[Service, Text] = {
    "police": _("police"),
    "medical": _("medical help"),
    "fire": _("fire brigade"),
    "gendarmerie": _("police outside towns"),
}
LINES: dict[str, Text] = {
    "emergency": _("Any emergency: {number}"),
    "police": _("Police: {number}"),
    "medical": _("Medical help: {number}"),
    "fire": _("Fire brigade: {number}"),
    "gendarmerie": _("Police outside towns: {number}"),
}
FOR: Text = _("{number} ({services})")
IN: Text = _("{number} ({country})")
PASSED_ON: Text = _("112 from a mobile phone is passed on to them.")
NOT_THERE: Text = _("Do not count on 112 there.")


def of_the_stay(stay: Stay, today: date) -> str:
    """The country whose numbers a learner has to know: where they go or are; home once they are back."""
    return stay.home if today > stay.home_on else stay.country


def countries_on(stay: Stay, today: date) -> tuple[str, ...]:
    """Where the learner may be on a day: in two countries while they travel, the likelier first."""
    if stay.departure <= today <= stay.arrives:
        return tuple(dict.fromkeys((stay.home, stay.country)))
    if stay.back <= today <= stay.home_on:
        return tuple(dict.fromkeys((stay.country, stay.home)))
    return (stay.country if stay.departure < today < stay.back else stay.home,)


def in_a_sentence(programme: Programme, *countries: str) -> Any:
    """What stands behind "call …": one number where one does, else each with what it is for."""
    numbers = {country: _of(programme, country) for country in countries}
    first, *others = numbers.values()
    if all(other == first for other in others):
        return first
    told = [
        phrase(IN, country={"country": each}, number=number) if each else number for each, number in numbers.items()
    ]
    return {"joined": told, "by": "; "}


def one_below_the_other(programme: Programme, country: str) -> list[Any]:
    """Every number with what it is for, and what 112 is worth there."""
    own, known = programme.emergency.get(country), programme.help.of(country)
    numbers = {what: known[what].number for what in LINES if what in known}
    numbers |= {"emergency": own} if own else {}
    lines = [phrase(text, number=numbers[what]) for what, text in LINES.items() if what in numbers]
    if not lines:
        return [phrase(LINES["emergency"], number=EUROPEAN)]
    if any(EUROPEAN in number for number in numbers.values()):
        return lines
    return [*lines, phrase(PASSED_ON if european_number_works(country) else NOT_THERE)]


def _of(programme: Programme, country: str) -> Any:
    known = programme.help.of(country)
    if own := programme.emergency.get(country):
        return own
    if "emergency" in known:
        return known["emergency"].number
    answers: dict[str, list[Any]] = defaultdict(list)
    for service in SERVICES[:3]:
        if service in known:
            answers[known[service].number].append(phrase(WORDS[service]))
    told = [phrase(FOR, number=number, services=_side_by_side(names)) for number, names in answers.items()]
    return _side_by_side(told) if told else EUROPEAN


def _side_by_side(parts: list[Any]) -> dict[str, Any]:
    return {"joined": parts, "by": ", "}
