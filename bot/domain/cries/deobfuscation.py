"""A text without its disguises: look-alike letters, digits for letters, letters drawn out, spaced out or hidden.

Each word keeps every form it may stand for. `H3LP`, `ｈｅｌｐ`, `h e l p`, `heeelp` and `һеlр` can all be read as `help`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from bot.domain.spelling import LIGATURES

Forms = frozenset[str]
LONGEST = 6000
"""Characters; nobody writes more in one message."""
REMEMBERED, LONGEST_REMEMBERED = 1024, 24
"""Words of which what was worked out last is remembered, and the letters of the longest: people use the same few, and a message
is read by sentences too.
"""
_CHUNK = re.compile(r"\S+")
_HAN = re.compile(r"([\u3400-\u9fff\uf900-\ufaff])")
_CYRILLIC_APOSTROPHE = re.compile(r"(?<=[\u0400-\u04ff])['’ʼ`](?=[\u0400-\u04ff])")
"""A letter of Ukrainian rather than the end of a word."""
_RUN = re.compile(r"(.)\1{2,}")
_STARRED = re.compile(r"[^\W\d_]+[*#]+[^\W\d_]+")
_FIGURES = str.maketrans("013457890@$€!|+", "oieastbgoaseilt")
_FIGURES_L = str.maketrans("013457890@$€!|+", "oleastbgoaselit")
_MIXED = re.compile(r"(?=.*[^\W\d_])[\w@$€!|+]*[0-9@$€!|+][\w@$€!|+]*")
_ARABIC = str.maketrans({"ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ٱ": "ا", "ـ": ""})
_ALIKE = LIGATURES | _ARABIC
_BOXED = {
    start + place: letter
    for start in (0x1F150, 0x1F170, 0x1F1E6)
    for place, letter in enumerate("abcdefghijklmnopqrstuvwxyz")
}
"""Letters in filled circles and boxes, and those that flags are made of."""


def read(text: str) -> tuple[Forms, ...]:
    """The words of a text, each with its forms."""
    words = _joined(split(text[:LONGEST]))
    return tuple(_known_forms(word) if len(word) <= LONGEST_REMEMBERED else _forms(word) for word in words)


def split(text: str) -> list[str]:
    """The words of a text, folded, and nothing guessed."""
    return [word for chunk in _CHUNK.findall(folded(text)) for word in _words(chunk)]


@lru_cache(maxsize=8)
def folded(text: str) -> str:
    """Lower case, one form for each letter, and nothing that is not seen. A message and its sentences are read twice: their
    words are looked up, and how like a cry they are.
    """
    if text.isascii():
        return text.lower()
    return _HAN.sub(r" \1 ", letters_of(text))


def undrawn(word: str) -> str:
    """A word without letters that are drawn out."""
    return _RUN.sub(r"\1\1", word) if len(word) > 2 else word


def letters_of(text: str) -> str:
    """Lower case, one form for each letter; characters of Chinese are not yet words."""
    if text.isascii():
        return text.lower()
    seen = _changed(_without(text, "Cf"), _BOXED)
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", seen).casefold())
    return _changed(_CYRILLIC_APOSTROPHE.sub("", _without(bare, "M")), _ALIKE)


def _without(text: str, category: str) -> str:
    """A text without the characters of a category."""
    return _changed(text, {ord(char): "" for char in set(text) if unicodedata.category(char).startswith(category)})


def _changed(text: str, others: Mapping[int, str]) -> str:
    """As `str.translate`, and much faster for a long text of few letters."""
    for char in set(text):
        if ord(char) in others:
            text = text.replace(char, others[ord(char)])
    return text


def _words(chunk: str) -> list[str]:
    """What stands between two spaces, as words; a figure or a star within one is a letter of it."""
    if chunk.isalnum():
        return [chunk]
    bare = chunk.strip(".,;:!?()[]{}\"'«»“”’…*#¡¿-")
    if _STARRED.fullmatch(bare) or _MIXED.fullmatch(bare):
        return [bare]
    return "".join(char if char.isalnum() else " " for char in chunk).split()


def _joined(words: list[str]) -> list[str]:
    """Letters written one by one, as the word they spell."""
    joined: list[str] = []
    spelt: list[str] = []
    for word in [*words, ""]:
        if len(word) == 1 and not _HAN.match(word):
            spelt.append(word)
            continue
        if spelt[:3] == ["s", "o", "s"]:
            joined, spelt = [*joined, "sos"], spelt[3:]
        joined += ["".join(spelt)] if len(spelt) > 2 else spelt
        spelt = []
        joined.append(word)
    return joined[:-1]


@lru_cache(maxsize=REMEMBERED)
def _known_forms(word: str) -> Forms:
    return _forms(word)


def _forms(word: str) -> Forms:
    """The word as it is written, and as it may be meant."""
    forms = {word}
    if _MIXED.fullmatch(word):
        forms |= {word.translate(_FIGURES), word.translate(_FIGURES_L)}
    if not word.isascii():
        forms |= {latin for form in tuple(forms) if (latin := _latin(form))}
    for form in tuple(forms):
        if _RUN.search(form):
            forms |= {_RUN.sub(r"\1", form), _RUN.sub(r"\1\1", form)}
    if word[-1:] == word[-2:-1] and word.isalpha():
        forms.add(word[:-1])
    return frozenset(forms)


def _latin(word: str) -> str:
    """The word in the Latin letters that its own look like; empty where one looks like none."""
    alike = _lookalikes()
    letters = [char if char.isascii() else alike.get(char, "") for char in word]
    return "".join(letters) if all(letters) else ""


@cache
def _lookalikes() -> dict[str, str]:
    """Letters of other alphabets that can be taken for one of a to z.

    The table is read from its file: the library's own module keeps all of it for as long as we run.
    """
    table = files("confusable_homoglyphs").joinpath("confusables.json").read_text("utf-8")
    found: dict[str, str] = {}
    for char, others in json.loads(table, object_hook=_its_letter).items():
        for latin in filter(None, others):
            if not char.isascii():
                found.setdefault(char, latin)
                found.setdefault(char.casefold(), latin)
    return found


def _its_letter(read: dict[str, Any]) -> Any:
    """Of what a letter looks like only the letter from a to z, as soon as it is read, and nothing of its name or of any other
    letter; the table itself as it is.
    """
    letter = read.get("c")
    if not isinstance(letter, str):
        return read
    latin = letter.casefold()
    return latin if len(latin) == 1 and latin.isascii() and latin.isalpha() else ""
