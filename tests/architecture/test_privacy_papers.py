"""The papers for a data protection officer say what is true of the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.__main__ import COMMANDS
from bot.domain.command_words import ALIASES
from bot.domain.programme.model import Retention
from tests.architecture.data_held import FOLDER

FRENCH = sorted(FOLDER.glob("*.fr.md"))


def test_the_notices_name_the_ends_that_are_kept() -> None:
    kept = Retention()
    assert (kept.messages, kept.answers) == (90, 90), "learners are told: 90 days after you are back"
    assert (kept.record, kept.cases, kept.trail) == (365, 365, 365), "everybody is told: up to a year"


@pytest.mark.parametrize("french", FRENCH, ids=lambda path: path.name)
def test_both_languages_say_as_much_and_leave_the_same_to_the_school(french: Path) -> None:
    pages = [french.read_text("utf-8"), french.with_name(french.name.replace(".fr.md", ".md")).read_text("utf-8")]
    assert len({len(re.findall(r"^(#+|- |\d\. |\|)", page, re.M)) for page in pages}) == 1
    assert len({len(re.findall(r"\*\*(?:School|Établissement)[ :]", page)) for page in pages}) == 1


def test_every_word_and_command_that_they_name_exists() -> None:
    text = "\n".join(path.read_text("utf-8") for path in FOLDER.glob("*.md"))
    words = set(re.findall(r"`/([a-z]+)(?: out)?`", text)) - {"healthz", "revoke"}
    assert sorted(word for word in words if word not in ALIASES) == []
    named = set(re.findall(r"`(?:python3 run\.py )?([a-z]+(?:-[a-z]+)*)(?: [A-Z-][^`]*)?`", text))
    commands = {"restore", "backup", "export-person", "erase-person"}
    assert named & commands == commands
    assert sorted(commands - set(COMMANDS)) == []
