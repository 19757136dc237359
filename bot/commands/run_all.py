"""`python -m bot run --all`: every consortium of a folder, each in a process of its own, until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import signal
from pathlib import Path

from bot.commands.terminal import warn
from bot.config.consortia import USUAL
from bot.i18n import _
from bot.runtime.consortia import Consortia

HELP = _("every consortium of a folder (default: consortia), each with its own config.toml")


def add_all(parser: argparse.ArgumentParser) -> None:
    """The option that means all of them."""
    parser.add_argument("--all", nargs="?", const=USUAL, type=Path, metavar=_("FOLDER"), help=HELP)


def run_all(folder: Path) -> int:
    """Keep them all alive until told to stop."""
    asyncio.run(_kept(Consortia(folder, warn)))
    return 0


async def _kept(several: Consortia) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for wish in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(wish, stop.set)
    await several.run(stop)
