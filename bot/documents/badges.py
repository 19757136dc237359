"""Open Badges 3.0, made offline by openbadgeslib (the extra `badges`): a signed credential, and a picture that carries it.

The issuer is a `did:key`: whoever checks a badge needs no server of ours, today or in ten years. Its private key is sealed as the
files of people are, so that a database alone can sign nothing. A badge names nobody: its recipient is a salted hash.
"""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.documents.pictures.week import COLOURS, png, templates
from bot.handlers.say.own_page import signed
from bot.i18n import render
from bot.store.db import Tx
from bot.store.records import keep_setting, setting
from bot.store.stays import StayRow, items_of

ISSUER = "badge_issuer"
NOBODY = 0
"""The key file of the installation itself, beside those of people."""


@dataclass(frozen=True)
class Badge:
    """One badge as its owner takes it away, in their language."""

    name: str
    about: str
    criteria: str
    day: datetime
    recipient: str
    """What the salted hash was made of: who knows it can prove that the badge is theirs."""
    salt: str
    token: str
    png: bytes

    @property
    def credential(self) -> bytes:
        """The credential and its proof, for a wallet or a badge platform."""
        payload = self.token.split(".")[1]
        return json.dumps({"credential": _read(payload), "jwt": self.token}, ensure_ascii=False, indent=1).encode()


def has_library() -> bool:
    return find_spec("openbadgeslib") is not None


def badge_of(tx: Tx, stay: StayRow, language: str) -> Badge | None:
    """The badge of a stay, once an adult has ticked that it is earned; None before that, or where nothing can sign it."""
    wanted = tx.programme.badge
    state = items_of(tx.rows, stay.id).get(wanted.item) if wanted else None
    if wanted is None or state is None or state.state != "done" or tx.keys is None or not has_library():
        return None
    person, salt = stay.person, signed(tx, f"badge.{stay.id}")
    kind, recipient = ("emailAddress", person.email) if person.email else ("sisSourcedId", person.ref)
    key = _issuer_key(tx)
    name, about, criteria = (render(text, language) for text in (wanted.title, wanted.about, wanted.criteria))
    said = {"name": name, "about": about, "criteria": criteria}
    issuer = render(tx.programme.programme.title, language)
    token = _sign(key, issuer, f"{stay.id}.{wanted.item}", said, (kind, recipient, salt), state.at)
    return Badge(name, about, criteria, state.at, recipient, salt, token, _bake(_drawn(name, issuer), token))


def _issuer_key(tx: Tx) -> str:
    """The installation's own key, made when the first badge is."""
    assert tx.keys is not None
    kept = setting(tx.rows, ISSUER)
    if kept is None:
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        kept = {"sealed": tx.keys.seal(NOBODY, pem).decode()}
        keep_setting(tx.rows, ISSUER, kept)
    return tx.keys.open(NOBODY, str(kept["sealed"]).encode()).decode()


def _sign(key: str, issuer: str, what: str, said: dict[str, str], recipient: tuple[str, str, str], at: datetime) -> str:
    """The same badge is the same credential, however often it is taken."""
    from openbadgeslib.ob3 import Achievement, IdentityObject, Issuer, OB3Signer, OpenBadgeCredential, did_key_from_pem

    private: Any = serialization.load_pem_private_key(key.encode(), None)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    did = did_key_from_pem(public)
    kind, name, salt = recipient
    credential = OpenBadgeCredential(
        issuer=Issuer(id=did, name=issuer),
        recipient_id=None,
        achievement=Achievement(
            id=uuid.uuid5(uuid.NAMESPACE_URL, did + said["name"]).urn,
            name=said["name"],
            description=said["about"],
            criteria_narrative=said["criteria"],
            achievement_type="Badge",
        ),
        id=uuid.uuid5(uuid.NAMESPACE_URL, did + what).urn,
        issuance_date=at.replace(microsecond=0),
        identifiers=[IdentityObject.create(name, salt, kind)],
    )
    return str(OB3Signer(key, "EdDSA").sign(credential))


def _bake(picture: bytes, token: str) -> bytes:
    from openbadgeslib import baking

    return bytes(baking.bake_png(picture, token, keyword=baking.ITXT_KEYWORD_OB3))


@lru_cache(maxsize=32)
def _drawn(name: str, issuer: str) -> bytes:
    words = name.split()
    half = (len(words) + 1) // 2
    lines = [" ".join(words[:half]), " ".join(words[half:])] if len(name) > 18 else [name]
    return png(
        templates.get_template("badge.svg").render(
            colours=COLOURS, lines=[each for each in lines if each], issuer=issuer
        )
    )


def _read(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
