"""How a message looks in Matrix: text, and choices as numbered lines. There are no buttons that keep a secret.

A digit, the words of a choice, or a press: they mean the same (`engine/understand`). What relates to another message
says so outside the encryption, because servers sort by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from bot.domain.messages import Button, Outgoing

LONGEST = 16_000
"""Characters of one event: with four bytes each, and a third more for the encryption, it is within 65,536 bytes."""


def texts(message: Outgoing) -> list[str]:
    """The message in parts that fit, the choices under the last."""
    whole = message.text.strip()
    if message.buttons:
        whole = f"{whole}\n\n{numbered(message.buttons)}"
    whole = presentable(whole)
    return list(_parts(whole, LONGEST // 4)) if len(whole.encode()) > LONGEST else [whole]


def numbered(buttons: Sequence[Button]) -> str:
    """The choices, each after the number that stands for it."""
    return "\n".join(f"{place}. {button.label}" for place, button in enumerate(buttons, 1))


def _parts(text: str, limit: int) -> Iterator[str]:
    """A text cut at an empty line, else at a line, else at a space, else anywhere."""
    rest = text
    while len(rest) > limit:
        cut = next((place for mark in ("\n\n", "\n", " ") if (place := rest.rfind(mark, limit // 2, limit)) > 0), limit)
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()
    yield rest


def content(text: str, edit_of: str = "") -> dict[str, Any]:
    """What an event says; `edit_of` is the event that is to read like this from now on."""
    said = {"msgtype": "m.text", "body": text}
    if not edit_of:
        return said
    relation = {"rel_type": "m.replace", "event_id": edit_of}
    return {"msgtype": "m.text", "body": f"* {text}", "m.new_content": said, "m.relates_to": relation}


def transaction(message: Outgoing, place: int, text: str) -> str:
    """The name under which the homeserver takes a part once, however often it is sent.

    It is that of the row in the outbox. What is said is in it too: a database brought back from a backup gives the
    same numbers again, and what is sent under them must not be swallowed.
    """
    said = sha256("\0".join((message.native, message.edit_of, text)).encode()).hexdigest()[:16]
    return f"compagnon-{message.id}-{place}-{said}"


def presentable(text: str) -> str:
    """A text as it can be encoded: half an emoji becomes a question mark, a NUL nothing."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")
