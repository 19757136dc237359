"""A journey on Telegram: people in front of the tests' Bot API server, the real channel and polling, the real app."""

from __future__ import annotations

import asyncio
import os
import pickle
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels.telegram import Polling, TelegramChannel
from bot.clock import SimulatedClock
from bot.demo.world import QuietChannel
from bot.domain.programme import Programme
from bot.handlers.people.invitations import invite
from bot.runtime.app import App
from bot.store.db import Database, Tx, connect
from bot.store.messages import InboxRow, OutboxRow
from bot.store.migrate import upgrade
from bot.store.people import Address, Person, by_ref
from tests.example import example
from tests.in_memory import leave
from tests.journeys.driver import SOON, instant, pass_time
from tests.journeys.people import heard_of_elsewhere, settle_in, small
from tests.journeys.remembered import beginnings, digest, words_of
from tests.shared_keys import RING
from tests.telegram_server import TelegramServer, User

R = TypeVar("R")
LEARNERS = ("lina", "noemie", "jules", "martina")


@dataclass(frozen=True)
class Left:
    """What a beginning left."""

    database: Path
    now: datetime
    world: bytes
    """Of Telegram."""
    phones: dict[str, int]
    """Whose account is whose."""
    cards: Mapping[str, str]
    """What a cry from each account is answered with at once."""


class Telegraph:
    """One bot on a clock that stands still until `until` moves it; everybody has a phone."""

    def __init__(self, server: TelegramServer, path: Path, programme: Programme, local: str) -> None:
        self.server = server
        self.path, self.programme = path, programme
        self.clock = SimulatedClock(instant(local))
        self.channel = TelegramChannel(server.token, server.url, limited=False)
        self.channels = {"telegram": self.channel, "web": QuietChannel()}
        self._open()
        self.alarms: list[str | None] = []
        self.polling = Polling(self.channel, self._receive, self._alarm, hold=5, pause=0.05, first=0.05, longest=0.1)
        self.phones: dict[str, User] = {}
        self._reader = connect(f"sqlite:///{path}", durable=False)

    def _open(self) -> None:
        """An app begins on the file as it is."""
        self.db = Database(f"sqlite:///{self.path}", self.clock, self.programme, durable=False, keys=RING)
        self.app = App(self.db, self.channels)

    async def begin(self, play: Callable[[Telegraph], Awaitable[None]]) -> None:
        """What several tests begin with is played once a run; the next one goes on from a copy of what it left."""
        assert not self.phones, "nobody has done anything before"
        name = repr((play.__module__, play.__qualname__, self.clock.now()))
        kept = beginnings() / digest(words_of(self.programme), name.encode())
        if kept.exists():
            self._go_on_from(pickle.loads(kept.read_bytes()))
        else:
            await play(self)
            await self.settle()
            self._leave(kept)

    def _leave(self, kept: Path) -> None:
        mine = kept.with_name(f"{kept.name}-{os.getpid()}.db")
        self._closed(lambda: shutil.copy(self.path, mine))
        phones = {ref: phone.id for ref, phone in self.phones.items()}
        left = Left(mine, self.clock.now(), self.server.to_go_on_from(), phones, self.channel.cards)
        leave(kept, left)

    def _go_on_from(self, left: Left) -> None:
        self._closed(lambda: shutil.copy(left.database, self.path))
        self.server.go_on_from(left.world)
        self.phones = {ref: self.server.users[number] for ref, number in left.phones.items()}
        self.channel.cards = left.cards
        self.clock.move_to(left.now)

    def _closed(self, copy: Callable[[], object]) -> None:
        """With nobody at the file: what was written is then in it."""
        self.db.close()
        self._reader.dispose()
        copy()
        self._open()

    async def _receive(self, updates: list[tuple[str, dict[str, Any]]]) -> None:
        await self.app.receive_all("telegram", updates)

    async def _alarm(self, problem: str | None) -> None:
        self.alarms.append(problem)

    def phone(self, ref: str, language: str = "en") -> User:
        """Somebody's phone, with an account of their own."""
        if ref not in self.phones:
            self.phones[ref] = self.server.user(ref.capitalize(), language=language)
        return self.phones[ref]

    async def settle(self) -> datetime | None:
        """Until every update was taken in, handled and answered."""
        await self.server.until(lambda: not self.server.updates.pending)
        wake = await self.app.settle()
        await self.server.until(lambda: not any(phone.spinning for phone in self.phones.values()))
        return wake

    async def do(self, handle: Callable[..., R], *args: Any) -> R:
        """Something else happens; then the app does what follows from it."""
        answer = await self.db.transact(handle, *args)
        await self.app.settle()
        return answer

    async def code(self, ref: str, *, trusted: bool = False) -> str:
        """A fresh invitation."""

        def make(tx: Tx) -> str:
            person = by_ref(tx.rows, ref)
            assert person is not None
            return invite(tx, person, trusted=trusted)

        return await self.db.transact(make)

    async def join(self, *refs: str, language: str = "en") -> None:
        """These people open their link, handed over in person; a learner says yes to the first question."""
        for ref in refs:
            self.phone(ref, language).starts(await self.code(ref, trusted=True))
            await self.settle()

    async def enrol(self, ref: str, yes: str = "Yes, let's start") -> None:
        await self.join(ref)
        await self.press(ref, yes)
        self.phones[ref].heard()

    async def say(self, ref: str, words: str) -> None:
        self.phone(ref).says(words)
        await self.settle()

    async def press(self, ref: str, label: str | int) -> None:
        self.phones[ref].presses(label)
        await self.settle()

    def heard(self, ref: str) -> list[str]:
        return self.phones[ref].heard()

    async def until(self, local: str) -> None:
        """Let time pass until a local instant, stopping wherever something has to happen."""
        await self.go_to(instant(local))

    async def go_to(self, end: datetime) -> None:
        await pass_time(self.app, self.clock, end, self.settle)

    async def later(self, **span: float) -> None:
        await self.go_to(self.clock.now() + timedelta(**span))

    def ask(self, wanted: Any) -> list[Any]:
        """Rows that were committed."""
        with Session(self._reader) as rows:
            return [tuple(row) for row in rows.execute(wanted)]

    def addresses(self, ref: str) -> list[Any]:
        """Somebody's addresses: channel, the platform's id, state."""
        wanted = select(Address.channel, Address.native, Address.state).join(Person, Person.id == Address.person_id)
        return self.ask(wanted.where(Person.ref == ref).order_by(Address.id))

    def inbox(self) -> list[Any]:
        """What became of each update."""
        return self.ask(select(InboxRow.state, InboxRow.problem).order_by(InboxRow.id))

    def outbox(self) -> list[Any]:
        return self.ask(select(OutboxRow.state).order_by(OutboxRow.id))

    async def close(self) -> None:
        await self.channel.close()
        self.db.close()
        self._reader.dispose()


