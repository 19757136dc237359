"""What waits for the visitor beside the cases: addresses to confirm, items to tick."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bot.domain.rights import Act
from bot.handlers.conversation.tasks import by_item, tasks_of, title_of
from bot.handlers.people.confirm import account_of
from bot.store.db import Tx
from bot.store.people import Address, Person
from bot.store.proofs import first_kept
from bot.store.stays import StayRow
from bot.web.desk.relative_time import When
from bot.web.desk.visitor import Visitor

EACH_SHOWN = 6
"""Learners of an item on the board; the rest come as these are ticked."""


@dataclass(frozen=True)
class Claim:
    """Somebody opened an invitation, and an adult has to say whether it is them."""

    address: int
    person: int
    name: str
    channel: str
    since: When
    words: str
    """The check words, which whoever opened it sees as well."""


@dataclass(frozen=True)
class ToTick:
    """An item that waits for the visitor's tick: its learners, each with their stay and the file to look at first."""

    item: str
    title: str
    due: str
    count: int
    learners: tuple[tuple[int, str, int | None], ...]


def claims(tx: Tx, who: Visitor) -> list[Claim]:
    """Pending addresses of learners whom the visitor may confirm."""
    wanted = select(Address).join(Person, Person.id == Address.person_id).where(Address.state == "pending")
    rows = tx.rows.scalars(wanted.options(joinedload(Address.person)).order_by(Address.id))
    return [
        Claim(row.id, row.person_id, row.person.full_name, account_of(row), who.clock.at(row.used_at), row.check_words)
        for row in rows
        if who.may(Act.CONFIRM, row.person.school_id) and row.person_id not in who.kept
    ]


def to_tick(
    tx: Tx, who: Visitor, stays: list[StayRow], states: Mapping[int, Mapping[str, str]] | None = None
) -> list[ToTick]:
    """What the visitor may tick, by item, the most urgent first."""
    groups = by_item(tasks_of(tx, who.person, [row for row in stays if who.may(Act.TICK, row.school_id)], states))
    files = first_kept(tx.rows, sorted({task.stay.id for group in groups for task in group}))
    return [
        ToTick(
            item=group[0].item.id,
            title=who.says("{title}", title=title_of(group[0])),
            due=who.clock.short_day(group[0].due.date()),
            count=len(group),
            learners=tuple(
                (task.stay.id, task.stay.person.full_name, files.get((task.stay.id, task.item.id)))
                for task in group[:EACH_SHOWN]
            ),
        )
        for group in groups
    ]
