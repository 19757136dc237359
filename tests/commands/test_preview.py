"""`preview`: what is still to come of a learner, in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest

from bot.commands.preview import lines
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey, instant

STAMP = re.compile(r"^\S+ (\d{4}-\d{2}-\d{2} \d{2}:\d{2}) \S+ +(.+)$")


def coming(journey: Journey, ref: str, language: str | None = None) -> list[str]:
    return journey.db.run(lines, ref, language)


def moments(shown: list[str]) -> list[datetime]:
    return [datetime.fromisoformat(found[1]) for line in shown if (found := STAMP.match(line))]


async def enrolled_early(journey: Journey) -> None:
    await journey.enrol("lina")


async def not_begun(journey: Journey) -> None:
    await journey.gather("lina")


@pytest.mark.parametrize("beginning", [enrolled_early, not_begun])
@pytest.mark.parametrize("now", ["2027-02-20 21:40", "2027-04-20 12:00"])
async def test_nothing_in_the_past_is_to_come_and_every_name_is_filled_in(
    begin: Begin, beginning: Callable[[Journey], object], now: str
) -> None:
    journey = begin("2026-10-05 09:00", full=True)
    await beginning(journey)  # type: ignore[misc]
    journey.clock.move_to(instant(now))  # nothing runs meanwhile: what was missed stands open

    shown = coming(journey, "lina")

    days = moments(shown)
    assert days == sorted(days)
    assert days[0].date() >= instant(now).date()
    assert len(days) == len(shown) - (2 if beginning is not_begun else 1)
    assert [line for line in shown if re.search(r"[{}]", line)] == []


async def test_it_speaks_the_learners_language_or_the_one_asked_for(begin: Begin) -> None:
    journey = begin("2027-03-01 09:00", full=True)
    await journey.enrol("lina")

    english, french = coming(journey, "lina"), coming(journey, "lina", "fr")

    assert english[0].startswith("Lina Haddouche, Leipzig: ")
    assert english[0].endswith(" contacts to come")
    assert french[0].endswith(" contacts à venir")
    assert [line.partition("  ")[0] for line in english[1:]] != [line.partition("  ")[0] for line in french[1:]]
    assert any("Weekly check-in" in line for line in english)
    assert any("Point de la semaine" in line for line in french)
