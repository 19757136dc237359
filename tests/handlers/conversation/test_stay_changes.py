"""A stay changes while it is under way: a pause, an extension, an early return, force majeure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.domain.person import Role
from bot.domain.roster.row import RosterRow
from bot.domain.stay import Kind, Track
from bot.handlers.people.roster import bring_in
from bot.store.cases import CaseRow
from bot.store.records import AuditRow
from bot.store.stays import ChangeRow, ItemState, Mark, StayRow
from tests.journeys.conftest import Begin
from tests.journeys.desks import ask, give
from tests.journeys.driver import Journey
from tests.journeys.people import OMBELLE, VALMER
from tests.journeys.scenes import check_in_asked, cry, forget, looked_after
from tests.journeys.words import PULSE

BUTTONS = (
    "[Pause until…] [Other dates…] [Extension…] [Early return…] [Force majeure…] [Contact is kept otherwise…] "
    "[Does not travel] [Broken off] [Another time or place]"
)
LIKE = "Write it like this: 20/03 or 2027-03-20. To change nothing: /help."
DONE = "Done, and noted. I tell Lina H."


async def choose(journey: Journey, button: str, day: str) -> list[str]:
    """What Nadia hears once she has pressed a button and written a day."""
    await ask(journey, "nadia", "/change lina")
    await journey.press("nadia", button)
    return await ask(journey, "nadia", day)


async def change(journey: Journey, button: str, day: str) -> None:
    """All of it, confirmed."""
    await choose(journey, button, day)
    forget(journey)
    await journey.press("nadia", "Confirm")


def marks(journey: Journey, touchpoint: str) -> list[tuple[str, str]]:
    wanted = select(Mark.occurrence, Mark.outcome).where(Mark.touchpoint == touchpoint)
    return sorted(journey.ask(wanted))


async def test_a_pause_asks_nothing_and_the_plan_goes_on_afterwards(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)

    assert await ask(journey, "nadia", "/changer lina") == [
        f"The stay of Lina H. is from 6 March 2027 to 27 March 2027. What changes? {BUTTONS}"
    ]
    await journey.press("nadia", "Pause until…")
    assert journey.heard("nadia") == [f"Pause for Lina H.: until which day, that day included? {LIKE}"]
    assert await ask(journey, "nadia", "21/03") == [
        "Lina H. is asked nothing until 21 March 2027, but whether they have arrived and are back. "
        "SOS and alerts go on.\n1 planned message is cancelled. [Confirm] [Cancel]"
    ]
    await journey.press("nadia", "Confirm")
    assert journey.heard("nadia") == [DONE]
    assert journey.heard("lina") == ["Nadia Ferhaoui has paused my questions until 21 March 2027. SOS works as always."]

    await journey.until("2027-03-25 10:00")
    assert (journey.heard("lina"), journey.ask(select(CaseRow.topic))) == ([], [("silent_paused",)])
    assert marks(journey, "check_in") == [
        ("2027-03-14", "paused"),
        ("2027-03-21", "paused"),
        ("first@2027-03-08", "answered"),
    ]
    await journey.until("2027-03-27 21:00")
    assert "back" in journey.heard("lina")[-1]


async def test_what_comes_once_waits_for_the_end_of_the_pause(begin: Begin) -> None:
    journey = begin("2027-02-01 09:00")
    await journey.enrol("lina")
    forget(journey)
    await change(journey, "Pause until…", "2027-03-03")
    journey.heard("lina")
    await journey.until("2027-03-03 23:00")
    assert journey.heard("lina") == []
    await journey.until("2027-03-04 12:00")

    assert len(journey.heard("lina")) == 1


async def test_a_cry_in_a_pause_is_a_cry(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await change(journey, "Pause until…", "21/03")
    danger, luc = await cry(journey)

    assert (len(danger), len(luc)) == (1, 1)


async def test_an_extension_moves_the_return_and_adds_the_weeks_between(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    heard = await choose(journey, "Extension…", "10 avril")

    assert heard[0].split("\n")[0] == "The stay of Lina H. ends on 10 April 2027 instead of 27 March 2027."
    assert heard[0].endswith("2 new messages are planned. [Confirm] [Cancel]")
    await journey.press("nadia", "Confirm")
    assert journey.heard("lina") == [
        "Your stay is longer now: you come back on 10 April 2027. I have adapted my questions."
    ]
    assert journey.ask(select(StayRow.end, StayRow.back)) == [(date(2027, 4, 9), date(2027, 4, 10))]
    await journey.press("lina", "fine")
    forget(journey)
    await looked_after(journey, "2027-03-28 18:30")
    asked = "Lina, our Sunday word: is everything as you like it in Leipzig?"
    assert journey.heard("lina")[-1:] == [f"{asked} {PULSE}"]
    assert marks(journey, "safe_return") == []
    await looked_after(journey, "2027-04-10 22:00")
    assert marks(journey, "safe_return") == [("once@2027-04-10", "asked")]


async def test_an_early_return_opens_a_case_for_today_and_pressed_twice_happens_once(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await choose(journey, "Early return…", "2027-03-17")
    token = journey.token("nadia", "Confirm")
    forget(journey)
    await journey.bring("nadia", {"token": token})
    await journey.bring("nadia", {"token": token})

    assert [line for line in journey.heard("nadia") if line == DONE] == [DONE]
    assert journey.ask(select(ChangeRow.kind, ChangeRow.day)) == [("early_return", "2027-03-17")]
    assert journey.ask(select(AuditRow.target).where(AuditRow.action == "change")) == [
        (f"stay {journey.stay('lina')}",)
    ]
    assert journey.ask(select(CaseRow.topic, CaseRow.level)) == [("early_return", "today")]
    assert journey.heard("lina") == [
        "You come back on 17 March 2027, earlier than planned. Nadia Ferhaoui is there for you, and I go on with you."
    ]
    assert journey.ask(select(StayRow.end, StayRow.back)) == [(date(2027, 3, 17), date(2027, 3, 17))]
    card = await ask(journey, "nadia", "/learner lina")
    assert "Sunday 14 Mar 18:30, Nadia Ferhaoui: early return on 17 March 2027" in card[0]
    await journey.until("2027-03-17 22:00")
    assert marks(journey, "safe_return") == [("once@2027-03-17", "asked")]


async def test_force_majeure_waives_the_report_and_the_head_is_told(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await journey.do(give, "cathy", Role.HEAD)
    await change(journey, "Force majeure…", "16/03")

    assert [line for line in journey.heard("cathy") if line.startswith("Force majeure")] == [
        "Force majeure: the stay of Lina H. in Leipzig ends on 16 March 2027 (entered by Nadia Ferhaoui). "
        "The return report is not asked for until somebody says so. The National Agency has to be told."
    ]
    waived = select(ItemState.state, ItemState.value).where(ItemState.item == "report")
    assert journey.ask(waived) == [("waived", "force_majeure")]
    await looked_after(journey, "2027-06-30 12:00")
    assert marks(journey, "item.report") == []
    assert (await ask(journey, "nadia", "/change lina"))[0].endswith("[Ask for the report again]")
    await journey.press("nadia", "Ask for the report again")
    assert "Noted: Lina H. is asked for the report again." in journey.heard("nadia")
    assert journey.ask(select(ItemState.state).where(ItemState.item == "report")) == [("todo",)]


@pytest.mark.parametrize(
    ("button", "day", "said"),
    [
        ("Extension…", "20/03", "The return of Lina H. is planned for 27 March 2027: an extension ends later."),
        (
            "Early return…",
            "30/03",
            "The return of Lina H. is planned for 27 March 2027: an early return is before that.",
        ),
        ("Early return…", "2027-03-01", f"These days are over. {LIKE}"),
        ("Pause until…", "soon", f"I cannot read these dates. {LIKE}"),
    ],
)
async def test_a_day_that_does_not_fit_is_said_why(begin: Begin, button: str, day: str, said: str) -> None:
    journey = begin()
    await check_in_asked(journey)

    assert await choose(journey, button, day) == [said]
    assert journey.ask(select(ChangeRow.id)) == []


async def test_cancelled_nothing_changes(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await choose(journey, "Extension…", "10/04")
    await journey.press("nadia", "Cancel")
    await journey.press("nadia", "Confirm")

    assert journey.heard("nadia") == ["Nothing was changed."]
    assert journey.ask(select(StayRow.back)) == [(date(2027, 3, 27),)]


async def test_walls_and_roles_hold(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    stay = journey.stay("lina")

    assert await ask(journey, "yann", f"/change #{stay} extension 2027-04-10 yes") == [
        "I find no learner of that name. /who shows who is abroad now."
    ]
    await journey.do(give, "luc", Role.ON_CALL)
    assert await ask(journey, "luc", f"/change #{stay} extension 2027-04-10 yes") == [
        "Only those who follow learners can do this. /help shows what you can do."
    ]
    assert journey.ask(select(ChangeRow.id)) == []


async def test_the_roster_of_before_undoes_no_change_and_new_dates_count(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await change(journey, "Extension…", "10/04")
    await journey.do(bring_in, (roster_row(date(2027, 3, 27)),))
    kept = journey.ask(select(StayRow.back))
    await journey.do(bring_in, (roster_row(date(2027, 4, 3)),))

    assert kept == [(date(2027, 4, 10),)]
    assert journey.ask(select(StayRow.end, StayRow.back)) == [(date(2027, 4, 2), date(2027, 4, 3))]


def roster_row(back: date) -> RosterRow:
    """Lina as the school's file has her."""
    return RosterRow(
        reference="lina", first_name="Lina", last_name="Haddouche", birth=date(2011, 6, 19), language="en",
        school=VALMER, kind=Kind.OUTGOING, track=Track.VET, country="DE", city="Leipzig", zone="Europe/Berlin",
        home_zone="Europe/Paris", departure=date(2027, 3, 6), start=date(2027, 3, 8), end=back - timedelta(days=1),
        back=back, row=2, class_name="", home_country="FR", home_city="Valmer", host="Elektro Winkelmann", tutor=None,
        email=None, phone=None, guardians=(), tags=frozenset(),
    )  # fmt: skip


async def test_a_case_goes_with_a_learner_to_another_school(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    row = roster_row(date(2027, 3, 27))
    await journey.do(bring_in, (row,))
    await journey.say("lina", "SOS")
    await journey.press("luc", "take")
    for ref in ("luc", "thierry"):
        journey.heard(ref)

    await journey.do(bring_in, (replace(row, school=OMBELLE),))

    assert journey.heard("thierry")[0].startswith("🆘 SOS · Lina H., at home (09:00 there)")
    assert journey.heard("luc") == []
    assert journey.ask(select(CaseRow.owner_id, CaseRow.closed_at)) == [(None, None)]
