"""The keys of one device, and what they open and close: matrix-nio's `Olm`, guarded. It asks no server.

Any account may send our device anything, and the library raises whatever its parsers happen to: nothing that comes in
here can end a round of syncing. Trust is ours too: see `trust`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import structlog
from nio.crypto import Olm, OlmDevice
from nio.events.room_events import MegolmEvent
from nio.events.to_device import EncryptedToDeviceEvent, ToDeviceEvent
from nio.responses import KeysClaimResponse, KeysQueryResponse, KeysUploadResponse
from nio.store import SqliteStore

from bot.channels.matrix.folder import Device, Folder

log = structlog.get_logger()
MEGOLM = "m.megolm.v1.aes-sha2"
ONE_TIME = "signed_curve25519"


class NoStore(Exception):
    """There is no crypto store for this device: starting with an empty one would make the bot deaf."""


def spare_a_search(store: Any) -> None:
    """Have a crypto store of the library not look each time for what hangs on its tables: it names them all already.

    That was two thirds of the calls of a read, and every message reads and writes several times.
    """
    store.database.bind_ctx = partial(store.database.bind_ctx, bind_refs=False, bind_backrefs=False)


class Machine:
    """Olm and Megolm of one device. `new` makes its crypto store; without it there must be one.

    Raises:
        NoStore: there is none.
    """

    def __init__(self, device: Device, folder: Folder, pickle_key: str, *, new: bool = False) -> None:
        if not pickle_key:
            raise NoStore("no key for the crypto store")
        self.device = device
        path = folder.crypto(device.device_id) / "crypto.db"
        if not new and not path.exists():
            raise NoStore(str(path))
        folder.prepare_crypto(device.device_id)
        path.touch(mode=0o600)
        self._store = SqliteStore(device.user_id, device.device_id, str(path.parent), pickle_key, path.name)
        spare_a_search(self._store)
        if not new and self._store.load_account() is None:
            raise NoStore(str(path))
        self.olm: Any = Olm(device.user_id, device.device_id, self._store)
        if not new:  # what was to be uploaded when we fell may have been: the same key must not be offered twice
            self.olm.mark_keys_as_published()
        self.changes = 0
        """Counts what moved the keys on; see `freshness`."""
        self._fallback_wanted = not self.olm.account.shared
        self._verified: dict[str, dict[str, bool]] = {}

    def close(self) -> None:
        """Let go of the crypto store."""
        self._store.database.close()

    @property
    def keys(self) -> dict[str, str]:
        """Our public keys, `ed25519` and `curve25519`."""
        return dict(self.olm.account.identity_keys)

    def counted(self, counts: Mapping[str, Any], fallback: object) -> None:
        """How many one-time keys the server still has of us; it names none where there are none left."""
        left = counts.get(ONE_TIME, 0)
        self.olm.uploaded_key_count = left if type(left) is int and left >= 0 else 0
        if isinstance(fallback, list):
            self._fallback_wanted = ONE_TIME not in fallback

    def keys_to_upload(self) -> dict[str, Any]:
        """What the server lacks of us; nothing where it has all. Kept on our side before anybody can use it."""
        wanted: dict[str, Any] = {}
        if self.olm.should_upload_keys:
            wanted |= self.olm.share_keys()
        if self._fallback_wanted:
            wanted["fallback_keys"] = self._fallback()
        if wanted:
            self.olm.save_account()
        return wanted

    def uploaded(self, answer: Mapping[str, Any]) -> None:
        """The server has them."""
        counts = answer.get("one_time_key_counts")
        left = counts.get(ONE_TIME, 0) if isinstance(counts, dict) else 0
        self.olm.handle_response(KeysUploadResponse(0, left))
        self._fallback_wanted = False
        self.changes += 1

    def _fallback(self) -> dict[str, Any]:
        """A key for when all others are used up: without it nobody new could write to us while we are away."""
        account = self.olm.account._account
        account.generate_fallback_key()
        ((key_id, key),) = account.fallback_key.items()
        made = {"key": key.to_base64(), "fallback": True}
        signature = {self.device.user_id: {f"ed25519:{self.device.device_id}": self.olm.sign_json(made)}}
        return {f"{ONE_TIME}:{key_id}": {**made, "signatures": signature}}

    def absorb(self, events: Iterable[Any]) -> None:
        """Take in what was sent to our device: keys. Requests and verifications are not ours to answer.

        All of it in one transaction: a key is sent once, and the library notes that it was opened before it notes the
        key. A crash in between would lose it, and with it whatever is written under it.
        """
        with self._store.database.atomic():
            for raw in events:
                try:
                    event = ToDeviceEvent.parse_event(raw)
                    if isinstance(event, EncryptedToDeviceEvent):
                        self.olm.handle_to_device_event(event)
                        self.changes += 1
                except Exception as problem:
                    log.warning("to-device event not understood", channel="matrix", state=type(problem).__name__)

    def decrypt(self, room_id: str, raw: Mapping[str, Any]) -> dict[str, Any] | None:
        """The event as its author wrote it; None where its key has not come, or it is none."""
        try:
            return self._decrypt(room_id, raw)
        except Exception as problem:
            log.warning("event not decrypted", channel="matrix", state=type(problem).__name__)
            return None

    def _decrypt(self, room_id: str, raw: Mapping[str, Any]) -> dict[str, Any] | None:
        content = raw["content"]
        session = self._session(room_id, content["session_id"])
        if session is None or content["algorithm"] != MEGOLM:
            self.olm.users_for_key_query.add(raw["sender"])
            return None
        device = self.olm.device_store.device_from_sender_key(raw["sender"], session.sender_key)
        if device is not None and device.ed25519 != session.ed25519:
            return None
        plaintext, index = session.decrypt(content["ciphertext"])
        named = {"sender_key": session.sender_key, "device_id": device.id if device else ""}
        event = MegolmEvent.from_dict({**raw, "content": {**content, **named}})
        read = json.loads(plaintext)
        if not self.olm.message_index_ok(index, event) or read["room_id"] != room_id:
            return None
        return self._shown(raw, read, verified=device is not None and self._is_verified(device))

    @staticmethod
    def _shown(raw: Mapping[str, Any], read: Mapping[str, Any], *, verified: bool) -> dict[str, Any]:
        """What was decrypted, with what the server tells about it. Relations stand outside what is encrypted."""
        content = dict(read["content"])
        if "m.relates_to" in raw["content"]:
            content.setdefault("m.relates_to", raw["content"]["m.relates_to"])
        told = {name: raw[name] for name in ("event_id", "sender", "origin_server_ts") if name in raw}
        return {**told, "type": read["type"], "content": content, "encrypted": True, "verified": verified}

    def _session(self, room_id: str, session_id: str) -> Any:
        """The key of a conversation, whoever's device it came from: newer clients no longer name it."""
        for sessions in self.olm.inbound_group_store[room_id].values():
            if session_id in sessions:
                return sessions[session_id]
        return None

    def note_devices(self, user_id: str, answer: Mapping[str, Any], devices: Mapping[str, str]) -> bool:
        """From `/keys/query`, take in exactly these devices of a person; whether anything changed.

        The library never sees the others: they get no key, and what is malformed in them hurts nobody.
        """
        before = {device.id for device in self.trusted(user_id)}
        given = answer.get("device_keys", {}).get(user_id, {})
        shown = {name: device for name, device in given.items() if name in devices} if isinstance(given, dict) else {}
        found = KeysQueryResponse.from_dict({"device_keys": {user_id: shown}, "failures": {}})
        if isinstance(found, KeysQueryResponse):
            self.olm.handle_response(found)
        for device in list(self.olm.device_store[user_id].values()):
            if devices.get(device.id) == device.ed25519:
                device.deleted = False  # the library takes none back that was away for a while
                self.olm.verify_device(device)
            else:
                device.deleted = True
            self._store.save_device_keys({user_id: {device.id: device}})
        self._verified.pop(user_id, None)
        return {device.id for device in self.trusted(user_id)} != before

    def note_claimed(self, answer: Mapping[str, Any]) -> None:
        """Take in one-time keys of people's devices: from here on we can send them keys of ours."""
        found = KeysClaimResponse.from_dict(dict(answer))
        if isinstance(found, KeysClaimResponse):
            self.olm.handle_response(found)
            self.changes += 1

    def strangers(self, user_id: str) -> list[str]:
        """The trusted devices of a person that we cannot yet send a key to."""
        return [device.id for device in self.trusted(user_id) if not self.olm.session_store.get(device.curve25519)]

    def trusted(self, user_id: str) -> list[OlmDevice]:
        """The devices of a person that may have keys."""
        devices = self.olm.device_store.active_user_devices(user_id)
        return [device for device in devices if self._is_verified(device)]

    def _is_verified(self, device: OlmDevice) -> bool:
        """Whether we took it for its owner's own. The library asks its file each time, which costs more than a message."""
        known = self._verified.setdefault(device.user_id, {})
        if device.id not in known:
            known[device.id] = self.olm.is_device_verified(device)
        return known[device.id]

    def wedged(self) -> dict[str, list[str]]:
        """Devices whose conversation with ours broke, by person."""
        found: dict[str, list[str]] = {}
        for device in self.olm.wedged_devices:
            found.setdefault(device.user_id, []).append(device.id)
        return found
