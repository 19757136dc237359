"""A process of ours with every channel, that says what it takes: `python -m bench.weighed DATABASE AHEAD TOKEN URL MESSAGES`.

First at work with nothing to do, then after so many messages have left and arrived.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from pydantic import SecretStr

import bot.commands.run  # noqa: F401 - what a process of ours has imported
from bench.opened import opened
from bench.outbox import once_more, unsent
from bot.channels.telegram import TelegramChannel
from bot.config import Config
from bot.config.tables import Email, Matrix
from bot.domain.channel import Channel
from bot.runtime.app import App
from bot.runtime.email import email_channel
from bot.runtime.matrix import matrix_channel
from bot.store.db import Database
from bot.web.chat import WebChannel


def resident() -> int:
    """kB that this process has in memory (VmRSS of proc(5))."""
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"), re.MULTILINE)
    return int(found[1]) if found else 0


async def main(database: str, ahead: timedelta, token: str, url: str, messages: int) -> None:
    with TemporaryDirectory(prefix="compagnon-bench-") as folder:
        db = opened(database, ahead)
        app = App(db, _channels(db, Path(folder), token, url))
        app.chores.put_away()
        await app.start()
        await app.next_wake()
        print(resident())
        sent = 0
        async with asyncio.TaskGroup() as group:
            group.create_task(app.delivery.run())
            while sent < messages:
                sent += await db.transact(unsent)
                while await db.read(unsent):  # noqa: ASYNC110 - the rows on disk are looked at
                    await asyncio.sleep(0.1)
                if sent < messages:
                    await db.transact(once_more)
                    app.nudge()
            app.delivery.stop()
        print(resident())
        for channel in app.channels.values():
            if isinstance(channel, TelegramChannel):
                await channel.close()
        db.close()


def _channels(db: Database, folder: Path, token: str, url: str) -> dict[str, Channel]:
    """All four; to Matrix and to a mail server nothing is sent."""
    config = Config(
        data_dir=folder,
        matrix=Matrix(homeserver="http://127.0.0.1:9", user_id="@us:school.test", password=SecretStr("not used")),
        email=Email(host="127.0.0.1", sender="us@example.org"),
    )
    all_of_them = (
        WebChannel(), TelegramChannel(token, url, limited=False), matrix_channel(config, db), email_channel(config.email, "not used"),
    )  # fmt: skip
    return {each.name: each for each in all_of_them if each is not None}


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(main(sys.argv[1], timedelta(seconds=float(sys.argv[2])), sys.argv[3], sys.argv[4], int(sys.argv[5])))
