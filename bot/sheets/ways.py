"""Which links a person gets: the web page always, Telegram for whoever is old enough for it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from bot.handlers.enrol import invite
from bot.sheets.sheet import Way
from bot.store.db import Tx
from bot.store.people import Invitation, Person


@dataclass(frozen=True)
class Doors:
    """Where links lead: the address of the web chat, and the bot's name where there is a bot."""

    web: str
    telegram: str | None = None


def fresh(tx: Tx, person: Person, *, trusted: bool) -> str:
    """A new code; those of this person that nobody used stop working, so that one sheet at most lies about."""
    unused = select(Invitation).where(Invitation.person_id == person.id, Invitation.used_at.is_(None))
    for old in tx.rows.scalars(unused.where(Invitation.expires_at > tx.now)):
        old.expires_at = tx.now
    return invite(tx, person, trusted=trusted)


def ways(doors: Doors, code: str, *, telegram: bool) -> tuple[Way, ...]:
    """The links of one code: whichever is opened first uses it up."""
    web = Way("web", f"{doors.web}/j/{code}")
    if doors.telegram is None or not telegram:
        return (web,)
    return Way("telegram", f"https://t.me/{doors.telegram}?start={code}"), web
