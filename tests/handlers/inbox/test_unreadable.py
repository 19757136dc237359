"""Messages nobody asked for: too long, empty of words, unreadable, somebody else's."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from bot.store.db import Tx
from bot.store.stays import StayRow
from tests.journeys.conftest import Begin
from tests.journeys.scenes import arrival_asked
from tests.journeys.words import ARRIVED, DANGER

UNCLEAR = "I did not understand. Please choose one of the buttons, or write its number."
ASKED = ARRIVED.format("Leipzig", "Lina")


@pytest.mark.parametrize(
    "words",
    [
        "a" * 100_000,
        "😭😭😭",
        "\x00yes?\x00 no",
        "🏳️‍🌈",
        "\u202eevil",
        "half \ud83d",
        "' OR 1=1 --",
        "{name} {0} %s",
    ],
    ids=["long", "emoji", "nul", "joined", "bidi", "surrogate", "sql", "template"],
)
async def test_whatever_is_written_the_question_stands(begin: Begin, words: str) -> None:
    journey = begin()
    await arrival_asked(journey)
    journey.heard("lina")

    await journey.say("lina", words)

    assert journey.heard("lina") == [UNCLEAR, ASKED]
    assert journey.inbox()[-1] == ("handled", None)


async def test_a_cry_with_half_an_emoji_is_heard(begin: Begin) -> None:
    journey = begin()
    await arrival_asked(journey)
    journey.heard("lina")

    await journey.say("lina", "sos \ud83d")

    assert journey.heard("lina") == [DANGER]


@pytest.mark.parametrize(
    "raw", [{}, {"address": 7, "text": "x"}, {"address": "lina"}, {"address": "lina", "text": None}, {"text": "SOS"}]
)
async def test_what_cannot_be_read_is_set_aside_and_blocks_nobody(begin: Begin, raw: dict[str, object]) -> None:
    journey = begin()
    await arrival_asked(journey)
    journey.heard("lina")

    await journey.app.receive("web", "strange", raw)
    await journey.app.receive("web", "next", {"address": "lina", "text": "1"})
    journey.watch.received += 2
    await journey.settle()

    assert [state for state, _problem in journey.inbox()[-2:]] == ["quarantined", "handled"]
    assert [line.split(" [")[0] for line in journey.heard("lina")] == [
        "Thank you Lina, it is good to know you are there. I write again in a few days; you can write any time."
    ]


def break_zone(tx: Tx, stay: int) -> None:
    tx.rows.get_one(StayRow, stay).zone = "Nowhere/At_All"


async def test_a_broken_stay_hinders_nobody_else(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina", "jules")
    await journey.db.transact(break_zone, journey.stay("lina"))

    for ref in ("lina", "jules"):
        await journey.app.receive("web", f"from-{ref}", {"address": ref, "text": "/next"})
    journey.watch.received += 2
    with capture_logs() as logs:
        await journey.app.settle()

    assert journey.inbox()[-2:] == [("quarantined", "handler failed"), ("handled", None)]
    assert [entry["event"] for entry in logs] == ["handler failed"]
    assert len(journey.heard("jules")) == 1


async def test_the_same_update_is_handled_once(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")

    fresh = [await journey.app.receive("web", "one", {"address": "lina", "text": "/help"}) for _ in range(3)]
    journey.watch.received += 1
    await journey.settle()

    assert fresh == [True, False, False]
    assert len(journey.heard("lina")) == 1


@pytest.mark.parametrize(
    "token", ["1.0", "999999.0", "-1.0", "1", "1.99", "a.b", "9" * 30 + ".0", "1.0; --", "²", "1.²"]
)
async def test_a_button_of_somebody_else_is_refused_and_shows_nothing(begin: Begin, token: str) -> None:
    journey = begin()
    await journey.enrol("lina")

    await journey.bring("lina", {"token": token})

    assert journey.heard("lina") == ["This button is not for you."]


async def test_a_stranger_is_answered_nothing(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")

    await journey.say("nobody we know", "SOS")

    assert journey.inbox()[-1] == ("handled", "sender not confirmed")
