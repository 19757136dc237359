"""Reading `consortium.toml`: every fault is told in one plain line that names the file, the entry and the field."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.domain.programme.part import Part
from bot.domain.roster.cells import CellError
from bot.domain.roster.team import Consortium, DaysOff, Member, School, Team
from bot.domain.roster.team_checks import cross_checks
from bot.domain.roster.vocabulary import read_language
from bot.domain.spelling import nearest
from bot.domain.toml_faults import toml_fault
from bot.i18n import Sentence, _, joined, say, sentence_of

_TABLES: dict[str, type[Part]] = {"consortium": Consortium, "schools": School, "people": Member, "leave": DaysOff}
_BY_REF = {"schools": _('school "{ref}"'), "people": _('person "{ref}"')}
_BY_NUMBER = {"schools": _("school no. {number}"), "people": _("person no. {number}")}


class TeamError(Exception):
    """The team's file cannot be used. `problems` has one line for each fault."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(joined(problems, "\n"))
        self.problems = tuple(problems)


def load_team(text: str, name: str = "consortium.toml") -> Team:
    """Read and check the file. What is weak but allowed, `weak_spots` tells.

    Raises:
        TeamError: something is wrong.
    """
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TeamError([joined([name, *toml_fault(error, text)], ": ")]) from error
    try:
        team = Team.model_validate(_with_language(written))
    except ValidationError as error:
        raise TeamError([_sentence(one, written, name) for one in error.errors()]) from error
    if problems := cross_checks(team, name):
        raise TeamError(problems)
    return team


def _with_language(written: dict[str, Any]) -> dict[str, Any]:
    """People speak the consortium's language unless they say otherwise."""
    consortium, people = written.get("consortium"), written.get("people")
    if not isinstance(consortium, dict) or not isinstance(people, list):
        return written
    try:
        spoken = {"language": read_language(consortium.get("language", "fr"))}
    except CellError:
        return written
    return written | {"people": [spoken | one if isinstance(one, dict) else one for one in people]}


def _sentence(error: ErrorDetails, written: dict[str, Any], name: str) -> Sentence:
    place = error["loc"]
    model = next((_TABLES[str(part)] for part in reversed(place[:-1]) if part in _TABLES), Team)
    return joined([part for part in (name, _where(place, written), _says(error, model)) if part], ": ")


def _where(place: tuple[int | str, ...], written: dict[str, Any]) -> str:
    """`person "jdurand", leave 1, start` – the entry by its ref, or by its number where it has none."""
    if not place:
        return ""
    first, rest = str(place[0]), place[1:]
    if first not in _BY_REF or not rest or not isinstance(rest[0], int):
        return _path(place)
    entry = written[first][rest[0]]
    ref = entry.get("ref") if isinstance(entry, dict) else None
    label = say(_BY_REF[first] if ref else _BY_NUMBER[first], ref=ref, number=rest[0] + 1)
    return joined([label, _path(rest[1:])]) if rest[1:] else label


def _path(place: tuple[int | str, ...]) -> str:
    parts: list[str] = []
    for part in place:
        if isinstance(part, int):
            parts[-1] += f" {part + 1}"
        else:
            parts.append(part)
    return ", ".join(parts)


def _says(error: ErrorDetails, model: type[Part]) -> Sentence:
    given = error.get("input")
    match error["type"]:
        case "missing":
            return say(_("this is missing"))
        case "extra_forbidden":
            keys = list(model.model_fields)
            near = nearest(str(error["loc"][-1]), keys)
            return say(
                _("no such key") if near else _("no such key; known are {keys}"), hint=near, keys=", ".join(keys)
            )
        case "literal_error":
            words = error["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", ")
            text = _('"{given}" is none of {words}')
            return say(text, hint=nearest(str(given), words), given=given, words=", ".join(words))
        case "string_pattern_mismatch":
            text = _('"{given}" is no ref: small letters, digits, _ and -, starting with a letter')
            return say(text, given=given)
        case "value_error":
            return say(sentence_of(error["ctx"]["error"]))
        case "too_short" | "string_too_short":
            return say(_("this must not be empty"))
        case "tuple_type" | "list_type":
            return say(_("a list is expected here: write {example}"), example=_as_list(given))
        case "string_type":
            return say(_('a text is expected here: write it in quotation marks, "{given}"'), given=given)
    return say(_('"{given}" cannot be used here: see consortium.example.toml for how it is written'), given=given)


def _as_list(given: Any) -> str:
    """What was written, as the list it should be: `["head"]`, `[{ start = 2026-12-19, … }]`."""
    if isinstance(given, dict):
        entries = (
            f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}" for key, value in given.items()
        )
        return "[{ " + ", ".join(entries) + " }]"
    return f'["{given}"]'
