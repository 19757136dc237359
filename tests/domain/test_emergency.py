"""Emergency numbers: every country has a row with its source, and each place is said its own."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from babel import Locale
from phonenumbers import shortnumberinfo

from bot.domain.emergency import countries_on, in_a_sentence, of_the_stay, one_below_the_other
from bot.domain.programme import Programme
from bot.domain.programme.check_rules import NEVER_COUNTRIES
from bot.domain.programme.help import emergency_lines, european_number_works
from bot.domain.programme.load import load
from bot.domain.stay import Kind
from bot.i18n import show
from tests.domain.stays import LEIPZIG
from tests.example import EXAMPLE

NOBODY_THERE = {"AQ", "BV", "CP", "DG", "EA", "GS", "HM", "IC", "IO", "KP", "PN", "TF", "TK", "UM"}
"""Uninhabited, parts of Spain with a code of their own, and North Korea, of which no source knows a number."""
COACH = dataclasses.replace(
    LEIPZIG, country="MA", city="Meknès", zone="Africa/Casablanca", birth=None, nights_out=1, nights_back=1
)


def programme(more: str = "") -> Programme:
    return load(EXAMPLE.replace('#MA = "19"', more), "programme.toml")


def test_every_country_has_a_row() -> None:
    codes = {str(code) for code in Locale("en").territories if len(str(code)) == 2 and str(code).isalpha()}
    assert {code for code in codes - NEVER_COUNTRIES if not emergency_lines(code)} == NOBODY_THERE


def test_in_the_whole_union_it_is_112() -> None:
    union = [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
    assert {show(in_a_sentence(programme(), each), "en") for each in union} == {"112", "112 / 999"}


def test_the_numbering_plans_know_the_first_number_of_the_programmes_countries() -> None:
    """Those that take part in Erasmus+, and their neighbours: libphonenumber has a metadata row of its own for each."""
    for country in ["AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "TR", "MK"]:  # fmt: skip
        first = emergency_lines(country)[0].number.split(" / ")
        assert [number for number in first if not shortnumberinfo.is_emergency_number(number, country)] == [], country


@pytest.mark.parametrize(
    ("country", "sentence", "lines"),
    [
        ("NO", "112", ["Toute urgence : 112", "Police : 112", "Secours médicaux : 113", "Pompiers : 110"]),
        ("BE", "112", ["Toute urgence : 112", "Police : 101", "Secours médicaux : 112", "Pompiers : 112"]),
        ("CH", "112", ["Toute urgence : 112", "Police : 117", "Secours médicaux : 144", "Pompiers : 118"]),
        ("TR", "112", ["Toute urgence : 112"]),
        ("GB", "999 / 112", ["Toute urgence : 999 / 112"]),
        ("CA", "911", ["Toute urgence : 911", "Depuis un mobile, le 112 leur est transmis."]),
        (
            "MA",
            "19 / 190 (police), 15 (secours médicaux, pompiers)",
            [
                "Police : 19 / 190", "Secours médicaux : 15", "Pompiers : 15", "Gendarmerie, hors des villes : 177",
                "Le 112 n'y est pas sûr.",
            ],
        ),
        ("KP", "112", ["Toute urgence : 112"]),
    ],
)  # fmt: skip
def test_what_is_said_of_a_country(country: str, sentence: str, lines: list[str]) -> None:
    said = [show(each, "fr").replace("\u00a0", " ") for each in one_below_the_other(programme(), country)]
    assert (show(in_a_sentence(programme(), country), "fr"), said) == (sentence, lines)


def test_112_is_not_promised_where_no_plan_has_it() -> None:
    assert [each for each in ("MA", "TN", "SN", "JP", "CA", "DZ") if european_number_works(each)] == ["CA", "DZ"]


def test_the_schools_own_line_stands_in_place_of_ours() -> None:
    own = programme('MA = "19, 190"')
    assert show(in_a_sentence(own, "MA"), "en") == "19, 190"
    assert show(one_below_the_other(own, "MA")[0], "en") == "Any emergency: 19, 190"


def test_on_the_way_both_countries_count() -> None:
    days = {day: countries_on(COACH, date(2027, 3, day)) for day in (5, 6, 7, 8, 26, 27, 28, 29)}
    home, away, out, back = ("FR",), ("MA",), ("FR", "MA"), ("MA", "FR")
    assert days == {5: home, 6: out, 7: out, 8: away, 26: away, 27: back, 28: back, 29: home}
    assert show(in_a_sentence(programme(), *days[6]), "en") == (
        "112 (France); 19 / 190 (police), 15 (medical help, fire brigade) (Morocco)"
    )
    assert show(in_a_sentence(programme(), "FR", "DE"), "en") == "112"


def test_the_number_to_know_is_that_of_the_place_until_one_is_home() -> None:
    days = (date(2027, 1, 1), date(2027, 3, 8), date(2027, 3, 28), date(2027, 3, 29))
    assert [of_the_stay(COACH, day) for day in days] == ["MA", "MA", "MA", "FR"]


def test_a_guests_home_is_where_their_clock_is() -> None:
    guest = dataclasses.replace(
        COACH, kind=Kind.INCOMING, country="FR", zone="Europe/Paris", home_zone="Africa/Casablanca"
    )
    assert (guest.home, of_the_stay(guest, date(2027, 3, 5))) == ("MA", "FR")
