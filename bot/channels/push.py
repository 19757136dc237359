"""Web push: a browser that is closed learns that there is a word. Never which: not even that is for the push service."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from webpush import VAPID, WebPush, WebPushMessage, WebPushSubscription

from bot.channels.http import proxy_for
from bot.channels.push_subscription import Subscription
from bot.domain.channel import NotSent, Outcome, Permanent, Sent
from bot.i18n import _, direction, render

WORD = _("A word from Compagnon.")
A_DAY = 86_400
LONGEST = aiohttp.ClientTimeout(total=10)


class PushKey:
    """Who we are to push services (VAPID): one key, made at first need and kept among the installation's files."""

    def __init__(self, path: Path, base_url: str) -> None:
        self._path = path
        self._contact = f"postmaster@{urlsplit(base_url).hostname or 'localhost'}"
        self._known: WebPush | None = None

    @property
    def public(self) -> str:
        """What a browser has to be told before it subscribes."""
        shown: str = VAPID.get_application_server_key(self._mine.vapid.public_key)
        return shown

    def sealed(self, to: Subscription, content: bytes) -> WebPushMessage:
        """Signed by us, and for the eyes of that browser only.

        Raises:
            ValueError: its keys are none.
        """
        there = WebPushSubscription.model_validate(
            {"endpoint": to.endpoint, "keys": {"auth": to.auth, "p256dh": to.p256dh}}
        )
        return self._mine.get(content, there, self._contact, ttl=A_DAY)

    @property
    def _mine(self) -> WebPush:
        if self._known is None:
            if not self._path.exists():
                self._make()
            private = self._path.read_bytes()
            public = load_pem_private_key(private, None).public_key()
            shown = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            self._known = WebPush(private, shown)
        return self._known

    def _make(self) -> None:
        """Whole or not at all; where another process makes one at this instant, theirs is taken."""
        private, _public, _browser = VAPID.generate_keys()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = self._path.with_suffix(f".{os.getpid()}.new")
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(private)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(made, self._path)
        except FileExistsError:
            pass
        finally:
            made.unlink()


def word_in(language: str) -> bytes:
    """All that is ever pushed."""
    said = {"title": "Compagnon", "body": render(WORD, language), "lang": language, "dir": direction(language)}
    return json.dumps(said, ensure_ascii=False).encode()


async def push(key: PushKey, to: Subscription, language: str, *, urgent: bool) -> Outcome:
    """One word to one browser; `Permanent` where it is gone."""
    try:
        word = key.sealed(to, word_in(language))
    except ValueError:
        return Permanent("no keys")
    headers = word.headers | {"urgency": "high" if urgent else "normal", "topic": "word"}
    try:
        async with (
            aiohttp.ClientSession(timeout=LONGEST) as session,
            session.post(
                to.endpoint, data=word.encrypted, headers=headers, allow_redirects=False, **proxy_for(to.endpoint)
            ) as answer,
        ):
            return _outcome(answer.status)
    except (aiohttp.ClientError, TimeoutError, OSError):
        return NotSent()


def _outcome(status: int) -> Outcome:
    if status in {404, 410}:
        return Permanent("gone")
    return Sent() if status < 300 else NotSent() if status == 429 or status >= 500 else Permanent("refused")
