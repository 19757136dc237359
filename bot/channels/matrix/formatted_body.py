"""The words of a message with choices as HTML: paragraphs, links that can be pressed, and each number in bold. Pure.

The numbers are words and no list (`<ol>`): what an app draws beside a list is read out by no screen reader on a phone, is
not copied, and Element X counts from one in its notifications whatever the list says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

LINK = re.compile(r"https?://[^\s<>\"«»]*[^\s<>\"«».,;:!?)\]]")
"""An address up to the punctuation of its sentence."""
APART = re.compile(r"\n\s*\n")


def shaped(text: str, choices: Iterable[tuple[str, str]]) -> str:
    """A text and its choices, number and label of each; labels are empty where all choices are numbers."""
    paragraphs = [_lines(each) for each in APART.split(text) if each.strip()]
    known = list(choices)
    if any(label for _number, label in known):
        listed = "<br>".join(f"<strong>{number}.</strong> {_linked(label)}" for number, label in known)
    else:
        listed = " · ".join(f"<strong>{escape(number)}</strong>" for number, _label in known)
    return "".join(f"<p>{each}</p>" for each in (*paragraphs, listed))


def _lines(text: str) -> str:
    return "<br>".join(_linked(line) for line in text.strip("\n").split("\n"))


def _linked(text: str) -> str:
    return "".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    """What stands between the addresses, and each address so that it can be pressed."""
    done = 0
    for found in LINK.finditer(text):
        yield escape(text[done : found.start()], quote=False)
        yield f'<a href="{escape(found[0])}">{escape(found[0], quote=False)}</a>'
        done = found.end()
    yield escape(text[done:], quote=False)
