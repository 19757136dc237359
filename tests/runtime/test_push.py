"""Web push, against a push service of our own that opens what it is sent as a browser would."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select

from bot.channels.push import PushKey
from bot.channels.push_subscription import known_service
from bot.channels.web import WebChannel
from bot.domain.channel import Sent
from bot.domain.messages import Outgoing
from bot.runtime.push import PushHints
from bot.store.db import Database, Tx
from bot.store.people import Address, Person
from bot.store.push import PushSubscription

OURS = "https://compagnon.example.org"
WORD = {"title": "Compagnon", "body": "Un mot de Compagnon.", "lang": "fr", "dir": "ltr"}


def coded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@dataclass
class Browser:
    """A browser's end of a subscription."""

    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = b"sixteen bytes ok"

    @property
    def point(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def opened(self, sealed: bytes) -> bytes:
        """RFC 8291: what was sealed for this browser."""
        salt, size = sealed[:16], sealed[20]
        theirs, content = sealed[21 : 21 + size], sealed[21 + size :]
        shared = self.private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        secret = _derived(self.auth, b"WebPush: info\0" + self.point + theirs, 32, shared)
        key = _derived(salt, b"Content-Encoding: aes128gcm\0", 16, secret)
        nonce = _derived(salt, b"Content-Encoding: nonce\0", 12, secret)
        return AESGCM(key).decrypt(nonce, content, None).removesuffix(b"\x02")


def _derived(salt: bytes, info: bytes, length: int, secret: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


@dataclass
class PushService:
    """Takes words for browsers, and answers them with the statuses it was given, the last one for ever."""

    statuses: list[int] = field(default_factory=lambda: [201])
    url: str = ""
    taken: asyncio.Queue[tuple[dict[str, str], bytes]] = field(default_factory=asyncio.Queue)

    async def take(self, request: web.Request) -> web.Response:
        await self.taken.put(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        return web.Response(status=self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0])

    @asynccontextmanager
    async def running(self) -> AsyncIterator[PushService]:
        application = web.Application()
        application.router.add_post("/word", self.take)
        runner = web.AppRunner(application)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/word"
        try:
            yield self
        finally:
            await runner.cleanup()


def subscribed(tx: Tx, url: str, browser: Browser, state: str = "confirmed") -> None:
    """Inès has a browser that wants to be told."""
    person = Person(ref="ines", first_name="Inès", last_name="Martin", language="fr")
    tx.rows.add(person)
    tx.rows.flush()
    tx.rows.add(
        Address(person_id=person.id, channel="web", native="tablet", state=state, created_at=tx.now, used_at=tx.now)
    )
    keys = {"p256dh": coded(browser.point), "auth": coded(browser.auth)}
    tx.rows.add(PushSubscription(person_id=person.id, native="tablet", endpoint=url, created_at=tx.now, **keys))


@asynccontextmanager
async def telling(database: Database, folder: Path) -> AsyncIterator[PushHints]:
    """Hints at work; their tries follow at once."""
    hints = PushHints(database, PushKey(folder / "push.pem", OURS), accepts=lambda _url: True, pause=0.0)
    async with hints.open():
        yield hints


def known(tx: Tx) -> list[str]:
    return list(tx.rows.scalars(select(PushSubscription.native)))


async def test_a_closed_browser_is_told_that_there_is_a_word_and_not_which(
    quick_database: Database, tmp_path: Path
) -> None:
    browser, channel = Browser(), WebChannel()
    async with PushService([503, 201]).running() as service, telling(quick_database, tmp_path) as hints:
        await quick_database.transact(subscribed, service.url, browser)
        channel.hint = hints.hint

        outcome = await channel.send(Outgoing(1, "tablet", "How is Bergen, Inès?", urgent=True))
        tries = [await asyncio.wait_for(service.taken.get(), 30) for _each in range(2)]

    headers = tries[-1][0]
    found = re.fullmatch(r"vapid t=([\w.-]+), k=([\w-]+)", headers["authorization"])
    assert found is not None
    signature, ours = found.groups()
    point = base64.urlsafe_b64decode(ours + "=" * (-len(ours) % 4))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    claims = jwt.decode(signature, key, ["ES256"], audience="http://127.0.0.1")
    assert outcome == Sent()
    assert [json.loads(browser.opened(each)) for _headers, each in tries] == [WORD, WORD]
    assert (headers["content-encoding"], headers["urgency"], headers["topic"]) == ("aes128gcm", "high", "word")
    assert claims["sub"] == "mailto:postmaster@compagnon.example.org"
    assert PushKey(tmp_path / "push.pem", OURS).public == ours
    assert (tmp_path / "push.pem").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("status", "kept"), [(410, []), (404, []), (201, ["tablet"])])
async def test_a_browser_that_is_gone_is_forgotten(
    quick_database: Database, tmp_path: Path, status: int, kept: list[str]
) -> None:
    async with PushService([status]).running() as service, telling(quick_database, tmp_path) as hints:
        await quick_database.transact(subscribed, service.url, Browser())
        await hints.tell("tablet", urgent=False)

    assert await quick_database.transact(known) == kept


@pytest.mark.parametrize("state", ["revoked", "pending"])
async def test_a_device_that_may_not_read_is_told_nothing(quick_database: Database, tmp_path: Path, state: str) -> None:
    async with PushService().running() as service, telling(quick_database, tmp_path) as hints:
        await quick_database.transact(subscribed, service.url, Browser(), state)
        await hints.tell("tablet", urgent=False)
        await hints.tell("nobody", urgent=False)

    assert service.taken.empty()


async def test_a_push_service_that_is_down_is_let_be_after_three_tries(
    quick_database: Database, tmp_path: Path
) -> None:
    async with telling(quick_database, tmp_path) as hints:
        await quick_database.transact(subscribed, "http://127.0.0.1:1/word", Browser())
        await hints.tell("tablet", urgent=False)

    assert await quick_database.transact(known) == ["tablet"]


@pytest.mark.parametrize(
    ("endpoint", "ours"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/abc", True),
        ("https://web.push.apple.com/abc", True),
        ("https://wns2-par02p.notify.windows.com/w/?token=abc", True),
        ("http://fcm.googleapis.com/fcm/send/abc", False),
        ("https://fcm.googleapis.com:8443/abc", False),
        ("https://fcm.googleapis.com@127.0.0.1/abc", False),
        ("https://fcm.googleapis.com.example.org/abc", False),
        ("https://127.0.0.1/abc", False),
        ("https://[::1/abc", False),
        ("", False),
    ],
)
def test_only_the_push_services_of_browsers_are_written_to(endpoint: str, ours: bool) -> None:
    assert known_service(endpoint) == ours
