"""Answers of several learners are decided in one transaction; none of them depends on another for that."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, select
from structlog.testing import capture_logs

from bot.clock import never
from bot.handlers.inbox import batches, presses
from bot.handlers.inbox.batches import MOST, decide
from bot.store.db import Tx
from bot.store.messages import InboxRow
from bot.store.people import Person
from bot.store.sessions import SessionRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey

LEARNERS = ("lina", "noemie", "jules")


async def asked(begin: Begin) -> Journey:
    """Three learners who have been asked the same, and have yet to answer."""
    journey = begin()
    await journey.gather(*LEARNERS)
    return journey


async def bring(journey: Journey, ref: str, sent: dict[str, Any]) -> None:
    """It is stored, and waits."""
    journey.received = journey.watch.received = journey.received + 1
    await journey.app.receive("web", f"update-{journey.received}", {"address": ref, **sent})


async def all_say_yes(journey: Journey, *refs: str) -> None:
    for ref in refs:
        await bring(journey, ref, {"token": journey.token(ref, "yes")})


def next_ones(journey: Journey) -> int:
    return journey.db.run(decide, journey.app.inbox.readers, lambda: never).many


def states(journey: Journey) -> list[str]:
    return [state for state, _problem in journey.inbox()]


def answers(journey: Journey) -> list[Any]:
    wanted = select(Person.ref, SessionRow.answers).join(Person, Person.id == SessionRow.person_id)
    return journey.ask(wanted.where(SessionRow.flow == "enrolment").order_by(SessionRow.id))


async def test_answers_of_several_learners_are_decided_in_one_transaction(begin: Begin) -> None:
    journey = await asked(begin)
    await all_say_yes(journey, *LEARNERS)

    assert (next_ones(journey), next_ones(journey), states(journey)) == (3, 0, ["handled"] * 3)
    together = answers(journey)
    await journey.settle()
    heard = [journey.heard(ref)[1:] for ref in LEARNERS]

    other = await asked(begin)
    for ref in LEARNERS:
        await all_say_yes(other, ref)
        assert next_ones(other) == 1
    alone = answers(other)
    await other.settle()
    assert (together, heard) == (alone, [other.heard(ref)[1:] for ref in LEARNERS])


async def test_three_answers_take_few_statements_more_than_one(begin: Begin) -> None:
    journey = await asked(begin)
    asked_of = list[str]()
    event.listen(journey.db.engine, "before_cursor_execute", lambda *what: asked_of.append(what[2]))
    await all_say_yes(journey, "lina")
    asked_of.clear()
    next_ones(journey)
    one = sum(each.startswith("SELECT") for each in asked_of)
    await all_say_yes(journey, "noemie", "jules")
    asked_of.clear()
    next_ones(journey)

    assert sum(each.startswith("SELECT") for each in asked_of) == one


async def test_one_that_fails_takes_no_other_with_it(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    journey = await asked(begin)
    await all_say_yes(journey, *LEARNERS)
    take = presses.take_answer

    def fails_for_noemie(tx: Tx, row: SessionRow, meant: Any) -> None:
        if tx.rows.get_one(Person, row.person_id).ref == "noemie":
            raise RuntimeError("a fault of ours")
        take(tx, row, meant)

    monkeypatch.setattr(presses, "take_answer", fails_for_noemie)
    with capture_logs() as logs:
        await journey.settle()

    assert journey.inbox() == [("handled", None), ("quarantined", "handler failed"), ("handled", None)]
    assert [entry["event"] for entry in logs] == ["handler failed"]
    assert [bool(given) for _ref, given in answers(journey)] == [True, False, True]


async def test_what_cannot_be_read_ends_those_before_it_and_stops_nobody_behind_it(begin: Begin) -> None:
    journey = await asked(begin)
    await all_say_yes(journey, "lina")
    await bring(journey, "noemie", {"text": 7})
    await all_say_yes(journey, "jules")

    assert (next_ones(journey), states(journey)) == (1, ["handled", "new", "new"])
    with capture_logs() as logs:
        await journey.settle()
    assert states(journey) == ["handled", "quarantined", "handled"]
    assert [entry["event"] for entry in logs] == ["update quarantined"]


async def test_a_cry_is_decided_first_and_alone(begin: Begin) -> None:
    journey = await asked(begin)
    await all_say_yes(journey, "lina")
    await bring(journey, "noemie", {"text": "SOS"})
    await all_say_yes(journey, "jules")

    assert (next_ones(journey), states(journey)) == (1, ["new", "handled", "new"])
    assert (next_ones(journey), states(journey)) == (2, ["handled"] * 3)


async def test_two_answers_of_one_learner_are_decided_one_after_the_other(begin: Begin) -> None:
    journey = await asked(begin)
    await all_say_yes(journey, "lina", "lina", "jules")

    assert (next_ones(journey), states(journey)) == (1, ["handled", "new", "new"])
    assert next_ones(journey) == 2


@pytest.mark.parametrize("sent", [{"text": "/help"}, {"text": "SOS"}])
async def test_what_asks_for_something_of_its_own_is_decided_alone(begin: Begin, sent: dict[str, Any]) -> None:
    journey = await asked(begin)
    await bring(journey, "lina", sent)
    await all_say_yes(journey, "noemie", "jules")

    assert (next_ones(journey), next_ones(journey)) == (1, 2)


async def test_what_an_adult_writes_is_decided_alone(begin: Begin) -> None:
    journey = await asked(begin)
    await all_say_yes(journey, "lina")
    await bring(journey, "nadia", {"text": "hello"})
    await all_say_yes(journey, "jules")

    assert [next_ones(journey) for _ in range(4)] == [1, 1, 1, 0]


async def test_once_a_moment_is_over_the_others_wait_for_the_next_transaction(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "LEAST", 1)
    journey = await asked(begin)
    await all_say_yes(journey, *LEARNERS)

    def one(tx: Tx) -> int:
        return decide(tx, journey.app.inbox.readers, lambda: lambda: True).many

    assert ([journey.db.run(one) for _ in range(4)], states(journey)) == ([1, 1, 1, 0], ["handled"] * 3)


async def test_what_comes_in_is_decided_as_it_is_stored(begin: Begin) -> None:
    journey = await asked(begin)
    journey.app.inbox.at_once = True
    await all_say_yes(journey, "lina")

    assert states(journey) == ["handled"]
    await journey.settle()
    assert [bool(given) for _ref, given in answers(journey)] == [True, False, False]


async def test_what_cannot_be_decided_as_it_is_stored_is_stored(begin: Begin) -> None:
    journey = await asked(begin)
    journey.app.inbox.at_once = True
    await bring(journey, "lina", {"text": 7})

    assert states(journey) == ["new"]
    with capture_logs():
        await journey.settle()
    assert states(journey) == ["quarantined"]


async def test_much_at_once_is_only_stored(begin: Begin) -> None:
    journey = await asked(begin)
    journey.app.inbox.at_once = True
    many = [(f"update-{number}", {"address": "lina", "text": "hello"}) for number in range(MOST + 1)]
    journey.received = journey.watch.received = len(many)

    assert await journey.app.receive_all("web", many) == MOST + 1
    assert journey.ask(select(InboxRow.state).distinct()) == [("new",)]
    await journey.settle()
    assert journey.ask(select(InboxRow.state).distinct()) == [("handled",)]
