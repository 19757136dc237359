"""The example programme in a school's own language: its comments, and that language first in every text."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby

from bot.domain.programme.comments import translated

_STRING = r'"(?:[^"\\]|\\.)*"'
_INLINE = re.compile(rf"\{{ ((?:[a-z]{{2}} = {_STRING}(?:, )?)+) \}}")
_ONE = re.compile(rf"([a-z]{{2}}) = {_STRING}")
_DOTTED = re.compile(r"^(\w+)\.([a-z]{2}) = ")


def in_language(text: str, language: str, gettext: Callable[[str], str]) -> str:
    """The example for a school that speaks `language`. The other languages stay: hosts and guests read them."""
    lines = []
    for key, block in groupby(text.splitlines(), _dotted_key):
        written = list(block)
        lines += _first(written, language) if key else [_line(line, language) for line in written]
    return translated("\n".join(lines) + "\n", gettext)


def _dotted_key(line: str) -> str:
    """`title` for `title.fr = "…"`."""
    found = _DOTTED.match(line)
    return found[1] if found else ""


def _first(block: list[str], language: str) -> list[str]:
    return sorted(block, key=lambda line: not re.match(rf"\w+\.{language} = ", line))


def _line(line: str, language: str) -> str:
    """A line with the language first in its tables, and in the two settings that name it."""
    if line.startswith("language = "):
        return f'language = "{language}"'
    if line.startswith("languages = "):
        others = [name for name in re.findall(r'"([a-z]{2})"', line) if name != language]
        return f"languages = [{', '.join(chr(34) + name + chr(34) for name in (language, *others))}]"
    return _INLINE.sub(lambda found: _reordered(found[1], language), line)


def _reordered(inside: str, language: str) -> str:
    each = [found[0] for found in _ONE.finditer(inside)]
    return "{ " + ", ".join(sorted(each, key=lambda words: not words.startswith(f"{language} = "))) + " }"
