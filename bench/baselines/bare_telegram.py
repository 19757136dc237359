"""python-telegram-bot as its tutorial uses it: a loop that sends, and a bot that says what it heard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.channels.telegram.transport import Transport

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True)
class Prompt:
    """What Sunday sends to one chat: the words, and the buttons below them."""

    chat: int
    text: str
    buttons: tuple[tuple[str, str], ...]
    """What is sent back, and the label."""


async def send(bot: Bot, prompt: Prompt) -> None:
    keys = [[InlineKeyboardButton(label, callback_data=token)] for token, label in prompt.buttons]
    await bot.send_message(prompt.chat, prompt.text, reply_markup=InlineKeyboardMarkup(keys) if keys else None)


async def send_all(bot: Bot, prompts: list[Prompt]) -> None:
    """One after the other."""
    for prompt in prompts:
        await send(bot, prompt)


@asynccontextmanager
async def bare_bot(token: str, url: str) -> AsyncIterator[Bot]:
    """On the transport that we use, so that it is not what is compared."""
    async with Bot(token, base_url=f"{url}/bot", request=Transport()) as bot:
        yield bot


@asynccontextmanager
async def echo(token: str, url: str) -> AsyncIterator[None]:
    """Says what it heard, on the library's own transport; stores nothing."""
    app = Application.builder().token(token).base_url(f"{url}/bot").build()
    app.add_handler(MessageHandler(filters.TEXT, _say_it_again))
    async with polling(app):
        yield


@asynccontextmanager
async def polling(app: AnyApplication) -> AsyncIterator[None]:
    """A bot at work, as the library's `run_polling` has it, beside others in one loop."""
    async with app:
        await app.start()
        assert app.updater is not None
        await app.updater.start_polling()
        yield
        await app.updater.stop()
        await app.stop()


async def _say_it_again(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message is not None and update.message.text is not None:
        await update.message.reply_text(update.message.text)
