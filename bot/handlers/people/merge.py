"""Two records of one person become one: everything that hung on one hangs on the other, and nothing is told twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint, delete, or_, select, update

from bot.domain.level import Level
from bot.domain.roster import Guardian
from bot.domain.roster.guardians import same_guardians
from bot.store.cases import CaseRow, LeftOut, open_case
from bot.store.consents import Tie, parents_of
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.models import Base
from bot.store.people import Person
from bot.store.proofs import ProofRow
from bot.store.records import audit
from bot.store.resealing import seal_anew
from bot.store.sessions import SessionRow
from bot.store.stays import ItemState, StayRow

KEPT_IF_KNOWN = ("birth", "email", "phone", "school_id", "last_sign_at")
"""What the record that stays has of its own; what it lacks it takes over."""
SETTLED = ("done", "waived", "declared", "handed", "doing")
"""States of an item, the most settled first."""
NAMED = {
    "people": frozenset({"adult", "to", "parent", "learner"}),
    "stays": frozenset({"stay"}),
    "sessions": frozenset({"session"}),
    "cases": frozenset({"case", "with"}),
    "addresses": frozenset({"address"}),
}
"""How buttons and messages name a row of each table, by number."""


def alike(keep: Person, gone: Person) -> bool:
    """Whether two records look like one human: a name that is the same, and no other birth date."""
    same_birth = keep.birth is None or gone.birth is None or keep.birth == gone.birth
    return same_birth and bool(same_guardians([_named(keep)], [_named(gone)], keep.last_name))


def merge(tx: Tx, keep: Person, gone: Person, by: str = "operator") -> None:
    """Everything of `gone` becomes that of `keep`; its reference opens nothing any more."""
    for name in KEPT_IF_KNOWN:
        setattr(keep, name, getattr(keep, name) or getattr(gone, name))
    _seal_files_anew(tx, keep, gone)
    _merge_families(tx, keep, gone, by)
    _merge_stays(tx, keep, gone)
    _queue_the_other_session(tx, keep, gone)
    _rename_in_cases(tx, gone.id, keep.id)
    _merge_left_out(tx, gone.id, keep.id)
    audit(tx, by, "merge", f"person {keep.id}", gone=gone.id)
    tx.rows.flush()
    _fold(tx, _table(Person), gone.id, keep.id)
    seal_anew(tx.rows, gone.id)
    tx.rows.execute(delete(Tie).where(Tie.parent_id == Tie.learner_id))
    tx.rows.expire_all()
    for stay in tx.rows.scalars(select(StayRow).where(StayRow.person_id == keep.id)):
        stay.wake_at = tx.now
    tx.rows.flush()


def overlapping(tx: Tx, keep: Person, gone: Person) -> list[tuple[StayRow, StayRow]]:
    """Nobody is on two mobilities at once: stays of the second that are one with a stay of the first, beside it."""
    ours, theirs = (
        tx.rows.scalars(select(StayRow).where(StayRow.person_id == person.id).order_by(StayRow.id)).all()
        for person in (keep, gone)
    )
    same = (
        (stay, [own for own in ours if own.departure <= stay.back and stay.departure <= own.back]) for stay in theirs
    )
    return [(stay, own[0]) for stay, own in same if own]


def _named(person: Person) -> Guardian:
    return Guardian(person.full_name, "same", None, person.language)


def _seal_files_anew(tx: Tx, keep: Person, gone: Person) -> None:
    """Files are encrypted under a key of their person."""
    for proof in tx.rows.scalars(select(ProofRow).where(ProofRow.person_id == gone.id, ProofRow.content.is_not(None))):
        if tx.keys is not None and proof.content is not None:
            proof.content = tx.keys.seal(keep.id, tx.keys.open(gone.id, proof.content))


def _merge_families(tx: Tx, keep: Person, gone: Person, by: str) -> None:
    """A guardian whom both records have is one person too."""
    ours, theirs = parents_of(tx.rows, keep.id), parents_of(tx.rows, gone.id)
    contacts = [[Guardian(each.full_name, each.email, each.phone, "") for each in side] for side in (ours, theirs)]
    for other, own in same_guardians(contacts[0], contacts[1], keep.last_name).items():
        if ours[own].id != theirs[other].id:
            merge(tx, ours[own], theirs[other], by)


def _merge_stays(tx: Tx, keep: Person, gone: Person) -> None:
    for stay, own in overlapping(tx, keep, gone):
        _merge_stay(tx, own, stay)


def _merge_stay(tx: Tx, keep: StayRow, gone: StayRow) -> None:
    keep.enrolled_at = keep.enrolled_at or gone.enrolled_at
    own = {each.item: each for each in tx.rows.scalars(select(ItemState).where(ItemState.stay_id == keep.id))}
    for each in tx.rows.scalars(select(ItemState).where(ItemState.stay_id == gone.id)):
        known = own.get(each.item)
        if known is not None and _rank(each.state) < _rank(known.state):
            known.state, known.value, known.by_id, known.at = each.state, each.value, each.by_id, each.at
    tx.rows.flush()
    _merge_sessions(tx, keep, gone)
    one, other = open_case(tx.rows, keep.id), open_case(tx.rows, gone.id)
    if one is not None and other is not None:
        _merge_cases(tx, one, other)
    _fold(tx, _table(StayRow), gone.id, keep.id)
    tx.rows.expire_all()


def _merge_sessions(tx: Tx, keep: StayRow, gone: StayRow) -> None:
    """Of two conversations about the same thing the one that went further stays."""
    wanted = select(SessionRow).order_by(SessionRow.id)
    own = {
        (each.touchpoint, each.occurrence): each
        for each in tx.rows.scalars(wanted.where(SessionRow.stay_id == keep.id))
    }
    for each in tx.rows.scalars(wanted.where(SessionRow.stay_id == gone.id)).all():
        known = own.get((each.touchpoint, each.occurrence))
        if known is not None:
            further, other = (each, known) if len(each.answers) > len(known.answers) else (known, each)
            _fold(tx, _table(SessionRow), other.id, further.id)
    tx.rows.expire_all()


def _merge_cases(tx: Tx, keep: CaseRow, gone: CaseRow) -> None:
    """One open case for a stay: its matters together, as grave as the gravest, and somebody's if it was."""
    keep.level = max(keep.level, gone.level, key=lambda level: Level(level).rank)
    keep.grave = keep.grave or gone.grave
    keep.owner_id = keep.owner_id or gone.owner_id
    keep.alerted = [*keep.alerted, *(each for each in gone.alerted if each not in keep.alerted)]
    keep.wake_at = tx.now
    tx.rows.flush()
    _fold(tx, _table(CaseRow), gone.id, keep.id)
    tx.rows.expire_all()


