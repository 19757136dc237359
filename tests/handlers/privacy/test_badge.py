"""The badge of a mobility: awarded by an adult's tick, taken by its owner, taken back with a reason, handed on by consent; and
checked without the library that signed it.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import struct
from importlib import util
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bot.handlers.conversation import badges
from bot.handlers.conversation.tasks import take_back, tick
from bot.handlers.say.own_page import own_page
from bot.store.db import Tx
from bot.store.keys import key_ring
from tests.flows.talk import PROGRAMME
from tests.journeys.conftest import Begin
from tests.journeys.desks import ask, person_of, stay_of
from tests.journeys.driver import Journey
from tests.journeys.visits import OURS, Browser, by_post

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
REQUIRED = {
    "credential": {"@context", "id", "type", "name", "credentialSubject", "issuer", "validFrom"},
    "subject": {"type", "achievement"},
    "achievement": {"id", "type", "name", "description", "criteria"},
    "identity": {"type", "hashed", "identityHash", "identityType"},
    "status": {"id", "type"},
}
"""What the JSON schema of Open Badges 3.0 asks for."""
TOOK = "Has learned and worked in another country of Europe."


def read(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def key_of(did: str) -> Ed25519PublicKey:
    """The public key that a `did:key` is: base58, behind a z and the two bytes that mean Ed25519."""
    assert did.startswith("did:key:z")
    number = 0
    for sign in did.removeprefix("did:key:z"):
        number = number * 58 + ALPHABET.index(sign)
    raw = number.to_bytes(34, "big")
    assert raw[:2] == b"\xed\x01"
    return Ed25519PublicKey.from_public_bytes(raw[2:])


def baked(png: bytes) -> str:
    """What the chunk of a picture holds, read by the format of PNG alone."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    place = 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, content = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        if kind == b"iTXt" and content.startswith(b"openbadgecredential\x00"):
            return content.rpartition(b"\x00")[2].decode()
        place += length + 12
    raise LookupError("no badge in it")


def checked(token: str) -> dict[str, Any]:
    """The credential of a compact JWT, once its signature is the issuer's own.

    Raises:
        InvalidSignature: it is not.
    """
    header, payload, signature = token.split(".")
    credential: dict[str, Any] = json.loads(read(payload))
    assert json.loads(read(header))["alg"] == "EdDSA"
    key_of(credential["iss"]).verify(read(signature), f"{header}.{payload}".encode())
    return credential


def award(tx: Tx) -> bool:
    stay = stay_of(tx, "lina")
    return tick(tx, person_of(tx, "nadia"), stay, ["badge_issued"])


async def with_badge(begin: Begin, folder: Path) -> tuple[Journey, Browser]:
    journey = begin("2027-04-02 09:00")
    badge = next(item for item in PROGRAMME.outgoing.after if item.id == "badge_issued")
    after = journey.programme.outgoing.model_copy(update={"after": (badge.model_copy(update={"when": ()}),)})
    journey.programme = journey.db.programme = journey.programme.model_copy(update={"outgoing": after})
    await journey.gather("lina")
    by_post(journey)
    journey.db.keys = key_ring(folder / "keys")
    return journey, Browser(journey)


