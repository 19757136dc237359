"""Templates in the reader's language, with the few filters that bubbles need."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.domain.cries import WORDS
from bot.domain.plain import plain
from bot.i18n import Text, best_language, dated, direction, render

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
NUMBER = re.compile(r"(?<![\w+])\+?\d(?:[\d .\u00a0\u202f-]*\d)?(?!\w)")
PREFERRED = re.compile(r"([A-Za-z-]{2,20})(?:\s*;\s*q=([0-9.]+))?")

_templates = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def filled(name: str, language: str, values: Mapping[str, Any]) -> str:
    """A template in a language. Its `_` translates, and fills `{names}` in."""

    def translated(text: Text, **given: Any) -> str:
        return render(text, language, given)

    locale = _locale(dated(language))
    return _templates.get_template(name).render(
        _=translated,
        lang=language,
        dir=direction(language),
        day=lambda at: format_date(at, "EEEE d MMMM", locale=locale),
        hour=lambda at: format_time(at, "short", locale=locale),
        words=spoken,
        nonce=lambda: secrets.token_urlsafe(12),
        **values,
    )


def page(
    request: Request, name: str, language: str, values: Mapping[str, Any] | None = None, status: int = 200
) -> HTMLResponse:
    """A whole page."""
    base = request.scope.get("root_path", "").rstrip("/")
    return HTMLResponse(filled(name, language, {"base": base, "assets": base + ASSETS, **(values or {})}), status)


def spoken(text: str, *, numbers: bool = False) -> Markup:
    """A message from Compagnon: escaped, with links, and in an emergency with numbers to tap."""
    return _marked(text, LINK, '<a href="{0}" rel="noopener noreferrer" target="_blank">{0}</a>', numbers)


def _marked(text: str, pattern: re.Pattern[str], form: str, numbers: bool) -> Markup:
    done, at = Markup(""), 0
    for found in pattern.finditer(text):
        done += _plain(text[at : found.start()], numbers) + Markup(form).format(found[0], _dialled(found[0]))
        at = found.end()
    return done + _plain(text[at:], numbers)


def _plain(text: str, numbers: bool) -> Markup:
    return _marked(text, NUMBER, '<a href="tel:{1}" dir="ltr">{0}</a>', numbers=False) if numbers else escape(text)


def _dialled(number: str) -> str:
    return re.sub(r"[^\d+]", "", number)


def cries(more: tuple[str, ...]) -> str:
    """The words the page itself takes for a cry for help, as JSON."""
    return json.dumps(sorted({plain(word) for word in (*WORDS, *more)} - {""}), ensure_ascii=False)


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


def _version() -> str:
    """Changes with any of our files: what is under it may be kept for ever, and scripts find one another."""
    files = sorted(path for path in STATIC.iterdir() if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


ASSETS = f"/static/{_version()}"


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def moment(at: datetime) -> str:
    """An instant for machines, to the minute: what a page shows does not change by a second."""
    return at.isoformat(timespec="minutes")


_templates.filters["moment"] = moment
