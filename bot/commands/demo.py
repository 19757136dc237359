"""`python -m bot demo`: the example consortium on a simulated clock, in the browser or as text."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import socket
import tempfile
from functools import partial
from itertools import count
from pathlib import Path

from bot import logs
from bot.commands.language import machine_language
from bot.commands.opening import CommandError, read_table
from bot.commands.terminal import tell
from bot.demo.playback import Pace
from bot.demo.serving import HOST, address_of, serve, world_in
from bot.demo.stage import Stage
from bot.demo.world import ROOT, example
from bot.domain.roster import Table
from bot.i18n import LANGUAGES, _

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

            print(play(Path(folder), table, args.seed, args.language or "fr"))
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
    stage = Stage(partial(world_in, folder, example(table, families=True), count(1)), args.seed)
    pace = Pace(stage)
    pace.wanted = args.language or machine_language()
    tell(_("The demo is at {address} – open it in a browser. Ctrl-C ends it."), address=address_of(door))
    await serve(stage, pace, door, args.language)
