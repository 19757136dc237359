"""`python -m bot export-person REF`: a copy of all that is held about somebody, as one ZIP to hand to them."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from bot.commands.opening import CommandError, add_config, opened, person_of
from bot.commands.terminal import tell
from bot.documents.personal_copy import name_of, zipped
from bot.handlers.privacy.copy import PersonCopy, copy_of
from bot.i18n import _, file_fault
from bot.store.db import Tx


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "export-person",
        help=_("a copy of all that is held about somebody"),
        description=_(
            "Write all that is held about one person into a ZIP: a page to read, JSON for other programs, the files they sent. What is about others is left out. That it was made is noted in the log."
        ),
    )
    parser.add_argument("ref", metavar="REF", help=_("the reference of the roster or of consortium.toml"))
    parser.add_argument("--output", type=Path, metavar=_("FILE"), help=_("where to write it"))
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    with opened(args) as here:
        copy = here.db.run(_copied, args.ref)
    path = args.output or Path(name_of(copy))
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(zipped(copy))
    except OSError as problem:
        raise CommandError(_("{path} cannot be written: {reason}."), path=path, reason=file_fault(problem)) from None
    tell(_("{path}: the copy for {name}. Hand it to nobody else, and delete it here afterwards."), path=path, name=copy.name)  # fmt: skip
    return 0


def _copied(tx: Tx, ref: str) -> PersonCopy:
    return copy_of(tx, person_of(tx, ref), by="operator")
