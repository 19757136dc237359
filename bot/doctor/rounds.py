"""The rounds: every look in turn. One that cannot be taken says so, and hinders no other."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Generator, Iterator
from pathlib import Path

from bot.channels.email import account_of
from bot.clock import SystemClock
from bot.config import Config, ConfigError, read
from bot.config.programme import read_programme
from bot.doctor import database, email, help_lines, machine, matrix, team, telegram, web
from bot.doctor.asking import TelegramSilent
from bot.doctor.finding import Finding, Level, broken, fine, look
from bot.domain.encoding import EncodingError
from bot.domain.programme import Programme
from bot.domain.programme.problem import ProgrammeError
from bot.i18n import _, say
from bot.runtime.rehearsal import hands
from bot.runtime.telegram import keep_name
from bot.store.db import Database, Tx


def rounds(named: Path | None) -> Iterator[Finding]:
    """Every finding, as it is made; `named` is the configuration given by `--config`."""
    yield machine.python()
    yield machine.extras()
    try:
        config = read(named)
    except ConfigError as error:
        for problem in error.problems:
            yield broken(_("configuration"), problem, say(_("mend it: nothing starts before that")))
        return
    yield fine(_("configuration"), say(_("read; the data are in {data_dir}"), data_dir=config.data_dir))
    programme = yield from _programme(config.programme)
    if programme is not None:
        yield from machine.badges(programme)
    yield machine.disk(config.data_dir)
    yield machine.backups(config, SystemClock())
    yield from machine.modes(config, named or Path(os.environ.get("COMPAGNON_CONFIG", "config.toml")))
    yield from machine.keys(config)
    db = yield from _database(config, programme)
    try:
        yield from _telegram(config, db)
        yield from matrix.matrix(config, db)
        yield from _email(config, db)
        if db is not None:
            yield from _team(db, rehearsal=config.rehearsal.enabled)
        else:
            yield look(
                _("team"), say(_("not looked at")), say(_("see to the lines above first, then run the doctor again"))
            )
    finally:
        if db is not None:
            db.close()
    yield asyncio.run(web.web(config.web))


def _programme(path: Path) -> Generator[Finding, None, Programme | None]:
    """Whether the school's file is right; and the programme, where it is."""
    try:
        programme = read_programme(path)
    except (OSError, EncodingError):
        yield broken(
            _("programme"),
            say(_("{path} cannot be read"), path=path),
            f"python3 run.py programme init --output {path}",
        )
        return None
    except ProgrammeError as error:
        more = len(error.lines) - 1
        what = say(_("{problem} (and {count} more)"), problem=error.lines[0], count=more) if more else error.lines[0]
        yield broken(
            _("programme"),
            what,
            f"python3 run.py programme check {path}",
        )
        return None
    yield fine(
        _("programme"),
        say(_("{name} is valid, version {version}"), name=path.name, version=programme.programme.version),
    )
    return programme


def _database(config: Config, programme: Programme | None) -> Generator[Finding, None, Database | None]:
    """Whether the database is right; and the database, where it can be read."""
    usable = True
    for finding in database.database(config):
        usable = usable and finding.level is not Level.BROKEN
        yield finding
    if not usable or programme is None or not database.ready(config):
        return None
    db = Database(config.database_url.get_secret_value(), SystemClock(), programme)
    if config.rehearsal.enabled:
        yield look(
            _("rehearsal"),
            say(_("every message says that it is one")),
            say(_("for real learners: [rehearsal] enabled = false")),
        )
    return db


def _telegram(config: Config, db: Database | None) -> Iterator[Finding]:
    """The clock, by Telegram's; then the bot. Its name is kept for the links of `invite`."""
    settings = config.telegram
    if settings.token is None:
        yield fine(_("telegram"), say(_("off: there is no token (docs/telegram.md says how)")))
        return
    yield asyncio.run(machine.clock(settings, SystemClock()))
    try:
        told = asyncio.run(telegram.asked(settings))
    except TelegramSilent as problem:
        yield telegram.unanswered(problem)
        return
    if db is not None and told.me.username:
        db.run(keep_name, settings, told.me.username)
    yield from telegram.judged(told, settings, SystemClock().now())


def _email(config: Config, db: Database | None) -> Iterator[Finding]:
    """The mail server, and whom it gives a second path."""
    account = account_of(config.email)
    if account is None:
        yield fine(_("email"), say(_("off: there is no host, so alerts have one path each (docs/email.md says how)")))
        return
    yield from email.secured(account)
    yield asyncio.run(email.server(account))
    if db is not None:
        yield from db.run(lambda tx: list(email.second_path(tx.rows)))


def _team(db: Database, *, rehearsal: bool) -> list[Finding]:
    """The people, as of today; of a rehearsal's today, where that is one."""

    def seen(tx: Tx) -> list[Finding]:
        now = hands(tx).now if rehearsal else tx.now
        schools = team.named_schools(tx.rows, tx.programme)
        return [*team.people(tx.rows, now.date()), *schools, *help_lines.numbers(tx.rows, tx.programme, now.date())]

    return db.run(seen)
