"""A roster at the desk: what it would do within somebody's walls is shown first, then done exactly so, or not at all."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from bot.domain.changes import Consequences, consequences
from bot.domain.person import STAFF, Adult
from bot.domain.rights import Act, may
from bot.domain.roster import KnownSchool, Roster, RosterRow, RowProblem
from bot.domain.roster.difference import Compared, Difference, State
from bot.domain.roster.fields import Field
from bot.domain.roster.reference import reference_key
from bot.domain.stay import Kind
from bot.handlers.conversation.due import done_of
from bot.handlers.conversation.stay_dates import DATES, NIGHTS, unanswered
from bot.handlers.people.guardians import ending_consents
from bot.handlers.people.roster import bring_in, compare, known_schools
from bot.handlers.people.undo import keep_import
from bot.i18n import _, say
from bot.store.db import Tx
from bot.store.people import Person, RoleHeld, School
from bot.store.records import AuditRow
from bot.store.stays import StayRow

TAKEN = say(_("this reference is in use elsewhere in the consortium: choose another one"))
SHARED = _("{email} is also the address of {name}: right if they share a mailbox")
COUNTED = 100
"""Of so many stays whose dates or place change the consequences are counted; a longer list would be waited for."""
PLANNED = frozenset(
    {Field.DEPARTURE, Field.START, Field.END, Field.BACK, Field.ARRIVES, Field.HOME_ON, Field.KIND, Field.TRACK, Field.COUNTRY, Field.ZONE, Field.HOME_ZONE, Field.TAGS}
)  # fmt: skip
"""Fields that the plan follows from."""
COLLEAGUE = say(_("this reference is that of a member of the team: choose another one"))


@dataclass(frozen=True)
class Preview:
    """What a roster would do now."""

    difference: Difference
    problems: tuple[RowProblem, ...]
    warnings: tuple[RowProblem, ...]
    consequences: Consequences | None = None
    """What it does to planned messages; None where nobody's dates or place change, or more do than are counted."""

    @property
    def changes(self) -> int:
        return sum(self.difference.count(state) for state in State if state is not State.UNCHANGED)

    @property
    def version(self) -> str:
        """Another one as soon as anything would be done otherwise than shown here."""
        told = repr((self.difference.rows, self.difference.unlisted, self.problems))
        return hashlib.sha256(told.encode()).hexdigest()[:32]


def schools_of(tx: Tx, adult: Adult) -> list[KnownSchool]:
    """The schools whose rosters an adult may bring in."""
    numbers = dict(tx.rows.execute(select(School.ref, School.id)).all())
    return [school for school in known_schools(tx) if may(adult, Act.IMPORT, numbers[school.ref])]


def preview(tx: Tx, adult: Adult, roster: Roster) -> Preview:
    """What a roster would do. A row that touches somebody beyond the walls is a fault of that row."""
    walls = _walls(tx, adult)
    wrong = {row.reference: says for row in roster.rows if (says := walls.wrong(row))}
    refused = (RowProblem(row.row, "", wrong[row.reference]) for row in roster.rows if row.reference in wrong)
    right = tuple(row for row in roster.rows if row.reference not in wrong)
    found = compare(tx, right, whole=roster.whole and not (roster.problems or wrong), hidden=walls.beyond)
    unnamed = found.missing if roster.whole else ()
    missing = tuple(ref for ref in unnamed if reference_key(ref) not in walls.beyond and ref not in wrong)
    problems = tuple(sorted((*roster.problems, *refused, *found.problems), key=lambda each: each.row))
    ending = ending_consents(tx, (each.row for each in found.rows))
    warnings = (*roster.warnings, *found.warnings, *ending, *_mail_of_others(tx, found, walls.beyond))
    return Preview(replace(found, missing=missing), problems, warnings, _consequences(tx, found))


