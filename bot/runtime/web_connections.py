"""The connections of the web server: each says what it wants in good time, and there are never so many that nothing else can
open a file. Whoever only holds a connection open takes it from nobody.
"""

from __future__ import annotations

import asyncio
import resource
from collections import OrderedDict
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEADERS_WITHIN = 10.0
"""Seconds for the line and the headers of a first request …"""
BODY_WITHIN = 60.0
"""… and for what is sent with it: a photo over a phone on a bad network."""
RESERVED = 128
"""Files that stay free for the database, the inbox and the other channels."""
MOST = 4096
FEWEST = 64


def most_connections(files: int | None = None) -> int:
    """How many connections there may be: what the system lets us open, without what the rest of us needs."""
    allowed = files if files is not None else _raised()
    return max(FEWEST, min(MOST, allowed - RESERVED))


def _raised() -> int:
    """Files that this process may open, once it may open as many as it may let itself."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + RESERVED if hard == resource.RLIM_INFINITY else min(hard, MOST + RESERVED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return MOST + RESERVED if soft == resource.RLIM_INFINITY else soft


def guarded(
    most: int, headers_within: float = HEADERS_WITHIN, body_within: float = BODY_WITHIN
) -> type[asyncio.Protocol]:
    """A protocol for the web server with at most so many connections. Full, the one that has been silent for longest ends."""
    silent: OrderedDict[int, Any] = OrderedDict()

    class Guarded(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            if len(self.connections) > most:
                _first, other = silent.popitem(last=False) if silent else (0, self)
                other.transport.abort()
                if other is self:
                    return
            silent[id(self)] = self
            self.limit = self.loop.call_later(headers_within, self.late_with_headers)

        def late_with_headers(self) -> None:
            if self.cycle is None:
                self.transport.abort()
                return
            self.limit = self.loop.call_later(body_within, self.late_with_body)

        def late_with_body(self) -> None:
            if self.cycle is not None and self.cycle.more_body and not self.cycle.response_started:
                self.transport.abort()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.cycle is not None:
                silent.pop(id(self), None)

        def connection_lost(self, exc: Exception | None) -> None:
            silent.pop(id(self), None)
            if (limit := getattr(self, "limit", None)) is not None:
                limit.cancel()
            super().connection_lost(exc)

    return Guarded
