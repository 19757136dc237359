"""Keys over the wire: ours to the server, people's to us, and the key of a conversation to whoever may read it.

A conversation's key is new after every start, after a hundred messages or a week, and whenever a device may no longer read.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nio.responses import ToDeviceResponse

from bot.channels.matrix.client_api import Homeserver, Unanswered, part
from bot.channels.matrix.machine import Machine
from bot.channels.matrix.trust import Trust, judge

Devices = set[tuple[str, str]]
Pins = Callable[[str], Awaitable[str]]
"""The master key a person is known by; empty where we have not met."""


@dataclass(frozen=True)
class Reader:
    """Whom something is written for, and the master key that all of it is closed under: who exchanges their identity half-way reads no more."""

    user_id: str
    master: str


ATTEMPTS = 3
"""So often the key of a conversation is handed over, when it was exchanged under our hands."""


class Conversations:
    """The conversations of one machine, each with one person in one room: who has its key, and what is written with it."""

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


class NoReader(Exception):
    """Nobody may have the key of this conversation; `reason` is one of `trust`'s problems."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class KeyExchange:
    """What a machine and a homeserver tell each other. `pinned` says whom we know by which master key."""

    def __init__(self, server: Homeserver, machine: Machine, pinned: Pins) -> None:
        self.server, self.machine, self.pinned = server, machine, pinned
        self.conversations = Conversations(machine)
        self._judged: dict[str, Trust] = {}
        self._changes = 0

    async def upload(self) -> None:
        """Give the server what it lacks of our keys."""
        wanted = self.machine.keys_to_upload()
        if wanted:
            self.machine.uploaded(await self.server.call("POST", "/keys/upload", wanted))

    def changed(self, users: Mapping[str, Any]) -> None:
        """The server says whose devices changed, or that it cannot tell us of them any more."""
        for listed in ("changed", "left"):
            for user in users.get(listed) or ():
                self._judged.pop(user, None)
                self._changes += 1

    async def trust(self, user_id: str, known: str | None = None) -> Trust:
        """What a person's identity allows now; asked of the server where it may have changed. `known` is the master key
        that they are known by, where the caller has just looked it up.

        Raises:
            CallError: it cannot be asked. `Unanswered` where the person's own server does not answer ours.
        """
        pinned = await self.pinned(user_id) if known is None else known
        judged = self._judged.get(user_id)
        if judged is not None and (not pinned or judged.master == pinned):
            return judged
        changes = self._changes
        answer = await self.server.call("POST", "/keys/query", {"device_keys": {user_id: []}})
        if answer.get("failures"):
            raise Unanswered("the person's homeserver does not answer")
        found = judge(user_id, answer, pinned)
        if self.machine.note_devices(user_id, answer, found.devices):
            self.conversations.exchange_keys(user_id)
        if not found.problem and changes == self._changes:  # else it may be old already: asked again the next time
            self._judged[user_id] = found
        return found

    async def close_for(self, reader: Reader, room_id: str, written: Mapping[str, Any], kind: str) -> dict[str, Any]:
        """What is written, as only this person can read it; they have the key of the conversation before it is sent.

        Raises:
            NoReader: they have no device that may read it.
            CallError: the server did not do its part.
        """
        trust = await self.trust(reader.user_id, reader.master)
        if trust.problem:
            raise NoReader(trust.problem)
        await self._meet(reader.user_id)
        for _attempt in range(ATTEMPTS):
            await self._share(room_id, reader.user_id)
            if self.conversations.has_reader(room_id, reader.user_id):
                return self.conversations.closed(room_id, kind, written)
        raise Unanswered("none of their devices has a key to spare")

    async def _share(self, room_id: str, user_id: str) -> None:
        """Hand the key over. Somebody may come or leave meanwhile: then it is another key by now, and nobody has it."""
        if not self.conversations.must_share(room_id, user_id):
            return
        name, devices, parcel = self.conversations.parcel(room_id, user_id)
        if devices:
            await self._hand_over("m.room.encrypted", parcel)
        self.conversations.shared(room_id, name, devices)

    async def _meet(self, user_id: str) -> None:
        """Make it possible to send a key to each device of a person."""
        missing = self.machine.strangers(user_id)
        if missing:
            wanted = {user_id: dict.fromkeys(missing, "signed_curve25519")}
            self.machine.note_claimed(await self.server.call("POST", "/keys/claim", {"one_time_keys": wanted}))

    async def _hand_over(self, kind: str, parcel: Mapping[str, Any]) -> None:
        await self.server.call("PUT", f"/sendToDevice/{part(kind)}/{part(secrets.token_urlsafe(12))}", parcel)

    async def mend(self) -> None:
        """Begin anew with devices whose conversation with ours broke: what they send next can be read again."""
        for user_id, devices in self.machine.wedged().items():
            wanted = {user_id: dict.fromkeys(devices, "signed_curve25519")}
            self.machine.note_claimed(await self.server.call("POST", "/keys/claim", {"one_time_keys": wanted}))
        olm = self.machine.olm
        olm.wedged_devices.clear()  # who has no key to give is asked again when they write again
        for message in list(olm.outgoing_to_device_messages):
            await self._hand_over(message.type, message.as_dict())
            olm.handle_response(ToDeviceResponse(message))
