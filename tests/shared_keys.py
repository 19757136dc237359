"""The keys by which every test seals and opens words, in whatever database: all processes of a run have them in common."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from weakref import WeakSet

from bot.store import db, sealed
from bot.store.keys import key_ring
from bot.store.word_keys import Unreadable, WordKeys

_RINGS: WeakSet[WordKeys] = WeakSet()


def _noted(init: Callable[..., None]) -> Callable[..., None]:
    def make(ring: WordKeys, *given: Any) -> None:
        init(ring, *given)
        _RINGS.add(ring)

    return make


class _EveryKey(WordKeys):
    """Opens by whichever keys of this process do: whoever reads in a test beside any database."""

    def open(self, place: str, sealed: str) -> str:
        for ring in (KEYS, *_RINGS):  # nearly always the first
            if ring is not self:
                with suppress(Unreadable):
                    return ring.open(place, sealed)
        raise Unreadable


def _only_passing(forget: Callable[..., bool]) -> Callable[..., bool]:
    def checked(ring: WordKeys, person: int) -> bool:
        assert ring.folder != SHARED, (
            "all tests read with these keys: use the fixture passing_keys, or keys of your own"
        )
        return forget(ring, person)

    return checked


WordKeys.__init__ = _noted(WordKeys.__init__)  # type: ignore[method-assign]
WordKeys.forget = _only_passing(WordKeys.forget)  # type: ignore[method-assign]
if "TESTS_KEYS" not in os.environ:  # whatever process of a run comes first makes them, for all
    os.environ["TESTS_KEYS"] = tempfile.mkdtemp(prefix="compagnon-keys-")
    atexit.register(shutil.rmtree, os.environ["TESTS_KEYS"], ignore_errors=True)
RING = key_ring(Path(os.environ["TESTS_KEYS"]) / "keys")
KEYS = RING.words
SHARED = KEYS.folder


def _sealing(using: Callable[..., Any]) -> Callable[..., Any]:
    """In tests words are sealed in every database, in those too that have no keys for files."""
    every = _EveryKey(RING._master, KEYS.folder)
    sealed._KEYS = ContextVar("keys of words", default=every)
    return lambda keys: using(KEYS if keys is None else keys)


db.using = _sealing(db.using)  # type: ignore[attr-defined]
