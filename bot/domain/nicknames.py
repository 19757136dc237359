"""What people are called by those who know them: an adult who is accused is seldom called as in the roster."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from pathlib import Path

from bot.domain.spelling import folded


@lru_cache(maxsize=2048)
def nicknames(first_name: str) -> frozenset[str]:
    """What somebody may be called: Cathy for Catherine, Jeanmi for Jean-Michel."""
    parts = folded(first_name).split()
    return frozenset[str]().union(*(_listed().get(name, frozenset()) for name in {*parts, " ".join(parts)}))


@cache
def _listed() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for names, short in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8")).items():
        called = frozenset(folded(short).split())
        for name in map(folded, names.split()):
            found[name] = found.get(name, frozenset()) | called
    return found
