"""A night on Matrix: a real homeserver, people with real clients, everything encrypted, and a line that breaks."""

from __future__ import annotations

import asyncio
import random
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from tests.faults.body import Body
from tests.faults.broken_line import BrokenLine
from tests.faults.ledger import Seen, Sight, Someone, cast
from tests.faults.plan import Trouble
from tests.faults.real_bot import start
from tests.faults.world import UP, World
from tests.synapse.homeserver import Homeserver
from tests.synapse.human import Human
from tests.waiting import wait_for

CONFIG = """[matrix]
homeserver = "{url}"
user_id = "{user}"
password = "{password}"
per_second = 100.0
"""
UNREADABLE = "(unreadable)"
REFUSES = 20.0
"""Seconds that it is watched with a store that is not right."""
QUIET = 3
"""So many times in a row nothing new comes: then a person has seen all there is."""
COPIES = 5
"""An old copy of the crypto store is of so many lives ago at the most."""


class OnMatrix(World):
    """What people write waits on the homeserver. Its clock is its own: an absence is a heartbeat that lies far back."""

    channel = "matrix"
    repeatable = True
    moves = False

    def __init__(self, folder: Path, line: BrokenLine, people: dict[Someone, Human], seed: int) -> None:
        super().__init__(folder, tuple(people), seed)
        self.line, self.humans = line, {each.ref: human for each, human in people.items()}
        self.rooms: dict[str, str] = {}
        self._syncs = self._lives = 0

    async def move_in(self, user: str, password: str) -> None:
        """The bot is set up, and everybody opens a room with it."""
        addresses = {ref: human.user_id for ref, human in self.humans.items()}
        self.settle(CONFIG.format(url=self.line.url, user=user, password=password), addresses)
        assert await start(self.folder, "matrix", "setup").wait() == 0
        body = self.start()
        await self.up()
        for ref, human in self.humans.items():
            self.rooms[ref] = await human.open_direct(user)
        for ref, human in self.humans.items():
            await human.until(partial(_is_in, human, self.rooms[ref], user), UP)
        await body.end(signal.SIGTERM)

    def start(self) -> Body:
        self._syncs = self.line.heard["sync"]
        return super().start()

    async def up(self) -> None:
        await wait_for(lambda: self.line.heard["sync"] > self._syncs, UP)

    async def says(self, who: Someone, text: str, *, cry: bool = False) -> None:
        event = await self.humans[who.ref].says(self.rooms[who.ref], text)
        self.ledger.said[event] = who.ref
        if cry:
            self.ledger.cries[event] = who.ref

    async def seen(self) -> Seen:
        await self.look(QUIET)
        return {ref: list(_sights(human)) for ref, human in self.humans.items()}

    async def look(self, quiet: int) -> None:
        """Everybody takes up their phone, and goes into every room that they are asked into, until so many looks in a row bring
        nothing new.
        """
        for human in self.humans.values():
            same = 0
            while same < quiet:
                before = len(human.timeline.messages)
                await human.pull(0.2)
                for room in list(human.timeline.invitations):
                    await human.joins(room)
                same = 0 if len(human.timeline.messages) > before else same + 1

    def heard(self) -> int:
        return self.line.heard["send"]

    def untaken(self) -> int:
        """Nobody but the homeserver knows: what was said and is not in the inbox."""
        return len(self.ledger.said.keys() - self.kept())

    def befall(self, trouble: Trouble) -> None:
        self.line.trouble = trouble

    def mend(self) -> None:
        self.line.trouble = Trouble.NONE

    async def _sends_nothing(self, trouble: Trouble) -> None:
        """With such a store it ends, or goes on without Matrix and says so (`/healthz`); it sends nothing that nobody could read."""
        before, process = self.heard(), start(self.folder, "run")
        ended = asyncio.ensure_future(process.wait())
        done, _waiting = await asyncio.wait({ended}, timeout=REFUSES)
        if not done:
            process.send_signal(signal.SIGTERM)
        if await ended == 0 and done:
            self.ledger.refused.append(f"{trouble}: it ended as if all were well")
        if self.heard() > before:
            self.ledger.refused.append(f"{trouble}: it sent all the same")

    async def before(self, trouble: Trouble) -> None:
        """A store that is damaged or old: nothing is sent with it. With the right one back, it goes on."""
        await self.look(1)
        self._lives += 1
        store, right, old = (self.folder / "data" / name for name in ("matrix", "matrix-right", "matrix-old"))
        if trouble in {Trouble.DAMAGED_STORE, Trouble.OLD_STORE} and (trouble is not Trouble.OLD_STORE or old.exists()):
            shutil.copytree(store, right)
            if trouble is Trouble.OLD_STORE:
                _replace(store, old)
            else:
                _damage(store, self.dice)
            await self._sends_nothing(trouble)
            _replace(store, right)
            shutil.rmtree(right)
        elif self._lives % COPIES == 1:
            shutil.rmtree(old, ignore_errors=True)
            shutil.copytree(store, old)


def _is_in(human: Human, room: str, user: str) -> bool:
    return human.timeline.members[room].get(user) == "join"


def _sights(human: Human) -> list[Sight]:
    theirs = [each for each in human.timeline.messages.values() if each.sender != human.user_id]
    return [
        Sight(each.event, each.versions[0] if each.versions else UNREADABLE)
        for each in sorted(theirs, key=lambda each: each.when)
    ]


def _replace(store: Path, by: Path) -> None:
    shutil.rmtree(store)
    shutil.copytree(by, store)


def _damage(store: Path, dice: random.Random) -> None:
    """Its beginning is no longer what was written."""
    for file in (store / "crypto").rglob("*"):
        if file.is_file() and not file.name.endswith(("-wal", "-shm")):
            content = bytearray(file.read_bytes())
            content[:200] = dice.randbytes(min(200, len(content)))
            file.write_bytes(content)


def _kind(method: str, path: str) -> str:
    if path.endswith("/sync"):
        return "sync"
    return "send" if method == "PUT" and "/send/m." in path and "/rooms/" in path else "other"


@asynccontextmanager
async def on_matrix(folder: Path, seed: int) -> AsyncIterator[OnMatrix]:
    """Four people who are only known, and for each of two schools the adult on call and a few learners."""
    (folder / "synapse").mkdir()
    async with AsyncExitStack() as opened:
        server = await opened.enter_async_context(Homeserver(folder / "synapse"))
        made = await server.newcomer("Compagnon")
        people = {
            each: await opened.enter_async_context(Human(server, await server.newcomer(each.ref)))
            for each in cast(plain=4, learners=3, coordinators=False)
        }
        line = await opened.enter_async_context(BrokenLine(server.url, random.Random(seed), _kind))
        world = OnMatrix(folder, line, people, seed)
        await world.move_in(made.user_id, made.password)
        try:
            yield world
        finally:
            world.db.close()
            unread = [ref for ref, human in world.humans.items() for each in _sights(human) if each.text == UNREADABLE]
            world.ledger.refused += [f"{ref} cannot read a message" for ref in unread]
