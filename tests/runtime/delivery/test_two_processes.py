"""Two processes on one PostgreSQL."""

from __future__ import annotations

import asyncio

import pytest

from bot.clock import SimulatedClock
from bot.domain.channel import NotSent, Outcome
from bot.domain.messages import Letter, Outgoing
from bot.domain.pace import Pace
from bot.domain.programme import Programme
from bot.handlers.say.post import post
from bot.runtime.app import App
from bot.store.db import Database, Tx
from bot.store.messages import Lane
from bot.store.people import Address, Person
from tests.runtime.delivery.conftest import Office, Postman


@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_two_processes_share_the_work_without_doubles(
    office: Office, clock: SimulatedClock, programme: Programme
) -> None:
    office.db.run(crowd, 120)
    url = office.db.engine.url.render_as_string(hide_password=False)
    other = Database(url, clock, programme, durable=False)
    postmen = [Slow("web"), Slow("web")]
    apps = [App(database, {"web": postman}) for database, postman in zip((office.db, other), postmen, strict=True)]

    for _ in range(3):
        await asyncio.gather(*(app.settle() for app in apps))
    other.close()

    carried = sorted(text for postman in postmen for _native, text in postman.carried)
    assert carried == sorted(f"{number} {word}" for number in range(120) for word in ("one", "two"))
    assert set(office.states()) == {"sent"}
    assert [bool(postman.carried) for postman in postmen] == [True, True]


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_what_only_another_process_can_send_is_left_to_it_and_an_alert_not_for_ever(office: Office) -> None:
    office.people["helene"] = office.add("mail", "helene")
    office.add("mail", "nadia")
    office.mail.pace = Pace(rate=1000, burst=1000, chat_rate=1000, chat_burst=1000, slots=10)
    office.mail.elsewhere = True
    office.put("helene", "an answer")
    office.put("helene", "an alert", Lane.ALERT)
    office.put("nadia", "somebody cries", Lane.ALERT)
    office.put("yann", "another answer")

    await office.deliver()
    assert (office.web.take(), office.mail.take()) == ([("yann", "another answer")], [])
    office.mail.outcomes = [NotSent()] * 3
    await office.deliver(seconds=31)
    for _ in range(3):
        await office.deliver(minutes=1)
    assert office.mail.take() == [("nadia", "somebody cries")] * 3
    assert office.web.take() == [("nadia", "somebody cries")]
    assert office.states() == ["pending", "pending", "sent", "sent"]

    office.mail.elsewhere = False
    await office.deliver()
    assert office.mail.take() == [("helene", "an alert"), ("helene", "an answer")]


def crowd(tx: Tx, size: int) -> None:
    """Many people with two messages each."""
    for number in range(size):
        person = Person(ref=f"crowd-{number}", first_name=f"{number}", last_name="")
        tx.rows.add(person)
        tx.rows.flush()
        tx.rows.add(
            Address(
                person_id=person.id,
                channel="web",
                native=person.ref,
                state="confirmed",
                created_at=tx.now,
                used_at=tx.now,
            )
        )
        for word in ("one", "two"):
            post(tx, person.id, Letter(f"{number} {word}"), Lane.ANSWER)


class Slow(Postman):
    """Takes a moment, so that the other process gets its turn."""

    async def send(self, message: Outgoing) -> Outcome:
        await asyncio.sleep(0.002)
        return await super().send(message)
