"""The machine: Python, packages, room on the disk, who may read our files, and its clock.

A clock that is wrong sends everything at the wrong hour.
"""

from __future__ import annotations

import os
import platform
import shutil
import stat
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import aiohttp

from bot.clock import Clock
from bot.config import Config
from bot.config.tables import Telegram
from bot.doctor.asking import SECONDS
from bot.doctor.finding import Finding, broken, fine, look

OFF, FAR_OFF = 5, 60
"""Seconds that our clock may be off."""
SET_CLOCK = "set this machine's clock by the network: timedatectl set-ntp true"


PACKAGES = ("python-telegram-bot", "sqlalchemy", "starlette", "uvicorn", "aiohttp")
SCARCE, NONE_LEFT = 500, 50
"""Megabytes."""
SECRET = ("token", "secret", "webhook_secret", "password", "pickle_key", "ping_url")
"""Keys of the configuration whose values are secrets."""


def python() -> Finding:
    """The versions that a report of a fault should name."""
    found = f"Python {platform.python_version()} on {platform.system()}; " + ", ".join(
        f"{name} {_version(name)}" for name in PACKAGES
    )
    missing = [name for name in PACKAGES if _version(name) == "missing"]
    if missing or sys.version_info < (3, 11):
        return broken("python", found, "start Compagnon by run.py: it installs what is missing")
    return fine("python", found)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def extras() -> Finding:
    """What was installed besides: the PDF of sheets, the driver of PostgreSQL."""
    found = {name: _version(name) for name in ("typst", "psycopg")}
    there = [f"{name} {number}" for name, number in found.items() if number != "missing"]
    without = [name for name, number in found.items() if number == "missing"]
    told = f"{', '.join(there) or 'none'}" + (f" (not installed: {', '.join(without)})" if without else "")
    return fine("extras", told)


def disk(folder: Path) -> Finding:
    """Room for the database to grow."""
    there = folder
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free // 1_000_000
    told = f"{free:,} MB free for {folder}"
    if free < NONE_LEFT:
        return broken("disk", told, "make room now: a full disk stops every alert")
    return look("disk", told, "make room soon") if free < SCARCE else fine("disk", told)


def modes(config: Config, written: Path | None = None) -> Iterator[Finding]:
    """Secrets, keys and data are for Compagnon's own account only; `written` is the configuration."""
    if os.name == "nt":
        return
    candid = [written] if written and written.is_file() and _holds_secrets(written) else []
    open_ones = [path for path in (*candid, *_private(config)) if others_may_read(path)]
    for path in open_ones:
        right = "700" if path.is_dir() else "600"
        yield broken("files", f"others on this machine may read {path}", f"chmod {right} {path}")
    if not open_ones:
        yield fine("files", f"{config.data_dir} and its secrets are readable by their owner only")


def keys(config: Config) -> Iterator[Finding]:
    """The keys of what is encrypted lie apart from the database."""
    file = config.keys.file
    if file is None:
        return
    if not file.is_file():
        yield look(
            "keys",
            f"{file} is not there",
            "restore it from where you keep it: without it nothing that is encrypted can be read again",
        )
    elif config.data_dir in file.parents:
        yield look("keys", f"{file} is in the folder of the database", "move it elsewhere: a backup must not hold both")
    else:
        yield fine("keys", f"{file} is there, apart from the database")


def _private(config: Config) -> Iterator[Path]:
    """What is private, of what there is. Files in a closed folder need no mode of their own."""
    folder = config.data_dir
    if folder.is_dir() and others_may_read(folder):
        yield folder
        yield from sorted(folder.glob("compagnon.db*"))
        yield from sorted(path for path in (folder / "secrets").glob("*") if path.is_file())
    if config.keys.file and config.keys.file.is_file():
        yield config.keys.file


def _holds_secrets(written: Path) -> bool:
    """Whether somebody wrote a secret into the configuration, rather than into the folder of secrets."""
    told = tomllib.loads(written.read_text("utf-8"))
    tables = [table for table in told.values() if isinstance(table, dict)]
    return "@" in str(told.get("database_url", "")) or any(table.get(name) for table in tables for name in SECRET)


def others_may_read(path: Path) -> bool:
    """Whether anybody but its owner may; a file that is just being put in place is not there for an instant."""
    try:
        return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    except FileNotFoundError:
        return False


async def clock(telegram: Telegram, ours: Clock) -> Finding:
    """Ours against the Date that the Bot API server sends; it tells whole seconds."""
    place = telegram.api_url.partition("://")[2]
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as session:
            before = ours.now()
            async with session.get(telegram.api_url, allow_redirects=False) as answer:
                told, after = answer.headers.get("Date", ""), ours.now()
    except (aiohttp.ClientError, TimeoutError):
        return look("clock", f"not compared: {place} does not answer", "see the lines about Telegram")
    return compared(before + (after - before) / 2, told, place)


def compared(ours: datetime, told: str, place: str) -> Finding:
    """What a Date header says of our clock at that instant."""
    try:
        theirs = parsedate_to_datetime(told)
    except ValueError:
        return look("clock", f"not compared: {place} does not tell the time", SET_CLOCK)
    theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    seconds = (ours - theirs).total_seconds() - 0.5
    if abs(seconds) <= OFF:
        return fine("clock", f"within {OFF} s of that of {place}")
    words = f"{abs(seconds):,.0f} s {'ahead of' if seconds > 0 else 'behind'} {place}"
    return (broken if abs(seconds) > FAR_OFF else look)("clock", words, SET_CLOCK)
