"""Reading what comes back from Telegram, or from whoever sits in between: errors that tell what became of a call."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import aiohttp
from telegram.error import BadRequest, NetworkError, TelegramError

from bot.channels.http import read_bounded

LARGEST = 20 * 1024 * 1024
"""Bytes of an answer: what a bot may download (core.telegram.org/bots/api#getfile). Updates are far smaller."""
UNTOLD = timedelta(seconds=5)
"""How long to wait after a 429 that does not say how long."""


class NotReached(NetworkError):
    """No connection came about: the call was certainly not made."""


class Unanswered(NetworkError):
    """The call may have been made, or not: it broke off, or its answer makes no sense."""


class TooFast(TelegramError):
    """Telegram says to wait."""

    __slots__ = ("wait",)

    def __init__(self, wait: timedelta) -> None:
        super().__init__("too fast")
        self.wait = wait


class TooLarge(TelegramError):
    """An answer larger than any we ask for."""


async def bounded(reply: aiohttp.ClientResponse) -> bytes:
    """The whole answer.

    Raises:
        TooLarge: it is longer than `LARGEST`.
    """
    return await read_bounded(reply, LARGEST, TooLarge)


def accepted(status: int, retry_after: str, payload: bytes) -> tuple[int, bytes]:
    """An answer that the library knows how to read; what it would misread is raised here.

    Raises:
        NotReached: somebody between us and Telegram answered, such as the sign-in page of a hotel.
    """
    if status >= 500 and status != 511:
        raise Unanswered(f"status {status}")
    if 300 <= status < 400 or status in {407, 511}:
        raise NotReached(f"status {status}")
    if status == 413:
        raise BadRequest("request entity too large")
    wait = told_to_wait(retry_after, payload) if status >= 400 else None
    if wait is not None or status == 429:
        raise TooFast(wait or UNTOLD)
    return status, payload


def told_to_wait(retry_after: str, payload: bytes) -> timedelta | None:
    """How long Telegram says to wait, exactly; None where it says nothing that could be meant."""
    read = loads(payload)
    told = read.get("parameters") if isinstance(read, dict) else None
    seconds = told.get("retry_after") if isinstance(told, dict) else None
    if seconds is None and retry_after.isdecimal() and len(retry_after) < 7:
        seconds = int(retry_after)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < 1_000_000:
        return None
    return timedelta(seconds=seconds)


def loads(payload: bytes) -> Any:
    """JSON as a database can keep it (no NaN); None where it is none."""
    try:
        return json.loads(payload.decode("utf-8", "replace"), parse_constant=lambda _name: None)
    except (ValueError, RecursionError):
        return None
