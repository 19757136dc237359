"""Coming to the desk: a link is asked for in a chat, used once in a browser, and that browser is known for a while."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import joinedload

from bot.domain.channel import OPEN
from bot.domain.messages import Letter
from bot.domain.rights import Act, somewhere
from bot.handlers.say.own_page import is_signed, signed
from bot.handlers.say.post import post, tell
from bot.i18n import _, _n
from bot.store.db import Tx
from bot.store.links import LoginLink, Visit, hashed
from bot.store.messages import Lane
from bot.store.people import Person, addresses_of
from bot.store.records import AuditRow, setting

VALID = timedelta(minutes=10)
IDLE = timedelta(hours=12)
LONGEST = timedelta(days=14)
"""However often somebody comes, after so long they come in anew."""
NOTED_EVERY = timedelta(minutes=1)
"""A visit's last sign is written so often at the most: a page that looks every few seconds need not write each time."""
GOES_ON = timedelta(days=30)
"""So long the link of an alert leads to its case."""
INVITED = _("Your desk, for this once and for ten minutes: {link}\nDo not pass it on: it opens in your name.")
SIGNED_OUT = _n(
    "You are signed out of the desk: {count} browser. Write /desk for a new link.",
    "You are signed out of the desk: {count} browsers. Write /desk for a new link.",
)
NOWHERE = _("The desk has no address here yet. Whoever runs Compagnon can give it one.")


class Came(StrEnum):
    """What became of a link."""

    GOOD = "good"
    IN = "in"
    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"


def at_home(person: Person) -> bool:
    """Whether the desk has anything to show to this person."""
    return somewhere(person.adult, Act.SEE_LEARNERS)


def send_link(tx: Tx, person: Person, case: int | None = None) -> None:
    """Answer `/desk`: a link for whoever has a role, in the chat they are in; to one case, if they come for that."""
    url = (setting(tx.rows, "web_address") or {}).get("url", "")
    if not url:
        post(tx, person.id, Letter(NOWHERE), Lane.ANSWER)
        return
    values = {"link": f"{url}/desk/in/{login_code(tx, person)}{f'?case={case}' if case else ''}"}
    post(tx, person.id, Letter(INVITED, values), Lane.ANSWER)


def case_link(tx: Tx, person: Person, case: int) -> str:
    """The address of a case for one adult, to stand in what alerts them; empty where the desk has none. It opens nothing
    by itself: it says to the desk's door who comes, and for what.
    """
    url = (setting(tx.rows, "web_address") or {}).get("url", "")
    if not url or not at_home(person):
        return ""
    named = f"{person.id}.{case}.{(tx.now + GOES_ON).date():%Y%m%d}"
    return f"{url}/desk/a/{named}.{signed(tx, named)}"


def opened_case(tx: Tx, token: str) -> tuple[Person, int] | None:
    """Whose link that is, and to which case; None where it is not ours, or too old."""
    named, _dot, signature = token.rpartition(".")
    parts = named.split(".")
    if len(parts) != 3 or not is_signed(tx, named, signature) or parts[0] == "d":
        return None
    person, case, until = (int(part) for part in parts)
    found = tx.rows.get(Person, person)
    return (found, case) if found is not None and int(f"{tx.now.date():%Y%m%d}") <= until else None


def login_code(tx: Tx, person: Person) -> str:
    """A new code of 128 bits. Those that were asked for before and not used lead nowhere from now on."""
    tx.rows.execute(delete(LoginLink).where(LoginLink.person_id == person.id, LoginLink.used_at.is_(None)))
    code = secrets.token_urlsafe(16)
    asked_in = next((each for each in addresses_of(tx.rows, person.id) if each.channel not in OPEN), None)
    tx.rows.add(
        LoginLink(
            person_id=person.id,
            address_id=asked_in.id if asked_in else None,
            code_hash=hashed(code),
            expires_at=tx.now + VALID,
        )
    )
    return code


def token_of(tx: Tx, code: str, knock: str) -> str:
    """What a browser is known by: of our making, so that nobody can bring a token of their own; the same once more for the
    browser that did not hear the answer.
    """
    return signed(tx, f"token {code} {knock}")


def look(tx: Tx, code: str) -> Came:
    """Whether a link could be used now. Looking changes nothing: previews of links look too."""
    link = _link(tx, code)
    if link is None or not at_home(tx.rows.get_one(Person, link.person_id)):
        return Came.UNKNOWN
    if link.used_at is not None:
        return Came.USED
    return Came.EXPIRED if link.expires_at <= tx.now else Came.GOOD


