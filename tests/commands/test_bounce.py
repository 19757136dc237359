"""`python -m bot bounce`, as a mail server's alias calls it."""

from __future__ import annotations

import io
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.channels.email.returned import NADIA, NUMBER, OUT_OF_OFFICE, postfix
from tests.commands.conftest import Command


class Piped:
    """Standard input with these bytes in it."""

    def __init__(self, raw: bytes) -> None:
        self.buffer = io.BytesIO(raw)


@pytest.fixture
def pipe(command: Command, monkeypatch: pytest.MonkeyPatch) -> Any:
    def run(raw: bytes) -> int:
        monkeypatch.setattr(sys, "stdin", Piped(raw))
        return command("bounce")

    return run


@pytest.mark.parametrize("raw", [b"", b"\xff\x00", OUT_OF_OFFICE, b"x" * 1_100_000])
def test_anything_but_a_notification_is_ignored_in_one_line(
    pipe: Any, raw: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pipe(raw) == 0
    assert capsys.readouterr().err == "This is no notification of a mail that failed: ignored.\n"


def test_a_notification_that_anybody_could_have_written_is_ignored(
    pipe: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pipe(postfix()) == 0
    assert capsys.readouterr().err == (
        "A mail came back (5.1.1): it quotes no mail of ours to that address: ignored.\n"
    )


def test_one_that_quotes_our_mail_gives_the_address_up(
    pipe: Any, command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("import", "consortium.toml") == 0
    with closing(sqlite3.connect(folder / "data" / "compagnon.db")) as rows, rows:
        rows.execute(
            "INSERT INTO addresses (person_id, channel, native, state, created_at, used_at) "
            "SELECT id, 'email', ?, 'confirmed', '2026-11-02 09:00:00', '2026-11-02 09:00:00' "
            "FROM people WHERE ref = 'nferhaoui'",
            (NADIA,),
        )
        rows.execute(
            "INSERT INTO outbox (person_id, lane, message, state, created_at, due_at, fence, attempts, address_id, bound, "
            'native) SELECT person_id, 0, \'{"text": "x", "values": {}, "offers": []}\', \'sent\', '
            "'2026-11-02 09:00:00', '2026-11-02 09:00:00', 1, 0, id, 0, ? FROM addresses",
            (NUMBER,),
        )
    capsys.readouterr()

    assert pipe(postfix()) == 0

    assert capsys.readouterr().err.startswith("A mail came back (5.1.1): the address is given up;")
    with closing(sqlite3.connect(folder / "data" / "compagnon.db")) as rows:
        assert rows.execute("SELECT state FROM addresses").fetchall() == [("left",)]
        assert rows.execute("SELECT state, problem FROM outbox").fetchall() == [("failed", "bounced")]
