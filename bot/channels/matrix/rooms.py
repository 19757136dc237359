"""The rooms we are in, as the last sync left them: only encrypted ones of exactly two are spoken in. Pure.

Whoever else is in a room reads along, so a room of three is left; and it is left for good, the person's next message
opens another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

STATE = ("m.room.member", "m.room.encryption", "m.room.tombstone")
PRESENT = frozenset({"join", "invite"})


@dataclass
class Room:
    """What counts of a room."""

    id: str
    encrypted: bool = False
    members: dict[str, str] = field(default_factory=dict)
    """Who is in it or invited: `join` or `invite`."""
    replaced: bool = False
    """It was upgraded: its members went elsewhere."""
    met: bool = False
    """Somebody beside us was in it: until then it is only just being made."""
    heard: int = 0
    """When somebody last wrote in it, as the server counts."""

    def other(self, us: str) -> str:
        """The one beside us; empty where there is nobody, or more than one."""
        others = [user for user in self.members if user != us]
        return others[0] if len(others) == 1 and us in self.members else ""

    def problem(self, us: str) -> str:
        """Why we do not stay: `crowd`, `plain`, `empty`, `replaced`; empty where we do."""
        if self.replaced:
            return "replaced"
        others = len(self.members.keys() - {us})
        if others > 1:
            return "crowd"
        if not others:
            return "empty" if self.met else ""
        return "" if self.encrypted else "plain"


@dataclass
class Rooms:
    """All of them. `known` is set with the first sync: before it, nothing can be said about any."""

    us: str
    known: bool = False
    rooms: dict[str, Room] = field(default_factory=dict)
    entering: dict[str, str] = field(default_factory=dict)
    """Rooms whose invitation we followed, and whose: the next sync brings them."""
    successors: dict[str, str] = field(default_factory=dict)
    """Rooms that took the place of one of ours, and who was beside us there."""

    def take(self, room_id: str, event: Mapping[str, Any]) -> None:
        """One event of a room, in the order in which they happened. What is malformed changes nothing."""
        room = self.rooms.setdefault(room_id, Room(room_id))
        self.entering.pop(room_id, None)
        kind, content = event.get("type"), event.get("content")
        if "state_key" not in event or not isinstance(content, dict):
            sent = event.get("origin_server_ts")
            if event.get("sender") != self.us and isinstance(sent, int):
                room.heard = max(room.heard, sent)
        elif kind == "m.room.member" and isinstance(event["state_key"], str):
            self._moved(room, event["state_key"], content.get("membership"))
            room.met = room.met or event["state_key"] != self.us
        elif kind == "m.room.encryption":
            room.encrypted = True  # for good: who could switch it off could read along
        elif kind == "m.room.tombstone":
            room.replaced = True
            follows, beside = content.get("replacement_room"), room.other(self.us)
            if isinstance(follows, str) and follows and beside:
                self.successors[follows] = beside

    @staticmethod
    def _moved(room: Room, user: str, membership: object) -> None:
        if membership in PRESENT:
            room.members[user] = str(membership)
        else:
            room.members.pop(user, None)

    def take_all(self, room_id: str, events: Iterable[Mapping[str, Any]]) -> None:
        for event in events:
            self.take(room_id, event)

    def drop(self, room_id: str) -> None:
        """We are not in it any more."""
        self.rooms.pop(room_id, None)
        self.entering.pop(room_id, None)

    def made(self, room_id: str, user_id: str) -> Room:
        """We opened a room for somebody; a sync may have shown a part of it already."""
        room = self.rooms.setdefault(room_id, Room(room_id))
        room.encrypted, room.met = True, True
        room.members = {self.us: "join", user_id: "invite"} | room.members
        return room

    def with_person(self, user_id: str) -> Room | None:
        """The room in which to write to somebody: where they are themselves, and wrote last."""
        usable = [room for room in self.rooms.values() if room.other(self.us) == user_id and not room.problem(self.us)]
        return max(usable, key=lambda room: (room.members[user_id] == "join", room.heard, room.id), default=None)

    def direct(self, room_id: str) -> bool:
        """Whether nobody else is there."""
        room = self.rooms.get(room_id)
        return room is not None and bool(room.other(self.us))


@dataclass(frozen=True)
class Invitation:
    """Somebody wants us in a room."""

    by: str
    direct: bool
    encrypted: bool

    @staticmethod
    def read(us: str, events: Iterable[Any]) -> Invitation | None:
        """What the state that comes with an invitation says; None where it is none."""
        by, direct, encrypted = "", False, False
        for event in events:
            if not isinstance(event, dict) or not isinstance(event.get("content"), dict):
                continue
            if event.get("type") == "m.room.encryption":
                encrypted = True
            if event.get("type") == "m.room.member" and event.get("state_key") == us:
                by, direct = str(event.get("sender", "")), event["content"].get("is_direct") is True
        return Invitation(by, direct, encrypted) if by else None


def room_for(user_id: str) -> dict[str, Any]:
    """What `/createRoom` takes: a room for one person and us, encrypted from its first event on."""
    encryption = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
    return {
        "preset": "trusted_private_chat",
        "is_direct": True,
        "invite": [user_id],
        "initial_state": [encryption],
    }
