"""A programme as it is written: the school's file, its language files, and Compagnon's own that it may extend.

Whoever edits it in a browser edits these texts; the models are made of them anew each time. Pure.
"""

from __future__ import annotations

import hashlib
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from bot.domain.programme.amend import Names, NoPlace, add, amend, amend_words, found_at, leave_out
from bot.domain.programme.inherit import EXTENDS, ORDER, Inheritance
from bot.domain.programme.load import language_of, lay


@dataclass(frozen=True)
class Written:
    """The texts of one programme. `beside` are language files by name (`programme.de.toml`)."""

    text: str
    beside: Mapping[str, str] = field(default_factory=dict)
    shipped: str = ""
    name: str = "programme.toml"

    @cached_property
    def digest(self) -> str:
        """The same for the same texts of the school's own."""
        parts = (self.text, *(f"{name}\0{text}" for name, text in sorted(self.beside.items())))
        return hashlib.sha256("\0\0".join(parts).encode()).hexdigest()[:16]

    @cached_property
    def laid(self) -> dict[str, Any]:
        """The tables of the whole programme, before they are checked.

        Raises:
            ProgrammeError: a text is no TOML.
        """
        return lay(self.text, self.name, shipped=self.shipped, beside=self.beside)

    @property
    def spoken(self) -> str:
        """The language in which a text stands that is written in one only."""
        return str(self.laid["programme"]["language"])

    @property
    def languages(self) -> tuple[str, ...]:
        """What it promises to speak, the school's own language first."""
        promised = [str(each) for each in self.laid["programme"].get("languages", ())]
        return tuple(dict.fromkeys((self.spoken, *promised)))

    def at(self, path: Names) -> Any:
        """What stands at a path.

        Raises:
            NoPlace: nothing does.
        """
        found = found_at(self.laid, path)
        if found is None:
            raise NoPlace(".".join(path))
        return found

    def with_value(self, path: Names, value: Any) -> Written:
        """Another value at a path; None for what is inherited, or the default."""
        return replace(self, text=amend(self.text, self.laid, path, value))

    def with_words(self, path: Names, language: str, words: str) -> Written:
        """Other words at a path: in the file of their language where there is one."""
        file = next((name for name in self.beside if language_of(name) == language), None)
        if file is None:
            return replace(self, text=amend_words(self.text, self.laid, path, language, words, self.spoken))
        return replace(self, beside={**self.beside, file: amend(self.beside[file], {}, path, words or None)})

    def with_row(self, path: Names, values: Mapping[str, Any]) -> Written:
        """One more item, message, question or answer, at the end of the list at `path`."""
        return replace(self, text=add(self.text, self.laid, path, values))

    def without(self, path: Names) -> Written:
        """Without an item, message, question or answer, in every language."""
        beside = {
            name: amend(text, {}, path, None) if found_at(tomllib.loads(text), path) is not None else text
            for name, text in self.beside.items()
        }
        return replace(self, text=leave_out(self.text, self.laid, self._inherited, path), beside=beside)

    def moved(self, path: Names, by: int) -> Written:
        """An item or message so many places later in its list; from then on the order of that list stands in the file."""
        *above, name, which = path
        ids = [str(row["id"]) for row in self.at((*above, name))]
        here, there = ids.index(which), ids.index(which) + by
        if not 0 <= there < len(ids):
            return self
        ids[here], ids[there] = ids[there], ids[here]
        own = found_at(tomllib.loads(self.text), (*above, ORDER)) or ()
        return self.with_value((*above, ORDER), [*(each for each in own if each not in ids), *ids])

    @cached_property
    def _inherited(self) -> dict[str, Any]:
        """What would be there without a word of the school's own: nothing, where it extends nothing."""
        own = tomllib.loads(self.text)
        return Inheritance({EXTENDS: own[EXTENDS]}, tomllib.loads(self.shipped)).table if EXTENDS in own else {}


def free_id(title: str, taken: Iterable[str]) -> str:
    """An id made of a title that no other has: ids are for ever, so nobody has to think of one."""
    plain = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    letters = "".join(each if each.isalnum() else "_" for each in plain)
    stem = "_".join(part for part in letters.split("_") if part)[:30].strip("_")
    stem = stem if stem[:1].isalpha() else f"own_{stem}".strip("_")
    known, number = set(taken), 2
    name = stem
    while name in known:
        name, number = f"{stem}_{number}", number + 1
    return name
