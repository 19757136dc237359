"""How much is heard of what young people write, and how seldom something else is taken for it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.domain.cries.detector import WHOLE, cry_for_help, kinds_in
from tests.domain.phrases.measure import LANGUAGES, Measure, measured, phrases, tuned, unseen


def test_there_are_phrases_enough() -> None:
    assert len(tuple(phrases("all", "cries"))) >= 400
    assert len(tuple(phrases("all", "harmless"))) >= 600


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_lists_were_made_with_is_heard(language: str) -> None:
    found = measured(language)
    assert (found.recall >= 0.97, found.false) == (True, [])


def test_of_what_the_lists_were_tuned_on_since_nearly_all_is_heard() -> None:
    found = _together([tuned(language) for language in LANGUAGES])
    assert found.recall >= 0.96
    assert found.precision >= 0.98


def test_of_words_that_nobody_listed_most_are_heard_and_few_alarms_are_false() -> None:
    """Half of what is harmless there misleads on purpose. What is not heard is offered to an adult all the same. These may only
    become better.
    """
    found = _together([unseen(language) for language in LANGUAGES])
    print(f"never tuned on: recall {found.recall:.1%}, precision {found.precision:.1%}, asked {found.asks:.1%}")
    assert found.recall >= 0.92
    assert found.precision >= 0.94
    assert found.asks <= 0.09


@pytest.mark.parametrize("kind", ["cries", "harmless"])
def test_a_cry_for_help_is_one_whether_or_not_the_rest_is_listened_to(kind: str) -> None:
    for text in ("SOS", "help", "help please", "an sos call in the film", *phrases("en", kind), *phrases("fr", kind)):
        assert (text, cry_for_help(text)) == (text, kinds_in(text) & WHOLE)


def _together(found: Sequence[Measure]) -> Measure:
    return sum(found, Measure((), ()))
