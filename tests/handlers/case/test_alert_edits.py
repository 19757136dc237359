"""An alert that was sent says how its case stands, with the buttons that still lead somewhere; what must ring is a new message."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.domain.level import Level
from bot.handlers.case.buttons import act_on_case
from bot.handlers.case.case import Matter, open_matter
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import by_ref
from bot.store.stays import StayRow
from bot.web.chat.history import Bubble, read_page
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.words import ended, taken, takes

AT = "Monday 1 Mar 09:00"


@pytest.fixture
async def journey(begin: Begin) -> Journey:
    made = begin()
    await made.enrol("lina")
    return made


async def concern(journey: Journey, level: Level, topic: str) -> None:
    stay = journey.stay("lina")

    def happen(tx: Tx) -> None:
        open_matter(tx, tx.rows.get_one(StayRow, stay), Matter(level, topic))

    await journey.do(happen)
    for ref in ("nadia", "luc"):
        journey.heard(ref)


async def alert_of(journey: Journey, ref: str) -> tuple[str, list[str]]:
    """What the alert says under itself, and the buttons it shows."""

    def read(tx: Tx) -> Bubble:
        page = read_page(tx, ref)
        assert page is not None
        return next(each for each in reversed(page.bubbles) if each.text.startswith(("○", "●", "▲", "🆘")))

    found = await journey.db.transact(read)
    return found.receipt, [button.label for button in found.buttons]


def sent(journey: Journey) -> int:
    return int(journey.ask(select(func.count()).where(OutboxRow.case_id.is_not(None)).select_from(OutboxRow))[0][0])


async def test_a_case_from_taking_to_its_end_and_back_is_one_message_for_each_adult(journey: Journey) -> None:
    await concern(journey, Level.TODAY, "undelivered")
    await journey.until("2027-03-01 13:00")
    before = sent(journey)
    contact = "Contact is kept otherwise…"

    await journey.press("nadia", "I take it")
    mine, others = taken("Nadia Ferhaoui", "Monday 1 Mar 13:00"), await alert_of(journey, "luc")
    assert await alert_of(journey, "nadia") == (
        mine,
        ["Pass on…", "Reached", "Reached, all well", "Close…", contact],
    )
    assert others == (mine, ["Reached", "Reached, all well", "Close…", contact])

    await journey.press("nadia", "Reached, all well")
    closed = ended("All is well", "Monday 1 Mar 13:00", "Nadia Ferhaoui"), ["Reopen"]
    assert (await alert_of(journey, "nadia"), await alert_of(journey, "luc")) == (closed, closed)
    assert sent(journey) == before == 2

    await journey.press("luc", "Reopen")
    waits, buttons = await alert_of(journey, "luc")
    assert (waits, buttons[0], "Reopen" in buttons) == (
        "Waits for somebody again since Monday 1 Mar 13:00",
        "I take it",
        False,
    )


async def test_who_may_be_on_their_way_for_a_cry_hears_in_a_message_that_a_colleague_has_it(journey: Journey) -> None:
    await concern(journey, Level.NOW, "sos")
    await journey.until("2027-03-01 09:25")
    journey.heard("cathy")

    await journey.press("luc", "I take it")

    assert journey.heard("cathy") == [
        taken("Luc Perrichon", "Monday 1 Mar 09:25"),
        takes("Luc Perrichon", "Lina H."),
    ]


async def test_an_alert_that_is_still_to_leave_leaves_as_its_case_stands(journey: Journey) -> None:
    stay = journey.stay("lina")

    def taken_at_once(tx: Tx) -> None:
        row = open_matter(tx, tx.rows.get_one(StayRow, stay), Matter(Level.TODAY, "undelivered"))
        luc = by_ref(tx.rows, "luc")
        assert luc is not None
        act_on_case(tx, luc, {"do": "case", "case": row.id, "act": "take"})

    await journey.do(taken_at_once)

    said, buttons = await alert_of(journey, "nadia")
    assert (said, buttons[:3]) == (taken("Luc Perrichon", AT), ["Reached", "Reached, all well", "Close…"])
    assert journey.ask(select(CaseRow.closed_at)) == [(None,)]
