"""From nothing to a rehearsed class in a terminal; whatever is typed wrong is said at once; what is there stays."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pexpect
import pytest

from bot.domain.programme import Programme
from bot.domain.programme.starter import Audience
from bot.domain.roster.rows import read_roster
from bot.domain.roster.table import table_from
from bot.domain.roster.team_checks import weak_spots
from bot.domain.roster.team_file import load_team
from bot.setup.files import adult_ref, config, consortium, invented_class, secrets_of
from bot.setup.questions import FILES, Wrong, asked, checked
from tests.commands.test_run import soon
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = {question.key: question for questions in FILES.values() for question in questions}
ANSWERS = {
    "language": "fr", "school": 'Lycée "Suzanne-Valmer"', "city": "Ardonville", "zone": "Europe/Paris", "on_call": "+33639980010",
    "first_name": "Nadia", "last_name": "Ferhaoui", "phone": "+33639980011", "email": "nadia@example.org",
    "deputy_first_name": "Noé", "deputy_last_name": "Ferhaoui", "deputy_phone": "+33639980012", "deputy_email": "",
    "last_first_name": "Hélène", "last_last_name": "N'Guyen-Dĩ", "last_phone": "+33639980001",
}  # fmt: skip


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("language", "FR", "fr"),
        ("language", "", "fr"),
        ("phone", "06 39 98 00 11", "+33639980011"),
        ("email", "", ""),
        ("zone", "Indian/Reunion", "Indian/Reunion"),
        ("address", "https://compagnon.example.org/", "https://compagnon.example.org"),
        (
            "token",
            " 123456789:AAE-abcdefghijklmnopqrstuvwxyz0123456 ",
            "123456789:AAE-abcdefghijklmnopqrstuvwxyz0123456",
        ),
    ],
)
def test_an_answer_is_kept_as_the_files_want_it(key: str, typed: str, kept: str) -> None:
    assert checked(QUESTIONS[key], typed) == kept


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("language", "klingon", "one of these: "),
        ("school", "  ", "something has to stand here"),
        ("phone", "12", "is no telephone number"),
        ("email", "nadia", "is no e-mail address"),
        ("zone", "Paris/Europe", "Paris/Europe"),
        ("address", "http://compagnon.example.org", "an address such as https://"),
        ("address", "https://compagnon.example.org/desk", "an address such as https://"),
        ("token", "123", "@BotFather's token looks like"),
        ("user_id", "compagnon", "an account such as @compagnon"),
        ("host", "smtp example", "the name of a server"),
    ],
)
def test_what_will_not_do_is_said_at_once(key: str, typed: str, said: str) -> None:
    with pytest.raises(Wrong) as refused:
        checked(QUESTIONS[key], typed)
    assert said in str(refused.value)


def test_a_channel_that_is_left_out_asks_nothing_more() -> None:
    none = {"address": "", "token": "", "host": "", "homeserver": ""}
    assert list(asked("config.toml", none)) == []
    mail = [each.key for each in asked("config.toml", {**none, "host": "smtp.example.org"})]
    assert mail == ["user", "sender"]


def test_the_team_is_whole_whatever_people_are_called() -> None:
    team = load_team(consortium(ANSWERS))
    assert [member.ref for member in team.people] == ["nferhaoui", "nferhaoui-2", "hnguyendi"]
    assert adult_ref(ANSWERS, "") == "nferhaoui"
    assert weak_spots(team) == ()
    assert load_team(consortium({**ANSWERS, "school": "Лицей 4", "last_first_name": ""})).schools[0].ref


def test_secrets_are_in_no_file_that_is_shown() -> None:
    answers = {
        "host": "smtp.example.org",
        "user": "us",
        "password": "hush",
        "sender": "us@example.org",
        "token": "t",
        "address": "",
    }
    assert "hush" not in config(answers)
    assert secrets_of(answers) == {"telegram__token": "t", "email__password": "hush"}


@pytest.mark.parametrize("audience", [str(each) for each in Audience])
def test_the_invented_class_leaves_on_a_saturday_to_come(audience: str, programme: Programme) -> None:
    today = date(2026, 11, 29)
    written = invented_class(audience, "valmer", "Ardonville", today)
    school = load_team(consortium({**ANSWERS, "school": "Lycée Valmer"})).schools[0].known()
    roster = read_roster(table_from("class.csv", written.encode()), programme, [school], today)
    assert (roster.problems, [str(each) for each in roster.warnings], len(roster.rows)) == ((), [], 6)
    assert {row.departure.isoformat() for row in roster.rows} == {"2026-12-12"}


TYPED = (
    ("language", ""), ("school", ""), ("called", "Lycée Suzanne-Valmer"), ("town", "Ardonville"), ("zone", ""),
    ("rings", "06"), ("rings", "06 39 98 00 10"), ("first name", "Nadia"), ("last name", "Ferhaoui"), ("phone", "06 39 98 00 11"),
    ("mail", ""), ("first name", "Luc"), ("last name", "Perrichon"), ("phone", "06 39 98 00 12"), ("mail", ""),
    ("neither", ""),
)  # fmt: skip
"""Words of the questions, and what is typed; a school without a name and a phone too short are asked for again."""


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[pexpect.spawn[str]]:
    kept = {"PYTHONPATH": str(ROOT), "COMPAGNON_WEB__PORT": str(free_port()), "LANG": "C.UTF-8"}
    words = ["-m", "bot", "setup", "--language", "en"]
    made = pexpect.spawn(
        sys.executable, words, cwd=str(tmp_path), env={**os.environ, **kept}, encoding="utf-8", timeout=180
    )
    yield made
    made.close(force=True)


@pytest.mark.filterwarnings(
    "ignore:.*fork.*:DeprecationWarning"
)  # a terminal of its own is forked, from Python 3.12 on with a warning
def test_from_nothing_to_a_rehearsed_class_without_an_editor(terminal: pexpect.spawn[str], tmp_path: Path) -> None:
    for asked_for, typed in TYPED[:1]:
        terminal.expect(asked_for)
        terminal.sendline(typed or "en")
    for asked_for, typed in TYPED[1:]:
        terminal.expect(asked_for)
        terminal.expect(r"[?\]\)] $")
        terminal.sendline(typed)
    for asked_for, typed in (
        ("vet, apprentices", ""),
        ("this machine only", ""),
        ("Telegram", ""),
        ("E-mail", ""),
        ("Matrix", ""),
    ):
        terminal.expect(asked_for)
        terminal.expect(r"[?\]\)] $")
        terminal.sendline(typed)
    terminal.expect("list of your class")
    terminal.sendline("")
    terminal.expect("Rehearse now")
    terminal.sendline("")
    terminal.expect(r"6 new, 0 updated")
    terminal.expect(r"(http://127\.0\.0\.1:\d+)(/desk/in/\S+)")
    address, link = terminal.match.group(1), terminal.match.group(2)
    terminal.expect("This is a rehearsal")
    with httpx.Client(base_url=address, headers={"Origin": address}, follow_redirects=True) as browser:
        assert soon(lambda: _answers(browser))
        assert browser.get(link).status_code == 200
        board = browser.post(link)
        assert (board.status_code, "TEST" in board.text) == (200, True)
    terminal.sendintr()
    terminal.expect(pexpect.EOF)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.toml", "consortium.toml", "data", "programme.toml", "rehearsal", "rehearsal.toml"]  # fmt: skip


def _answers(browser: httpx.Client) -> bool:
    try:
        return browser.get("/healthz").text == "ok\n"
    except httpx.TransportError:
        return False
