"""Every way to go wrong, as the library tells it; and whether the message arrived nevertheless."""

from __future__ import annotations

import httpx
import pytest
from telegram import Bot
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.telegram_server import Fault, Kind, TelegramServer, User, bot_for

SEND = "sendMessage"
FAULTS: list[tuple[Fault, type[TelegramError], str, bool]] = [
    (Fault(SEND, Kind.TOO_MANY, retry_after=7), RetryAfter, "Retry in 0:00:07", False),
    (Fault(SEND, Kind.TOO_MANY_HTML), NetworkError, "Too Many Requests", False),
    (Fault(SEND, Kind.SERVER_ERROR, status=500), NetworkError, "Internal Server Error", False),
    (Fault(SEND, Kind.SERVER_ERROR, status=502, html=True), NetworkError, "Bad Gateway", False),
    (Fault(SEND, Kind.SERVER_ERROR, status=504, delivered=True), NetworkError, "Gateway Timeout", True),
    (Fault(SEND, Kind.RESET_BEFORE), NetworkError, "ReadError", False),
    (Fault(SEND, Kind.RESET_AFTER), NetworkError, "ReadError", True),
    (Fault(SEND, Kind.UNAUTHORIZED), InvalidToken, "Unauthorized", False),
    (Fault(SEND, Kind.NOT_FOUND), InvalidToken, "Not Found", False),
    (Fault(SEND, Kind.CONFLICT), Conflict, "terminated by other getUpdates", False),
    (Fault(SEND, Kind.FORBIDDEN), Forbidden, "blocked by the user", False),
    (Fault(SEND, Kind.BAD_REQUEST, description="Bad Request: so"), BadRequest, "(?i)^so$", False),
    (Fault(SEND, Kind.GARBAGE), TelegramError, "Invalid server response", True),
]


@pytest.mark.parametrize(
    ("fault", "error", "words", "arrives"), FAULTS, ids=[f"{each[0].kind.name}-{each[0].status}" for each in FAULTS]
)
async def test_a_fault_is_the_librarys_own_error(
    server: TelegramServer,
    bot: Bot,
    lina: User,
    fault: Fault,
    error: type[TelegramError],
    words: str,
    arrives: bool,
) -> None:
    server.faults.add(fault)
    with pytest.raises(error, match=words) as raised:
        await bot.send_message(lina.id, "Hello")
    assert type(raised.value) is error
    assert lina.heard() == (["Hello"] if arrives else [])
    await bot.send_message(lina.id, "Once more")
    assert lina.heard() == ["Once more"]


async def test_a_slow_answer_times_out_though_the_message_arrived(server: TelegramServer, bot: Bot, lina: User) -> None:
    server.faults.add(Fault(SEND, Kind.SLOW, seconds=0.2))
    with pytest.raises(TimedOut) as raised:
        await bot.send_message(lina.id, "Hello", read_timeout=0.05)
    assert isinstance(raised.value.__cause__, httpx.ReadTimeout)
    assert lina.heard() == ["Hello"]
    await server.quiet(0.01)


async def test_a_server_that_is_down_cannot_have_got_it(lina: User) -> None:
    server = TelegramServer()
    async with server, bot_for(server) as bot:
        await server.__aexit__(None, None, None)
        with pytest.raises(NetworkError) as raised:
            await bot.send_message(lina.id, "Hello")
    assert isinstance(raised.value.__cause__, httpx.ConnectError)


async def test_a_fault_may_concern_one_chat_come_later_and_more_than_once(
    server: TelegramServer, bot: Bot, lina: User
) -> None:
    paul = server.user("Paul")
    paul.says("Hi")
    server.faults.add(Fault("*", Kind.FORBIDDEN, times=2, chat=paul.id, after=1))
    results = []
    for person in (lina, paul, paul, lina, paul, paul):
        try:
            await bot.send_message(person.id, "Hello")
            results.append("sent")
        except Forbidden:
            results.append("refused")
    assert results == ["sent", "sent", "refused", "sent", "refused", "sent"]
    assert server.faults.happened == [(SEND, Kind.FORBIDDEN)] * 2


async def test_batches_come_twice_and_backwards(server: TelegramServer, bot: Bot, lina: User) -> None:
    numbers = [lina.says(text).id for text in "ab"]
    server.faults.add(Fault("getUpdates", Kind.DUPLICATE))
    server.faults.add(Fault("getUpdates", Kind.REORDER))
    first, second = numbers
    for expected in ([first, first, second, second], [second, first], [first, second]):
        updates = await bot.get_updates()
        assert [update.message.message_id for update in updates if update.message] == expected


async def test_chance_is_the_same_for_the_same_seed(server: TelegramServer, bot: Bot, lina: User) -> None:
    async def happens() -> list[str]:
        server.faults.happened.clear()
        server.faults.by_chance(5, {Kind.SERVER_ERROR: 0.3, Kind.FORBIDDEN: 0.2})
        for _ in range(20):
            await _send(bot, lina)
        return [kind.name for _, kind in server.faults.happened]

    first = await happens()
    assert set(first) == {"SERVER_ERROR", "FORBIDDEN"}
    assert await happens() == first
    server.faults.clear()
    await bot.send_message(lina.id, "All is well")


async def _send(bot: Bot, lina: User) -> None:
    try:
        await bot.send_message(lina.id, "Hello")
    except (NetworkError, Forbidden):
        return


async def test_a_download_can_fail_too(server: TelegramServer, bot: Bot, lina: User) -> None:
    lina.sends_photo(b"picture")
    [update] = await bot.get_updates()
    assert update.message is not None
    server.faults.add(Fault("file", Kind.SERVER_ERROR))
    file = await update.message.photo[-1].get_file()
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await file.download_as_bytearray()
    assert await file.download_as_bytearray() == b"picture"
