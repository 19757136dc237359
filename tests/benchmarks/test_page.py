"""A page of measurements: the table between its marks, what is missing from it, and everything around it as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.alone import Found
from bench.figures import Goal, Line, Series
from bench.page import PAGE, machine, put, stands, words

LINE = Line("hold", Series("Compagnon", "ms", (12.0,)), goal=Goal(most=20.0))


def test_a_page_says_the_command_the_machine_the_table_and_what_was_not_measured() -> None:
    found = [Found("cry", (LINE,)), Found("matrix", problem="not over after 45 s")]

    assert words("python3 run.py bench --quick", found) == (
        f"`python3 run.py bench --quick`, on {machine()}:\n\n"
        "| what | ours: median (spread) | baseline: median (spread) | ratio | goal |  |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        "| hold | 12 ms |  |  | ≤ 20 | reached |\n\n"
        "- Not measured: matrix (not over after 45 s)."
    )


def test_only_what_is_between_the_marks_is_written_anew(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Before.\n\n<!-- bench -->\nold\n<!-- /bench -->\n\nAfter.\n", "utf-8")

    put(page, "bench", "new")

    assert page.read_text("utf-8") == "Before.\n\n<!-- bench -->\nnew\n<!-- /bench -->\n\nAfter.\n"


def test_a_page_without_the_marks_is_left_alone_and_says_so(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Before.\n", "utf-8")

    with pytest.raises(SystemExit, match=r"^page\.md has no place for it: it stands between <!-- bench --> and"):
        put(page, "bench", "new")

    assert page.read_text("utf-8") == "Before.\n"


def test_our_own_page_has_a_place_for_the_table() -> None:
    assert stands(PAGE, "bench")[0].startswith("# How fast it is")
