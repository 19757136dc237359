"""Checks made from `bot_api.json`: the methods, parameters and types of the Bot API, one a line; `!` marks a required one.

A check takes a value and where it stands, and answers the value as the method shall see it. Form fields come
as strings, so top-level values are read first: "5" as a number, "[…]" as JSON. Each is made once and kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.telegram_server.files import Upload
from tests.telegram_server.refusals import EMPTY_TEXT, Violation

Check = Callable[[Any, str], Any]
Parameters = dict[str, Any]
ARRAY, OR, REQUIRED = "Array of ", " | ", "!"
BOT_API = Path(__file__).with_name("bot_api.json")


class Table:
    """The Bot API as a table; `check` is all it does."""

    def __init__(self, path: Path = BOT_API) -> None:
        table = json.loads(path.read_text("utf-8"))
        self._methods: dict[str, dict[str, str]] = table["methods"]
        self._types: dict[str, dict[str, str] | list[str]] = table["types"]
        self._type_checks: dict[str, Check] = {}
        self._prepared: dict[str, tuple[dict[str, Check], frozenset[str]]] = {}

    def knows(self, method: str) -> bool:
        return method in self._methods

    def check(self, method: str, raw: Mapping[str, Any]) -> Parameters:
        """The parameters as their types say, or a Violation."""
        checks, required = self._prepare(method)
        missing = required - raw.keys()
        if missing:
            first = min(missing)
            raise Violation(f'parameter "{first}" is required', EMPTY_TEXT if first == "text" else "")
        unknown = raw.keys() - checks.keys()
        if unknown:
            raise Violation(f'unknown parameter "{min(unknown)}"')
        return {name: checks[name](value, name) for name, value in raw.items()}

    def fits(self, type_name: str, value: Any) -> None:
        """Raises a Violation unless the value is such an object; for what the server itself sends."""
        self._check(type_name)(value, type_name)

    def _prepare(self, method: str) -> tuple[dict[str, Check], frozenset[str]]:
        if method not in self._prepared:
            fields = self._methods[method]
            checks = {name.rstrip(REQUIRED): self._top(types.split(OR)) for name, types in fields.items()}
            self._prepared[method] = checks, required_of(fields)
        return self._prepared[method]

    def _top(self, types: list[str]) -> Check:
        check = self._any_of(types)
        text, number = "String" in types, "Integer" in types
        return lambda value, where: check(read_string(value, text, number) if isinstance(value, str) else value, where)

    def _any_of(self, types: list[str]) -> Check:
        if "InputFile" in types:
            return _input_file("String" in types)
        checks = [self._check(name) for name in types]
        return checks[0] if len(checks) == 1 else _first_that_fits(checks, types)

    def _check(self, name: str) -> Check:
        if name not in self._type_checks:
            self._type_checks[name] = lambda value, where: made()(value, where)  # a type may contain itself
            made = cache(lambda: self._make(name))
        return self._type_checks[name]

    def _make(self, name: str) -> Check:
        if name in SIMPLE:
            return _simple(name, *SIMPLE[name])
        if name.startswith(ARRAY):
            return _array(self._check(name.removeprefix(ARRAY)))
        fields = self._types[name]
        if isinstance(fields, list):
            return self._any_of(fields)
        checks = {key.rstrip(REQUIRED): self._any_of(types.split(OR)) for key, types in fields.items()}
        return _object(name, checks, required_of(fields))


SIMPLE: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (float, int),
    "String": (str,),
    "Boolean": (bool,),
}


def required_of(fields: Iterable[str]) -> frozenset[str]:
    return frozenset(name.rstrip(REQUIRED) for name in fields if name.endswith(REQUIRED))


@cache
def bot_api() -> Table:
    """The table of the repository, read once."""
    return Table()


def read_string(value: str, text: bool, number: bool) -> Any:
    """What a form field means: a text stays one, unless it may also be a number and is."""
    if text and not (number and value.removeprefix("-").isdecimal()):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _simple(name: str, *types: type) -> Check:
    def check(value: Any, where: str) -> Any:
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise Violation(f"{where} is {value!r:.80}, not {name}")
        return value

    return check


def _array(item: Check) -> Check:
    def check(value: Any, where: str) -> Any:
        if not isinstance(value, list):
            raise Violation(f"{where} is {value!r:.80}, not an array")
        return [item(each, f"{where}[{place}]") for place, each in enumerate(value)]

    return check


def _object(name: str, fields: dict[str, Check], required: frozenset[str]) -> Check:
    def check(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            raise Violation(f"{where} is {value!r:.80}, not {name}")
        for problem, keys in (("needs", required - value.keys()), ("has unknown", value.keys() - fields.keys())):
            if keys:
                raise Violation(f'{where} ({name}) {problem} "{min(keys)}"')
        return {key: fields[key](each, f"{where}.{key}") for key, each in value.items()}

    return check


def _first_that_fits(checks: list[Check], types: list[str]) -> Check:
    def check(value: Any, where: str) -> Any:
        problems = []
        for fits in checks:
            try:
                return fits(value, where)
            except Violation as violation:
                problems.append(violation.what)
        raise Violation(f"{where} is none of {', '.join(types)}: {'; '.join(problems)}")

    return check


def _input_file(or_string: bool) -> Check:
    def check(value: Any, where: str) -> Any:
        if isinstance(value, Upload) or (or_string and isinstance(value, str)):
            return value
        raise Violation(f"{where} is {value!r:.80}, not a file")

    return check
