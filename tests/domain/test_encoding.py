"""One reader for every text file; and the traces of a wrong one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.encoding import EncodingError, has_traces, text_from

NAMES = "Zoé Bréhaut; François Lefèvre; Château d'Élise; Noël; Ça; naïve; Hélène Müller"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman", "cp850"]
)
def test_text_is_read_in_every_encoding(encoding: str) -> None:
    assert text_from(NAMES.encode(encoding)) == NAMES


@given(st.text(min_size=1).filter(lambda text: "\x00" not in text and not text.startswith("\ufeff")))
def test_utf_8_is_read_as_it_is(text: str) -> None:
    assert text_from(text.encode()) == text


@given(st.binary(max_size=60))
def test_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        text_from(content)
    except EncodingError:
        return


@pytest.mark.parametrize(
    "written", ["ZoŽ BrŽhaut", "ZoÃ© BrÃ©haut", "Zo? Br?haut", "Zo\ufffd", "FranÃ§ois", "Fran‡ois", "H‚lŠne", "Ã‰lise"]
)
def test_traces_of_wrong_readings_are_found(written: str) -> None:
    assert has_traces(written)


@pytest.mark.parametrize(
    "written",
    [
        "Žarko Milošević",
        "Œdipe Sœur",
        "Jürgen Groß",
        "Ângela Conceição",
        "Škoda",
        "Ștefan Đoković",
        "Åsa Öberg",
        "d’Ève",
    ],
)
def test_names_of_europe_have_none(written: str) -> None:
    assert not has_traces(written)
