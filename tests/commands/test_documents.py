"""`documents`: templates as files. Nothing is written over, and what cannot be printed is said with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.__main__ import main


def test_templates_are_written_tried_and_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    folder, made = tmp_path / "documents", tmp_path / "staff.pdf"

    codes = [main(["documents", "check", str(folder)]), main(["documents", "init", str(folder)])]
    staff = folder / "staff.typ"
    staff.write_text(staff.read_text("utf-8").replace('#part(it, "other")', "#oops"), "utf-8")
    codes += [main(["documents", "init", str(folder)]), main(["documents", "check", str(folder)])]
    staff.unlink()
    codes += [main(["documents", "check", str(folder)])]
    codes += [main(["documents", "render", "staff", "--output", str(made)])]

    said = capsys.readouterr()
    assert codes == [1, 0, 0, 1, 0, 0]
    assert made.read_bytes().startswith(b"%PDF")
    assert f"{staff} is there already: left as it is.\n" in said.err
    assert "Line 8 of staff.typ: the word “oops” is not known here.\n" in said.err
    assert "All can be printed. The desk keeps those that count: /papers/templates.\n" in said.out
