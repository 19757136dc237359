"""What a client shows of its rooms: messages with their versions and chips, invitations, who is there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

JSON = dict[str, Any]
MESSAGES = {"m.room.message", "m.room.encrypted", "m.poll.start", "org.matrix.msc3381.poll.start", "m.sticker"}


@dataclass(eq=False)
class Message:
    """One message, as it is now."""

    event: str
    room: str
    sender: str
    content: JSON
    kind: str
    """The event's type; `m.room.encrypted` as long as it cannot be read."""
    encrypted: bool
    shield: str
    """What a client warns of beside it; empty is best."""
    versions: list[str] = field(default_factory=list)
    reactions: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Event id of each reaction that is there: who, what."""
    redacted: bool = False
    when: int = 0
    """Milliseconds, by the homeserver's clock."""

    @property
    def text(self) -> str | None:
        """The words shown; nothing if they could not be decrypted."""
        return self.versions[-1] if self.versions else None

    @property
    def chips(self) -> list[str]:
        """The reactions beneath it, in the order in which they came."""
        return list(dict.fromkeys(symbol for _, symbol in self.reactions.values()))

    @property
    def thread(self) -> str | None:
        """The event at the root of the thread that it stands in."""
        relation = self.content.get("m.relates_to", {})
        return relation.get("event_id") if relation.get("rel_type") == "m.thread" else None

    @property
    def answers(self) -> str | None:
        """The event to which it is a reply."""
        found: str | None = self.content.get("m.relates_to", {}).get("m.in_reply_to", {}).get("event_id")
        return found


@dataclass
class Timeline:
    """Everything that one client has been told, fed event by event after decryption."""

    owner: str
    messages: dict[str, Message] = field(default_factory=dict)
    invitations: dict[str, str] = field(default_factory=dict)
    """Room id of each open invitation: who invites."""
    members: defaultdict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    states: list[JSON] = field(default_factory=list)
    """State events as they came, such as m.room.tombstone."""
    read: dict[str, str] = field(default_factory=dict)
    """The last event of ours for which somebody sent a read receipt."""
    typing: list[list[str]] = field(default_factory=list)
    """Who typed, each time it changed."""
    _early: list[tuple[JSON, str, bool, str]] = field(default_factory=list)
    """Reactions and edits whose message is still being decrypted."""

    def take(self, event: JSON, *, room: str, encrypted: bool, shield: str) -> None:
        """One event of a room."""
        kind, content = event["type"], event.get("content", {})
        relation = content.get("m.relates_to") or {}
        if "state_key" in event:
            self.states.append({**event, "room_id": room})
            if kind == "m.room.member":
                self.joins(room, event["state_key"], content["membership"], event["sender"])
        elif kind == "m.room.redaction":
            self._redact(event.get("redacts") or content.get("redacts", ""))
        elif relation.get("rel_type") in {"m.annotation", "m.replace"}:
            if relation.get("event_id") in self.messages:
                self._change(self.messages[relation["event_id"]], event)
            else:
                self._early.append((event, room, encrypted, shield))
        elif kind in MESSAGES:
            self._message(event, room, encrypted, shield)
            early, self._early = self._early, []
            for one in early:
                self.take(one[0], room=one[1], encrypted=one[2], shield=one[3])

    def _change(self, message: Message, event: JSON) -> None:
        if event["type"] == "m.reaction":
            message.reactions[event["event_id"]] = (event["sender"], event["content"]["m.relates_to"]["key"])
        elif message.sender == event["sender"] and event["type"] != "m.room.encrypted":
            message.versions.append(event["content"].get("m.new_content", {}).get("body", ""))

    def joins(self, room: str, who: str, membership: str, by: str) -> None:
        """Somebody's place in a room."""
        self.members[room][who] = membership
        if who == self.owner:
            self.invitations.pop(room, None)
            if membership == "invite":
                self.invitations[room] = by

    def _message(self, event: JSON, room: str, encrypted: bool, shield: str) -> None:
        content, name = event["content"], event["event_id"]
        readable = event["type"] != "m.room.encrypted"
        known = self.messages.get(name)
        if known is None:
            known = Message(name, room, event["sender"], content, event["type"], encrypted, shield)
            known.when = event.get("origin_server_ts", 0)
            self.messages[name] = known
        if readable and not known.versions:
            known.content, known.kind, known.shield = content, event["type"], shield
            known.versions.append(content.get("body", ""))

    def _redact(self, name: str) -> None:
        self._early = [one for one in self._early if one[0]["event_id"] != name]
        if name in self.messages:
            self.messages[name].redacted = True
        for message in self.messages.values():
            message.reactions.pop(name, None)
