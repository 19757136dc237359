"""The bot's public name, which deep links need: kept in the database, asked of Telegram where it is not."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.config.tables import Telegram
from bot.doctor.asking import bot_id, calling
from bot.store.db import Database, Tx
from bot.store.records import keep_setting, setting

SETTING = "telegram_username"


def known(rows: Session, telegram: Telegram) -> str | None:
    """The name that was kept, unless it is that of another bot: the token may have changed."""
    kept = setting(rows, SETTING) or {}
    if str(kept.get("bot", bot_id(telegram))) != bot_id(telegram):
        return None
    name = kept.get("username")
    return str(name) if name else None


def keep(tx: Tx, telegram: Telegram, name: str) -> None:
    keep_setting(tx.rows, SETTING, {"username": name, "bot": bot_id(telegram)})


async def username(db: Database, telegram: Telegram) -> str:
    """The name, kept or asked.

    Raises:
        TelegramSilent: it is not known, and Telegram does not say.
    """
    name = db.run(lambda tx: known(tx.rows, telegram))
    if name is None:
        async with calling(telegram) as bot:
            name = bot.username
        db.run(keep, telegram, name)
    return name
