"""What Matrix costs while nothing happens: `python -m tests.benchmarks.matrix_idle`.

Twenty people, each in an encrypted room with the bot, wrote to it and were written to. Then everybody is silent, and
`python -m bot run` is looked at from outside, in /proc (Linux only). The baseline is the same process on the same data
without [matrix], which does not load the libraries of Matrix: what these alone take is told apart. The homeserver is a real Synapse, a
process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import re
import sys
import tempfile
import time
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

from bench.processes import running
from bot.clock import SystemClock
from bot.domain.messages import Letter
from bot.handlers.say.post import post
from bot.store.db import Database, Tx
from bot.store.messages import Lane
from bot.store.migrate import upgrade
from bot.store.people import Address, Person
from tests.conftest import ROOT
from tests.example import example
from tests.ports import free_port
from tests.synapse.administration import Account
from tests.synapse.homeserver import Homeserver
from tests.synapse.human import Human

CONFIG = """programme = "{root}/programme.example.toml"
data_dir = "data"
[web]
port = {port}
"""
MATRIX = """[matrix]
homeserver = "{url}"
user_id = "{user}"
password = "{password}"
per_second = 100.0
"""
IMPORTS = "import bot.runtime.app, bot.channels.web, bot.channels.telegram"
SETTLE = 20.0
"""Seconds between the last message, or the start, and the first look: more than twice a tick of the schedule."""


@dataclass(frozen=True)
class Cost:
    """Of one process."""

    resident: float
    """MB, VmRSS of /proc/PID/status."""
    own: float
    """MB, Pss of /proc/PID/smaps_rollup: what is shared with other processes counts by their number."""
    cpu: float
    """Percent of one core, by the clock ticks of /proc/PID/stat."""


async def cost(pid: int, seconds: float) -> Cost:
    """What it takes while it is left alone."""
    await asyncio.sleep(SETTLE)
    began, ticks = time.perf_counter(), _ticks(pid)
    await asyncio.sleep(seconds)
    spent = (_ticks(pid) - ticks) / os.sysconf("SC_CLK_TCK") / (time.perf_counter() - began)
    return Cost(_megabytes(pid, "status", "VmRSS"), _megabytes(pid, "smaps_rollup", "Pss"), spent * 100)


def _ticks(pid: int) -> int:
    """utime and stime, fields 14 and 15 (proc(5)); the second field, a name in brackets, may hold blanks."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _megabytes(pid: int, file: str, name: str) -> float:
    found = re.search(rf"^{name}:\s+(\d+) kB", Path(f"/proc/{pid}/{file}").read_text("ascii"), re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024


async def imported() -> float:
    """MB that the library and our channel take once they are imported, beside everything else."""
    return await _resident_after(f"{IMPORTS}, bot.channels.matrix") - await _resident_after(IMPORTS)


async def _resident_after(statement: str) -> float:
    show = "import re; print(re.search(r'VmRSS:\\s+(\\d+)', open('/proc/self/status').read())[1])"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", f"{statement}; {show}", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return int(said) / 1024


def bot(config: Path, *words: str) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """The real process, on this configuration."""
    return running("-m", "bot", *words, "--config", str(config))


def written(folder: Path, name: str, more: str = "") -> Path:
    """A configuration on the data of `folder`, with a port of its own."""
    (folder / name).write_text(CONFIG.format(root=ROOT, port=free_port()) + more, encoding="utf-8")
    return folder / name


def settle_in(tx: Tx, user_id: str) -> int:
    """Somebody who has joined on Matrix."""
    person = Person(ref=user_id.partition(":")[0].lstrip("@"), first_name="P", last_name="", language="en")
    tx.rows.add(person)
    tx.rows.flush()
    where = {"person_id": person.id, "channel": "matrix", "native": user_id, "state": "confirmed"}
    tx.rows.add(Address(**where, created_at=tx.now, used_at=tx.now))
    return person.id


async def comes(db: Database, server: Homeserver, us: Account) -> None:
    """One person opens a room, writes, is written to, and puts the phone away."""
    async with Human(server, await server.newcomer("Lina")) as lina:
        person = await db.transact(settle_in, lina.user_id)
        room = await lina.open_direct(us.user_id)
        await lina.until(lambda: lina.timeline.members[room].get(us.user_id) == "join", 60)
        await lina.says(room, "hello")
        await db.transact(lambda tx: post(tx, person, Letter("a reminder"), Lane.PROMPT) and None)
        await lina.until(lambda: any(each.text == "a reminder" for each in lina.timeline.messages.values()), 60)


async def measure(folder: Path, people: int, seconds: float) -> tuple[Cost, Cost]:
    """With Matrix and without, on the same data."""
    (folder / "synapse").mkdir()
    programme = example()
    db = Database(f"sqlite:///{folder / 'data' / 'compagnon.db'}", SystemClock(), programme)
    upgrade(db.engine)
    async with Homeserver(folder / "synapse") as server:
        us = await server.newcomer("Compagnon")
        on = written(folder, "on.toml", MATRIX.format(url=server.url, user=us.user_id, password=us.password))
        async with bot(on, "matrix", "setup") as setup:
            assert await setup.wait() == 0
        async with bot(on, "run") as process:
            for _ in range(people):
                await comes(db, server, us)
            with_matrix = await cost(process.pid, seconds)
    async with bot(written(folder, "off.toml"), "run") as process:
        without = await cost(process.pid, seconds)
    db.close()
    return with_matrix, without


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60.0)
    args = parser.parse_args()
    logging.getLogger("nio").setLevel(logging.CRITICAL)  # the people's own; it would stand between our lines
    with tempfile.TemporaryDirectory(prefix="compagnon-idle-") as chosen:
        ours, base = asyncio.run(measure(Path(chosen), args.people, args.seconds))
    library = asyncio.run(imported())
    print(f"{args.people} people, {args.seconds:g} s, {os.cpu_count()} cores")
    print(f"{'':14}{'with Matrix':>12}{'without':>12}{'ratio':>8}")
    for name, mine, theirs in (
        ("RSS, MB", ours.resident, base.resident),
        ("PSS, MB", ours.own, base.own),
        ("CPU, % of 1", ours.cpu, base.cpu),
    ):
        ratio = f"{mine / theirs:.2f}" if theirs else "-"
        print(f"{name:14}{mine:12.2f}{theirs:12.2f}{ratio:>8}")
    print(f"of the RSS with Matrix, {library:.2f} MB are the import of matrix-nio and of our channel")


if __name__ == "__main__":
    main()
