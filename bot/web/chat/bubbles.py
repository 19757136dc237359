"""The chat's templates, with the few filters that bubbles need."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from markupsafe import Markup, escape

from bot.domain.cries.heard import calls
from bot.domain.spelling import plain
from bot.web.common.templates import Templates

LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
NUMBER = re.compile(r"(?<![\w+])\+?\d(?:[\d .\u00a0\u202f-]*\d)?(?!\w)")
PHONE = re.compile(r"(?<![\w+])\+\d[\d .\u00a0\u202f-]{5,}\d(?!\w)")
"""As we write phone numbers; nothing else looks so."""


def spoken(text: str, *, numbers: bool = False) -> Markup:
    """A message from Compagnon: escaped, with links and phone numbers to tap; in an emergency also short numbers."""
    form = '<a href="{0}" rel="noopener noreferrer" target="_blank">{0}</a>'
    return _marked(text, LINK, form, partial(_with_numbers, NUMBER if numbers else PHONE))


def _with_numbers(pattern: re.Pattern[str], text: str) -> Markup:
    return _marked(text, pattern, '<a href="tel:{1}" dir="ltr">{0}</a>', escape)


def _marked(text: str, pattern: re.Pattern[str], form: str, between: Callable[[str], Markup]) -> Markup:
    done, at = Markup(""), 0
    for found in pattern.finditer(text):
        done += between(text[at : found.start()]) + Markup(form).format(found[0], _dialled(found[0]))
        at = found.end()
    return done + between(text[at:])


def _dialled(number: str) -> str:
    return re.sub(r"[^\d+]", "", number)


def cries(more: tuple[str, ...]) -> str:
    """The words the page itself takes for a cry for help, as JSON."""
    return json.dumps(sorted({plain(word) for word in (*calls(), *more)} - {""}), ensure_ascii=False)


FOLDER = Path(__file__).parent
TEMPLATES = Templates(FOLDER, words=spoken)
filled, page = TEMPLATES.filled, TEMPLATES.page
