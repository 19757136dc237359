"""A stage behind a port of this computer alone, until it is told to stop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from bot.demo.playback import Pace
from bot.demo.site import Site
from bot.demo.stage import Ears, Stage
from bot.demo.world import Script, World

HOST = "127.0.0.1"


async def serve(stage: Stage, pace: Pace, door: socket.socket, language: str | None = None) -> None:
    """Let time pass and show it, until the server is told to stop."""
    await serve_site(stage, pace, door, Site(stage, pace, address_of(door), language).application())


async def serve_site(stage: Stage, pace: Pace, door: socket.socket, site: ASGIApp) -> None:
    """The same, with the pages given."""
    server = Server(stage, site)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(pace.run())
            await server.serve(sockets=[door])
            stage.close()
    finally:
        stage.world.close()


def address_of(door: socket.socket) -> str:
    return f"http://{HOST}:{door.getsockname()[1]}"


def world_in(folder: Path, script: Script, numbers: Iterator[int], channel: Ears) -> World:
    """A world in a folder of its own: a second one where the browser speaks another language than the terminal."""
    own = folder / str(next(numbers))
    own.mkdir()
    return World(own, {channel.name: channel}, script)


class Server(uvicorn.Server):
    """A server that ends with its stage, and does not wait for open pages when it is told to stop."""

    def __init__(self, stage: Stage, application: ASGIApp) -> None:
        config = uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        super().__init__(config)
        self.stage = stage

    async def on_tick(self, counter: int) -> bool:
        return self.stage.closed or await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.stage.close()
        await super().shutdown(sockets)
