"""Where the requests come in: reading, checking, breaking and answering them."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.telegram_server import refusals
from tests.telegram_server.faults import Fault, Kind
from tests.telegram_server.methods import METHODS
from tests.telegram_server.reading import READING
from tests.telegram_server.refusals import Refused, Violation, bad_request, conflict, forbidden, too_many
from tests.telegram_server.requests import Request, parameters_of

if TYPE_CHECKING:
    from tests.telegram_server.server import TelegramServer

ADDRESS = re.compile(r"/bot([^/]*)/(\w+)")
FILE_ADDRESS = re.compile(r"/file/bot([^/]*)/(.+)")
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
NO_ROUTE = Refused(404, "Not Found")
WRONG_TOKEN = Refused(401, "Unauthorized")
ERROR_PAGE = "<html>\r\n<head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center></body>\r\n</html>"
REASONS = {429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway", 504: "Gateway Timeout"}


class Half(Exception):
    """The answer shall break off in its middle."""

    def __init__(self, result: Any) -> None:
        self.body = json.dumps({"ok": True, "result": result}).encode()


class Reset(Exception):
    """The connection shall break."""


@dataclass
class Door:
    """Takes requests for one server."""

    server: TelegramServer

    async def comes(self, http: web.Request) -> web.StreamResponse:
        """Any request at all."""
        try:
            self._check_token(http.path)
            if found := FILE_ADDRESS.fullmatch(http.path):
                return self._file(found[2])
            found = ADDRESS.fullmatch(http.path)
            assert found is not None
            return await self._call(http, found[2])
        except Refused as refused:
            return _answer(refused.code, refused.body)
        except Reset:
            _break(http)
            return web.Response()
        except Half as half:
            return await _begin(http, half.body)

    def _check_token(self, path: str) -> None:
        found = ADDRESS.fullmatch(path) or FILE_ADDRESS.fullmatch(path)
        if found is None or not TOKEN.fullmatch(found[1]):
            raise NO_ROUTE
        if found[1] != self.server.token:
            raise WRONG_TOKEN

    def _file(self, path: str) -> web.Response:
        fault = self.server.faults.take("file", None)
        if fault is not None:
            _stop(fault)
        stored = self.server.files.by_path(path)
        if stored is None:
            raise NO_ROUTE
        return web.Response(body=stored.content, content_type="application/octet-stream")

    async def _call(self, http: web.Request, method: str) -> web.Response:
        request = Request(method, await parameters_of(http), time.monotonic())
        self.server.arrived(request)
        try:
            response = await self._play(request)
        except Refused as refused:
            if isinstance(refused, Violation):
                self.server.validation.keep(method, refused)
            response = _answer(refused.code, refused.body)
        finally:
            self.server.left(request)
        if self.server.closing:
            raise Reset
        request.status = response.status
        return response

    async def _play(self, request: Request) -> web.Response:
        request.parameters = self.server.validation.check(request.method, request.parameters)
        fault = self.server.faults.take(request.method, request.chat)
        self._keep_pace(request, fault)
        if fault is None:
            return _answer(200, {"ok": True, "result": await self._result(request)})
        if not _has_effect(fault):
            return _stop(fault)
        result = await self._result(request)
        if fault.kind is Kind.RESET_AFTER:
            raise Reset
        if fault.kind is Kind.HALF:
            raise Half(result)
        if fault.kind is Kind.SERVER_ERROR:
            return _stop(fault)
        if fault.kind is Kind.GARBAGE:
            return web.Response(text="<html>captive portal</html>", content_type="text/html")
        if fault.kind is Kind.SLOW:
            await asyncio.sleep(fault.seconds)
        return _answer(200, {"ok": True, "result": _batch(fault.kind, result)})

    def _keep_pace(self, request: Request, fault: Fault | None) -> None:
        if request.method in READING:
            return
        pace, chat = self.server.pace, request.chat
        pace.look(request.method, chat)
        if fault is not None and fault.kind is Kind.TOO_MANY and (fault.whole_bot or chat is not None):
            pace.told(None if fault.whole_bot else chat, fault.retry_after)
        elif seconds := pace.retry_after(request.method, chat):
            raise too_many(seconds)

    async def _result(self, request: Request) -> Any:
        if request.method in READING:
            return await self.server.reading.play(request.method, request.parameters)
        method = METHODS.get(request.method)
        if method is None:
            raise Violation("not played by this server")
        return method(self.server, request.parameters)


def _has_effect(fault: Fault) -> bool:
    always = {Kind.RESET_AFTER, Kind.HALF, Kind.SLOW, Kind.GARBAGE, Kind.DUPLICATE, Kind.REORDER}
    return fault.kind in always or fault.delivered


def _stop(fault: Fault) -> web.Response:
    """The answer of a fault that has nothing of a method's result in it."""
    match fault.kind:
        case Kind.TOO_MANY:
            raise too_many(fault.retry_after)
        case Kind.TOO_MANY_HTML:
            return _page(429)
        case Kind.SERVER_ERROR if fault.html:
            return _page(fault.status)
        case Kind.SERVER_ERROR:
            raise Refused(fault.status, REASONS.get(fault.status, "Internal Server Error"))
        case Kind.UNAUTHORIZED:
            raise WRONG_TOKEN
        case Kind.NOT_FOUND:
            raise NO_ROUTE
        case Kind.CONFLICT:
            raise conflict(fault.description or refusals.OTHER_POLL)
        case Kind.FORBIDDEN:
            raise forbidden(fault.description or refusals.BLOCKED)
        case Kind.BAD_REQUEST:
            raise bad_request(fault.description or "Bad Request: something is wrong with it")
    raise Reset


def _batch(kind: Kind, result: Any) -> Any:
    if kind is Kind.DUPLICATE and isinstance(result, list):
        return [update for update in result for _ in range(2)]
    if kind is Kind.REORDER and isinstance(result, list):
        return result[::-1]
    return result


def _page(status: int) -> web.Response:
    text = ERROR_PAGE.format(f"{status} {REASONS.get(status, 'Error')}")
    return web.Response(status=status, text=text, content_type="text/html")


def _answer(status: int, body: Any) -> web.Response:
    return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/json")


async def _begin(http: web.Request, body: bytes) -> web.StreamResponse:
    """Half a body of the length that was promised, then nothing more."""
    answer = web.StreamResponse(headers={"content-type": "application/json", "content-length": str(len(body))})
    await answer.prepare(http)
    await answer.write(body[: len(body) // 2])
    await asyncio.sleep(0.01)  # a reset overtakes what was not read yet
    _break(http)
    return answer


def _break(http: web.Request) -> None:
    """Closes the connection so that the other side gets a reset, not an end."""
    if http.transport is None:
        return
    wire: socket.socket | None = http.transport.get_extra_info("socket")
    if wire is not None:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    http.transport.abort()
