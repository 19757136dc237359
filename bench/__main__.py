"""`python3 run.py bench [--quick] [NAME…]`: a table for people, then a line of JSON for each figure."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import platform
import sqlite3
from collections.abc import Awaitable, Callable

import structlog

from bench import decisions, desk, telegram, watching
from bench.figures import Line, table

BENCHES: dict[str, Callable[[bool], Awaitable[list[Line]]]] = {
    "dispatch": telegram.dispatch,
    "inbound": telegram.inbound,
    "decisions": decisions.decisions,
    "backlog": decisions.backlog,
    "cry": watching.cry,
    "audit": watching.audit,
    "idle": watching.idle,
    "board": desk.board,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[[], *BENCHES], help=", ".join(BENCHES))
    parser.add_argument("--quick", action="store_true", help="smaller and fewer rounds: under three minutes")
    args = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, durable")
    lines: list[Line] = []
    for name in args.names or BENCHES:
        print(f"{name} …", flush=True)
        lines += asyncio.run(_run(name, quick=args.quick))
    print(table(lines))
    for line in lines:
        print(line.to_json())


async def _run(name: str, *, quick: bool) -> list[Line]:
    return await BENCHES[name](quick)


if __name__ == "__main__":
    main()
