"""Who is proposed to whom: never a stranger to the place and the trade, never the same two again, nobody too often."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.pairing import Link, Side, links, names_a_phone, proposals

HELPER = Side(1, 11, 1, "DE", "Leipzig", "T MELEC 2", date(2026, 6, 20), minor=True)
NEWCOMER = Side(2, 12, 1, "DE", "LEIPZIG", "1re MELEC", date(2027, 3, 6), minor=True)
BERLIN = replace(HELPER, person=3, city="Berlin", group="T ASSP")
BAKER = replace(HELPER, person=4, country="ES", city="Sevilla", group="CAP Boulanger")


def told(*args: object, **options: object) -> list[tuple[int, int, tuple[Link, ...]]]:
    return [(each.helper.person, each.newcomer.person, each.links) for each in proposals(*args, **options)]  # type: ignore[arg-type]


def test_the_town_counts_before_the_country_and_the_country_before_the_trade() -> None:
    electrician = replace(BAKER, person=5, group="BAC MELEC")

    assert links(HELPER, NEWCOMER) == (Link.CITY, Link.TRADE)
    assert links(BERLIN, NEWCOMER) == (Link.COUNTRY,)
    assert links(electrician, NEWCOMER) == (Link.TRADE,)
    assert links(BAKER, NEWCOMER) == ()
    assert links(replace(HELPER, city=""), replace(NEWCOMER, city="")) == (Link.COUNTRY, Link.TRADE)
    assert links(replace(HELPER, group="2 A"), replace(NEWCOMER, group="2 B")) == (Link.CITY,)
    assert told([BAKER, electrician, BERLIN, HELPER], [NEWCOMER]) == [(1, 2, (Link.CITY, Link.TRADE))]
    assert told([BAKER, electrician, BERLIN], [NEWCOMER]) == [(3, 2, (Link.COUNTRY,))]
    assert told([BAKER], [NEWCOMER]) == []


def test_nobody_is_asked_twice_about_the_same_or_too_often_and_schools_stay_apart_unless_said() -> None:
    leavers = [replace(NEWCOMER, person=number, day=date(2027, 3, 30 - number)) for number in (20, 21, 22)]
    other = replace(HELPER, school=2)

    assert told([HELPER], leavers) == [(1, 22, (Link.CITY, Link.TRADE)), (1, 21, (Link.CITY, Link.TRADE))]
    assert told([HELPER], leavers, [(1, 22)], {1: 1}) == [(1, 21, (Link.CITY, Link.TRADE))]
    assert told([HELPER], leavers, (), {1: 2}) == []
    assert told([replace(HELPER, person=2)], [NEWCOMER]) == [], "nobody is their own tutor"
    assert told([other], [NEWCOMER]) == []
    assert told([other], [NEWCOMER], across=True) == [(1, 2, (Link.CITY, Link.TRADE))]
    assert told([other, replace(HELPER, person=9)], [NEWCOMER], across=True) == [(9, 2, (Link.CITY, Link.TRADE))]


def test_those_of_an_age_come_first_and_an_adult_with_a_minor_is_said() -> None:
    adult = replace(HELPER, person=8, minor=False, day=date(2026, 12, 1))

    assert [each.mixed for each in proposals([adult], [NEWCOMER])] == [True]
    assert told([adult, HELPER], [NEWCOMER]) == [(1, 2, (Link.CITY, Link.TRADE))]
    assert [each.mixed for each in proposals([adult, HELPER], [NEWCOMER])] == [False]


@pytest.mark.parametrize(
    ("words", "phone"),
    [
        ("06 12 34 56 78", True),
        ("mon tel: 0612345678", True),
        ("+49 (0) 341 / 123-4567", True),
        ("lina.h@lycee.example", False),
        ("@lina2011", False),
        ("salle 12 le mardi 14h-15h", False),
        ("by Matrix: @lina:school.example", False),
        ("du 06/03/2027", False),
    ],
)
def test_what_looks_like_a_phone_number_is_asked_about_once_more(words: str, phone: bool) -> None:
    assert names_a_phone(words) is phone


def test_a_guest_fits_whoever_helps_at_the_school_and_best_who_knows_their_country() -> None:
    guest = replace(NEWCOMER, person=7, country="CL", city="", guest=True)
    knows = replace(HELPER, person=8, country="CL")

    assert [(each.helper.person, each.links) for each in proposals([HELPER, knows], [guest])] == [
        (8, (Link.COUNTRY, Link.TRADE, Link.SCHOOL))
    ]
    assert links(HELPER, replace(guest, group="")) == (Link.SCHOOL,)
    assert proposals([replace(HELPER, school=2)], [guest], across=True) == []
