"""A page of one's own, by a signed link: nothing is kept of it, and it opens for an hour."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from bot.handlers.say.links import last_instant
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.records import keep_setting, setting
from bot.store.stays import StayRow

VALID = timedelta(hours=1)
"""So long the link to one's own page opens it."""
SIGNED_WITH = "case_links"
"""The setting with which links are signed."""


def own_page(tx: Tx, person: Person) -> str:
    """A link to somebody's own page; empty where it has no address."""
    url = (setting(tx.rows, "web_address") or {}).get("url", "")
    named = f"d.{person.id}.{int((tx.now + VALID).timestamp())}"
    return f"{url}/d/{named}.{signed(tx, named)}" if url else ""


def whose_page(tx: Tx, token: str) -> Person | None:
    """Whose page a link opens now; None where it is not ours, too old, or its person is gone."""
    named, _dot, signature = token.rpartition(".")
    word, number, until = [*named.split("."), "", "", ""][:3]
    if word != "d" or not is_signed(tx, named, signature) or int(until) < tx.now.timestamp():
        return None
    return tx.rows.get(Person, int(number))


def welcome_page(tx: Tx, stay: StayRow) -> str:
    """The link to the page of a stay, as long as links of it open; empty where the installation has no address."""
    url = (setting(tx.rows, "web_address") or {}).get("url", "")
    named = f"w.{stay.id}"
    return f"{url}/w/{named}.{signed(tx, named)}" if url else ""


def whose_welcome(tx: Tx, token: str) -> StayRow | None:
    """Whose page it is; None where the link is not ours or over."""
    named, _dot, signature = token.rpartition(".")
    word, _dot, number = named.partition(".")
    if word != "w" or not is_signed(tx, named, signature):
        return None
    found = tx.rows.get(StayRow, int(number))
    return found if found is not None and not found.cancelled and tx.now < last_instant(found) else None


def is_signed(tx: Tx, named: str, signature: str) -> bool:
    """Whether that is our signature, told in a time that says nothing of how near it is."""
    return hmac.compare_digest(signature.encode(), signed(tx, named).encode())


def signed(tx: Tx, named: str) -> str:
    """A signature with a secret of this installation's own, made when it is first needed."""
    kept = setting(tx.rows, SIGNED_WITH)
    if kept is None:
        kept = {"secret": secrets.token_urlsafe(32)}
        keep_setting(tx.rows, SIGNED_WITH, kept)
    return hmac.new(kept["secret"].encode(), named.encode(), hashlib.sha256).hexdigest()[:32]
