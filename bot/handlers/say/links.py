"""Links to a page of one's own, without an account: made when a message leaves, found again when one is opened."""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.domain.quiet_hours import wall_instant
from bot.store.db import Tx
from bot.store.links import Pass, hashed, pass_of
from bot.store.people import Person
from bot.store.records import setting
from bot.store.stays import StayRow

AFTERWARDS = timedelta(days=14)
"""So long after the return a link still opens its page."""


class Page(StrEnum):
    """What a link opens; the value is the beginning of its path."""

    TUTOR = "t"
    STOP = "f/stop"
    EXTERNAL = "c"


def link(tx: Tx, person: Person, stay: StayRow, page: Page) -> str:
    """A new link. Only the hash of its code is kept, so it cannot be shown twice."""
    code = secrets.token_urlsafe(16)
    tx.rows.add(
        Pass(person_id=person.id, stay_id=stay.id, purpose=page, code_hash=hashed(code), expires_at=last_instant(stay))
    )
    base = (setting(tx.rows, "web_address") or {}).get("url", "")
    return f"{base}/{page}/{code}"


def opened(tx: Tx, code: str, page: Page) -> Pass | None:
    """What a code opens now; None where it is wrong, over, or was taken back."""
    found = pass_of(tx.rows, hashed(code), page)
    if found is None or found.stay.cancelled:
        return None
    return found if tx.now < min(found.expires_at, last_instant(found.stay)) else None


def take_back(tx: Tx, stay: StayRow, page: Page) -> int:
    """No link of this stay opens that page any more. Answers how many there were."""
    rows = list(tx.rows.scalars(select(Pass).where(Pass.stay_id == stay.id, Pass.purpose == page)))
    open_ones = [row for row in rows if row.expires_at > tx.now]
    for row in open_ones:
        row.expires_at = tx.now
    return len(open_ones)


def last_instant(stay: StayRow) -> datetime:
    """The end of the last day on which the pages of a stay open."""
    return wall_instant(ZoneInfo(stay.home_zone), stay.back + AFTERWARDS + timedelta(days=1), time(0))
