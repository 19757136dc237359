"""Many at once: what a batch costs, and that each message of it ends as it would have alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, inspect, select

from bot.domain.channel import Sent
from bot.domain.stay import Ended, Kind
from bot.handlers.conversation.sessions import open_next, queue
from bot.handlers.say.facts import stay_facts
from bot.handlers.sending.before_sending import leaving
from bot.handlers.sending.claim import claim
from bot.handlers.sending.outcome import settle
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow
from tests.runtime.delivery.conftest import Office

NONE: frozenset[str] = frozenset()
LEARNERS = ("lina", "noemie", "jules")


def _statements(office: Office, readers: tuple[str, ...]) -> list[str]:
    """What is asked of the database when a message to each of them leaves, and arrives while nothing follows it."""
    for ref in readers:
        office.put(ref, "Hello", Lane.ANSWER)
    made: list[str] = []

    def note(*call: object) -> None:
        made.append(str(call[2]).split(" FROM ")[-1].split(" WHERE ")[0][:40])

    event.listen(office.db.engine, "before_cursor_execute", note)
    prepared = office.db.run(claim, NONE).prepared
    office.db.run(settle, [(each, Sent("7")) for each in prepared])
    event.remove(office.db.engine, "before_cursor_execute", note)
    assert len(prepared) == len(readers)
    return made


def test_a_batch_takes_as_many_statements_as_one_message(office: Office) -> None:
    _statements(office, LEARNERS[:1])

    assert _statements(office, LEARNERS[:1]) == _statements(office, LEARNERS)


def test_an_edit_that_is_done_is_no_row_any_more_and_one_said_anew_names_its_message(office: Office) -> None:
    changed, anew = office.put("lina", "Ready?"), office.put("noemie", "Ready?")
    prepared = office.db.run(claim, NONE).prepared
    office.db.run(settle, [(each, Sent(f"first {each.row}")) for each in prepared])
    office.db.run(_edits, (changed, anew))

    edits = office.db.run(claim, NONE).prepared
    outcomes = zip(edits, (Sent(f"first {changed}"), Sent("second")), strict=True)
    office.db.run(settle, list(outcomes))

    assert office.ask(select(OutboxRow.id, OutboxRow.native, OutboxRow.state).order_by(OutboxRow.id)) == [
        (changed, f"first {changed}", "sent"),
        (anew, "second", "sent"),
    ]


def _edits(tx: Tx, numbers: tuple[int, int]) -> None:
    for number in numbers:
        row = tx.rows.get_one(OutboxRow, number)
        edit = {"lane": Lane.ANSWER, "message": row.message, "created_at": tx.now, "due_at": tx.now}
        tx.rows.add(OutboxRow(person_id=row.person_id, edit_of=number, **edit))


def _ask_all(tx: Tx) -> None:
    """How their week was, three learners at the same instant."""
    for stay in tx.rows.scalars(select(StayRow).order_by(StayRow.id)):
        queue(tx, stay, "check_in", ("check_in", "2027-03-07"), 5, stay_facts(tx, stay))
        open_next(tx, stay.person_id)


def _waits(office: Office) -> list[tuple[int, object]]:
    return office.ask(select(SessionRow.version, SessionRow.wake_at).order_by(SessionRow.id))


def test_the_waits_of_all_that_arrived_begin_at_once(office: Office) -> None:
    office.db.run(_ask_all)
    prepared = office.db.run(claim, NONE).prepared
    before = _waits(office)
    office.db.run(settle, [(each, Sent()) for each in prepared])

    wakes = [wake for _version, wake in _waits(office)]
    assert [wake for _version, wake in before] == [None, None, None]
    assert _waits(office) == [(version + 1, wakes[0]) for version, _wake in before]
    assert wakes[0] is not None


def test_a_conversation_that_moves_while_its_arrival_is_written_down_is_looked_at_again(office: Office) -> None:
    office.db.run(_ask_all)
    prepared = office.db.run(claim, NONE).prepared
    tries: list[str] = []

    def somebody_comes_first(*call: Any) -> None:
        _connection, cursor, statement = call[:3]
        if statement.startswith("UPDATE sessions SET wake_at"):
            tries.append(statement)
            if len(tries) == 1:
                cursor.execute("UPDATE sessions SET version = version + 1")

    event.listen(office.db.engine, "before_cursor_execute", somebody_comes_first)
    office.db.run(settle, [(each, Sent()) for each in prepared])
    event.remove(office.db.engine, "before_cursor_execute", somebody_comes_first)

    assert len(tries) == 2
    assert office.states() == ["sent", "sent", "sent"]


def test_what_is_about_no_stay_knows_the_stay_its_reader_is_on(office: Office) -> None:
    office.db.run(_two_kinds)
    numbers = [office.put(ref, "Hello") for ref in ("lina", "noemie", "luc")]

    kinds = office.db.run(lambda tx: {each.row.id: each.own_kind for each in leaving(tx, numbers)})

    assert kinds == dict(zip(numbers, (Kind.STAFF, Kind.OUTGOING, None), strict=True))


def _two_kinds(tx: Tx) -> None:
    """Lina had a stay as a learner, which is over, and is now on one of staff."""
    over = tx.rows.get_one(StayRow, 1)
    kept = {column.key: getattr(over, column.key) for column in inspect(StayRow).column_attrs if column.key != "id"}
    tx.rows.add(StayRow(**kept | {"kind": Kind.STAFF}))
    over.ended = Ended.WITHDRAWN
