"""Templates in the reader's language."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.i18n import Plural, Text, dated, direction, render
from bot.pages.assets import SHARED, address_of


class Templates:
    """The templates of one site, and where its own assets are: `folder/templates` and `folder/static`.

    `more` is what its templates may name besides.
    """

    def __init__(self, folder: Path, **more: Any) -> None:
        self.static = folder / "static"
        self.assets = address_of(self.static)
        self._more = more
        self._found = Environment(
            loader=FileSystemLoader(folder / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._found.filters["moment"] = moment

    def filled(self, name: str, language: str, values: Mapping[str, Any]) -> str:
        """A template in a language. Its `_` translates, and fills `{names}` in; its `_n` counts."""

        def translated(text: Text, **given: Any) -> str:
            return render(text, language, given)

        def counted(one: str, many: str, count: int) -> str:
            return render(Plural(one, many), language, {"count": count})

        locale = _locale(dated(language))
        given = {
            "_": translated,
            "_n": counted,
            "lang": language,
            "dir": direction(language),
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

    def links(self, request: Request) -> dict[str, str]:
        """Where the site is, its own assets, and those that all sites share."""
        base = root_of(request)
        return {"base": base, "assets": base + self.assets, "shared": base + SHARED}


def root_of(request: Request) -> str:
    """The path a site is mounted at, without a slash at its end."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def moment(at: datetime) -> str:
    """An instant for machines, to the minute: what a page shows does not change by a second."""
    return at.isoformat(timespec="minutes")


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")
