"""Learners are spoken to as one speaks to friends; a colleague on a stay of their own is not."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bot.domain.stay import Kind
from bot.i18n import Text

TEXTS = Path(__file__).with_name("formal.toml")


def spoken_to(kind: Kind | None, text: Text, language: str) -> Text:
    """A text as it is said to somebody on a stay of that kind. The programme's own for staff are formal as they are."""
    if kind is not Kind.STAFF or not isinstance(text, str):
        return text
    words = formal().get(text, {})
    return {language: words[language]} if language in words else text


@cache
def formal() -> Mapping[str, Mapping[str, str]]:
    """The formal words of each text that has others."""
    return {each["en"]: each for each in tomllib.loads(TEXTS.read_text("utf-8"))["texts"]}
