"""The sheet as one HTML file that needs nothing else: for a screen, or to print from a browser."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.sheets.sheet import Sheet, values

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["drawing"] = Markup
"""Our own drawings only: never a value that somebody wrote."""


def html(sheet: Sheet) -> bytes:
    return _templates.get_template("sheet.html").render(sheet=values(sheet)).encode()
