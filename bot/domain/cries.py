"""Words that are a cry for help when nothing else is said: in the languages of the schools and of the hosts."""

from __future__ import annotations

import re

from bot.domain.plain import plain

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
