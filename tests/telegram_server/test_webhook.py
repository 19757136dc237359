"""Updates brought to the bot's door: in order, with the secret, until they are taken."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from telegram import Bot

from tests.telegram_server import TelegramServer, User
from tests.telegram_server.webhook import HEADER


class Ear:
    """A bot's address, which refuses as often as it is told."""

    def __init__(self) -> None:
        self.refuses = 0
        self.heard: list[tuple[str, str | None]] = []
        self.url = ""

    async def comes(self, request: web.Request) -> web.Response:
        if self.refuses:
            self.refuses -= 1
            return web.Response(status=500)
        update = await request.json()
        self.heard.append((update["message"]["text"], request.headers.get(HEADER)))
        return web.Response()


@pytest.fixture
async def ear() -> AsyncIterator[Ear]:
    ear = Ear()
    app = web.Application()
    app.router.add_post("/telegram", ear.comes)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    ear.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    yield ear
    await runner.cleanup()


async def test_updates_come_in_order_with_the_secret(server: TelegramServer, bot: Bot, lina: User, ear: Ear) -> None:
    lina.says("before")
    await bot.set_webhook(ear.url, secret_token="S-1", max_connections=1)
    lina.says("after")
    await server.quiet(0.01)
    assert ear.heard == [("before", "S-1"), ("after", "S-1")]
    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_what_is_not_taken_comes_again(server: TelegramServer, bot: Bot, lina: User, ear: Ear) -> None:
    server.webhook.pauses = [0.01]
    ear.refuses = 3
    await bot.set_webhook(ear.url)
    lina.says("one")
    lina.says("two")
    await server.quiet(0.01)
    assert ear.heard == [("one", None), ("two", None)]
    assert server.webhook.attempts == 5
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
    assert server.webhook.last_error_date > 0


async def test_without_the_webhook_polling_goes_on(bot: Bot, lina: User, ear: Ear) -> None:
    await bot.set_webhook(ear.url)
    await bot.delete_webhook()
    lina.says("to the poll")
    assert len(await bot.get_updates()) == 1
    lina.says("dropped")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()
    assert ear.heard == []
