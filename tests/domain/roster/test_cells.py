"""Names and addresses, however they are written."""

from __future__ import annotations

import pytest

from bot.domain.roster import Cell
from bot.domain.roster.cells import CellError, read_email, read_name, text_of


def test_email_is_taken_out_of_a_link_and_its_domain_is_small() -> None:
    assert read_email("mailto:Lina.H@Example.ORG ") == "Lina.H@example.org"


@pytest.mark.parametrize(
    "written", ["lina", "lina@example", "a@b.org, c@d.org", "Lina <lina@example.org>", "lina@@example.org"]
)
def test_email_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(CellError) as caught:
        read_email(written)
    assert str(caught.value) == f'"{written}" is no e-mail address: write one address, like prenom.nom@example.org'


def test_name_loses_what_cannot_be_seen() -> None:
    assert read_name(" Awa\u202e\n Cissokho\u200b ") == "Awa Cissokho"


@pytest.mark.parametrize(("cell", "text"), [(None, ""), (12.0, "12"), (1.5, "1.5"), (7, "7"), (" a\n b ", "a b")])
def test_text_is_one_line_and_whole_numbers_stay_whole(cell: Cell, text: str) -> None:
    assert text_of(cell) == text
