"""The texts of the example programme say the same in each language."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.programme import Programme
from bot.domain.programme.walk import texts
from bot.i18n import LANGUAGES, placeholders


def _tables(programme: Programme) -> list[tuple[str, Mapping[str, str]]]:
    return [(f"{each.where} {each.field}", each.words) for each in texts(programme) if not isinstance(each.words, str)]


def test_every_text_is_there_in_every_language(programme: Programme) -> None:
    lacking = [
        f"{where}: {language}"
        for where, words in _tables(programme)
        for language in LANGUAGES
        if not words.get(language)
    ]
    assert (len(_tables(programme)) > 300, lacking) == (True, [])


def test_every_language_fills_the_same_names(programme: Programme) -> None:
    uneven = [
        where
        for where, words in _tables(programme)
        if len({frozenset(placeholders(each)) for each in words.values()}) > 1
    ]
    assert uneven == []


def test_a_text_that_is_not_a_table_is_one_of_ours(programme: Programme) -> None:
    assert [f"{each.where} {each.field}" for each in texts(programme) if isinstance(each.words, str)] == []
