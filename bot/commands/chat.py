"""`python -m bot chat --as REF`: any conversation, played in the terminal."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from bot.channels.console import ConsoleChannel
from bot.commands.opening import opened, person_of, read_table
from bot.commands.terminal import tell, words
from bot.demo.world import ROOT, QuietChannel, World, example
from bot.handlers.people.invitations import claim, invite
from bot.i18n import _, sentence_of
from bot.runtime.app import App
from bot.runtime.rehearsal import parse_span
from bot.store.db import Tx
from bot.store.people import Address

HOW = _(
    "Write, or press a button by its number. SOS at any time. /help shows the commands, an empty line looks again.\n"
    "  +1d  +12h  +1w   let time pass        next   go to the next event        bye   leave"
)


@dataclass(frozen=True)
class Play:
    """A conversation in the terminal."""

    app: App
    channel: ConsoleChannel
    world: World | None


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "chat",
        help=_("play a conversation in the terminal"),
        description=_(
            "Talk to Compagnon as one person. Without --config the example class is played on a simulated clock in a temporary folder; with it, your own database (in a rehearsal, time may be moved)."
        ),
    )
    parser.add_argument(
        "--as", dest="ref", required=True, metavar=_("REF"), help=_("whose place you take, e.g. VAL-27-06")
    )
    parser.add_argument("--config", type=Path, metavar=_("FILE"), help=_("play on the database of this configuration"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    return asyncio.run(_play(args))


async def _play(args: argparse.Namespace) -> int:
    async with _stage(args) as play:
        tell(HOW)
        await _join(play, args.ref)
        while (line := await asyncio.to_thread(_read, play)) is not None and line != "bye":
            await _take(play, line)
    return 0


@asynccontextmanager
async def _stage(args: argparse.Namespace) -> AsyncIterator[Play]:
    """The example's world, or the database of a configuration."""
    channel = ConsoleChannel(f"console:{args.ref}")
    if args.config is None:
        with tempfile.TemporaryDirectory(prefix="compagnon-") as folder:
            script = example(read_table(ROOT / "examples/roster.csv"))
            world = World(Path(folder), {"web": QuietChannel(), "console": channel}, script)
            try:
                await world.populate()
                yield Play(world.app, channel, world)
            finally:
                world.close()
        return
    with opened(args) as here:
        yield Play(App(here.db, {"console": channel}, rehearsal=here.config.rehearsal.enabled), channel, None)


async def _join(play: Play, ref: str) -> None:
    """Take the person's place: this terminal becomes one of their addresses."""

    def join(tx: Tx) -> None:
        person = person_of(tx, ref)
        wanted = select(Address).where(Address.channel == "console", Address.native == play.channel.native)
        known = tx.rows.scalar(wanted)
        if known is None:
            claim(tx, invite(tx, person, trusted=True), "console", play.channel.native)
        else:
            known.state, known.used_at = "confirmed", tx.now

    await play.app.start()
    await play.app.db.transact(join)
    await play.app.settle()


def _read(play: Play) -> str | None:
    now = play.app.db.clock.now()
    print("\n" + words(_("[{now} UTC] > "), now={"stamp": now.isoformat(), "zone": "UTC"}), end="", flush=True)
    line = sys.stdin.readline()
    return line.strip() if line else None


async def _take(play: Play, line: str) -> None:
    """One line of the player: a move of the clock, a button, or words."""
    if line == "next" or line.startswith("+"):
        return await _move(play, line)
    if line:
        place = int(line) - 1 if line.isdigit() and len(line) < 3 else -1
        raw = {"address": play.channel.native, "text": line}
        if 0 <= place < len(play.channel.buttons):
            raw = {"address": play.channel.native, "token": play.channel.buttons[place].token}
        await play.app.receive("console", uuid.uuid4().hex, raw)
    await play.app.settle()


async def _move(play: Play, line: str) -> None:
    if play.world is None:
        tell(_("Here time is real. In a rehearsal: python -m bot clock advance 1d"))
        return
    try:
        target = play.world.clock.now() + parse_span(line[1:]) if line != "next" else await _next(play)
    except ValueError as problem:
        tell(sentence_of(problem))
        return
    await play.world.move_to(target)


async def _next(play: Play) -> datetime:
    return await play.app.next_wake() or play.app.db.clock.now()
