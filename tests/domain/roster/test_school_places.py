"""Where a stay is, by which clock people live there, and whose phone numbers these are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.domain.roster.school_file import HEADER, VALMER, Read, line, said


@pytest.mark.parametrize(
    ("country", "city", "zone"),
    [
        ("Espagne", "San Bartolomé de Tirajana", "Atlantic/Canary"),
        ("Espagne", "La Laguna - Tenerife", "Atlantic/Canary"),
        ("Îles Canaries", "Las Palmas", "Atlantic/Canary"),
        ("Canaries", "Adeje", "Atlantic/Canary"),
        ("Canaries", "Un hameau", "Atlantic/Canary"),
        ("Portugal", "Terceira", "Atlantic/Azores"),
        ("Açores", "Ponta Delgada", "Atlantic/Azores"),
        ("Madère", "Un hameau", "Atlantic/Madeira"),
        ("Danemark", "Tórshavn", "Atlantic/Faroe"),
        ("ESP", "Madrid", "Europe/Madrid"),
        ("Kosovo", "Pristina", "Europe/Belgrade"),
        ("Canada", "Montréal", "America/Toronto"),
        ("La Réunion", "Saint-Denis", "Indian/Reunion"),
    ],
)
def test_zone_is_that_of_the_island(country: str, city: str, zone: str, read: Read) -> None:
    roster = read.csv(HEADER, line("I1", country=country, city=city))
    assert ([row.zone for row in roster.rows], said(roster)[0]) == ([zone], [])


def test_place_in_doubt_is_asked_for_with_the_candidates(read: Read) -> None:
    roster = read.csv(HEADER, line("I1", city="Los Cristianos"), line("I2", city="Valverde"))
    assert said(roster)[0] == [
        'row 2, column "Time zone": ES has several time zones and "Los Cristianos" does not tell which: write one '
        "(such as Europe/Madrid, Atlantic/Canary, Africa/Ceuta)",
        'row 3, column "Time zone": "Valverde" is a place in several time zones of ES: write which one '
        "(Europe/Madrid, Atlantic/Canary)",
    ]


@pytest.mark.parametrize("city", ["Saint-Pierre", "Saint-Denis", "Un hameau"])
def test_guest_of_a_school_overseas_lives_by_its_clock(city: str, read: Read) -> None:
    volcan = replace(VALMER, city="Saint-Pierre", zone="Indian/Reunion")
    roster = read.csv(
        f"{HEADER};Type de mobilité;Pays d'origine",
        f"{line('R1', country='', city=city)};entrant;Maurice",
        school=volcan,
    )
    assert [(row.zone, row.home_zone) for row in roster.rows] == [("Indian/Reunion", "Indian/Mauritius")]


@pytest.mark.parametrize(
    ("zone", "written", "number"),
    [
        ("Indian/Reunion", "0692 11 22 33", "+262692112233"),
        ("Europe/Paris", "0692 11 22 33", "+262692112233"),
        ("Europe/Paris", "+33 692 11 22 33", "+262692112233"),
        ("Indian/Reunion", "06 39 01 23 45", "+262639012345"),
        ("America/Martinique", "0696 11 22 33", "+596696112233"),
        ("Indian/Reunion", "06 12 34 56 78", "+33612345678"),
    ],
)
def test_phone_overseas_has_its_own_country_code(zone: str, written: str, number: str, read: Read) -> None:
    roster = read.csv(f"{HEADER};Téléphone", f"{line('R1')};{written}", school=replace(VALMER, zone=zone))
    assert [row.phone for row in roster.rows] == [number]
