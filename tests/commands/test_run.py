"""The real process: started, moved by another terminal, stopped by its own id, started again."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import NullPool, create_engine, select

from bot.store.keys import key_ring
from bot.store.messages import OutboxRow
from bot.store.people import Person
from bot.store.sealed import using
from tests.commands.conftest import Command
from tests.faults.real_bot import start
from tests.ports import TRUSTS_NOBODY, free_port


@contextmanager
def running(folder: Path) -> Iterator[None]:
    """`python -m bot run`, forked, until SIGTERM."""
    process = start(folder, "run", log=folder / "run.log")
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.join(20)


def soon(what: Callable[[], bool], pause: float = 0.1) -> bool:
    """Whether something becomes true within half a minute. Between two looks that are dear there is a longer `pause`."""
    for _ in range(round(30 / pause)):
        if what():
            return True
        time.sleep(pause)
    return False


def told(folder: Path, ref: str) -> list[str]:
    """What a person was sent, read past the bot, with the keys that lie beside the database."""
    wanted = (
        select(OutboxRow.rendered)
        .join(Person, Person.id == OutboxRow.person_id)
        .where(Person.ref == ref, OutboxRow.state == "sent")
        .order_by(OutboxRow.id)
    )
    engine = create_engine(f"sqlite:///file:{folder / 'data' / 'compagnon.db'}?mode=ro&uri=true", poolclass=NullPool)
    with using(key_ring(folder / "data" / "keys").words), engine.connect() as beside:
        return [shown["text"] for shown in beside.scalars(wanted) if shown is not None]


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", verify=TRUSTS_NOBODY).text == "ok\n"
    except httpx.TransportError:
        return False


def test_rehearsal_is_marked_and_moved_from_another_terminal(
    command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    settings = (folder / "config.toml").read_text(encoding="utf-8")
    (folder / "config.toml").write_text(f"{settings}[web]\nport = {port}\n", encoding="utf-8")
    command("import", "consortium.toml")
    command("import", "roster.csv")
    capsys.readouterr()
    command("invite", "ykerdoncuff")
    link = capsys.readouterr().out.split()[1]
    with running(folder):
        assert soon(lambda: answers(f"http://127.0.0.1:{port}"))
        with httpx.Client(headers={"Origin": f"http://127.0.0.1:{port}"}) as browser:
            assert browser.get(link).status_code == 200
            assert browser.post(link).status_code == 303
        assert soon(lambda: len(told(folder, "ykerdoncuff")) == 1)
        command("clock", "advance", "12w")
        assert soon(lambda: len(told(folder, "ykerdoncuff")) > 1)
    with running(folder):
        assert soon(lambda: answers(f"http://127.0.0.1:{port}"))
        assert soon(lambda: _stands(command, capsys), pause=0.5)
    texts = told(folder, "ykerdoncuff")
    assert all(text.startswith("🎭") for text in texts)
    assert len(texts) == len(set(texts))


def _stands(command: Command, capsys: pytest.CaptureFixture[str]) -> bool:
    """Whether the clock has come to where it was sent."""
    command("clock", "show")
    shown = capsys.readouterr().out
    return "Nothing more" in shown or "going to" not in shown
