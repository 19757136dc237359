"""The draft as the pages show it: an outline of parts, and the fields of one with their words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from babel import Locale
from babel.dates import get_day_names

from bot.domain.offset import parse_offset
from bot.domain.programme.amend import found_at
from bot.domain.programme.journey import WEEKDAYS
from bot.domain.programme.model import KINDS
from bot.domain.programme.outline import RULES, PartOf, moments_of, part_at, rows_of
from bot.domain.programme.written import Written
from bot.domain.roster.vocabulary import KINDS as KIND_NAMES
from bot.engine.diagram import shown
from bot.i18n import dated
from bot.web.desk.programme import NAMES
from bot.web.desk.programme_words import day_of
from bot.web.desk.studio.fields import Field, Row, Shape
from bot.web.desk.studio.reading import offset_parts, said, wait_parts
from bot.web.desk.studio.words import GROUPS, HINTS, HOUR, LABELS, OPTIONS, UNITS
from bot.web.desk.studio.words import RULES as RULE_NAMES
from bot.web.desk.visitor import Visitor

LONG = {"text", "help", "reply", "opening", "nudge"}
"""Texts that need more than a line."""


@dataclass(frozen=True)
class Control:
    """A field with its words. `value` is what its shape needs: text, parts of a date, texts by language."""

    name: str
    shape: str
    label: str
    hint: str
    value: Any
    optional: bool
    long: bool
    options: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str, tuple[Control, ...]], ...]
    """Of each row its name, what it is called, and its fields."""
    fresh: tuple[Control, ...]
    ordered: bool
    """Its rows can be put in another order."""


def shown_fields(fields: Iterable[Field], written: Written, who: Visitor) -> tuple[Control, ...]:
    """The controls of a form."""
    return tuple(_control(each, written, who) for each in fields)


def _control(field: Field, written: Written, who: Visitor) -> Control:
    return Control(
        field.name,
        field.shape.value,
        who.says(HOUR if field.key == "at" and field.shape is Shape.HOUR else LABELS.get(field.key, field.key)),
        who.says(HINTS[field.key]) if field.key in HINTS and field.shape is not Shape.ROWS else "",
        _value(field, written),
        field.optional,
        field.key in LONG,
        tuple((each, _option(each, written, who)) for each in field.options),
        tuple((row.name, _row_name(row, written, who), shown_fields(row.fields, written, who)) for row in field.rows),
        shown_fields(field.fresh.fields, written, who) if field.fresh else (),
        field.with_ids and field.written and len(field.rows) > 1,
    )


def _value(field: Field, written: Written) -> Any:
    match field.shape:
        case Shape.WORDS:
            return said(field.value, written.languages, written.spoken)
        case Shape.OFFSET:
            return offset_parts(field.value)
        case Shape.WAIT:
            return wait_parts(field.value)
        case Shape.NUMBERS | Shape.NAMES | Shape.OFFSETS:
            return ", ".join(str(each) for each in field.value or ())
        case Shape.SEVERAL:
            return tuple(field.value or ())
    return "" if field.value is None else field.value


def _option(name: str, written: Written, who: Visitor) -> str:
    if name in WEEKDAYS:
        return str(get_day_names("wide", locale=dated(who.language))[WEEKDAYS.index(name)])
    level = found_at(written.laid, ("levels", name, "name"))
    return shown(level, who.language) if level else who.says(OPTIONS.get(name, name))


def _row_name(row: Row, written: Written, who: Visitor) -> str:
    """Its words; else what it says: who, and how long; from when to when."""
    words = next((each.value for each in row.fields if each.shape is Shape.WORDS), None)
    if words:
        return shown(words, who.language)
    parts = [_brief(each, written, who) for each in row.fields]
    return " · ".join(each for each in parts if each) or row.name


def _brief(field: Field, written: Written, who: Visitor) -> str:
    match field.shape:
        case Shape.SEVERAL:
            return ", ".join(_option(each, written, who) for each in field.value or ())
        case Shape.WAIT:
            number, unit = wait_parts(field.value)
            return f"{number} {who.says(UNITS.get(unit, unit))}"
    return str(field.value or "")


@dataclass(frozen=True)
class Entry:
    """A part in the outline."""

    at: str
    title: str
    aside: str


@dataclass(frozen=True)
class Group:
    """Parts of a kind; `name` is the list that one more may join, empty where none may."""

    title: str
    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Outline:
    """What can be edited of one kind of stay, and what is of all."""

    kind: str
    kinds: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    rules: tuple[Entry, ...]
    files: tuple[str, ...]


def shown_outline(written: Written, who: Visitor, kind: str) -> Outline:
    """The parts of a draft in the order in which they come."""
    kind = kind if kind in KINDS else KINDS[0]
    lists = [
        Group(
            who.says(GROUPS[name]),
            name,
            tuple(_entry(written, who, each) for each in rows_of(written.laid, kind, name)),
        )
        for name in ("before", "during", "after", "messages")
    ]
    moments = Group(
        who.says(NAMES["check_in"]), "", tuple(_entry(written, who, each) for each in moments_of(written.laid, kind))
    )
    levels = [_entry(written, who, part_at(written.laid, f"levels.{name}")) for name in written.laid.get("levels", ())]
    rules = [_entry(written, who, part_at(written.laid, name)) for name in RULES]
    return Outline(
        kind,
        tuple((each, who.says(KIND_NAMES[each])) for each in KINDS),
        (*lists, moments),
        (*levels, *rules),
        (written.name, *sorted(written.beside)),
    )


def _entry(written: Written, who: Visitor, part: PartOf) -> Entry:
    return Entry(part.at, titled(written, who, part), _when(who, part))


def _when(who: Visitor, part: PartOf) -> str:
    """The day it hangs on, where it hangs on one."""
    try:
        found = parse_offset(part.table.get("due") or part.table.get("at") or part.table.get("ask"))
    except ValueError:
        return ""
    return day_of(who, found)


def titled(written: Written, who: Visitor, part: PartOf) -> str:
    """What a part is called."""
    words = part.table.get("title") or (part.table.get("text") if part.path[-2:-1] == ("messages",) else None)
    if words:
        line = " ".join(shown(words, who.language).split())
        return line if len(line) <= 90 else f"{line[:90].rsplit(' ', 1)[0]} …"
    if part.path[0] == "levels":
        return shown(part.table.get("name", part.path[1]), who.language)
    names = {**NAMES, **RULE_NAMES}
    return who.says(names.get(part.path[-1], names.get("language_test", "")))


def languages_named(written: Written, who: Visitor) -> dict[str, str]:
    """The languages of a draft, as the reader calls them."""
    return {each: str(Locale.parse(each, sep="-").get_display_name(who.language) or each) for each in written.languages}


def levels_named(written: Written, who: Visitor) -> dict[str, str]:
    """The levels of a draft, as the reader calls them."""
    levels = written.laid.get("levels", {})
    return {name: shown(level.get("name", name), who.language) for name, level in levels.items()}
