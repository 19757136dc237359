"""Cases of several learners with one cause, as an adult sees it: followed, passed on and rested as one, by one clock.

Nobody comes to know anything by it: each keeps its own circle, its own log and its own end, and whoever may know of one alone
sees one alone. A learner who cries for help leaves it by that.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import bindparam, select

from bot.handlers.case.crew import followed
from bot.handlers.case.matters import shared_cause
from bot.handlers.say.post import ALONE, TOGETHER
from bot.store.autoflush import ask_once
from bot.store.base import among
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import Person
from bot.store.stays import StayRow

GROUPED, APART = "grouped", "apart"
NEAR = timedelta(days=1)
"""So far apart two cases may have begun that have one cause."""
OFFERED = 8
LATELY = timedelta(hours=1)
JUST_NOW = timedelta(seconds=10)
"""What befalls a class at one instant is decided learner by learner, in several commits, within so long."""
SHARED_ACTS = frozenset({"take", "pass", "snooze"})
"""What is done for all at once; whether a learner was reached is said of each, or of all in as many words."""


_GROUPINGS = (
    select(CaseEvent)
    .join(CaseRow, CaseRow.id == CaseEvent.case_id)
    .where(CaseRow.closed_at.is_(None), CaseEvent.kind.in_((GROUPED, APART)))
    .order_by(CaseEvent.id)
)
_LATELY_TO = (OutboxRow.person_id == bindparam("person"), OutboxRow.created_at > bindparam("since"))
_GOES_OUT = among(OutboxRow.state, ("pending", "sending", "sent"))
_TOLD_LATELY = select(OutboxRow.case_id).where(*_LATELY_TO, _GOES_OUT, among(OutboxRow.step, (ALONE, TOGETHER)))
_LISTED_LATELY = select(OutboxRow.message).where(*_LATELY_TO, OutboxRow.step == TOGETHER)
_NOBODYS = (CaseRow.level == bindparam("level"), CaseRow.closed_at.is_(None), CaseRow.owner_id.is_(None))
_HERE = select(CaseRow.id).join(StayRow, StayRow.id == CaseRow.stay_id).where(StayRow.school_id == bindparam("school"))
_UNTAKEN_HERE = _HERE.where(*_NOBODYS).limit(2)
_UNTAKEN = select(CaseRow).where(CaseRow.id.in_(bindparam("numbers", expanding=True)), *_NOBODYS)


def groups_of(tx: Tx) -> dict[int, int]:
    """The group of each open case that has one."""
    found: dict[int, int] = {}
    for event in tx.rows.scalars(_GROUPINGS):
        found.pop(event.case_id, None)
        if event.kind == GROUPED:
            found[event.case_id] = int(event.detail["group"])
    return found


def grouped_with(tx: Tx, row: CaseRow) -> list[CaseRow]:
    """The other open cases of its group; none where it is a cry, which has its own clocks."""
    groups = groups_of(tx)
    group = groups.get(row.id)
    if group is None or row.grave or row.closed_at is not None:
        return []
    numbers = [number for number, other in groups.items() if other == group and number != row.id]
    found = select(CaseRow).where(CaseRow.id.in_(numbers), CaseRow.grave.is_(False)).order_by(CaseRow.id)
    return list(tx.rows.scalars(found)) if numbers else []


def companions(tx: Tx, person: Person, row: CaseRow) -> list[CaseRow]:
    """Those of them that somebody may know of."""
    return followed(tx, person, grouped_with(tx, row))


def asked_with(tx: Tx, row: CaseRow, owner: int) -> list[CaseRow]:
    """The cases with one cause whose owner is asked at this moment how they are: whoever took all of them is asked once."""
    cause, group = shared_cause(tx, row), {row.id, *(each.id for each in grouped_with(tx, row))}
    asked = select(CaseRow).where(CaseRow.owner_id == owner, CaseRow.closed_at.is_(None))
    rows = (
        tx.rows.scalars(asked.where(CaseRow.asked_at > tx.now - JUST_NOW)).unique() if cause or group - {row.id} else ()
    )
    alike = (cause, row.level, row.stay.school_id)
    found = [
        each
        for each in rows
        if each.id in group or (cause and (shared_cause(tx, each), each.level, each.stay.school_id) == alike)
    ]
    return sorted(found, key=lambda each: each.stay.person.short_name) or [row]


def same_cause(tx: Tx, row: CaseRow, person: int) -> list[CaseRow]:
    """The cases of one school with one cause, of which a person was told within the hour and that nobody has taken."""
    cause = shared_cause(tx, row)
    here = {"school": row.stay.school_id, "level": row.level}
    if cause is None or row.owner_id is not None or len(ask_once(tx.rows, _UNTAKEN_HERE, here)) < 2:
        return [row]  # nearly always: nobody's else could be meant, and that is seen once for all who are told
    lately = {"person": person, "since": tx.now - LATELY}
    numbers = set(tx.rows.scalars(_TOLD_LATELY, lately))
    for message in tx.rows.scalars(_LISTED_LATELY, lately):
        numbers.update(message["values"].get("cases", ()))
    others = tx.rows.scalars(_UNTAKEN, {"numbers": list(numbers - {row.id, None}), "level": row.level})
    found = [
        other for other in others if other.stay.school_id == row.stay.school_id and shared_cause(tx, other) == cause
    ]
    return sorted([*found, row], key=lambda each: each.stay.person.short_name)


def one_group(tx: Tx, rows: Sequence[CaseRow]) -> bool:
    """Whether cases are followed as one."""
    return {row.id for row in rows} <= {rows[0].id, *(each.id for each in grouped_with(tx, rows[0]))}


def may_join(tx: Tx, person: Person, row: CaseRow) -> list[CaseRow]:
    """The cases of other learners of the school that may have the same cause, and that no colleague follows."""
    if row.grave or row.closed_at is not None or row.owner_id not in {None, person.id}:
        return []
    mine = {row.id, *(each.id for each in grouped_with(tx, row))}
    wanted = select(CaseRow).join(StayRow, StayRow.id == CaseRow.stay_id).where(StayRow.school_id == row.stay.school_id)
    wanted = wanted.where(CaseRow.closed_at.is_(None), CaseRow.grave.is_(False), CaseRow.id.not_in(mine))
    wanted = wanted.where(StayRow.person_id != row.stay.person_id, CaseRow.opened_at > row.opened_at - NEAR)
    near = [each for each in tx.rows.scalars(wanted.order_by(CaseRow.id)) if each.opened_at < row.opened_at + NEAR]
    return followed(tx, person, [each for each in near if each.owner_id in {None, person.id}])[:OFFERED]


def put_together(tx: Tx, person: Person, row: CaseRow, other: CaseRow) -> list[CaseRow]:
    """Make one group of both, with whatever is in a group with either. Returns all of it."""
    groups = groups_of(tx)
    group = groups.get(row.id, row.id)
    rows = {each.id: each for each in (row, other, *companions(tx, person, row), *companions(tx, person, other))}
    for each in rows.values():
        if groups.get(each.id) != group:
            _note(tx, person, each, GROUPED, group=str(group))
    return [rows[number] for number in sorted(rows)]


def take_apart(tx: Tx, person: Person, row: CaseRow) -> None:
    """A case goes its own way again."""
    if row.id in groups_of(tx):
        _note(tx, person, row, APART)


def one_clock(rows: list[CaseRow]) -> None:
    """What is next for any of them is next for all."""
    soonest = min((row.wake_at for row in rows if row.wake_at is not None), default=None)
    for row in rows:
        row.wake_at = soonest if row.wake_at is not None else None


def _note(tx: Tx, person: Person, row: CaseRow, kind: str, **detail: str) -> None:
    tx.rows.add(CaseEvent(case_id=row.id, at=tx.now, kind=kind, person_id=person.id, detail=detail))
    tx.rows.flush()