async def test_a_tick_awards_the_badge_and_anybody_can_check_it_without_asking_us(begin: Begin, tmp_path: Path) -> None:
    journey, browser = await with_badge(begin, tmp_path)
    path = (await journey.do(lambda tx: own_page(tx, person_of(tx, "lina")))).removeprefix(OURS)
    assert (await browser.look(f"{path}/badge.png")).status_code == 404, "nobody has awarded it yet"

    journey.heard("lina")
    assert await journey.do(award)
    assert journey.heard("lina") == ["You have a badge: « European mobility ». /skills has it, to keep and to show."]
    page = await browser.look(f"{path}/badge")
    png, again = [(await browser.look(f"{path}/badge.png")).content for _time in range(2)]
    credential = checked(baked(png))
    subject = credential["credentialSubject"]

    assert png == again, "the same badge, however often it is taken"
    assert credential["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert credential["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert credential["issuer"] == {"id": credential["iss"], "type": ["Profile"], "name": credential["issuer"]["name"]}
    assert (subject["achievement"]["name"], subject["achievement"]["description"]) == ("European mobility", TOOK)
    assert TOOK in page.text
    assert "Lina" not in json.dumps(credential), "it names nobody"
    [identity] = subject["identifier"]
    own = await journey.do(lambda tx: person_of(tx, "lina").email or person_of(tx, "lina").ref)
    salted = hashlib.sha256(f"{own}{identity['salt']}".encode()).hexdigest()
    assert (identity["hashed"], identity["identityHash"]) == (True, f"sha256${salted}")
    taken = json.loads((await browser.look(f"{path}/badge.json")).content)
    assert checked(taken["jwt"]) == credential == taken["credential"]
    assert (await ask(journey, "lina", "/skills"))[0].startswith("Y"), "/skills has it"
    assert REQUIRED["credential"] <= set(credential)
    assert REQUIRED["achievement"] <= set(subject["achievement"])
    assert set(subject) == REQUIRED["subject"] | {"identifier"}, (
        "nothing else may stand in it but what the schema names"
    )
    assert set(identity) == REQUIRED["identity"] | {"salt"}
    assert REQUIRED["status"] <= set(credential["credentialStatus"])


LIST = "/badges/revoked"


def counts_no_more(credential: dict[str, Any], token: str) -> bool:
    """The bit of a credential in the signed list that it names, the leftmost first, as whoever checks it would read it."""
    status, listed = credential["credentialStatus"], checked(token)
    assert (status["type"], status["statusPurpose"]) == ("BitstringStatusListEntry", "revocation")
    assert status["statusListCredential"] == listed["id"] == f"{OURS}{LIST}"
    assert listed["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert listed["issuer"] == credential["issuer"]["id"]
    bits = gzip.decompress(read(listed["credentialSubject"]["encodedList"].removeprefix("u")))
    place = int(status["statusListIndex"])
    assert len(bits) == 16384, "as many as the specification asks for, so that a number tells nothing"
    return bool(bits[place // 8] >> (7 - place % 8) & 1)


async def test_a_badge_taken_back_counts_no_more_wherever_its_copies_are(begin: Begin, tmp_path: Path) -> None:
    journey, browser = await with_badge(begin, tmp_path)
    path = (await journey.do(lambda tx: own_page(tx, person_of(tx, "lina")))).removeprefix(OURS)
    assert (await browser.look(LIST)).status_code == 404, "no badge was ever made"
    await journey.do(award)
    first = checked(baked((await browser.look(f"{path}/badge.png")).content))
    before = (await browser.look(LIST)).text
    journey.heard("lina")

    refused = [
        await journey.do(lambda tx, ref=ref, words=words: take_back(tx, person_of(tx, ref), stay_of(tx, "lina"), words))
        for ref, words in (("nadia", " \n "), ("nadia", "a" * 301), ("yann", "Not mine to say."), ("lina", "No."))
    ]
    taken = [
        await journey.do(
            lambda tx: take_back(tx, person_of(tx, "nadia"), stay_of(tx, "lina"), "It was Lena's.\nSorry!")
        )
        for _time in range(2)
    ]
    told, listed = journey.heard("lina"), await browser.look(LIST)
    gone = await browser.look(f"{path}/badge.png")
    await journey.do(award)
    second = checked(baked((await browser.look(f"{path}/badge.png")).content))

    assert (refused, taken) == ([False] * 4, [True, False])
    assert len(told) == 1
    assert "European mobility » does not count any more" in told[0]
    assert "Nadia Ferhaoui writes: It was Lena's. Sorry!" in told[0]
    assert gone.status_code == 404
    assert (counts_no_more(first, before), counts_no_more(first, listed.text)) == (False, True)
    assert listed.headers["content-type"] == "application/vc+jwt"
    assert listed.headers["access-control-allow-origin"] == "*", "a page elsewhere that checks badges may read it"
    assert "Lina" not in json.dumps(checked(listed.text))
    assert not counts_no_more(second, listed.text), "another tick is another badge"
    assert counts_no_more(first, (await browser.look(LIST)).text)
    assert (await browser.look("/badges/other")).status_code == 404


async def test_a_tick_promises_no_badge_that_nothing_here_can_make(
    begin: Begin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey, _browser = await with_badge(begin, tmp_path)
    monkeypatch.setattr(badges, "find_spec", lambda name: None if name == "openbadgeslib" else util.find_spec(name))
    journey.heard("lina"), journey.heard("nadia")

    assert await journey.do(award)
    told = journey.heard("nadia")
    skills = await ask(journey, "lina", "/skills")
    monkeypatch.undo()
    installed = await ask(journey, "lina", "/skills")

    assert (len(told), "until the extra `badges` is installed" in told[0]) == (1, True)
    assert not any("European mobility" in each for each in skills)
    assert installed[0].startswith("Your badge « European mobility »")
