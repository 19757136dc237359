"""Nobody goes unnoticed: who never opens the link, who stops, whom nothing reaches, a pause too long, our own outage."""

from __future__ import annotations

from sqlalchemy import delete, select

from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.people import Address, by_ref
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.people import ADULTS, join, settle_in
from tests.journeys.remembered import scene
from tests.journeys.scenes import arrived, forget
from tests.journeys.words import UNOPENED, ended


async def gathered(begin: Begin, learner: str) -> Journey:
    """The adults are there; the learner has not opened the link."""
    journey = begin("2027-03-01 09:00")
    await adults_only(journey, learner)
    return journey


@scene
async def adults_only(journey: Journey, learner: str) -> None:
    await journey.do(settle_in, (learner,))
    await journey.do(join, *ADULTS)
    forget(journey)


def matters(journey: Journey) -> list[tuple[str, str, str]]:
    """What was a matter of a case: the day and hour in UTC, the level and the topic."""
    rows = journey.ask(
        select(CaseEvent.at, CaseEvent.detail)
        .where(CaseEvent.kind.in_(("matter", "matter settled")))
        .order_by(CaseEvent.id)
    )
    return [(f"{at:%m-%d %H:%M}", detail["level"], detail["topic"]) for at, detail in rows]


async def test_a_minor_who_never_opens_the_link_is_a_case_before_and_on_the_day(begin: Begin) -> None:
    journey = await gathered(begin, "lina")

    await journey.until("2027-03-06 12:00")

    assert matters(journey) == [("03-03 06:30", "today", "never_started"), ("03-06 06:30", "now", "never_started")]
    assert any("▲ Right now · Lina H., Leipzig" in line for line in journey.heard("luc"))


async def test_whoever_is_entered_shortly_before_has_a_day_for_the_invitation(begin: Begin) -> None:
    journey = begin("2027-03-04 10:00")
    await journey.do(settle_in, ("lina",))
    await journey.do(join, *ADULTS)
    assert matters(journey) == []
    await journey.until("2027-03-05 08:00")
    assert matters(journey) == []

    await journey.until("2027-03-06 12:00")

    assert matters(journey) == [("03-05 09:00", "today", "never_started"), ("03-06 06:30", "now", "never_started")]


async def test_an_adult_learner_who_never_opens_the_link_is_a_case_of_today_twice(begin: Begin) -> None:
    journey = await gathered(begin, "noemie")

    await journey.until("2027-03-03 12:00")
    await journey.press("nadia", "take")
    await journey.press("nadia", "close")
    await journey.press("nadia", "all_well")
    await journey.until("2027-03-06 12:00")

    assert matters(journey) == [("03-03 06:30", "today", "never_started"), ("03-06 06:30", "today", "never_started")]


async def test_closing_the_case_does_not_end_the_watch(begin: Begin) -> None:
    journey = await gathered(begin, "noemie")
    await journey.until("2027-03-06 12:00")
    for choice in ("take", "close", "all_well"):
        await journey.press("nadia", choice)

    await journey.until("2027-03-13 11:00")
    before = journey.ask(select(CaseRow.id).where(CaseRow.closed_at.is_(None)))
    await journey.until("2027-03-13 13:00")

    assert before == []
    assert matters(journey)[-1] == ("03-13 11:00", "today", "never_started")


async def test_who_begins_after_all_settles_the_case(begin: Begin) -> None:
    journey = await gathered(begin, "lina")
    await journey.until("2027-03-04 12:00")
    forget(journey)

    await journey.do(join, "lina")
    await journey.press("lina", "yes")

    assert journey.heard("nadia") == [ended("has answered", "Thursday 4 Mar 12:00")]
    assert journey.ask(select(CaseRow.reason)) == [("answered",)]


async def test_a_stay_goes_on_after_stop(begin: Begin) -> None:
    journey = begin("2027-03-01 09:00")
    await journey.enrol("lina")
    await journey.say("lina", "/stop")
    for day in ("02", "04"):
        await journey.until(f"2027-03-{day} 12:00")
        for choice in ("take", "close", "all_well"):
            await journey.press("nadia", choice)

    await journey.until("2027-03-14 12:00")

    assert matters(journey) == [
        ("03-01 08:00", "follow_up", "stopped"),
        ("03-03 06:30", "today", "no_contact"),
        ("03-13 06:30", "today", "silent_stopped"),
    ]


async def test_a_stop_shortly_before_the_departure_is_one_message(begin: Begin) -> None:
    journey = begin("2027-03-01 09:00")
    await journey.gather("lina")
    await journey.until("2027-03-02 09:00")
    await journey.press("lina", "yes")
    await journey.until("2027-03-04 09:00")
    journey.heard("nadia")
    await journey.say("lina", "/stop")

    (told,) = journey.heard("nadia")
    assert told.split("\n")[:3] == [
        "● Today · Lina H., at home (09:00 there)",
        "Has stopped Compagnon and leaves soon. Say with /change and the name how you keep contact, and until when.",
        "Has stopped Compagnon with /stop. The stay goes on: how do you keep contact?",
    ]


def blocked(tx: Tx) -> None:
    for address in tx.rows.scalars(select(Address).join(Address.person).where(Address.native == "lina")):
        address.state = "left"


async def test_whom_nothing_reaches_is_a_case_of_today_after_a_week(begin: Begin) -> None:
    journey = begin("2027-03-01 09:00")
    await arrived(journey)
    await journey.do(blocked)

    await journey.until("2027-03-14 12:00")

    assert ("03-14 06:30", "today", "silent_unreachable") in matters(journey)


def never_opened(tx: Tx) -> None:
    """Nothing was ever sent to her: nothing that had reached her before is lost."""
    person = by_ref(tx.rows, "lina")
    assert person is not None
    tx.rows.execute(delete(Address).where(Address.person_id == person.id))


async def test_whom_nothing_was_ever_sent_to_has_not_opened_the_link_and_is_offered_a_new_one(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    forget(journey)
    await journey.do(never_opened)
    await journey.until("2027-03-06 20:30")

    told = [text for text in journey.heard("nadia") if "[" in text and UNOPENED in text]
    assert [("[New invitation]" in text, "no longer" in text) for text in told[:1]] == [(True, False)]
