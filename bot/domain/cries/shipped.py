"""The lists that come with Compagnon, packed: made from their sources once, and kept beside them for every process to come."""

from __future__ import annotations

import gc
import pickle
import sys
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import cast

from bot.domain import spelling
from bot.domain.cries.packed import Packed, packed
from bot.domain.cries.word_list import FOLDER, tables
from bot.i18n import keep_beside

KEPT = Path(__file__).parent / "words.packed"


def shipped_lists() -> Packed:
    """The lists as they are kept; packed anew when a list, the code that packs them or Python is another."""
    seal = sha256(sys.version.encode())
    for source in _sources():
        seal.update(source.read_bytes())
    with suppress(OSError):
        kept = memoryview(KEPT.read_bytes())  # no part of it is copied: what is freed later leaves a hole
        said, content = kept[: seal.digest_size], kept[seal.digest_size :]
        sealed = seal.copy()
        sealed.update(content)
        if said == sealed.digest():
            return cast(Packed, pickle.loads(content))  # noqa: S301 - ours, as what Python compiles is
    made = _made()
    packed_lists = pickle.dumps(made)
    seal.update(packed_lists)
    keep_beside(KEPT, seal.digest() + packed_lists)
    return made


def _sources() -> Iterator[Path]:
    """Everything that what is packed depends on, in an order of its own."""
    yield from sorted(Path(__file__).parent.glob("*.py"))
    yield Path(spelling.__file__)
    yield from sorted(FOLDER.glob("*.toml"))


def _made() -> Packed:
    """From their sources. Nothing of it goes meanwhile: to look for what may be thrown away takes as long as to make it."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return packed(tables())
    finally:
        if collecting:
            gc.enable()
