"""`invite` with a bot: the deep link, whose name Telegram tells."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.commands.conftest import Command
from tests.telegram_server import Fault, Kind, TelegramServer

LINKS = re.compile(
    r"web http://127\.0\.0\.1:8080/j/([\w-]{22})\ntelegram https://t\.me/compagnon_test_bot\?start=([\w-]{22})\n"
)


@pytest.fixture
async def bot(
    command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> AsyncIterator[tuple[TelegramServer, Command]]:
    """A school that has a bot, early in 2027."""
    async with TelegramServer() as server:
        config = (folder / "config.toml").read_text(encoding="utf-8").replace("2026-11-02", "2027-02-10")
        told = f'[telegram]\ntoken = "{server.token}"\napi_url = "{server.url}"\n'
        (folder / "config.toml").write_text(config + told, encoding="utf-8")
        command("import", "consortium.toml")
        command("import", "roster.csv")
        capsys.readouterr()
        yield server, command
    assert server.violations == []


Bot = tuple[TelegramServer, Command]


async def test_one_code_serves_whichever_channel_is_opened_first(bot: Bot, capsys: pytest.CaptureFixture[str]) -> None:
    _server, command = bot
    assert await asyncio.to_thread(command, "invite", "TEL-27-01") == 0
    said = capsys.readouterr()
    links = LINKS.fullmatch(said.out)
    assert links
    assert (links[1] == links[2], said.err) == (True, "")


async def test_the_bots_name_is_asked_once(bot: Bot) -> None:
    server, command = bot
    await asyncio.to_thread(command, "invite", "TEL-27-01")
    await asyncio.to_thread(command, "invite", "nferhaoui")
    assert [request.method for request in server.requests] == ["getMe"]


async def test_the_name_of_a_former_bot_is_not_taken_for_this_ones(
    bot: Bot, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server, command = bot
    await asyncio.to_thread(command, "invite", "TEL-27-01")
    capsys.readouterr()
    async with TelegramServer("7654321:other", username="another_bot") as other:
        config = (folder / "config.toml").read_text(encoding="utf-8")
        config = config.replace(server.token, other.token).replace(server.url, other.url)
        (folder / "config.toml").write_text(config, encoding="utf-8")
        await asyncio.to_thread(command, "invite", "TEL-27-01")
    assert "https://t.me/another_bot?start=" in capsys.readouterr().out


async def test_under_the_programmes_age_there_is_no_telegram(bot: Bot, capsys: pytest.CaptureFixture[str]) -> None:
    _server, command = bot
    assert await asyncio.to_thread(command, "invite", "VAL-27-06") == 0
    said = capsys.readouterr()
    assert re.fullmatch(r"web \S+\n", said.out)
    assert said.err == "telegram: no link, VAL-27-06 is not 16 yet (telegram_min_age).\n"


async def test_when_telegram_is_away_the_web_link_is_printed_all_the_same(
    bot: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    server, command = bot
    server.faults.add(Fault("getMe", Kind.SERVER_ERROR, times=9))
    assert await asyncio.to_thread(command, "invite", "TEL-27-01") == 0
    said = capsys.readouterr()
    assert re.fullmatch(r"web \S+\n", said.out)
    assert said.err == (
        f"telegram: no link, for the bot's name is not known yet, and 127.0.0.1:{server.port} does not answer "
        "(Unanswered). Try again, or start Compagnon once where it can reach Telegram.\n"
    )


async def test_a_wrong_token_is_named_and_never_shown(
    bot: Bot, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server, command = bot
    config = (folder / "config.toml").read_text(encoding="utf-8")
    (folder / "config.toml").write_text(config.replace(server.token, "1234567:WRONG"), encoding="utf-8")
    assert await asyncio.to_thread(command, "invite", "TEL-27-01") == 0
    said = capsys.readouterr()
    assert said.err == (
        f"telegram: no link, for the token is wrong: 127.0.0.1:{server.port} does not know it. "
        "Ask @BotFather for the right one (/token).\n"
    )


async def test_a_person_nobody_knows_costs_no_question_to_telegram(bot: Bot) -> None:
    server, command = bot
    assert await asyncio.to_thread(command, "invite", "X-1") == 1
    assert server.requests == []


async def test_a_sheet_has_both_codes_for_those_who_are_old_enough(
    bot: Bot, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _server, command = bot
    sheet = folder / "class.html"
    assert await asyncio.to_thread(command, "invite", "--class", "2MELEC", "--sheet", str(sheet)) == 0
    page = sheet.read_text(encoding="utf-8")
    cards = page.split('<section class="card"')[1:]
    assert [("t.me/" in card, "/j/" in card) for card in cards] == [
        (False, True),  # Bréhaut, 15
        (False, True),  # Cissokho, 15
        (True, True),  # Delaporte, 16
        (False, True),  # Haddouche, 15
        (True, True),  # Le Guellaff, 16
        (False, True),  # Rodrigues Pinto, 15
    ]
    assert capsys.readouterr().out.splitlines() == [
        f"{sheet}: 6 cards for 2MELEC. Each code works once, until Sat 2027-02-13 10:00 CET.",
        "4 under 16: the web page only.",
        "Codes of these learners that nobody had used no longer work. Hand the cards over in person.",
    ]
