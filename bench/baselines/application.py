"""python-telegram-bot's own way to hold a conversation: ConversationHandler, whose time-outs are jobs of its JobQueue."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Update
from telegram.ext import Application, BaseHandler, ContextTypes, ConversationHandler, MessageHandler, filters

from bench.baselines.bare_telegram import polling

ASKED = 1


@asynccontextmanager
async def conversation(token: str, url: str) -> AsyncIterator[None]:
    """Asks again and again, and forgets whoever is silent for a day. All of it in memory: a restart loses it."""
    app = Application.builder().token(token).base_url(f"{url}/bot").build()
    words: BaseHandler[Update, ContextTypes.DEFAULT_TYPE, object] = MessageHandler(filters.TEXT, _ask)
    day = 24 * 3600
    app.add_handler(ConversationHandler([words], {ASKED: [words]}, [], conversation_timeout=day, allow_reentry=True))
    async with polling(app):
        yield


async def _ask(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> int:
    if update.message is not None:
        await update.message.reply_text("How was your week?")
    return ASKED
