"""The cry for help: how it is recognised, and what is answered at once.

The texts are fixed; nobody composes them in the moment. 112 is the European emergency number (Directive (EU)
2018/1972, art. 109); elsewhere the programme's table of numbers is shown.
"""

from __future__ import annotations

from bot.domain.cries import COMMANDS, is_bare, is_cry
from bot.domain.plain import plain
from bot.i18n import Text, _

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
)


def is_sos(text: str, more: tuple[str, ...] = ()) -> bool:
    """Whether a message is a cry for help: the word SOS anywhere, or one of the words alone, however written."""
    if "🆘" in text:
        return True
    typed = plain(text)
    if not typed:
        return False  # other emoji, punctuation: no word at all
    if text.strip().startswith("/"):
        return typed.split()[0] in COMMANDS
    return is_cry(typed, frozenset(plain(word) for word in more))


def is_bare_sos(text: str) -> bool:
    """Whether a message is SOS alone, as an exercise asks for it; anything more is never taken for one."""
    return text.strip() == "🆘" or is_bare(plain(text))


def card(on_call: str | None) -> Text:
    """The words of the first second."""
    return CARD if on_call else CARD_NOBODY


def danger(on_call: str | None) -> Text:
    """The fixed answer: with the on-call number where there is one, honest where there is none."""
    return DANGER if on_call else DANGER_NOBODY
