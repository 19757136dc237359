"""What a transaction knows it does not read again; what of it is written, it knows as it is now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import delete, event, update

from bot.handlers.say.marks import mark
from bot.store.db import Database, Tx
from bot.store.known import ask_of, together
from bot.store.models import ItemState, Mark, SessionRow, StayRow
from bot.store.sessions import Held, held_sessions, next_queued, open_session, standing_sessions
from bot.store.stays import MARKS, items_of, marks_of


@contextmanager
def asked(database: Database) -> Iterator[list[str]]:
    """The first word of every statement that is run meanwhile."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        found.append(statement.split()[0])

    event.listen(database.engine, "before_cursor_execute", note)
    yield found
    event.remove(database.engine, "before_cursor_execute", note)


def conversation(tx: Tx, stay_id: int, touchpoint: str, state: str = "queued", urgency: int = 1) -> SessionRow:
    row = SessionRow(
        person_id=tx.rows.get_one(StayRow, stay_id).person_id,
        stay_id=stay_id,
        flow=touchpoint,
        touchpoint=touchpoint,
        occurrence="1",
        facts={},
        answers=[],
        state=state,
        urgency=urgency,
        expires_at=tx.now,
    )
    tx.rows.add(row)
    return row


def test_of_several_that_are_decided_together_the_first_question_is_asked_of_all(
    database: Database, stay_id: int
) -> None:
    def look(tx: Tx) -> list[object]:
        together(tx.rows, stay_id=[stay_id, 98, 99])
        return [marks_of(tx.rows, each) for each in (stay_id, 98, 99, stay_id)]

    database.run(mark, stay_id, ("check_in", "1"), "asked")
    with asked(database) as statements:
        found = database.run(look)

    assert found == [{("check_in", "1"): "asked"}, {}, {}, {("check_in", "1"): "asked"}]
    assert statements[-1] == "SELECT"
    assert (
        statements.count("SELECT") == {"sqlite": 1, "postgresql": 2}[database.engine.dialect.name]
    )  # one for its turn


def test_a_mark_that_is_made_or_made_anew_is_known_in_its_place(database: Database, stay_id: int) -> None:
    def look(tx: Tx) -> list[tuple[tuple[str, str], str]]:
        before = marks_of(tx.rows, stay_id)
        mark(tx, stay_id, ("check_in", "2"), "asked")
        mark(tx, stay_id, ("check_in", "1"), "missed")
        return [*before.items(), *marks_of(tx.rows, stay_id).items()]

    database.run(mark, stay_id, ("check_in", "1"), "asked")
    found = database.run(look)

    assert found == [(("check_in", "1"), "asked"), (("check_in", "1"), "missed"), (("check_in", "2"), "asked")]
    assert list(database.run(lambda tx: marks_of(tx.rows, stay_id)).items()) == found[1:]


def test_what_is_changed_and_not_written_yet_is_written_before_it_is_asked(database: Database, stay_id: int) -> None:
    def look(tx: Tx) -> list[dict[str, str]]:
        found = [states(tx)]
        tx.rows.add(ItemState(stay_id=stay_id, item="ehic", state="doing", at=tx.now))
        found.append(states(tx))
        items_of(tx.rows, stay_id)["ehic"].state = "done"
        return [*found, states(tx)]

    def states(tx: Tx) -> dict[str, str]:
        return {name: row.state for name, row in items_of(tx.rows, stay_id).items()}

    assert database.run(look) == [{}, {"ehic": "doing"}, {"ehic": "done"}]


def forgotten_by(database: Database, stay_id: int, change: Callable[[Tx], object]) -> dict[tuple[str, str], str]:
    """The marks that are known after a change of one that was known."""

    def look(tx: Tx) -> dict[tuple[str, str], str]:
        marks_of(tx.rows, stay_id)
        change(tx)
        return marks_of(tx.rows, stay_id)

    database.run(mark, stay_id, ("check_in", "1"), "asked")
    return database.run(look)


def test_what_is_changed_without_being_read_is_read_again(database: Database, stay_id: int) -> None:
    change = update(Mark).values(occurrence="2")

    assert forgotten_by(database, stay_id, lambda tx: tx.rows.execute(change)) == {("check_in", "2"): "asked"}


def test_what_is_deleted_is_not_known(database: Database, stay_id: int) -> None:
    def remove(tx: Tx) -> None:
        tx.rows.delete(tx.rows.get_one(Mark, 1))

    assert forgotten_by(database, stay_id, remove) == {}
    assert forgotten_by(database, stay_id, lambda tx: tx.rows.execute(delete(Mark))) == {}


def test_what_a_savepoint_takes_back_is_not_known(database: Database, stay_id: int) -> None:
    def change(tx: Tx) -> None:
        with tx.rows.begin_nested() as point:
            mark(tx, stay_id, ("check_in", "2"), "asked")
            point.rollback()

    assert forgotten_by(database, stay_id, change) == {("check_in", "1"): "asked"}


def test_a_column_that_nobody_asked_for_may_change(database: Database, stay_id: int) -> None:
    def look(tx: Tx) -> bool:
        known = ask_of(tx.rows, MARKS, stay_id)
        tx.rows.get_one(Mark, 1).at += timedelta(days=1)
        tx.rows.flush()
        return ask_of(tx.rows, MARKS, stay_id) is known

    database.run(mark, stay_id, ("check_in", "1"), "asked")

    assert database.run(look)


def test_conversations_are_known_as_they_stand_now(database: Database, stay_id: int) -> None:
    def look(tx: Tx) -> list[object]:
        person = tx.rows.get_one(StayRow, stay_id).person_id
        found: list[object] = [open_session(tx.rows, person)]
        first, second = conversation(tx, stay_id, "arrival"), conversation(tx, stay_id, "check_in", urgency=0)
        found.append(next_queued(tx.rows, person, tx.now) is second)
        second.state = "open"
        found.append((open_session(tx.rows, person) is second, next_queued(tx.rows, person, tx.now) is first))
        second.state = "done"
        found.append((open_session(tx.rows, person), standing_sessions(tx.rows, stay_id) == [first]))
        second.state, second.answers = "queued", [["mood", "good"]]
        first.state = "expired"
        found.append(standing_sessions(tx.rows, stay_id, "check_in") == [second])
        return [*found, held_sessions(tx.rows, stay_id)]

    assert database.run(look) == [
        None,
        True,
        (True, True),
        (None, True),
        True,
        [Held(1, "arrival", []), Held(2, "check_in", [["mood", "good"]])],
    ]


def test_what_was_put_off_stands_in_nobodys_way(database: Database, stay_id: int) -> None:
    def look(tx: Tx) -> tuple[bool, bool]:
        person = tx.rows.get_one(StayRow, stay_id).person_id
        later, sooner = conversation(tx, stay_id, "check_in", urgency=0), conversation(tx, stay_id, "item.ehic")
        later.postponed, later.wake_at = 1, tx.now + timedelta(days=1)
        return (
            next_queued(tx.rows, person, tx.now) is sooner,
            next_queued(tx.rows, person, tx.now + timedelta(days=1)) is later,
        )

    assert database.run(look) == (True, True)
