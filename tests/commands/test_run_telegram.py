"""The real process on Telegram, polling and called: joined by link, answered, stopped politely; and with a wrong token.

Polling is begun as a school begins it, by an interpreter that has imported nothing yet.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.commands.conftest import ROOT, Command
from tests.faults.real_bot import start
from tests.ports import free_port
from tests.telegram_server import Fault, Kind, TelegramServer


async def started(folder: Path) -> Process:
    """`python -m bot run`, typed."""
    words = [sys.executable, "-m", "bot", "run", "--config", str(folder / "config.toml")]
    with (folder / "run.log").open("a") as log:
        return await asyncio.create_subprocess_exec(
            *words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=log
        )


@asynccontextmanager
async def running(folder: Path, *, cold: bool = False) -> AsyncIterator[list[int]]:
    """The same, forked unless it is to be cold, until SIGTERM; afterwards its exit code is in the list."""
    bot = await started(folder) if cold else start(folder, "run", log=folder / "run.log")
    ended: list[int] = []
    try:
        yield ended
    finally:
        bot.send_signal(signal.SIGTERM)
        ended.append(await asyncio.wait_for(bot.wait(), 20))


def configure(folder: Path, server: TelegramServer, *more: str) -> int:
    port = free_port()
    (folder / "config.toml").write_text(
        f'data_dir = "data"\n[web]\nport = {port}\n[telegram]\ntoken = "{server.token}"\napi_url = "{server.url}"\n'
        + "\n".join(more).replace("PORT", str(port)),
        encoding="utf-8",
    )
    return port


def link_of(command: Command, capsys: pytest.CaptureFixture[str], ref: str) -> str:
    """The code of a fresh invitation."""
    capsys.readouterr()
    command("invite", ref)
    return capsys.readouterr().out.split()[1].rpartition("/")[2]


async def health(port: int, wanted: str) -> str:
    """What `/healthz` says once it says this, or what it said last."""
    said = ""
    async with httpx.AsyncClient() as client:
        for _ in range(600):  # a cold start on a machine with much else to do
            try:
                said = (await client.get(f"http://127.0.0.1:{port}/healthz")).text
            except httpx.TransportError:
                said = "nobody there"
            if wanted in said:
                return said
            await asyncio.sleep(0.1)
    return said


WEBHOOK = ('mode = "webhook"', 'webhook_url = "http://127.0.0.1:PORT/telegram"', 'webhook_secret = "only-for-tests"')


@pytest.mark.parametrize("more", [(), WEBHOOK], ids=["polling", "webhook"])
async def test_a_coordinator_joins_and_is_answered(
    command: Command, folder: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...]
) -> None:
    async with TelegramServer() as server:
        port = configure(folder, server, *more)
        command("import", "consortium.toml")
        code = await asyncio.to_thread(link_of, command, capsys, "nferhaoui")
        async with running(folder, cold=not more) as ended:
            assert await health(port, "ok") == "ok\n"
            user = server.user("Nadia", language="fr")
            user.starts(code)
            await user.sees("Je suis Compagnon", 20)
            user.says("/taches")
            await user.sees("Vous n'avez rien à cocher", 20)
            await server.until(lambda: server.validated["setMyCommands"] >= 3, 20)
        assert ended == [0]
        assert server.violations == []
        assert bool(server.sent("getUpdates")) == (not more)
    assert "Traceback" not in (folder / "run.log").read_text("utf-8")
    assert server.token not in (folder / "run.log").read_text("utf-8")


async def test_a_wrong_token_is_seen_from_outside_and_ends_nothing(folder: Path, command: Command) -> None:
    async with TelegramServer() as server:
        server.faults.add(Fault("getUpdates", Kind.UNAUTHORIZED, times=50))
        port = configure(folder, server)
        command("import", "consortium.toml")
        async with running(folder) as ended:
            assert "telegram: token" in await health(port, "telegram")
        assert ended == [0]
