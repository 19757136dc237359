"""The server a test starts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.clock import Clock
from tests.telegram_server.door import Door
from tests.telegram_server.faults import Faults
from tests.telegram_server.limits import Limits, Pace, TooEarly
from tests.telegram_server.reading import Reading
from tests.telegram_server.requests import Request
from tests.telegram_server.validation import Validation
from tests.telegram_server.webhook import Webhook
from tests.telegram_server.world import World

LARGEST_UPLOAD = 50 * 1024 * 1024
HOST = "127.0.0.1"


class TelegramServer(World):
    """A Bot API for one bot on loopback, and the world behind it. `async with server:` starts it."""

    def __init__(
        self,
        token: str = "1234567:TEST-token",
        *,
        username: str = "compagnon_test_bot",
        limits: Limits | None = None,
        port: int = 0,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(token, username, clock)
        self.port = port
        self.faults = Faults()
        self.pace = Pace(limits or Limits(on=False))
        self.validation = Validation()
        self.reading = Reading(self.updates, self.date)
        self.requests: list[Request] = []
        self.keeps_requests = True
        """Off for benchmarks."""
        self.closing = False
        """Whether it is going down: who still waits for an answer loses the connection."""
        self._in_flight = 0
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """What `[telegram] api_url` gets; python-telegram-bot wants it with "/bot" and "/file/bot"."""
        return f"http://{HOST}:{self.port}"

    @property
    def webhook(self) -> Webhook:
        return self.reading.webhook

    @property
    def violations(self) -> list[str]:
        """The requests no bot should make; a test ends by finding it empty."""
        return self.validation.violations

    @property
    def validated(self) -> Counter[str]:
        return self.validation.validated

    @property
    def too_early(self) -> list[TooEarly]:
        return self.pace.too_early

    async def __aenter__(self) -> Self:
        self.closing = False
        app = web.Application(client_max_size=LARGEST_UPLOAD)
        app.router.add_route("*", "/{path:.*}", Door(self).comes)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing = True
        self.updates.end_poll()
        await self.webhook.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    def arrived(self, request: Request) -> None:
        """The door has let a request in."""
        if self.keeps_requests:
            self.requests.append(request)
        if request.method != "getUpdates":
            self._in_flight += 1
            self.bell.ring()

    def left(self, request: Request) -> None:
        """It was played."""
        if request.method != "getUpdates":
            self._in_flight -= 1
            self.bell.ring()

    def sent(self, method: str) -> list[Request]:
        """The requests for one method."""
        return [request for request in self.requests if request.method == method]

    async def until(self, true: Callable[[], bool], seconds: float = 10) -> None:
        """Waits for a condition, looked at whenever something happens, and often, as it may be about the bot."""
        if not await self.bell.until(true, seconds, every=0.02):
            raise TimeoutError(f"waited {seconds} s; so far:\n{self.transcript()}")

    async def quiet(self, seconds: float = 0.3, within: float = 10) -> None:
        """Waits until the bot has taken all updates and then asked for nothing for so many seconds."""
        end = time.monotonic() + within
        while (left := self.bell.rang_at + seconds - time.monotonic()) > 0 or self._busy:
            if time.monotonic() > end:
                raise TimeoutError(f"not quiet within {within} s; so far:\n{self.transcript()}")
            await self.bell.rung(left if left > 0 else end - time.monotonic())

    @property
    def _busy(self) -> bool:
        wanted = self.updates.wanted or self.webhook.url
        return self._in_flight > 0 or bool(wanted and self.updates.pending)
