"""A web server that is there for a test, and gone as soon as it is told to go."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

from tests.waiting import wait_for

PATIENCE = 1.0
"""Seconds that whatever is being answered may still take."""


class Served(uvicorn.Server):
    """uvicorn looks ten times a second whether it should end, then gives every connection another tenth: most of a short test."""

    def __init__(self, application: ASGIApp) -> None:
        super().__init__(uvicorn.Config(application, log_level="critical"))

    async def main_loop(self) -> None:
        while not await self.on_tick(0):  # noqa: ASYNC110 - whoever ends it is in another thread, or a signal
            await asyncio.sleep(0.01)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for each in sockets or []:
            each.close()
        for connection in [*self.server_state.connections]:
            connection.shutdown()
        with suppress(TimeoutError):
            await wait_for(lambda: not (self.server_state.connections or self.server_state.tasks), PATIENCE)
        for task in self.server_state.tasks:
            task.cancel()
        for connection in [*self.server_state.connections]:  # a browser that reads no more holds its own open
            if connection.transport is not None:
                connection.transport.abort()
        await self.lifespan.shutdown()
