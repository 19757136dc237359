"""The commands of whoever runs Compagnon: invite, preview, diagram, clock."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.__main__ import COMMANDS, main
from tests.commands.conftest import Command

CODE = re.compile(r"web http://127\.0\.0\.1:8080/j/[\w-]{22}\n")


def test_invite_prints_one_line_per_channel(school: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert school("invite", "VAL-27-06") == 0
    assert CODE.fullmatch(capsys.readouterr().out)


def test_invite_nobody_says_where_references_are(school: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert school("invite", "X-1") == 1
    assert capsys.readouterr().err == (
        'Nobody has the reference "X-1". References are those of the roster and of consortium.toml.\n'
    )


def test_preview_lists_the_contacts_at_the_learners_hour(school: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert school("preview", "VAL-27-07") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "Not enrolled yet: shown as if enrolled today."
    assert [line for line in lines if line.endswith("Weekly check-in")] == [
        "Wed 2027-04-28 18:05 CEST  Weekly check-in",
        "Sun 2027-05-02 18:05 CEST  Weekly check-in",
        "Sun 2027-05-09 18:05 CEST  Weekly check-in",
        "Sun 2027-05-16 18:05 CEST  Weekly check-in",
    ]


def test_preview_of_an_adult_says_who_has_a_plan(school: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert school("preview", "nferhaoui") == 1
    assert capsys.readouterr().err == ('"nferhaoui" has no stay: only learners and staff on a mobility have a plan\n')


def test_diagram_is_mermaid(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagram", "safe_return"]) == 0
    assert capsys.readouterr().out.startswith("flowchart TD\n")


def test_diagram_of_an_unknown_item_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagram", "report", "--item", "nothing"]) == 1
    assert capsys.readouterr().err == ('The programme has no report "nothing" for outgoing stays. It knows: report.\n')


def test_clock_goes_where_it_is_told(school: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert school("clock", "show") == 0
    assert school("clock", "advance", "7d") == 0
    assert capsys.readouterr().out.splitlines() == [
        "Rehearsal at Mon 2026-11-02 10:00 (Paris). Next event: Mon 2026-11-02 10:00.",
        "Rehearsal at Mon 2026-11-02 10:00 (Paris), going to Mon 2026-11-09 10:00: the running bot takes it there.",
    ]


def test_clock_refuses_what_is_no_length_of_time(school: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert school("clock", "advance", "soon") == 1
    assert capsys.readouterr().err == '"soon" is no length of time: write 90min, 12h, 7d or 2w\n'


def test_clock_of_a_real_installation_is_not_moved(
    command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "config.toml").write_text('programme = "programme.toml"\ndata_dir = "data"\n', encoding="utf-8")
    assert command("clock", "advance", "1d") == 1
    assert capsys.readouterr().err == (
        "This is no rehearsal, its clock is the real one. To rehearse: [rehearsal] enabled = true\n"
    )


def test_missing_configuration_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["invite", "X", "--config", str(tmp_path / "none.toml")]) == 1
    assert "none.toml" in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert (ended.value.code, capsys.readouterr().out.startswith(f"usage: python3 run.py {name}")) == (0, True)


def test_a_copy_of_somebodys_data_is_one_file(
    school: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "copy.zip"

    assert school("export-person", "VAL-27-06", "--output", str(path)) == 0
    assert path.read_bytes()[:2] == b"PK"
    assert capsys.readouterr().out.startswith(f"{path}: the copy for ")
    assert school("export-person", "VAL-27-06", "--output", str(path)) == 1, "nothing is overwritten"
