"""How a message looks in Matrix: text, and choices as numbered lines, all in one event. There are no buttons that keep a secret.

A digit, the words of a choice, or a press: they mean the same (`engine/understand`). What relates to another message
says so outside the encryption, because servers sort by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from bot.channels.matrix.formatted_body import shaped
from bot.domain.messages import Button, Outgoing, numbers

LONGEST = 16_000
"""Characters of one event: with four bytes each, and a third more for the encryption, it is within 65,536 bytes."""
SHAPED = 4_000
"""Bytes of a text with choices that is said in HTML as well: an edit of it, three times the words, is within an event too."""
HTML = "org.matrix.custom.html"


def texts(message: Outgoing) -> list[str]:
    """The message in parts that fit, the choices under the last."""
    whole = message.text.strip()
    if message.buttons:
        whole = f"{whole}\n\n{numbered(message.buttons)}"
    whole = presentable(whole)
    return list(_parts(whole, LONGEST // 4)) if len(whole.encode()) > LONGEST else [whole]


def numbered(buttons: Sequence[Button]) -> str:
    """The choices, each after the number that stands for it; where all are numbers, these alone."""
    known = choices(buttons)
    if not any(label for _number, label in known):
        return " · ".join(number for number, _label in known)
    return "\n".join(f"{number}. {label}" for number, label in known)


def choices(buttons: Sequence[Button]) -> list[tuple[str, str]]:
    """The number that stands for each choice, and its label; no label where all are numbers."""
    labels = [button.label for button in buttons]
    known = numbers(labels)
    if all(label.strip() == str(number) for number, label in zip(known, labels, strict=True)):
        return [(label, "") for label in labels]
    if known == tuple(range(1, len(labels) + 1)):  # where some of a list are ticked off, the others keep their number
        known = tuple(button.place + 1 for button in buttons)
    return [(str(number), label) for number, label in zip(known, labels, strict=True)]


def _parts(text: str, limit: int) -> Iterator[str]:
    """A text cut at an empty line, else at a line, else at a space, else anywhere."""
    rest = text
    while len(rest) > limit:
        cut = next((place for mark in ("\n\n", "\n", " ") if (place := rest.rfind(mark, limit // 2, limit)) > 0), limit)
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()
    yield rest


def contents(message: Outgoing, file: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """What its events say, in their order, `file` before all. An edit is one event: the last part is what had the
    choices under it.
    """
    parts, rings = texts(message), (message.native,) if message.urgent else ()
    if len(parts) == 1:
        said = [content(parts[0], message.edit_of, message.thread, html=in_html(message), mentions=rings)]
    else:
        shown = parts[-1:] if message.edit_of else parts
        said = [content(text, message.edit_of, message.thread, mentions=rings) for text in shown]
    if file is None:
        return said
    return [{**file, "m.relates_to": under(message.thread)} if message.thread else dict(file), *said]


def in_html(message: Outgoing) -> str:
    """The same words in HTML, where there are choices to tell apart; nothing where the words alone say all."""
    whole = presentable(message.text.strip())
    if not message.buttons or len(whole.encode()) > SHAPED:
        return ""
    return shaped(whole, [(number, presentable(label)) for number, label in choices(message.buttons)])


def content(
    text: str, edit_of: str = "", thread: str = "", *, html: str = "", mentions: Sequence[str] = ()
) -> dict[str, Any]:
    """What an event says; `edit_of` is the event that is to read like this from now on, `thread` the one it stands
    under. Apps that know no threads show it as a reply.

    Of nobody but `mentions` do apps say that they were mentioned, whatever names stand in the text (Matrix specification
    1.7, user and room mentions): an alert rings also where only mentions do, and in a thread; nothing else does.
    """
    told = {"user_ids": list(mentions)} if mentions else {}
    said: dict[str, Any] = {"msgtype": "m.text", "body": text, "m.mentions": told}
    said |= {"format": HTML, "formatted_body": html} if html else {}
    if edit_of:
        relation = {"rel_type": "m.replace", "event_id": edit_of}
        new = {"m.new_content": said, "m.relates_to": relation, "m.mentions": {}}
        return {"msgtype": "m.text", "body": f"* {text}", **new}
    return said | {"m.relates_to": under(thread)} if thread else said


def under(thread: str) -> dict[str, Any]:
    """The relation of what stands in a thread (Matrix specification 1.4, threading)."""
    answered = {"event_id": thread}
    return {"rel_type": "m.thread", "event_id": thread, "is_falling_back": True, "m.in_reply_to": answered}


def transaction(message: Outgoing, place: int, said: Mapping[str, Any]) -> str:
    """The name under which the homeserver takes a part once, however often it is sent.

    It is that of the row in the outbox. What is said is in it too: a database brought back from a backup gives the
    same numbers again, and what is sent under them must not be swallowed. A file is known by what is in it, as it is
    sealed anew each time.
    """
    words = sha256("\0".join((message.native, message.edit_of, said["body"])).encode())
    if message.file is not None and "file" in said:
        words.update(message.file.content)
    return f"compagnon-{message.id}-{place}-{words.hexdigest()[:16]}"


def presentable(text: str) -> str:
    """A text as it can be encoded: half an emoji becomes a question mark, a NUL nothing."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")
