"""A human on matrix-nio: the bot's own library, so it shares the bot's blind spots. `Modern` does not.

What nio lacks, it has from us: an identity, and the strictness of today's clients. `strict` means what Element
calls excluding insecure devices: a device that its owner has not signed gets no keys, and what it says is not shown.
"""

from __future__ import annotations

import asyncio
from typing import Any, Self

import aiohttp
from nio import AsyncClient, AsyncClientConfig, ErrorResponse, InviteMemberEvent, MegolmEvent
from nio.exceptions import EncryptionError

from tests.synapse.administration import Account, Refused, Unreachable
from tests.synapse.cross_signed import CrossSigned
from tests.synapse.homeserver import Homeserver
from tests.synapse.identity import Identity
from tests.synapse.seen import NO_SHIELD, UNENCRYPTED
from tests.synapse.unwritten import Unwritten

JSON = dict[str, Any]
NOTHING: JSON = {"types": []}
FILTER = {"account_data": NOTHING, "presence": NOTHING, "room": {"account_data": NOTHING, "timeline": {"limit": 500}}}


class Human(CrossSigned):
    """One device. `identity` is given to somebody's second device, so that it is signed by the same keys."""

    signs = True

    def __init__(
        self,
        homeserver: Homeserver,
        account: Account,
        *,
        strict: bool = True,
        identity: Identity | None = None,
    ) -> None:
        super().__init__(homeserver, account, identity)
        self.strict = strict
        config = AsyncClientConfig(store=Unwritten, store_sync_tokens=False, max_limit_exceeded=0, max_timeouts=0)
        self.client = AsyncClient(homeserver.url, self.user_id, store_path="nowhere", config=config)
        self._unreadable: dict[str, tuple[str, Any]] = {}

    async def __aenter__(self) -> Self:
        _checked(await self.client.login(self.account.password, device_name=type(self).__name__))
        self.token, self.device = self.client.access_token, self.client.device_id
        _checked(await self.client.keys_upload())
        if self.signs and self.identity is None:
            await self.changes_identity()
        elif self.identity is not None:
            await self.signs_device()
        await self.pull(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.close()

    async def sends(self, room: str, kind: str, content: JSON) -> str:
        await self.pull(0)
        for user_id in self.client.rooms[room].users:
            await self._trust(user_id)
        try:
            sent = await self.client.room_send(room, kind, content, ignore_unverified_devices=not self.strict)
        except aiohttp.ClientConnectionError as problem:
            raise Unreachable(str(problem)) from problem
        return str(_checked(sent).event_id)

    async def _trust(self, user_id: str) -> None:
        """Tell nio which devices of somebody get keys."""
        if not self.strict:
            return
        found = await self.judges(user_id)
        for device in list(self.client.device_store.active_user_devices(user_id)):
            if found.shield(device.curve25519, self.pins.get(user_id)) == NO_SHIELD:
                self.client.verify_device(device)
            else:
                self.client.blacklist_device(device)

    async def pull(self, seconds: float) -> None:
        try:
            taken = await self.client.sync(timeout=round(seconds * 1000), sync_filter=FILTER)
            if isinstance(taken, ErrorResponse):
                await asyncio.sleep(0.2)  # the caller's patience ends the attempts
                return
            await self._chores()
        except (aiohttp.ClientError, TimeoutError):
            await asyncio.sleep(0.2)
            return
        self.forgets(taken.device_list.changed)
        for room, invitation in taken.rooms.invite.items():
            for event in invitation.invite_state:
                if isinstance(event, InviteMemberEvent):
                    self.timeline.joins(room, event.state_key, event.membership, event.sender)
        for room in taken.rooms.leave:
            self.timeline.joins(room, self.user_id, "leave", "")
        for room, info in taken.rooms.join.items():
            await self._take(room, info)
        await self._retry()

    async def _chores(self) -> None:
        """What nio leaves to whoever does not use its `sync_forever`."""
        await self.client.send_to_device_messages()
        if self.client.should_upload_keys:
            _checked(await self.client.keys_upload())
        if self.client.should_query_keys:
            _checked(await self.client.keys_query())
        if self.client.should_claim_keys:
            _checked(await self.client.keys_claim(self.client.get_users_for_key_claiming()))

    async def _take(self, room: str, info: Any) -> None:
        for event in [*info.state, *info.timeline.events]:
            if isinstance(event, MegolmEvent):
                self._unreadable[event.event_id] = (room, event)
            await self._show(room, event)
        for event in info.ephemeral:
            for receipt in getattr(event, "receipts", ()):
                self.timeline.read[receipt.user_id] = receipt.event_id
            if hasattr(event, "users"):
                self.timeline.typing.append(list(event.users))

    async def _show(self, room: str, event: Any) -> None:
        source, encrypted = event.source, bool(getattr(event, "decrypted", False))
        shield = NO_SHIELD
        if encrypted and event.sender != self.user_id:
            found = await self.judges(event.sender)
            shield = found.shield(event.sender_key, self.pins.get(event.sender))
        elif source["type"] == "m.room.message" and self.client.rooms[room].encrypted:
            shield = UNENCRYPTED
        if self.strict and shield not in {NO_SHIELD, UNENCRYPTED}:
            source = {**source, "type": "m.room.encrypted"}
        self.timeline.take(source, room=room, encrypted=encrypted, shield=shield)

    async def _retry(self) -> None:
        """Keys may come after the message."""
        for name, (room, event) in list(self._unreadable.items()):
            try:
                readable = self.client.decrypt_event(event)
            except EncryptionError:
                continue
            del self._unreadable[name]
            await self._show(room, readable)


class Intruder(Human):
    """A device on somebody's account that the owner never signed: a stolen password."""

    signs = False

    def __init__(self, homeserver: Homeserver, account: Account) -> None:
        super().__init__(homeserver, account, strict=False)


def _checked(answer: Any) -> Any:
    """nio returns its errors; here they are raised."""
    if isinstance(answer, ErrorResponse):
        status = answer.transport_response.status if answer.transport_response else 0
        raise Refused(status, {"errcode": answer.status_code, "error": answer.message})
    return answer
