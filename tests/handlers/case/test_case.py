"""A case in the hands of adults: taken, passed on, reached, closed, forgotten."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from structlog.testing import capture_logs

from bot.domain.level import Level
from bot.handlers.case.case import Matter, open_matter
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.people import LeaveTaken, Person, by_ref
from bot.store.stays import StayRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.scenes import arrival_missing
from tests.journeys.words import NO_ARRIVAL, NOBODY_YET, TODAY, alert, climbs, ended, follows, sign, taken

SEEN = sign("Monday 1 Mar 09:00")


def log_of(journey: Journey) -> list[str]:
    wanted = select(CaseEvent.kind, Person.ref).outerjoin(Person, Person.id == CaseEvent.person_id)
    return [f"{kind} {ref or ''}".strip() for kind, ref in journey.ask(wanted.order_by(CaseEvent.id))]


async def test_the_first_to_take_it_has_it(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)

    await journey.press("luc", "take")
    await journey.press("nadia", "take")

    assert journey.heard("luc") == [taken("Luc Perrichon", "Sunday 7 Mar 13:45")]
    assert journey.heard("nadia") == [
        taken("Luc Perrichon", "Sunday 7 Mar 13:45"),
        "Luc Perrichon already follows the case of Lina H. Thank you.",
    ]
    assert log_of(journey)[-2:] == ["alerted rung 1", "taken luc"]


async def test_an_adult_may_type_what_the_button_says(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)

    await journey.say("luc", "I take it")
    await journey.say("nadia", "1")

    assert journey.heard("luc") == [taken("Luc Perrichon", "Sunday 7 Mar 13:45"), follows("Lina H.")]
    assert log_of(journey)[-1] == "taken luc"


async def test_a_case_passed_on_waits_for_the_colleague(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)
    await journey.press("nadia", "take")
    journey.heard("nadia"), journey.heard("luc")

    await journey.press("nadia", "pass")
    assert journey.heard("nadia") == ["To whom? [Hélène Marchandeau] [Luc Perrichon] [Catherine Astruc]"]
    await journey.press("nadia", "Luc Perrichon")

    assert journey.heard("nadia") == [
        "Passed on to Luc Perrichon, Sunday 7 Mar 13:45: not taken yet",
        "The case of Lina H. is passed on. I come back to you if nobody takes it.",
    ]
    by = climbs("Sunday 7 Mar 17:45", "the head of school")
    intro = "A colleague passes this case to you."
    assert journey.heard("luc") == [
        "Passed on to Luc Perrichon, Sunday 7 Mar 13:45: not taken yet",
        alert(TODAY, "Lina H., Leipzig (13:45", NO_ARRIVAL, SEEN, by, intro=intro),
    ]
    await journey.press("luc", "take")
    assert journey.heard("luc") == [taken("Luc Perrichon", "Sunday 7 Mar 13:45")]


async def test_reached_and_closed_with_a_reason_everyone_hears_the_all_clear(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)

    await journey.press("nadia", "reached")
    reached = taken("Nadia Ferhaoui", "Sunday 7 Mar 13:45") + "\n☎ Reached by Nadia Ferhaoui, Sunday 7 Mar 13:45"
    assert journey.heard("nadia") == [reached]
    assert journey.heard("luc") == [reached]
    await journey.press("nadia", "close")
    assert journey.heard("nadia") == [
        "How does the case of Lina H. end? [All is well] [Settled] [Followed by somebody else] [False alarm]"
    ]
    await journey.press("nadia", "all_well")

    closed = ended("All is well", "Sunday 7 Mar 13:45", "Nadia Ferhaoui")
    assert journey.heard("nadia") == [closed, "The case of Lina H. is closed. Thank you."]
    assert journey.heard("luc") == [closed]
    assert journey.heard("cathy") == []
    await journey.press("luc", "take")
    assert journey.heard("luc") == ["This case is closed already. Thank you."]
    assert journey.ask(select(CaseRow.reason, CaseRow.wake_at)) == [("all_well", None)]


async def test_one_press_ends_what_turned_out_to_be_nothing(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)

    await journey.press("nadia", "Reached, all well")

    closed = [ended("All is well", "Sunday 7 Mar 13:45", "Nadia Ferhaoui")]
    assert (journey.heard("nadia"), journey.heard("luc")) == (closed, closed)
    assert log_of(journey)[-2:] == ["reached nadia", "closed nadia"]
    await journey.press("luc", "Reached, all well")
    assert journey.heard("luc") == ["This case is closed already. Thank you."]


async def test_a_cry_has_no_such_press_and_an_old_one_asks_for_words(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)
    before = journey.token("nadia", "Reached, all well")
    await journey.say("lina", "SOS")
    assert "[Reached, all well]" not in journey.heard("luc")[-1]

    await journey.bring("nadia", {"token": before})

    assert journey.ask(select(CaseRow.closed_at)) == [(None,)]


async def test_a_case_that_was_taken_and_forgotten_climbs_again(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)
    await journey.press("nadia", "take")
    journey.heard("nadia"), journey.heard("cathy")

    await journey.until("2027-03-08 16:50")

    asked = "You took this case on Sunday 7 Mar 13:45: how is it?"
    lapsed = "You took this case and I have seen no follow-up: it goes on to your colleagues."
    waits = "Waits for somebody again since Monday 8 Mar 16:45"
    climbs = "Nadia Ferhaoui took this case on Sunday 7 Mar 13:45, and I have seen no follow-up since."
    assert [line.split("\n")[0] for line in journey.heard("nadia")] == [waits, "Your week:", asked, lapsed]
    assert [line.split("\n")[0] for line in journey.heard("cathy")] == ["Your week:", climbs]
    assert log_of(journey)[-3:] == ["owner asked", "lapsed", "alerted rung 2"]


def on_leave(tx: Tx, *refs: str) -> None:
    for ref in refs:
        person = by_ref(tx.rows, ref)
        assert person is not None
        tx.rows.add(LeaveTaken(person_id=person.id, first=date(2027, 3, 1), last=date(2027, 3, 31)))


async def test_a_coordinator_on_leave_is_left_alone_and_the_deputy_stands_in(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.do(on_leave, "nadia")
    journey.heard("nadia"), journey.heard("luc")

    await journey.until("2027-03-07 09:30")

    assert journey.heard("nadia") == []
    by = climbs("Sunday 7 Mar 13:30", "the deputy")
    assert journey.heard("luc") == [alert(TODAY, "Lina H., Leipzig (09:30", NO_ARRIVAL, SEEN, by)]


async def test_where_nobody_is_on_duty_those_on_leave_are_told_again_and_again_and_the_operator_knows(
    begin: Begin,
) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.do(on_leave, "nadia", "luc", "cathy", "helene")

    with capture_logs() as logs:
        await journey.until("2027-03-08 08:40")

    skipped = [f"skipped rung {rung}: nobody on duty" for rung in range(3)]
    first = ["matter", "opened", *skipped, "broadcast 1", "nobody on duty", "nobody can be alerted"]
    assert log_of(journey) == [*first, "broadcast 2", "nobody on duty", "nobody can be alerted"]
    alarm = {"event": "nobody can be alerted", "log_level": "error", "case": 1, "level": "today", "school": 2}
    assert logs == [alarm, alarm]
    again = "Still nobody has taken this case, open since Sunday 7 Mar 09:30. Everyone is told again."
    assert [text.splitlines()[0] for text in journey.heard("nadia")[-3:]] == [NOBODY_YET, again, "Your week:"]


async def test_a_case_closed_too_early_is_reopened_from_its_closing_message(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)
    await journey.press("nadia", "take")
    await journey.press("nadia", "close")
    await journey.press("nadia", "all_well")
    journey.heard("nadia"), journey.heard("luc")

    await journey.press("luc", "Reopen")
    await journey.press("nadia", "Reopen")

    waits = "Waits for somebody again since Sunday 7 Mar 13:45"
    assert journey.heard("luc") == [waits]
    heard = journey.heard("nadia")
    assert (heard[0], heard[1].split(" (")[0], *heard[2:]) == (
        waits,
        "● Today · Lina H., Leipzig",
        "The case of Lina H. is open.",
    )
    assert log_of(journey)[-2:] == ["reopened luc", "alerted rung 0 luc"]
    await journey.press("luc", "take")
    assert journey.heard("luc") == [taken("Luc Perrichon", "Sunday 7 Mar 13:45")]


async def test_after_a_day_a_closed_case_stays_closed(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)
    await journey.press("nadia", "close")
    await journey.press("nadia", "all_well")
    await journey.until("2027-03-08 13:50")
    journey.heard("luc")

    await journey.press("luc", "Reopen")

    assert journey.heard("luc") == ["This case has been closed for more than a day: it stays closed."]
    assert journey.ask(select(CaseRow.reason)) == [("all_well",)]


async def test_where_another_case_is_open_by_now_the_old_one_stays_closed(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)
    await journey.press("nadia", "close")
    await journey.press("nadia", "all_well")
    reopen = journey.token("luc", "Reopen")
    await journey.say("lina", "SOS")
    journey.heard("luc")

    await journey.bring("luc", {"token": reopen})

    assert journey.heard("luc") == ["Another case of Lina H. is open already: please go on with that one."]


async def test_the_log_says_when_what_and_who_was_told(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)
    await journey.press("nadia", "take")

    people = dict(journey.ask(select(Person.id, Person.ref)))
    events = journey.ask(
        select(CaseEvent.at, CaseEvent.kind, CaseEvent.person_id, CaseEvent.detail).order_by(CaseEvent.id)
    )
    told = [
        (f"{at:%a %H:%M}", kind, people.get(by), [f"{people[one]} {what}" for one, what in detail.get("told", [])])
        for at, kind, by, detail in events
    ]
    assert told == [
        ("Sun 08:30", "matter", None, []),
        ("Sun 08:30", "opened", None, []),
        ("Sun 08:30", "alerted rung 0", None, ["nadia alert"]),
        ("Sun 12:30", "alerted rung 1", None, ["luc alert"]),
        ("Sun 12:45", "taken", "nadia", ["luc taken_by_other"]),
    ]


async def test_an_exhausted_case_says_since_when_nobody_took_it(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey, "2027-03-07 22:00")

    await journey.until("2027-03-08 12:40")

    told = [line.split("\n")[0] for line in journey.heard("cathy") if line.startswith("Still nobody")]
    since = "Sunday 7 Mar 09:30"
    assert told == [f"Still nobody has taken this case, open since {since}. Everyone is told again."]


async def test_coming_back_closes_unreachability_and_gives_the_all_clear_but_nothing_that_joined_it(
    begin: Begin,
) -> None:
    journey = begin()
    await journey.enrol("lina", "jules")
    for ref in ("lina", "jules"):
        await journey.do(concern, journey.stay(ref), "undelivered")
    await journey.do(concern, journey.stay("jules"), "stopped")
    for ref in ("nadia", "yann"):
        journey.heard(ref)

    await journey.say("lina", "hello")
    await journey.say("jules", "hello")

    assert journey.heard("nadia") == [ended("has answered", "Monday 1 Mar 09:00")]
    assert journey.heard("yann") == ["Jules M. has written. The case stays open until you close it."]


def concern(tx: Tx, stay: int, topic: str) -> None:
    open_matter(tx, tx.rows.get_one(StayRow, stay), Matter(Level.FOLLOW_UP, topic))
