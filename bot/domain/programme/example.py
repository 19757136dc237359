"""The example programme in a school's own language: that language first in every text, and its comments translated.

A comment stands on lines of its own. A paragraph is one message; `# - ` begins an item of a list, which goes
on with `#   `; `# ── words ───` is a heading. Lines without a space after `#` are settings that are
switched off: they stay as they are.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import IO, Any

WIDTH = 100


class Shape(StrEnum):
    """How a comment is laid out."""

    PLAIN = "plain"
    ITEM = "item"
    HEADING = "heading"


@dataclass(frozen=True)
class Comment:
    """One paragraph: the number of its first line (from 0), how many lines it has, its words."""

    line: int
    count: int
    shape: Shape
    words: str


def comments(text: str) -> Iterator[Comment]:
    """The paragraphs, in the order of the file."""
    found: Comment | None = None
    for number, line in enumerate(text.splitlines()):
        said = _said(line)
        if found and said and _continues(found, line):
            found = Comment(found.line, found.count + 1, found.shape, f"{found.words} {said}")
            continue
        if found:
            yield found
        found = Comment(number, 1, _shape(line), said) if said else None
    if found:
        yield found


def _said(line: str) -> str:
    """The words of a comment line; nothing for a setting, an empty comment or a rule of dashes."""
    if not line.startswith("# ") or not re.search(r"\w", line):
        return ""
    return line[2:].strip("─ ").removeprefix("- ").strip()


def _shape(line: str) -> Shape:
    if line.startswith("# ── "):
        return Shape.HEADING
    return Shape.ITEM if line.startswith("# - ") else Shape.PLAIN


def _continues(found: Comment, line: str) -> bool:
    if Shape.HEADING in (found.shape, _shape(line)) or _shape(line) is Shape.ITEM:
        return False
    return line.startswith("#   ") == (found.shape is Shape.ITEM)


def translated(text: str, gettext: Callable[[str], str]) -> str:
    """The same file with its comments in another language, wrapped anew. Settings are not touched."""
    lines = text.splitlines()
    for comment in reversed(list(comments(text))):
        lines[comment.line : comment.line + comment.count] = _laid_out(comment.shape, gettext(comment.words))
    return "\n".join(lines) + "\n"


def _laid_out(shape: Shape, words: str) -> list[str]:
    if shape is Shape.HEADING:
        return [f"# ── {words} ".ljust(WIDTH, "─")]
    first, later = ("# - ", "#   ") if shape is Shape.ITEM else ("# ", "# ")
    return textwrap.wrap(
        words,
        WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )


def extract(
    fileobj: IO[bytes], keywords: Mapping[str, Any], comment_tags: Sequence[str], options: Mapping[str, Any]
) -> Iterator[tuple[int, None, str, list[str]]]:
    """For babel: `[extractors] programme = bot.domain.programme.example:extract`."""
    for comment in comments(fileobj.read().decode()):
        yield comment.line + 1, None, comment.words, []


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
