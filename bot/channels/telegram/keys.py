"""How an update is told from every other, and what is kept of one that is none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

KEPT = 4000
"""So many characters of a malformed update are kept, for somebody to look at."""
LAST = 2**31
"""Telegram numbers updates with 32 bits. A number beyond would make the offset skip everything that comes."""


def key_of(raw: object) -> str:
    """The name of an update in the inbox: the same one twice is one.

    Its number alone is not enough: after a week without updates Telegram starts again from any number
    (core.telegram.org/bots/api#update). So its content is in it too.
    """
    number = number_of(raw)
    return f"{'?' if number is None else number}:{sha256(canonical(raw).encode()).hexdigest()[:24]}"


def kept(raw: object) -> dict[str, Any]:
    """What goes into the inbox: the update as it came; else what there was of it, to be quarantined."""
    if isinstance(raw, dict) and number_of(raw) is not None and is_plain(raw):
        return raw
    return {"malformed": canonical(raw)[:KEPT]}


def number_of(raw: object) -> int | None:
    """The number of an update, where it has one that Telegram could have given."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if type(number) is int and 0 <= number < LAST else None


def turn(raw: object) -> int:
    """Where an update stands in its batch, should they have come out of order; what has no number comes last."""
    number = number_of(raw)
    return LAST if number is None else number


def next_offset(raws: Iterable[object]) -> int | None:
    """The offset that confirms a batch; None when nothing in it has a number.

    It follows this batch alone and not the highest number ever: numbers may start again lower.
    """
    return max((number + 1 for number in map(number_of, raws) if number is not None), default=None)


def canonical(raw: object) -> str:
    """The same text for the same JSON, whatever the order of its keys."""
    try:
        return json.dumps(raw, sort_keys=True, separators=(",", ":"))
    except (ValueError, TypeError, RecursionError):
        return f"not JSON: {type(raw).__name__}"


def is_plain(raw: object) -> bool:
    """Whether it can be written as JSON at all."""
    return not canonical(raw).startswith("not JSON")
