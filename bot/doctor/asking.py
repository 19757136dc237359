"""Telegram's Bot API, asked politely: a few seconds, no updates taken, no token in any message."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram.transport import Transport
from bot.config.tables import Telegram
from bot.i18n import _, say

SECONDS = 8.0


class TelegramSilent(Exception):
    """Telegram did not answer, or refused. `refused` says that it does not know the token."""

    def __init__(self, message: str, *, refused: bool = False) -> None:
        super().__init__(message)
        self.refused = refused


def secret(telegram: Telegram) -> str:
    """The token itself, for the library only."""
    return telegram.token.get_secret_value() if telegram.token else ""


@asynccontextmanager
async def calling(telegram: Telegram) -> AsyncIterator[Bot]:
    """A bot that has said who it is.

    Raises:
        TelegramSilent: in one line, without the token, which the library's own errors may hold.
    """
    place = telegram.api_url.partition("://")[2]
    calls, unused = Transport(SECONDS), Transport(SECONDS)
    try:
        bot = Bot(secret(telegram), base_url=f"{telegram.api_url}/bot", request=calls, get_updates_request=unused)
        await bot.initialize()
        yield bot
    except InvalidToken:
        raise TelegramSilent(say(_("{place} does not know it"), place=place), refused=True) from None
    except (TelegramError, KeyError, TypeError, ValueError) as problem:  # the last three: an answer that is not one
        raise TelegramSilent(
            say(_("{place} does not answer ({kind})"), place=place, kind=type(problem).__name__)
        ) from None
    finally:
        await calls.shutdown()
        await unused.shutdown()
