"""The language people work in at a place: from the country, from the town where a country has several."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.languages import get_official_languages

from bot.domain.spelling import folded

TOWNS = Path(__file__).with_name("working_languages.toml")


def working_language(country: str, city: str, own: str) -> str:
    """A language code; of a country's official languages the learner's own, for the host was chosen so. Empty: unknown."""
    towns = _towns().get(country)
    if towns is not None:
        parts = [folded(part) for part in (city, *re.split(r"[,;/()]", city))]
        found = next((towns[part] for part in parts if part in towns), None)
        return found or towns[""]
    spoken = [language.partition("_")[0] for language in get_official_languages(country, de_facto=True)]
    return own if own in spoken else next(iter(spoken), "")


def is_spoken(country: str, language: str) -> bool:
    """Whether a language is one of those of a country."""
    return language in {each.partition("_")[0] for each in get_official_languages(country, de_facto=True)}


@cache
def _towns() -> Mapping[str, Mapping[str, str]]:
    written = tomllib.loads(TOWNS.read_text("utf-8"))
    return {
        country: {"": languages["else"]}
        | {
            name.strip(): language
            for language, names in languages.items()
            if language != "else"
            for name in names.split("|")
        }
        for country, languages in written.items()
    }
