"""What waits for one word of the visitor: is it really them, and has it been seen?"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bot.desk.visitor import Visitor
from bot.desk.when import When
from bot.domain.channel import NAMES
from bot.domain.rights import Act
from bot.handlers.tasks import Task, tasks_of
from bot.store.db import Tx
from bot.store.people import Address, Person
from bot.store.proofs import first_kept
from bot.store.stays import StayRow

TASKS_SHOWN = 10
"""Learners whose things to tick are listed; the rest come as these are ticked."""
EACH_SHOWN = 6
"""Things of one learner on the board; all of them are on their own page."""


@dataclass(frozen=True)
class Claim:
    """Somebody opened an invitation, and an adult has to say whether it is them."""

    address: int
    person: int
    name: str
    channel: str
    since: When


@dataclass(frozen=True)
class ToTick:
    """What waits for the visitor's tick for one learner: item, title, the file to look at first."""

    stay: int
    name: str
    due: str
    count: int
    items: tuple[tuple[str, str, int | None], ...]


def claims(tx: Tx, who: Visitor) -> list[Claim]:
    """Pending addresses of learners whom the visitor may confirm."""
    wanted = select(Address).join(Person, Person.id == Address.person_id).where(Address.state == "pending")
    rows = tx.rows.scalars(wanted.options(joinedload(Address.person)).order_by(Address.id))
    return [
        Claim(row.id, row.person_id, row.person.full_name, NAMES[row.channel], who.clock.at(row.used_at))
        for row in rows
        if who.may(Act.CONFIRM, row.person.school_id)
    ]


def to_tick(tx: Tx, who: Visitor, stays: list[StayRow]) -> list[ToTick]:
    """What the visitor may tick, by learner, the most urgent first."""
    groups: dict[int, list[Task]] = {}
    for task in tasks_of(tx, who.person, [row for row in stays if who.may(Act.TICK, row.school_id)]):
        groups.setdefault(task.stay.id, []).append(task)
    files = first_kept(tx.rows, sorted(groups))
    return [
        ToTick(
            stay=number,
            name=group[0].stay.person.full_name,
            due=who.clock.short_day(group[0].due.date()),
            count=len(group),
            items=tuple((task.item.id, who.says(task.item.title), files.get((number, task.item.id))) for task in group),
        )
        for number, group in groups.items()
    ]
