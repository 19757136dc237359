"""Sentences behind a slash, or behind the name of a command: whoever cries there is heard as anywhere."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.person import Role
from bot.store.cases import CaseRow
from tests.handlers.case.test_distress import OFFERED, READ, TOPIC, WORRIED
from tests.journeys.conftest import Begin
from tests.journeys.desks import give
from tests.journeys.driver import Journey
from tests.journeys.scenes import abroad
from tests.journeys.words import DANGER, NOW, alert, climbs, sign

DIES = "j'ai envie de mourir"


def cases(journey: Journey) -> list[object]:
    return journey.ask(select(CaseRow.topic, CaseRow.level))


@pytest.mark.parametrize("text", [f"/{DIES}", f"/ {DIES}", f"/question {DIES}", f"/ask\n{DIES}", f"/aide {DIES}"])
async def test_words_of_distress_are_heard_behind_any_slash(begin: Begin, text: str) -> None:
    journey = await abroad(begin)

    await journey.say("lina", text)

    told = alert(NOW, "Lina H., Leipzig (20:30", TOPIC, sign("Saturday 6 Mar 20:30"),
                 climbs("Saturday 6 Mar 20:40", "the deputy"), buttons=READ)  # fmt: skip
    assert (journey.heard("lina"), journey.heard("luc")) == ([WORRIED, DANGER], [told])
    assert cases(journey) == [("distress", "now")]


async def test_a_command_is_done_all_the_same(begin: Begin) -> None:
    journey = await abroad(begin)

    await journey.say("lina", f"/next {DIES}")

    assert journey.heard("lina") == [WORRIED, DANGER, "Next: the weekly check-in, Wednesday 10 Mar 18:06."]


async def test_who_is_named_behind_a_command_hears_nothing(begin: Begin) -> None:
    journey = await abroad(begin)

    await journey.say("lina", "/question monsieur PERRICHON me touche")

    assert (journey.heard("luc"), journey.heard("lina")[0], cases(journey)) == ([], WORRIED, [("distress", "now")])


async def test_words_for_the_diary_are_asked_about_first(begin: Begin) -> None:
    journey = await abroad(begin)

    await journey.say("lina", "/diary I cry every night")

    assert (journey.heard("lina")[0], journey.heard("nadia"), cases(journey)) == (OFFERED, [], [])


async def test_a_cry_behind_a_command_is_a_cry(begin: Begin) -> None:
    journey = await abroad(begin)

    await journey.say("lina", "/question SOS")

    assert cases(journey) == [("sos", "now")]
    assert journey.heard("lina")[0] == DANGER


@pytest.mark.parametrize("words", ["je suis bien arrivée chez la famille", "c'est quand le départ ?"])
async def test_a_sentence_behind_a_slash_is_a_sentence(begin: Begin, words: str) -> None:
    typed, meant = await abroad(begin), await abroad(begin)

    await typed.say("lina", f"/{words}")
    await meant.say("lina", words)

    assert typed.heard("lina") == meant.heard("lina")
    assert (typed.heard("nadia"), cases(typed)) == (meant.heard("nadia"), cases(meant))


async def test_a_question_is_a_question_and_a_word_that_is_no_command_shows_them(begin: Begin) -> None:
    journey = await abroad(begin)

    await journey.say("lina", "/question where do I sleep on Friday?")
    asked = journey.heard("lina")
    await journey.say("lina", "/oops")

    assert (asked, cases(journey)) == (["Thank you. Nadia Ferhaoui will answer you."], [("question", "follow_up")])
    assert journey.heard("lina")[0].startswith("I can:\n/checklist")


async def test_what_the_team_types_behind_a_command_of_its_own_is_about_others(begin: Begin) -> None:
    journey = begin("2027-02-15 09:00", full=True)
    await journey.enrol("karim")
    await journey.do(give, "karim", Role.COORDINATOR)

    await journey.say("karim", f"/learner Lina {DIES}")
    about_others = cases(journey)
    await journey.say("karim", f"/question {DIES}")

    assert (about_others, cases(journey)) == ([], [("distress", "now")])
