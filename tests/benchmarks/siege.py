"""How long a cry for help takes while somebody attacks: `python -m tests.benchmarks.siege`.

Noémie cries on Telegram; measured is the time until the fixed answer is in her chat, and the alert in Luc's. Beside her Jules, a
learner as she is, opens 600 live pages; or a stranger 2,000 connections on which they begin to say something and never end; or
Jules sends 5,000 messages in front of her cry. The baseline is the same when all is quiet. The bot is the real
`python -m bot run` on a durable SQLite database, anew for each cry; the Bot API server is in this process.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import statistics
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bot.store.db import Tx
from bot.store.people import Address, by_ref
from tests.faults.real_bot import port_of, prepare, start
from tests.journeys.people import settle_in
from tests.telegram_server import TelegramServer, User

CONFIG = """[telegram]
token = "{token}"
api_url = "{url}"
"""
PAGES, CONNECTIONS, MESSAGES = 600, 2_000, 5_000
TOKEN = "a token of a browser, long enough to be one"
PATIENCE = 120.0


@dataclass
class Scene:
    """Everybody in their place."""

    server: TelegramServer
    noemie: User
    luc: User
    jules: User
    port: int


def _join(tx: Tx, ref: str, channel: str, native: str) -> None:
    person = by_ref(tx.rows, ref)
    assert person is not None
    where = {"person_id": person.id, "channel": channel, "native": native, "state": "confirmed"}
    tx.rows.add(Address(**where, created_at=tx.now, used_at=tx.now))


@asynccontextmanager
async def scene(folder: Path) -> AsyncIterator[Scene]:
    """The bot runs, and everybody has joined."""
    folder.mkdir()  # noqa: ASYNC240 - nobody waits yet
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(TelegramServer())
        users = {name: server.user(name.title(), language="en") for name in ("noemie", "luc", "jules")}
        db = prepare(folder, CONFIG.format(token=server.token, url=server.url))
        db.run(settle_in, ("noemie", "jules"))
        for name, user in users.items():
            user.starts()
            db.run(_join, name, "telegram", str(user.id))
        db.run(_join, "jules", "web", sha256(TOKEN.encode()).hexdigest())
        db.close()
        server.updates.forget_all()
        bot = start(folder, "run")
        stack.push_async_callback(bot.wait)
        stack.callback(bot.send_signal, signal.SIGTERM)
        here = Scene(server, **users, port=port_of(folder))
        since = len(_said(here.noemie))
        here.noemie.says("/next")
        await server.until(lambda: len(_said(here.noemie)) > since, PATIENCE)
        yield here


def _said(user: User, word: str = "") -> list[str]:
    return [each.text for each in user.chat.messages if each.from_bot and word in each.text]


async def cry(here: Scene) -> tuple[float, float]:
    """Milliseconds until she has the answer, and until Luc has the alert."""
    loop = asyncio.get_running_loop()
    since = loop.time()
    here.noemie.says("SOS")

    async def until(user: User, word: str) -> float:
        await here.server.until(lambda: bool(_said(user, word)), PATIENCE)
        return (loop.time() - since) * 1000

    answer, alert = await asyncio.gather(until(here.noemie, "112"), until(here.luc, "SOS · "))
    return answer, alert


async def _opened(here: Scene, many: int, said: bytes, stack: AsyncExitStack) -> None:
    """So many connections on which this is said; whatever is answered is not read."""
    for _ in range(many):
        try:
            _reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
            stack.callback(writer.close)
            writer.write(said)
        except OSError:  # sent away: that is the defence
            await asyncio.sleep(0)


async def quiet(_here: Scene, _stack: AsyncExitStack) -> None:
    """Nobody attacks."""


async def pages(here: Scene, stack: AsyncExitStack) -> None:
    asked = f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{here.port}\r\nCookie: compagnon={TOKEN}\r\n\r\n"
    await _opened(here, PAGES, asked.encode(), stack)


async def half_open(here: Scene, stack: AsyncExitStack) -> None:
    await _opened(here, CONNECTIONS, b"GET / HTTP/1.1\r\nHost: exa", stack)


async def flood(here: Scene, _stack: AsyncExitStack) -> None:
    for _ in range(MESSAGES):
        here.jules.says("hello")  # without a number: 112 is a cry for help


SIEGES: dict[str, Callable[[Scene, AsyncExitStack], Awaitable[None]]] = {
    "quiet": quiet,
    f"{PAGES} live pages of one learner": pages,
    f"{CONNECTIONS} connections that say nothing": half_open,
    f"{MESSAGES} messages of one learner before hers": flood,
}


async def measure(folder: Path, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds until the answer and until the alert, by what goes on."""
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in SIEGES}
    for number in range(rounds):
        for place, (name, siege) in enumerate(SIEGES.items()):
            async with scene(folder / f"{number}-{place}") as here, AsyncExitStack() as stack:
                await siege(here, stack)
                figures[name].append(await cry(here))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="compagnon-siege-") as chosen:
        figures = asyncio.run(measure(Path(chosen), args.rounds))
    print(f"{args.rounds} SOS each, {os.cpu_count()} cores; median (worst), ms")
    base = [statistics.median(each) for each in zip(*figures["quiet"], strict=True)]
    for name, times in figures.items():
        cells = []
        for spent, quietly in zip(zip(*times, strict=True), base, strict=True):
            middle = statistics.median(spent)
            cells.append(f"{middle:.0f} ({max(spent):.0f}), {middle / quietly:.1f} of quiet")
        print(f"{name:42} answer {cells[0]:32} alert {cells[1]}")


if __name__ == "__main__":
    main()
