"""Both READMEs name the same commands, each in the order of the other, and every one there is a command."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def commands(name: str) -> list[str]:
    """The first column of the table of commands."""
    rows = re.findall(r"^\| (`[^|]+`) \|", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    return [row for row in rows if not row.startswith("`python3")]


def test_both_readmes_name_the_same_commands() -> None:
    assert commands("README.fr.md") == commands("README.md")


def test_every_command_of_the_readme_has_a_file_of_its_own() -> None:
    words = {re.findall(r"\w+", row)[0] for row in commands("README.md")} - {"lives"}
    known = {path.stem.strip("_") for path in (ROOT / "bot" / "commands").glob("*.py")}
    assert words - known == set()
    assert len(words) > 10


def test_what_a_readme_links_to_is_there() -> None:
    for name in ("README.md", "README.fr.md"):
        links = re.findall(r"\]\((?!http)([^)#]+)", (ROOT / name).read_text("utf-8"))
        assert [link for link in links if not (ROOT / link).exists()] == [], name
