"""How fast delivery is on Telegram: `python -m tests.benchmarks.telegram_delivery`.

Two thousand messages to two hundred chats, each through the outbox of a durable SQLite database with the limiter off,
against a bare loop of `Bot.send_message` in the same run: with the library's own transport, and with ours. The server
is another process on this machine. Then, with the limiter on, how long an answer takes while a broadcast is going on.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import func, select
from telegram import Bot

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.transport import Transport
from bot.clock import SystemClock
from bot.domain.messages import Letter
from bot.domain.programme import Programme
from bot.domain.programme.load import load
from bot.handlers.say.post import post
from bot.runtime.app import App
from bot.store.db import Database, Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.migrate import upgrade
from bot.store.people import Address, Person
from tests.conftest import ROOT
from tests.telegram_server import TelegramServer

MESSAGES, CHATS, ROUNDS = 2000, 200, 5


def serve(pipe: Connection) -> None:
    """The server, in a process of its own, until the pipe closes."""

    async def stand() -> None:
        async with TelegramServer() as server:
            server.keeps_requests = False
            users = [server.user(f"Person{number}") for number in range(CHATS)]
            for user in users:
                user.starts()
            server.updates.forget_all()
            pipe.send((server.token, server.url, [user.id for user in users]))
            await asyncio.get_running_loop().run_in_executor(None, pipe.recv)

    asyncio.run(stand())


async def bare(bot: Bot, chats: list[int]) -> None:
    """What the tutorial does."""
    for number in range(MESSAGES):
        await bot.send_message(chats[number % CHATS], f"message {number}")


def fill(tx: Tx, chats: list[int]) -> None:
    """Two hundred people, and what is to be sent to them."""
    for number, chat in enumerate(chats):
        person = Person(ref=f"p{number}", first_name="P", last_name="", language="en")
        tx.rows.add(person)
        tx.rows.flush()
        where = {"person_id": person.id, "channel": "telegram", "native": str(chat), "state": "confirmed"}
        tx.rows.add(Address(**where, created_at=tx.now, used_at=tx.now))
    people = list(tx.rows.scalars(select(Person.id).order_by(Person.id)))
    for number in range(MESSAGES):
        post(tx, people[number % (CHATS - 50)], Letter(f"message {number}"), Lane.PROMPT)


def left(tx: Tx) -> int:
    return tx.rows.scalar(select(func.count()).where(OutboxRow.state != "sent")) or 0


async def through_the_outbox(programme: Programme, token: str, url: str, chats: list[int]) -> float:
    """Seconds from the first claim to the last commit."""
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{Path(folder) / 'bench.db'}", SystemClock(), programme)
        upgrade(db.engine)
        db.run(fill, chats)
        channel = TelegramChannel(token, url, limited=False)
        app = App(db, {"telegram": channel})
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            group.create_task(app.delivery.run())
            while await db.transact(left):  # noqa: ASYNC110 - the rows on disk are looked at
                await asyncio.sleep(0.05)
            spent = time.perf_counter() - began
            app.delivery.stop()
        await channel.close()
        db.close()
        return spent


async def answers_during_a_broadcast(programme: Programme, token: str, url: str, chats: list[int]) -> list[float]:
    """Seconds from an answer's commit to the server having it, while a broadcast goes out at the platform's pace."""
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{Path(folder) / 'bench.db'}", SystemClock(), programme)
        upgrade(db.engine)
        db.run(fill, chats)
        channel = TelegramChannel(token, url)
        app = App(db, {"telegram": channel})
        waited = []
        async with asyncio.TaskGroup() as group:
            group.create_task(app.delivery.run())
            await asyncio.sleep(2)  # the burst is over; from here on the pace rules
            for number in range(20):
                began = time.perf_counter()
                row = await db.transact(answer, CHATS - 49 + number)
                app.nudge()
                while not await db.transact(is_sent, row):  # noqa: ASYNC110 - the row on disk is looked at
                    await asyncio.sleep(0.001)
                waited.append(time.perf_counter() - began)
                await asyncio.sleep(0.1)
            app.delivery.stop()
        await channel.close()
        db.close()
        return sorted(waited)


def answer(tx: Tx, person: int) -> int:
    row = post(tx, person, Letter("an answer"), Lane.ANSWER)
    tx.rows.flush()
    return row.id


def is_sent(tx: Tx, row: int) -> bool:
    return tx.rows.get_one(OutboxRow, row).state == "sent"


async def timed(work: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def measure(token: str, url: str, chats: list[int]) -> None:
    programme = load((ROOT / "programme.example.toml").read_text("utf-8"), "programme.example.toml")
    figures: dict[str, list[float]] = {"bare, httpx": [], "bare, our transport": [], "outbox": []}
    for _ in range(ROUNDS):
        async with Bot(token, base_url=f"{url}/bot") as bot:
            figures["bare, httpx"].append(await timed(lambda bot=bot: bare(bot, chats)))  # type: ignore[misc]
        async with Bot(token, base_url=f"{url}/bot", request=Transport()) as bot:
            figures["bare, our transport"].append(await timed(lambda bot=bot: bare(bot, chats)))  # type: ignore[misc]
        figures["outbox"].append(await through_the_outbox(programme, token, url, chats))
    ours = statistics.median(figures["outbox"])
    for name, seconds in figures.items():
        middle = statistics.median(seconds)
        spread = f"{MESSAGES / max(seconds):.0f}-{MESSAGES / min(seconds):.0f}"
        print(f"{name:22} {MESSAGES / middle:6.0f} /s ({spread})   outbox is {middle / ours:.2f} x as fast")
    waited = await answers_during_a_broadcast(programme, token, url, chats)
    middle, worst = statistics.median(waited) * 1000, waited[-1] * 1000
    print(f"an answer during a broadcast at the platform's pace: median {middle:.0f} ms, worst {worst:.0f} ms")


def main() -> None:
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    server.start()
    token, url, chats = here.recv()
    print(f"{MESSAGES} messages to {CHATS} chats, {ROUNDS} rounds, {os.cpu_count()} cores")
    asyncio.run(measure(token, url, chats))
    here.send(None)
    server.join(timeout=10)


if __name__ == "__main__":
    main()
