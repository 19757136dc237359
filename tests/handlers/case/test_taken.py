"""The learner who asked for help now sees who took it."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Begin
from tests.journeys.scenes import arrival_missing, check_in_asked, cried, forget


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ("call", "Luc Perrichon is looking after you and calls you. Keep your phone near you."),
        ("write", "Luc Perrichon is looking after you and writes to you here."),
        ("mistake", "Luc Perrichon is looking after you and gets in touch with you."),
        (None, "Luc Perrichon is looking after you and gets in touch with you."),
    ],
)
async def test_the_learner_sees_who_took_it_and_what_they_will_do(begin: Begin, wish: str | None, says: str) -> None:
    journey = begin()
    await cried(journey)
    if wish:
        await journey.press("lina", wish)
    journey.heard("lina")

    await journey.press("luc", "take")
    await journey.press("luc", "take")

    assert journey.heard("lina") == [says]


async def test_the_last_wish_counts(begin: Begin) -> None:
    journey = begin()
    await cried(journey)
    await journey.press("lina", "call")
    await journey.press("lina", "write")
    journey.heard("lina")

    await journey.press("luc", "take")

    assert journey.heard("lina") == ["Luc Perrichon is looking after you and writes to you here."]


async def test_who_takes_it_over_is_named_too(begin: Begin) -> None:
    journey = begin()
    await cried(journey)
    await journey.press("luc", "take")
    await journey.press("luc", "pass")
    await journey.press("luc", "Nadia Ferhaoui")
    journey.heard("lina")

    await journey.press("nadia", "take")

    assert journey.heard("lina") == ["Nadia Ferhaoui is looking after you and gets in touch with you."]


async def test_who_was_reached_hears_nothing_more(begin: Begin) -> None:
    journey = begin()
    await cried(journey)

    await journey.press("luc", "reached")
    journey.heard("luc")

    assert journey.heard("lina") == []


async def test_a_matter_for_today_names_nobody(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await journey.press("lina", "call")
    forget(journey)

    await journey.press("nadia", "take")

    assert [line for line in journey.heard("lina") if "looking after" in line] == []


async def test_silence_names_nobody(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)

    await journey.press("luc", "take")

    assert journey.heard("lina") == []
