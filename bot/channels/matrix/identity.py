"""The bot's cross-signing identity: three Ed25519 keys that outlive every device, and what they sign.

Clients that exclude insecure devices give keys only to a device that its owner's identity signed. matrix-nio does not
know cross-signing, so the objects are made here, as the specification says (spec.matrix.org, "Cross-signing" and
"Signing JSON"). Nothing here asks a server or a disk.
"""

from __future__ import annotations

import binascii
import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.i18n import _, say

SEED = 32
"""Bytes of a private key."""
USAGES = ("master", "self_signing", "user_signing")


class IdentityError(Exception):
    """What was kept of an identity is none."""


@dataclass(frozen=True)
class Identity:
    """The private keys of one account. Whoever has them can speak for the bot on any device."""

    user_id: str
    seeds: Mapping[str, bytes] = field(repr=False)
    """By usage: `master` signs the other two, `self_signing` signs our devices, `user_signing` other people."""

    @staticmethod
    def make(user_id: str) -> Identity:
        """A new one, from the machine's own randomness."""
        return Identity(user_id, {usage: secrets.token_bytes(SEED) for usage in USAGES})

    def public(self, usage: str) -> str:
        """The public half of a key."""
        return public_key(self.seeds[usage])

    def keys(self) -> dict[str, Any]:
        """What `/keys/device_signing/upload` takes: the public keys, the last two signed by the first."""
        return {
            "master_key": self._key("master"),
            "self_signing_key": self.signed(self._key("self_signing"), "master"),
            "user_signing_key": self.signed(self._key("user_signing"), "master"),
        }

    def signed(self, written: Mapping[str, Any], usage: str) -> dict[str, Any]:
        """The object with our signature beside those it has."""
        return sign(written, self.user_id, self.public(usage), self.seeds[usage])

    def _key(self, usage: str) -> dict[str, Any]:
        public = self.public(usage)
        return {"user_id": self.user_id, "usage": [usage], "keys": {f"ed25519:{public}": public}}

    def to_json(self) -> dict[str, str]:
        """The private keys as they are kept."""
        return {"user_id": self.user_id} | {usage: encoded(self.seeds[usage]) for usage in USAGES}

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> Identity:
        """The identity that `to_json` kept.

        Raises:
            IdentityError: it is none.
        """
        try:
            user_id, seeds = kept["user_id"], {usage: decoded(kept[usage]) for usage in USAGES}
        except (KeyError, TypeError, ValueError):
            raise IdentityError(say(_("it does not hold the three keys of an identity"))) from None
        if not isinstance(user_id, str) or any(len(seed) != SEED for seed in seeds.values()):
            raise IdentityError(say(_("it does not hold the three keys of an identity")))
        return Identity(user_id, seeds)


def canonical(written: Mapping[str, Any]) -> bytes:
    """The one text of a JSON object that is signed: without signatures and what the server adds."""
    signed = {name: value for name, value in written.items() if name not in {"signatures", "unsigned"}}
    return json.dumps(signed, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False).encode()


def sign(written: Mapping[str, Any], user_id: str, key_id: str, seed: bytes) -> dict[str, Any]:
    """The object with the signature of this key beside those it has."""
    signature = encoded(Ed25519PrivateKey.from_private_bytes(seed).sign(canonical(written)))
    others = {user: dict(theirs) for user, theirs in written.get("signatures", {}).items()}
    others.setdefault(user_id, {})[f"ed25519:{key_id}"] = signature
    return {**written, "signatures": others}


def is_signed(written: Mapping[str, Any], user_id: str, key_id: str, public: str) -> bool:
    """Whether an object, as anybody may have made it up, bears a valid signature of this key."""
    try:
        signature = decoded(written["signatures"][user_id][f"ed25519:{key_id}"])
        Ed25519PublicKey.from_public_bytes(decoded(public)).verify(signature, canonical(written))
    except (KeyError, TypeError, ValueError, InvalidSignature, RecursionError):
        return False
    return True


def public_key(seed: bytes) -> str:
    """The public half, in the base64 without padding that Matrix writes."""
    made = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    return encoded(made.public_bytes(Encoding.Raw, PublicFormat.Raw))


def encoded(raw: bytes) -> str:
    """Base64 without padding."""
    return b64encode(raw).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Base64, with padding or without.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(text, str):
        raise ValueError("no text")
    try:
        return b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), validate=True)
    except binascii.Error:
        raise ValueError("no base64") from None
