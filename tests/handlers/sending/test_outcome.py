"""The four things that can come of sending, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import JSON, literal, select, update
from structlog.testing import capture_logs

from bot.domain.channel import NotSent, Permanent, Sent
from bot.domain.ladder import Closed
from bot.domain.level import Level
from bot.handlers.case.case import Matter, move_case, open_matter
from bot.handlers.say.post import About, show_choice
from bot.handlers.sending.claim import claim
from bot.handlers.sending.outcome import settle
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.models import Base
from bot.store.outages import DeafSpell
from bot.store.people import Address
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow
from tests.conftest import START
from tests.handlers.sending.test_claim import NONE, arrival
from tests.runtime.delivery.conftest import Office

LINAS = About(stay=1)
OUTBOX = Base.metadata.tables["outbox"]


async def test_what_arrived_is_sent(office: Office) -> None:
    office.put("lina", "hello")

    await office.deliver()

    row = select(OutboxRow.state, OutboxRow.sent_at, OutboxRow.lease_until, OutboxRow.fence, OutboxRow.attempts)
    assert office.ask(row) == [("sent", START, None, 1, 0)]
    assert office.web.take() == [("lina", "hello")]


async def test_what_was_not_sent_is_tried_again_after_pauses_that_double(office: Office) -> None:
    office.put("lina", "hello")
    office.web.outcomes = [NotSent()] * 4
    pauses = []

    for _ in range(4):
        await office.deliver()
        ((due, lease),) = office.ask(select(OutboxRow.due_at, OutboxRow.lease_until))
        assert lease is None, "nobody has it in hand between two attempts"
        pauses.append((due - office.clock.now()).seconds)
        office.clock.move_to(due)
    await office.deliver()

    assert pauses == [5, 10, 20, 40]
    assert office.states() == ["sent"]


async def test_a_platform_that_names_a_pause_is_obeyed(office: Office) -> None:
    office.put("lina", "hello")
    office.web.outcomes = [NotSent(timedelta(seconds=77))]

    await office.deliver()
    await office.deliver(seconds=76)
    early = len(office.web.take())
    await office.deliver(seconds=1)

    assert (early, office.states()) == (1, ["sent"])


async def test_after_three_failures_the_next_address_is_tried(office: Office) -> None:
    office.add("mail", "lina")
    office.put("lina", "hello")
    office.mail.outcomes = [NotSent()] * 3

    for _ in range(4):
        await office.deliver(minutes=1)

    assert (len(office.mail.take()), office.web.take(), office.states()) == (3, [("lina", "hello")], ["sent"])


async def fails_for_two_hours(office: Office) -> None:
    """A message to Lina that cannot be sent, and goes on failing."""
    office.put("lina", "hello", about=LINAS)
    office.web.outcomes = [NotSent()] * 40
    for _ in range(7):
        await office.deliver(minutes=20)


def end_of_first(office: Office) -> tuple[str, str]:
    """The state of the first message, and why."""
    [(state, problem)] = office.ask(select(OutboxRow.state, OutboxRow.problem).where(OutboxRow.id == 1))
    return state, problem


async def test_a_day_of_failures_is_an_adults_task(office: Office) -> None:
    await fails_for_two_hours(office)
    before = office.states()
    await office.deliver(days=1)

    assert (before, end_of_first(office)) == (["pending"], ("failed", "could not be sent"))
    assert office.ask(select(CaseRow.topic, CaseRow.level)) == [("undelivered", "follow_up")]


async def test_an_outage_of_the_channel_is_not_counted_to_the_day_of_failures(office: Office) -> None:
    outage = START + timedelta(hours=1), START + timedelta(hours=6)
    office.db.run(lambda tx: tx.rows.add(DeafSpell(channel="web", since=outage[0], until=outage[1])))
    await fails_for_two_hours(office)
    await office.deliver(days=1)
    after_a_day = office.states()
    await office.deliver(hours=5)

    assert (after_a_day, end_of_first(office)) == (["pending"], ("failed", "could not be sent"))


async def test_a_dead_address_is_given_up_for_the_next(office: Office) -> None:
    office.add("mail", "lina")
    office.put("lina", "hello", about=LINAS)
    office.mail.outcomes = [Permanent("blocked")]

    await office.deliver()

    addresses = select(Address.channel, Address.state).where(Address.native == "lina").order_by(Address.id)
    assert office.ask(addresses) == [("web", "confirmed"), ("mail", "left")]
    assert (office.mail.take(), office.web.take()) == ([("lina", "hello")], [("lina", "hello")])
    assert (office.states(), office.ask(select(CaseRow.id))) == (["sent"], [])


async def test_the_last_address_dead_is_an_adults_task(office: Office) -> None:
    office.put("lina", "hello", about=LINAS)
    office.web.outcomes = [Permanent("blocked")]

    await office.deliver()

    failed = office.ask(select(OutboxRow.state, OutboxRow.problem).where(OutboxRow.id == 1))
    assert failed == [("failed", "blocked")]
    assert office.ask(select(CaseRow.topic, CaseRow.level)) == [("undelivered", "follow_up")]
    assert [native for native, _text in office.web.take()] == ["lina", "nadia"]


@pytest.mark.parametrize(
    ("asked", "level", "state"), [("arrived", "today", "done"), ("how_was_it", "follow_up", "open")]
)
def test_a_question_that_cannot_arrive_is_as_grave_as_the_silence_it_hides_while_it_stands(
    office: Office, asked: str, level: str, state: str
) -> None:
    office.db.run(arrival)
    prepared = office.db.run(claim, NONE).prepared
    office.db.run(lambda tx: setattr(tx.rows.get_one(SessionRow, 1), "asked", asked))

    office.db.run(settle, [(prepared[0], Permanent("blocked"))])

    assert office.ask(select(CaseRow.topic, CaseRow.level)) == [("undelivered", level)]
    assert office.ask(select(SessionRow.state)) == [(state,)]


async def test_what_a_platform_refuses_is_an_adults_task_but_an_alert_leaves_in_the_fewest_words(
    office: Office,
) -> None:
    office.put("luc", "an alert", Lane.ALERT)
    office.web.outcomes = [Permanent("refused")]
    await office.deliver()
    alert = office.web.take()
    office.put("lina", "hello", about=LINAS)
    office.web.outcomes = [Permanent("refused")]

    await office.deliver()

    assert alert == [("luc", "an alert"), ("luc", "SOS – case ?, stay ?")]
    assert office.ask(select(OutboxRow.state, OutboxRow.problem).where(OutboxRow.id == 2)) == [("failed", "refused")]
    assert office.ask(select(CaseRow.topic, CaseRow.level)) == [("undelivered", "follow_up")]


async def test_what_adults_have_looked_at_is_told_again_only_after_something_has_arrived(office: Office) -> None:
    def close(tx: Tx) -> None:
        case = tx.rows.scalars(select(CaseRow).where(CaseRow.closed_at.is_(None))).one()
        move_case(tx, case, Closed(case.alerted[0], "settled"))

    async def fails() -> list[str]:
        office.put("lina", "hello", about=LINAS)
        await office.deliver(hours=1)
        return [reason or "open" for (reason,) in office.ask(select(CaseRow.reason).order_by(CaseRow.id))]

    office.web.outcomes = [Permanent("blocked")]
    first, same = await fails(), await fails()
    office.db.run(close)
    looked_at = await fails()
    office.add("mail", "lina")
    office.put("lina", "hello again", about=LINAS)
    await office.deliver(hours=1)
    office.mail.outcomes = [Permanent("blocked")]
    anew = await fails()

    assert (first, same, looked_at, anew) == (["open"], ["open"], ["settled"], ["settled", "open"])


async def test_an_alert_that_reaches_nobody_climbs_at_once(office: Office) -> None:
    office.db.run(lambda tx: open_matter(tx, tx.rows.get_one(StayRow, 1), Matter(Level.FOLLOW_UP, "sos")).id)
    office.web.outcomes = [Permanent("blocked")]

    await office.deliver()

    assert [native for native, _text in office.web.take()] == ["nadia", "luc"]
    assert office.ask(select(CaseEvent.kind).order_by(CaseEvent.id)) == [
        ("matter",),
        ("opened",),
        ("alerted rung 0",),
        ("alerted rung 1",),
    ]


async def test_a_channel_that_raises_hinders_no_other_message(office: Office) -> None:
    office.put("lina", "hello", Lane.PROMPT)
    office.put("noemie", "hello", Lane.PROMPT)
    office.web.outcomes = [RuntimeError("a library's bug")]

    with capture_logs() as logs:
        await office.deliver()

    assert office.states() == ["unknown", "sent"]
    assert [entry["event"] for entry in logs] == ["channel raised"]


async def test_a_message_without_a_channel_waits_for_one(office: Office) -> None:
    office.put("lina", "hello")
    del office.app.delivery.channels

    office.app.delivery.channels = {}
    await office.deliver()

    assert office.ask(select(OutboxRow.state, OutboxRow.attempts)) == [("pending", 1)]


@pytest.mark.parametrize(
    ("lane", "state", "text"), [(Lane.ALERT, "sent", "SOS – case ?, stay 1"), (Lane.ANSWER, "failed", "")]
)
async def test_a_template_that_fails_still_lets_an_alert_leave(
    office: Office, lane: Lane, state: str, text: str
) -> None:
    number = office.put("lina", "hello", lane, LINAS)

    def spoil(tx: object) -> None:
        row = tx.rows.get_one(OutboxRow, number)  # type: ignore[attr-defined]
        row.message = row.message | {"text": {"one": "{x}", "many": "{x}", "by": "x"}, "values": {"x": "no number"}}

    office.db.run(spoil)
    with capture_logs() as logs:
        await office.deliver()

    assert office.states()[0] == state
    assert [said for native, said in office.web.take() if native == "lina"] == ([text] if text else [])
    assert [entry["event"] for entry in logs] == ["message cannot be composed"]


@pytest.mark.parametrize(
    ("lane", "state", "text"), [(Lane.ALERT, "sent", "SOS – case ?, stay 1"), (Lane.ANSWER, "failed", "")]
)
async def test_what_nobody_can_read_any_more_still_lets_an_alert_leave(
    office: Office, lane: Lane, state: str, text: str
) -> None:
    number = office.put("lina", "hello", lane, LINAS)
    lost = literal("~k1.999.AAAA", JSON)  # under a key that is not there
    office.db.run(lambda tx: tx.rows.execute(update(OUTBOX).where(OUTBOX.c.id == number).values(message=lost)))

    await office.deliver()

    assert office.states()[0] == state
    assert [said for native, said in office.web.take() if native == "lina"] == ([text] if text else [])


async def test_what_had_to_be_said_anew_is_changed_from_then_on_where_it_stands_now(office: Office) -> None:
    office.add("mail", "lina")
    number = office.put("lina", "hello")
    office.mail.outcomes = [Sent("in a room that is gone"), Sent("in another")]
    await office.deliver()

    office.db.run(lambda tx: show_choice(tx, tx.rows.get_one(OutboxRow, number)))
    await office.deliver()

    assert office.ask(select(OutboxRow.id, OutboxRow.native)) == [(number, "in another")]
