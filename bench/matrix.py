"""Alerts on Matrix: encrypted, with their choices, while we sync as we always do. The homeserver is a real Synapse."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from nio import AsyncClient
from pydantic import SecretStr
from sqlalchemy import select

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
from bot.store.db import Database, Tx
from bot.store.people import Address
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
OURS, DEAF, BESIDE = "Compagnon", "bare room_send, deaf meanwhile", "bare room_send beside sync_forever"
WAYS = (OURS, DEAF, BESIDE)
ONE, FIVE = "matrix, one by one", "matrix, five rooms at once"


@dataclass
class Platform:
    """People, each in a room with us and in one with a bare client."""

    channel: MatrixChannel
    bare: AsyncClient
    people: list[str]
    identities: dict[str, str] = field(default_factory=dict)
    """The key by which each is known, as delivery brings it with a message."""
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def alert(self, native: str) -> Outgoing:
        number = next(self._numbers)
        buttons = tuple(Button(f"{number}.{place}", label) for place, label in enumerate(CHOICES))
        return Outgoing(number, native, ALERT, buttons, urgent=True, identity=self.identities.get(native, ""))

    async def ours(self, native: str, times: int) -> None:
        """Alerts to one person, one after the other."""
        for _ in range(times):
            assert isinstance(await self.channel.send(self.alert(native)), Sent)

    async def theirs(self, native: str, times: int) -> None:
        """The same words by the library alone."""
        room, (words,) = bare_matrix.rooms_of(self.bare)[native], texts(self.alert(native))
        await bare_matrix.send_all(self.bare, room, [words] * times)

    async def send(self, how: str, people: list[str], times: int) -> None:
        """To these people at once, to each of them one after the other."""
        if how == BESIDE:
            async with bare_matrix.hearing(self.bare):
                return await self.send(DEAF, people, times)
        send = self.ours if how == OURS else self.theirs
        await asyncio.gather(*(send(native, times) for native in people))
        return None

    async def rate(self, how: str, people: list[str], times: int) -> float:
        """So many a second."""
        return times * len(people) / await seconds(lambda: self.send(how, people, times))


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
                    for how in (OURS, DEAF):
                        await there.send(how, natives, 2)  # the first message of a room brings its key
                    there.identities = await db.transact(_identities)
                    yield there


def _identities(tx: Tx) -> dict[str, str]:
    found = tx.rows.execute(select(Address.native, Address.identity).where(Address.channel == "matrix"))
    return {native: identity or "" for native, identity in found}


async def _meet(server: Homeserver, people: list[Account], us: str, them: str) -> None:
    """Everybody opens a room with us and one with the bare client, which follows later, and puts the phone away."""
    for each in people:
        async with Human(server, each) as person:
            await person.open_direct(them)
            members = person.timeline.members[await person.open_direct(us)]
            await _joined(person, members, us)


async def _joined(person: Human, members: dict[str, str], user_id: str) -> None:
    await person.until(lambda: members.get(user_id) == "join")


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
    """Ours and theirs in turn, in one order and in the other: one by one, and to five rooms at once."""
    each, rounds = size.of((20, 2), (60, 4), (100, 7))
    found: dict[tuple[str, str], list[float]] = {(what, how): [] for what in (ONE, FIVE) for how in WAYS}
    async with platform() as there:
        for number in range(rounds):
            first = there.people[number % ROOMS : number % ROOMS + 1]
            for what, people in ((ONE, first), (FIVE, there.people)):
                for how in WAYS if number % 2 else WAYS[::-1]:
                    found[what, how].append(await there.rate(how, people, each // len(people)))
    series = {key: Series(key[1], "/s", tuple(values)) for key, values in found.items()}
    goal = Goal(least=0.95)
    return [Line(what, series[what, OURS], series[what, how], goal) for what in (ONE, FIVE) for how in (DEAF, BESIDE)]
