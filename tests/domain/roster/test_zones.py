"""Time zones from countries and cities."""

from __future__ import annotations

import pytest

from bot.domain.roster.cells import CellError
from bot.domain.roster.zones import MAINLAND, PLACES, ask_zone, candidates, find_zone, names, read_zone


@pytest.mark.parametrize(
    ("country", "city", "zone"),
    [
        ("NO", "Bergen", "Europe/Oslo"),
        ("BE", "", "Europe/Brussels"),
        ("MA", "Meknès", "Africa/Casablanca"),
        ("DE", "Leipzig", "Europe/Berlin"),
        ("DE", "Büsingen", "Europe/Busingen"),
        ("ES", "Santiago de Compostela", "Europe/Madrid"),
        ("ES", "Las Palmas (Gran Canaria)", "Atlantic/Canary"),
        ("ES", "SANTA CRUZ DE TENERIFE", "Atlantic/Canary"),
        ("ES", "Ceuta", "Africa/Ceuta"),
        ("PT", "Porto", "Europe/Lisbon"),
        ("PT", "Funchal", "Atlantic/Madeira"),
        ("PT", "Ponta Delgada", "Atlantic/Azores"),
        ("ES", "Los Cristianos", None),
        ("ES", "San Bartolomé de Tirajana", "Atlantic/Canary"),
        ("ES", "La Laguna - Tenerife", "Atlantic/Canary"),
        ("ES", "Tenerife Sud", "Atlantic/Canary"),
        ("ES", "Caspe", "Europe/Madrid"),
        ("ES", "Séville", "Europe/Madrid"),
        ("ES", "Valverde", None),
        ("ES", "Valverde (El Hierro)", "Atlantic/Canary"),
        ("ES", "La Palma", None),
        ("ES", "isla de La Palma", "Atlantic/Canary"),
        ("PT", "Terceira", "Atlantic/Azores"),
        ("PT", "Açores - Horta", "Atlantic/Azores"),
        ("PT", "São Miguel", None),
        ("PT", "Santa Maria da Feira", "Europe/Lisbon"),
        ("DK", "Tórshavn", "Atlantic/Faroe"),
        ("DK", "Copenhague", "Europe/Copenhagen"),
        ("DK", "Nuuk", "America/Nuuk"),
        ("NO", "Longyearbyen", "Arctic/Longyearbyen"),
        ("FR", "Saint-Denis", None),
        ("FR", "Saint-Denis, La Réunion", "Indian/Reunion"),
        ("FR", "Le Tampon", "Indian/Reunion"),
        ("FR", "Lyon", "Europe/Paris"),
        ("FR", "Fort-de-France", "America/Martinique"),
        ("RE", "Saint-Denis", "Indian/Reunion"),
        ("CL", "Valparaíso", "America/Santiago"),
        ("CL", "Hanga Roa, île de Pâques", "Pacific/Easter"),
        ("CL", "Petorca", "America/Santiago"),
        ("CL", "Nulle-Part", None),
        ("US", "Paris", None),
        ("CL", "", None),
        ("US", "New York", "America/New_York"),
        ("US", "Atlanta", "America/New_York"),
        ("US", "Petersburg", None),
        ("US", "", None),
        ("CA", "Montréal", "America/Toronto"),
        ("BR", "", None),
        ("MX", "", None),
        ("AU", "", None),
        ("RU", "", None),
        ("XX", "Nowhere", None),
    ],
)
def test_zone_follows_from_country_and_city_where_there_is_no_doubt(country: str, city: str, zone: str | None) -> None:
    assert find_zone(country, city) == zone


def test_places_name_zones_that_exist() -> None:
    table = [line.split("\t")[1] for line in PLACES.read_text("utf-8").splitlines() if not line.startswith("#")]
    ours = {*MAINLAND.values(), *(zone for zones in table for zone in zones.split())}
    assert ours - names() == set()


def test_zone_is_read_in_any_case() -> None:
    assert read_zone("america/new york") == "America/New_York"


@pytest.mark.parametrize(("written", "hint"), [("Europe/Madird", '; did you mean "Europe/Madrid"?'), ("GMT+1", "")])
def test_zone_unknown_is_refused(written: str, hint: str) -> None:
    with pytest.raises(CellError) as caught:
        read_zone(written)
    assert str(caught.value) == f'"{written}" is no time zone: write it like Europe/Madrid{hint}'


def test_zone_in_doubt_is_asked_for() -> None:
    zones = "America/Santiago, America/Coyhaique, America/Punta_Arenas, Pacific/Easter"
    assert ask_zone("CL", "Nulle-Part") == (
        f'CL has several time zones and "Nulle-Part" does not tell which: write one (such as {zones})'
    )
    assert ask_zone("ES", "Valverde") == (
        '"Valverde" is a place in several time zones of ES: write which one (Europe/Madrid, Atlantic/Canary)'
    )


def test_zone_of_the_school_settles_which_namesake_is_meant() -> None:
    assert candidates("FR", "Saint-Denis") == ("Indian/Reunion", "Europe/Paris")
    assert find_zone("FR", "Saint-Denis", near="Europe/Paris") == "Europe/Paris"
