"""Calls to the homeserver, each made once: errors tell what became of it. matrix-nio's own would sleep and try again.

No error names an address or what was said: paths hold ids of people, answers hold their words.
"""

from __future__ import annotations

import json
import math
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import aiohttp

from bot.channels.http import NOT_REACHED, Pool, proxy_for, read_bounded

CONNECT = 8.0
"""Seconds until a connection stands."""
ANSWER = 20.0
"""Seconds until the homeserver answers, where the call names none."""
LARGEST = 64 * 1024 * 1024
"""Bytes of an answer: the state of a thousand rooms."""
UNTOLD = timedelta(seconds=5)
"""How long to wait after a 429 that does not say how long."""
LONGEST_WAIT = timedelta(hours=1)
CLIENT = "/_matrix/client/v3"


class CallError(Exception):
    """A call did not do what it was to."""


class NotReached(CallError):
    """No connection came about: the call was certainly not made."""


class Unanswered(CallError):
    """The call may have been made, or not: it broke off, the server failed, or its answer makes no sense."""


class TooLarge(Unanswered):
    """Its answer is longer than any that is wanted."""


class TooFast(CallError):
    """The homeserver says to wait."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("too fast")
        self.wait = wait


class Refused(CallError):
    """The homeserver will not. `code` is Matrix's word for it, such as `M_FORBIDDEN`."""

    def __init__(self, status: int, code: str, answer: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.answer = status, code, answer


class Homeserver:
    """One homeserver, spoken to as one device. It shows its token nowhere."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url, self.token = url.rstrip("/"), token
        self._pool = Pool()

    async def close(self) -> None:
        """Close the connections; a call after that opens new ones."""
        await self._pool.close()

    async def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None,
        *, query: Mapping[str, str] | None = None, answer: float = ANSWER,
    ) -> dict[str, Any]:  # fmt: skip
        """Make a call. `path` begins after `/_matrix/client/v3`, its parts as `part` writes them.

        Raises:
            NotReached, Unanswered, TooFast, Refused: it did not work.
        """
        limits = aiohttp.ClientTimeout(total=CONNECT + answer, connect=CONNECT, sock_read=answer)
        async with self.request(method, f"{CLIENT}{path}", limits, json=body, params=query) as reply:
            return accepted(reply.status, await bounded(reply))

    @asynccontextmanager
    async def request(
        self, method: str, path: str, limits: aiohttp.ClientTimeout, *, headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> AsyncIterator[aiohttp.ClientResponse]:  # fmt: skip
        """Make any call; its answer is read while this lasts.

        Raises:
            NotReached, Unanswered: it broke off, or the reading of its answer did.
        """
        shown = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            async with self._pool.session.request(
                method, f"{self.url}{path}", headers=shown | dict(headers or {}), timeout=limits,
                allow_redirects=False, **proxy_for(self.url), **more,
            ) as reply:  # fmt: skip
                yield reply
        except NOT_REACHED as problem:
            raise NotReached(type(problem).__name__) from None
        except (TimeoutError, aiohttp.ClientError, OSError) as problem:
            raise Unanswered(type(problem).__name__) from None


async def bounded(reply: aiohttp.ClientResponse, most: int = LARGEST) -> bytes:
    """The whole answer.

    Raises:
        TooLarge: it is longer than `most` bytes. The rest is not read.
    """
    return await read_bounded(reply, most, TooLarge)


def accepted(status: int, body: bytes) -> dict[str, Any]:
    """What the homeserver answered.

    Raises:
        TooFast, Refused, Unanswered: it did not do it. A 5xx is `Unanswered`: it may have done it before it failed.
    """
    try:
        read = json.loads(body, parse_constant=lambda _name: None)
    except (ValueError, RecursionError):
        read = None
    told = read if isinstance(read, dict) else {}
    if status == 200 and isinstance(read, dict):
        return read
    if status == 429:
        raise TooFast(wait_of(told))
    if status >= 500 or status < 400 or not isinstance(told.get("errcode", told.get("flows")), str | list):
        raise Unanswered(f"status {status}")  # a proxy's own page is no word of the homeserver's
    code = told.get("errcode")
    raise Refused(status, code[:60] if isinstance(code, str) else "M_UNAUTHENTICATED", told)


def wait_of(told: Mapping[str, Any]) -> timedelta:
    """How long a 429 says to wait."""
    told_ms = told.get("retry_after_ms")
    if isinstance(told_ms, bool) or not isinstance(told_ms, int | float) or not math.isfinite(told_ms):
        return UNTOLD
    return min(max(timedelta(), timedelta(milliseconds=min(told_ms, 1e9))), LONGEST_WAIT)


def part(written: str) -> str:
    """An id as a part of a path."""
    return quote(written, safe="")
