"""Who may know of a cry: not this adult, nor one whom the words name; its end needs a reason, and talk or agreement."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot.handlers.case.crew import may_end, may_follow
from bot.handlers.case.exclusion import leave_out
from bot.store.cases import CaseEvent, CaseRow, LeftOut
from bot.store.db import Tx
from bot.store.people import Person, by_ref
from bot.store.stays import StayRow
from tests.journeys.conftest import Begin
from tests.journeys.desks import ask, stay_of
from tests.journeys.driver import Journey
from tests.journeys.scenes import arrived, cry, forget
from tests.journeys.scenes import cried as cried_at_home


async def cried(begin: Begin, words: str = "SOS") -> Journey:
    journey = begin()
    if words == "SOS":
        await cried_at_home(journey)
        return journey
    await journey.enrol("lina")
    forget(journey)
    await journey.say("lina", words)
    return journey


def known(tx: Tx, ref: str) -> tuple[bool, bool]:
    person, row = by_ref(tx.rows, ref), tx.rows.scalars(select(CaseRow)).one()
    assert person is not None
    return may_follow(tx, person, row), may_end(tx, person, row)


async def test_whoever_is_excluded_hears_and_sees_nothing_and_the_next_rung_hears_at_once(begin: Begin) -> None:
    journey = await cried(begin)
    await journey.press("lina", "Not this adult…")
    offered = journey.heard("lina")[-1]
    await journey.press("lina", "Luc Perrichon")

    assert offered.startswith("Who must see and hear nothing of this? Press a name. They are not told. [")
    assert journey.heard("lina")[-1].startswith("Luc Perrichon sees and hears nothing of this, and is not told why.")
    assert "Lina H. does not want Luc Perrichon to know of this." in journey.heard("cathy")[-1]
    await journey.until("2027-03-01 12:00")
    assert journey.heard("luc") == []
    assert await journey.do(known, "luc") == (False, False)
    assert "Lina" not in " ".join(await ask(journey, "luc", "/today"))


async def test_nobody_is_sent_to_the_phone_of_somebody_excluded(begin: Begin) -> None:
    journey = begin()
    await arrived(journey)

    def excluded(tx: Tx) -> None:
        stay, nadia = tx.rows.scalars(select(StayRow)).one(), by_ref(tx.rows, "nadia")
        assert nadia is not None
        stay.teacher, stay.teacher_phone = "FERHAOUI Nadia", "+33639980001"
        nadia.phone = stay.tutor_phone = "+33639980002"
        stay.tutor_name = "Jonas Winkelmann"
        leave_out(tx, stay, nadia.id, by_learner=True)

    await journey.do(excluded)
    _said, told = await cry(journey)
    assert "Phone of" not in told[0]
    assert [line.partition(":")[0] for line in told[0].splitlines() if "may be about" in line] == [
        "The words may be about Jonas Winkelmann, tutor at the host",
        "The words may be about FERHAOUI Nadia, teacher",
    ]


async def test_whoever_excludes_everybody_hears_of_the_emergency_number(begin: Begin) -> None:
    journey = await cried(begin)
    said: list[str] = []
    for _once in range(20):
        names = re.findall(r"\[([^\[\]]+)\]", (await ask(journey, "lina", "/except"))[-1])
        free = [name for name in names if "may know again" not in name]
        if not free:
            break
        await journey.press("lina", free[0])
        said = journey.heard("lina")
    assert said[-1].endswith(
        "sees and hears nothing of this. Nobody is left whom I can tell: in danger call 112, "
        "or talk to an adult whom you trust."
    )


async def test_who_is_named_in_the_words_is_left_out_until_another_decides(begin: Begin) -> None:
    journey = await cried(begin, "je veux mourir, monsieur PERRICHON me touche")
    told = journey.heard("cathy")[-1]
    assert (journey.heard("luc"), await journey.do(known, "luc")) == ([], (False, False))
    assert "Luc Perrichon is named in the words and hears nothing of this. Decide without them." in told
    await journey.press("cathy", "Luc Perrichon may know of it")
    assert await journey.do(known, "luc") == (True, False)
    assert [each for (each,) in journey.ask(select(LeftOut.by_learner))] == [False]


@pytest.mark.parametrize(
    ("words", "out"),
    [
        (("c'est Luc, il est bizarre avec moi", "il me touche"), "luc"),
        (("SOS", "it is because of Perrichon"), "luc"),
        (("SOS", "pas Luc"), "luc"),
        (("la coordinatrice me frappe",), "nadia"),
        (("Bonjour Luc !", "je veux mourir"), None),
        (("SOS", "merci Luc"), None),
    ],
)
async def test_whom_words_mean_by_a_name_before_or_after_by_their_post_or_by_a_no_is_left_out(
    begin: Begin, words: tuple[str, ...], out: str | None
) -> None:
    journey = begin()
    await journey.enrol("lina")
    for each in words:
        await journey.say("lina", each)

    left_out = journey.ask(select(Person.ref).join(LeftOut, LeftOut.adult_id == Person.id))
    assert left_out == ([(out,)] if out else [])


async def test_who_follows_a_cry_is_talked_with_by_name_and_goes_with_a_no(begin: Begin) -> None:
    journey = await cried(begin)
    await journey.press("luc", "I take it")
    await journey.say("lina", "when does Luc come?")
    stays = await journey.do(known, "luc")
    await journey.say("lina", "no, not Luc")

    assert (stays, await journey.do(known, "luc")) == ((True, True), (False, False))
    assert "Lina H. does not want Luc Perrichon to know of this." in journey.heard("cathy")[-1]


async def test_distress_is_never_passed_on_to_who_wrote(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await ask(journey, "nadia", "/write lina How are you?")
    forget(journey)
    await journey.say("lina", "je veux mourir")
    assert [line for line in journey.heard("nadia") if "je veux mourir" in line] == []
    assert journey.ask(select(CaseRow.topic, CaseRow.grave)) == [("distress", True)]


async def test_one_adults_word_alone_ends_no_cry(begin: Begin) -> None:
    journey = await cried(begin)
    await journey.until("2027-03-01 09:25")
    await journey.press("luc", "I take it")
    await journey.press("luc", "Close…")
    forget(journey)
    await journey.say("luc", "False alarm")
    asked = [line for line in journey.heard("cathy") if "wants to close" in line]

    assert journey.heard("luc")[-1].startswith("As far as I know nobody has spoken with Lina H. yet: a second adult")
    assert asked == [
        "Luc Perrichon wants to close the case of Lina H.: « False alarm » As far as I know nobody has spoken with "
        "Lina H. Do you agree? [I agree] [No, it stays open]"
    ]
    await journey.press("cathy", "No, it stays open")
    assert journey.ask(select(CaseRow.closed_at)) == [(None,)]
    await journey.press("luc", "Close…")
    await journey.say("luc", "She is with her aunt")
    forget(journey)
    await journey.press("cathy", "I agree")
    assert journey.ask(select(CaseRow.reason)) == [("She is with her aunt",)]
    assert journey.heard("lina") == [
        "Luc Perrichon has closed your call for help. Do you still need somebody? [I still need help]"
    ]
    forget(journey)
    await journey.press("lina", "I still need help")
    assert journey.ask(select(CaseRow.topic).where(CaseRow.closed_at.is_(None))) == [("sos",)]
    assert len(journey.heard("luc")) == 1
    kinds = [kind for (kind,) in journey.ask(select(CaseEvent.kind)) if kind in {"wants to close", "agrees"}]
    assert kinds == ["wants to close", "wants to close", "agrees"]


async def test_after_talk_one_adult_ends_it_in_words(begin: Begin) -> None:
    journey = await cried(begin)
    await journey.press("luc", "Reached")
    await journey.press("luc", "Close…")
    await journey.say("luc", "We have talked, all is settled.")
    assert journey.ask(select(CaseRow.reason)) == [("We have talked, all is settled.",)]


async def test_what_is_answered_to_somebody_who_was_left_out_since_goes_to_another(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await ask(journey, "luc", "/write lina How are you?")
    await journey.do(keep_out, "luc")
    forget(journey)
    await journey.say("lina", "He waits for me after work")
    told = [
        ref for ref in ("luc", "nadia", "cathy") if "« He waits for me after work »" in " ".join(journey.heard(ref))
    ]
    assert told == ["nadia"]


def keep_out(tx: Tx, ref: str, learner: str = "lina") -> None:
    adult = by_ref(tx.rows, ref)
    assert adult is not None
    leave_out(tx, stay_of(tx, learner), adult.id, by_learner=True)
