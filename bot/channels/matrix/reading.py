"""Taking Matrix's shape off an event that was stored. Needs no server: it is done again whenever a row is read again.

A row is `{"room_id", "event", "direct"}`: the event as its author wrote it, after decryption, and whether nobody else
was in the room.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from bot.channels.matrix.attachment import FILES, attached, caption
from bot.channels.matrix.choices import REACTION, VOTES, tapped, voted
from bot.domain.channel import Unreadable, storable
from bot.domain.messages import Incoming, Sort, Unseen

NAME = "matrix"
WORDS = frozenset({"m.text", "m.emote"})
UNSEEN: Mapping[str, Unseen] = {"m.audio": Unseen.VOICE, "m.video": Unseen.VIDEO, "m.location": Unseen.PLACE}
SHOWN = frozenset({"m.sticker", "m.poll.start", "org.matrix.msc3381.poll.start", "m.room.encrypted", "m.call.invite"})
"""What a person sees themselves send, and we cannot read."""
REDACTION = "m.room.redaction"
USER = re.compile(r"@[^:\s]*:\S+")
FALLBACK = re.compile(r"\A(?:> .*\n)+\n?")
"""The message answered, quoted before the answer by older clients."""


def row(room_id: str, event: Mapping[str, Any], *, direct: bool) -> tuple[str, dict[str, Any]]:
    """An event as it is stored, with its name: the same event twice is one."""
    name = event.get("event_id")
    if not isinstance(name, str) or not 0 < len(name) <= 255:
        name = f"?{sha256(repr(sorted(event.items(), key=str)).encode()).hexdigest()[:32]}"
    return storable(name), {"room_id": room_id, "event": dict(event), "direct": direct}


def unreadable(room_id: str, event: Mapping[str, Any], *, direct: bool) -> tuple[str, dict[str, Any]]:
    """The row that says that an event could not be decrypted: under a name of its own, the event may still come."""
    name, kept = row(room_id, {**event, "content": {}}, direct=direct)
    return f"{name}/unread", kept


def read(native: str, raw: dict[str, Any]) -> Incoming:
    """What a person sent; words in their name from a device that is not their own are none of theirs.

    Raises:
        Unreadable: it has no shape that we know.
    """
    incoming = _read(native, raw)
    incoming = replace(incoming, at=_instant(raw["event"].get("origin_server_ts")))
    if raw["event"].get("verified") is False and incoming.sort in {Sort.SAID, Sort.OTHER}:
        return replace(incoming, sort=Sort.UNSURE, token="", file=None)
    return incoming


def _read(native: str, raw: dict[str, Any]) -> Incoming:
    event = raw.get("event")
    if not isinstance(event, dict) or not isinstance(event.get("content"), dict):
        raise Unreadable("no event")
    sender, kind = event.get("sender"), event.get("type")
    if not isinstance(sender, str) or not USER.fullmatch(sender) or len(sender) > 255 or not isinstance(kind, str):
        raise Unreadable("no sender, or no kind")
    if raw.get("direct") is not True:
        return Incoming(NAME, "", native, sort=Sort.ELSEWHERE)
    if kind == "m.room.member":
        return _came_or_left(native, event)
    if kind == "m.room.message":
        return _said(native, sender, event)
    if kind in VOTES and event.get("encrypted") is True:
        return _voted(native, sender, event)
    if kind in {REACTION, REDACTION} and (about := _about(event)):
        return _reacted(native, sender, event, about) if kind == REACTION else _undone(native, sender, about)
    shown = kind in SHOWN and "state_key" not in event
    sort = (Sort.SEALED if kind == "m.room.encrypted" else Sort.OTHER) if shown else Sort.ELSEWHERE
    return Incoming(NAME, sender if shown else "", native, sort=sort, message=_name(event.get("event_id")))


def _came_or_left(native: str, event: dict[str, Any]) -> Incoming:
    """Somebody left us, or threw us out, or came back. A new name or picture is nothing of the kind."""
    now = event["content"].get("membership")
    unsigned = event.get("unsigned")
    before = unsigned.get("prev_content") if isinstance(unsigned, dict) else None
    was = before.get("membership") if isinstance(before, dict) else ""
    sort = {"leave": Sort.LEFT, "ban": Sort.LEFT, "join": Sort.BACK}.get(str(now))
    if sort is None or now == was:
        return Incoming(NAME, "", native, sort=Sort.ELSEWHERE)
    return Incoming(NAME, event["sender"], native, sort=sort)


def redacted(event: Mapping[str, Any]) -> str:
    """The event that a redaction takes back: named in it from version 11 of rooms on, before that beside it."""
    content = event.get("content")
    within = content.get("redacts") if isinstance(content, dict) else None
    return _name(within) or _name(event.get("redacts"))


def _about(event: Mapping[str, Any]) -> str:
    """The event that a reaction or a redaction is about; empty where it is about none, or was itself redacted."""
    relation = event["content"].get("m.relates_to")
    named = _name(relation.get("event_id")) if isinstance(relation, dict) else ""
    return named if event.get("type") == REACTION else redacted(event)


def _reacted(native: str, sender: str, event: Mapping[str, Any], about: str) -> Incoming:
    """Reactions come unencrypted in every app of today: they may choose what was offered, and say nothing else."""
    number, name = tapped(event["content"]["m.relates_to"].get("key")), _name(event.get("event_id"))
    sort = Sort.TAPPED if number else Sort.NODDED
    return Incoming(NAME, sender, native, number, sort=sort, message=name, reply_to=about)


def _voted(native: str, sender: str, event: Mapping[str, Any]) -> Incoming:
    """A vote presses the button whose token it names; all votes in one poll bear its id, the last one counts."""
    relation, named = event["content"].get("m.relates_to"), voted(event["content"])
    about = _name(relation.get("event_id")) if isinstance(relation, dict) else ""
    if about and named == ():
        return Incoming(NAME, sender, native, sort=Sort.UNDONE, message=about)
    if not about or named is None or len(named) != 1:
        return Incoming(NAME, sender, native, sort=Sort.NODDED, message=about)
    return Incoming(NAME, sender, native, token=_name(named[0]), message=about)


def _undone(native: str, sender: str, about: str) -> Incoming:
    return Incoming(NAME, sender, native, sort=Sort.UNDONE, message=about)


def _said(native: str, sender: str, event: dict[str, Any]) -> Incoming:
    content = event["content"]
    kind = str(content.get("msgtype"))
    relation = content.get("m.relates_to")
    relation = relation if isinstance(relation, dict) else {}
    edited = relation.get("rel_type") == "m.replace"
    if kind == "m.notice":  # other robots: two that answer each other never end
        return Incoming(NAME, "", native, sort=Sort.ELSEWHERE)
    new = content.get("m.new_content") if edited else content
    body = new.get("body") if isinstance(new, dict) else None
    if not isinstance(body, str):
        raise Unreadable("words that are no text") if content else Unreadable("nothing in it")
    reply_to = _answered(relation)
    said = body if kind in WORDS else caption(new)
    text = storable(FALLBACK.sub("", said) if reply_to else said)
    sealed = event.get("encrypted") is True
    file = attached(new) if sealed and kind in FILES | {"m.audio"} else None
    clear = (file is not None and kind in FILES) or (sealed and kind in WORDS and bool(text))
    changed = _name(relation.get("event_id")) if edited else _name(event.get("event_id"))
    return Incoming(
        NAME, sender, native, text, sort=Sort.SAID if clear else Sort.OTHER, file=file,
        message=changed, edited=edited, reply_to=reply_to, thread="" if reply_to else _thread(relation),
        unseen=UNSEEN.get(kind) if sealed else None,
    )  # fmt: skip


def _answered(relation: Mapping[str, Any]) -> str:
    """The message replied to. In a thread apps name its latest message, for those that know no threads: no reply."""
    reply = relation.get("m.in_reply_to")
    named = _name(reply.get("event_id")) if isinstance(reply, dict) else ""
    return "" if _thread(relation) and relation.get("is_falling_back") else named


def _thread(relation: Mapping[str, Any]) -> str:
    """The message that the thread began with."""
    return _name(relation.get("event_id")) if relation.get("rel_type") == "m.thread" else ""


def _name(told: object) -> str:
    return storable(told)[:255] if isinstance(told, str) else ""


def _instant(told: object) -> datetime | None:
    """The homeserver's milliseconds since 1970; None where it tells none that a clock could show."""
    if type(told) is not int or not 0 < told < 2**42:
        return None
    return datetime.fromtimestamp(told / 1000, UTC)
