"""The catalogs as translators left them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.commands.catalogs import EXAMPLE, TRANSLATED, catalog_path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Entry:
    """One form of one text in one language, and the files it stands in."""

    language: str
    english: str
    words: str
    files: frozenset[str]

    @property
    def is_comment(self) -> bool:
        """Comments of the example programme are read by whoever edits that file, and nobody else."""
        return self.files == {EXAMPLE}

    def within(self, *folders: str) -> bool:
        """Whether the text stands in these files or folders and nowhere else."""
        return all(name.startswith(folders) for name in self.files)


def entries(language: str) -> Iterator[Entry]:
    """What readers see: guesses are not among it."""
    with catalog_path(ROOT, language).open("rb") as file:
        found = read_po(file, locale=language)
    for message in found:
        if not message.id or not message.string or message.fuzzy:
            continue
        forms = [message.string] if isinstance(message.string, str) else message.string
        english = message.id if isinstance(message.id, str) else message.id[0]
        yield from (Entry(language, english, words, frozenset(n for n, _ in message.locations)) for words in forms)


@pytest.fixture(scope="session")
def catalogs() -> list[Entry]:
    """Every translated text in every language."""
    return [entry for language in TRANSLATED for entry in entries(language)]


@pytest.fixture(scope="session")
def spoken(catalogs: list[Entry]) -> list[Entry]:
    """The same without the comments of the example programme."""
    return [entry for entry in catalogs if not entry.is_comment]
