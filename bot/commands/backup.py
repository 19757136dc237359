"""`python -m bot backup`: one encrypted file with everything, proved by restoring it; the oldest ones go."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from bot.backup.making import make, new_key, rotate
from bot.clock import SystemClock
from bot.commands.opening import CommandError, add_config
from bot.commands.terminal import tell
from bot.config import Config, read, written_at
from bot.i18n import _

DESCRIPTION = _(
    "Write everything this installation is into one encrypted file, while Compagnon runs: database, keys, secrets, Matrix identity, settings, programme. The file is restored beside and compared before it counts; then the oldest are deleted. Only the key of --new-key opens it."
)


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "backup", help=_("back up everything, encrypted and proved"), description=DESCRIPTION
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--keep", type=_number, metavar=_("NUMBER"), help=_("how many to keep (default: [backup] keep)"))
    what.add_argument("--new-key", action="store_true", help=_("make the key that opens backups, and show it once"))
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    config = read(args.config)
    if args.new_key:
        return _new_key(config)
    path, contents = make(config, written_at(args.config), SystemClock().now())
    tell(
        _("{path}: {size} MB, {rows} rows in {tables} tables and {files} files, restored beside and found equal."),
        path=path,
        size={"number": round(path.stat().st_size / 1_000_000, 1)},
        rows={"number": sum(contents.rows.values())},
        tables=len(contents.rows),
        files=len(contents.files),
    )
    for each in contents.elsewhere:
        tell(_("Not in it, since you keep it apart: {path}. Keep a copy of it yourself."), path=each)
    for old in rotate(config.backups, args.keep or config.backup.keep):
        tell(_("Deleted the old {path}."), path=old.name)
    return 0


def _new_key(config: Config) -> int:
    """Keep the public half; the other is shown, and is nowhere."""
    if config.backup.recipient is not None:
        raise CommandError(_("There is a key already, and older backups open with it alone. For another one, take [backup] recipient out of the configuration first (or the file {path})."), path=_kept(config))  # fmt: skip
    secret, public = new_key()
    _kept(config).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(_kept(config), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(public + "\n")
    tell(_("This key opens every backup made from now on. It is shown once and is not on this machine: write it down, or put it into a password manager, in two places.\n\n    {key}\n"), key=secret)  # fmt: skip
    return 0


def _kept(config: Config) -> Path:
    return config.data_dir / "secrets" / "backup__recipient"


def _number(written: str) -> int:
    if (number := int(written)) < 1:
        raise ValueError(written)
    return number
