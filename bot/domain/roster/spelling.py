"""Comparing what people write: without accents, case and punctuation; and the nearest word to a misspelt one."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


def folded(written: str) -> str:
    """Lower-case letters and digits, single spaces: `E-mail du n° 1` gives `e mail du n 1`."""
    bare = unicodedata.normalize("NFKD", written.replace("°", " ")).casefold().translate(_LIGATURES)
    letters = (char if char.isalnum() else " " for char in bare if not unicodedata.combining(char))
    return " ".join("".join(letters).split())


def nearest(written: str, known: Iterable[str]) -> str | None:
    """The known word that is most like what was written; None when none is."""
    words = {folded(word): word for word in known}
    found = difflib.get_close_matches(folded(written), words, n=1, cutoff=0.7)
    return words[found[0]] if found else None


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown word: `; did you mean "stage"?`, or nothing."""
    word = nearest(written, known)
    return f'; did you mean "{word}"?' if word else ""
