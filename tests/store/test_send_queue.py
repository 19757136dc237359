"""Whose turn it is, against a plain account of the rules; what waits for a full channel; and how far is looked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from bot.handlers.sending.before_sending import leaving
from bot.store.db import Database, Tx
from bot.store.messages import Lane
from bot.store.models import Address, OutboxRow, Person
from bot.store.send_queue import SENDABLE, due_next, look_again, next_to_send, set_aside_for

PEOPLE = 6
LATER = timedelta(minutes=5)
FIVE = 5
"""A queue so short that nothing in it can be looked for too long: what a statement costs in itself, which is more in a newer SQLite."""
Row = dict[str, Any]


def people(tx: Tx, count: int = PEOPLE, channels: tuple[str, ...] = ("telegram",)) -> None:
    """So many, one after the other on these channels; who comes later has used theirs later."""
    named = [{"id": number, "ref": f"p{number}", "first_name": "P", "last_name": ""} for number in range(1, count + 1)]
    tx.rows.execute(insert(Person), named)
    for number in range(1, count + 1):
        where = {"id": number, "person_id": number, "channel": channels[number % len(channels)], "native": str(number)}
        tx.rows.add(Address(**where, state="confirmed", created_at=tx.now, used_at=tx.now))


def put(tx: Tx, person: int, **more: Any) -> int:
    row = OutboxRow(**({"lane": Lane.PROMPT, "due_at": tx.now} | more), person_id=person, message={}, created_at=tx.now)
    tx.rows.add(row)
    tx.rows.flush()
    return row.id


def anything(chance: random.Random, tx: Tx, number: int) -> Row:
    """A row such as any that might stand in an outbox."""
    person, lane = chance.randint(1, PEOPLE), chance.choice(list(Lane))
    bound = lane == Lane.ALERT and chance.random() < 0.5
    due = tx.now + chance.choice((-LATER, timedelta(), timedelta(), LATER))
    return {
        "id": number, "person_id": person, "lane": lane, "bound": bound, "address_id": person if bound else None,
        "state": chance.choice(("pending",) * 7 + ("sending", "sent")), "due_at": due, "message": {},
        "attempts": chance.choice((0, 0, 0, 1)), "created_at": tx.now, "waits_for": "", "fence": 0,
    }  # fmt: skip


def by_the_rules(rows: list[Row], tx: Tx) -> list[int]:
    """Whose turn it is, in plain words."""
    busy = {(row["person_id"], row["bound"]) for row in rows if row["state"] == "sending"}
    waiting = [row for row in rows if row["state"] == "pending"]
    held = [row for row in waiting if row["attempts"] and row["due_at"] > tx.now and not row["bound"]]
    turns: dict[tuple[int, bool], list[Row]] = {}
    for row in waiting:
        to = (row["person_id"], row["bound"])
        on_its_way = to in busy or (not row["bound"] and (to[0], True) in busy)
        behind = any(each["person_id"] == to[0] and each["id"] < row["id"] for each in held)
        if row["due_at"] <= tx.now and not on_its_way and (row["lane"] == Lane.ALERT or not behind):
            turns.setdefault(to, []).append(row)
    in_order = sorted(
        turns.values(), key=lambda own: (min(each["lane"] for each in own), min(each["due_at"] for each in own), own[0]["id"])
    )  # fmt: skip
    return [min(own, key=lambda each: (each["lane"] != Lane.ALERT, each["id"]))["id"] for own in in_order]


def test_whatever_waits_everybodys_turn_is_as_the_rules_say(quick_database: Database) -> None:
    def compare(tx: Tx) -> None:
        people(tx)
        chance = random.Random(1)
        for _ in range(120):
            tx.rows.execute(delete(OutboxRow))
            rows = [anything(chance, tx, number) for number in range(1, chance.randint(2, 14))]
            # address 9 is nobody's: a bound copy on its way elsewhere is not asked about here
            tx.rows.execute(insert(OutboxRow), rows)
            expected = by_the_rules(rows, tx)
            assert next_to_send(tx.rows, tx.now, 100).numbers == expected
            assert bool(tx.rows.scalar(select(SENDABLE), {"now": tx.now})) is bool(expected)
            assert (due_next(tx.rows, tx.now) == tx.now) is bool(expected)

    quick_database.run(compare)


def test_what_waits_for_a_full_channel_holds_up_nobody_else_and_goes_when_there_is_room(database: Database) -> None:
    def look(tx: Tx) -> list[list[int]]:
        people(tx, 4, ("telegram", "matrix"))  # 1 and 3 are on Matrix
        rows = [put(tx, person) for person in (2, 4, 1, 3)]
        set_aside_for(tx.rows, tx.now, {"telegram"})
        full, room = {"telegram": 0, "matrix": 9}, {"telegram": 1, "matrix": 0}
        alert = put(tx, 4, lane=Lane.ALERT)
        found = [next_to_send(tx.rows, tx.now, 9, allowed).numbers for allowed in (full, room)]
        return [[[*rows, alert].index(number) for number in each] for each in found]

    assert database.run(look) == [[4, 2, 3], [4, 0, 2, 3]]


def test_an_answer_passes_the_broadcast_that_waits_for_the_same_channel(database: Database) -> None:
    def look(tx: Tx) -> list[int]:
        people(tx, 3)
        for person in (1, 2):
            put(tx, person, lane=Lane.BROADCAST)
        answer = put(tx, 3, lane=Lane.ANSWER)
        set_aside_for(tx.rows, tx.now, {"telegram"})
        return [number - answer for number in next_to_send(tx.rows, tx.now, 9, {"telegram": 1}).numbers]

    assert database.run(look)[0] == 0


def test_only_first_tries_that_would_go_there_are_set_aside(database: Database) -> None:
    def look(tx: Tx) -> list[str]:
        people(tx, 2, ("telegram", "matrix"))  # 1 is on Matrix
        for more in ({}, {"attempts": 1}, {"lane": Lane.ALERT}, {"edit_of": 1}, {"due_at": tx.now + LATER}):
            put(tx, 2, **more)
        put(tx, 1)
        set_aside_for(tx.rows, tx.now, {"telegram"})
        return list(tx.rows.scalars(select(OutboxRow.waits_for).order_by(OutboxRow.id)))

    assert database.run(look) == ["telegram", "", "", "", "", ""]


def test_it_is_looked_at_again_once_an_address_is_lost_and_at_a_start(database: Database) -> None:
    def look(tx: Tx) -> list[list[str]]:
        people(tx, 2)
        put(tx, 1)
        put(tx, 2)
        found = []
        for person in (1, None):
            set_aside_for(tx.rows, tx.now, {"telegram"})
            look_again(tx.rows, person)
            found.append(list(tx.rows.scalars(select(OutboxRow.waits_for).order_by(OutboxRow.person_id))))
        return found

    assert database.run(look) == [["", "telegram"], ["", ""]]


def test_a_look_is_as_short_behind_two_thousand_as_behind_a_hundred(quick_database: Database) -> None:
    """Counted in the steps that SQLite takes, not in seconds."""

    def steps(tx: Tx, waiting: int) -> list[int]:
        tx.rows.execute(delete(OutboxRow))
        row = {"lane": Lane.PROMPT, "due_at": tx.now, "created_at": tx.now, "message": {}, "state": "pending"}
        tx.rows.execute(insert(OutboxRow), [row | {"person_id": 1 + number % 400} for number in range(waiting)])
        tx.rows.execute(update(OutboxRow).where(OutboxRow.person_id > 200).values(waits_for="telegram"))
        ways: tuple[dict[str, int], ...] = ({}, {"telegram": 0}, {"telegram": 3})
        looks = [counted(tx, lambda allowed=allowed: next_to_send(tx.rows, tx.now, 20, allowed)) for allowed in ways]
        tx.rows.execute(update(OutboxRow).values(waits_for="telegram"))
        return [*looks, counted(tx, lambda: set_aside_for(tx.rows, tx.now, {"telegram"}))]

    def compare(tx: Tx) -> None:
        people(tx, 400)
        (*_, in_itself), (*few, _), (*many, already_aside) = steps(tx, FIVE), steps(tx, 400), steps(tx, 2000)
        assert all(more < 2 * less for less, more in zip(few, many, strict=True)), (few, many)
        assert already_aside <= in_itself + 1

    quick_database.run(compare)


def test_a_few_are_found_among_many_by_who_they_are_and_not_by_their_state(quick_database: Database) -> None:
    """However many wait, and however many were ever sent."""

    def steps(tx: Tx, many: int) -> list[int]:
        tx.rows.execute(delete(OutboxRow))
        row = {"lane": Lane.PROMPT, "due_at": tx.now, "created_at": tx.now, "message": {}}
        for state in ("pending", "sent"):
            rows = [row | {"state": state, "person_id": 1 + number % 400} for number in range(many)]
            tx.rows.execute(insert(OutboxRow), rows)
        numbers = tx.rows.scalars(select(OutboxRow.id).where(OutboxRow.state == "pending").limit(5)).all()
        theirs = select(func.count()).where(OutboxRow.person_id == 7, OutboxRow.state == "sent")
        return [
            counted(tx, lambda: leaving(tx, numbers, claimed=True)),
            counted(tx, lambda: tx.rows.scalar(theirs)),
            counted(tx, lambda: due_next(tx.rows, tx.now)),
        ]

    def compare(tx: Tx) -> None:
        people(tx, 400)
        in_itself = steps(tx, FIVE)
        for found in (steps(tx, 400), steps(tx, 4000)):
            assert all(more <= less + 2 for less, more in zip(in_itself, found, strict=True)), (in_itself, found)

    quick_database.run(compare)


def counted(tx: Tx, work: Any) -> int:
    """So many hundreds of steps of SQLite's machine."""
    with progress(tx) as taken:
        work()
    return len(taken)


@contextmanager
def progress(tx: Tx) -> Iterator[list[None]]:
    taken: list[None] = []
    connection = tx.rows.connection().connection.driver_connection
    assert connection is not None
    connection.set_progress_handler(lambda: taken.append(None), 100)
    yield taken
    connection.set_progress_handler(None, 0)
