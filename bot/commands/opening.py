"""What most commands begin with: the configuration, the programme, the database and the files they name."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.backup.restoring import HALF
from bot.clock import Clock, SimulatedClock, SystemClock
from bot.commands.terminal import warn
from bot.config import Config, read
from bot.config.programme import read_programme as programme_in
from bot.domain.encoding import EncodingError, text_from
from bot.domain.programme import Programme
from bot.domain.roster import Table
from bot.domain.roster.grid import TableError
from bot.domain.roster.headers import NO_COLUMNS, Columns
from bot.domain.roster.table import MOST_BYTES, table_from
from bot.handlers.conversation.stay_dates import name_all_dates
from bot.handlers.privacy.erase import beside, erase_again
from bot.i18n import Text, _, file_fault, say
from bot.runtime.rehearsal import Hands, hands, keep
from bot.store.db import Database, Tx
from bot.store.keys import KeyRing, key_ring
from bot.store.lock import sharing
from bot.store.migrate import upgrade
from bot.store.people import Person, by_ref
from bot.store.tombstones import FOLDER, Tombstones

NO_TEXT = _("{path} is no text file: save it as UTF-8")


class CommandError(Exception):
    """Something a person can mend; the sentence is one line that says how."""

    def __init__(self, text: Text, **values: Any) -> None:
        super().__init__(say(text, **values))


@dataclass(frozen=True)
class Opened:
    """A Compagnon at hand: its configuration and its database, migrated."""

    config: Config
    programme: Programme
    db: Database


def add_config(parser: argparse.ArgumentParser) -> None:
    """The option that names the configuration."""
    parser.add_argument("--config", type=Path, metavar=_("FILE"), help=_("the configuration (default: config.toml)"))


@contextmanager
def opened(args: argparse.Namespace) -> Iterator[Opened]:
    """Open the database the configuration names.

    Raises:
        Busy, CommandError, ConfigError, KeysError, ProgrammeError, MigrationError: each a plain line.
    """
    config = read(args.config)
    if (config.data_dir / HALF).exists():
        raise CommandError(_("A restore was stopped half-way: run the same restore again, then go on."))
    programme = read_programme(config.programme)
    clock: Clock = SystemClock()
    keys = ring_of(config)
    erased = Tombstones(config.data_dir / FOLDER, config.backups)
    db = Database(config.database_url.get_secret_value(), clock, programme, keys=keys, erased=erased)
    try:
        with sharing(db.engine):
            upgrade(db.engine)
            db.run(name_all_dates)
            _erase_again(db)
            if config.rehearsal.enabled:
                db.clock = _rehearsal_clock(db, config)
            yield Opened(config, programme, db)
    finally:
        db.close()


def ring_of(config: Config) -> KeyRing:
    """The keys of an installation.

    Raises:
        KeysError, CommandError: they cannot be used.
    """
    folder = config.data_dir / "keys"
    ring = key_ring(folder, config.keys.file)
    if not ring.fits():
        raise CommandError(
            _(
                "[keys] {path} opens none of the keys that are there: it is another file than the one they were made with."
            ),
            path=config.keys.file or folder / "master",
        )
    return ring


def _erase_again(db: Database) -> None:
    """Whoever was erased since an old backup was made is in it still: before anything else, they go again."""
    gone = db.run(erase_again)
    if gone is not None:
        beside(db, gone)
        warn(_("An older backup came back: people who had been erased since were erased again."))


def _rehearsal_clock(db: Database, config: Config) -> SimulatedClock:
    """The rehearsal's clock where it was left, or at the start that the configuration gives."""
    db.clock = SimulatedClock(config.rehearsal.start or db.clock.now())

    def resume(tx: Tx) -> Hands:
        state = hands(tx)
        keep(tx, state)
        return state

    return SimulatedClock(db.run(resume).now)


def read_programme(path: Path) -> Programme:
    """The programme of a school.

    Raises:
        CommandError: there is no such file.
        ProgrammeError: it is not right; every problem is named.
    """
    try:
        return programme_in(path)
    except OSError:
        raise CommandError(
            _("{path} cannot be read. Make one: python3 run.py programme init --output {path}"), path=path
        ) from None
    except EncodingError:
        raise CommandError(NO_TEXT, path=path) from None


def read_table(path: Path, columns: Columns = NO_COLUMNS) -> Table:
    """The table in a file.

    Raises:
        TableError: the file is missing, empty, too big, or no table.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise TableError(say(_("{file}: cannot be read: {why}"), file=path.name, why=file_fault(error))) from error
    return table_from(path.name, content, columns=columns)


def read_text(path: Path, missing: Text) -> str:
    """The text of a file, in whatever encoding it was saved.

    Raises:
        CommandError: there is no such file (`missing` says what to do), or it is no text.
    """
    try:
        return text_from(path.read_bytes())
    except OSError:
        raise CommandError(missing, path=path) from None
    except EncodingError:
        raise CommandError(NO_TEXT, path=path) from None


def person_of(tx: Tx, ref: str) -> Person:
    """The person of a reference.

    Raises:
        CommandError: nobody has it.
    """
    person = by_ref(tx.rows, ref)
    if person is None:
        raise CommandError(
            _('Nobody has the reference "{ref}". References are those of the roster and of consortium.toml.'),
            ref=ref,
        )
    return person
