"""The inbox refuses doubles; the outbox knows whose turn it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.store.db import Database, Tx
from bot.store.messages import Lane
from bot.store.models import InboxRow, OutboxRow
from bot.store.send_queue import due_next, next_to_send
from tests.conftest import START, Read
from tests.store.conftest import Queue


def received(tx: Tx, channel: str, native: str) -> None:
    tx.rows.add(InboxRow(channel=channel, native=native, raw={}, received_at=tx.now))


def whose_turn(database: Database, limit: int = 100) -> list[int]:
    return database.run(lambda tx: next_to_send(tx.rows, tx.now, limit).numbers)


def test_the_same_update_is_stored_once(database: Database, read: Read) -> None:
    database.run(received, "telegram", "7")

    with pytest.raises(IntegrityError):
        database.run(received, "telegram", "7")

    assert read(select(InboxRow.channel, InboxRow.native)) == [("telegram", "7")]


def test_two_channels_may_use_the_same_number(database: Database, read: Read) -> None:
    database.run(received, "telegram", "7")
    database.run(received, "matrix", "7")

    assert read(select(InboxRow.channel).order_by(InboxRow.id)) == [("telegram",), ("matrix",)]


def test_nobody_waits_in_an_empty_outbox(database: Database) -> None:
    assert whose_turn(database) == []
    assert database.run(lambda tx: due_next(tx.rows, tx.now)) is None


def test_each_recipient_has_one_turn_in_the_order_of_writing(database: Database, queue: Queue) -> None:
    ana, bo = queue("ana"), queue("bo")
    queue("ana")
    queue("bo")

    assert whose_turn(database) == [ana, bo]


def test_the_most_urgent_recipients_come_first(database: Database, queue: Queue) -> None:
    broadcast = queue("ana", Lane.BROADCAST)
    prompt = queue("bo", Lane.PROMPT)
    answer = queue("chi", Lane.ANSWER)
    alert = queue("dan", Lane.ALERT)

    assert whose_turn(database) == [alert, answer, prompt, broadcast]


def test_an_alert_comes_before_everything_else_its_recipients_own_messages_too(
    database: Database, queue: Queue
) -> None:
    other = queue("bo", Lane.PROMPT)
    queue("ana", Lane.BROADCAST)
    alert = queue("ana", Lane.ALERT)

    assert whose_turn(database) == [alert, other]


def test_a_recipient_with_a_message_in_flight_waits(database: Database, queue: Queue) -> None:
    queue("ana", state="sending")
    queue("ana", Lane.ALERT)
    other = queue("bo")

    assert whose_turn(database) == [other]


@pytest.mark.parametrize("state", ["sent", "failed", "unknown", "expired"])
def test_a_finished_message_is_not_sent_again(database: Database, queue: Queue, state: str) -> None:
    queue("ana", state=state)
    following = queue("ana")

    assert whose_turn(database) == [following]


def test_a_message_is_due_at_its_instant_and_not_before(database: Database, queue: Queue) -> None:
    due, later = queue("ana", later=0), queue("bo", later=1)
    queue("chi", later=2)

    assert whose_turn(database) == [due]
    assert database.run(lambda tx: next_to_send(tx.rows, START + timedelta(minutes=1), 9).numbers) == [due, later]


def test_a_message_held_back_does_not_hold_what_is_due(database: Database, queue: Queue) -> None:
    queue("ana", later=60)
    due = queue("ana", Lane.ANSWER)

    assert whose_turn(database) == [due]


def test_no_more_turns_are_given_than_asked_for(database: Database, queue: Queue) -> None:
    first, second = queue("ana"), queue("bo")
    queue("chi")

    assert whose_turn(database, limit=2) == [first, second]


def test_what_is_due_next_is_the_earliest_pending_message(database: Database, queue: Queue) -> None:
    queue("ana", later=60)
    queue("bo", later=30)
    queue("chi", state="sent", later=-5)

    assert database.run(lambda tx: due_next(tx.rows, tx.now)) == START + timedelta(minutes=30)


def test_what_can_be_sent_now_is_due_now_however_old(database: Database, queue: Queue) -> None:
    queue("ana", later=-60)

    assert database.run(lambda tx: due_next(tx.rows, tx.now)) == START


def test_a_message_behind_one_that_is_tried_again_is_due_with_it(database: Database, queue: Queue) -> None:
    tried_again = queue("ana", later=10, attempts=1)
    behind = queue("ana", Lane.ANSWER)

    assert whose_turn(database) == []
    assert database.run(lambda tx: due_next(tx.rows, tx.now)) == START + timedelta(minutes=10)
    later = START + timedelta(minutes=10)
    assert database.run(lambda tx: next_to_send(tx.rows, later, 9).numbers) == [tried_again]
    assert behind > tried_again


def test_an_alert_passes_a_message_that_is_tried_again(database: Database, queue: Queue) -> None:
    queue("ana", later=10, attempts=1)
    queue("ana", Lane.ANSWER)
    alert = queue("ana", Lane.ALERT)

    assert whose_turn(database) == [alert]


def test_a_message_is_pending_until_it_is_sent(database: Database, queue: Queue, read: Read) -> None:
    queue("ana", Lane.ALERT)

    assert read(select(OutboxRow.state, OutboxRow.lane, OutboxRow.attempts, OutboxRow.fence)) == [("pending", 0, 0, 0)]
