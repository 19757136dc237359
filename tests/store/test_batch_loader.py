"""What a transaction knows it does not read again, and what it has changed meanwhile is seen all the same."""

from __future__ import annotations

from sqlalchemy import event

from bot.domain.messages import Letter
from bot.handlers.say.post import About, post
from bot.store.db import Tx
from bot.store.messages import Lane, of_session, pending_to
from bot.store.people import Person
from bot.store.sessions import SessionRow, next_queued, open_session
from tests.journeys.conftest import Begin, begin, bot, small_programme
from tests.journeys.driver import Journey

__all__ = ["begin", "bot", "small_programme"]


async def at_school(begin: Begin) -> Journey:
    journey = begin()
    await journey.gather("lina")
    return journey


def statements(journey: Journey) -> list[str]:
    found = list[str]()
    event.listen(journey.db.engine, "before_cursor_execute", lambda *what: found.append(what[2].split()[0]))
    return found


async def test_a_row_that_changes_is_what_it_is_without_being_written(begin: Begin) -> None:
    journey, seen = await at_school(begin), list[object]()

    def closes(tx: Tx) -> None:
        person = tx.rows.query(Person).filter_by(ref="lina").one().id
        row = open_session(tx.rows, person)
        assert row is not None
        before = len(asked)
        row.state, row.answers = "queued", [["hello", "yes"]]
        seen.extend((open_session(tx.rows, person), next_queued(tx.rows, person, tx.now) is row, len(asked) - before))
        row.state = "open"

    asked = statements(journey)
    journey.db.run(closes)

    assert seen == [None, True, 0]


async def test_what_is_yet_to_be_written_stands_behind_what_was_said(begin: Begin) -> None:
    journey, seen = await at_school(begin), list[object]()

    def says(tx: Tx) -> None:
        person = tx.rows.query(Person).filter_by(ref="lina").one().id
        row = open_session(tx.rows, person)
        assert isinstance(row, SessionRow)
        said = of_session(tx.rows, row.id)
        new = [
            post(tx, person, Letter(words), Lane.ANSWER, About(session=row.id, step="more"))
            for words in ("1", "2", "3")
        ]
        seen.append(of_session(tx.rows, row.id) == [*said, *new])
        seen.append(of_session(tx.rows, row.id, "more") == pending_to(tx.rows, person) == new)
        before = len(asked)
        tx.rows.flush()
        seen.append(asked[before:])
        seen.append([each.id for each in new] == sorted(each.id for each in new))
        seen.append(of_session(tx.rows, row.id) == [*said, *new])

    asked = statements(journey)
    journey.db.run(says)

    assert seen == [True, True, ["INSERT"], True, True]
