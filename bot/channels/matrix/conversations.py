"""The key of each conversation: who has it, when it is exchanged for another, and what is written with it.

A key is new after every start, after a hundred messages or a week, and whenever a device may no longer read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.matrix.machine import Machine

Devices = set[tuple[str, str]]


class Conversations:
    """The conversations of one machine, each with one person in one room."""

    def __init__(self, machine: Machine) -> None:
        self.machine, self._olm = machine, machine.olm

    def must_share(self, room_id: str, user_id: str) -> bool:
        """Whether a device that may read, and that a key can be sent to, has not got this conversation's."""
        session = self._olm.outbound_group_sessions.get(room_id)
        if session is None or session.expired:
            self._olm.create_outbound_group_session(room_id)
            return True
        return not session.shared or bool(self._reachable(user_id) - session.users_shared_with)

    def parcel(self, room_id: str, user_id: str) -> tuple[str, Devices, dict[str, Any]]:
        """The key, closed for each device that lacks it: its name, who they are, and what `/sendToDevice` takes."""
        session = self._olm.outbound_group_sessions[room_id]
        session.shared = False
        devices, parcel = self._olm.share_group_session(room_id, [user_id], ignore_missing_sessions=True)
        session.users_ignored.clear()  # whoever cannot be reached now may be later
        self.machine.changes += 1
        return session.id, devices, parcel

    def shared(self, room_id: str, name: str, devices: Devices) -> None:
        """The server has handed it over."""
        session = self._olm.outbound_group_sessions.get(room_id)
        if session is not None and session.id == name:
            session.users_shared_with.update(devices)
            session.shared = True

    def has_reader(self, room_id: str, user_id: str) -> bool:
        """Whether any device of the person can read what is written now."""
        session = self._olm.outbound_group_sessions.get(room_id)
        return session is not None and session.shared and bool(self._reachable(user_id) & session.users_shared_with)

    def closed(self, room_id: str, kind: str, written: Mapping[str, Any]) -> dict[str, Any]:
        """An event as only those who have the key can read it. Relations stay outside: servers sort by them."""
        made: dict[str, Any] = self._olm.group_encrypt(room_id, {"type": kind, "content": dict(written)})
        return made | ({"m.relates_to": written["m.relates_to"]} if "m.relates_to" in written else {})

    def exchange_keys(self, user_id: str) -> None:
        """Begin anew wherever this person has the key: one of their devices may no longer read."""
        sessions = self._olm.outbound_group_sessions
        for room_id in [
            room for room, each in sessions.items() if user_id in {user for user, _ in each.users_shared_with}
        ]:
            del sessions[room_id]

    def drop(self, room_id: str) -> None:
        """Somebody came or left."""
        self._olm.outbound_group_sessions.pop(room_id, None)

    def _reachable(self, user_id: str) -> Devices:
        return {
            (user_id, device.id)
            for device in self.machine.trusted(user_id)
            if self._olm.session_store.get(device.curve25519)
        }
