"""A stay ends before its time, moves, goes on after all; or its row is gone from the list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.domain.roster.row import RosterRow, Status
from bot.handlers.people.roster import Imported, bring_in
from bot.store.cases import CaseRow
from bot.store.sessions import SessionRow
from bot.store.stays import ChangeRow, StayRow
from tests.handlers.conversation.test_stay_changes import roster_row
from tests.journeys.conftest import Begin
from tests.journeys.desks import ask
from tests.journeys.driver import Journey
from tests.journeys.remembered import scene
from tests.journeys.scenes import check_in_asked, cry, forget, looked_after

CLASS = "2MELEC"
NOTED = "Noted: Lina H.: the stay does not take place."
GOES_ON = "[It goes on after all]"


def row(**values: object) -> RosterRow:
    return replace(roster_row(date(2027, 3, 27)), class_name=CLASS, **values)  # type: ignore[arg-type]


def other(reference: str, first_name: str, **values: object) -> RosterRow:
    return row(reference=reference, first_name=first_name, birth=date(2010, 1, 1), **values)


def ended(journey: Journey) -> list[tuple[str, str | None]]:
    return [(ref, end.value if end else None) for ref, end in journey.ask(select(StayRow.city, StayRow.ended))]


async def test_a_withdrawal_in_the_sheet_is_silence_and_closes_the_case(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    for choice in ("so_so", "bad"):
        await journey.press("lina", choice)
    forget(journey)
    done = await journey.do(bring_in, (row(status=Status.BROKEN_OFF),))
    again = await journey.do(bring_in, (row(status=Status.BROKEN_OFF),))

    assert (done.ended, again.ended) == (["lina"], [])
    assert journey.ask(select(ChangeRow.kind, ChangeRow.person_id)) == [("broken_off", None)]
    await journey.until("2027-04-20 12:00")
    assert journey.heard("lina") == []
    assert journey.ask(select(CaseRow.reason).where(CaseRow.closed_at.is_(None))) == []


async def test_a_cry_is_no_matter_of_dates(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await cry(journey)
    await journey.do(bring_in, (row(status=Status.BROKEN_OFF),))

    assert journey.ask(select(CaseRow.topic, CaseRow.closed_at)) == [("sos", None)]
    await journey.until("2027-03-14 19:00")
    danger, luc = await cry(journey)
    assert (len(danger), luc != []) == (1, True)


@pytest.mark.parametrize(
    ("words", "topic"),
    [("my host family shouts at me and i am afraid", "distress"), ("I would like to speak to Nadia", "question")],
)
async def test_nor_are_words_that_nobody_has_answered(begin: Begin, words: str, topic: str) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.say("lina", words)
    await journey.do(bring_in, (row(status=Status.BROKEN_OFF),))

    assert journey.ask(select(CaseRow.topic, CaseRow.closed_at)) == [(topic, None)]


async def test_the_sheet_says_that_the_coach_arrives_the_next_day(begin: Begin) -> None:
    journey = begin("2027-02-20 09:00")
    await journey.enrol("lina")
    await journey.until("2027-03-06 20:30")
    asked = [each for each in journey.heard("lina") if "arrived" in each]
    done = await journey.do(bring_in, (row(arrives=date(2027, 3, 7)),))
    await journey.until("2027-03-07 19:00")

    assert (len(asked), done.moved) == (1, ["lina"])
    assert (journey.heard("lina"), journey.ask(select(CaseRow.topic))) == ([], [])
    await journey.until("2027-03-07 20:30")
    assert "arrived" in journey.heard("lina")[-1]
    await journey.until("2027-03-08 12:00")
    assert journey.ask(select(CaseRow.topic)) == [("missed",)]


async def test_an_adult_ends_a_stay_and_nobody_is_told_but_in_their_words(begin: Begin) -> None:
    journey = begin("2027-02-01 09:00")
    await journey.enrol("lina")
    forget(journey)
    await ask(journey, "nadia", "/change lina")
    await journey.press("nadia", "Does not travel")
    before = ended(journey)
    assert journey.heard("nadia")[-1].endswith("[Confirm] [Cancel]")
    await journey.press("nadia", "Confirm")

    heard = journey.heard("nadia")
    assert heard == [NOTED, f"Whom shall I tell of it, in your words? [Tell Lina H.…] {GOES_ON}"]
    assert (before, ended(journey), journey.heard("lina")) == ([("Leipzig", None)], [("Leipzig", "withdrawn")], [])
    await journey.press("nadia", "Tell Lina H.…")
    journey.heard("nadia")
    assert await ask(journey, "nadia", "I phone you tonight.") == ["Passed on to: Lina Haddouche."]
    assert len(journey.heard("lina")) == 1
    await journey.until("2027-03-08 12:00")
    assert (journey.heard("lina"), journey.ask(select(CaseRow.id))) == ([], [])


async def test_it_goes_on_after_all(begin: Begin) -> None:
    journey = begin("2027-02-01 09:00")
    await journey.enrol("lina")
    await ask(journey, "nadia", "/change lina")
    await journey.press("nadia", "Does not travel")
    await journey.press("nadia", "Confirm")
    forget(journey)
    await journey.press("nadia", "It goes on after all")

    assert ended(journey) == [("Leipzig", None)]
    await journey.until("2027-03-06 20:30")
    assert "arrived" in journey.heard("lina")[-1]


async def test_a_class_is_moved_and_withdrawn(begin: Begin) -> None:
    journey = begin("2027-02-01 09:00")
    await journey.enrol("lina")
    await journey.do(bring_in, (row(), other("zoe", "Zoe")))
    assert (await ask(journey, "nadia", f"/change {CLASS}"))[0].startswith(f"{CLASS}: 2 stays. What changes?")
    await journey.press("nadia", "Other dates…")
    asked = await ask(journey, "nadia", "2027-03-20")
    await journey.press("nadia", "Confirm")

    assert "Lina H. and Zoe H." in asked[-1]
    assert journey.ask(select(StayRow.departure, StayRow.back)) == [(date(2027, 3, 20), date(2027, 4, 10))] * 2
    await ask(journey, "nadia", f"/change {CLASS}")
    await journey.press("nadia", "Does not travel")
    await journey.press("nadia", "Confirm")
    assert ended(journey) == [("Leipzig", "withdrawn")] * 2


async def test_a_row_that_is_gone_is_asked_about_and_climbs(begin: Begin) -> None:
    journey, done = await gone(begin)

    assert done.unlisted == ["lina"]
    assert journey.heard("nadia") == [
        "Lina H. is not in the new list any more. Does the stay take place? Until somebody says so, nothing is asked of "
        "a learner who has not left. [Lina H. travels] [Lina H. does not travel]"
    ]
    await journey.until("2027-03-03 12:00")
    of_lina = CaseRow.stay_id == journey.stay("lina")
    assert journey.ask(select(CaseRow.topic, CaseRow.level).where(of_lina)) == [("unlisted", "today")]
    await journey.until("2027-03-07 12:00")
    assert journey.heard("lina") == []


async def test_an_answer_lets_everything_go_on(begin: Begin) -> None:
    journey, _done = await gone(begin)
    await journey.until("2027-03-05 12:00")
    forget(journey)
    await journey.press("nadia", "Lina H. travels")

    of_lina = CaseRow.stay_id == journey.stay("lina")
    assert journey.ask(select(CaseRow.reason).where(of_lina)) == [("settled",)]
    await journey.until("2027-03-06 20:30")
    assert "arrived" in journey.heard("lina")[-1]


async def test_a_row_that_comes_back_settles_it(begin: Begin) -> None:
    journey, _done = await gone(begin)
    await journey.until("2027-03-05 12:00")
    await journey.do(bring_in, (row(), other("zoe", "Zoe")))

    of_lina = CaseRow.stay_id == journey.stay("lina")
    assert journey.ask(select(CaseRow.reason).where(of_lina)) == [("settled",)]
    assert journey.ask(select(StayRow.unlisted_at)) == [(None,), (None,)]


async def gone(begin: Begin) -> tuple[Journey, Imported]:
    """Lina's row is gone from the list of her class, five days before the departure."""
    journey = begin("2027-03-01 09:00")
    return journey, await left_out(journey)


