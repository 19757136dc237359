"""One person, one reference, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.roster.cells import CellError
from bot.domain.roster.reference import read_reference, reference_key


@pytest.mark.parametrize(
    "ways",
    [
        (
            "VAL-01",
            "val-01",
            "Val 01",
            "val_01",
            "VAL01",
            "VAL\u201101",
            "VAL\u201301",
            "\uff36\uff21\uff2c-\uff10\uff11",
            " val.01 ",
        ),
        ("00123", "123", "0123", "\uff11\uff12\uff13"),
        ("0", "000"),
        ("É-7", "e7", "E\u0301 7"),
    ],
)
def test_ways_to_write_one_reference_have_one_key(ways: tuple[str, ...]) -> None:
    assert len({reference_key(way) for way in ways}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("VAL-01", "VAL-1"), ("A0", "A"), ("0A1", "A1"), ("R1", "R10"), ("10", "1")]
)
def test_references_of_two_people_keep_two_keys(one: str, other: str) -> None:
    assert reference_key(one) != reference_key(other)


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(written: str) -> None:
    assert reference_key(reference_key(written)) == reference_key(written)


def test_reference_too_long_is_refused() -> None:
    with pytest.raises(CellError) as caught:
        read_reference("R" * 41)
    assert str(caught.value) == f'"{"R" * 20}…" is too long for a reference: 40 characters at most'


def test_reference_of_signs_alone_is_refused() -> None:
    with pytest.raises(CellError) as caught:
        read_reference(" -- ")
    assert str(caught.value) == '"--" is no reference: it needs letters or figures'
