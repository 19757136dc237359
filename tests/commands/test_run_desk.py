"""The real process serves the desk: an adult asks for it in the chat, and comes in."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from tests.commands.conftest import Command
from tests.commands.test_run import answers, running, soon, told
from tests.ports import free_port
from tests.web.chat.conftest import hidden


def test_an_adult_asks_for_the_desk_in_the_chat_and_sees_the_board(
    command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = (folder / "config.toml").read_text(encoding="utf-8")
    (folder / "config.toml").write_text(f"{settings}[web]\nport = {port}\n", encoding="utf-8")
    command("import", "consortium.toml")
    command("import", "roster.csv")
    capsys.readouterr()
    command("invite", "ykerdoncuff")
    link = capsys.readouterr().out.split()[1]
    with running(folder), httpx.Client(base_url=address, headers={"Origin": address}) as browser:
        assert soon(lambda: answers(address))
        assert browser.get("/desk").headers["location"] == "/desk/"
        assert browser.get("/desk/").status_code == 401
        browser.get(link)
        browser.post(link)
        assert soon(lambda: len(told(folder, "ykerdoncuff")) == 1)
        browser.post("/say", data=hidden(browser.get("/").text, "say") | {"text": "/desk"})
        assert soon(lambda: "/desk/in/" in told(folder, "ykerdoncuff")[-1])
        found = re.findall(r"/desk/in/[\w-]{22}", told(folder, "ykerdoncuff")[-1])
        browser.get(found[0])
        assert browser.post(found[0]).headers["location"] == "/desk/"
        pages = [browser.get(path).status_code for path in ("/desk/", "/desk/people", "/desk/calendar")]
    assert pages == [200, 200, 200]
