"""What is wrong with a roster is said in the reader's language."""

from __future__ import annotations

import pytest

from bot.domain.roster.fields import Field
from tests.domain.roster.conftest import ReadRows, read_rows, tagged

__all__ = ["read_rows", "tagged"]
SPOILT = (
    {Field.BIRTH: "31/02/2009"},
    {Field.BIRTH: "01/01/2020"},
    {Field.TRACK: "staff"},
    {Field.TRACK: "pottery"},
    {Field.COUNTRY: "Norwége"},
    {Field.COUNTRY: "Nowhere at all"},
    {Field.SCHOOL: "valmerr"},
    {Field.KIND: "sideways"},
    {Field.CITY: ""},
    {Field.BACK: "01/03/2027"},
    {Field.END: "09/03/2027"},
    {Field.PHONE: "12"},
    {Field.EMAIL: "nobody"},
    {Field.LANGUAGE: "klingonese"},
    {Field.LANGUAGE: "de"},
    {Field.TUTOR_EMAIL: "a@example.org"},
    {Field.GUARDIAN_1_NAME: "Mona"},
    {Field.GUARDIAN_1_EMAIL: "a@example.org"},
    {Field.COUNTRY: "États-Unis", Field.CITY: "Springfield"},
    {Field.ZONE: "Mars/Olympus"},
    {Field.BIRTH: "19/06/2011"},
    {Field.REFERENCE: "x" * 60},
)


@pytest.mark.parametrize("spoilt", SPOILT, ids=lambda each: " ".join(f"{key}={value}" for key, value in each.items()))
def test_every_sentence_is_told_in_every_language(read_rows: ReadRows, spoilt: dict[Field, str]) -> None:
    roster = read_rows(spoilt)
    said = (*roster.problems, *roster.warnings)

    assert said
    assert [each.told("en") for each in said if each.told("en") in {each.told("fr"), each.told("es")}] == []
