"""How much is heard of what young people write, and how seldom something else is taken for it."""

from __future__ import annotations

import pytest

from tests.domain.phrases.measure import LANGUAGES, UNSEEN, measured, unseen


def test_there_are_phrases_enough() -> None:
    parts = [measured("all", held_out=held_out) for held_out in (False, True)]
    assert sum(part.cries for part in parts) >= 400
    assert sum(part.harmless for part in parts) >= 600


@pytest.mark.parametrize("language", LANGUAGES)
def test_cries_are_heard_and_alarms_are_cries(language: str) -> None:
    found = measured(language, held_out=False)
    assert (found.missed, found.false) == ((), ())


def test_of_what_nothing_was_tuned_on_nine_in_ten_are_heard() -> None:
    found = measured("all", held_out=True)
    print(f"held out: recall {found.recall:.1%}, precision {found.precision:.1%}")
    assert found.recall >= 0.95
    assert found.precision >= 0.98


def test_of_indirect_words_that_nobody_listed_half_are_heard_and_hardly_any_alarm_is_false() -> None:
    """What is not heard is offered to an adult all the same. These two may only rise."""
    found = [unseen(path.stem) for path in UNSEEN.glob("*.toml")]
    cries, heard = sum(each.cries for each in found), sum(each.cries - len(each.missed) for each in found)
    print(f"never tuned on: recall {heard / cries:.1%}")
    assert heard / cries >= 0.5
    assert heard / (heard + sum(len(each.false) for each in found)) >= 0.95
