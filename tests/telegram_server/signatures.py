"""Checks made from python-telegram-bot's own method signatures, where the table is not at hand."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from telegram import Bot

from tests.telegram_server.refusals import Violation
from tests.telegram_server.table import Parameters, missing_parameter, read_string

LIBRARY_ONLY = frozenset(
    [
        "self",
        "read_timeout",
        "write_timeout",
        "connect_timeout",
        "pool_timeout",
        "api_kwargs",
        "filename",
        "reply_to_message_id",
        "allow_sending_without_reply",
        "disable_web_page_preview",
        "contact",
        "location",
        "venue",
    ]
)
"""Arguments that python-telegram-bot understands itself and never sends under this name."""

STRING = re.compile(r"\bstr\b")
NUMBER = re.compile(r"\bint\b")


class Signatures:
    """The Bot API as python-telegram-bot calls it: names and required ones, types only as far as forms need it."""

    def knows(self, method: str) -> bool:
        return _python_name(method) is not None

    def check(self, method: str, raw: Mapping[str, Any]) -> Parameters:
        known, required = _signature(method)
        missing = required - raw.keys()
        if missing:
            raise missing_parameter(min(missing))
        unknown = raw.keys() - known.keys()
        if unknown:
            raise Violation(f'unknown parameter "{min(unknown)}"')
        return {name: _read(value, known[name]) for name, value in raw.items()}


@cache
def _python_name(method: str) -> str | None:
    name = re.sub(r"([A-Z])", lambda found: "_" + found[1].lower(), method)
    return name if callable(getattr(Bot, name, None)) and method[0].islower() and "_" not in method else None


@cache
def _signature(method: str) -> tuple[dict[str, str], frozenset[str]]:
    parameters = inspect.signature(getattr(Bot, str(_python_name(method)))).parameters.values()
    ours = [parameter for parameter in parameters if parameter.name not in LIBRARY_ONLY]
    annotations = {parameter.name: str(parameter.annotation) for parameter in ours}
    return annotations, frozenset(each.name for each in ours if each.default is inspect.Parameter.empty)


def _read(value: Any, annotation: str) -> Any:
    if not isinstance(value, str):
        return value
    text = bool(STRING.search(annotation)) and "Sequence" not in annotation
    return read_string(value, text, bool(NUMBER.search(annotation)))