def _rank(state: str) -> int:
    return SETTLED.index(state) if state in SETTLED else len(SETTLED)


def _queue_the_other_session(tx: Tx, keep: Person, gone: Person) -> None:
    """One conversation at a time: the other one waits its turn."""
    standing = select(SessionRow).where(SessionRow.state == "open")
    if tx.rows.scalars(standing.where(SessionRow.person_id == keep.id)).first() is None:
        return
    for row in tx.rows.scalars(standing.where(SessionRow.person_id == gone.id)):
        row.state, row.wake_at = "queued", None


def _rename_in_messages(tx: Tx, names: frozenset[str], gone: int, keep: int) -> None:
    """Buttons and words that name the row by number go on working."""
    for message in tx.rows.scalars(select(OutboxRow)):
        renamed = _renamed(message.message, names, gone, keep)
        if renamed != message.message:
            message.message = renamed
    tx.rows.flush()


def _rename_in_cases(tx: Tx, gone: int, keep: int) -> None:
    """The open cases still know who was told."""
    for case in tx.rows.scalars(select(CaseRow).where(CaseRow.closed_at.is_(None))):
        if gone in case.alerted:
            case.alerted = list(dict.fromkeys(keep if each == gone else each for each in case.alerted))


def _merge_left_out(tx: Tx, gone: int, keep: int) -> None:
    """Whom the learner said to one record must not know, may not know by way of the other either; said twice it is once."""
    known: dict[tuple[int, int], LeftOut] = {}
    either = or_(LeftOut.person_id.in_((gone, keep)), LeftOut.adult_id.in_((gone, keep)))
    for row in tx.rows.scalars(select(LeftOut).where(either, LeftOut.lifted_at.is_(None)).order_by(LeftOut.id)):
        both = (keep if row.person_id == gone else row.person_id, keep if row.adult_id == gone else row.adult_id)
        first = known.setdefault(both, row)
        if first is not row:
            first.by_learner = first.by_learner or row.by_learner
            tx.rows.delete(row)
    tx.rows.flush()


def _renamed(value: Any, names: frozenset[str], gone: int, keep: int) -> Any:
    if isinstance(value, list):
        return [_renamed(each, names, gone, keep) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: keep if name in names and type(each) is int and each == gone else _renamed(each, names, gone, keep)
        for name, each in value.items()
    }


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


def _fold(tx: Tx, table: Table, gone: int, keep: int) -> None:
    """Whatever points at one row points at the other; then the one is nobody's, and goes."""
    for other, column in _pointing_at(table):
        _repoint(tx, other, column, gone, keep)
    if table.name in NAMED:
        _rename_in_messages(tx, NAMED[table.name], gone, keep)
    tx.rows.execute(delete(table).where(table.c.id == gone))


def _pointing_at(table: Table) -> Iterator[tuple[Table, Column[Any]]]:
    for other in Base.metadata.sorted_tables:
        for column in other.columns:
            if any(key.column is table.c.id for key in column.foreign_keys):
                yield other, column


def _repoint(tx: Tx, table: Table, column: Column[Any], gone: int, keep: int) -> None:
    """Rows of which the other has the very same already become one with those."""
    for rule in (
        each for each in table.constraints if isinstance(each, UniqueConstraint) and column.name in each.columns
    ):
        beside = [each for each in rule.columns if each.name != column.name]
        for row in tx.rows.execute(select(table).where(column == gone)).mappings().all():
            twin = select(table.c.id).where(column == keep)
            for each in beside:
                twin = twin.where(each.is_not_distinct_from(row[each.name]))
            found = tx.rows.scalar(twin)
            if found is not None:
                _fold(tx, table, row["id"], found)
    tx.rows.execute(update(table).where(column == gone).values({column.name: keep}))