def enter(tx: Tx, code: str, knock: str, browser: str = "") -> tuple[Came, str]:
    """Use a link up for the browser that knocked; what became of it, and the token that this browser is known by. The same
    browser may press again: it may not have heard.
    """
    came, link, token = look(tx, code), _link(tx, code), token_of(tx, code, knock)
    if link is not None and came is Came.USED and link.browser_hash == hashed(token):
        return (Came.IN if visitor(tx, token) else Came.USED), token
    if link is None or came is not Came.GOOD:
        return came, ""
    link.used_at, link.browser_hash = tx.now, hashed(token)
    _end_idle(tx)
    person, address = link.person_id, link.address_id
    tx.rows.add(
        Visit(
            person_id=person,
            address_id=address,
            browser=browser,
            token_hash=hashed(token),
            began_at=tx.now,
            seen_at=tx.now,
        )
    )
    tx.rows.add(AuditRow(at=tx.now, actor=f"person {person}", action="desk in", target=f"link {link.id}"))
    return Came.IN, token


def visitor(tx: Tx, token: str, *, by_itself: bool = False) -> Person | None:
    """Who is at the desk in a browser; nobody once nothing was asked for twelve hours, after a fortnight, or when their last
    role is gone, or the device through which they came in.

    What a page asks for `by_itself` keeps nobody signed in.
    """
    whole = joinedload(Visit.person).options(joinedload(Person.roles), joinedload(Person.school))
    found = tx.rows.scalars(
        select(Visit).where(Visit.token_hash == hashed(token)).options(whole, joinedload(Visit.address))
    )
    visit = found.unique().one_or_none()
    if visit is None or not _runs(visit, tx.now) or not at_home(visit.person):
        return None
    if not by_itself and tx.now - visit.seen_at >= NOTED_EVERY:
        visit.seen_at = tx.now
    return visit.person


def leave(tx: Tx, token: str) -> None:
    """Sign out: the browser's token is worth nothing from now on."""
    visit = tx.rows.scalar(select(Visit).where(Visit.token_hash == hashed(token)))
    if visit is not None:
        _end(tx, visit)


def _end(tx: Tx, visit: Visit) -> None:
    tx.rows.add(AuditRow(at=tx.now, actor=f"person {visit.person_id}", action="desk out", target=f"visit {visit.id}"))
    tx.rows.delete(visit)


@dataclass(frozen=True)
class Seen:
    """A browser that is at the desk, as its owner reads of it."""

    number: int
    browser: str
    began: datetime
    last: datetime
    here: bool


def browsers_of(tx: Tx, person: Person, token: str = "") -> list[Seen]:
    """Where somebody is signed in, the latest first; `token` is that of the browser that asks."""
    rows = tx.rows.scalars(select(Visit).where(Visit.person_id == person.id).options(joinedload(Visit.address)))
    running = [row for row in rows if _runs(row, tx.now)]
    seen = [Seen(row.id, row.browser, row.began_at, row.seen_at, row.token_hash == hashed(token)) for row in running]
    return sorted(seen, key=lambda each: (each.here, each.last), reverse=True)


def sign_out(tx: Tx, person: Person, number: int | None = None) -> int:
    """End one visit of somebody, or all of them, and the links that nobody has used yet. How many there were."""
    wanted = select(Visit).where(Visit.person_id == person.id)
    rows = list(tx.rows.scalars(wanted.where(Visit.id == number) if number is not None else wanted))
    for row in rows:
        _end(tx, row)
    if number is None:
        tx.rows.execute(delete(LoginLink).where(LoginLink.person_id == person.id, LoginLink.used_at.is_(None)))
    return len(rows)


def sign_out_everywhere(tx: Tx, person: Person) -> None:
    """Answer `/desk out`: a browser left open somewhere, a computer that is gone."""
    tell(tx, person, SIGNED_OUT, {"count": sign_out(tx, person)})


def forget_visits(tx: Tx) -> None:
    """Delete visits that have ended, and links nobody can use any more.

    A link stays for half a day more: until then whoever comes too late is told why it does not open.
    """
    _end_idle(tx)
    tx.rows.execute(delete(LoginLink).where(LoginLink.expires_at <= tx.now - IDLE))


def _end_idle(tx: Tx) -> None:
    ended = or_(Visit.seen_at <= tx.now - IDLE, Visit.began_at <= tx.now - LONGEST)
    tx.rows.execute(delete(Visit).where(ended))


def _runs(visit: Visit, now: datetime) -> bool:
    lost = visit.address is not None and visit.address.state in {"revoked", "pending"}
    return now - visit.seen_at < IDLE and now - visit.began_at < LONGEST and not lost


def _link(tx: Tx, code: str) -> LoginLink | None:
    return tx.rows.scalar(select(LoginLink).where(LoginLink.code_hash == hashed(code)).with_for_update())
