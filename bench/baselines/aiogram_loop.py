"""aiogram, sixteen messages at once: `python -m bench.baselines.aiogram_loop TOKEN URL`, prompts on stdin; says the seconds."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

AT_ONCE = 16


async def main(token: str, url: str) -> None:
    prompts = json.load(sys.stdin)
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    async with Bot(token, session=session) as bot:
        await bot.get_me()
        began, left = time.perf_counter(), iter(prompts)
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(_send(bot, left))
        print(json.dumps(time.perf_counter() - began))


async def _send(bot: Bot, prompts: Iterator[Any]) -> None:
    for chat, text, buttons in prompts:
        keys = [[InlineKeyboardButton(text=label, callback_data=token)] for token, label in buttons]
        await bot.send_message(chat, text, reply_markup=InlineKeyboardMarkup(inline_keyboard=keys) if keys else None)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
