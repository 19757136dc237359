"""Help lines: what is shipped, what a school adds, and what is said of numbers that cannot be right."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.domain.programme.check import check
from bot.domain.programme.check_rules import FRENCH_ONLY, old_numbers
from bot.domain.programme.help import Help, shipped
from bot.domain.programme.load import load
from tests.example import EXAMPLE

LINE = (
    '[[help.lines]]\nwhat = "{}"\ncountries = {}\nnumber = "{}"\nsource = "no.ambafrance.org"\nchecked = 2026-09-01\n'
)


def written(what: str, countries: str, number: str) -> str:
    return EXAMPLE + LINE.format(what, countries, number)


def numbers(text: str, country: str) -> dict[str, str]:
    return {what: line.number for what, line in load(text, "p.toml").help.of(country).items()}


def test_what_is_shown_where_the_school_wrote_nothing() -> None:
    common = {"emergency": "112", "child": "116 111", "adult": "116 123", "crisis_centre": "+33 1 53 59 11 10"}
    crisis = {"crisis_centre": "+33 1 53 59 11 10"}
    assert numbers(EXAMPLE, "NO") == common | {"police": "112", "medical": "113", "fire": "110"}
    german = {"police": "110", "medical": "112", "fire": "112", "consulate": "+49 30 590 03 9000"}
    assert numbers(EXAMPLE, "DE") == common | german
    assert numbers(EXAMPLE, "JP") == crisis | {"police": "110", "medical": "119", "fire": "119"}
    french = {"emergency": "112", "police": "17", "medical": "15", "fire": "18"}
    assert numbers(EXAMPLE, "FR") == french | {"child": "119", "adult": "3114"}
    assert numbers(EXAMPLE, "") == {}


def test_the_schools_own_line_comes_first() -> None:
    assert numbers(written("child", '["NO"]', "116 117"), "NO")["child"] == "116 117"


def test_french_lines_are_listed_nowhere_abroad() -> None:
    abroad = {line.number for line in shipped() if line.countries != ("FR",)}
    assert abroad.isdisjoint(FRENCH_ONLY)


@pytest.mark.parametrize(
    ("what", "countries", "number", "says"),
    [
        ("consulate", '["UK"]', "+44 1", 'help.lines no. 1, UK: this is no country code of two capital letters (ISO 3166); did you mean "GB"?'),
        ("consulate", '["NO"]', "see the web", 'help.lines no. 1, number: "see the web" cannot be dialled: write it as "+49 30 1234567" or "116 111"'),
        ("adult", '["NO", "FR"]', "3114", 'help.lines no. 1, number: 3114 answers in France only: write countries = ["FR"], or remove it'),
        ("child", "[]", "119", 'help.lines no. 1, number: 119 answers in France only: write countries = ["FR"], or remove it'),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_right_is_refused(what: str, countries: str, number: str, says: str) -> None:
    assert [str(each) for each in check(load(written(what, countries, number), "p.toml"))] == [says]


def test_every_shipped_number_says_where_it_comes_from() -> None:
    assert all(line.source and line.checked <= date(2026, 11, 22) for line in Help().every())


def test_after_a_year_a_number_is_in_doubt_until_somebody_compares_it() -> None:
    own = load(written("crisis_centre", "[]", "+33 1 53 59 11 10"), "p.toml")
    soon, late = date(2027, 8, 31), date(2026, 9, 1) + timedelta(days=366)

    assert [each.field for each in old_numbers(own, soon)] == ["consulate +49 30 590 03 9000"]
    assert [each.field for each in old_numbers(own, late)][:1] == ["crisis_centre +33 1 53 59 11 10"]
