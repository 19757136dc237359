"""The first weeks of a stay, as the family hears of them."""

from __future__ import annotations

from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.families import agreed, telling
from tests.journeys.remembered import scene
from tests.journeys.scenes import answer_check_in

HELLO = (
    "Good morning Sonia Haddouche. I am Compagnon, a robot of Lycée Valmer. If you agree, I write to you in a few words "
    "when Lina leaves, arrives, has given news of the week, and comes back; nothing else, and nobody else's news. Lina "
    "can read everything I send you. You can stop it any time with /stop. [I agree] [No, thank you]"
)


async def arrive(journey: Journey) -> None:
    await journey.until("2027-03-06 20:30")
    for choice in ("yes", "as_planned", "yes"):
        await journey.press("lina", choice)


async def after_weeks(begin: Begin, *agree: str) -> Journey:
    """Lina has arrived and answered once; her family has agreed; the second check-in is asked."""
    journey = telling(begin)
    await weeks_of(journey, agree)
    return journey


@scene
async def weeks_of(journey: Journey, agree: tuple[str, ...]) -> None:
    await agreed(journey, ("lina",), agree)
    await weeks(journey)


async def weeks(journey: Journey) -> None:
    """From the arrival to the eve of the second check-in."""
    await arrive(journey)
    await journey.until("2027-03-10 18:30")
    await answer_check_in(journey)
    await journey.until("2027-03-14 18:30")
