"""A cross-signing identity: three keys that say which devices are somebody's own, and which people they verified.

Written from the specification (client-server API, "Cross-signing") and with another library than the bot's, so
that it judges the bot's and does not repeat its mistakes.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

JSON = dict[str, Any]


def plain(key: bytes) -> str:
    """Base64 without padding, as Matrix writes keys."""
    return base64.b64encode(key).decode().rstrip("=")


def raw(key: str) -> bytes:
    """The other way round."""
    return base64.b64decode(key + "=" * (-len(key) % 4))


def canonical(signed: JSON) -> bytes:
    """The bytes that are signed: everything but the signatures themselves and what the server added."""
    body = {name: value for name, value in signed.items() if name not in {"signatures", "unsigned"}}
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def is_signed(what: JSON, user_id: str, public: str) -> bool:
    """Whether `what` carries a good signature of that key of that user."""
    signature = what.get("signatures", {}).get(user_id, {}).get(f"ed25519:{public}")
    if signature is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(raw(public)).verify(raw(signature), canonical(what))
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True)
class Key:
    """One of the three."""

    secret: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def public(self) -> str:
        return plain(self.secret.public_key().public_bytes_raw())

    def sign(self, what: JSON, user_id: str) -> JSON:
        """The same with this key's signature added."""
        mine = {f"ed25519:{self.public}": plain(self.secret.sign(canonical(what)))}
        signatures = dict(what.get("signatures", {}))
        return {**what, "signatures": {**signatures, user_id: {**signatures.get(user_id, {}), **mine}}}


@dataclass(frozen=True)
class Identity:
    """Somebody's three keys. Who holds them can sign a further device."""

    user_id: str
    master: Key
    own_devices: Key
    other_people: Key

    @classmethod
    def new(cls, user_id: str) -> Self:
        return cls(user_id, Key(), Key(), Key())

    def published(self) -> JSON:
        """The body of POST /keys/device_signing/upload, without the password."""
        return {
            "master_key": self._described("master", self.master),
            "self_signing_key": self.master.sign(self._described("self_signing", self.own_devices), self.user_id),
            "user_signing_key": self.master.sign(self._described("user_signing", self.other_people), self.user_id),
        }

    def device(self, described: JSON) -> JSON:
        """The body of POST /keys/signatures/upload that makes a device ours."""
        bare = {name: value for name, value in described.items() if name != "unsigned"}
        return {self.user_id: {described["device_id"]: self.own_devices.sign(bare, self.user_id)}}

    def vouched(self, user_id: str, master: JSON) -> JSON:
        """The same for somebody else's master key: we have compared it, and it is theirs."""
        (public,) = master["keys"].values()
        return {user_id: {public: self.other_people.sign(master, self.user_id)}}

    def _described(self, usage: str, key: Key) -> JSON:
        return {"user_id": self.user_id, "usage": [usage], "keys": {f"ed25519:{key.public}": key.public}}
