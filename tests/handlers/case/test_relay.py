"""Words passed on have a clock: what nobody reads climbs, and nobody on leave is the only reader."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.store.cases import CaseRow
from tests.handlers.case.test_case import on_leave
from tests.handlers.case.test_need_to_know import keep_out
from tests.journeys.conftest import Begin
from tests.journeys.desks import ask
from tests.journeys.driver import Journey
from tests.journeys.remembered import scene
from tests.journeys.scenes import arrival_missing, forget


async def written_to(begin: Begin, writer: str = "nadia") -> Journey:
    """An adult has written a friendly word."""
    journey = begin()
    await a_word_from(journey, writer)
    return journey


@scene
async def a_word_from(journey: Journey, writer: str) -> None:
    await journey.enrol("lina")
    await ask(journey, writer, "/write Lina How are you?")
    forget(journey)


def cases(journey: Journey) -> list[object]:
    return journey.ask(select(CaseRow.topic, CaseRow.level, CaseRow.reason).order_by(CaseRow.id))


def told(journey: Journey, words: str) -> list[str]:
    """Who has read something with these words since."""
    return [ref for ref in ("nadia", "luc", "cathy", "helene") if words in " ".join(journey.heard(ref))]


async def test_what_nobody_reads_climbs_to_the_next_by_name(begin: Begin) -> None:
    journey = await written_to(begin)
    await journey.say("lina", "he is there again")
    assert told(journey, "« he is there again »") == ["nadia"]

    await journey.until("2027-03-01 13:05")

    assert told(journey, "Wrote to Nadia Ferhaoui. Nobody has read it yet.") == ["luc"]
    await journey.press("luc", "read")
    assert told(journey, "Lina H. writes: « he is there again »") == ["luc"]
    assert cases(journey) == [("words", "today", None)]


async def test_the_deputy_who_wrote_is_followed_by_the_coordinator(begin: Begin) -> None:
    journey = await written_to(begin, "luc")
    await journey.say("lina", "he is there again")
    forget(journey)

    await journey.until("2027-03-01 13:05")

    assert told(journey, "Wrote to Luc Perrichon. Nobody has read it yet.") == ["nadia"]


@pytest.mark.parametrize("does", ["Read", "/help", "/write Lina I come by."])
async def test_whoever_does_something_in_the_chat_has_read_it_and_nobody_else_hears(begin: Begin, does: str) -> None:
    journey = await written_to(begin)
    await journey.say("lina", "he is there again")
    await (journey.press if does == "Read" else journey.say)("nadia", does)
    forget(journey)

    await journey.until("2027-03-02 21:00")

    assert told(journey, "Lina") == []
    assert cases(journey) == [("words", "today", "read")]


async def test_more_words_wait_beside_the_first(begin: Begin) -> None:
    journey = await written_to(begin)
    await journey.say("lina", "he is there again")
    await journey.say("lina", "in front of my door")
    assert told(journey, "« in front of my door »") == ["nadia"]
    await journey.until("2027-03-01 13:05")
    forget(journey)

    await journey.press("luc", "read")

    assert journey.heard("luc") == ["Lina H. writes: « he is there again »", "Lina H. writes: « in front of my door »"]


async def test_where_nobody_is_there_the_case_waits_for_whoever_comes(begin: Begin) -> None:
    journey = await written_to(begin)
    await journey.do(on_leave, "nadia", "luc", "cathy", "helene")

    assert await ask(journey, "lina", "he is there again") == ["I have passed it on to the adults who follow you."]
    assert cases(journey) == [("words", "today", None)]


async def test_in_an_open_case_the_words_are_for_all_who_follow_it(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)
    await journey.press("nadia", "take")
    await ask(journey, "nadia", "/write lina Where are you?")
    await journey.do(on_leave, "nadia")
    forget(journey)

    assert await ask(journey, "lina", "I have lost my way") == ["I have passed it on to Luc Perrichon."]

    assert told(journey, "« I have lost my way »") == ["luc"]


async def test_an_answer_after_the_case_was_closed_waits_for_its_reader_too(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)
    await journey.press("nadia", "take")
    await ask(journey, "nadia", "/write lina Where are you?")
    await journey.press("nadia", "close")
    await journey.press("nadia", "all_well")
    await journey.say("lina", "he is there again")
    forget(journey)

    await journey.until("2027-03-08 10:00")

    assert "luc" in told(journey, "Nobody has read it yet.")


async def test_a_cry_among_words_that_wait_begins_its_own_ladder(begin: Begin) -> None:
    journey = await written_to(begin)
    await journey.say("lina", "he is there again")
    forget(journey)

    await journey.say("lina", "je veux mourir")

    assert cases(journey) == [("distress", "now", None)]
    assert told(journey, "A word of distress in a message.") == ["luc"]


async def test_a_learner_who_gives_no_sign_is_told_of_to_who_wrote_then_to_the_deputy(begin: Begin) -> None:
    journey = await written_to(begin)
    await journey.until("2027-03-03 10:00")
    silent = "Lina H. has given no sign since Nadia Ferhaoui wrote on Monday 1 Mar 09:00:\n« How are you? »"
    assert journey.heard("nadia") == [f"{silent} [Write back] [Read]"]
    assert journey.heard("luc") == []

    await journey.until("2027-03-05 10:00")

    assert told(journey, "Has given no sign since Nadia Ferhaoui wrote to them.") == ["luc"]


async def test_any_sign_of_the_learner_settles_it(begin: Begin) -> None:
    journey = await written_to(begin)
    await journey.until("2027-03-02 10:00")
    await journey.say("lina", "/help")
    forget(journey)

    await journey.until("2027-03-05 10:00")

    assert (told(journey, "no sign"), cases(journey)) == ([], [])


async def test_an_excluded_adult_cannot_write_and_hears_who_can(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.do(keep_out, "nadia")
    forget(journey)

    refused = ["I cannot pass this on to Lina H. now. Please ask Luc Perrichon and Catherine Astruc."]
    assert await ask(journey, "nadia", "/write Lina Come to my office.") == refused
    assert await ask(journey, "nadia", "/write Lina") == refused
    assert journey.heard("lina") == []
    assert (await ask(journey, "luc", "/write Lina Come to my office."))[-1] == "Passed on to Lina H."
