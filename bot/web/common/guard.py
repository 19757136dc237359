"""What keeps strangers out: headers, the size of what is sent, where a form came from, and how often one may try."""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict, deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST: Final = 64 * 1024
"""Bytes of a form that are read: 4,000 emoji, percent-encoded, fit."""
DRAINED: Final = 4 * 1024 * 1024
"""So much of a larger one is thrown away before the answer: a browser that is cut off shows no answer at all."""
FIELDS: Final = 10
LONGEST_NUMBER: Final = 18
"""Digits of the number of a row: 64 bits hold them all."""
CONTENT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; manifest-src 'self'; frame-ancestors "
)


HSTS = "max-age=31536000"
"""A year without plain HTTP, for this host alone: what else runs under the school's name is not ours to bind."""


class Headers:
    """Puts on every answer what browsers need to know. Around everything, errors too; streams pass untouched."""

    def __init__(self, app: ASGIApp, *, frame_ancestors: str, base_url: str = "", microphone: bool = False) -> None:
        self.app = app
        self.fixed = {
            "content-security-policy": CONTENT + frame_ancestors,
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "permissions-policy": f"camera=(), geolocation=(), microphone=({'self' if microphone else ''})",
            "cross-origin-opener-policy": "same-origin",
            "x-robots-tag": "noindex, nofollow",
        }
        if base_url.startswith("https://"):
            self.fixed["strict-transport-security"] = HSTS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        kept = "/static/" in scope["path"]

        async def decorated(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self.fixed)
                known = kept and message["status"] in {200, 304}
                headers["cache-control"] = "public, max-age=31536000, immutable" if known else "no-store"
            await send(message)

        await self.app(scope, receive, decorated)


async def read_form(request: Request, fields: int = FIELDS, *, cut: bool = False) -> dict[str, str]:
    """The fields of a form, so many at the most. A larger one may be `cut`: its beginning can be a cry for help.

    Raises:
        HTTPException: 413 when it is larger than anybody writes by hand; 400 when it is no form.
    """
    kept, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        kept += chunk[: max(0, LARGEST - len(kept))]
        if size > DRAINED:
            break
    if size > LARGEST and not cut:
        raise HTTPException(413)
    try:
        written = kept.decode(errors="ignore" if cut else "strict")
        return dict(parse_qsl(written, keep_blank_values=True, max_num_fields=fields))
    except ValueError:
        raise HTTPException(400) from None


class Seal:
    """The token in the forms of a page: it fits one address only, so no other page can send them."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeSerializer(secret, salt="compagnon web chat form")

    def of(self, native: str) -> str:
        return str(self._signer.dumps(hashlib.sha256(native.encode()).hexdigest()[:32]))

    def fits(self, native: str, token: str) -> bool:
        try:
            named = str(self._signer.loads(token))
        except BadSignature:
            return False
        return hmac.compare_digest(named, hashlib.sha256(native.encode()).hexdigest()[:32])


def from_our_page(headers: Mapping[str, str], base_url: str) -> bool:
    """Whether the browser says that a form was sent from a page of ours.

    Pages without a referrer send `Origin: null`, and browsers before 2023 say nothing else; then the form's own
    token must do.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin", "null")
    return origin == "null" or urlsplit(origin).netloc in {urlsplit(base_url).netloc, headers.get("host", "")}


def client_of(request: Request) -> str:
    """The address a request came from: whose patience it costs."""
    return request.client.host if request.client else ""


BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("Chrome", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari"))  # fmt: skip
MACHINES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook"), ("Windows", "Windows"), ("Macintosh", "Mac"), ("Linux", "Linux"))  # fmt: skip


def browser_of(agent: str) -> str:
    """What somebody may recognise of a browser: `Firefox, Android`. Nothing where it says nothing of itself."""
    found = (next((name for sign, name in signs if sign in agent), "") for signs in (BROWSERS, MACHINES))
    return ", ".join(each for each in found if each)


def row_number(written: str) -> int | None:
    """The number of a row, as a form, a cookie or a query names it; None for anything else."""
    return int(written) if written.isascii() and written.isdigit() and len(written) <= LONGEST_NUMBER else None


class RowNumber(IntegerConvertor):
    """A number that a row can have: an address with a longer one leads nowhere, like any other that is none."""

    regex = f"[0-9]{{1,{LONGEST_NUMBER}}}"


register_url_convertor("int", RowNumber())


class Patience:
    """How often one client may do something within a while."""

    def __init__(self, limit: int, within: timedelta, clients: int = 10_000) -> None:
        self.limit, self.within, self.clients = limit, within, clients
        self._noted: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def spent(self, client: str, now: datetime) -> bool:
        """Whether this client has to wait."""
        noted = self._noted.get(client)
        if noted is None:
            return False
        while noted and noted[0] <= now - self.within:
            noted.popleft()
        if not noted:
            del self._noted[client]
        return len(noted) >= self.limit

    def note(self, client: str, now: datetime) -> None:
        """Once more. With far too many clients the first is forgotten: memory stays bounded."""
        if len(self._noted) >= self.clients and client not in self._noted:
            del self._noted[next(iter(self._noted))]
        self._noted[client].append(now)


class Guesses:
    """Wrong codes and links. Behind one address there may be a whole class, or the school of whoever has to see an alert: after
    the first ten in ten minutes whoever brings another wrong one has to wait, who brings a right one does not. Only a flood,
    which no class brings about, keeps an address out.
    """

    def __init__(self) -> None:
        self._some, self._flood = (Patience(limit, timedelta(minutes=10)) for limit in (10, 300))

    def flood(self, client: str, now: datetime) -> bool:
        """Whether nothing of this client is looked at any more."""
        return self._flood.spent(client, now)

    def another(self, client: str, now: datetime) -> bool:
        """One more; whether its author has to wait."""
        waits = self._some.spent(client, now)
        for each in (self._some, self._flood):
            each.note(client, now)
        return waits
