"""Who is still the same guardian, whatever became of the spelling; and who is somebody else."""

from __future__ import annotations

import pytest

from bot.domain.roster import Guardian
from bot.domain.roster.guardians import same_guardians

MAIL, PHONE = "famille@example.org", "+33639980110"
SAMIRA = Guardian("Samira Haddouche", MAIL, PHONE, "fr")


def named(name: str, email: str | None = MAIL, phone: str | None = PHONE) -> Guardian:
    return Guardian(name, email, phone, "fr")


@pytest.mark.parametrize(
    "now",
    [
        named("Samira Haddouché"),
        named("Haddouche Samira"),
        named("Mme Samira HADDOUCHE"),
        named("Samira Hadouche", phone=None),
        named("S. Haddouche", email="FAMILLE@example.org", phone=None),
        named("Samira Haddouche-Benali", email=None),
        named("Samira Benali"),
        named("HADDOUCHÉ Samira", email="new@example.org", phone="+33600000000"),
    ],
)
def test_a_name_spelt_better_is_the_same_guardian(now: Guardian) -> None:
    assert same_guardians([SAMIRA], [now], "Haddouche") == {0: 0}


@pytest.mark.parametrize(
    "now",
    [
        named("Karim Haddouche"),
        named("Fatima Zahra El Idrissi"),
        named("Samira Hadouche", email="new@example.org", phone=None),
        named("Samir Haddouche", email=None, phone=None),
    ],
)
def test_another_human_is_another_guardian_even_with_the_same_mailbox(now: Guardian) -> None:
    assert same_guardians([SAMIRA], [now], "Haddouche") == {}


def test_two_guardians_with_one_mailbox_keep_their_places_when_the_sheet_is_sorted_anew() -> None:
    karim = named("Karim Haddouche", phone="+33639980111")

    assert same_guardians([SAMIRA, karim], [named("Haddouche Karim"), named("Haddouché Samira")], "Haddouche") == {
        0: 1,
        1: 0,
    }
