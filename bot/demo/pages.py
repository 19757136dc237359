"""The page of the demo in the visitor's language, and the pieces of it that change while time passes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_skeleton, format_time

from bot.handlers.case.matters import CONTACTS
from bot.i18n import LANGUAGES, Plural, Text, dated, direction, own_name, render
from bot.web.chat.bubbles import TEMPLATES as CHAT
from bot.web.common.templates import SHARED, address_of, day_month, environment, month

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"

_templates = environment(FOLDER / "templates")


def filled(name: str, language: str, values: Mapping[str, Any]) -> str:
    """A template in a language. Its `_` translates, and fills `{names}` in."""

    def translated(text: Text, **given: Any) -> str:
        return render(text, language, given)

    def counted(one: str, many: str, count: int) -> str:
        return render(Plural(one, many), language, {"count": count})

    return _templates.get_template(name).render(
        _=translated,
        _n=counted,
        lang=language,
        dir=direction(language),
        languages={each: own_name(each) for each in LANGUAGES},
        contacts=CONTACTS,
        assets=ASSETS,
        chat_assets=CHAT.assets,
        shared=SHARED,
        day=partial(day_month, language=language),
        day_month=partial(day_month, language=language),
        short_day=partial(_short_day, language=language),
        month_name=partial(month, language=language),
        hour=partial(hour, language=language),
        moment=partial(_moment, language=language),
        **values,
    )


def long_day(at: date, language: str) -> str:
    """Monday 1 March 2027."""
    return format_date(at, "full", locale=dated(language)).replace(",", "")


def hour(at: datetime, language: str) -> str:
    return format_time(at, "short", locale=dated(language))


def _short_day(at: date, language: str) -> str:
    return _skeleton("MMMd", at, language)


def _moment(at: datetime, language: str) -> str:
    """Sun, 28 Feb, 18:00."""
    return f"{_skeleton('MMMEd', at, language)}, {hour(at, language)}"


def _skeleton(skeleton: str, at: date, language: str) -> str:
    return format_skeleton(skeleton, datetime(at.year, at.month, at.day), locale=dated(language))  # noqa: DTZ001 - a day


def version(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


ASSETS = address_of(STATIC, "demo-")
