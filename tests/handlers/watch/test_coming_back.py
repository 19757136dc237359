"""We were away: what was written meanwhile is read first, then silence is judged; nobody was silent while we were deaf."""

from __future__ import annotations

from sqlalchemy import select

from bot.handlers.watch.own_outage import beat
from bot.store.cases import CaseRow
from bot.store.outages import DeafSpell
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey, instant
from tests.journeys.scenes import check_in_asked, forget
from tests.journeys.words import NUDGE

AWAY = "Sunday 14 Mar 19:00"


async def restarted(journey: Journey, gone: str, back: str) -> None:
    """The process dies at `gone`; at `back` another begins on the same file, and reads what waited."""
    await journey.until(gone)
    await journey.do(beat)
    forget(journey)
    journey.clock.move_to(instant(back))
    journey.db.close()
    journey.open()
    app = journey.app
    app.catching_up.expect("web")
    app.catching_up.begin()
    app._behind = app.delivery.patient = True
    await journey.db.transact(beat, reading=True)
    await app.settle()  # what is true of every other instant is not yet looked at: what waited has not been read


async def waited(journey: Journey, ref: str, **sent: str) -> None:
    """Something that was written meanwhile is read."""
    journey.received = journey.watch.received = journey.received + 1
    await journey.app.receive("web", f"waited-{journey.received}", {"address": ref, **sent})
    await journey.app.settle()


async def all_read(journey: Journey) -> None:
    journey.app.heard_out("web")
    await journey.settle()


async def test_who_had_answered_meanwhile_is_not_reminded_and_no_adult_is_alerted(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await restarted(journey, "2027-03-14 19:00", "2027-03-15 20:00")
    unread = journey.heard("lina")
    await waited(journey, "lina", token=journey.token("lina", "fine"))
    answered = journey.heard("lina")
    await all_read(journey)

    assert (unread, [text[:4] for text in answered], journey.heard("lina")) == ([], ["Than"], [])
    told = f"I was away from {AWAY} to Monday 15 Mar 20:00. What was written to me then may be lost, an SOS too. "
    assert [text[: len(told)] for text in journey.heard("nadia") if "away" in text] == [told]
    await journey.until("2027-03-15 20:29")
    assert journey.heard("lina") == []
    assert journey.ask(select(CaseRow.id)) == []


async def test_who_had_not_is_reminded_when_so_long_could_be_heard(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await restarted(journey, "2027-03-14 19:00", "2027-03-15 15:00")
    await all_read(journey)
    await journey.until("2027-03-16 14:00")
    early = journey.heard("lina")
    await journey.until("2027-03-16 14:10")

    assert (early, journey.heard("lina")) == ([], [NUDGE])
    await journey.until("2027-03-17 14:00")
    assert journey.ask(select(CaseRow.id)) == []
    await journey.until("2027-03-17 14:10")
    assert journey.ask(select(CaseRow.topic)) == [("missed",)]
    assert journey.ask(select(DeafSpell.channel, DeafSpell.since, DeafSpell.until)) == [
        ("", instant("2027-03-14 19:00"), instant("2027-03-15 15:00"))
    ]


async def test_what_came_up_meanwhile_is_one_message(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina", "noemie")
    await restarted(journey, "2027-03-06 20:30", "2027-03-07 10:00")
    for ref in ("lina", "noemie"):
        await waited(journey, ref, token=journey.token(ref, "trouble"))
    held = [text for text in journey.heard("nadia") if "[" in text]
    await all_read(journey)
    told = [text for text in journey.heard("nadia") if "[" in text]

    assert (held, [text.splitlines()[0] for text in told]) == (
        [],
        ["I was away from Saturday 6 Mar 20:30 to Sunday 7 Mar 10:00. This came up meanwhile:"],
    )
    assert [name in told[0] for name in ("Lina H.", "Noémie A.", "[I take all 2]")] == [True, True, True]


async def test_a_cry_that_waited_is_told_before_all_has_been_read(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await restarted(journey, "2027-03-04 10:00", "2027-03-04 16:00")
    await waited(journey, "lina", text="SOS")

    assert [text.splitlines()[1] for text in journey.heard("luc")] == ["SOS: needs help now."]
