"""The chat's templates, with the few filters that bubbles need."""

from __future__ import annotations

import json
import re
from pathlib import Path

from markupsafe import Markup, escape

from bot.domain.cries.heard import calls
from bot.domain.spelling import plain
from bot.web.common.templates import Templates

LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
NUMBER = re.compile(r"(?<![\w+])\+?\d(?:[\d .\u00a0\u202f-]*\d)?(?!\w)")


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
    return json.dumps(sorted({plain(word) for word in (*calls(), *more)} - {""}), ensure_ascii=False)


FOLDER = Path(__file__).parent
TEMPLATES = Templates(FOLDER, words=spoken)
filled, page = TEMPLATES.filled, TEMPLATES.page
