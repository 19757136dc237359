"""The secret address of an adult's calendar: made, ended, and what stands under it at the moment it is asked.

It leaves our walls for a calendar of somebody else's: first names with an initial, and days. No place, no class, no case.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bot.domain.deadlines import SORTS, State
from bot.domain.need_to_know import may_with
from bot.domain.rights import Act, schools_of
from bot.domain.stay import Kind
from bot.handlers.desk.deadlines import dates_of
from bot.handlers.people.visits import at_home
from bot.i18n import Plural, Text, _, _n, listed, render
from bot.store.cases import kept_from
from bot.store.db import Tx
from bot.store.links import CalendarFeed, hashed
from bot.store.people import Person
from bot.store.records import audit
from bot.store.stays import StayRow

BACK, AHEAD = timedelta(days=31), timedelta(days=400)
LEAVE = _n("{learners} leaves", "{learners} leave")
RETURN = _n("{learners} comes back", "{learners} come back")
ON_CALL: Text = _("On call")


@dataclass(frozen=True)
class Planned:
    """Something on a day, or between two instants."""

    id: str
    words: str
    start: date | datetime
    end: date | datetime


def feed_of(tx: Tx, person: Person) -> CalendarFeed | None:
    return tx.rows.scalar(select(CalendarFeed).where(CalendarFeed.person_id == person.id))


def new_feed(tx: Tx, person: Person) -> str:
    """A new secret code; the one before stops working."""
    end_feed(tx, person)
    code = secrets.token_urlsafe(24)
    tx.rows.add(CalendarFeed(person_id=person.id, code_hash=hashed(code), made_at=tx.now))
    audit(tx, f"person {person.id}", "feed made", f"person {person.id}")
    return code


def end_feed(tx: Tx, person: Person) -> bool:
    """From now on nothing stands under the address."""
    known = feed_of(tx, person)
    if known is None:
        return False
    tx.rows.delete(known)
    tx.rows.flush()
    audit(tx, f"person {person.id}", "feed ended", f"person {person.id}")
    return True


def read_feed(tx: Tx, code: str) -> tuple[Person, list[Planned]] | None:
    """Whose it is and what is planned; None where the code is not right, or its owner has no desk any more."""
    feed = tx.rows.scalar(select(CalendarFeed).where(CalendarFeed.code_hash == hashed(code)))
    if feed is None or not at_home(feed.person):
        return None
    feed.seen_at = tx.now
    return feed.person, [*_moves(tx, feed.person), *_slots(tx, feed.person), *_dates(tx, feed.person)]


def _moves(tx: Tx, person: Person) -> list[Planned]:
    """Who leaves and comes back, day by day, of those whom they may know of now."""
    today, kept = tx.now.astimezone(person.zone).date(), kept_from(tx.rows, person.id)
    first, last = today - BACK, today + AHEAD
    wanted = select(StayRow).where(StayRow.cancelled.is_(False), StayRow.back >= first, StayRow.departure <= last)
    wanted = wanted.where(StayRow.kind != Kind.VIRTUAL)
    schools = schools_of(person.adult, Act.SEE_LEARNERS)
    if schools is not None:
        wanted = wanted.where(StayRow.school_id.in_(schools))
    days: dict[tuple[date, str], list[str]] = {}
    for row in tx.rows.scalars(wanted.options(joinedload(StayRow.person)).order_by(StayRow.id)):
        if not may_with(person.adult, Act.SEE_LEARNERS, row.school_id, left_out=row.person_id in kept):
            continue
        out, home = ("back", "leave") if row.kind is Kind.INCOMING else ("leave", "back")
        for day, way in ((row.departure, out), (row.back, home)):
            if first <= day <= last:
                days.setdefault((day, way), []).append(row.person.short_name)
    return [_day(person, day, way, names) for (day, way), names in sorted(days.items())]


def _day(person: Person, day: date, way: str, names: list[str]) -> Planned:
    text: Plural = LEAVE if way == "leave" else RETURN
    words = render(text, person.language, {"count": len(names), "learners": listed(sorted(names))})
    return Planned(f"{way}-{day.isoformat()}-{person.id}", words, day, day + timedelta(days=1))


def _dates(tx: Tx, person: Person) -> Iterable[Planned]:
    """The dates of the consortium and of their schools."""
    for row in dates_of(tx, person.adult, State.OPEN):
        words = f"{render(SORTS[row.sort], person.language)} · {row.title}"
        yield Planned(f"deadline-{row.id}", words, row.day, row.day + timedelta(days=1))


def _slots(tx: Tx, person: Person) -> Iterable[Planned]:
    words = render(ON_CALL, person.language)
    for slot in person.slots:
        if slot.until >= tx.now - BACK:
            yield Planned(f"slot-{slot.id}", words, slot.since, slot.until)
