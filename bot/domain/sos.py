"""The cry for help: how it is recognised, and what is answered at once.

The texts are fixed; nobody composes them in the moment. 112 is the European emergency number (Directive (EU)
2018/1972, art. 109); elsewhere the programme's table of numbers is shown.
"""

from __future__ import annotations

import re

from bot.domain.command_words import said_in
from bot.domain.cries.deobfuscation import read
from bot.domain.cries.detector import alone, cry_for_help
from bot.domain.need_to_know import NOT_THEM
from bot.domain.spelling import plain
from bot.i18n import Text, _

COMMANDS = frozenset(
    {"sos", "urgence", "secours", "emergency", "emergencia", "socorro", "notfall", "hilfe", "emergenza", "aiuto"}
)
"""After a slash. /help, /aide and /ayuda are none where nothing follows: they show what Compagnon can do."""

LONGEST = 120
"""Longer texts are stories: only SOS itself and calls for the police or a doctor are looked for in them."""

STORY = 1000
"""Of texts longer than this the beginning and the end are looked at, and the word SOS anywhere: the answer must not wait."""
_SOS = re.compile(r"\bsos\b", re.IGNORECASE)

DANGER: Text = _(
    "🆘 Immediate danger: call {emergency} now. I am a bot, I cannot come.\n"
    "On call for your school: {on_call}. I am telling them now.\n"
    "Can you talk?"
)
DANGER_NOBODY: Text = _(
    "🆘 Immediate danger: call {emergency} now. I am a bot, I cannot come.\n"
    "I have no on-call number for your school. I am telling your coordinator and the head now.\n"
    "Can you talk?"
)
CARD: Text = _(
    "🆘 Immediate danger: call {emergency} now. I am a bot, I cannot come.\nOn call for your school: {on_call}."
)
CARD_NOBODY: Text = _("🆘 Immediate danger: call {emergency} now. I am a bot, I cannot come.")
"""What is said at once, from memory, before anything is stored; who is told comes after it, once that is true."""
ANSWERS: tuple[tuple[str, Text], ...] = (
    ("call", _("Yes, call me")),
    ("write", _("No, write to me")),
    ("mistake", _("It was a mistake")),
    ("numbers", _("Other numbers")),
    ("not", NOT_THEM),
)


def is_sos(text: str, more: tuple[str, ...] = ()) -> bool:
    """Whether a message is a cry for help: the word SOS anywhere, or a call for help that says nothing else."""
    if "🆘" in text:
        return True
    if text.strip().startswith("/") and plain(text).partition(" ")[0] in COMMANDS:
        return True
    text = said_in(text)
    if len(text) > STORY:
        return bool(_SOS.search(text)) or "sos" in cry_for_help(f"{text[: STORY // 2]} {text[-STORY // 2 :]}")
    kinds = cry_for_help(text, alone(more))
    return "sos" in kinds or ("alone" in kinds and len(text) <= LONGEST)


def cry_in(raw: object, more: tuple[str, ...] = ()) -> bool:
    """Whether anything that is written anywhere in an update is a cry for help: for one that nobody can read."""
    if isinstance(raw, str):
        return is_sos(raw, more)
    parts = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ()
    return any(cry_in(part, more) for part in parts)


def is_bare_sos(text: str) -> bool:
    """Whether a message is SOS alone, as an exercise asks for it; anything more is never taken for one."""
    words = read(text)
    return text.strip() == "🆘" or (0 < len(text) <= LONGEST and bool(words) and all("sos" in forms for forms in words))


def card(on_call: str | None) -> Text:
    """The words of the first second."""
    return CARD if on_call else CARD_NOBODY


def danger(on_call: str | None) -> Text:
    """The fixed answer: with the on-call number where there is one, honest where there is none."""
    return DANGER if on_call else DANGER_NOBODY
