"""What one class is asked for and told, by where it goes; and a guest, by where they come from."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from bot.domain.emergency import in_a_sentence, one_below_the_other
from bot.domain.programme import Programme
from bot.domain.programme.check_rules import old_facts
from bot.domain.stay import Kind, Stay, Track, conditions
from bot.domain.working_language import working_language
from bot.i18n import show
from tests.domain.programme.test_example_programme import ADULT, DEPARTURE, MINOR, before, programme, stay, told

PROGRAMME = programme()
HOME = (
    "dates", "identity", "host", "placement_agreement", "parental_consent", "ufm_registration", "insurance",
    "learning_agreement", "housing", "housing_checked", "health", "grant_agreement", "dareic", "accident_cover",
    "tickets", "families_meeting", "ehic", "exit_permit", "image", "on_call", "ariane", "advance", "drill",
    "emergency_card", "head_approval", "ols1", "ols2",
)  # fmt: skip
"""A minor of a vocational school who goes to a country of the Union with another language."""


def pupil(country: str, city: str) -> Stay:
    return dataclasses.replace(stay(Kind.OUTGOING, Track.VET, country, MINOR), city=city)


def guest(home: str, days: int, birth: date = MINOR, *tags: str) -> Stay:
    one = stay(Kind.INCOMING, Track.VET, "FR", birth, *tags)
    return dataclasses.replace(one, city="Tours", home_country=home, back=DEPARTURE + timedelta(days=days))


def asked(one: Stay) -> set[str]:
    held, journey = conditions(PROGRAMME, one), PROGRAMME.journey(one.kind)
    tests = (test.id for test in (journey.first_test, journey.second_test) if test and test.applies(held))
    return {*before(one), *tests}


def numbers(programme: Programme, one: Stay) -> tuple[str, list[str]]:
    listed = one_below_the_other(programme, one.country)
    return show(in_a_sentence(programme, one.country), "en"), [show(line, "en") for line in listed]


@pytest.mark.parametrize(
    ("country", "city", "more", "less"),
    [
        ("NO", "Bergen", set(), set()),
        ("BE", "Namur", set(), {"ols1", "ols2"}),
        ("MA", "Meknès", {"passport", "entry_papers", "private_health"}, {"identity", "ehic", "ols1", "ols2"}),
        ("CA", "Québec", {"passport", "entry_papers", "private_health"}, {"identity", "ehic", "ols1", "ols2"}),
        ("GB", "London", {"passport", "entry_papers"}, {"identity"}),
        ("TR", "Istanbul", {"passport", "entry_papers", "private_health"}, {"identity", "ehic"}),
    ],
)
def test_what_a_class_is_asked_for(country: str, city: str, more: set[str], less: set[str]) -> None:
    assert asked(pupil(country, city)) == {*HOME} - less | more


@pytest.mark.parametrize(
    ("country", "city", "sentence", "lines"),
    [
        ("NO", "Bergen", "112", ["Any emergency: 112", "Police: 112", "Medical help: 113", "Fire brigade: 110"]),
        ("BE", "Namur", "112", ["Any emergency: 112", "Police: 101", "Medical help: 112", "Fire brigade: 112"]),
        (
            "MA", "Meknès", "19 / 190 (police), 15 (medical help, fire brigade)",
            ["Police: 19 / 190", "Medical help: 15", "Fire brigade: 15", "Police outside towns: 177", "Do not count on 112 there."],
        ),
        ("CA", "Québec", "911", ["Any emergency: 911", "112 from a mobile phone is passed on to them."]),
        ("GB", "London", "999 / 112", ["Any emergency: 999 / 112"]),
        ("TR", "Istanbul", "112", ["Any emergency: 112"]),
    ],
)  # fmt: skip
def test_the_numbers_a_class_saves(country: str, city: str, sentence: str, lines: list[str]) -> None:
    assert numbers(PROGRAMME, pupil(country, city)) == (sentence, lines)


def test_where_ones_own_language_is_spoken_nothing_is_said_of_learning_it() -> None:
    own, other = told(pupil("BE", "Namur")), told(pupil("BE", "Gent"))
    assert {*other} - {*own} == {"language_course", "first_day"}
    assert {*own} - {*other} == {"first_day_own"}


def test_the_roster_knows_the_language_of_a_host_better_than_the_map() -> None:
    english = dataclasses.replace(pupil("BE", "Namur"), working_language="en")
    assert asked(english) == {*HOME}


def test_the_language_of_a_place() -> None:
    places = [
        ("BE", "Namur"), ("BE", "Namur (Belgique)"), ("BE", "Gent"), ("BE", "Eupen"), ("CA", "Québec"), ("CA", "Toronto"),
        ("CH", "Genève"), ("CH", "Zürich"), ("CH", "Lugano"), ("LU", "Luxembourg"), ("MA", "Meknès"), ("NO", "Bergen"),
    ]  # fmt: skip
    french = [working_language(country, city, "fr") for country, city in places]
    assert french == ["fr", "fr", "nl", "de", "fr", "en", "fr", "de", "it", "fr", "fr", "no"]
    assert working_language("MA", "Meknès", "es") == "ar"


@pytest.mark.parametrize(
    ("one", "papers"),
    [
        (guest("MA", 20), {"visa_short_in", "guardianship_in", "passport_in", "insurance_in"}),
        (guest("MA", 89), {"visa_short_in", "guardianship_in", "passport_in", "insurance_in"}),
        (guest("MA", 90), {"visa_long_in", "guardianship_in", "passport_in", "insurance_in"}),
        (guest("MA", 120, ADULT), {"visa_long_in", "passport_in", "insurance_in"}),
        (guest("BE", 120), {"guardianship_in", "ehic_in"}),
        (guest("GB", 20), {"visa_short_in", "guardianship_in", "passport_in", "ehic_in"}),
    ],
)
def test_the_papers_of_a_guest(one: Stay, papers: set[str]) -> None:
    common = {"placement_in", "lodging_in", "contacts_exchanged", "buddy"}
    assert ({*before(one)}, numbers(PROGRAMME, one)) == (
        common | papers,
        ("112", ["Any emergency: 112", "Police: 17", "Medical help: 15", "Fire brigade: 18"]),
    )


def test_who_receives_no_money_is_told_of_none() -> None:
    paid = dataclasses.replace(pupil("NO", "Bergen"), tags=frozenset({"services_grant"}))
    assert asked(paid) == {*HOME} - {"grant_agreement", "tickets", "advance"} | {"mobility_agreement", "school_travel"}
    said = [item.text for item in PROGRAMME.outgoing.items if item.applies(conditions(PROGRAMME, paid))]
    assert [text for text in said if isinstance(text, dict) and "bourse" in text["fr"]] == []


def test_nobody_is_sent_back_to_a_lycee_they_are_not_at() -> None:
    said = [item.text for item in PROGRAMME.outgoing.items] + [item.help for item in PROGRAMME.outgoing.items]
    assert [text for text in said if isinstance(text, dict) and "lycée" in text["fr"].casefold()] == []


def test_a_fact_that_nobody_compared_for_a_year_is_named() -> None:
    late = date(2027, 11, 26)
    found = [str(each) for each in old_facts(PROGRAMME, late)]
    assert list(old_facts(PROGRAMME, date(2027, 11, 22))) == []
    assert found[0].startswith("rules, min_days: last compared with its source on 2026-11-22 (lawinsider.com")
    assert [each.split(":")[0] for each in found if each.startswith("staff")] == [
        'staff.before "staff_dates", rule', "staff.report, rule",
    ]  # fmt: skip
