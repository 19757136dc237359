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

from bot.domain.emergency import in_a_sentence
from bot.domain.formal import spoken_to
from bot.domain.programme.help import EUROPEAN
from bot.domain.sos import card, danger
from bot.domain.stay import Stay
from bot.handlers.people.addresses import name_here
from bot.handlers.say.facts import country_now, danger_facts
from bot.i18n import render
from bot.store.db import Database, Tx
from bot.store.people import Address, addresses_at
from bot.store.stays import last_stay
from bot.web.common.guard import row_number

COOKIE = "compagnon"
HOST_COOKIE = f"__Host-{COOKIE}"
"""The same over https, where the browser itself holds us to a cookie of this host alone; older ones are still read."""
WHO = "compagnon_who"
"""Who is there, where several people share a browser: asked anew whenever the browser is opened anew."""
Resolver = Callable[[Request], str | None]
"""From a request to the address (`Address.native`) of who is looking; None when nobody is known."""


class Desk(Protocol):
    """What the web chat asks of the app."""

    db: Database

    async def receive(self, channel: str, native: str, raw: dict[str, Any]) -> bool: ...

    def nudge(self) -> None: ...


def by_cookie(request: Request) -> str | None:
    """The browser's token, as its address: only the hash of the token is kept."""
    token = token_in(request)
    return address_of(token) if token else None


def token_in(request: Request) -> str:
    """The browser's token; empty where it has none."""
    return request.cookies.get(HOST_COOKIE) or request.cookies.get(COOKIE, "")


def chosen_by(request: Request) -> int:
    """The number of the person who said that it is them; 0 where nobody has."""
    return row_number(request.cookies.get(WHO, "")) or 0


def sent_by(request: Request, native: str) -> dict[str, Any]:
    """Whose message it is, as the inbox keeps it: an address, and who of those who share it said that it is them."""
    person = chosen_by(request)
    return {"address": native} | ({"person": person} if person else {})


def address_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class Standing(StrEnum):
    """What this browser may see."""

    CONFIRMED = "confirmed"
    PENDING = "pending"
    MOVED = "moved"
    REFUSED = "refused"
    SEVERAL = "several"
    """Several people share this browser, and nobody has said yet who is there."""


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
    card: str = ""
    """Whom to call, for when there is no connection."""
    stay: Stay | None = None
    zone: str = "Europe/Paris"
    people: tuple[tuple[int, str], ...] = ()
    """Those who share this browser, by number and first name; nobody where it is one person's."""
    emergency: Any = EUROPEAN
    """The emergency numbers of where they are, before anybody has said who is there."""

    words: str = ""
    """The check words, while an adult has to say that it is them."""

    def local(self, instant: datetime) -> datetime:
        """Where the reader was at that instant."""
        return instant.astimezone(self.stay.zone_at(instant) if self.stay else ZoneInfo(self.zone))


def find_reader(tx: Tx, native: str, who: int = 0) -> Reader | None:
    """Who an address belongs to, of several the one who said so; None when it was never claimed."""
    there = addresses_at(tx.rows, "web", native)
    if not there:
        return None
    here = [each for each in there if each.state == "confirmed"]
    people = tuple(sorted(((each.person_id, name_here(tx, each.person)) for each in here), key=lambda each: each[1]))
    said = next((each for each in here if each.person_id == who), None)
    address = said or there[0]
    person, standing = address.person, _standing(tx, address)
    if said is None and len(here) > 1:
        numbers = _numbers_of(tx, people)
        return Reader(native, person.id, Standing.SEVERAL, person.language, people=people, emergency=numbers)
    if standing is not Standing.CONFIRMED:
        seen = address.check_words if standing is Standing.PENDING else ""
        return Reader(native, person.id, standing, person.language, words=seen)
    school, row = person.school, last_stay(tx.rows, person.id)
    facts = danger_facts(tx, row) if row else {}
    words = spoken_to(row.kind if row else None, danger(facts.get("on_call")), person.language)
    return Reader(
        native=native,
        person=person.id,
        standing=standing,
        language=person.language,
        school=school.name if school else "",
        danger=render(words, person.language, facts) if facts else "",
        card=render(card(facts.get("on_call")), person.language, facts) if facts else "",
        stay=row.facts() if row else None,
        zone=school.zone if school else "Europe/Paris",
        people=people if len(people) > 1 else (),
    )


def _standing(tx: Tx, address: Address) -> Standing:
    if address.state != "revoked":
        return Standing(address.state)
    wanted = select(Address.id).where(Address.person_id == address.person_id, Address.channel == "web")
    other = tx.rows.scalar(wanted.where(Address.state == "confirmed").limit(1))
    return Standing.MOVED if other is not None else Standing.REFUSED


def _numbers_of(tx: Tx, people: tuple[tuple[int, str], ...]) -> Any:
    stays = [stay.facts() for number, _name in people if (stay := last_stay(tx.rows, number)) is not None]
    return in_a_sentence(tx.programme, *dict.fromkeys(country_now(tx, stay) for stay in stays)) if stays else EUROPEAN
