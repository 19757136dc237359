"""The chat in the terminal, line by line."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from tests.conftest import ROOT
from tests.telegram_server import TelegramServer
from tests.telegram_server.by_hand import ORDERS, Terminal


async def test_lines_are_said_pressed_and_shown(server: TelegramServer, bot: Bot, tmp_path: Path) -> None:
    shown: list[str] = []
    terminal = Terminal(server, "Lina", shown.append)
    (tmp_path / "me.jpg").write_bytes(b"picture")
    assert all(terminal.plays(line) for line in ("/start CODE", "Hello", f":photo {tmp_path / 'me.jpg'}"))
    sent = await bot.send_message(
        terminal.me.id,
        "Ready?",
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label) for label in "AB"]]),
    )
    assert terminal.plays("2")
    await bot.edit_message_text("Noted", terminal.me.id, sent.message_id)
    for line in (":as Paul", "7", ":what"):
        assert terminal.plays(line)
    assert not terminal.plays(":quit")
    assert [raw["callback_query"]["data"] for raw in server.updates.pending if "callback_query" in raw] == ["B"]
    assert shown == [
        "Bot writes: Ready?\n    1 [A]\n    2 [B]",
        "Bot edits: Noted",
        "You are Paul now.",
        "! no button 7; on offer: no buttons at all",
        ORDERS,
    ]
    assert terminal.people["Lina"].transcript() == (
        "Lina: /start CODE\nLina: Hello\nLina: (7 bytes) \nBot: Ready? [A] [B] → Noted"
    )


async def test_the_program_ends_with_its_input() -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.telegram_server", "--port", "0", "--name", "Lina"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    out, _ = await program.communicate(b"Hello\n:as Paul\n")
    assert program.returncode == 0
    assert 'token = "1234567:TEST-token"' in out.decode()
    assert out.decode().endswith("You are Paul now.\n")