@scene
async def left_out(journey: Journey) -> Imported:
    await journey.enrol("lina")
    await journey.do(bring_in, (row(), other("zoe", "Zoe")))
    forget(journey)
    done = await journey.do(bring_in, (other("zoe", "Zoe"),))
    await journey.until("2027-03-01 09:05")
    return done


async def test_a_further_stay_is_accompanied_on_the_same_account(begin: Begin) -> None:
    journey = begin("2027-02-01 09:00")
    await journey.enrol("lina")
    await journey.until("2027-03-06 20:05")
    for choice in ("yes", "as_planned", "yes"):
        await journey.press("lina", choice)
    await looked_after(journey, "2027-04-15 12:00")
    forget(journey)
    far = timedelta(days=91)
    first = row()
    dates = {name: getattr(first, name) + far for name in ("departure", "start", "end", "back")}
    done = await journey.do(bring_in, (row(city="Bergen", country="NO", **dates),))
    again = await journey.do(bring_in, (row(city="Bergen", country="NO", **dates),))
    await journey.until("2027-04-15 12:05")

    assert (done.further, again.unchanged) == (["lina"], ["lina"])
    assert journey.heard("lina")[0] == "You have a further stay: Bergen, from Saturday 5 June to Saturday 26 June. I go with you there as well."  # fmt: skip
    assert "Bergen" in (await ask(journey, "nadia", "/learner lina"))[0]
    await looked_after(journey, "2027-06-05 20:30")
    assert "arrived" in journey.heard("lina")[-1]


async def test_whoever_goes_on_to_a_further_stay_is_not_asked_whether_they_are_back(begin: Begin) -> None:
    journey = begin("2027-02-01 09:00")
    await journey.enrol("lina")
    await looked_after(journey, "2027-03-26 09:00")
    forget(journey)
    dates = {
        "departure": date(2027, 3, 27),
        "start": date(2027, 3, 28),
        "end": date(2027, 4, 8),
        "back": date(2027, 4, 9),
    }
    done = await journey.do(bring_in, (row(city="Dresden", **dates),))
    await journey.until("2027-03-28 09:00")

    assert (done.further, done.unlisted) == (["lina"], [])
    asked = select(SessionRow.touchpoint, StayRow.city).join(StayRow, StayRow.id == SessionRow.stay_id)
    landmarks = asked.where(SessionRow.touchpoint.in_(("arrival", "safe_return"))).order_by(SessionRow.id)
    assert journey.ask(landmarks) == [("arrival", "Leipzig"), ("arrival", "Dresden")]
