"""Words of distress: none missing in a language, none that would find everybody."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.plain import plain
from bot.domain.programme.model import Programme
from bot.domain.programme.problem import Problem

SHORTEST = 4
"""Letters: anything shorter is part of too many ordinary sentences."""


def distress_errors(programme: Programme) -> Iterator[Problem]:
    """Lists that would hear nothing, or everything."""
    for name, kind in programme.distress.items():
        where = f"distress.{name}"
        for language in programme.programme.languages:
            if not kind.words.get(language):
                says = f'there are no words in "{language}": nobody would be heard in it; add words.{language}'
                yield Problem(where, "words", says)
        for language, words in kind.words.items():
            for word in words:
                if len(plain(word).replace(" ", "")) < SHORTEST:
                    says = f'"{word}" is too short: it would be found in ordinary messages; write {SHORTEST} letters or more'
                    yield Problem(where, f"words.{language}", says)
