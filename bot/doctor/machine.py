"""The machine: Python, packages, room on the disk, who may read our files, and its clock.

A clock that is wrong sends everything at the wrong hour.
"""

from __future__ import annotations

import os
import platform
import shutil
import stat
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import aiohttp

from bot.backup.making import OURS
from bot.clock import Clock
from bot.config import Config
from bot.config.tables import Telegram
from bot.doctor.asking import SECONDS
from bot.doctor.finding import Finding, broken, fine, look
from bot.domain.programme import Programme
from bot.i18n import Sentence, _, joined, say

OFF, FAR_OFF = 5, 60
"""Seconds that our clock may be off."""
SET_CLOCK = say(_("set this machine's clock by the network: timedatectl set-ntp true"))


PACKAGES = ("python-telegram-bot", "sqlalchemy", "starlette", "uvicorn", "aiohttp")
MISSING = "missing"
SCARCE, NONE_LEFT = 500, 50
"""Megabytes."""
OLD = 2
"""Days after which a backup is none."""
SECRET = ("token", "secret", "webhook_secret", "password", "pickle_key", "ping_url", "metrics_token")
"""Keys of the configuration whose values are secrets."""


def python() -> Finding:
    """The versions that a report of a fault should name."""
    packages = {name: _version(name) for name in PACKAGES}
    found = say(
        _("Python {version} on {system}; {packages}"),
        version=platform.python_version(),
        system=platform.system(),
        packages=_listed(packages),
    )
    if MISSING in packages.values():
        return broken(_("python"), found, say(_("start Compagnon by run.py: it installs what is missing")))
    return fine(_("python"), found)


def _listed(packages: dict[str, str]) -> Sentence:
    return joined(
        say(_("{package} missing"), package=name) if number == MISSING else f"{name} {number}"
        for name, number in packages.items()
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return MISSING


def extras() -> Finding:
    """What was installed besides: the PDF of sheets, the driver of PostgreSQL, what signs badges."""
    found = {name: _version(name) for name in ("typst", "psycopg", "openbadgeslib")}
    there = [f"{name} {number}" for name, number in found.items() if number != MISSING]
    without = [name for name, number in found.items() if number == MISSING]
    told = ", ".join(there) or say(_("none"))
    if without:
        told = say(_("{packages} (not installed: {missing})"), packages=told, missing=", ".join(without))
    return fine(_("extras"), told)


def badges(programme: Programme) -> Iterator[Finding]:
    """A programme with a badge needs what signs one: without it no learner is promised any."""
    if programme.badge is not None and _version("openbadgeslib") == MISSING:
        told = say(_("No badge is made here until the extra {extra} is installed."), extra="badges")
        yield look(_("extras"), told, '.venv/bin/python -m pip install "openbadgeslib>=4.6.3,<5"')


def disk(folder: Path) -> Finding:
    """Room for the database to grow."""
    there = folder
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free // 1_000_000
    told = say(_("{free} MB free for {folder}"), free={"number": free}, folder=folder)
    if free < NONE_LEFT:
        return broken(_("disk"), told, say(_("make room now: a full disk stops every alert")))
    return look(_("disk"), told, say(_("make room soon"))) if free < SCARCE else fine(_("disk"), told)


def backups(config: Config, ours: Clock) -> Finding:
    """Whether there is one of these days."""
    if config.backup.recipient is None:
        return look(_("backup"), say(_("none is made")), "python3 run.py backup --new-key")
    newest = max((path.stat().st_mtime for path in config.backups.glob(OURS)), default=None)
    days = (ours.now().timestamp() - newest) / 86_400 if newest is not None else None
    if days is None or days > OLD:
        told = (
            say(_("the newest is {count} days old"), count=int(days))
            if days is not None
            else say(_("there is none yet"))
        )
        return look(_("backup"), told, say(_("run backup every night: docs/running.md")))
    return fine(_("backup"), say(_("one of the last two days is in {folder}"), folder=config.backups))


def modes(config: Config, written: Path | None = None) -> Iterator[Finding]:
    """Secrets, keys and data are for Compagnon's own account only; `written` is the configuration."""
    if os.name == "nt":
        return
    candid = [written] if written and written.is_file() and _holds_secrets(written) else []
    open_ones = [path for path in (*candid, *_private(config)) if others_may_read(path)]
    for path in open_ones:
        right = "700" if path.is_dir() else "600"
        yield broken(
            _("files"),
            say(_("others on this machine may read {path}"), path=path),
            f"chmod {right} {path}",
        )
    if not open_ones:
        yield fine(
            _("files"), say(_("{data_dir} and its secrets are readable by their owner only"), data_dir=config.data_dir)
        )


def keys(config: Config) -> Iterator[Finding]:
    """The keys of what is encrypted lie apart from the database."""
    file = config.keys.file
    if file is None:
        return
    if not file.is_file():
        yield look(
            _("keys"),
            say(_("{path} is not there"), path=file),
            say(_("restore it from where you keep it: without it nothing that is encrypted can be read again")),
        )
    elif config.data_dir in file.parents:
        yield look(
            _("keys"),
            say(_("{path} is in the folder of the database"), path=file),
            say(_("move it elsewhere: a backup must not hold both")),
        )
    else:
        yield fine(_("keys"), say(_("{path} is there, apart from the database"), path=file))


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
        return look(
            _("clock"),
            say(_("not compared: {place} does not answer"), place=place),
            say(_("see the lines about Telegram")),
        )
    return compared(before + (after - before) / 2, told, place)


def compared(ours: datetime, told: str, place: str) -> Finding:
    """What a Date header says of our clock at that instant."""
    try:
        theirs = parsedate_to_datetime(told)
    except ValueError:
        return look(_("clock"), say(_("not compared: {place} does not tell the time"), place=place), SET_CLOCK)
    theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    seconds = (ours - theirs).total_seconds() - 0.5
    if abs(seconds) <= OFF:
        return fine(_("clock"), say(_("within {seconds} s of that of {place}"), seconds=OFF, place=place))
    text = _("{seconds} s ahead of {place}") if seconds > 0 else _("{seconds} s behind {place}")
    words = say(text, seconds={"number": round(abs(seconds))}, place=place)
    return (broken if abs(seconds) > FAR_OFF else look)(_("clock"), words, SET_CLOCK)
