"""The database is locked or full, or a reader fails, and just then somebody calls for help: they hear of 112 at once, the
operator reads what is wrong, nothing ends, and once it is over the adults are told.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import OperationalError
from starlette.requests import Request

from bot.channels.telegram import Polling, TelegramChannel
from bot.clock import SystemClock
from bot.domain.messages import Incoming
from bot.domain.programme import Programme
from bot.runtime.app import App
from bot.runtime.health import healthz
from bot.store.db import Database, Tx
from bot.store.messages import InboxRow
from bot.store.people import Address, by_ref
from bot.store.sealed import of_person
from bot.store.word_keys import NOBODY
from tests.journeys.people import settle_in
from tests.telegram_server import TelegramServer, User

CARD = "Immediate danger: call 112"
REQUEST = Request({"type": "http"})


class Broken(TelegramChannel):
    """Its reader has a fault that only a cry for help meets."""

    def read(self, native: str, raw: dict[str, Any]) -> Incoming:
        if "SOS" in str(raw):
            raise TypeError("a fault of ours")
        return super().read(native, raw)


@dataclass
class Place:
    """The app at work, Lina and those who can take an alert."""

    app: App
    server: TelegramServer
    lina: User
    helene: User
    luc: User
    going: asyncio.Future[None]
    lock: sqlite3.Connection | None = None
    """Of another program, where there was one before the start."""

    async def wrong(self) -> str:
        answer = await healthz(self.app, {})(REQUEST)
        return bytes(answer.body).decode()

    async def until_wrong(self, line: str) -> None:
        async with asyncio.timeout(10):
            while await self.wrong() != line:  # noqa: ASYNC110 - a monitor asks again and again, too
                await asyncio.sleep(0.05)

    def heard(self, user: User, text: str) -> bool:
        return any(each.from_bot and text in each.text for each in user.chat.messages)

    async def hears(self, user: User, text: str) -> None:
        await self.server.until(lambda: self.heard(user, text), 20)


def at_home(tx: Tx, users: dict[str, User]) -> None:
    settle_in(tx, ("lina",))
    for ref, user in users.items():
        person = by_ref(tx.rows, ref)
        assert person is not None
        person.language = "en"
        where = {"person_id": person.id, "channel": "telegram", "native": str(user.id), "state": "confirmed"}
        tx.rows.add(Address(**where, created_at=tx.now, used_at=tx.now))


@asynccontextmanager
async def at_work(
    url: str, programme: Programme, kind: type[TelegramChannel], *, locked: bool = False
) -> AsyncIterator[Place]:
    async with TelegramServer() as server:
        users = {ref: server.user(ref.title(), language="en") for ref in ("lina", "helene", "luc")}
        for user in users.values():
            user.starts()
        server.updates.forget_all()
        db = Database(url, SystemClock(), programme, durable=False, patience=0.2)
        db.run(at_home, users)
        channel = kind(server.token, server.url, limited=False)
        app = App(db, {"telegram": channel})
        polling = Polling(channel, _receiving(app), app.alarms.of("telegram"), hold=1, first=0.05, longest=0.2)
        lock = held(url) if locked else None
        going = asyncio.ensure_future(app.run(polling.run()))
        yield Place(app, server, users["lina"], users["helene"], users["luc"], going, lock)
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)
        await channel.close()
        db.close()
        if lock is not None:
            lock.close()


def held(url: str) -> sqlite3.Connection:
    """Another program, which writes and does not come to its end."""
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


def _receiving(app: App) -> Any:
    return lambda batch: app.receive_all("telegram", batch)


@pytest.fixture
async def place(sqlite_url: str, programme: Programme) -> AsyncIterator[Place]:
    async with at_work(sqlite_url, programme, TelegramChannel) as here:
        await here.until_wrong("ok\n")
        yield here


async def test_locked_by_another_program_a_cry_is_answered_and_told_once_it_lets_go(
    place: Place, sqlite_url: str
) -> None:
    with closing(held(sqlite_url)) as other:
        place.lina.says("SOS")
        await place.hears(place.lina, CARD)
        await place.until_wrong("database: locked by another program\n")
        assert (place.going.done(), place.heard(place.luc, "SOS")) == (False, False)
        other.execute("ROLLBACK")

    await place.hears(place.luc, "SOS")
    await place.until_wrong("ok\n")
    assert not place.going.done()


async def test_locked_before_the_start_a_cry_is_answered_all_the_same(sqlite_url: str, programme: Programme) -> None:
    async with at_work(sqlite_url, programme, TelegramChannel, locked=True) as place:
        place.lina.says("SOS")
        await place.hears(place.lina, CARD)
        await place.until_wrong("database: locked by another program\n")
        assert (place.going.done(), place.heard(place.luc, "SOS")) == (False, False)
        assert place.lock is not None
        place.lock.execute("ROLLBACK")

        await place.hears(place.luc, "SOS")
        await place.until_wrong("ok\n")
        assert not place.going.done()


def fill_up(tx: Tx, number: int) -> None:
    raw = of_person(NOBODY, {"filler": "x" * 400})
    row = {"channel": "web", "native": f"filler-{number}", "raw": raw, "received_at": tx.now, "state": "handled"}
    tx.rows.execute(insert(InboxRow).values(row))


async def filled(db: Database) -> None:
    for number in range(1000):
        await db.transact(fill_up, number)


def limit(tx: Tx, pages: int) -> None:
    tx.rows.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")


async def test_on_a_full_disk_a_cry_is_answered_and_told_once_there_is_room(place: Place) -> None:
    db = place.app.db
    await db.transact(limit, 1)  # as many pages as there are, and not one more
    with pytest.raises(OperationalError, match="full"):
        await filled(db)

    place.lina.says("SOS")
    await place.hears(place.lina, CARD)
    await place.until_wrong("database: the disk is full, nothing can be stored\n")
    assert (place.going.done(), place.heard(place.luc, "SOS")) == (False, False)
    await db.transact(limit, 1_000_000)

    await place.hears(place.luc, "SOS")
    await place.until_wrong("ok\n")
    assert not place.going.done()


async def test_a_reader_that_fails_on_a_cry_hinders_nobody_and_the_adults_are_told(
    sqlite_url: str, programme: Programme
) -> None:
    async with at_work(sqlite_url, programme, Broken) as place:
        await place.until_wrong("ok\n")
        place.lina.says("SOS")
        place.helene.says("/today")

        await place.hears(place.lina, CARD)
        await place.hears(place.luc, "SOS from Lina Haddouche")
        await place.hears(place.helene, "")

        states = await place.app.db.transact(
            lambda tx: list(tx.rows.scalars(select(InboxRow.state).order_by(InboxRow.id)))
        )
        assert (states, place.going.done()) == (["quarantined", "handled"], False)
        await place.app.audit()
        assert await place.wrong() == "inbox: cries for help that could not be read, in quarantine: 1\n"
