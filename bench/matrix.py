"""Alerts on Matrix: encrypted, with their choices, while we sync as we always do. The homeserver is a real Synapse."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from nio import AsyncClient
from pydantic import SecretStr

from bench.baselines import bare_matrix
from bench.figures import Goal, Line, Series, seconds
from bench.school import school_of
from bench.sizes import Size
from bot.channels.matrix import MatrixChannel, setup
from bot.channels.matrix.layout import texts
from bot.config import Config
from bot.config.tables import Matrix as Settings
from bot.domain.channel import Sent
from bot.domain.messages import Button, Outgoing
from bot.runtime.app import App
from bot.runtime.matrix import MatrixWiring, matrix_account, matrix_channel, matrix_folder
from bot.store.db import Database
from tests.synapse.administration import Account
from tests.synapse.homeserver import Homeserver
from tests.synapse.human import Human

ROOMS = 5
ALERT = (
    "🔴 Now · Léa Martin, in Ljubljana until Friday 14 May\n\nShe wrote at 21:40: « I do not feel safe here. » "
    "Nobody has taken it yet. If you cannot, the next in line is asked in ten minutes.\n"
    "The case on the desk: https://compagnon.example.org/desk/case/17"
)
CHOICES = ("I take it", "I cannot now", "Already settled")
GOAL = Goal(least=0.95)
Send = Callable[[str, int], Awaitable[None]]


@dataclass
class Platform:
    """People, each in a room with us and in one with a bare client."""

    channel: MatrixChannel
    bare: AsyncClient
    people: list[str]
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def alert(self, native: str) -> Outgoing:
        number = next(self._numbers)
        buttons = tuple(Button(f"{number}.{place}", label) for place, label in enumerate(CHOICES))
        return Outgoing(number, native, ALERT, buttons, urgent=True)

    async def ours(self, native: str, times: int) -> None:
        """Alerts to one person, one after the other."""
        for _ in range(times):
            assert isinstance(await self.channel.send(self.alert(native)), Sent)

    async def theirs(self, native: str, times: int) -> None:
        """The same words by the library alone."""
        room, (words,) = bare_matrix.rooms_of(self.bare)[native], texts(self.alert(native))
        await bare_matrix.send_all(self.bare, room, [words] * times)

    async def heard_beside(self, native: str, times: int) -> None:
        """The same by the library while it listens, as we do."""
        async with bare_matrix.hearing(self.bare):
            await self.theirs(native, times)

    async def heard_beside_each(self, times: int) -> None:
        async with bare_matrix.hearing(self.bare):
            await self.to_each(self.theirs, times)

    async def to_each(self, send: Send, times: int) -> None:
        """To everybody at once."""
        await asyncio.gather(*(send(native, times) for native in self.people))


@asynccontextmanager
async def platform() -> AsyncIterator[Platform]:
    logging.getLogger("nio").setLevel(logging.CRITICAL)
    with TemporaryDirectory(prefix="compagnon-bench-") as chosen:
        folder = Path(chosen)
        for name in ("synapse", "bare"):
            (folder / name).mkdir()
        async with Homeserver(folder / "synapse") as server:
            us, them = await server.newcomer("Compagnon"), await server.newcomer("Bare")
            people = [await server.newcomer(f"Person{number}") for number in range(ROOMS)]
            natives = [each.user_id for each in people]
            with school_of(ROOMS, channel="matrix", natives=natives, all_abroad=True) as db:
                async with (
                    syncing(db, folder / "data", server.url, us) as channel,
                    bare_matrix.bare_client(server.url, them, folder / "bare") as bare,
                ):
                    await _meet(server, people, us.user_id, them.user_id)
                    await bare_matrix.enter(bare)
                    there = Platform(channel, bare, natives)
                    for send in (there.ours, there.theirs):
                        await there.to_each(send, 2)  # the first message of a room brings its key
                    yield there


async def _meet(server: Homeserver, people: list[Account], *others: str) -> None:
    """Everybody opens a room with each of these, and puts the phone away."""
    for each in people:
        async with Human(server, each) as person:
            for other in others:
                room = await person.open_direct(other)
                if other == others[0]:
                    await person.until(lambda room=room: person.timeline.members[room].get(others[0]) == "join")


@asynccontextmanager
async def syncing(db: Database, data: Path, url: str, us: Account) -> AsyncIterator[MatrixChannel]:
    """We, set up and at work, on a homeserver whose limit was lifted."""
    settings = Settings(homeserver=url, user_id=us.user_id, password=SecretStr(us.password), per_second=1e6)
    config = Config(data_dir=data, matrix=settings)
    account = matrix_account(config)
    assert account is not None
    await setup(account, matrix_folder(config), lambda _line: None)
    channel = matrix_channel(config, db)
    assert channel is not None
    app = App(db, {channel.name: channel})
    running = asyncio.ensure_future(app.run(*MatrixWiring(app, channel).tasks()))
    try:
        yield channel
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await channel.close()


async def sends(size: Size) -> list[Line]:
    """Ours and theirs in turn, each first every second time: one by one, and to five rooms at once."""
    each, rounds = size.of((20, 2), (60, 4), (100, 7))
    alone: dict[str, list[float]] = {"ours": [], "theirs": [], "hearing": []}
    at_once: dict[str, list[float]] = {"ours": [], "theirs": [], "hearing": []}
    async with platform() as there:
        for number in range(rounds):
            first = there.people[number % ROOMS]
            one = {"ours": there.ours, "theirs": there.theirs, "hearing": there.heard_beside}
            for name in _turn(one, number):
                alone[name].append(each / await seconds(lambda name=name: one[name](first, each)))
            many = {
                "ours": lambda times: there.to_each(there.ours, times),
                "theirs": lambda times: there.to_each(there.theirs, times),
                "hearing": there.heard_beside_each,
            }
            for name in _turn(many, number):
                at_once[name].append(each / await seconds(lambda name=name: many[name](each // ROOMS)))
    return [*_lines("matrix, one by one", alone), *_lines("matrix, five rooms at once", at_once)]


def _turn(names: dict[str, Callable[..., Awaitable[None]]], number: int) -> list[str]:
    return list(names) if number % 2 else list(reversed(names))


def _lines(what: str, found: dict[str, list[float]]) -> list[Line]:
    ours = Series("Compagnon", "/s", tuple(found["ours"]))
    return [
        Line(what, ours, Series("bare room_send, deaf meanwhile", "/s", tuple(found["theirs"])), GOAL),
        Line(what, ours, Series("bare room_send beside sync_forever", "/s", tuple(found["hearing"])), GOAL),
    ]
