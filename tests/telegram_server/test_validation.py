"""Each bad request is refused and remembered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import ClientSession, FormData
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest

from tests.telegram_server import TelegramServer, User, bot_for
from tests.telegram_server.bad_requests import RULES, TYPES


async def asks(server: TelegramServer, method: str, parameters: dict[str, Any], *, form: bool = False) -> Any:
    """The answer to a request no library would make."""
    address = f"/bot{server.token}/{method}"
    values = {name: value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()}
    async with ClientSession(server.url) as session:
        sent = session.post(address, data=FormData(values)) if form else session.post(address, json=parameters)
        async with sent as answer:
            return await answer.json()


@pytest.mark.parametrize("form", [True, False], ids=["form", "json"])
@pytest.mark.parametrize(("method", "parameters", "what", "words"), RULES, ids=[f"{a[0]}-{a[2]:.40}" for a in RULES])
async def test_a_broken_rule_is_refused(
    server: TelegramServer, lina: User, method: str, parameters: dict[str, Any], what: str, words: str, form: bool
) -> None:
    answer = await asks(server, method, parameters, form=form)
    assert answer["ok"] is False
    assert answer["description"] == words or not words
    assert server.violations == [f"{method}: {what}"]
    assert lina.chat.messages == []


@pytest.mark.parametrize(("method", "parameters", "what", "words"), TYPES, ids=[f"{a[0]}-{a[2]:.40}" for a in TYPES])
async def test_a_wrong_type_is_refused_by_the_table(
    server: TelegramServer, lina: User, method: str, parameters: dict[str, Any], what: str, words: str
) -> None:
    answer = await asks(server, method, parameters)
    assert answer["error_code"] == 400
    assert [violation[: len(method) + 2 + len(what)] for violation in server.violations] == [f"{method}: {what}"]


async def test_what_the_library_sends_passes_and_is_counted(server: TelegramServer, lina: User) -> None:
    async with bot_for(server) as bot:
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("1", callback_data="1")], []])
        await bot.send_message(lina.id, "12345", reply_markup=keyboard, link_preview_options=LinkPreviewOptions(True))
        await bot.send_message(lina.id, f"<b>{'x' * 4096}</b>", "HTML")
        await bot.send_photo(lina.id, b"picture", caption="[1]", reply_markup=keyboard)
        await bot.get_updates(allowed_updates=["message"], timeout=0)
        await bot.answer_callback_query(lina.presses("1"), text="5")
    assert server.violations == []
    assert [shown.text for shown in lina.chat.messages] == ["12345", "x" * 4096, "[1]"]
    assert server.validated == {
        "getMe": 1,
        "sendMessage": 2,
        "sendPhoto": 1,
        "getUpdates": 1,
        "answerCallbackQuery": 1,
    }


async def test_what_the_library_adds_on_request_is_refused(server: TelegramServer, bot: Bot, lina: User) -> None:
    with pytest.raises(BadRequest, match="Unknown parameter"):
        await bot.send_message(lina.id, "Hello", api_kwargs={"colour": "red"})
    assert server.violations == ['sendMessage: unknown parameter "colour"']
