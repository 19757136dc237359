"""What an adult reads of cases: once for a learner and an instant, once for three learners with one cause, never too much."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.level import Level
from bot.domain.messages import Incoming
from bot.handlers.case.case import Matter, open_matter
from bot.handlers.inbox.edits import answer_to
from bot.handlers.people.team import bring_in_team
from bot.handlers.say.post import TOGETHER
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import InboxRow, OutboxRow
from bot.store.people import address_at, by_ref
from bot.store.stays import StayRow
from tests.handlers.people.test_team import HELENE, LUC, a_team, member
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.remembered import scene
from tests.journeys.scenes import looked_after
from tests.journeys.words import taken


def open_for(tx: Tx, stays: list[int], *matters: Matter) -> None:
    for stay in stays:
        for matter in matters:
            open_matter(tx, tx.rows.get_one(StayRow, stay), matter)


NETWORK = Matter(Level.TODAY, "undelivered")
PAPER = Matter(Level.FOLLOW_UP, "overdue", "ehic")


THREE = "lina", "noemie", "martina"


async def three(begin: Begin) -> tuple[Journey, list[int]]:
    journey = begin()
    await here_are_three(journey)
    return journey, [journey.stay(ref) for ref in THREE]


@scene
async def here_are_three(journey: Journey) -> None:
    await journey.gather(*THREE)
    await journey.press("martina", "yes")  # who is abroad and has not begun is a case of their own
    for ref in ("nadia", "cathy", "luc"):
        journey.heard(ref)


async def test_what_comes_at_one_instant_for_one_learner_is_one_alert_the_gravest_first(begin: Begin) -> None:
    journey, stays = await three(begin)
    await journey.do(open_for, stays[:1], PAPER, NETWORK, Matter(Level.FOLLOW_UP, "postponed", "ehic"))
    [told] = journey.heard("nadia")

    assert [line.split(":")[0] for line in told.splitlines()[1:4]] == [
        "My messages no longer reach Lina H.",
        "Has put off more than once",
        "The date has passed for",
    ]


async def test_what_is_cut_says_how_much_more_there_is(begin: Begin) -> None:
    journey, stays = await three(begin)
    papers = [Matter(Level.FOLLOW_UP, "overdue", name) for name in "abcdefg"]
    await journey.do(open_for, stays[:1], NETWORK, *papers)
    [told] = journey.heard("nadia")

    assert told.splitlines()[1] == "My messages no longer reach Lina H."
    assert told.splitlines()[2:7] == [f"The date has passed for: {name}." for name in "gfed"] + [
        "and 3 more: open the case to see them"
    ]


async def test_three_learners_with_one_cause_are_one_message_and_one_press_takes_all(begin: Begin) -> None:
    journey, stays = await three(begin)
    await journey.do(open_for, stays, NETWORK)
    [told] = journey.heard("nadia")
    await journey.press("nadia", "I take all 3")
    [taken] = journey.heard("nadia")

    assert told.splitlines()[:4] == [
        "● Today · 3 learners, one reason: My messages no longer reach Lina H., Martina A., and Noémie A.",
        "Lina H., at home",
        "Martina A., Ardonville",
        "Noémie A., at home",
    ]
    assert taken == (
        "Thank you. You follow 3 cases: Lina H., Martina A., and Noémie A. Each closes by itself with an answer; "
        "/today shows them."
    )
    assert {owner for (owner,) in journey.ask(select(CaseRow.owner_id).where(CaseRow.closed_at.is_(None)))} == {2}


async def test_a_class_decided_learner_by_learner_in_several_commits_is_told_of_once(begin: Begin) -> None:
    journey, stays = await three(begin)
    for stay in stays:
        await journey.db.transact(open_for, [stay], NETWORK)
        journey.clock.move_to(journey.clock.now() + timedelta(seconds=1))
    await journey.settle()
    [told] = journey.heard("nadia")

    names = "Lina H., Martina A., and Noémie A."
    assert told.splitlines()[0] == f"● Today · 3 learners, one reason: My messages no longer reach {names}"


async def test_the_third_within_an_hour_names_all_and_a_second_cause_does_not_mix(begin: Begin) -> None:
    journey, stays = await three(begin)
    for minute, stay in enumerate(stays):
        await journey.until(f"2027-03-01 10:{minute:02}")
        await journey.do(open_for, [stay], NETWORK)
    await journey.do(open_for, stays[:1], Matter(Level.TODAY, "few_adults"))
    heard = journey.heard("nadia")

    assert [line.splitlines()[0].partition("(")[0] for line in heard] == [
        "● Today · Lina H., at home ",
        "● Today · Noémie A., at home ",
        "● Today · 3 learners, one reason: My messages no longer reach Lina H., Martina A., and Noémie A.",
        "News on this case.",
    ]


async def test_when_all_are_taken_the_others_hear_of_it_once(begin: Begin) -> None:
    journey, stays = await three(begin)
    await journey.do(open_for, stays, NETWORK)
    await journey.until("2027-03-01 13:30")
    journey.heard("luc")
    await journey.press("nadia", "I take all 3")

    taken_all = (
        "Thank you. You follow 3 cases: Lina H., Martina A., and Noémie A. Each closes by itself with an answer; "
    )
    assert journey.heard("luc") == [taken("Nadia Ferhaoui", "Monday 1 Mar 13:30")] * 3
    assert f"{taken_all}/today shows them." in journey.heard("nadia")


async def test_a_cry_is_never_one_of_several(begin: Begin) -> None:
    journey, stays = await three(begin)
    await journey.do(open_for, stays, Matter(Level.NOW, "sos"))

    assert len(journey.heard("luc")) == 3


async def test_an_alert_names_the_phone_in_a_form_to_tap_and_dictate(begin: Begin) -> None:
    def give_phone(tx: Tx) -> None:
        person = by_ref(tx.rows, "lina")
        assert person is not None
        person.phone = "+33639980044"

    journey, stays = await three(begin)
    await journey.do(give_phone)
    await journey.do(open_for, stays[:1], NETWORK)
    [told] = journey.heard("nadia")

    assert told.splitlines()[2] == "Phone of Lina H.: +33 6 39 98 00 44"


@pytest.mark.parametrize(
    ("at", "named"),
    [
        ("2027-03-01 13:00", []),
        (
            "2027-03-09 10:00",
            [
                "Phone of Ingrid Hjelmeland, tutor at the host: +47 41 23 45 67",
                "Phone of Anne Le Goff, teacher: +33 6 39 98 01 03",
            ],
        ),
    ],
)
async def test_an_alert_about_somebody_away_names_the_phones_near_them(begin: Begin, at: str, named: list[str]) -> None:
    def give_phones(tx: Tx, number: int) -> None:
        stay = tx.rows.get_one(StayRow, number)
        stay.tutor_name, stay.tutor_phone = "Ingrid Hjelmeland", "+4741234567"
        stay.teacher, stay.teacher_phone = "Anne Le Goff", "+33639980103"

    journey, stays = await three(begin)
    await journey.do(give_phones, stays[0])
    await looked_after(journey, at)
    journey.heard("nadia")
    await journey.do(open_for, stays[:1], NETWORK)
    [told] = journey.heard("nadia")

    assert [line for line in told.splitlines() if line.startswith("Phone of")] == named


async def test_an_alert_promises_only_people_who_exist(begin: Begin) -> None:
    journey, stays = await three(begin)
    await journey.do(bring_in_team, a_team(member("nadia", "coordinator"), HELENE))
    await journey.do(open_for, stays[:1], NETWORK)
    with_helene = journey.heard("nadia")[-1].splitlines()[-1]
    await journey.do(bring_in_team, a_team(member("nadia", "coordinator")))
    await journey.do(open_for, stays[1:2], NETWORK)
    alone = journey.heard("nadia")[-1].splitlines()[-1]

    assert with_helene.partition(" [")[0] == "Without an answer from you by Monday 1 Mar 13:00: everyone is told."
    assert alone.partition(" [")[0] == (
        "Without an answer from you I write again by Monday 1 Mar 13:00: nobody else can be reached today."
    )
    assert LUC.held


async def test_one_adult_alone_is_not_written_to_all_day_and_night_for_one_cry(begin: Begin) -> None:
    journey, stays = await three(begin)
    await journey.do(bring_in_team, a_team(member("nadia", "coordinator", "on_call")))
    journey.heard("nadia")
    await journey.do(open_for, stays[:1], Matter(Level.NOW, "sos"))
    await journey.until("2027-03-02 09:00")

    assert len([told for told in journey.heard("nadia") if "SOS: needs help now." in told]) == 11


async def test_words_in_reply_to_several_go_to_none_of_them(begin: Begin) -> None:
    def reply(tx: Tx) -> bool:
        address, nadia = address_at(tx.rows, "web", "nadia"), by_ref(tx.rows, "nadia")
        assert address is not None
        assert nadia is not None
        message = tx.rows.scalars(select(OutboxRow).where(OutboxRow.step == TOGETHER)).one()
        message.native, message.address_id = "m1", address.id
        tx.rows.flush()
        words = Incoming("web", "nadia", "u1", text="Where are you?", reply_to="m1")
        return answer_to(tx, InboxRow(), address, nadia, words)

    journey, stays = await three(begin)
    await journey.do(open_for, stays, NETWORK)
    journey.heard("nadia"), journey.heard("lina")

    assert await journey.do(reply)
    assert (journey.heard("lina"), journey.heard("nadia")) == (
        [],
        ["That message is about several learners, so nothing was passed on. To write to one: /write and the name."],
    )
