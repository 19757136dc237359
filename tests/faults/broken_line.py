"""The line between a client and a server that are both real: whatever passes may be refused, broken off, or cut in half."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

from tests.faults.plan import Trouble

LARGEST = 64 * 1024 * 1024
OWN = frozenset({"host", "content-length", "transfer-encoding", "connection", "content-encoding", "keep-alive"})
"""Headers that belong to one connection, and not to what is said on it."""
LIMITED = {"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", "retry_after_ms": 300}


class BrokenLine:
    """Forwards HTTP to `target`. `async with` opens it; `url` is what the client is given instead of the server's."""

    def __init__(self, target: str, dice: random.Random, kind: Callable[[str, str], str]) -> None:
        self.target, self.dice, self._kind = target.rstrip("/"), dice, kind
        self.trouble = Trouble.NONE
        self.heard: Counter[str] = Counter()
        """So many requests of each kind (of method and path) came, whatever became of them."""

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar(), connector=aiohttp.TCPConnector(limit=0)
        )
        app = web.Application(client_max_size=LARGEST)
        app.router.add_route("*", "/{path:.*}", self._pass)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def _pass(self, request: web.Request) -> web.StreamResponse:
        self.heard[self._kind(request.method, request.path)] += 1
        body, chance = await request.read(), self.dice.random()
        match self.trouble:
            case Trouble.TOO_MANY if chance < 0.3:
                return web.json_response(LIMITED, status=429)
            case Trouble.BAD_GATEWAY if chance < 0.25:
                return web.Response(status=502, text="<html>502 Bad Gateway</html>", content_type="text/html")
            case Trouble.BAD_GATEWAY if chance < 0.4:
                return _broken_off(request)
        try:
            status, headers, answer = await self._forward(request, body)
        except aiohttp.ClientError:
            return _broken_off(request)
        match self.trouble:
            case Trouble.TAKEN if chance < 0.2:
                return web.Response(status=502, text="<html>502 Bad Gateway</html>", content_type="text/html")
            case Trouble.TAKEN if chance < 0.4:
                return _broken_off(request)
            case Trouble.HALF if chance < 0.3 and len(answer) > 1:
                return await _half(request, status, headers, answer)
        return web.Response(status=status, headers=headers, body=answer)

    async def _forward(self, request: web.Request, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        headers = [(name, value) for name, value in request.headers.items() if name.casefold() not in OWN - {"host"}]
        async with self._session.request(
            request.method, f"{self.target}{request.raw_path}", headers=headers, data=body, allow_redirects=False
        ) as reply:
            kept = [
                (name, value)
                for name, value in reply.headers.items()
                if name.casefold() not in OWN - {"content-encoding"}
            ]
            return reply.status, kept, await reply.read()


def _broken_off(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _half(request: web.Request, status: int, headers: list[tuple[str, str]], answer: bytes) -> web.StreamResponse:
    """Half a body of the length that was promised, then nothing more."""
    reply = web.StreamResponse(status=status, headers=[*headers, ("content-length", str(len(answer)))])
    await reply.prepare(request)
    await reply.write(answer[: len(answer) // 2])
    await asyncio.sleep(0.01)  # a reset overtakes what was not read yet
    if request.transport is not None:
        request.transport.abort()
    return reply
