"""SOS: heard in every state, and answered at once."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Begin
from tests.journeys.driver import cancel
from tests.journeys.scenes import cry
from tests.journeys.words import CRY, DANGER, SOS, alert, climbs, sign

MORNING = alert(
    SOS, "Lina H., at home (09:00", CRY, sign("Monday 1 Mar 09:00"), climbs("Monday 1 Mar 09:10", "the deputy")
)


async def test_before_the_first_yes(begin: Begin) -> None:
    journey = begin()
    await journey.gather("lina")

    assert await cry(journey) == ([DANGER], [MORNING])


@pytest.mark.parametrize(
    "words", ["sos", "/sos", "¡Socorro!", "Hilfe", "j'ai besoin d'aide", "🆘", "sos je suis perdue", "pomocy", "danger"]
)
async def test_in_any_language(begin: Begin, words: str) -> None:
    journey = begin()
    await journey.enrol("lina")

    assert await cry(journey, words) == ([DANGER], [MORNING])


async def test_in_the_middle_of_a_conversation_that_goes_on_behind_it(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.until("2027-03-06 20:01")
    await journey.press("lina", "yes")

    said, _told = await cry(journey)
    await journey.press("lina", "as_planned")

    assert said == [DANGER]
    assert [line.split(" [")[0] for line in journey.heard("lina")] == ["3/3 · Was someone there for you?"]


async def test_at_night_nobody_waits_for_the_morning(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.until("2027-03-05 03:00")

    by = climbs("Friday 5 Mar 03:10", "the deputy")
    told = alert(SOS, "Lina H., at home (03:00", CRY, sign("Friday 5 Mar 03:00"), by)
    assert await cry(journey) == ([DANGER], [told])


async def test_after_stop(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.say("lina", "/stop")

    said, told = await cry(journey)

    assert said == [DANGER]
    stopped = "Has stopped Compagnon with /stop. The stay goes on: how do you keep contact?"
    cry_and_stopped = MORNING.replace(CRY, f"{CRY}\n{stopped}")
    assert told == [f"{cry_and_stopped} [Contact is kept otherwise…]"]


async def test_after_the_stay_was_cancelled(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.do(cancel, journey.stay("lina"))

    assert await cry(journey) == ([DANGER], [MORNING])


async def test_in_a_rehearsal_the_learner_is_told_that_it_is_one_and_whom_to_call(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    journey.app.delivery.rehearsal = True
    journey.heard("lina")
    await journey.say("lina", "SOS")

    said, alert = journey.heard("lina")[0], journey.heard("luc")[0]
    assert said.split(" [")[0].split("\n") == [
        "🎭 Rehearsal · Monday 1 March",
        *DANGER.split(" [")[0].split("\n"),
        "This is a rehearsal: whoever I tell may take your words for part of it. If you are really in danger, call 112.",
    ]
    assert "This is a rehearsal" not in alert
