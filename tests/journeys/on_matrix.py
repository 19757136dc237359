"""A journey on Matrix: a real homeserver, encrypted rooms of two, the real channel and sync, the real app."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels.matrix import Account, Folder, setup
from bot.clock import SimulatedClock
from bot.demo.world import QuietChannel
from bot.domain.programme import Programme
from bot.handlers.people.invitations import invite
from bot.runtime.app import App
from bot.runtime.matrix import MatrixWiring, channel_on
from bot.store.db import Database, Tx, connect
from bot.store.messages import InboxRow
from bot.store.people import by_ref
from tests.journeys.driver import SOON, instant, pass_time
from tests.journeys.people import heard_of_elsewhere, settle_in
from tests.synapse.homeserver import Homeserver
from tests.synapse.human import Human
from tests.synapse.timeline import Message

R = TypeVar("R")


class Encrypted:
    """One bot on a clock that stands still until `until` moves it; everybody has an app of their own."""

    def __init__(self, server: Homeserver, path: Path, programme: Programme, account: Account, folder: Folder) -> None:
        self.server, self.account, self.folder = server, account, folder
        self.clock = SimulatedClock(instant(SOON))
        self.db = Database(f"sqlite:///{path}", self.clock, programme, durable=False)
        self.people: dict[str, Human] = {}
        self.rooms: dict[str, str] = {}
        self.stack = AsyncExitStack()
        self._syncing: asyncio.Future[None] | None = None
        self._reader = connect(f"sqlite:///{path}", durable=False)
        self.open()

    async def start(self, *, patience: float = 30.0) -> None:
        """The sync begins, or begins again as another process would. `patience`: seconds a key may come too late."""
        self.open()
        self.matrix.inlet.arrivals.undecrypted.patience = patience
        self._syncing = asyncio.ensure_future(self.matrix.inlet.run())

    async def stop(self) -> None:
        """It ends where it is."""
        if self._syncing is not None:
            self._syncing.cancel()
            await asyncio.gather(self._syncing, return_exceptions=True)
        await self.channel.stop()
        await self.channel.server.close()

    async def code(self, ref: str) -> str:
        return await self.db.transact(_code, ref)

    async def clock_goes(self, **span: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(**span))
        await self.app.settle()

    def open(self) -> None:
        """A process begins."""
        self.channel = channel_on(self.db, self.account, self.folder)
        self.channel.pace = None
        self.app = App(self.db, {"matrix": self.channel, "web": QuietChannel()})
        self.matrix = MatrixWiring(self.app, self.channel)

    async def meet(self, ref: str) -> str:
        """Somebody's app, and the conversation they open with the bot."""
        account = await self.server.newcomer(ref.capitalize())
        self.people[ref] = await self.stack.enter_async_context(Human(self.server, account))
        person, us = self.people[ref], self.account.user_id
        self.rooms[ref] = await person.open_direct(us)
        await person.until(lambda: person.timeline.members[self.rooms[ref]].get(us) == "join")
        return self.rooms[ref]

    async def join(self, *refs: str) -> None:
        """These people open a conversation and send their code, handed over in person."""
        for ref in refs:
            await self.meet(ref)
            await self.say(ref, await self.code(ref))

    async def say(self, ref: str, words: str) -> None:
        await self.took(await self.people[ref].says(self.rooms[ref], words))

    async def took(self, *events: str) -> None:
        """Until these are in the inbox; then everything is done."""
        wanted = select(InboxRow.native).where(InboxRow.native.in_(events))
        async with asyncio.timeout(30):
            while len(self.ask(wanted)) < len(events):  # noqa: ASYNC110 - the rows on disk are looked at
                await asyncio.sleep(0.05)
        await self.app.settle()

    async def sees(self, ref: str, text: str) -> Message:
        """The newest message of the bot that holds this text, new or edited, once somebody's app shows it."""
        person = self.people[ref]

        def found() -> list[Message]:
            shown = [each for each in person.timeline.messages.values() if each.sender != person.user_id]
            return [each for each in shown if text in (each.text or "")]

        await person.until(found)
        return max(found(), key=lambda message: message.when)

    async def reply(self, ref: str, message: Message, words: str) -> None:
        await self.took(await self.people[ref].replies(message, words))

    async def heard(self, ref: str, number: int = 1) -> list[str]:
        """The next messages that somebody's app shows."""
        return [message.text or "(unreadable)" for message in await self.people[ref].hears(number)]

    async def do(self, handle: Callable[..., R], *args: Any) -> R:
        answer = await self.db.transact(handle, *args)
        await self.app.settle()
        return answer

    async def until(self, local: str) -> None:
        await pass_time(self.app, self.clock, instant(local), self.app.settle)

    def inbox(self) -> list[Any]:
        with Session(self._reader) as rows:
            wanted = select(InboxRow.state, InboxRow.problem).order_by(InboxRow.id)
            return [tuple(row) for row in rows.execute(wanted)]

    def ask(self, wanted: Any) -> list[Any]:
        with Session(self._reader) as rows:
            return [tuple(row) for row in rows.execute(wanted)]

    def close(self) -> None:
        self.db.close()
        self._reader.dispose()


def _code(tx: Tx, ref: str) -> str:
    person = by_ref(tx.rows, ref)
    assert person is not None
    return invite(tx, person, trusted=True)


@asynccontextmanager
async def encrypted(server: Homeserver, template: Path, folder: Path, programme: Programme) -> AsyncIterator[Encrypted]:
    """A bot that syncs, for as long as this lasts."""
    path = Path(shutil.copy(template, folder / "encrypted.db"))
    made = await server.newcomer("Compagnon")
    account, kept = Account(server.url, made.user_id, made.password), Folder(folder / "matrix")
    await setup(account, kept, lambda _line: None)
    here = Encrypted(server, path, programme, account, kept)
    try:
        async with here.stack:
            await here.start()
            try:
                await here.db.transact(settle_in, ("lina", "noemie", "jules", "martina"))
                await here.do(heard_of_elsewhere, "lina", "noemie", "jules", "martina")
                yield here
            finally:
                await here.stop()
    finally:
        here.close()
