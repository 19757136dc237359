"""The year and the Sunday evening on paper; and that the page says what comes of them."""

from __future__ import annotations

from dataclasses import replace

from bench.capacity import PAGE, page
from bench.continent import DRAWN, MOBILITIES, consortia, evening, year
from bench.measured import kept
from bench.page import stands


def test_a_year_is_the_same_from_the_same_seed_and_another_from_another() -> None:
    assert year() == year(1) != year(2)
    assert consortia() == consortia(1) != consortia(2)


def test_whoever_is_due_on_the_fullest_sunday_is_abroad_then() -> None:
    drawn = year()

    assert sum(drawn.instants) == drawn.peak
    assert all(each % (MOBILITIES // DRAWN) == 0 for each in drawn.abroad)


def test_consortia_together_are_all_there_are() -> None:
    sizes = consortia()

    assert sum(sizes) - sizes[0] < MOBILITIES <= sum(sizes)
    assert sizes == sorted(sizes, reverse=True)


def test_the_last_one_of_an_evening_is_asked_as_soon_as_the_token_allows() -> None:
    assert evening((0, 2500, 0), kept()).told == 99


def test_a_second_zone_waits_for_the_first_one() -> None:
    """4,000 s for the first 100,000, and after an hour those of the second zone join them."""
    assert evening((100_000, 25_000, 0), kept()).told == 4999


def test_who_costs_more_keeps_the_core_busier_and_whoever_writes_waiting() -> None:
    cheap = kept()
    dear = replace(cheap, decided=10 * cheap.decided)
    first, second = (evening((0, 5000, 0), each) for each in (cheap, dear))

    assert first.busy < second.busy
    assert first.waited < second.waited


def test_the_page_says_what_comes_of_the_measures() -> None:
    """Else: python3 run.py dev -m bench.capacity --write."""
    assert stands(PAGE, "capacity")[1] == page(kept())
