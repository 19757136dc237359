"""What the cast does with an alert, while somebody else plays its reader and afterwards."""

from __future__ import annotations

from datetime import timedelta

from bot.demo.cast import Cast
from bot.demo.protagonists import unanswered
from tests.journeys.conftest import Begin, begin, small_programme
from tests.journeys.driver import Journey
from tests.journeys.scenes import arrival_missing

__all__ = ["begin", "small_programme"]


async def presses(journey: Journey, cast: Cast) -> list[str]:
    """What the cast presses next, of what waits for Nadia."""
    await cast.plan_replies(await journey.db.transact(unanswered, "nadia", journey.stay("lina")), journey.clock.now())
    return [raw["token"] for _native, raw in cast.due(journey.clock.now() + timedelta(days=2))]


async def test_an_alert_is_left_to_who_plays_its_reader_and_taken_up_where_they_left_it(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)
    cast = Cast(journey.db, 1)
    cast.left = {("demo:nadia", journey.stay("lina"))}
    played = await presses(journey, cast)
    cast.left = set()
    take, reached, well = (journey.token("nadia", act) for act in ("take", "reached", "well"))
    alone = await presses(journey, cast)
    cast.left = {("demo:nadia", journey.stay("lina"))}
    await journey.press("nadia", "take")
    held = await presses(journey, cast)
    cast.left = set()

    assert (played, alone, held) == ([], [take], [])
    assert await presses(journey, cast) == [reached] != [well]
