"""A template is compiled by whichever process of a run comes first: all of them together take more than a second."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from tests.in_memory import IN_COMMON


class InCommon(BytecodeCache):
    """Keeps what is compiled where all processes of a run look: there is no such place before a run, nor without one."""

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = _place(bucket)
        if kept is not None and kept.exists():
            bucket.bytecode_from_string(kept.read_bytes())

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Nobody finds half of it: two may compile the same at once."""
        kept = _place(bucket)
        if kept is not None:
            mine = kept.with_name(f"{kept.name}-{os.getpid()}-{threading.get_ident()}")
            mine.write_bytes(bucket.bytecode_to_string())
            mine.replace(kept)


def compiled_once(make: Callable[[Path], Environment]) -> Callable[[Path], Environment]:
    """What `make` makes, with what is compiled in common."""

    def environment(folder: Path) -> Environment:
        made = make(folder)
        made.bytecode_cache = InCommon()
        return made

    return environment


def _place(bucket: Bucket) -> Path | None:
    return Path(os.environ[IN_COMMON], f"jinja-{bucket.key}") if IN_COMMON in os.environ else None
