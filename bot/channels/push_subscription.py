"""Where a browser is told that there is a word: its push service. Nothing here seals or sends, so whoever only keeps one loads little."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from urllib.parse import urlsplit

SERVICES = ("fcm.googleapis.com", "push.services.mozilla.com", "push.apple.com", "notify.windows.com")
"""Those of the browsers there are. We write to no other address: what a page sends us is never simply fetched."""


@dataclass(frozen=True)
class Subscription:
    """Where a browser's push service takes a word, and the keys that only the browser can open it with."""

    endpoint: str
    p256dh: str
    auth: str

    @property
    def usable(self) -> bool:
        """Whether the keys are keys."""
        return len(_plain(self.p256dh)) == 65 and len(_plain(self.auth)) == 16


def known_service(endpoint: str) -> bool:
    """Whether an address is that of a browser's push service."""
    try:
        found = urlsplit(endpoint)
        plain = found.scheme == "https" and found.port in {None, 443} and not found.username
    except ValueError:
        return False
    host = (found.hostname or "").lower()
    return plain and any(host == service or host.endswith(f".{service}") for service in SERVICES)


def _plain(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""
