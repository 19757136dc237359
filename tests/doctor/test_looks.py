"""Single looks: the clock, the database, the files, the web address."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from aiohttp.web import Application, Request, Response
from pydantic import SecretStr

from bot.clock import SimulatedClock
from bot.config import Config
from bot.config.tables import Backup, Keys, Web
from bot.doctor import machine
from bot.doctor.database import database, ready
from bot.doctor.finding import Finding, Level
from bot.doctor.machine import backups, badges, compared, keys, modes
from bot.doctor.web import web
from bot.domain.programme import Programme
from bot.store.db import connect
from bot.store.migrate import upgrade

NOON = datetime(2027, 3, 10, 12, 0, 0, 500_000, tzinfo=UTC)
DATE = "Wed, 10 Mar 2027 12:00:00 GMT"


@pytest.mark.parametrize(
    ("seconds", "level"),
    [(0, "fine"), (5, "fine"), (-5, "fine"), (6, "look"), (-60, "look"), (61, "broken"), (-3600, "broken")],
)
def test_clock_is_judged_by_how_far_it_is_off(seconds: int, level: str) -> None:
    assert compared(NOON + timedelta(seconds=seconds), DATE, "example.org").level.value == level


def test_clock_says_which_way_it_is_off() -> None:
    assert compared(NOON - timedelta(hours=1), DATE, "example.org").what == "3,600 s behind example.org"


def test_clock_without_a_date_to_compare_with_is_said() -> None:
    assert compared(NOON, "", "example.org").what == "not compared: example.org does not tell the time"


def config(folder: Path) -> Config:
    url = SecretStr(f"sqlite:///{folder / 'compagnon.db'}")
    return Config().model_copy(update={"database_url": url, "data_dir": folder})


def test_a_backup_is_looked_for(tmp_path: Path) -> None:
    here, clock = config(tmp_path), SimulatedClock(NOON)
    assert backups(here, clock).what == "none is made"
    here = here.model_copy(update={"backup": Backup(recipient="age1…")})
    assert backups(here, clock).what == "there is none yet"
    here.backups.mkdir()
    made = here.backups / "compagnon-2027-03-07T020000Z.age"
    made.touch()
    for hours, told in ((71, "the newest is 2 days old"), (47, f"one of the last two days is in {here.backups}")):
        os.utime(made, (0, NOON.timestamp() - 3600 * hours))
        assert backups(here, clock).what == told


def test_database_that_is_whole_and_current_is_fine(database_url: str, tmp_path: Path) -> None:
    here = config(tmp_path).model_copy(update={"database_url": SecretStr(database_url)})
    assert {finding.level for finding in database(here)} == {Level.FINE}
    assert ready(here)


def test_database_without_a_table_is_to_be_filled(empty_url: str, tmp_path: Path) -> None:
    engine = connect(empty_url)
    engine.connect().close()
    engine.dispose()
    here = config(tmp_path).model_copy(update={"database_url": SecretStr(empty_url)})
    last = list(database(here))[-1]
    assert (last.level, last.what, ready(here)) == (Level.LOOK, "it is empty", False)


def test_database_that_is_no_database_is_broken(tmp_path: Path) -> None:
    (tmp_path / "compagnon.db").write_bytes(b"no database at all" * 100)
    first = next(database(config(tmp_path)))
    assert (first.level, first.cure) == (
        Level.BROKEN,
        "stop Compagnon, keep a copy of the file, and restore the last backup",
    )


def test_database_of_a_newer_compagnon_is_broken(tmp_path: Path) -> None:
    here = config(tmp_path)
    engine = connect(here.database_url.get_secret_value())
    upgrade(engine)
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "compagnon.db")) as rows, rows:
        rows.execute("UPDATE alembic_version SET version_num = '9999'")
    assert [finding.level for finding in database(here)] == [Level.FINE, Level.BROKEN]


def test_files_that_others_may_read_are_named_with_the_command_that_closes_them(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "telegram__token").touch(mode=0o644)
    (tmp_path / "compagnon.db").touch(mode=0o600)
    assert [finding.cure for finding in modes(config(tmp_path))] == [
        f"chmod 700 {tmp_path}",
        f"chmod 600 {tmp_path / 'secrets' / 'telegram__token'}",
    ]
    tmp_path.chmod(0o700)
    assert [finding.level for finding in modes(config(tmp_path))] == [Level.FINE]


def test_configuration_with_a_secret_in_it_is_not_for_others(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    written = tmp_path / "config.toml"
    written.write_text('[telegram]\nmode = "polling"\n', "utf-8")
    written.chmod(0o644)
    assert [finding.level for finding in modes(config(tmp_path), written)] == [Level.FINE]
    written.write_text('[telegram]\ntoken = "1:invented"\n', "utf-8")
    assert [finding.cure for finding in modes(config(tmp_path), written)] == [f"chmod 600 {written}"]


def test_keys_beside_the_database_are_to_be_moved(tmp_path: Path) -> None:
    here = config(tmp_path).model_copy(update={"keys": Keys(file=tmp_path / "keys")})
    assert [finding.what for finding in keys(here)] == [f"{tmp_path / 'keys'} is not there"]
    (tmp_path / "keys").touch(mode=0o600)
    assert [finding.level for finding in keys(here)] == [Level.LOOK]


async def test_web_address_that_only_this_machine_knows_is_said() -> None:
    found = await web(Web())
    assert (found.level, found.what) == (Level.LOOK, "links lead to http://127.0.0.1:8080: this machine only")


async def test_web_address_where_nothing_runs_yet_is_worth_a_look() -> None:
    found = await web(Web(base_url="http://127.0.0.1:9"))
    assert (found.level, found.what) == (
        Level.LOOK,
        "http://127.0.0.1:9/healthz does not answer from here (ClientConnectorError)",
    )


async def answered(status: int, text: str, kind: str) -> Finding:
    """What is said of an address that answers so."""

    async def healthz(_request: Request) -> Response:
        return Response(text=text, status=status, content_type=kind)

    app = Application()
    app.router.add_get("/healthz", healthz)
    async with TestServer(app) as server:
        return await web(Web(base_url=str(server.make_url("/"))))


@pytest.mark.parametrize(
    ("status", "text", "kind", "level", "what"),
    [
        (200, "ok\n", "text/plain", "look", "answers, without encryption"),
        (502, "<h1>Bad Gateway</h1>", "text/html", "look", "the reverse proxy answers 502"),
        (404, "no", "text/plain", "look", "answers 404"),
        (503, "telegram: token\n", "text/plain", "broken", "Compagnon says of itself: telegram: token"),
    ],
)
async def test_web_address_is_judged_by_its_answer(status: int, text: str, kind: str, level: str, what: str) -> None:
    found = await answered(status, text, kind)
    assert (found.level.value, found.what.endswith(what)) == (level, True)


def test_a_badge_that_nothing_here_can_make_is_said(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    there = list(badges(programme))
    monkeypatch.setattr(machine, "_version", lambda _package: machine.MISSING)

    missing = [(each.level, each.what, each.cure) for each in badges(programme)]
    plain = list(badges(programme.model_copy(update={"badge": None})))

    told = "No badge is made here until the extra badges is installed."
    assert (there, plain) == ([], [])
    assert missing == [(Level.LOOK, told, '.venv/bin/python -m pip install "openbadgeslib>=4.6.3,<5"')]
