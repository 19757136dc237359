"""An import is taken back within a day: what it wrote is written back, whom it made is removed. What somebody has changed
since is left as it is, and said; so is whoever has begun meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import delete, select

from bot.domain.need_to_know import may_with
from bot.domain.person import Adult
from bot.domain.rights import Act
from bot.domain.roster.difference import Compared, State, Value, Values
from bot.domain.roster.fields import Field
from bot.domain.roster.reference import reference_key
from bot.domain.roster.row import Roster, RosterRow
from bot.domain.roster.rows import read_values
from bot.handlers.conversation.stay_ends import resume_stay
from bot.handlers.people.known_people import known_stay
from bot.handlers.people.roster import bring_in, known_schools
from bot.store.cases import kept_from
from bot.store.db import Tx
from bot.store.imports import ImportedStay, RosterImport
from bot.store.people import Address, Person
from bot.store.records import audit
from bot.store.sessions import SessionRow
from bot.store.stays import ChangeRow, StayRow

KEPT = timedelta(days=1)
"""So long an import can be taken back; then its values are forgotten."""


@dataclass(frozen=True)
class Stands:
    """Something that stays as it is: a field that was changed since, or (without one) a stay that is in use."""

    name: str
    field: Field | None
    now: str = ""


@dataclass
class Undoing:
    """What taking back would do now."""

    roster: Roster
    """The rows as they were, each with its stay."""
    resumed: list[StayRow] = field(default_factory=list)
    removed: list[StayRow] = field(default_factory=list)
    stands: list[Stands] = field(default_factory=list)

    @property
    def version(self) -> str:
        """Another one as soon as it would do something else."""
        numbers = [row.id for row in (*self.resumed, *self.removed)]
        return hashlib.sha256(repr((self.roster.rows, numbers, self.stands)).encode()).hexdigest()[:32]

    @property
    def anything(self) -> bool:
        return bool(self.roster.rows or self.resumed or self.removed)


def keep_import(tx: Tx, adult: Adult, name: str, rows: Sequence[Compared]) -> None:
    """Note what an import has just done, so that it can be taken back."""
    kept = RosterImport(person_id=adult.person, at=tx.now, name=name)
    for each in rows:
        if each.state is State.CHANGED and each.stay:
            before = {change.field.name: written(change.old) for change in each.changes}
            after = {change.field.name: written(change.new) for change in each.changes}
            kept.rows.append(ImportedStay(stay_id=each.stay, before=before, after=after))
        elif each.state in {State.NEW, State.FURTHER} and (stay := _made(tx, each.row)) is not None:
            after = {name.name: written(value) for name, value in known_stay(tx, stay).items()}
            kept.rows.append(ImportedStay(stay_id=stay.id, made=True, before={}, after=after))
    tx.rows.add(kept)


def _made(tx: Tx, row: RosterRow) -> StayRow | None:
    wanted = select(StayRow).join(Person).where(Person.ref_key == reference_key(row.reference))
    return tx.rows.scalars(wanted.where(StayRow.departure == row.departure).order_by(StayRow.id.desc())).first()


def written(value: Value) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def imports_of(tx: Tx, adult: Adult) -> list[RosterImport]:
    """What can still be taken back by an adult, the latest first: everything in it is within their walls."""
    recent = select(RosterImport).where(RosterImport.at > tx.now - KEPT).order_by(RosterImport.id.desc())
    return [each for each in tx.rows.scalars(recent) if each.rows and _within(tx, adult, each)]


def _within(tx: Tx, adult: Adult, kept: RosterImport) -> bool:
    far = kept_from(tx.rows, adult.person)
    wanted = select(StayRow.school_id, StayRow.person_id).where(StayRow.id.in_([row.stay_id for row in kept.rows]))
    found = tx.rows.execute(wanted.distinct()).all()
    return all(may_with(adult, Act.IMPORT, school, left_out=person in far) for school, person in found)


def undoing(tx: Tx, kept: RosterImport) -> Undoing:
    """What taking it back would do now."""
    found = Undoing(Roster((), (), (), whole=False))
    cells: list[dict[Field, str]] = []
    stays: list[int | None] = []
    for each in kept.rows:
        stay = tx.rows.get(StayRow, each.stay_id)
        if stay is None:
            continue
        now = {name: written(value) for name, value in known_stay(tx, stay).items()}
        if each.made:
            _remove(tx, each, stay, now, found)
        elif (before := _before(each, stay, now, found)) is not None:
            cells.append(before)
            stays.append(stay.id)
    found.roster = read_values(cells, tx.programme, known_schools(tx), None, stays) if cells else found.roster
    return found


def _before(each: ImportedStay, stay: StayRow, now: dict[Field, str], found: Undoing) -> dict[Field, str] | None:
    """The row as it was, where that differs; what somebody changed since stands."""
    back = dict(now)
    back.pop(Field.STATUS, None)
    for name, old in each.before.items():
        about = Field[name]
        if now.get(about, "") != each.after[name]:
            if now.get(about, "") != old:
                found.stands.append(Stands(stay.person.full_name, about, now.get(about, "")))
        elif about is Field.STATUS:
            found.resumed.append(stay)
        else:
            back[about] = old
    return back if back != {name: value for name, value in now.items() if name is not Field.STATUS} else None


def _remove(tx: Tx, each: ImportedStay, stay: StayRow, now: Values, found: Undoing) -> None:
    used = stay.enrolled_at or any(
        tx.rows.scalars(select(table.id).where(column == number).limit(1)).first()
        for table, column, number in (
            (ChangeRow, ChangeRow.stay_id, stay.id),
            (SessionRow, SessionRow.stay_id, stay.id),
            (Address, Address.person_id, stay.person_id),
        )
    )
    changed = next((Field[name] for name, value in each.after.items() if now.get(Field[name], "") != value), None)
    if used or changed:
        found.stands.append(Stands(stay.person.full_name, None))
    else:
        found.removed.append(stay)


def undo(tx: Tx, adult: Adult, number: int, version: str) -> bool:
    """Take an import back, exactly as it was shown; False where it was taken back already, or it would do something else."""
    kept = tx.rows.get(RosterImport, number, with_for_update=True)
    if kept is None or kept.undone_at is not None or kept.at <= tx.now - KEPT or not _within(tx, adult, kept):
        return False
    found = undoing(tx, kept)
    if found.version != version or not found.anything:
        return False
    by = tx.rows.get_one(Person, adult.person)
    for stay in found.resumed:
        resume_stay(tx, stay, by)
    bring_in(tx, found.roster.rows, whole=False)
    for stay in found.removed:
        _delete(tx, stay)
    kept.undone_at, kept.undone_by_id = tx.now, adult.person
    counts = {"rows": len(found.roster.rows), "removed": len(found.removed), "stands": len(found.stands)}
    audit(tx, f"person {adult.person}", "import undone", f"import {kept.id}", **counts)
    return True


def _delete(tx: Tx, stay: StayRow) -> None:
    """A stay nobody has used; with its person, where it is their only one."""
    person = stay.person
    tx.rows.delete(stay)
    tx.rows.flush()
    if tx.rows.scalars(select(StayRow.id).where(StayRow.person_id == person.id).limit(1)).first() is None:
        tx.rows.delete(person)
        tx.rows.flush()


def forget_imports(tx: Tx) -> None:
    """Delete what can be taken back no more: it holds personal values."""
    old = select(RosterImport.id).where(RosterImport.at <= tx.now - KEPT)
    tx.rows.execute(delete(ImportedStay).where(ImportedStay.import_id.in_(old)))
    tx.rows.execute(delete(RosterImport).where(RosterImport.at <= tx.now - KEPT))
