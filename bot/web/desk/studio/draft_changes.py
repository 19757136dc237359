"""What a draft changes, said as the forms of the studio say it: names and days, not keys of the file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from babel import Locale, UnknownLocaleError

from bot.domain.level import Level
from bot.domain.offset import parse_offset
from bot.domain.programme import Programme
from bot.domain.programme.difference import Different, Step, brief
from bot.domain.roster.vocabulary import KINDS
from bot.engine.diagram import shown
from bot.i18n import Text, _, told
from bot.web.desk.programme import NAMES
from bot.web.desk.programme_words import day_of
from bot.web.desk.studio.words import GROUPS, LABELS, OPTIONS, RULES
from bot.web.desk.visitor import Visitor

CALLED: dict[str, Text] = LABELS | NAMES | RULES | GROUPS | dict(KINDS) | {"levels": _("Rules for all")}
ON, OFF = _("Yes"), _("No")
DAYS = {"due", "at", "until", "ask", "again"}
"""Keys whose values hang on a day of the stay."""


def in_words(each: Different, programme: Programme, who: Visitor) -> str:
    """Where it stands, from the kind of stay to the field, then what it said and what it says."""
    place = " › ".join(_called(each.path, at, programme, who) for at in range(len(each.path)))
    key = next((step.name for step in reversed(each.path) if step.name in LABELS), "")
    return told(each.worded(place, partial(_value, key, who)), who.language)


def _called(path: tuple[Step, ...], at: int, programme: Programme, who: Visitor) -> str:
    step = path[at]
    if step.row:
        words = next((step.row[key] for key in ("title", "label", "text") if step.row.get(key)), step.name)
        return _cut(shown(words, who.language))
    above = path[at - 1].name if at else ""
    if above == "levels":
        return shown(programme.levels[Level(step.name)].name, who.language)
    if step.name in CALLED:
        return who.says(CALLED[step.name])
    return _language(step.name, who) if above in LABELS else step.name


def _language(code: str, who: Visitor) -> str:
    try:
        return str(Locale.parse(code, sep="-").get_display_name(who.language) or code)
    except (UnknownLocaleError, ValueError):
        return code


def _value(key: str, who: Visitor, value: Any) -> str:
    if isinstance(value, list) and value and not any(isinstance(each, dict) for each in value):
        return brief(", ".join(_value(key, who, each).strip('"') for each in value))
    if isinstance(value, bool):
        return who.says(ON if value else OFF)
    if isinstance(value, Mapping):
        words = next((value[name] for name in ("title", "label", "text") if value.get(name)), None)
        return f'"{_cut(shown(words, who.language))}"' if words else brief(value)
    if key in DAYS and isinstance(value, str):
        try:
            return day_of(who, parse_offset(value))
        except ValueError:
            return brief(value)
    return f'"{who.says(OPTIONS[value])}"' if isinstance(value, str) and value in OPTIONS else brief(value)


def _cut(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:60].rsplit(' ', 1)[0]} …"
