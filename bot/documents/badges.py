"""Open Badges 3.0, made offline by openbadgeslib (the extra `badges`): a signed credential, and a picture that carries it.

The issuer is a `did:key`: whoever checks a badge needs no server of ours, today or in ten years. Its private key is sealed as the
files of people are, so that a database alone can sign nothing. A badge names nobody: its recipient is a salted hash. Where the
installation has an address, a badge says where to ask whether it was taken back: one list of numbers, without names.
"""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from textwrap import wrap
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.documents.pictures.drawing import COLOURS, png, templates
from bot.handlers.conversation.badges import earned, makes_badges
from bot.handlers.say.own_page import signed
from bot.i18n import render
from bot.store.badges import numbered, taken_back
from bot.store.db import Tx
from bot.store.records import keep_setting, setting
from bot.store.stays import StayRow

ISSUER = "badge_issuer"
NOBODY = 0
"""The key file of the installation itself, beside those of people."""
LIST = "badges/revoked"
"""Where the list of badges that were taken back stands, below the address of the installation."""
LETTERS, SMALL_LETTERS = 18, 26
"""So many stand in a line within the ring."""
FRESH = timedelta(days=1)
"""So long a copy of that list counts: an older one might hide what was taken back since."""


@dataclass(frozen=True)
class Badge:
    """One badge as its owner takes it away, in their language."""

    name: str
    issuer: str
    about: str
    criteria: str
    day: datetime
    recipient: str
    """What the salted hash was made of: who knows it can prove that the badge is theirs."""
    salt: str
    token: str

    @property
    def png(self) -> bytes:
        """Its picture, with the credential in it."""
        from openbadgeslib import baking

        return bytes(baking.bake_png(_drawn(self.name, self.issuer), self.token, keyword=baking.ITXT_KEYWORD_OB3))

    @property
    def credential(self) -> bytes:
        """The credential and its proof, for a wallet or a badge platform."""
        payload = self.token.split(".")[1]
        return json.dumps({"credential": _read(payload), "jwt": self.token}, ensure_ascii=False, indent=1).encode()


def badge_of(tx: Tx, stay: StayRow, language: str) -> Badge | None:
    """The badge of a stay, once an adult has ticked that it is earned; None before that, or where nothing can sign it."""
    wanted, state = tx.programme.badge, earned(tx, stay)
    if wanted is None or state is None or not makes_badges(tx):
        return None
    person, salt = stay.person, signed(tx, f"badge.{stay.id}")
    kind, recipient = ("emailAddress", person.email) if person.email else ("sisSourcedId", person.ref)
    name, about, criteria = (render(text, language) for text in (wanted.title, wanted.about, wanted.criteria))
    said = {"name": name, "about": about, "criteria": criteria}
    issuer = render(tx.programme.programme.title, language)
    number, where = numbered(tx.rows, stay.id).id, _list_address(tx)
    token = _sign(_issuer_key(tx), issuer, (number, where), said, (kind, recipient, salt), state.at)
    return Badge(name, issuer, about, criteria, state.at, recipient, salt, token)


def revoked_list(tx: Tx) -> str | None:
    """The signed list of what was taken back, a bit for every number; None where no badge was ever made here."""
    where = _list_address(tx)
    if not where or not makes_badges(tx) or setting(tx.rows, ISSUER) is None:
        return None
    from openbadgeslib.ob3 import OB3Signer
    from openbadgeslib.ob3.status_list import DEFAULT_SIZE_BITS, build_status_list_credential

    key, numbers, now = _issuer_key(tx), taken_back(tx.rows), tx.now.replace(microsecond=0)
    size = max(DEFAULT_SIZE_BITS, (max(numbers, default=0) // 8 + 1) * 8)
    said = build_status_list_credential(
        _did(key), where, "revocation", numbers, size_bits=size, issued=now, valid_until=now + FRESH
    )
    registered = {"iss": said["issuer"], "jti": where, "nbf": int(now.timestamp())}
    return str(OB3Signer(key, "EdDSA").sign_payload(said | registered))


def _list_address(tx: Tx) -> str:
    url = (setting(tx.rows, "web_address") or {}).get("url", "")
    return f"{url}/{LIST}" if url else ""


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


def _did(key: str) -> str:
    from openbadgeslib.ob3 import did_key_from_pem

    private: Any = serialization.load_pem_private_key(key.encode(), None)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return str(did_key_from_pem(public))


def _sign(
    key: str, issuer: str, which: tuple[int, str], said: dict[str, str], recipient: tuple[str, str, str], at: datetime
) -> str:
    """The same badge is the same credential, however often it is taken."""
    from openbadgeslib.ob3 import Achievement, IdentityObject, Issuer, OB3Signer, OpenBadgeCredential
    from openbadgeslib.ob3.status_list import status_entry

    did, (number, where), (kind, name, salt) = _did(key), which, recipient
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
        id=uuid.uuid5(uuid.NAMESPACE_URL, f"{did}/{number}").urn,
        issuance_date=at.replace(microsecond=0),
        identifiers=[IdentityObject.create(name, salt, kind)],
        credential_status=[status_entry(where, "revocation", number)] if where else [],
    )
    return str(OB3Signer(key, "EdDSA").sign(credential))


@lru_cache(maxsize=32)
def _drawn(name: str, issuer: str) -> bytes:
    """Whatever the school calls it, it stays within the ring."""
    lines, by = (
        wrap(text, width, max_lines=3, placeholder=" …") for text, width in ((name, LETTERS), (issuer, SMALL_LETTERS))
    )
    return png(templates.get_template("badge.svg").render(colours=COLOURS, lines=lines, issuer=by))


def _read(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
