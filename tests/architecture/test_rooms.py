"""The picture of the rooms and the index of decisions are true."""

from __future__ import annotations

from pathlib import Path

import grimp
import pytest

from tests.architecture.rooms import ROOT, drawing, index, pages, replaced, tree


def test_what_is_written_from_the_code_is_up_to_date() -> None:
    assert [path for path, text in pages(ROOT) if (ROOT / path).read_text("utf-8") != text] == []


def test_every_room_says_what_it_holds() -> None:
    assert [line for line in tree(ROOT).splitlines()[1:] if len(line.split()) < 3] == []


def test_an_arrow_that_follows_from_others_is_not_drawn() -> None:
    graph = grimp.ImportGraph()
    for room in ("house", "house.roof", "house.wall", "house.floor"):
        graph.add_module(room)
    graph.add_import(importer="house.roof", imported="house.wall")
    graph.add_import(importer="house.roof", imported="house.floor")
    graph.add_import(importer="house.wall", imported="house.floor")
    assert drawing(graph, "house") == "flowchart TD\n  roof --> wall\n  wall --> floor"


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    page = "a\n<!-- x: written by tests/architecture/rooms.py -->\nold\n<!-- x ends -->\nb\n"
    assert replaced(page, "x", "new") == page.replace("old", "new")
    with pytest.raises(SystemExit, match="the marks of y are missing"):
        replaced(page, "y", "new")


def test_decisions_are_listed_by_number(tmp_path: Path) -> None:
    (tmp_path / "0002-b.md").write_text("# 2. Bread\n\nmore", "utf-8")
    (tmp_path / "0001-a.md").write_text("# 1. Apples\n", "utf-8")
    (tmp_path / "README.md").write_text("old", "utf-8")
    assert index(tmp_path).splitlines()[4:] == [
        "| no. | decision |",
        "|---|---|",
        "| 1 | [Apples](0001-a.md) |",
        "| 2 | [Bread](0002-b.md) |",
    ]
