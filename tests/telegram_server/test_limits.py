"""What is too much is refused with the seconds to wait, and who does not wait is noticed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import RetryAfter

from tests.telegram_server import Fault, Kind, Limits, TelegramServer, User, bot_for


class Watch:
    """A clock that only a test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def server(watch: Watch) -> AsyncIterator[TelegramServer]:
    async with TelegramServer(limits=Limits(bot_per_second=2, bot_burst=4, chat_burst=2, now=watch)) as server:
        yield server


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    async with bot_for(server) as bot:
        yield bot


async def refused(bot: Bot, person: User) -> int:
    """How long to wait, 0 if it was sent."""
    try:
        await bot.send_message(person.id, "Hello")
    except RetryAfter as error:
        return seconds(error.retry_after)
    return 0


def seconds(told: int | timedelta) -> int:
    return round(told.total_seconds()) if isinstance(told, timedelta) else told


async def test_a_chat_takes_a_burst_and_then_one_a_second(
    server: TelegramServer, bot: Bot, lina: User, watch: Watch
) -> None:
    assert [await refused(bot, lina) for _ in range(3)] == [0, 0, 1]
    watch.seconds += 1
    assert await refused(bot, lina) == 0
    assert server.too_early == []


async def test_who_does_not_wait_is_noticed(server: TelegramServer, bot: Bot, lina: User, watch: Watch) -> None:
    for _ in range(3):
        await refused(bot, lina)
    watch.seconds += 0.25
    assert await refused(bot, lina) == 1
    assert [(early.method, early.chat, early.seconds) for early in server.too_early] == [("sendMessage", lina.id, 0.75)]


async def test_the_whole_bot_has_a_limit(server: TelegramServer, bot: Bot) -> None:
    people = [server.user(name) for name in "abcde"]
    for person in people:
        person.says("Hi")
    assert [await refused(bot, person) for person in people] == [0, 0, 0, 0, 1]
    await refused(bot, people[0])
    assert [early.chat for early in server.too_early] == [None]


async def test_a_planned_429_is_a_promise_too(server: TelegramServer, bot: Bot, lina: User, watch: Watch) -> None:
    server.faults.add(Fault("sendMessage", Kind.TOO_MANY, retry_after=30))
    assert await refused(bot, lina) == 30
    watch.seconds += 29
    await refused(bot, lina)
    assert [early.seconds for early in server.too_early] == [1]


async def test_without_limits_nothing_is_too_much(lina: User) -> None:
    async with TelegramServer() as server, bot_for(server) as bot:
        paul = server.user("Paul")
        paul.says("Hi")
        assert [await refused(bot, paul) for _ in range(40)] == [0] * 40
