"""The cry for help: how it is recognised, and what is answered at once.

The texts are fixed; nobody composes them in the moment. 112 is the European emergency number (Directive (EU)
2018/1972, art. 109); elsewhere the programme's table of numbers is shown.

Words that are a cry for help when nothing else is said: in the languages of the schools and of the hosts.
"""

from __future__ import annotations

import re

from bot.domain.spelling import plain
from bot.i18n import Text, _

WORDS = frozenset(
    plain(word)
    for word in (
        "SOS", "🆘",
        "urgence", "au secours", "au secour", "secours", "à l'aide", "à laide", "à l'aide moi", "aidez-moi", "aide-moi",
        "j'ai besoin d'aide", "besoin d'aide", "sauvez-moi", "venez m'aider", "venez vite", "help", "help me", "helpme",
        "emergency", "I need help", "need help", "save me", "please help", "ayuda", "socorro", "ayúdame", "ayúdenme",
        "ayudadme", "necesito ayuda", "emergencia", "auxilio", "urgencia",
        "hilfe", "zu hilfe", "notfall", "hilf mir", "helft mir", "helfen sie mir", "bitte helfen", "ich brauche hilfe",
        "aiuto", "aiutami", "aiutatemi", "ho bisogno di aiuto", "mi serve aiuto", "soccorso", "emergenza",
        "ajuda", "pomocy", "pomoc", "noodgeval", "help mij",
    )
)  # fmt: skip
"""Whole messages that are a cry for help. Within a sentence they are ordinary words: "he helps me", "au secours du chat"."""

COMMANDS = frozenset(
    {"sos", "urgence", "secours", "emergency", "emergencia", "socorro", "notfall", "hilfe", "emergenza", "aiuto"}
)
"""After a slash. /help, /aide and /ayuda are none: they show what Compagnon can do."""

LONGEST = 120
"""Longer texts are stories: only SOS itself is looked for in them."""
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_OVER_AND_OVER = re.compile(r"(.+?)(?: \1)+")
_SPELLED = re.compile(r"(?:^| )s o s(?: |$)")


def is_cry(typed: str, more: frozenset[str]) -> bool:
    """Whether a text that is plain already is a cry: SOS anywhere, or one of the words alone, drawn out or repeated."""
    if "sos" in typed.split() or _SPELLED.search(typed):
        return True
    if len(typed) > LONGEST:
        return False
    short = _DRAWN_OUT.sub(r"\1", typed)
    return bool({typed, short, _once(short)} & (WORDS | more))


def is_bare(typed: str) -> bool:
    """Whether a text is SOS and nothing else: any word beside it may say what is the matter."""
    return len(typed) <= LONGEST and _once(_DRAWN_OUT.sub(r"\1", typed)) in {"sos", "s o s"}


def _once(typed: str) -> str:
    """Something said over and over, said once."""
    again = _OVER_AND_OVER.fullmatch(typed)
    return again[1] if again else typed


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
