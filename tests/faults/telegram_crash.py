"""The real process, killed again and again while people write and are written to: `python -m tests.faults.telegram_crash`.

A Bot API server in this process plays forty people who write without a pause; alerts and reminders are put into the
outbox meanwhile, from outside as another process would. `python -m bot run` is started, and ended by SIGKILL at a
random moment (or by SIGTERM, with `--gently`), so many times; the server breaks connections too. At the end every
update must have been handled once, every alert have arrived, and nothing else twice.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.messages import Letter
from bot.handlers.say.post import post
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, OutboxRow
from tests.faults.real_bot import know, prepare, start
from tests.telegram_server import Kind, TelegramServer, User

PEOPLE = 40
REPEATED = "(perhaps a repeat) "
CONFIG = """[telegram]
token = "{token}"
api_url = "{url}"
"""


@dataclass
class Figures:
    """What became of everything."""

    kills: int = 0
    updates: int = 0
    handled: int = 0
    answered: int = 0
    outbound: int = 0
    arrived: int = 0
    alerts: int = 0
    alerts_lost: int = 0
    alerts_twice: int = 0
    alerts_twice_unmarked: int = 0
    reminders: int = 0
    reminders_twice: int = 0
    reminders_unknown: int = 0
    reminders_lost: int = 0
    violations: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        return "\n".join(f"{name:24} {value}" for name, value in self.__dict__.items())


class Trial:
    """One folder, one bot, many deaths. `dice` decides the moments; the same seed rolls the same dice."""

    def __init__(self, folder: Path, server: TelegramServer, dice: random.Random) -> None:
        self.folder, self.server, self.dice = folder, server, dice
        self.db = prepare(folder, CONFIG.format(token=server.token, url=server.url))
        self.users: list[User] = [server.user(f"Person{number}", language="en") for number in range(PEOPLE)]
        for user in self.users:
            user.starts()
        server.updates.forget_all()
        self.people = [self.db.run(know, user.name, "telegram", str(user.id)) for user in self.users]
        self.figures = Figures()
        self.started = time.monotonic()

    def write(self, updates: int, reminders: int, alerts: int) -> None:
        """People write; reminders and alerts fall due."""
        for _ in range(updates):
            self.figures.updates += 1
            self.dice.choice(self.users).says(f"word {self.figures.updates}")
        self.db.run(self._post, reminders, alerts)

    def _post(self, tx: Tx, reminders: int, alerts: int) -> None:
        for _ in range(reminders):
            self.figures.reminders += 1
            post(tx, self.dice.choice(self.people), Letter(f"reminder {self.figures.reminders}"), Lane.PROMPT)
        for _ in range(alerts):
            self.figures.alerts += 1
            post(tx, self.dice.choice(self.people), Letter(f"alert {self.figures.alerts}"), Lane.ALERT)

    async def live(self, *, gently: bool) -> None:
        """Start the bot; end it at a moment the dice choose, a few of them while it is still starting."""
        process = start(self.folder, "run")
        asked = len(self.server.sent("getUpdates"))
        if self.dice.random() < 0.1:
            await asyncio.sleep(self.dice.uniform(0.0, 0.5))
        else:
            await self.server.until(lambda: len(self.server.sent("getUpdates")) > asked, 60)
            await asyncio.sleep(self.dice.uniform(0.0, 1.2))
        process.send_signal(signal.SIGTERM if gently else signal.SIGKILL)
        await process.wait()
        self.figures.kills += 1

    async def finish(self) -> None:
        """Let it live until nothing is left to do; end it politely; count."""
        process = start(self.folder, "run")
        for _ in range(1200):
            await asyncio.sleep(0.5)
            if not self.server.updates.pending and not self.db.run(_waiting):
                break
        process.send_signal(signal.SIGTERM)
        await process.wait()
        self.count()

    def count(self) -> None:
        """Compare what the people saw with what was to arrive."""
        figures, seen = self.figures, Counter[str]()
        for user in self.users:
            texts = [message.text for message in user.chat.messages if message.from_bot]
            seen.update(texts)
        with Session(self.db.engine) as rows:
            figures.handled = rows.scalar(select(func.count()).where(InboxRow.state == "handled")) or 0
            states = _states(rows)
        figures.answered = sum(1 for text in states if text.startswith("answer"))
        for number in range(1, figures.alerts + 1):
            first, again = seen[f"alert {number}"], seen[f"{REPEATED}alert {number}"]
            figures.alerts_lost += first + again == 0
            figures.alerts_twice += first + again > 1
            figures.alerts_twice_unmarked += first > 1
        for number in range(1, figures.reminders + 1):
            times, state = seen[f"reminder {number}"], states[f"reminder {number}"]
            figures.reminders_twice += times > 1
            figures.reminders_unknown += state == "unknown"
            figures.reminders_lost += times == 0 and state != "unknown"
        figures.outbound = len(states)
        figures.arrived = sum(seen.values())
        figures.violations = self.server.violations[:5]
        figures.seconds = round(time.monotonic() - self.started)


def _waiting(tx: Tx) -> bool:
    new = tx.rows.scalar(select(func.count()).where(InboxRow.state == "new"))
    left = tx.rows.scalar(select(func.count()).where(OutboxRow.state.in_(("pending", "sending"))))
    return bool(new or left)


def _states(rows: Session) -> dict[str, str]:
    """The state of each message: those of ours by their text, answers by their number."""
    found = {}
    for number, message, state in rows.execute(select(OutboxRow.id, OutboxRow.message, OutboxRow.state)):
        text = str(message["text"])
        found[text if text.startswith(("alert ", "reminder ")) else f"answer {number}"] = state
    return found


async def trial(folder: Path, *, kills: int, seed: int, gently: bool = False, faults: bool = True) -> Figures:
    """So many deaths: each time a few updates, reminders and alerts more."""
    dice = random.Random(seed)
    async with TelegramServer() as server:
        here = Trial(folder, server, dice)
        if faults:
            odds = {Kind.RESET_BEFORE: 0.01, Kind.RESET_AFTER: 0.01, Kind.SERVER_ERROR: 0.01, Kind.DUPLICATE: 0.05}
            server.faults.by_chance(seed + 1, odds)
        try:
            for _ in range(kills):
                here.write(updates=10, reminders=7, alerts=3)
                await here.live(gently=gently)
            await here.finish()
        finally:
            here.db.close()
        return here.figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gently", action="store_true", help="SIGTERM instead of SIGKILL")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="compagnon-crash-") as chosen:
        figures = asyncio.run(
            trial(Path(chosen), kills=args.kills, seed=args.seed, gently=args.gently, faults=not args.gently)
        )
    print(figures)
    return int(bool(
        figures.handled != figures.updates or figures.answered != figures.updates or figures.alerts_lost or figures.alerts_twice_unmarked
        or figures.reminders_twice or figures.reminders_lost or figures.violations
    ))  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
