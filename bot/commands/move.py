"""`python -m bot move --to ADDRESS`: everything out of the database in use into another one, SQLite or PostgreSQL."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from sqlalchemy import make_url

from bot.backup.moving import move
from bot.backup.restoring import HALF
from bot.backup.rows import Sums
from bot.commands.opening import CommandError, add_config
from bot.commands.terminal import tell
from bot.config import Config, read, written_at
from bot.config.sources import database_at
from bot.config.tables import PREFIX
from bot.i18n import _
from bot.store.lock import at_work

DESCRIPTION = _(
    "Copy the whole database into another one that is empty: from SQLite to PostgreSQL, or back. Compagnon must not run meanwhile. Each table is read again in its new place and compared before it counts; the database in use stays as it is, and goes on being used until you name the other one in the configuration."
)
VARIABLE = f"{PREFIX}DATABASE_URL"


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser("move", help=_("copy the database to SQLite or PostgreSQL"), description=DESCRIPTION)
    where = _("where to: postgresql://user:password@host/name, or sqlite:///data/compagnon.db")
    parser.add_argument("--to", required=True, metavar=_("ADDRESS"), help=where)
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    config, written = read(args.config), written_at(args.config)
    if (config.data_dir / HALF).exists():
        raise CommandError(_("A restore was stopped half-way: run the same restore again, then go on."))
    folder = written.absolute().parent if written else Path.cwd()
    target = database_at(args.to, folder, config.data_dir)
    with at_work(config.data_dir, "move"):
        sums = move(config.database_url.get_secret_value(), target)
    _tell(sums)
    _what_now(config, written, args.to)
    return 0


def _tell(sums: Sums) -> None:
    width = max(map(len, sums))
    for name, table in sums.items():
        print(f"  {name:<{width}}{table.rows:>10}   {table}")
    rows = sum(table.rows for table in sums.values())
    tell(_("{rows} rows in {tables} tables, read again in the new database: each table holds the same there as here."), rows={"number": rows}, tables=len(sums))  # fmt: skip


def _what_now(config: Config, written: Path | None, address: str) -> None:
    """Where the address belongs: there where the one in use stands; a password in no file that others may read."""
    secret = config.data_dir / "secrets" / "database_url"
    shown = make_url(address).render_as_string(hide_password=True)
    if VARIABLE in os.environ:
        tell(_("Now set the variable {variable} to: {address}"), variable=VARIABLE, address=shown)
    elif secret.exists() or make_url(address).password:
        tell(_("Now write the whole address into {path}, readable by Compagnon's own account only: {address}"), path=secret, address=shown)  # fmt: skip
    else:
        tell(_("Now write into {path}:"), path=written or Path("config.toml"))
        print(f'\ndatabase_url = "{shown}"\n')
    tell(_("Then: python3 run.py doctor, and python3 run.py run. The former database is as it was; never start Compagnon on it again: it knows nothing of what happens from now on."))  # fmt: skip
