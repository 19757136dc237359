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


def anchors(page: Path) -> set[str]:
    """What a link may lead to within a page, as GitHub and MkDocs name headings."""
    titles = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def test_every_link_within_the_documentation_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    dead = []
    for page in pages:
        text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
        for link in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", text):
            name, _, anchor = link.partition("#")
            target = page.parent / name if name else page
            if not target.exists() or (anchor and anchor not in anchors(target)):
                dead.append(f"{page.relative_to(ROOT)}: {link}")
    assert dead == []
    assert len(pages) > 30
