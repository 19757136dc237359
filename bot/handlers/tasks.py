"""What adults have to tick, and the Monday digest. With nothing to say, nothing is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.domain.messages import Letter, Offer
from bot.domain.person import Role
from bot.domain.programme import Item
from bot.domain.quiet import wall_instant
from bot.domain.stay import conditions
from bot.domain.touchpoints import due_day
from bot.handlers.effects import set_item
from bot.handlers.post import post
from bot.i18n import _, _n, to_json
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person
from bot.store.records import AuditRow
from bot.store.stays import StayRow, items_of

SHOWN = 8
"""So many tasks at once: the most urgent; the rest come as these are ticked."""
AHEAD = timedelta(days=21)
"""A task appears so long before its date, or as soon as the learner says it is done."""


@dataclass(frozen=True)
class Task:
    """An item of one stay that waits for an adult's tick."""

    stay: StayRow
    item: Item
    due: datetime


def tasks_of(tx: Tx, person: Person) -> list[Task]:
    """What this adult may tick now, the earliest due first."""
    roles = {held.role for held in person.roles}
    wanted = select(StayRow).where(StayRow.cancelled.is_(False), StayRow.enrolled_at.is_not(None))
    if person.school_id is not None:
        wanted = wanted.where(StayRow.school_id == person.school_id)
    found = [task for stay in tx.rows.scalars(wanted) for task in _of_stay(tx, stay, roles)]
    return sorted(found, key=lambda task: (task.due, task.stay.id, task.item.id))


def _of_stay(tx: Tx, row: StayRow, roles: set[Role]) -> list[Task]:
    stay, states = row.facts(), items_of(tx.rows, row.id)
    held = conditions(tx.programme, stay)
    found = []
    for item in tx.programme.journey(row.kind).items:
        state = states[item.id].state if item.id in states else "todo"
        if not item.applies(held) or state in {"done", "waived"} or not (roles & who_ticks(item)):
            continue
        due = wall_instant(ZoneInfo(row.school.zone), due_day(stay, item), tx.programme.hours.team.start)
        if state in {"declared", "handed"} or (not item.asks_learner and due - AHEAD <= tx.now):
            found.append(Task(row, item, due))
    return found


def who_ticks(item: Item) -> set[Role]:
    """The adults who may close an item: whose task it is, and the coordinator."""
    return {Role.COORDINATOR} if item.asks_learner else {item.role, Role.COORDINATOR}


def show_tasks(tx: Tx, person: Person) -> None:
    """List what is to be ticked, with a button each."""
    tasks = tasks_of(tx, person)
    offers = tuple(
        Offer(
            _("✓ {item} · {learner}"),
            {"do": "tick", "stay": task.stay.id, "item": task.item.id},
            {"item": {"text": to_json(task.item.title)}, "learner": task.stay.person.short_name},
        )
        for task in tasks[:SHOWN]
    )
    several = _n(
        "There is {count} thing to tick once you have seen it.",
        "There are {count} things to tick once you have seen them; the most urgent first.",
    )
    text = several if tasks else _("There is nothing for you to tick. Thank you.")
    post(tx, person.id, Letter(text, {"count": len(tasks)}, offers), Lane.ANSWER)


def tick(tx: Tx, person: Person, stay: StayRow, name: str) -> bool:
    """An adult has seen the proof of an item. False where it is not theirs to tick."""
    item = tx.programme.journey(stay.kind).item(name)
    roles = {held.role for held in person.roles}
    same_school = person.school_id in {None, stay.school_id}
    if item is None or not same_school or not roles & who_ticks(item):
        return False
    set_item(tx, stay, name, "done", None, person.id)
    tx.rows.add(
        AuditRow(at=tx.now, actor=f"person {person.id}", action="tick", target=f"stay {stay.id} {name}", detail={})
    )
    return True


def wake_adult(tx: Tx, person: Person) -> None:
    """The Monday digest: who leaves or comes back soon, what waits for a tick, which cases are open."""
    person.wake_at = next_monday(tx, person)
    wanted = select(StayRow).where(StayRow.cancelled.is_(False))
    if person.school_id is not None:
        wanted = wanted.where(StayRow.school_id == person.school_id)
    stays = list(tx.rows.scalars(wanted))
    today = tx.now.date()
    leaving = [stay.person.short_name for stay in stays if today <= stay.departure <= today + timedelta(days=30)]
    returning = [stay.person.short_name for stay in stays if today <= stay.back <= today + timedelta(days=7)]
    cases = tx.rows.scalar(
        select(func.count()).select_from(CaseRow)
        .where(CaseRow.closed_at.is_(None), CaseRow.stay_id.in_([stay.id for stay in stays]))
    ) or 0  # fmt: skip
    tasks = len(tasks_of(tx, person))
    if not (leaving or returning or cases or tasks):
        return
    lines = [
        {"text": to_json(_n("{count} departure within 30 days: {names}", "{count} departures within 30 days: {names}")),
         "values": {"count": len(leaving), "names": {"list": leaving}}} if leaving else None,
        {"text": to_json(_n("{count} return this week: {names}", "{count} returns this week: {names}")),
         "values": {"count": len(returning), "names": {"list": returning}}} if returning else None,
        {"text": to_json(_n("{count} case open", "{count} cases open")), "values": {"count": cases}} if cases else None,
        {"text": to_json(_n("{count} thing to tick", "{count} things to tick")), "values": {"count": tasks}} if tasks else None,
    ]  # fmt: skip
    offers = (Offer(_("See what is to be ticked"), {"do": "command", "word": "tasks"}),) if tasks else ()
    letter = Letter(_("Your week:\n{lines}"), {"lines": {"list_lines": [line for line in lines if line]}}, offers)
    post(tx, person.id, letter, Lane.PROMPT)


def next_monday(tx: Tx, person: Person) -> datetime:
    """The next Monday, at the team's opening hour where the school is."""
    zone = ZoneInfo(person.school.zone if person.school else "Europe/Paris")
    today = tx.now.astimezone(zone).date()
    monday = today + timedelta(days=7 - today.weekday())
    return wall_instant(zone, monday, tx.programme.hours.team.start)
