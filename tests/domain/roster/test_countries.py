"""Countries, by every name and code that schools write."""

from __future__ import annotations

import pytest

from bot.domain.roster.cells import CellError
from bot.domain.roster.countries import read_country


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("de", "DE"),
        ("ALLEMAGNE", "DE"),
        ("España", "ES"),
        ("norway", "NO"),
        ("Cote d'Ivoire", "CI"),
        ("UK", "GB"),
        ("EL", "GR"),
    ],
)
def test_country_is_read_by_code_and_by_name(written: str, code: str) -> None:
    assert read_country(written) == code


def test_country_unknown_is_refused_with_the_nearest() -> None:
    with pytest.raises(CellError) as caught:
        read_country("Allemange")
    assert str(caught.value) == (
        '"Allemange" is no country: write its name or its code (DE, ES); did you mean "Allemagne"?'
    )
