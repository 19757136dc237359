"""How like a cry a text is: from its pieces and their meanings, each with a part that can be named."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.cries.classifier import SIZE, likeness, pieces, reasons, rows_of
from bot.domain.cries.detector import hear
from bot.domain.distress import DOUBT, weigh
from bot.domain.level import Level

LEARNT = Path(__file__).parents[1] / "phrases" / "learnt"
NOTHING = likeness("", ())


def test_pieces_are_of_words_and_of_which_stand_together() -> None:
    assert pieces("Où es") == {" o", "ou", "u ", " ou", "ou ", " ou ", " e", "es", "s ", " es", "es ", " es ", "ou es"}
    assert pieces("NOOOOON") == pieces("noon")


@pytest.mark.parametrize("text", ["", "?", "ça va bien", "il entre dans ma chambre la nuit", "他晚上进我的房间"])
def test_every_part_is_named_and_together_they_are_the_likeness(text: str) -> None:
    meanings = hear(text).whole[1].meanings()
    parts = reasons(text, meanings, most=100_000)
    assert NOTHING + sum(part for _, part in parts) == pytest.approx(likeness(text, meanings))
    assert all(0 <= row < SIZE for row in rows_of(pieces(text)))


def test_what_speaks_for_a_cry_comes_first() -> None:
    words = "he comes in my room at night and i am scared"
    parts = [part for _, part in reasons(words, hear(words).whole[1].meanings())]
    assert parts == sorted(parts, reverse=True)
    assert hear(words).like > 0 > hear("the room is nice and i slept well all night").like


def test_a_message_is_like_a_cry_only_where_one_of_its_sentences_is() -> None:
    one = "someone follows me home every evening and i am afraid"
    told = "We had pizza. The bus was late again. Work is fine."
    assert hear(f"{told} {one}. See you on Monday!").like > 0
    assert hear(told).like < 0


@pytest.mark.parametrize(
    ("kinds", "listed", "like", "level"),
    [
        ((), None, 3.1, Level.TODAY), ((), None, 0.1, Level.NONE), ((), None, -0.1, None),
        (("speak",), None, 9, None),
        (("doubt",), Level.NONE, 1.6, Level.TODAY), (("doubt",), Level.NONE, -1.9, Level.NONE),
        (("doubt",), Level.NONE, -2.1, None), (("low",), Level.NONE, 9, Level.NONE),
        (("violence",), Level.NOW, 0.1, Level.NOW), (("violence",), Level.NOW, -9, Level.NONE),
        (("lost_documents",), Level.FOLLOW_UP, -9, Level.FOLLOW_UP),
    ],
)  # fmt: skip
def test_the_lists_and_the_likeness_are_two_signs(
    kinds: tuple[str, ...], listed: Level | None, like: float, level: Level | None
) -> None:
    assert DOUBT == "doubt"
    assert weigh(frozenset(kinds), listed, like) is level


def test_what_is_learnt_is_written_as_it_is_read() -> None:
    lines = [line for path in sorted(LEARNT.glob("*.tsv")) for line in path.read_text("utf-8").splitlines()]
    assert [line for line in lines if line.partition("\t")[0] not in {"cry", "ok"} or not line.partition("\t")[2]] == []


def test_a_word_too_long_to_be_remembered_has_the_same_parts() -> None:
    for text in ("a" + "bcdefg" * 20, "abcdefg hij " * 3):
        parts = reasons(text, ("me", "hit"), most=100_000)
        assert NOTHING + sum(part for _, part in parts) == pytest.approx(likeness(text, ("me", "hit")))
