"""The real process with e-mail on, at a server that is not there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import httpx

from tests.commands.conftest import Command
from tests.commands.test_run import running, soon
from tests.ports import TRUSTS_NOBODY, free_port


def test_adults_have_a_second_path_while_mail_is_on_and_a_server_that_is_not_there_is_seen(
    command: Command, folder: Path
) -> None:
    port, nobody = free_port(), free_port()
    rest = f"[web]\nport = {port}\n"
    mail = f'[email]\nhost = "127.0.0.1"\nport = {nobody}\ntls = "none"\nsender = "Compagnon <c@example.org>"\n'
    settings = 'programme = "programme.toml"\nconsortium = "consortium.toml"\ndata_dir = "data"\n'
    (folder / "config.toml").write_text(settings + rest + mail, encoding="utf-8")
    command("import", "consortium.toml")
    assert mailboxes(folder) == []
    with running(folder):
        assert soon(lambda: said(port) == "email: server\n")
    assert ("nadia.ferhaoui@example.org", "confirmed") in mailboxes(folder)

    (folder / "config.toml").write_text(settings + rest, encoding="utf-8")
    with running(folder):
        assert soon(lambda: said(port) == "ok\n")
    assert {state for _native, state in mailboxes(folder)} == {"revoked"}


def said(port: int) -> str:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", verify=TRUSTS_NOBODY).text
    except httpx.TransportError:
        return ""


def mailboxes(folder: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(f"file:{folder / 'data' / 'compagnon.db'}?mode=ro", uri=True)) as rows:
        return list(rows.execute("SELECT native, state FROM addresses WHERE channel = 'email'"))
