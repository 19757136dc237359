"""Chips: reactions of ours under a message with choices, so that one tap answers; and what a tap of a person's means.

Reactions are not encrypted (Matrix specification 1.4, m.reaction), so they are numbers, which tell a server nothing.
They are an afterthought: the text alone suffices, and no message waits for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from bot.domain.messages import Outgoing
from bot.domain.numbers import numbers

REACTION = "m.reaction"
TEN = "🔟"
ENCLOSING, VARIANT = "\u20e3", "\ufe0f"
"""What makes a keycap of a digit, and what asks for it in colour; not every keyboard sends the latter."""
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"


def chips(labels: Sequence[str]) -> tuple[str, ...]:
    """The symbols of the choices, in their order; none where there is one that no symbol stands for."""
    found = numbers(labels)
    return tuple(_keycap(number) for number in found) if found and max(found) <= len(CIRCLED) else ()


def _keycap(number: int) -> str:
    return TEN if number == len(CIRCLED) else f"{number}{VARIANT}{ENCLOSING}"


def tapped(key: object) -> str:
    """The number that a reaction stands for, as it would be typed; empty where it stands for none."""
    bare = key.replace(VARIANT, "").removesuffix(ENCLOSING) if isinstance(key, str) else ""
    if bare in {TEN, "10"}:
        return "10"
    if len(bare) == 1 and bare in CIRCLED:
        return str(CIRCLED.index(bare) + 1)
    return bare if len(bare) == 1 and bare in "0123456789" else ""


def annotation(event: str, symbol: str) -> dict[str, dict[str, str]]:
    """What a reaction to an event says."""
    return {"m.relates_to": {"rel_type": "m.annotation", "event_id": event, "key": symbol}}


def transaction(message: Outgoing, event: str, number: int) -> str:
    """The name under which the homeserver takes a chip once. The event is in it, as the words are in a message's."""
    return f"compagnon-{message.id}-chip-{number}-{sha256(event.encode()).hexdigest()[:16]}"
