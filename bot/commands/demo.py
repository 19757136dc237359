"""`python -m bot demo`: the example consortium on a simulated clock, in the browser or as text."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import socket
import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path

import uvicorn

from bot import logs
from bot.commands.language import machine_language
from bot.commands.opening import CommandError, read_table
from bot.commands.terminal import tell
from bot.demo.pace import Pace
from bot.demo.site import Site
from bot.demo.stage import Ears, Stage
from bot.demo.world import ROOT, World, references
from bot.domain.roster import Table
from bot.i18n import LANGUAGES, _

HOST = "127.0.0.1"
SEED = 2027


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "demo",
        help=_("watch an invented class go through a mobility"),
        description=_(
            "The example consortium on a simulated clock, in a temporary database: a learner's phone and the coordinator's chat side by side, in the browser. Nothing is kept, nothing leaves this computer."
        ),
    )
    parser.add_argument("--port", type=int, default=8080, help=_("of the page (default: 8080)"))
    parser.add_argument("--language", choices=LANGUAGES, help=_("of the class (default: what the browser asks for)"))
    parser.add_argument("--play", action="store_true", help=_("play the whole year without a browser and print it"))
    parser.add_argument("--seed", type=int, default=SEED, help=_("another number, other answers of the class"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show the demo until Ctrl-C, or play it to its end."""
    logs.configure()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # however it ends, its folder is removed
    table = read_table(ROOT / "examples" / "roster.csv")
    with tempfile.TemporaryDirectory(prefix="compagnon-demo-") as folder:
        if args.play:
            from bot.demo.play import play

            print(
                play(
                    Path(folder),
                    table,
                    references(table),
                    args.seed,
                    args.language or "fr",
                )
            )
            return 0
        with bound(args.port) as door, contextlib.suppress(KeyboardInterrupt):
            asyncio.run(show(Path(folder), table, door, args))
    return 0


def bound(port: int) -> socket.socket:
    """The door the page is served at.

    Raises:
        CommandError: somebody else has it, or there is no such door.
    """
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((HOST, port))
    except (OSError, OverflowError):
        door.close()
        other = port + 1 if 1024 <= port < 65535 else 8081
        raise CommandError(
            _("Port {port} is not free. Take another one: python3 run.py demo --port {other}"),
            port=port,
            other=other,
        ) from None
    return door


async def show(folder: Path, table: Table, door: socket.socket, args: argparse.Namespace) -> None:
    """Serve the page while the clock is in the visitor's hands."""
    stage = Stage(partial(_world, folder, table, count(1)), args.seed)
    pace = Pace(stage)
    pace.wanted = args.language or machine_language()
    tell(_("The demo is at {address} – open it in a browser. Ctrl-C ends it."), address=address_of(door))
    await serve(stage, pace, door, args.language)


async def serve(stage: Stage, pace: Pace, door: socket.socket, language: str | None = None) -> None:
    """Let time pass and show it, until the server is told to stop."""
    server = Server(stage, Site(stage, pace, address_of(door), language).application())
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(pace.run())
            await server.serve(sockets=[door])
            stage.close()
    finally:
        stage.world.close()


def address_of(door: socket.socket) -> str:
    return f"http://{HOST}:{door.getsockname()[1]}"


def _world(folder: Path, table: Table, numbers: Iterator[int], channel: Ears) -> World:
    """A world in a folder of its own: a second one where the browser speaks another language than the terminal."""
    own = folder / str(next(numbers))
    own.mkdir()
    return World(own, {channel.name: channel}, table, families=True)


class Server(uvicorn.Server):
    """A server that ends with its stage, and does not wait for open pages when it is told to stop."""

    def __init__(self, stage: Stage, application: object) -> None:
        config = uvicorn.Config(
            application,  # type: ignore[arg-type]
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
