"""Against a Bot API that counts: no 429 in normal load, and every wait kept to the end when there is one."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.channels.telegram import TelegramChannel, answers
from bot.clock import SystemClock
from bot.domain.messages import Letter
from bot.domain.programme import Programme
from bot.handlers.say.post import post
from bot.handlers.sending import outcome
from bot.runtime.app import App
from bot.store.db import Database, Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Address, Person
from tests.telegram_server import Fault, Kind, Limits, TelegramServer, User


class Post:
    """A real database on the real clock, and people with phones."""

    def __init__(self, path: Path, programme: Programme, server: TelegramServer, people: int) -> None:
        self.db = Database(f"sqlite:///{path}", SystemClock(), programme, durable=False)
        self.server = server
        self.channel = TelegramChannel(server.token, server.url)
        self.app = App(self.db, {"telegram": self.channel})
        self.users = [server.user(f"Person{number}") for number in range(people)]
        for user in self.users:
            user.starts()
        server.updates.forget_all()
        self.people = self.db.run(_settle_in, self.users)

    def put(self, texts: Sequence[str], lane: Lane = Lane.PROMPT) -> None:
        self.db.run(_put, self.people, texts, lane)
        self.app.nudge()

    def states(self, tx: Tx) -> Counter[str]:
        return Counter(tx.rows.scalars(select(OutboxRow.state)))

    async def all_sent(self) -> None:
        """Until nothing waits any more; the tick of the app nudges once a second, and so does this."""
        async with asyncio.timeout(60):
            while set(await self.db.transact(self.states)) - {"sent"}:
                self.app.nudge()
                await asyncio.sleep(0.05)

    def seen(self) -> Counter[str]:
        return Counter(message.text for user in self.users for message in user.chat.messages)


def _settle_in(tx: Tx, users: list[User]) -> list[int]:
    people = [Person(ref=f"p{place}", first_name="P", last_name="", language="en") for place, _user in enumerate(users)]
    tx.rows.add_all(people)
    tx.rows.flush()
    for person, user in zip(people, users, strict=True):
        where = {"person_id": person.id, "channel": "telegram", "native": str(user.id), "state": "confirmed"}
        tx.rows.add(Address(**where, created_at=tx.now, used_at=tx.now))
    return [person.id for person in people]


def _put(tx: Tx, people: list[int], texts: Sequence[str], lane: Lane) -> None:
    for place, text in enumerate(texts):
        post(tx, people[place % len(people)], Letter(text), lane)


@asynccontextmanager
async def post_office(
    template: Path, folder: Path, programme: Programme, limits: Limits | None, people: int
) -> AsyncIterator[Post]:
    path = Path(shutil.copy(template, folder / "post.db"))
    async with TelegramServer(limits=limits) as server, asyncio.TaskGroup() as group:
        here = Post(path, programme, server, people)
        group.create_task(here.app.delivery.run())
        try:
            yield here
        finally:
            here.app.delivery.stop()
            await here.channel.close()
        assert server.violations == []
    here.db.close()


async def test_normal_load_is_never_told_to_wait(sqlite_template: Path, tmp_path: Path, programme: Programme) -> None:
    async with post_office(sqlite_template, tmp_path, programme, Limits(), people=30) as here:
        texts = [f"message {number}" for number in range(75)]
        here.put(texts)
        await here.all_sent()

        assert here.seen() == Counter(texts)
        assert {request.status for request in here.server.sent("sendMessage")} == {200}


async def test_a_storm_of_429_is_waited_out_to_the_second_and_nothing_is_lost_or_doubled(
    sqlite_template: Path, tmp_path: Path, programme: Programme
) -> None:
    stricter = Limits(bot_per_second=12, bot_burst=6)  # than what we think is allowed
    async with post_office(sqlite_template, tmp_path, programme, stricter, people=20) as here:
        texts = [f"message {number}" for number in range(40)]
        here.put(texts)
        await here.all_sent()

        assert here.seen() == Counter(texts)
        assert 429 in {request.status for request in here.server.sent("sendMessage")}
        # Only what was on its way already when the first answer came: nothing set out in a wait, of which less is left then.
        assert [early for early in here.server.too_early if early.seconds < 0.5] == []
        assert len(here.server.too_early) <= 16


@pytest.mark.parametrize("kind", [Kind.RESET_BEFORE, Kind.TOO_MANY_HTML])
async def test_what_was_certainly_not_sent_goes_again(
    sqlite_template: Path, tmp_path: Path, programme: Programme, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcome, "FIRST_PAUSE", timedelta(seconds=0.2))
    monkeypatch.setattr(answers, "UNTOLD", timedelta(seconds=0.2))
    async with post_office(sqlite_template, tmp_path, programme, None, people=1) as here:
        here.server.faults.add(Fault("sendMessage", kind))
        here.put(["alert"], Lane.ALERT)
        async with asyncio.timeout(30):
            while not here.seen():
                here.app.nudge()
                await asyncio.sleep(0.05)

        assert [text.removeprefix("(perhaps a repeat) ") for text in here.seen()] == ["alert"]


async def test_a_chat_that_is_told_to_wait_holds_up_nobody_else(
    sqlite_template: Path, tmp_path: Path, programme: Programme
) -> None:
    async with post_office(sqlite_template, tmp_path, programme, None, people=3) as here:
        first = here.users[0].id
        here.server.faults.add(Fault("sendMessage", Kind.TOO_MANY, chat=first, retry_after=30))
        here.put(["one", "two", "three", "four", "five", "six"])
        async with asyncio.timeout(15):
            while len(here.seen()) < 4:
                here.app.nudge()
                await asyncio.sleep(0.05)

        assert here.seen() == Counter(["two", "three", "five", "six"])
        pace = here.channel.pace
        now = asyncio.get_running_loop().time()
        assert pace is not None
        assert (pace.waits(now), pace.waits(now, str(first)) > 10) == (0.0, True)
