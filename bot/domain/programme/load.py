"""From the text of a programme to its models, or to the list of what has to be mended.

Pure: it reads no file. Every sentence is for a coordinator with a text editor, so it speaks of the item
and of the key, and says how it should look; none of it speaks of types or of the library that checks them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.domain.programme.inherit import EXTENDS, Inheritance, fill, lay_texts, promise
from bot.domain.programme.links import fill_links
from bot.domain.programme.model import Programme
from bot.domain.programme.problem import Problem, ProgrammeError, model_at, place, real
from bot.domain.spelling import nearest
from bot.domain.toml_faults import toml_fault
from bot.i18n import LANGUAGES, Sentence, _, say, translation

_KINDS: Mapping[str, str] = {
    "string_type": _('a text between quotation marks is expected here: "…"'),
    "int_type": _("a whole number is expected here"),
    "int_parsing": _("a whole number is expected here"),
    "int_from_float": _("a whole number is expected here"),
    "bool_type": _("true or false is expected here"),
    "bool_parsing": _("true or false is expected here"),
    "tuple_type": _("a list is expected here: [ … ]"),
    "dict_type": _("a table is expected here"),
    "model_type": _("a table is expected here"),
    "date_type": _("a date is expected here, without quotation marks: 2026-12-19"),
    "date_from_datetime_parsing": _("a date is expected here, without quotation marks: 2026-12-19"),
    "date_from_datetime_inexact": _("a date without an hour is expected here: 2026-12-19"),
    "missing": _("it is missing: add it"),
}


def load(text: str, name: str, *, shipped: str = "", beside: Mapping[str, str] | None = None) -> Programme:
    """The programme that a text describes; `name` is the file's, for the lines of the problems.

    `shipped` is the text of Compagnon's own programme, for one that extends it; `beside` holds the texts of language
    files by their names (`programme.de.toml`).

    Raises:
        ProgrammeError: a text is no TOML, or not a programme; it holds every problem that was found.
    """
    table = lay(text, name, shipped=shipped, beside=beside)
    fill(table, _elsewhere)
    fill_links(table)
    try:
        return Programme.model_validate(table)
    except ValidationError as error:
        found = (_problem(detail, table) for detail in error.errors(include_url=False) if not _told_below(detail))
        raise ProgrammeError(dict.fromkeys(found), name) from None


def lay(text: str, name: str, *, shipped: str = "", beside: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The tables of a whole programme, as `load` checks them; what is given is the same.

    Raises:
        ProgrammeError: a text is no TOML, or says something of what is not there.
    """
    written = _tables(text, name)
    laid = Inheritance(written, _tables(shipped, "programme.example.toml") if EXTENDS in written else {})
    _stop(laid.problems, name)
    for file, texts in sorted((beside or {}).items()):
        _stop(lay_texts(laid.table, _tables(texts, file), language_of(file)), file)
        promise(laid.table, language_of(file))
    return laid.table


def _tables(text: str, name: str) -> Mapping[str, Any]:
    try:
        return _parsed(text)
    except tomllib.TOMLDecodeError as error:
        line, mend = toml_fault(error, text)
        raise ProgrammeError([Problem(line, "", mend)], name) from None


@lru_cache(maxsize=4)
def _parsed(text: str) -> Mapping[str, Any]:
    """The shipped text is read for every school, and a school's for every page that asks. Nobody may change what is kept."""
    return tomllib.loads(text)


def _stop(problems: Iterable[Problem], name: str) -> None:
    found = tuple(problems)
    if found:
        raise ProgrammeError(found, name)


def language_of(file: str) -> str:
    """`de` for `programme.de.toml`, `pt-BR` for `programme.pt-BR.toml`."""
    return file.split(".")[-2]


def shipped_words(english: str, language: str) -> str:
    """What a text of Compagnon's own programme says in another language; nothing where it is not translated."""
    return translation(english, language, "programme")


@lru_cache(maxsize=4096)
def _elsewhere(english: str) -> Mapping[str, str]:
    """What a text of Compagnon's own programme says in every language that knows it: of some nine hundred, each time one is read."""
    said = {language: shipped_words(english, language) for language in LANGUAGES} if english else {}
    return {language: words for language, words in said.items() if words}


def _told_below(detail: ErrorDetails) -> bool:
    """Whether it only says that a table of languages is no plain text: what is wrong in the table is told too."""
    return isinstance(detail["input"], dict) and detail["loc"][-1:] == ("str",)


def _problem(detail: ErrorDetails, written: Mapping[str, Any]) -> Problem:
    path = real(detail["loc"], written)
    if detail["loc"][-1:] == ("[key]",):
        path = real(detail["loc"][:-1], written)
    where, field = place(path, written)
    return Problem(where, field, _says(detail, path))


def _says(detail: ErrorDetails, path: tuple[str | int, ...]) -> Sentence:
    """What is wrong and how to mend it."""
    given, limits = detail["input"], detail.get("ctx", {})
    kind = detail["type"]
    if kind == "extra_forbidden":
        return _unknown_key(path)
    if _is_words(detail):
        return say(
            _('a text is expected here: "…", or one for each language: {example}'),
            example='{ fr = "…", en = "…" }',
        )
    if kind in {"literal_error", "enum"}:
        known = re.findall(r"'([^']*)'|\b(\d+)\b", str(limits["expected"]))
        names = [word or number for word, number in known]
        return say(
            _('"{given}" is not known here: write {names}'),
            hint=nearest(str(given), names),
            given=given,
            names={"choice": names},
        )
    if kind == "string_pattern_mismatch":
        return _misspelt(given, detail["loc"])
    if kind == "too_short":
        return say(
            _("at least {least} expected here, {found} found"),
            least=limits["min_length"],
            found=limits["actual_length"],
        )
    if kind == "too_long":
        return say(
            _("at most {most} expected here, {found} found"),
            most=limits["max_length"],
            found=limits["actual_length"],
        )
    if kind == "greater_than_equal":
        return say(_("{given} is too small: {least} or more"), given=given, least=limits["ge"])
    if kind == "less_than_equal":
        return say(_("{given} is too big: {most} or less"), given=given, most=limits["le"])
    problem = limits.get("error")
    if isinstance(problem, ValueError):
        return problem.args[0] if isinstance(problem.args[0], Sentence) else say(str(problem))
    return say(_KINDS.get(kind, _("this value cannot be used here")))


def _is_words(detail: ErrorDetails) -> bool:
    """Whether it is about a `Words`: each of its two shapes complains, in the same words for the writer."""
    return any(str(step) == "str" or str(step).startswith("dict[") for step in detail["loc"]) and (
        detail["type"] in {"string_type", "dict_type"}
    )


def _unknown_key(path: tuple[str | int, ...]) -> Sentence:
    model = model_at(path[:-1], Programme)
    known = set(model.model_fields) if model else set()
    near = nearest(str(path[-1]), known)
    if near:
        return say(_("this key is not known here"), hint=near)
    return say(_("this key is not known here: remove it, or see programme.example.toml"))


def _misspelt(given: object, path: tuple[str | int, ...]) -> Sentence:
    if any(str(step).startswith("dict[") for step in path):
        return say(_('"{given}" is no language: write "fr", "en", "es" or "pt-BR"'), given=given)
    return say(_('"{given}" is no id: lower-case letters, digits and _ only, a letter first, 40 at most'), given=given)
