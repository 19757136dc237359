"""Parts that fit, rows that can be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.layout import parts_of, rows, split, units
from bot.domain.messages import Button, Enclosure, Outgoing

WORDS = st.text(st.sampled_from("aé🆘👩🏽‍🎓 \n"), max_size=300)


def encoded(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(WORDS, st.integers(min_value=2, max_value=40))
def test_every_part_fits_and_nothing_but_space_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit)

    assert all(encoded(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(parts) or parts == [""]


@given(WORDS)
def test_length_is_counted_as_telegram_counts_it(text: str) -> None:
    assert units(text) == encoded(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("short", ["short"]),
        ("one two three", ["one two", "three"]),
        ("one\ntwo three", ["one\ntwo", "three"]),
        ("first one\nsecond", ["first one", "second"]),
        ("first\n\na b c d", ["first", "a b c d"]),
        ("unbroken-word", ["unbroken-w", "ord"]),
        ("🆘🆘🆘🆘🆘🆘", ["🆘🆘🆘🆘🆘", "🆘"]),
    ],
)
def test_a_text_is_cut_where_it_reads_best(text: str, parts: list[str]) -> None:
    assert split(text, 10) == parts


@pytest.mark.parametrize(
    ("labels", "laid"),
    [
        ([], []),
        (["Yes", "No"], [[0, 1]]),
        (["1", "2", "3", "4"], [[0, 1], [2, 3]]),
        (["1", "2", "3", "4", "5"], [[0, 1, 2], [3, 4]]),
        (["Good", "Could be better"], [[0, 1]]),
        (["Good", "Could be better", "Bad"], [[0, 1], [2]]),
        (["Yes, it is all done", "No"], [[0], [1]]),
        (["Yes", "No", "I do not know yet, ask me"], [[0, 1], [2]]),
    ],
)
def test_short_labels_share_a_row_and_long_ones_do_not(labels: list[str], laid: list[list[int]]) -> None:
    assert rows(labels) == laid


@given(st.lists(st.text("ab", min_size=1, max_size=20), max_size=20))
def test_every_button_is_there_once_and_in_order(labels: list[str]) -> None:
    laid = rows(labels)

    assert [place for row in laid for place in row] == list(range(len(labels)))
    assert all(1 <= len(row) <= 3 for row in laid)


FILE = Enclosure("a.pdf", "application/pdf", b"%PDF")
YES = (Button("7.1", "Yes"),)


def outline(message: Outgoing) -> list[tuple[int, bool, bool]]:
    """Of each part: units of text, whether there is a file, whether there are buttons."""
    return [(units(part.text), part.file is not None, part.buttons is not None) for part in parts_of(message)]


def test_buttons_are_under_the_last_part() -> None:
    assert outline(Outgoing(1, "5", "x" * 5000, YES)) == [(4096, False, False), (904, False, True)]


def test_a_text_stands_under_its_file_where_it_fits() -> None:
    assert outline(Outgoing(1, "5", "x" * 1024, YES, file=FILE)) == [(1024, True, True)]


def test_a_longer_one_comes_before_it() -> None:
    assert outline(Outgoing(1, "5", "x" * 1025, YES, file=FILE)) == [(1025, False, False), (0, True, True)]
