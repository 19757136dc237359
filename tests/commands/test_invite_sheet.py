"""`invite --class`: who gets a card, and what becomes of older codes."""

from __future__ import annotations

import re
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import SimulatedClock
from bot.domain.programme import Programme
from bot.handlers.people.invitations import Claimed, look
from bot.store.db import Database, Tx
from bot.store.keys import key_ring
from tests.commands.conftest import Command

CODE = re.compile(r"/j/([\w-]{22})\"")


def change(folder: Path, words: str) -> None:
    """Change what the roster said, past the bot."""
    with closing(sqlite3.connect(folder / "data" / "compagnon.db")) as rows, rows:
        rows.execute(words)


def codes(sheet: Path) -> list[str]:
    return CODE.findall(sheet.read_text(encoding="utf-8"))


def states(folder: Path, found: list[str], programme: Programme) -> list[Claimed]:
    """What opening each of these codes would lead to, an hour after the rehearsal began."""
    clock = SimulatedClock(datetime(2026, 11, 2, 10, tzinfo=UTC))
    db = Database(
        f"sqlite:///{folder / 'data' / 'compagnon.db'}", clock, programme, keys=key_ring(folder / "data" / "keys")
    )

    def looked(tx: Tx) -> list[Claimed]:
        return [look(tx, code) for code in found]

    try:
        return db.run(looked)
    finally:
        db.close()


def test_every_learner_of_a_class_gets_a_card(school: Command, folder: Path) -> None:
    sheet = folder / "class.html"
    assert school("invite", "--class", "bts  ci1", "--sheet", str(sheet)) == 0
    names = re.findall(r"<bdi>(.*?)</bdi>", sheet.read_text(encoding="utf-8"))
    assert names == ["Noémie Abadie", "Théo Chaumont", "Ane Iturralde Sanz"]
    assert len(set(codes(sheet))) == 3


def test_a_cancelled_stay_and_one_that_is_over_get_none(school: Command, folder: Path) -> None:
    change(
        folder, "UPDATE stays SET ended = 'withdrawn' WHERE person_id = (SELECT id FROM people WHERE ref = 'TEL-27-01')"
    )
    change(folder, "UPDATE stays SET back = '2026-10-31' "
                   "WHERE person_id = (SELECT id FROM people WHERE ref = 'TEL-27-02')")  # fmt: skip
    sheet = folder / "class.html"
    assert school("invite", "--class", "BTS CI1", "--sheet", str(sheet)) == 0
    assert re.findall(r"<bdi>(.*?)</bdi>", sheet.read_text(encoding="utf-8")) == ["Ane Iturralde Sanz"]


def test_a_new_sheet_puts_an_end_to_the_one_before(school: Command, folder: Path, programme: Programme) -> None:
    first, second = folder / "first.html", folder / "second.html"
    school("invite", "--class", "BTS CI1", "--sheet", str(first))
    school("invite", "--class", "BTS CI1", "--sheet", str(second))
    assert states(folder, codes(first), programme) == [Claimed.EXPIRED] * 3
    assert states(folder, codes(second), programme) == [Claimed.PENDING] * 3


def test_a_sheet_is_for_its_owner_only_and_is_not_overwritten(
    school: Command, folder: Path, capsys: pytest.CaptureFixture[str], programme: Programme
) -> None:
    sheet = folder / "class.html"
    school("invite", "--class", "BTS CI1", "--sheet", str(sheet))
    before = codes(sheet)
    capsys.readouterr()
    assert school("invite", "--class", "BTS CI1", "--sheet", str(sheet)) == 1
    assert capsys.readouterr().err == (
        f"{sheet} is there already. Add --force to replace it; its codes then stop working.\n"
    )
    assert (codes(sheet), states(folder, before, programme)) == (before, [Claimed.PENDING] * 3)
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    assert school("invite", "--class", "BTS CI1", "--sheet", str(sheet), "--force") == 0
    assert set(codes(sheet)).isdisjoint(before)


def test_a_class_that_several_schools_have_asks_which(
    school: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(folder, "UPDATE stays SET class_name = '1CGEA' "
                   "WHERE person_id = (SELECT id FROM people WHERE ref = 'TEL-27-03')")  # fmt: skip
    sheet = str(folder / "class.html")
    assert school("invite", "--class", "1CGEA", "--sheet", sheet) == 1
    assert capsys.readouterr().err == (
        'The class "1CGEA" is in several schools: add --school ombelle or --school tellier.\n'
    )
    assert school("invite", "--class", "1CGEA", "--school", "Lycée Marguerite-Tellier", "--sheet", sheet) == 0


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ((), "Name one person (invite REF), or a class (invite --class NAME --sheet FILE.pdf)."),
        (
            ("VAL-27-06", "--class", "2MELEC"),
            "Name one person (invite REF), or a class (invite --class NAME --sheet FILE.pdf).",
        ),
        (("--class", "2MELEC"), "A class needs a sheet: add --sheet FILE.pdf, or --sheet FILE.html"),
        (
            ("--class", "2MELEC", "--sheet", "cards.docx"),
            "cards.docx: a sheet is a .pdf or a .html file; give it one of these endings",
        ),
        (
            ("VAL-27-06", "--sheet", "cards.pdf"),
            "--sheet, --school and --force go with --class: invite --class NAME --sheet FILE.pdf",
        ),
        (
            ("--class", "9Z", "--sheet", "cards.pdf", "--school", "tellier"),
            'There is no class "9Z" at "tellier". There are: 1CGEA (ombelle), 1CSR (valmer), 1MELEC (valmer), '
            "2MELEC (valmer), BP-REA (CFA) (ombelle), BTS CI1 (tellier), BTS GTLA1 (tellier), BTSA-APV1 (ombelle), "
            "TCAP-CUIS (valmer), TCSR (valmer).",
        ),
        (
            ("--class", "2MELEC", "--sheet", "nowhere/cards.pdf"),
            "nowhere/cards.pdf cannot be written: there is no such file or folder. Name another place.",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    school: Command, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], answer: str
) -> None:
    assert school("invite", *words) == 1
    assert capsys.readouterr().err == f"{answer}\n"


def test_links_that_no_phone_can_open_are_warned_of(
    school: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    school("invite", "--class", "BTS CI1", "--sheet", str(folder / "class.html"))
    assert capsys.readouterr().err == (
        "warning: the web links lead to http://127.0.0.1:8080, this machine: set [web] base_url, "
        "then make the sheet anew.\n"
    )


@pytest.mark.parametrize("trusted", [True, False])
def test_trusted_cards_need_no_confirmation(school: Command, folder: Path, trusted: bool) -> None:
    words = ("--trusted",) if trusted else ()
    school("invite", "--class", "BTS CI1", "--sheet", str(folder / "class.html"), *words)
    with closing(sqlite3.connect(folder / "data" / "compagnon.db")) as rows:
        kept = rows.execute("SELECT trusted FROM invitations").fetchall()
    assert kept == [(int(trusted),)] * 3


def test_a_pdf_is_made_as_well(school: Command, folder: Path) -> None:
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    assert school("invite", "--class", "2MELEC", "--sheet", str(folder / "class.pdf")) == 0
    assert (folder / "class.pdf").read_bytes().startswith(b"%PDF-")
