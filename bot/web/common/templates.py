"""What a page is made of: the language a browser asks for, templates in it, notices, and assets to keep for ever."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.i18n import Plural, Text, best_language, dated, direction, isolated, render

STATIC, PIECES = Path(__file__).parent / "static", Path(__file__).parent / "templates"
PREFERRED = re.compile(r"([A-Za-z-]{2,20})(?:\s*;\s*q=([0-9.]+))?")


def language_of(request: Request) -> str:
    """The language a browser asks for, of those we speak."""
    asked = PREFERRED.findall(request.headers.get("accept-language", "")[:200])
    for tag, _weight in sorted(asked, key=lambda each: -_weight_of(each[1])):
        near = best_language(tag, default="")
        if near:
            return near
    return best_language(None)


def _weight_of(written: str) -> float:
    try:
        return float(written or 1)
    except ValueError:
        return 0.0


def address_of(folder: Path, name: str = "") -> str:
    """The path a folder is served at: browsers may keep its files for ever, since any change is another path."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return f"/static/{name}{hashlib.sha256(b''.join(path.read_bytes() for path in files)).hexdigest()[:12]}"


SHARED = address_of(STATIC)


def environment(folder: Path) -> Environment:
    """The templates of a folder, and those that all sites share."""
    made = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder), FileSystemLoader(PIECES)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # a template changes with a release: nobody need look at its file for each page
    )
    made.filters["isolated"] = isolated
    return made


REHEARSED = "rehearsed"
"""The key in the scope of a request."""


@dataclass(frozen=True)
class Notice:
    """What stands in the way, and what to do about it: a page of its own, or a line above the text box."""

    status: int
    title: Text
    body: Text
    back: bool = False
    """There is something to go back to: a conversation, a board."""


class Templates:
    """The templates of one site, and where its own assets are: `folder/templates` and `folder/static`.

    `more` is what its templates may name besides.
    """

    def __init__(self, folder: Path, **more: Any) -> None:
        self.static = folder / "static"
        self.assets = address_of(self.static)
        self._more = more
        self._found = environment(folder / "templates")
        self._found.filters["moment"] = moment

    def filled(self, name: str, language: str, values: Mapping[str, Any]) -> str:
        """A template in a language. Its `_` translates, and fills `{names}` in; its `_n` counts."""

        def translated(text: Text, **given: Any) -> str:
            return render(text, language, given)

        def counted(one: str, many: str, count: int, **given: Any) -> str:
            return render(Plural(one, many), language, {"count": count, **given})

        locale = _locale(dated(language))
        given = {
            "_": translated,
            "_n": counted,
            "lang": language,
            "dir": direction(language),
            "day_month": lambda at: day_month(at, language),
            "month_name": lambda at: month(at, language),
            "day": lambda at: format_date(at, "EEEE d MMMM", locale=locale),
            "hour": lambda at: format_time(at, "short", locale=locale),
            "nonce": lambda: secrets.token_urlsafe(12),
        }
        return self._found.get_template(name).render(**given, **self._more, **values)

    def page(
        self, request: Request, name: str, language: str, values: Mapping[str, Any] | None = None, status: int = 200
    ) -> HTMLResponse:
        """A whole page. Its links begin with `base`, wherever the site is mounted."""
        return HTMLResponse(self.filled(name, language, {**self.links(request), **(values or {})}), status)

    def links(self, request: Request) -> dict[str, Any]:
        """Where the site is, its own assets, and those that all sites share; and whether all of it is a rehearsal."""
        base = root_of(request)
        return {
            "base": base,
            "assets": base + self.assets,
            "shared": base + SHARED,
            "rehearsed": bool(request.scope.get(REHEARSED)),
        }


class Rehearsed:
    """Says to every page of an installation that it is one to rehearse with."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, REHEARSED: True}, receive, send)


def root_of(request: Request) -> str:
    """The path a site is mounted at, without a slash at its end."""
    return str(request.scope.get("root_path", "")).rstrip("/")


@lru_cache(4096)
def day_month(at: date, language: str) -> str:
    """March 6: a picture names the same days again and again."""
    return format_skeleton("MMMMd", datetime(at.year, at.month, at.day), locale=dated(language))  # noqa: DTZ001 - a day


@lru_cache(256)
def month(at: date, language: str) -> str:
    return format_date(at, "LLL", locale=language)


def moment(at: datetime) -> str:
    """An instant for machines, to the minute: what a page shows does not change by a second."""
    return at.isoformat(timespec="minutes")


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")
