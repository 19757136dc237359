"""`doctor`, as whoever runs Compagnon reads it; Telegram is a server on loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.cries.detector import shipped
from tests.commands.conftest import Command
from tests.telegram_server import Fault, Kind, TelegramServer

BASE = 'programme = "programme.toml"\ndata_dir = "data"\n'


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """A bot as @BotFather leaves it after the steps of docs/telegram.md."""
    async with TelegramServer() as started:
        started.privacy = True
        yield started
    assert started.sent("getUpdates") == []


@pytest.fixture
def school(command: Command, folder: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    (folder / "config.toml").write_text(BASE, encoding="utf-8")
    command("import", "consortium.toml")
    capsys.readouterr()
    return command


def configure(folder: Path, server: TelegramServer, more: str = "", token: str = "") -> None:
    written = f'{BASE}[telegram]\ntoken = "{token or server.token}"\napi_url = "{server.url}"\n{more}'
    (folder / "config.toml").write_text(written, encoding="utf-8")


async def told(command: Command, capsys: pytest.CaptureFixture[str], about: str = "telegram") -> list[tuple[str, str]]:
    """What the doctor says about one subject: signs and words, without the cures."""
    await asyncio.to_thread(command, "doctor")
    lines = [line for line in capsys.readouterr().out.splitlines() if line[2:].startswith(about)]
    return [(line[0], line[2:].removeprefix(about).strip()) for line in lines]


async def test_bot_that_is_well(
    school: Command, folder: Path, server: TelegramServer, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(folder, server)
    server.profile.set_commands([{"command": "sos", "description": "x"}], {"type": "all_private_chats"})
    assert await told(school, capsys) == [
        ("✔", "@compagnon_test_bot (Compagnon, 1234567) knows its token"),
        ("!", "it can be added to groups"),
        ("✔", "long polling, no webhook"),
        ("✔", "commands in its menu: 1"),
    ]
    assert (await told(school, capsys, "clock"))[0][0] == "✔"


async def test_bot_that_hears_whole_groups_is_broken(
    school: Command, folder: Path, server: TelegramServer, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(folder, server)
    server.privacy = False
    assert ("✘", "it may read everything in groups") in await told(school, capsys)


async def test_webhook_left_over_is_broken_while_polling(
    school: Command, folder: Path, server: TelegramServer, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(folder, server)
    await server.webhook.set("https://elsewhere.example.org/secret-path")
    await asyncio.to_thread(school, "doctor")
    said = capsys.readouterr().out
    assert (
        '✘ telegram      a webhook is set, to elsewhere.example.org: with mode = "polling" nothing arrives while it is '
        "there\n                → start Compagnon, which removes it; or, if that is another Compagnon, stop it; or "
        'mode = "webhook"\n'
    ) in said
    assert "secret-path" not in said


async def test_webhook_that_fails_is_said_with_what_waits(
    school: Command, folder: Path, server: TelegramServer, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = "http://127.0.0.1:9/telegram"
    configure(folder, server, f'mode = "webhook"\nwebhook_url = "{ours}"\nwebhook_secret = "not-shown"\n')
    await server.webhook.set(ours)
    server.webhook.last_error = "Wrong response from the webhook: 502 Bad Gateway"
    server.webhook.last_error_date = int(server.clock.now().timestamp()) - 125
    found = await told(school, capsys)
    assert (
        "!",
        "the webhook failed 2 min ago: Wrong response from the webhook: 502 Bad Gateway; 0 updates wait",
    ) in found
    await server.webhook.set("https://elsewhere.example.org/telegram")
    found = await told(school, capsys)
    assert ("✘", "the webhook leads to elsewhere.example.org, not to webhook_url") in found


@pytest.mark.parametrize("token", ["1234567:WRONG", "none"])
async def test_wrong_token_is_named_with_the_cure_and_never_shown(
    school: Command, folder: Path, server: TelegramServer, capsys: pytest.CaptureFixture[str], token: str
) -> None:
    configure(folder, server, token=token)
    assert await asyncio.to_thread(school, "doctor") == 1
    said = capsys.readouterr()
    assert f"✘ telegram      the token is wrong: 127.0.0.1:{server.port} does not know it\n" in said.out
    assert "@BotFather: /token" in said.out
    assert "WRONG" not in said.out + said.err


async def test_telegram_that_does_not_answer_hinders_no_other_look(
    school: Command, folder: Path, server: TelegramServer, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(folder, server)
    server.faults.add(Fault("getMe", Kind.SERVER_ERROR, times=9))
    assert await told(school, capsys) == [("✘", f"127.0.0.1:{server.port} does not answer (Unanswered)")]
    server.faults.add(Fault("getWebhookInfo", Kind.GARBAGE, times=9))
    server.faults.waiting.pop(0)
    assert len(await told(school, capsys, "web")) == 1


async def test_invite_knows_the_bots_name_from_the_doctor(
    school: Command, folder: Path, server: TelegramServer, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(folder, server)
    await asyncio.to_thread(school, "doctor")
    asked = len(server.requests)
    capsys.readouterr()
    await asyncio.to_thread(school, "invite", "nferhaoui")
    assert "telegram https://t.me/compagnon_test_bot?start=" in capsys.readouterr().out
    assert len(server.requests) == asked


def test_configuration_that_cannot_be_read_ends_the_rounds(
    command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "config.toml").write_text("[web]\nprot = 8080\n", encoding="utf-8")
    assert command("doctor", "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["fine"], found["findings"][-1]) == (
        False,
        {
            "level": "broken",
            "about": "configuration",
            "what": f"{folder / 'config.toml'}: web.prot: no such setting; did you mean web.port?",
            "cure": "mend it: nothing starts before that",
        },
    )


def test_before_the_first_import_nothing_is_broken(
    command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "config.toml").write_text(BASE, encoding="utf-8")
    assert command("doctor") == 0
    said = capsys.readouterr().out
    assert f"! database      {folder / 'data' / 'compagnon.db'} is not there yet\n" in said
    assert not (folder / "data").exists()


def test_programme_that_is_wrong_is_named(school: Command, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "programme.toml").write_text("format = 1\n", encoding="utf-8")
    assert school("doctor") == 1
    said = capsys.readouterr().out
    assert "✘ programme " in said
    assert "! team          not looked at\n" in said


def test_team_is_reached_once_two_adults_have_joined(
    school: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert school("doctor") == 0
    assert "! team          valmer: the coordinator (nferhaoui) has no confirmed address\n" in capsys.readouterr().out
    school("import", "roster.csv")
    capsys.readouterr()
    assert school("doctor") == 1
    assert "✘ team          valmer: the coordinator (nferhaoui) has no confirmed address\n" in capsys.readouterr().out


def test_whoever_looks_leaves_what_a_start_needs_beside_the_program(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "words.packed"
    monkeypatch.setattr("bot.domain.cries.shipped.KEPT", kept)
    shipped.cache_clear()

    command("doctor")

    assert kept.exists()