def _consequences(tx: Tx, found: Difference) -> Consequences | None:
    """Counted as for a change of one stay, and added up."""
    moved = [each for each in found.rows if each.stay and any(change.field in PLANNED for change in each.changes)]
    if not moved or len(moved) > COUNTED:
        return None
    total = Consequences(0, 0, 0)
    for each in moved:
        stay = tx.rows.get_one(StayRow, each.stay)
        before, row = stay.facts(), each.row
        later = {
            name: getattr(row, name) for name in (*DATES, *NIGHTS, "kind", "track", "country", "zone", "home_zone")
        }
        after = replace(before, **later, tags=row.tags)
        one = consequences(tx.programme, before, after, done_of(tx, stay), unanswered(tx, stay).keys(), tx.now)
        total = Consequences(total.cancelled + one.cancelled, total.moved + one.moved, total.added + one.added)
    return total


def _mail_of_others(tx: Tx, found: Difference, beyond: frozenset[str]) -> list[RowProblem]:
    """An address that somebody else has: right for a family with one mailbox, wrong where a line slipped."""
    written = {each.row.email.casefold(): each.row for each in found.rows if each.row.email and _says_mail(each)}
    if not written:
        return []
    wanted = select(Person).where(func.lower(Person.email).in_(written)).order_by(Person.id)
    odd = []
    for person in tx.rows.scalars(wanted):
        row = written[(person.email or "").casefold()]
        if person.ref_key != reference_key(row.reference):
            name = "…" if person.ref_key in beyond else person.full_name
            odd.append(RowProblem(row.row, Field.EMAIL, say(SHARED, email=row.email, name=name)))
    return odd


def _says_mail(each: Compared) -> bool:
    return each.stay is None or any(change.field is Field.EMAIL for change in each.changes)


def bring_in_previewed(tx: Tx, adult: Adult, roster: Roster, version: str, *, leave_out: bool, name: str = "") -> bool:
    """Do what was shown; False where it would be something else by now, or rows are wrong and not left out."""
    shown = preview(tx, adult, roster)
    if shown.version != version or (shown.problems and not leave_out) or not shown.changes:
        return False
    bring_in(tx, tuple(each.row for each in shown.difference.rows), whole=roster.whole and not shown.problems)
    keep_import(tx, adult, name, shown.difference.rows)
    counts = {state.value: shown.difference.count(state) for state in State}
    left_out = len({row for problem in shown.problems for row in problem.rows})
    actor = f"person {adult.person}"
    tx.rows.add(
        AuditRow(at=tx.now, actor=actor, action="import", target="roster", detail=counts | {"left_out": left_out})
    )
    return True


@dataclass(frozen=True)
class _Walls:
    """Where somebody's rosters end."""

    schools: frozenset[str]
    beyond: frozenset[str]
    """References (their keys) of people of whom anything, they or a stay, belongs to another school."""
    team: frozenset[str]

    def wrong(self, row: RosterRow) -> str:
        """Why a row is not this adult's to bring in."""
        if row.school not in self.schools or reference_key(row.reference) in self.beyond:
            return TAKEN
        return COLLEAGUE if reference_key(row.reference) in self.team and row.kind is not Kind.STAFF else ""


def _walls(tx: Tx, adult: Adult) -> _Walls:
    homes: dict[str, set[int | None]] = defaultdict(set)
    for key, school in tx.rows.execute(select(Person.ref_key, Person.school_id)):
        homes[key].add(school)
    for key, school in tx.rows.execute(select(Person.ref_key, StayRow.school_id).join(StayRow)):
        homes[key].add(school)
    beyond = {
        key for key, schools in homes.items() if key and not all(may(adult, Act.IMPORT, each) for each in schools)
    }
    team = tx.rows.scalars(select(Person.ref_key).join(RoleHeld).where(RoleHeld.role.in_(STAFF)))
    return _Walls(frozenset(each.ref for each in schools_of(tx, adult)), frozenset(beyond), frozenset(team))
