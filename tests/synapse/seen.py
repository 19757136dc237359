"""What a strict client makes of somebody's published keys, and of a message that came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.synapse.identity import is_signed

JSON = dict[str, Any]

NO_SHIELD = ""
UNENCRYPTED = "not encrypted"
UNSIGNED = "device not signed by its owner"
UNKNOWN = "device unknown or deleted"
CHANGED = "identity changed"


@dataclass(frozen=True)
class Seen:
    """One person's published keys."""

    user_id: str
    master: str | None
    """The public master key; nothing if there is no identity, or if its self-signing key is not signed by it."""
    devices: dict[str, bool]
    """Each device: is it signed by its owner?"""
    sender_keys: dict[str, str]
    """Curve25519 key to device id: tells which device a message came from."""

    def shield(self, sender_key: str | None, pinned: str | None) -> str:
        """What a modern client shows beside a message from that key; nothing is best."""
        device = self.sender_keys.get(sender_key or "")
        if device is None:
            return UNKNOWN
        if pinned is not None and pinned != self.master:
            return CHANGED
        return NO_SHIELD if self.devices[device] else UNSIGNED


def seen(user_id: str, published: JSON) -> Seen:
    """Judge the answer of POST /keys/query."""
    master = _public(published.get("master_keys", {}).get(user_id))
    own = published.get("self_signing_keys", {}).get(user_id)
    signing = _public(own) if own and master and is_signed(own, user_id, master) else None
    devices, sender_keys = {}, {}
    for name, device in published.get("device_keys", {}).get(user_id, {}).items():
        own_key = device["keys"].get(f"ed25519:{name}")
        genuine = own_key is not None and _self_signed(device, user_id, name)
        devices[name] = bool(genuine and signing and is_signed(device, user_id, signing))
        sender_keys[device["keys"][f"curve25519:{name}"]] = name
    return Seen(user_id, master if signing else None, devices, sender_keys)


def _public(key: JSON | None) -> str | None:
    return next(iter(key["keys"].values()), None) if key else None


def _self_signed(device: JSON, user_id: str, name: str) -> bool:
    """A device signs its own keys, under its name and not under the key's."""
    public = device["keys"][f"ed25519:{name}"]
    signature = device.get("signatures", {}).get(user_id, {}).get(f"ed25519:{name}")
    renamed = {**device, "signatures": {user_id: {f"ed25519:{public}": signature}}}
    return signature is not None and is_signed(renamed, user_id, public)
