"""A world around one bot: its folder, its people, what they do, and the machine that it runs on.

What a channel adds (how people write, what they see, what breaks between them and the bot) is in `on_telegram`, `on_matrix` and
`on_web`.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import SystemClock
from bot.domain.messages import Letter
from bot.handlers.say.post import post
from bot.handlers.watch.own_outage import HEARTBEAT
from bot.store.db import Database, Tx
from bot.store.messages import Lane
from bot.store.records import keep_setting
from tests.faults.asked import ask, count
from tests.faults.body import Body
from tests.faults.ledger import Ledger, Note, Part, Seen, Someone
from tests.faults.plan import Trouble
from tests.faults.real_bot import prepare, start_unwell
from tests.faults.settled import settle
from tests.faults.unwell import CLOCK

UP = 90.0
"""Seconds a start may take on a machine that has much to do."""


class WorldClock:
    """The time of the world: that of this machine, and all that has passed while nobody was there."""

    def __init__(self) -> None:
        self.passed = timedelta()

    def now(self) -> datetime:
        return SystemClock().now() + self.passed


class World(ABC):
    """`async with` opens it. `ledger` is all that it knows of itself."""

    channel: str
    repeatable: bool
    """Whether what is sent again is, to who reads it, the same message."""
    moves = True
    """Whether its clock can be moved: that of a server of somebody else's cannot."""

    def __init__(self, folder: Path, people: tuple[Someone, ...], seed: int) -> None:
        self.folder, self.ledger, self.seed = folder, Ledger(people), seed
        self.dice = random.Random(seed)
        self.clock = WorldClock()
        self.error = 0.0
        """Seconds by which the bot's clock is wrong."""
        self.numbers = {"word": 0, "alert": 0, "reminder": 0}
        self.cried: set[str] = set()

    def settle(self, config: str, addresses: dict[str, str]) -> None:
        """The folder, its configuration, and everybody with an address (ref -> native)."""
        self.db: Database = prepare(self.folder, config, self.clock)
        self.rows = self.db.run(settle, self.ledger.people, self.channel, addresses)

    @property
    def database(self) -> Path:
        return self.folder / "data" / "compagnon.db"

    @abstractmethod
    async def up(self) -> None:
        """Wait until the bot that was just started is at work."""

    @abstractmethod
    async def says(self, who: Someone, text: str, *, cry: bool = False) -> None:
        """Somebody writes; once the platform has it, it stands in the ledger."""

    @abstractmethod
    async def seen(self) -> Seen:
        """What everybody saw, by the platform's own account."""

    @abstractmethod
    def heard(self) -> int:
        """So many messages of the bot the platform has heard of, whatever it made of them."""

    @abstractmethod
    def untaken(self) -> int:
        """So many updates the bot has not taken from the platform yet."""

    @abstractmethod
    def befall(self, trouble: Trouble) -> None:
        """Something goes wrong between the bot and its platform, until `mend`."""

    @abstractmethod
    def mend(self) -> None:
        """It goes well again."""

    async def before(self, trouble: Trouble) -> None:  # noqa: B027 - most worlds have nothing to do then
        """A life is about to begin that this will befall."""

    async def at_work(self) -> None:  # noqa: B027 - most worlds have nothing to do then
        """The bot has come up: who looks at their screen does so."""

    def dropped(self) -> None:  # noqa: B027 - most worlds have nothing to do then
        """More than a day has passed: a platform that keeps nothing for so long drops what waits."""

    async def hold(self) -> None:  # noqa: B027 - most worlds have nothing to do then
        """Wait for what people still have in hand."""

    async def words(self, count: int) -> None:
        """So many of those who are only known write."""
        for _ in range(count):
            self.numbers["word"] += 1
            await self.says(self.dice.choice(self.ledger.of(Part.PLAIN)), f"word {self.numbers['word']}")

    async def cry(self) -> None:
        """A learner who has not yet done so calls for help."""
        left = [each for each in self.ledger.of(Part.LEARNER) if each.ref not in self.cried]
        if left:
            who = self.dice.choice(left)
            self.cried.add(who.ref)
            await self.says(who, "SOS", cry=True)

    def post(self, alerts: int, reminders: int) -> None:
        """Messages fall due, as another process would put them into the outbox."""
        self.db.run(self._post, alerts, reminders)

    def _post(self, tx: Tx, alerts: int, reminders: int) -> None:
        plain = self.ledger.of(Part.PLAIN)
        made = []
        for kind, lane in [("alert", Lane.ALERT)] * alerts + [("reminder", Lane.PROMPT)] * reminders:
            self.numbers[kind] += 1
            to, text = self.dice.choice(plain).ref, f"{kind} {self.numbers[kind]}"
            made.append((post(tx, self.rows[to], Letter(text), lane), to, text, lane is Lane.ALERT))
        tx.rows.flush()
        self.ledger.notes += [Note(row.id, to, text, alert) for row, to, text, alert in made]

    def kept(self) -> set[str]:
        """The updates that are in the inbox."""
        return {native for (native,) in ask(self.database, "SELECT native FROM inbox")}

    def sent(self) -> int:
        """So many messages have left, by the database."""
        return count(self.database, "SELECT count(*) FROM outbox WHERE state = 'sent'")

    # The machine.

    def set_clock(self) -> None:
        """The process that is started next reads this clock; one that runs, from its next SIGUSR1 on."""
        (self.folder / CLOCK).write_text(str(self.clock.passed.total_seconds() + self.error), "ascii")

    def pass_time(self, seconds: float) -> None:
        """Nobody is there for so long."""
        day = seconds > timedelta(days=1).total_seconds()
        if self.moves:
            self.clock.passed += timedelta(seconds=seconds)
        else:
            self.db.run(_last_alive, timedelta(seconds=seconds))
        if day:
            self.dropped()

    def start(self) -> Body:
        self.set_clock()
        return Body(start_unwell(self.folder, "run"), self.folder, self.database, self.ledger)


def _last_alive(tx: Tx, ago: timedelta) -> None:
    """Where no clock can be moved: we were last alive so long ago."""
    keep_setting(tx.rows, HEARTBEAT, {"at": (tx.now - ago).isoformat()})
