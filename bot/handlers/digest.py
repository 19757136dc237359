"""The Monday digest of an adult: the week in four lines at the most. With nothing to say, nothing is said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.domain.messages import Letter, Offer
from bot.domain.quiet import wall_instant
from bot.handlers.post import post
from bot.handlers.tasks import stays_of, tasks_of
from bot.handlers.week import week_facts
from bot.i18n import Plural, _, _n, to_json
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person
from bot.store.stays import StayRow

SOON = timedelta(days=30)
WEEK = timedelta(days=7)


def wake_adult(tx: Tx, person: Person) -> None:
    """Tell an adult their week: who leaves or comes back soon, which cases are open, what waits for a tick."""
    person.wake_at = next_monday(tx, person)
    stays = stays_of(tx, person)
    if not stays:
        return
    today = tx.now.date()
    leaving = [stay.person.short_name for stay in stays if today <= stay.departure <= today + SOON]
    returning = [stay.person.short_name for stay in stays if today <= stay.back <= today + WEEK]
    tasks = len(tasks_of(tx, person, stays))
    found = (
        _line(_n("{count} departure within 30 days: {names}", "{count} departures within 30 days: {names}"), leaving),
        _line(_n("{count} return this week: {names}", "{count} returns this week: {names}"), returning),
        _line(_n("{count} case open", "{count} cases open"), _open_cases(tx, stays)),
        _line(_n("{count} thing to tick", "{count} things to tick"), tasks),
    )
    lines = [line for line in found if line]
    if lines:
        offers = (Offer(_("See what is to be ticked"), {"do": "command", "word": "tasks"}),) if tasks else ()
        values = {"lines": {"list_lines": lines}}
        letter = Letter(_("Your week:\n{lines}"), values, offers, picture=week_facts(tx, person, stays, today))
        post(tx, person.id, letter, Lane.PROMPT)


def _line(text: Plural, counted: list[str] | int) -> dict[str, Any] | None:
    """One line of the digest, or nothing where there is nothing to count."""
    if not counted:
        return None
    names = counted if isinstance(counted, list) else []
    values = {"count": len(names) or counted, "names": {"list": names}}
    return {"text": to_json(text), "values": values}


def _open_cases(tx: Tx, stays: list[StayRow]) -> int:
    wanted = select(func.count()).select_from(CaseRow).where(CaseRow.closed_at.is_(None))
    return tx.rows.scalar(wanted.where(CaseRow.stay_id.in_([stay.id for stay in stays]))) or 0


def next_monday(tx: Tx, person: Person) -> datetime:
    """The next Monday, at the team's opening hour where the school is."""
    zone = ZoneInfo(person.school.zone if person.school else "Europe/Paris")
    today = tx.now.astimezone(zone).date()
    monday = today + timedelta(days=7 - today.weekday())
    return wall_instant(zone, monday, tx.programme.hours.team.start)
