"""One visit of a page, and the templates that answer it, on the card of the web chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.domain.tutor import texts
from bot.i18n import Text, direction, render
from bot.web.chat.bubbles import FOLDER as CHAT
from bot.web.chat.bubbles import TEMPLATES
from bot.web.common.templates import PIECES


@dataclass(frozen=True)
class Visit:
    """Somebody opens a link, or presses a button on its page: the code of the link, and the form where one was sent."""

    request: Request
    code: str
    form: Mapping[str, str]


_templates = Environment(
    loader=FileSystemLoader([Path(__file__).parent / "templates", CHAT / "templates", PIECES]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(request: Request, name: str, language: str, values: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """A whole page. `_` translates a sentence of the catalogs, `t` names a text of the tutor's page."""
    given: Mapping[str, Any] = values.get("values", {})

    def translated(text: Text, **more: Any) -> str:
        return render(text, language, {**given, **more})

    shown = _templates.get_template(name).render(
        _=translated,
        t=lambda key: translated(texts()[key]),
        lang=language,
        dir=direction(language),
        **TEMPLATES.links(request),
        **values,
    )
    return HTMLResponse(shown, status)
