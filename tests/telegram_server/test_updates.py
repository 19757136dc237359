"""getUpdates: what is confirmed is gone for ever, what is not comes again."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Bot
from telegram.error import Conflict, NetworkError
from telegram.warnings import PTBUserWarning

from tests.telegram_server import TelegramServer, User, bot_for


async def texts(bot: Bot, offset: int | None = None, limit: int | None = None) -> list[str | None]:
    updates = await bot.get_updates(offset=offset, limit=limit)
    return [update.message.text if update.message else None for update in updates]


async def test_an_update_stays_until_it_is_confirmed(server: TelegramServer, bot: Bot, lina: User) -> None:
    lina.says("one")
    lina.says("two")
    assert await texts(bot) == ["one", "two"]
    assert await texts(bot) == ["one", "two"]
    [first, _] = server.updates.pending
    assert await texts(bot, offset=first["update_id"] + 1) == ["two"]
    assert await texts(bot) == ["two"]


async def test_limit_cuts_the_batch(bot: Bot, lina: User) -> None:
    for text in "abc":
        lina.says(text)
    assert await texts(bot, limit=2) == ["a", "b"]


async def test_a_negative_offset_counts_from_the_end_and_forgets_the_rest(bot: Bot, lina: User) -> None:
    for text in "abc":
        lina.says(text)
    assert await texts(bot, offset=-2) == ["b", "c"]
    assert await texts(bot) == ["b", "c"]


async def test_a_poll_waits_for_what_comes(bot: Bot, lina: User) -> None:
    poll = asyncio.ensure_future(bot.get_updates(timeout=30))
    await asyncio.sleep(0.1)
    lina.says("now")
    [update] = await poll
    assert update.message is not None
    assert update.message.text == "now"


async def test_a_poll_ends_empty(bot: Bot) -> None:
    assert await bot.get_updates(timeout=0) == ()


async def test_a_second_poll_ends_the_first(server: TelegramServer, bot: Bot, lina: User) -> None:
    first = asyncio.ensure_future(bot.get_updates(timeout=30))
    await server.until(lambda: server.updates.wanted)
    async with bot_for(server) as other:
        second = asyncio.ensure_future(other.get_updates(timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        lina.says("for the second")
        assert len(await second) == 1


async def test_there_is_no_polling_beside_a_webhook(bot: Bot) -> None:
    await bot.set_webhook("https://compagnon.example.org/telegram")
    with pytest.raises(Conflict, match="while webhook is active"):
        await bot.get_updates()


async def test_a_webhook_ends_the_poll(server: TelegramServer, bot: Bot) -> None:
    poll = asyncio.ensure_future(bot.get_updates(timeout=30))
    await server.until(lambda: server.updates.wanted)
    await bot.set_webhook("https://compagnon.example.org/telegram")
    with pytest.raises(Conflict, match="terminated by setWebhook"):
        await poll


async def test_allowed_updates_are_remembered(bot: Bot, lina: User) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    lina.says("not wanted")
    assert await texts(bot) == []
    await bot.get_updates(allowed_updates=[])
    lina.says("wanted")
    assert await texts(bot) == ["wanted"]


async def test_numbers_that_restart_lower_are_still_heard(server: TelegramServer, bot: Bot, lina: User) -> None:
    lina.says("before")
    [update] = await bot.get_updates()
    await bot.get_updates(offset=update.update_id + 1)
    server.updates.restart(at=100)
    lina.says("after a quiet week")
    [update] = await bot.get_updates(offset=update.update_id + 1)
    assert update.update_id == 100


async def test_an_update_can_come_again(server: TelegramServer, bot: Bot, lina: User) -> None:
    lina.says("one")
    [update] = await bot.get_updates()
    await bot.get_updates(offset=update.update_id + 1)
    server.again(update.update_id)
    [same] = await bot.get_updates()
    assert same == update


async def test_a_malformed_update_comes_as_it_is(server: TelegramServer, bot: Bot) -> None:
    number = server.push({"message": {"chat": "nowhere"}})
    with pytest.warns(PTBUserWarning, match="instead of"):
        raw = await bot.do_api_request("getUpdates")
    assert raw == [{"update_id": number, "message": {"chat": "nowhere"}}]


async def test_a_poll_breaks_when_the_server_goes_down() -> None:
    server = TelegramServer()
    async with server:
        bot = bot_for(server)
        poll = asyncio.ensure_future(bot.get_updates(timeout=30))
        await server.until(lambda: server.updates.wanted)
    with pytest.raises(NetworkError, match=r"ReadError|RemoteProtocolError"):
        await poll
    await bot.shutdown()


async def test_the_server_comes_back_on_its_port_with_what_it_had(lina: User) -> None:
    server = TelegramServer()
    async with server:
        paul = server.user("Paul")
        paul.says("before the break")
        port = server.port
    async with server, bot_for(server) as bot:
        assert server.port == port
        assert await texts(bot) == ["before the break"]