async def enter(bot: Telegraph) -> None:
    """The schools, their adults and the learners are there; nobody has opened a link."""
    await bot.db.transact(settle_in, LEARNERS)
    await bot.do(heard_of_elsewhere, *LEARNERS)


@asynccontextmanager
async def telegraph(template: Path, folder: Path, programme: Programme, local: str = SOON) -> AsyncIterator[Telegraph]:
    """A bot that polls, for as long as this lasts; at the end every call it made was one that Telegram takes."""
    path = Path(shutil.copy(template, folder / "telegraph.db"))
    async with TelegramServer() as server, asyncio.TaskGroup() as group:
        here = Telegraph(server, path, programme, local)
        polling = group.create_task(here.polling.run())
        try:
            await here.begin(enter)
            yield here
            await here.settle()
            assert [row for row in here.inbox() if row[0] == "new"] == []
        finally:
            polling.cancel()
            await here.close()
        assert server.violations == []


@asynccontextmanager
async def by_itself() -> AsyncIterator[Telegraph]:
    """A bot outside the suite, for a command: on a new database, with the small programme."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        engine = connect(f"sqlite:///{template}", durable=False)
        upgrade(engine)
        engine.dispose()
        programme = small(example())
        (Path(folder) / "bot").mkdir()
        async with telegraph(template, Path(folder) / "bot", programme) as bot:
            yield bot
