"""Columns of words: in the database only what their person's key opens, in Python the words.

What is stored says whose key it needs, so reading needs no row: whole rows, single columns and plain statements alike. Writing
needs to know whose the words are. A row that is added or changed by way of a session tells it by itself (`word_owners`); any other
statement says so: `of_person(17, words)`. What nobody said is not stored: it raises.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal

import structlog
from sqlalchemy import JSON, Dialect, String
from sqlalchemy.types import TypeDecorator

from bot.store.word_keys import MARK, Unreadable, WordKeys

log = structlog.get_logger()
_KEYS: ContextVar[WordKeys | Literal[False] | None] = ContextVar("keys of words", default=False)
"""The keys of the database that a transaction is of; None where it has none, and words stay as they are. Outside of any what
lies in the table is given and taken as it lies there."""
BLANK = "…"
"""In place of words that nobody can read any more."""


class Unowned(Exception):
    """Words were to be stored of which nobody said whose they are: `of_person` says so."""


class OwnedText(str):
    """A text, and whose it is."""

    owner: int


class OwnedDict(dict[str, Any]):
    """Values by name, and whose they are."""

    owner: int


class OwnedList(list[Any]):
    """Values in order, and whose they are."""

    owner: int


_OWNED = {str: OwnedText, dict: OwnedDict, list: OwnedList}


def of_person(person: int, words: Any) -> Any:
    """The same words, to be stored under the key of a person."""
    if words is None or getattr(words, "owner", None) == person:
        return words
    owned: Any = next(kind for plain, kind in _OWNED.items() if isinstance(words, plain))(words)
    owned.owner = person
    return owned


@contextmanager
def using(keys: WordKeys | Literal[False] | None) -> Iterator[None]:
    """Meanwhile words go into the database, and come out of it, by these keys."""
    before = _KEYS.set(keys)
    try:
        yield
    finally:
        _KEYS.reset(before)


class Sealed(TypeDecorator[Any]):
    """Words in a column, `place` being `table.column`: those of another cannot be put there. `gone` is what is read, as JSON,
    where the key was deleted."""

    as_json = False

    def __init__(self, place: str, gone: str) -> None:
        super().__init__()
        self.place, self.gone = place, gone

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        keys, owner = _KEYS.get(), getattr(value, "owner", None)
        if not value or (keys is False and owner is None):
            return value
        if owner is None or keys is False:
            raise Unowned(self.place)
        if keys is None:
            return value
        try:
            return keys.seal(owner, self.place, self._written(value))
        except (OSError, Unreadable):
            log.exception("words stored in clear", state=self.place)
            return value  # sealed by a later chore: an alert that is lost would be worse

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if not isinstance(value, str) or not value.startswith(MARK) or (keys := _KEYS.get()) is False:
            return value
        try:
            return self.read(keys.open(self.place, value)) if keys is not None else json.loads(self.gone)
        except (OSError, Unreadable):
            return json.loads(self.gone)

    def opened(self, lying: str) -> str:
        """Of what lies in the table the words, as `read` reads them; sealed or not yet. What stands for them where nobody can
        read them any more."""
        try:
            return self.words(lying)
        except (OSError, Unreadable):
            return self.gone if self.as_json else BLANK

    def words(self, lying: str) -> str:
        """The same.

        Raises:
            Unreadable: nobody can read them any more.
        """
        bare, keys = lying.strip('"'), _KEYS.get()
        return keys.open(self.place, bare) if bare.startswith(MARK) and keys else lying

    def read(self, words: str) -> Any:
        """The value that was written in these words."""
        return json.loads(words) if self.as_json else words

    def _written(self, value: Any) -> str:
        return json.dumps(value) if self.as_json else str(value)


class SealedText(Sealed):
    """A text."""

    impl = String
    cache_ok = True

    def __init__(self, place: str, gone: str = json.dumps(BLANK)) -> None:
        super().__init__(place, gone)


class SealedJson(Sealed):
    """Values as JSON writes them: an object or a list; in the table a text, in quotation marks."""

    impl = JSON(none_as_null=True)
    cache_ok = True
    as_json = True
