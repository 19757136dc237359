"""From the text of a programme to its models, or to the list of what has to be mended.

Pure: it reads no file. Every sentence is for a coordinator with a text editor, so it speaks of the item
and of the key, and says how it should look; none of it speaks of types or of the library that checks them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.domain.programme.model import Programme
from bot.domain.programme.problem import Problem, ProgrammeError, model_at, place, real
from bot.domain.spelling import did_you_mean

_SYNTAX = (
    ("Illegal character '\\n'", "this text does not end on its line: close it with a quotation mark"),
    ("Unterminated string", "a text is not closed: add the missing quotation mark"),
    ("Cannot overwrite a value", "this key stands twice in the same table: remove one of the two"),
    ("Cannot declare", "this table stands twice: remove one, or write it as a list with [[ and ]]"),
    ("Invalid initial character for a key part", "a table between { and } must stay on one line"),
    ("Expected '=' after a key", "a key is followed by = and its value: name = \"…\""),
    ("Expected ']'", "a bracket is missing: [table] or [[list of tables]]"),
    ("Unclosed array", "a list is not closed: add the missing ]"),
    ("Unclosed inline table", "a table between { and } is not closed, or a comma is missing"),
    ("Unescaped '\\'", "write a backslash twice: \\\\"),
    ("Invalid value", 'this is no value: a text is written between quotation marks, "…"; yes and no are true and false'),
)  # fmt: skip
"""How the reader of TOML begins its complaint, and what it means for the writer."""

_KINDS: Mapping[str, str] = {
    "string_type": 'a text between quotation marks is expected here: "…"',
    "int_type": "a whole number is expected here",
    "int_parsing": "a whole number is expected here",
    "int_from_float": "a whole number is expected here",
    "bool_type": "true or false is expected here",
    "bool_parsing": "true or false is expected here",
    "tuple_type": "a list is expected here: [ … ]",
    "dict_type": "a table is expected here",
    "model_type": "a table is expected here: { … } or [ … ]",
    "date_type": "a date is expected here, without quotation marks: 2026-12-19",
    "date_from_datetime_parsing": "a date is expected here, without quotation marks: 2026-12-19",
    "date_from_datetime_inexact": "a date without an hour is expected here: 2026-12-19",
    "missing": "it is missing: add it",
}


def load(text: str, name: str) -> Programme:
    """The programme that a text describes; `name` is the file's, for the lines of the problems.

    Raises:
        ProgrammeError: the text is no TOML, or not a programme; it holds every problem that was found.
    """
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProgrammeError([_syntax(str(error), text)], name) from None
    try:
        return Programme.model_validate(written)
    except ValidationError as error:
        found = (_problem(detail, written) for detail in error.errors(include_url=False) if not _told_below(detail))
        raise ProgrammeError(dict.fromkeys(found), name) from None


def _told_below(detail: ErrorDetails) -> bool:
    """Whether it only says that a table of languages is no plain text: what is wrong in the table is told too."""
    return isinstance(detail["input"], dict) and detail["loc"][-1:] == ("str",)


def _syntax(complaint: str, text: str) -> Problem:
    """A fault of the file's grammar, with the line it is on."""
    said, _, _ = complaint.rpartition(" (at ")
    mend = next((mend for begins, mend in _SYNTAX if complaint.startswith(begins)), said or complaint)
    found = re.search(r"line (\d+), column (\d+)", complaint)
    line = int(found[1]) if found else text.count("\n") + 1
    return Problem(f"line {line}", "", mend)


def _problem(detail: ErrorDetails, written: Mapping[str, Any]) -> Problem:
    path = real(detail["loc"], written)
    if detail["loc"][-1:] == ("[key]",):
        path = real(detail["loc"][:-1], written)
    where, field = place(path, written)
    return Problem(where, field, _says(detail, path))


def _says(detail: ErrorDetails, path: tuple[str | int, ...]) -> str:
    """What is wrong and how to mend it."""
    given, limits = detail["input"], detail.get("ctx", {})
    kind = detail["type"]
    if kind == "extra_forbidden":
        return _unknown_key(path)
    if _is_words(detail):
        return 'a text is expected here: "…", or one for each language: { fr = "…", en = "…" }'
    if kind in {"literal_error", "enum"}:
        known = re.findall(r"'([^']*)'|\b(\d+)\b", str(limits["expected"]))
        names = [word or number for word, number in known]
        return f'"{given}" is not known here: write {" or ".join(names)}{did_you_mean(str(given), names)}'
    if kind == "string_pattern_mismatch":
        return _misspelt(given, detail["loc"])
    if kind == "too_short":
        return f"at least {limits['min_length']} expected here, {limits['actual_length']} found"
    if kind == "too_long":
        return f"at most {limits['max_length']} expected here, {limits['actual_length']} found"
    if kind == "greater_than_equal":
        return f"{given} is too small: {limits['ge']} or more"
    if kind == "less_than_equal":
        return f"{given} is too big: {limits['le']} or less"
    return _KINDS.get(kind, detail["msg"].removeprefix("Value error, "))


def _is_words(detail: ErrorDetails) -> bool:
    """Whether it is about a `Words`: each of its two shapes complains, in the same words for the writer."""
    return any(str(step) == "str" or str(step).startswith("dict[") for step in detail["loc"]) and (
        detail["type"] in {"string_type", "dict_type"}
    )


def _unknown_key(path: tuple[str | int, ...]) -> str:
    model = model_at(path[:-1], Programme)
    known = set(model.model_fields) if model else set()
    return f"this key is not known here{did_you_mean(str(path[-1]), known) or ': remove it, or see programme.example.toml'}"


def _misspelt(given: object, path: tuple[str | int, ...]) -> str:
    if any(str(step).startswith("dict[") for step in path):
        return f'"{given}" is no language: write "fr", "en", "es" or "pt-BR"'
    return f'"{given}" is no id: lower-case letters, digits and _ only, a letter first, 40 at most'
