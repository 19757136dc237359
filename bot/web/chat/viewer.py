"""Who is looking: from a request to an address, from an address to a person and what their page needs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import select
from starlette.requests import Request

from bot.domain.sos import danger
from bot.domain.stay import Stay
from bot.handlers.say.facts import stay_facts
from bot.i18n import render
from bot.store.db import Database, Tx
from bot.store.people import Address, address_at
from bot.store.stays import last_stay

COOKIE = "compagnon"
Resolver = Callable[[Request], str | None]
"""From a request to the address (`Address.native`) of who is looking; None when nobody is known."""


class Desk(Protocol):
    """What the web chat asks of the app."""

    db: Database

    async def receive(self, channel: str, native: str, raw: dict[str, Any]) -> bool: ...

    def nudge(self) -> None: ...


def by_cookie(request: Request) -> str | None:
    """The browser's token, as its address: only the hash of the token is kept."""
    token = request.cookies.get(COOKIE)
    return address_of(token) if token else None


def address_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class Standing(StrEnum):
    """What this browser may see."""

    CONFIRMED = "confirmed"
    PENDING = "pending"
    MOVED = "moved"
    REFUSED = "refused"


@dataclass(frozen=True)
class Reader:
    """The person behind a page. `name` and what else is personal is shown only to a confirmed one."""

    native: str
    person: int
    standing: Standing
    language: str
    school: str = ""
    danger: str = ""
    """The words of the SOS answer, for learners: a page has them ready before any request."""
    stay: Stay | None = None
    zone: str = "Europe/Paris"

    def local(self, instant: datetime) -> datetime:
        """Where the reader was at that instant."""
        return instant.astimezone(self.stay.zone_at(instant) if self.stay else ZoneInfo(self.zone))


def find_reader(tx: Tx, native: str) -> Reader | None:
    """Who an address belongs to; None when it was never claimed."""
    address = address_at(tx.rows, "web", native)
    if address is None:
        return None
    person, standing = address.person, _standing(tx, address)
    if standing is not Standing.CONFIRMED:
        return Reader(native, person.id, standing, person.language)
    school, row = person.school, last_stay(tx.rows, person.id)
    facts = stay_facts(tx, row) if row else {}
    return Reader(
        native=native,
        person=person.id,
        standing=standing,
        language=person.language,
        school=school.name if school else "",
        danger=render(danger(facts["on_call"]), person.language, facts) if facts else "",
        stay=row.facts() if row else None,
        zone=school.zone if school else "Europe/Paris",
    )


def _standing(tx: Tx, address: Address) -> Standing:
    if address.state != "revoked":
        return Standing(address.state)
    wanted = select(Address.id).where(Address.person_id == address.person_id, Address.channel == "web")
    other = tx.rows.scalar(wanted.where(Address.state == "confirmed").limit(1))
    return Standing.MOVED if other is not None else Standing.REFUSED
