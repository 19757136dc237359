"""Telegram calling us instead: behind a reverse proxy with a certificate. 200 only when the update is on disk.

A call with any other answer is made again by Telegram, so nothing is lost; the same update twice is told apart by its
key, so nothing is handled twice either.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.arrival import Alarm, Receive, Telling
from bot.channels.telegram.answers import TooFast
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.outcomes import refuses_token
from bot.channels.telegram.reading import READ
from bot.channels.telegram.receipt import Receipt

log = structlog.get_logger()
LARGEST = 1024 * 1024
"""Bytes of a call; an update has a few thousand."""
CONNECTIONS = 8
"""So many calls Telegram makes at once: they all end at one database writer."""
HEADER = "x-telegram-bot-api-secret-token"


class Refused(Exception):
    """A call that is not taken in. `status` is the whole answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def webhook_route(receipt: Receipt, secret: str, path: str) -> Route:
    """Where Telegram calls. Until `receipt` is open the answer is 503, and Telegram comes back."""

    async def called(request: Request) -> Response:
        try:
            update = await read_call(request, secret)
        except Refused as refused:
            return Response(status_code=refused.status)
        if not receipt.is_open:
            return Response(status_code=503)
        try:
            await receipt.take([update])
        except Exception:  # the disk is full, the database locked
            log.exception("updates not stored", channel=receipt.channel.name)
            return Response(status_code=503)
        return Response(status_code=200)

    return Route(path, called, methods=["POST"])


async def read_call(request: Request, secret: str) -> Any:
    """The update in a call.

    Raises:
        Refused: 403 for whoever does not know the secret, 413 for too much, 400 for what is no JSON.
    """
    shown = request.headers.get(HEADER, "")
    if not secret or not hmac.compare_digest(shown.encode(), secret.encode()):
        raise Refused(403)
    told = request.headers.get("content-length", "0")
    if not told.isdecimal() or len(told) > 9 or int(told) > LARGEST:
        raise Refused(413)
    kept = bytearray()
    try:
        async for chunk in request.stream():
            kept += chunk
            if len(kept) > LARGEST:
                raise Refused(413)
        return json.loads(kept, parse_constant=lambda _name: None)
    except (ValueError, RecursionError, ClientDisconnect):
        raise Refused(400) from None


async def set_webhook(channel: TelegramChannel, url: str, secret: str) -> None:
    """Have Telegram call us there. What waits is kept.

    Raises:
        TelegramError: it did not work.
    """
    await channel.bot.set_webhook(
        url, secret_token=secret, allowed_updates=list(READ), max_connections=CONNECTIONS, drop_pending_updates=False
    )


class Webhook:
    """Keeps the webhook set, and what is done on arrival going. `every`, `pause` and `soon` are seconds.

    `quiet` is told once, when Telegram has nothing left that waited: until then it is asked again `soon`.
    """

    def __init__(
        self, channel: TelegramChannel, receive: Receive, alarm: Alarm, *, url: str, secret: str,
        every: float = 60.0, pause: float = 30.0, soon: float = 2.0, quiet: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        self.channel, self.receipt, self._telling = channel, Receipt(channel, receive), Telling(alarm, channel.name)
        self.url, self._secret, self.every, self.pause, self.soon = url, secret, every, pause, soon
        self._quiet = quiet
        self._set, self._failed_at = False, datetime.min.replace(tzinfo=UTC)
        self.last_poll: float | None = None
        """When Telegram last said that its calls get through, on the event loop's clock; for `/healthz`."""

    def route(self, path: str) -> Route:
        """The route to mount."""
        return webhook_route(self.receipt, self._secret, path)

    async def run(self) -> None:
        """For ever: set it at the start, because nobody can see which secret is set, and again if it is lost."""
        async with self.receipt.open():
            while True:
                pause = await self._round()
                await asyncio.sleep(pause)

    async def _round(self) -> float:
        try:
            if not self._set:
                await set_webhook(self.channel, self.url, self._secret)
                self._set = True
            problem = await self._look()
        except TooFast as told:
            return told.wait.total_seconds()
        except Exception as failure:  # whatever it is, looking goes on
            self.channel.noted(failure)
            log.warning("webhook not looked at", channel="telegram", state=type(failure).__name__)
            if refuses_token(failure):
                await self._telling.tell("token")
            return self.pause
        self.channel.trouble = None
        await self._telling.tell(problem)
        if problem is None:
            return self.every if self._quiet is None else self.soon
        return self.pause

    async def _look(self) -> str | None:
        """What is wrong: `conflict` where somebody set another one or polls, `webhook` where calls do not get through."""
        info, before = await self.channel.bot.get_webhook_info(), self._failed_at
        if info.url != self.url or set(info.allowed_updates or ()) != set(READ):
            self._set = False
            return "conflict"
        failed, self._failed_at = info.last_error_date, info.last_error_date or self._failed_at
        if info.pending_update_count and failed is not None and failed != before:
            return "webhook"
        self.last_poll = asyncio.get_running_loop().time()
        if self._quiet is not None and not info.pending_update_count:
            self._quiet()
            self._quiet = None
        return None
