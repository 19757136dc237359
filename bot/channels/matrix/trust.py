"""Who may read what we write: only devices that their owner's identity signed, under the master key we met them with.

Whoever runs a homeserver can add a device to anybody's account. It cannot sign it, unless it exchanges the whole
identity; and an exchanged identity is told to an adult, never taken silently. Pure: it judges the answer to
`/keys/query`, every word of which a stranger may have written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.channels.matrix.identity import is_signed

NONE = "no identity"
"""The person has set up none: their app calls it "secure backup" or "verification"."""
BROKEN = "broken identity"
CHANGED = "identity changed"
"""The master key is not the one we met them with: a new phone after everything was reset, or somebody in between."""
NO_DEVICE = "no device"
"""None of their devices is signed."""


@dataclass(frozen=True)
class Trust:
    """What a person's identity allows."""

    master: str = ""
    """The master key that the server shows now."""
    devices: Mapping[str, str] = field(default_factory=dict)
    """The devices that may have our keys: id and public key of each."""
    problem: str = ""
    """Why there is none."""


def judge(user_id: str, answer: Mapping[str, Any], pinned: str = "") -> Trust:
    """The devices of a person that get keys. `pinned` is the master key we met them with, if we did."""
    shown = row_of(answer, "master_keys", user_id)
    if not shown:
        return Trust(problem=CHANGED if pinned else NONE)
    master = key_of(shown, user_id, "master")
    if not master:
        return Trust(problem=BROKEN)
    if pinned and master != pinned:
        return Trust(master, problem=CHANGED)
    signing = row_of(answer, "self_signing_keys", user_id)
    signer = key_of(signing, user_id, "self_signing")
    if not signer or not is_signed(signing, user_id, master, master):
        return Trust(master, problem=BROKEN)
    devices = {
        name: key
        for name, device in row_of(answer, "device_keys", user_id).items()
        if (key := _device_key(device, user_id, name)) and is_signed(device, user_id, signer, signer)
    }
    return Trust(master, devices, "" if devices else NO_DEVICE)


def key_of(shown: Mapping[str, Any], user_id: str, usage: str) -> str:
    """The public key that a cross-signing key object holds; empty where it is not well made."""
    usages, keys = shown.get("usage"), shown.get("keys")
    if shown.get("user_id") != user_id or not isinstance(usages, list) or usage not in usages:
        return ""
    if not isinstance(keys, dict) or len(keys) != 1:
        return ""
    ((name, key),) = keys.items()
    return key if isinstance(key, str) and name == f"ed25519:{key}" else ""


def _device_key(device: Any, user_id: str, name: str) -> str:
    """The public key of a device that says itself whose and which it is."""
    if not isinstance(device, dict) or device.get("user_id") != user_id or device.get("device_id") != name:
        return ""
    keys = device.get("keys")
    key = keys.get(f"ed25519:{name}") if isinstance(keys, dict) else None
    return key if isinstance(key, str) and is_signed(device, user_id, name, key) else ""


def row_of(answer: Mapping[str, Any], table: str, user_id: str) -> dict[str, Any]:
    """What a table of the answer holds of a person; nothing where it has another shape."""
    rows = answer.get(table)
    found = rows.get(user_id) if isinstance(rows, dict) else None
    return found if isinstance(found, dict) else {}
