"""The chat's templates, with the few filters that bubbles need."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from markupsafe import Markup, escape

from bot.domain.cries.detector import calls
from bot.domain.spelling import plain
from bot.i18n import Text, _
from bot.store.messages import Outcome
from bot.web.common.templates import Templates

LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
NUMBER = re.compile(
    r"(?<![\w+:./-])(?!\d{4}-\d\d-\d\d)\+?\d(?:[\d .\u00a0\u202f-]*\d)(?!\w|[:./-]\d| h\b|[ \u00a0]\d+[:/])"
)
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


SIGNS: Mapping[str, tuple[str, Text, bool]] = {
    "sent": ("✓", _("Sent"), False),
    Outcome.UNDERSTOOD: ("✓✓", _("Read by the robot"), False),
    Outcome.HANDED: ("✓✓", _("Passed on to an adult"), True),
    Outcome.UNREAD: ("✓", _("Read by nobody"), True),
}
"""What became of somebody's own message, and whether that is written out beside its sign. Only what is true: stored here,
taken in by Compagnon, in an adult's hands, or in nobody's."""
FOLDER = Path(__file__).parent
TEMPLATES = Templates(FOLDER, words=spoken, signs=SIGNS)
filled, page = TEMPLATES.filled, TEMPLATES.page
