"""`python -m bot restore FILE`: an installation out of its backup, where there is none; or only a look into it."""

from __future__ import annotations

import argparse
import getpass
import shutil
import sys
import tempfile
from pathlib import Path

from bot.backup.archive import Contents
from bot.backup.database import Counts
from bot.backup.restoring import fill, keep_erased, key_of, look_into, require_empty, settle
from bot.commands.opening import add_config, read_text
from bot.commands.terminal import tell, warn, words
from bot.config import Config, read, written_at
from bot.i18n import _
from bot.store.lock import at_work

DESCRIPTION = _(
    "Bring everything back out of a backup, into an empty installation: an installation that is there is never overwritten. With --dry-run nothing is written: the backup is opened, checked and counted, which is the drill to do every month."
)
STAGING = ".restoring-"
COUNTED = ("people", "stays", "cases", "inbox", "outbox", "proofs")


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser("restore", help=_("bring everything back out of a backup"), description=DESCRIPTION)
    parser.add_argument("backup", type=Path, metavar=_("FILE"), help=_("the backup"))
    parser.add_argument(
        "--key", type=Path, metavar=_("FILE"), help=_("a file with the key; without it, the key is asked for")
    )
    parser.add_argument("--dry-run", action="store_true", help=_("open, check and count, and write nothing"))
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    here = written_at(args.config)
    if not args.dry_run:
        _refuse_filled(read(args.config))
    key = key_of(read_text(args.key, _("{path}: there is no such file")) if args.key else _asked())
    place = (here.absolute().parent if here else Path.cwd()) if not args.dry_run else None
    for left in place.glob(f"{STAGING}*") if place else ():  # of one that was killed
        shutil.rmtree(left)
    staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=place))
    try:
        contents, rows = look_into(args.backup, key, staging / "laid")
        _tell(contents, rows)
        if args.dry_run:
            tell(_("The backup is whole. Nothing was written."))
            return 0
        kept = settle(staging / "laid", contents, staging.parent)
        config = read(args.config)
        with at_work(config.data_dir, "restore"):
            require_empty(config)
            kept += fill(config, staging / "laid", rows)
            keep_erased(config, args.backup)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    for path in kept:
        warn(_("{path} was there already and stays as it is; the backup has another."), path=path)
    _what_now(contents)
    return 0


def _refuse_filled(config: Config) -> None:
    """Before anybody types a key: who is at work here, or what stands here."""
    if config.data_dir.exists():
        with at_work(config.data_dir, "restore"):
            require_empty(config)


def _asked() -> str:
    """The key, typed unseen; or piped in by a program."""
    return getpass.getpass(words(_("The key (AGE-SECRET-KEY-1…): "))) if sys.stdin.isatty() else sys.stdin.read()


def _tell(contents: Contents, rows: Counts) -> None:
    tell(_("Made at {made}, with the database of revision {revision}:"), made=contents.made, revision=contents.revision)
    for name in COUNTED:
        print(f"  {name:<10}{rows.get(name, 0):>8}")
    for each in contents.elsewhere:
        tell(_("Not in it, since you keep it apart: {path}. Keep a copy of it yourself."), path=each)


def _what_now(contents: Contents) -> None:
    tell(_("Restored. What happened after the backup is not known here: messages that waited then are sent, whoever was asked may be asked again. The old installation must not run any more."))  # fmt: skip
    if contents.on_matrix:
        tell(_("Matrix: the crypto store is never restored, what an old copy writes nobody can read. Become a new device of the same identity, before anything else: python3 run.py matrix repair"))  # fmt: skip
    tell(_("Then: python3 run.py doctor, and python3 run.py run"))
