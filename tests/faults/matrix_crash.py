"""The real process on a real homeserver, killed again and again: `python -m tests.faults.matrix_crash`.

Léa writes encrypted messages without a pause; alerts and reminders are put into the outbox meanwhile. `python -m bot
run` is ended by SIGKILL at random moments. At the end every message must have been handled once, and everything sent
must have been shown once, readable: on Matrix what is sent again under its own transaction is the same message.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path

from sqlalchemy import func, select

from bot.domain.messages import Letter
from bot.handlers.say.post import post
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, OutboxRow
from tests.faults.real_bot import know, prepare, start
from tests.synapse.homeserver import Homeserver
from tests.synapse.human import Human

CONFIG = """[matrix]
homeserver = "{url}"
user_id = "{user}"
password = "{password}"
per_second = 100.0
"""
PATIENCE = 120.0
"""Seconds in which nothing moves any more: then it is over."""


class Trial:
    """One folder, one bot, one person who writes, many deaths."""

    def __init__(self, folder: Path, lea: Human, url: str, user: str, password: str) -> None:
        self.lea = lea
        self.db = prepare(folder, CONFIG.format(url=url, user=user, password=password))
        self.person = self.db.run(know, "Lea", "matrix", lea.user_id)
        self.said = self.posted = 0

    async def write(self, room: str, count: int) -> None:
        """She writes so many messages, and as many are to be sent to her: every third an alert."""
        for _ in range(count):
            self.said += 1
            await self.lea.says(room, f"word {self.said}")
            self.db.run(self._post)

    def _post(self, tx: Tx) -> None:
        self.posted += 1
        lane = Lane.ALERT if self.posted % 3 == 0 else Lane.PROMPT
        post(tx, self.person, Letter(f"message {self.posted}"), lane)

    def shown(self) -> Counter[str]:
        texts = [each.text for each in self.lea.timeline.messages.values() if each.sender != self.lea.user_id]
        return Counter("(unreadable)" if text is None else text for text in texts)

    async def all_done(self) -> None:
        """Until everything was handled and shown, or nothing has moved for long."""
        loop, last = asyncio.get_running_loop(), (0, 0, 0)
        end = loop.time() + PATIENCE
        while loop.time() < end:
            await self.lea.pull(1)
            now = (self.db.run(_waiting), self.db.run(_handled), sum(self.shown().values()))
            if now != last:
                last, end = now, loop.time() + PATIENCE
            if not now[0] and now[1] >= self.said and now[2] >= 2 * self.posted:
                return


def _waiting(tx: Tx) -> int:
    states = ("pending", "sending")
    return tx.rows.scalar(select(func.count()).where(OutboxRow.state.in_(states))) or 0


def _handled(tx: Tx) -> int:
    return tx.rows.scalar(select(func.count()).where(InboxRow.state == "handled", InboxRow.shown.is_not(None))) or 0


async def trial(folder: Path, *, messages: int, kills: int, seed: int) -> dict[str, int]:
    """What became of so many messages in and out, with so many deaths."""
    dice = random.Random(seed)
    (folder / "synapse").mkdir()
    async with Homeserver(folder / "synapse") as server:
        made = await server.newcomer("Compagnon")
        async with Human(server, await server.newcomer("Lea")) as lea:
            here = Trial(folder, lea, server.url, made.user_id, made.password)
            assert await start(folder, "matrix", "setup").wait() == 0
            process = start(folder, "run")
            room = await lea.open_direct(made.user_id)
            await lea.until(lambda: lea.timeline.members[room].get(made.user_id) == "join", 60)
            for _ in range(kills):
                await here.write(room, messages // kills)
                await asyncio.sleep(dice.uniform(0.0, 3.0))
                process.send_signal(signal.SIGKILL)
                await process.wait()
                process = start(folder, "run")
            await here.all_done()
            process.send_signal(signal.SIGTERM)
            await process.wait()
            shown, handled, waiting = here.shown(), here.db.run(_handled), here.db.run(_waiting)
            here.db.close()
    texts = [f"message {number}" for number in range(1, here.posted + 1)]
    return {
        "kills": kills,
        "in": here.said,
        "in handled": handled,
        "out": here.posted,
        "out waiting": waiting,
        "out lost": sum(shown[text] == 0 for text in texts),
        "out twice": sum(shown[text] > 1 for text in texts),
        "marked as repeats": sum(text.startswith("(perhaps") for text in shown),
        "unreadable": shown["(unreadable)"],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=310)
    parser.add_argument("--kills", type=int, default=31)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="compagnon-crash-") as chosen:
        told = asyncio.run(trial(Path(chosen), messages=args.messages, kills=args.kills, seed=args.seed))
    print("\n".join(f"{name:18} {value}" for name, value in told.items()))
    return int(bool(told["in handled"] != told["in"] or told["out lost"] or told["out twice"] or told["unreadable"]))


if __name__ == "__main__":
    sys.exit(main())
