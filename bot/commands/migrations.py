"""`python -m bot migrations`: for whoever changes a table."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.terminal import tell
from bot.i18n import _
from bot.store import migrate
from bot.store.db import connect

if TYPE_CHECKING:
    from sqlalchemy import Engine

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add(subparsers: Subparsers) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser("migrations", help=_("for developers: compare the migrations with the tables"))
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true", help=_("say what the migrations lack; part of `run.py lint`"))
    what.add_argument("--write", metavar=_("NAME"), help=_("write the next migration; read it before you commit it"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Work on a new database in a temporary folder: nobody's own is touched."""
    with tempfile.TemporaryDirectory(prefix="compagnon-") as folder:
        engine = connect(f"sqlite:///{Path(folder) / 'new.db'}")
        try:
            migrate.upgrade(engine)
            return _write(engine, args.write) if args.write else _check(engine)
        finally:
            engine.dispose()


def _check(engine: Engine) -> int:
    differences = migrate.check(engine)
    for difference in differences:
        print(difference)
    if differences:
        tell(_("The migrations lack this: python3 run.py migrations --write NAME"))
    return 1 if differences else 0


def _write(engine: Engine, name: str) -> int:
    print(migrate.write(engine, name))
    return 0
