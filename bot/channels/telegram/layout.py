"""How a message looks in Telegram: parts that fit, and buttons in rows that can be read on a phone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Any

from bot.domain.messages import Button, Enclosure, Outgoing

TEXT = 4096
"""The longest text of one message, in UTF-16 units (core.telegram.org/bots/api#sendmessage)."""
CAPTION = 1024
"""The longest text under a file, in UTF-16 units."""
LONG = 16
"""A label of more characters has a row of its own: on a screen of 390 pixels half a row would cut it."""
SHORT = 9
"""Labels up to so many characters stand three in a row."""


@dataclass(frozen=True)
class Part:
    """One message of Telegram's: a long text takes several."""

    text: str
    file: Enclosure | None = None
    buttons: dict[str, Any] | None = None
    """An `InlineKeyboardMarkup` as the Bot API takes it."""


def units(text: str) -> int:
    """The length of a text as Telegram counts it: emoji and rare letters are two."""
    return len(text) + sum(char > "\uffff" for char in text)


def split(text: str, limit: int = TEXT) -> list[str]:
    """A text in parts that fit: cut at an empty line, else at a line, else at a space, else anywhere."""
    parts: list[str] = []
    rest = text.strip()
    while units(rest) > limit:
        cut = _cut(rest, limit)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest]


def _cut(text: str, limit: int) -> int:
    """Where to cut: the last good place in the second half of what fits."""
    fits = _fitting(text, limit)
    for boundary in ("\n\n", "\n", " "):
        place = text.rfind(boundary, max(1, fits // 2), fits + 1)
        if place > 0:
            return place
    return fits


def _fitting(text: str, limit: int) -> int:
    """How many characters fit into so many units."""
    taken = 0
    for place, char in enumerate(text):
        taken += 2 if char > "\uffff" else 1
        if taken > limit:
            return place
    return len(text)


def rows(labels: Sequence[str]) -> list[list[int]]:
    """The places of the buttons, row by row: long ones alone, short ones side by side, in order and evenly."""
    laid: list[list[int]] = []
    for long, run in groupby(range(len(labels)), lambda place: len(labels[place]) > LONG):
        places = list(run)
        most = 1 if long else 3 if all(len(labels[place]) <= SHORT for place in places) else 2
        laid.extend(_evenly(places, most))
    return laid


def _evenly(places: list[int], most: int) -> Iterator[list[int]]:
    """Four buttons with at most three in a row are two and two."""
    left = ceil(len(places) / most)
    while places:
        size = ceil(len(places) / left)
        yield places[:size]
        places, left = places[size:], left - 1


def keyboard(buttons: Sequence[Button]) -> dict[str, Any] | None:
    """Buttons under a message. What they carry means nothing to anybody else."""
    if not buttons:
        return None
    laid = [[buttons[place] for place in row] for row in rows([button.label for button in buttons])]
    return {
        "inline_keyboard": [
            [{"text": presentable(button.label), "callback_data": button.token} for button in row] for row in laid
        ]
    }


def presentable(text: str) -> str:
    """A text as it can be encoded: half an emoji becomes a question mark, a NUL nothing."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


def parts_of(message: Outgoing) -> Iterator[Part]:
    """A message as Telegram takes it. The buttons, and a file whose text is too long for it, come last."""
    text, buttons = presentable(message.text), keyboard(message.buttons)
    if message.file is not None and units(text.strip()) <= CAPTION:
        yield Part(text.strip(), message.file, buttons)
        return
    *first, last = split(text, TEXT)
    yield from map(Part, first)
    if message.file is None:
        yield Part(last, None, buttons)
        return
    yield Part(last)
    yield Part("", message.file, buttons)
