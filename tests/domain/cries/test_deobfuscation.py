"""A word is read through its disguises, and ordinary words stay what they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cries.deobfuscation import read
from bot.domain.cries.detector import kinds_in

DISGUISES = (
    "help", "HELP!!", "h e l p", "h.e.l.p", "h-e-l-p", "heeeelp", "helpp", "h3lp", "ｈｅｌｐ", "𝐡𝐞𝐥𝐩", "ⓗⓔⓛⓟ", "🅷🅴🅻🅿", "🇭🇪🇱🇵",
    "hеlр", "h\u200be\u200bl\u200bp", "\u202ehelp\u202c", "h\u00adelp", "hélp", "(help)", "…help…",
)  # fmt: skip


@pytest.mark.parametrize("written", DISGUISES)
def test_a_word_is_read_through_its_disguise(written: str) -> None:
    assert ["help" in forms for forms in read(written)] == [True]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("J'ai été à l'hôpital", ["j", "ai", "ete", "a", "l", "hopital"]),
        ("Straße, Œuvre, Łódź", ["strasse", "oeuvre", "lodz"]),
        ("вб'є", ["вбє"]),
        ("我想回家", ["我", "想", "回", "家"]),
        ("أريدُ", ["اريد"]),
        ("", []),
        ("…!?", []),
    ],
)
def test_words_are_folded_in_every_script(written: str, words: list[str]) -> None:
    assert [word in forms for word, forms in zip(words, read(written), strict=True)] == [True] * len(words)


@pytest.mark.parametrize("written", ["iwanttodie", "jeveuxmourir", "killmyself"])
def test_words_written_as_one_are_taken_apart(written: str) -> None:
    assert kinds_in(written) == {"self_harm"}


@pytest.mark.parametrize(
    "written", ["he threatned me", "I am suicdal", "il m'a frapée", "they harrass me", "su*cide", "k1ll myself"]
)
def test_a_typing_error_hides_no_cry(written: str) -> None:
    assert kinds_in(written)


@pytest.mark.parametrize(
    "written", ["rapping all day", "grapes", "a violin", "poisson", "mobilité", "empresa", "detresse", "Francesco"]
)
def test_a_word_that_only_resembles_one_is_none(written: str) -> None:
    assert kinds_in(written) == frozenset()


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_accident(text: str) -> None:
    assert all(read(text))
    assert "idioms" not in kinds_in(text)
