"""Whose turn it is, who holds a message, and what no longer leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from bot.domain.channel import NotSent, Sent
from bot.domain.level import Level
from bot.domain.messages import Letter
from bot.domain.stay import Ended
from bot.handlers.case.case import Matter, open_matter
from bot.handlers.conversation.sessions import open_next, queue
from bot.handlers.say.facts import stay_facts
from bot.handlers.say.post import About, post_everywhere
from bot.handlers.sending.claim import Claimed, claim
from bot.handlers.sending.outcome import LEASE, settle
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Address
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow
from tests.journeys.people import dismiss
from tests.runtime.delivery.conftest import Office

NONE: frozenset[str] = frozenset()


def test_a_sender_that_dies_holds_its_message_for_the_lease_and_no_longer(office: Office) -> None:
    office.put("lina", "hello", Lane.PROMPT)
    office.put("luc", "SOS", Lane.ALERT)
    office.db.run(claim, NONE)

    office.clock.move_to(office.clock.now() + LEASE - timedelta(seconds=1))
    early = office.db.run(claim, NONE)
    office.clock.move_to(office.clock.now() + timedelta(seconds=1))
    office.db.run(claim, NONE)

    assert early == Claimed(0, [], False)
    assert office.states() == ["unknown", "pending"]


def test_on_a_repeatable_channel_it_simply_goes_again(office: Office) -> None:
    office.put("lina", "hello", Lane.PROMPT)
    office.db.run(claim, frozenset({"web"}))
    office.clock.move_to(office.clock.now() + LEASE)

    again = office.db.run(claim, frozenset({"web"}))

    assert (again.moved, [each.fence for each in again.prepared]) == (1, [2])


def test_a_sender_that_comes_back_too_late_is_not_heard(office: Office) -> None:
    office.put("lina", "hello", Lane.PROMPT)
    late = office.db.run(claim, frozenset({"web"})).prepared
    office.clock.move_to(office.clock.now() + LEASE)
    present = office.db.run(claim, frozenset({"web"})).prepared

    office.db.run(settle, [(late[0], NotSent())])
    between = office.states()
    office.db.run(settle, [(present[0], Sent())])
    office.db.run(settle, [(late[0], NotSent())])

    assert (between, office.states()) == (["sending"], ["sent"])


def test_the_key_by_which_its_reader_is_known_goes_with_a_message(office: Office) -> None:
    office.db.run(_known, "lina", "her key")
    for ref in ("lina", "noemie"):
        office.put(ref, "hello")

    prepared = office.db.run(claim, NONE).prepared

    assert [(each.message.native, each.message.identity) for each in prepared] == [("lina", "her key"), ("noemie", "")]


def _known(tx: Tx, native: str, identity: str) -> None:
    tx.rows.execute(update(Address).where(Address.native == native).values(identity=identity))


def test_one_message_is_on_its_way_to_a_person_at_a_time(office: Office) -> None:
    for ref in ("lina", "lina", "noemie"):
        office.put(ref, "hello")

    first, second = office.db.run(claim, NONE), office.db.run(claim, NONE)

    assert [each.row for each in first.prepared] == [1, 3]
    assert second == Claimed(0, [], False)


def test_an_address_is_written_to_once_at_a_time_though_two_kinds_of_messages_go_there(office: Office) -> None:
    office.add("mail", "nadia")
    nadia = office.people["nadia"]
    office.put("nadia", "an answer, which would go by mail")
    office.db.run(lambda tx: post_everywhere(tx, nadia, Letter("an alert by mail and on the web")))

    first, second = office.db.run(claim, NONE), office.db.run(claim, NONE)

    assert [(each.row, each.channel) for each in first.prepared] == [(2, "mail"), (3, "web")]
    assert second.prepared == []


@pytest.mark.parametrize("since", [{"state": "left"}, {"person_id": 1}], ids=str)
def test_a_copy_for_an_address_that_is_theirs_no_more_goes_nowhere(office: Office, since: dict[str, object]) -> None:
    office.add("mail", "nadia")
    nadia = office.people["nadia"]
    office.db.run(lambda tx: post_everywhere(tx, nadia, Letter("an alert by mail and on the web")))
    office.db.run(lambda tx: tx.rows.execute(update(Address).where(Address.channel == "mail").values(since)))

    claimed = office.db.run(claim, NONE)

    assert [(each.row, each.channel) for each in claimed.prepared] == [(2, "web")]
    assert office.ask(select(OutboxRow.state, OutboxRow.problem).where(OutboxRow.id == 1)) == [("failed", "no address")]


async def test_alerts_leave_first_then_answers_then_prompts(office: Office) -> None:
    office.put("lina", "prompt", Lane.PROMPT)
    office.put("noemie", "answer", Lane.ANSWER)
    office.put("luc", "alert", Lane.ALERT)

    await office.deliver()

    assert [text for _native, text in office.web.take()] == ["alert", "answer", "prompt"]


async def test_what_is_tried_again_is_not_overtaken_but_by_an_alert(office: Office) -> None:
    office.put("lina", "one")
    office.put("lina", "two")
    office.web.outcomes = [NotSent()]

    await office.deliver()
    office.put("lina", "alert", Lane.ALERT)
    await office.deliver()
    at_once = office.web.take()
    await office.deliver(seconds=5)

    assert at_once == [("lina", "one"), ("lina", "alert")]
    assert office.web.take() == [("lina", "one"), ("lina", "two")]


async def test_an_alert_goes_before_whatever_else_waits_for_its_reader(office: Office) -> None:
    office.put("lina", "one")
    office.put("lina", "two")
    office.put("lina", "alert", Lane.ALERT)

    await office.deliver()

    assert office.web.take() == [("lina", "alert"), ("lina", "one"), ("lina", "two")]


async def test_who_writes_is_answered_at_once_behind_what_was_to_be_tried_again(office: Office) -> None:
    office.put("lina", "one")
    office.web.outcomes = [NotSent(timedelta(minutes=15))]
    await office.deliver()
    office.web.take()

    await office.app.receive("web", "from-lina", {"address": "lina", "text": "/help"})
    await office.deliver()

    assert [text.split(":")[0] for _native, text in office.web.take()] == ["one", "I can"]


def arrival(tx: Tx) -> None:
    stay = tx.rows.get_one(StayRow, 1)
    facts = stay_facts(tx, stay) | {"again_1": "2027-03-07T07:30:00+00:00", "missing": "2027-03-07T08:30:00+00:00"}
    queue(tx, stay, "arrival", ("arrival", "once"), 0, facts)
    open_next(tx, stay.person_id)


async def test_a_question_that_no_longer_stands_does_not_leave(office: Office) -> None:
    office.db.run(arrival)
    office.db.run(lambda tx: setattr(tx.rows.get_one(SessionRow, 1), "state", "expired"))

    await office.deliver()

    assert (office.states(), office.web.take()) == (["expired"], [])


def check_in(tx: Tx) -> None:
    stay = tx.rows.get_one(StayRow, 1)
    queue(
        tx, stay, "check_in", ("check_in", "first"), 1, stay_facts(tx, stay) | {"missed_before": False, "trend": None}
    )
    open_next(tx, stay.person_id)


def asked(office: Office) -> list[str | None]:
    """The questions that Lina was asked, in order."""
    sent = select(OutboxRow.step).join(SessionRow, SessionRow.id == OutboxRow.session_id).order_by(OutboxRow.id)
    wanted = sent.where(OutboxRow.state == "sent", OutboxRow.person_id == office.people["lina"])
    return [step for (step,) in office.ask(wanted) if step != "opening"]


async def test_a_question_that_gave_way_is_asked_when_its_turn_comes_not_before(office: Office) -> None:
    office.db.run(lambda tx: tx.rows.execute(update(StayRow).values(wake_at=tx.now)))
    office.db.run(check_in)
    office.db.run(arrival)

    await office.deliver()

    assert asked(office) == ["arrived"]


async def test_a_question_that_comes_back_before_it_has_left_is_asked_once(office: Office) -> None:
    office.db.run(check_in)
    office.db.run(lambda tx: setattr(tx.rows.get_one(SessionRow, 1), "state", "queued"))
    office.db.run(open_next, office.people["lina"])

    await office.deliver()

    assert (asked(office), office.states()) == (["pulse"], ["expired", "sent"])


async def test_a_question_that_is_leaving_is_not_asked_once_more(office: Office) -> None:
    office.db.run(check_in)
    await office.deliver()
    office.db.run(lambda tx: setattr(tx.rows.get_one(OutboxRow, 1), "state", "sending"))
    office.db.run(lambda tx: setattr(tx.rows.get_one(SessionRow, 1), "state", "queued"))

    office.db.run(open_next, office.people["lina"])

    assert office.states() == ["sending"]


async def test_a_prompt_of_a_cancelled_stay_does_not_leave_but_an_alert_does(office: Office) -> None:
    office.put("lina", "prompt", Lane.PROMPT, About(stay=1))
    office.put("lina", "alert", Lane.ALERT, About(stay=1))
    office.db.run(lambda tx: setattr(tx.rows.get_one(StayRow, 1), "ended", Ended.WITHDRAWN))

    await office.deliver()

    assert (office.states(), office.web.take()) == (["expired", "sent"], [("lina", "alert")])


async def test_the_right_to_read_a_case_is_asked_when_it_leaves(office: Office) -> None:
    office.db.run(lambda tx: open_matter(tx, tx.rows.get_one(StayRow, 1), Matter(Level.NOW, "sos")).id)
    office.db.run(dismiss, "luc")

    await office.deliver()

    assert (office.states(), office.web.take()) == (["expired"], [])


async def test_what_follows_from_one_outcome_may_fail_without_hindering_the_others(office: Office) -> None:
    office.db.run(arrival)
    office.put("noemie", "hello")
    office.db.run(lambda tx: setattr(tx.rows.get_one(SessionRow, 1), "facts", {"again_1": "no instant"}))

    with capture_logs() as logs:
        await office.deliver()

    assert office.states() == ["unknown", "sent"]
    assert [entry["event"] for entry in logs] == ["batch not settled, going on one by one", "message not settled"]


async def test_a_question_whose_hours_the_programme_has_changed_still_counts_its_silence(office: Office) -> None:
    office.db.run(arrival)
    facts = {"missing": "2027-03-07T08:30:00+00:00"}
    office.db.run(lambda tx: setattr(tx.rows.get_one(SessionRow, 1), "facts", facts))

    await office.deliver()

    assert office.ask(select(SessionRow.wake_at)) == [(datetime(2027, 3, 7, 8, 30, tzinfo=UTC),)]
