"""`programme init` writes what `programme check` accepts; errors are plain lines, and nothing is overwritten."""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path

import pytest

from bot.commands import programme
from bot.commands.catalogs import WRITTEN
from bot.config.programme import SHIPPED
from bot.i18n import LANGUAGES

FIT = "is fit for use. Items of the checklist: 64 outgoing, 16 incoming, 11 staff.\n"


def run(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    programme.add(parser.add_subparsers())
    args = parser.parse_args(["programme", *map(str, words)])
    code: int = args.run(args)
    return code


@pytest.mark.parametrize("language", LANGUAGES)
def test_init_writes_a_programme_that_check_accepts(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    assert run("init", "--language", language, "--output", path) == 0
    assert capsys.readouterr().out == f"{path} is written. Adapt it, then: python3 run.py programme check {path}\n"
    assert run("check", path) == 0
    said, problems = capsys.readouterr()
    *notes, last = said.splitlines(keepends=True)
    assert (last, problems) == (f"mine.toml {FIT}", "")
    assert all("last compared with its source" in note for note in notes)


@pytest.mark.parametrize("language", WRITTEN)
def test_init_puts_the_language_first_and_loses_nothing(language: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    run("init", "--language", language, "--output", path)
    written, example = tomllib.loads(path.read_text("utf-8")), tomllib.loads(SHIPPED.read_text("utf-8"))
    assert next(iter(written["outgoing"]["before"][0]["title"])) == language
    assert next(iter(written["levels"]["now"]["name"])) == language
    assert written.pop("programme")["language"] == language
    example.pop("programme")
    assert written == example


def test_init_overwrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("mine", "utf-8")
    assert run("init", "--output", path) == 1
    said = f"{path} is there already and was left as it is. Choose another name: --output NAME\n"
    assert capsys.readouterr() == ("", said)
    assert path.read_text("utf-8") == "mine"


def test_init_says_where_it_cannot_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "nowhere" / "mine.toml"
    assert run("init", "--output", path) == 1
    said = f"{path} could not be written: there is no such file or folder. Choose another place: --output NAME\n"
    assert capsys.readouterr() == ("", said)


def test_check_prints_one_line_for_each_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.toml"
    text = SHIPPED.read_text("utf-8")
    path.write_text(text.replace('who = "coordinator"', 'who = "mayor"', 1).replace("format = 1", ""), "utf-8")
    assert run("check", path) == 1
    assert capsys.readouterr() == (
        "",
        'mine.toml, outgoing.before "dates", who: "mayor" is not known here: write learner, family, coordinator, '
        "teacher, finance, administration, head, employer, partner, or host_family\n",
    )


def test_check_prints_what_a_programme_says_against_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.toml"
    text = SHIPPED.read_text("utf-8")
    path.write_text(text.replace('when = ["minor"]', 'when = ["minors"]', 1), "utf-8")
    assert run("check", path) == 1
    assert capsys.readouterr() == (
        "",
        'mine.toml, outgoing.before "parental_consent", when: "minors" is no condition; did you mean "minor"?\n',
    )


def test_check_notes_what_works_otherwise_than_meant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.toml"
    text = SHIPPED.read_text("utf-8")
    path.write_text("\ufeff" + text.replace('ask = "J+0 20:00"', 'ask = "J+0 22:00"', 1), "utf-8")
    assert run("check", path) == 0
    note = "outgoing.arrival, ask: 22:00 is in quiet hours (20:30 to 08:00): it will be sent at 08:00"
    said, problems = capsys.readouterr()
    lines = [line for line in said.splitlines(keepends=True) if "last compared with its source" not in line]
    assert (lines, problems) == ([f"Note: mine.toml, {note}\n", f"mine.toml {FIT}"], "")


def test_check_says_what_it_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.toml"
    assert run("check", path) == 1
    hint = "To start from an example: python3 run.py programme init"
    assert capsys.readouterr() == ("", f"{path} could not be read: there is no such file or folder. {hint}\n")
    path.write_bytes(b"\x81\x8d")
    assert run("check", path) == 1
    assert capsys.readouterr() == ("", f"{path} is no text file. Save it again as UTF-8.\n")


def test_a_short_file_for_whom_a_school_sends_and_one_of_texts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    assert run("init", "--for", "vet", "apprentices", "--texts", "es", "--output", path) == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == ["mine.es.toml", "mine.toml"]
    capsys.readouterr()
    assert run("check", path) == 0
    said, problems = capsys.readouterr()
    assert (said.splitlines(keepends=True)[-1], problems) == (f"mine.toml {FIT}", "")


def test_diff_says_what_is_a_schools_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine, last_year = tmp_path / "mine.toml", tmp_path / "last_year.toml"
    about = 'extends = "compagnon"\n[programme]\nversion = "{year}"\n'
    last_year.write_text(about.format(year="2025-09-01"), "utf-8")
    mine.write_text(about.format(year="2026-09-02") + '[[outgoing.before]]\nid = "ehic"\ndue = "J-80"\n', "utf-8")
    assert run("diff", mine, last_year) == 0
    assert capsys.readouterr() == (
        'programme.version: "2025-09-01" is now "2026-09-02"\noutgoing.before "ehic".due: "J-21" is now "J-80"\n', "",
    )  # fmt: skip
    assert run("diff", mine, mine) == 0
    assert capsys.readouterr() == ("mine.toml says the same as mine.toml.\n", "")
    assert run("diff", mine, tmp_path / "nowhere.toml") == 1


def test_check_says_which_translation_may_no_longer_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('extends = "compagnon"\n[[outgoing.before]]\nid = "ehic"\ntext = "Ta carte, vite."\n', "utf-8")
    assert run("check", path) == 0
    notes = [line for line in capsys.readouterr().out.splitlines() if "still says" in line]
    assert notes == [
        "Note: mine.toml, outgoing.before.ehic, text: in en and es it still says what Compagnon says: does that fit what you changed?"
    ]
