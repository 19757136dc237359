"""Telegram, in a process of its own on this machine: what is measured is the bot, not the server beside it."""

from __future__ import annotations

import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import aiohttp

from bench.baselines.bare_telegram import Prompt
from bench.opened import ShiftedClock
from tests.telegram_server import TelegramServer, User
from tests.telegram_server.shown import Shown


@dataclass(frozen=True)
class Heard:
    """How people's words were answered: so many a second, and half of them within `p50` seconds."""

    rate: float
    p50: float


@dataclass(frozen=True)
class Platform:
    """Where it is, and who has a phone there."""

    token: str
    url: str
    chats: list[int]
    pipe: Connection

    async def say(self, text: str, rate: float = 0, *, last: int | None = None) -> Heard:
        """Everybody, or the last so many, say something, so many a second or all at once, and wait for an answer."""
        self.pipe.send((text, rate, last))
        heard: Heard = await asyncio.to_thread(self.pipe.recv)
        return heard

    async def flooded(self, prompts: list[Prompt]) -> float:
        """Seconds that the server itself takes for these, sixteen at once and by a client that looks at no answer."""
        left, url = iter(prompts), f"{self.url}/bot{self.token}/sendMessage"
        async with aiohttp.ClientSession() as session:
            began = time.perf_counter()
            async with asyncio.TaskGroup() as group:
                for _ in range(16):
                    group.create_task(_post(session, url, left))
            return time.perf_counter() - began


async def _post(session: aiohttp.ClientSession, url: str, prompts: Iterator[Prompt]) -> None:
    for each in prompts:
        keys = [[{"text": label, "callback_data": token}] for token, label in each.buttons]
        body = {"chat_id": each.chat, "text": each.text, "reply_markup": {"inline_keyboard": keys}}
        async with session.post(url, json=body) as answer:
            answer.raise_for_status()


@contextmanager
def telegram(people: int) -> Iterator[Platform]:
    """A Bot API server; so many people have started the bot."""
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(there, people), daemon=True)
    server.start()
    token, url, chats = here.recv()
    yield Platform(token, url, chats, here)
    here.send(None)
    server.join(timeout=10)


def _serve(pipe: Connection, people: int) -> None:
    asyncio.run(_stand(pipe, people))


async def _stand(pipe: Connection, people: int) -> None:
    async with TelegramServer(clock=ShiftedClock()) as server:
        server.keeps_requests = False
        users = [server.user(f"Person{number}", language="en") for number in range(people)]
        for user in users:
            user.starts()
        server.updates.forget_all()
        pipe.send((server.token, server.url, [user.id for user in users]))
        while (wanted := await asyncio.to_thread(pipe.recv)) is not None:
            pipe.send(await _hear(server, users, *wanted))


async def _hear(server: TelegramServer, users: list[User], text: str, rate: float, last: int | None) -> Heard:
    said, answered, users = dict[Any, float](), dict[Any, float](), users[-last:] if last else users

    def appears(message: Shown) -> None:
        if message.from_bot and message.chat.id in said:
            answered.setdefault(message.chat.id, time.perf_counter())

    server.listeners.append(appears)
    began = time.perf_counter()
    for number, user in enumerate(users):
        if rate:
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        said[user.chat.id] = time.perf_counter()
        user.says(text)
    async with asyncio.timeout(120):
        while len(answered) < len(users):  # noqa: ASYNC110 - the listener's notes are looked at
            await asyncio.sleep(0.002)
    server.listeners.remove(appears)
    waits = [answered[chat] - at for chat, at in said.items()]
    return Heard(len(users) / (max(answered.values()) - began), statistics.median(waits))
