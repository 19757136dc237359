"""The cry for help: how it is recognised, and what is answered at once.

The texts are fixed; nobody composes them in the moment. 112 is the European emergency number (Directive (EU)
2018/1972, art. 109); elsewhere the programme's table of numbers is shown.
"""

from __future__ import annotations

from bot.domain.plain import plain
from bot.i18n import Text, _

WORDS = frozenset(
    plain(word)
    for word in (
        "SOS", "urgence", "au secours", "secours", "à l'aide", "aidez-moi", "aide-moi", "j'ai besoin d'aide",
        "help", "help me", "emergency", "I need help", "ayuda", "socorro", "ayúdame", "emergencia", "auxilio",
        "hilfe", "notfall", "aiuto", "emergenza", "ajuda", "pomocy", "🆘",
    )
)  # fmt: skip
"""Whole messages that are a cry for help, in the languages of the schools and of the hosts."""

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
)


def is_sos(text: str, more: tuple[str, ...] = ()) -> bool:
    """Whether a message is a cry for help: the word SOS anywhere, or one of the words alone, however written."""
    if "🆘" in text:
        return True
    typed = plain(text)
    if not typed:
        return False  # other emoji, punctuation: no word at all
    if text.strip().startswith("/"):
        return typed.split()[0] == "sos"
    if typed in WORDS or typed in {plain(word) for word in more}:
        return True
    return "sos" in typed.split()


def card(on_call: str | None) -> Text:
    """The words of the first second."""
    return CARD if on_call else CARD_NOBODY


def danger(on_call: str | None) -> Text:
    """The fixed answer: with the on-call number where there is one, honest where there is none."""
    return DANGER if on_call else DANGER_NOBODY
