"""The list of mobilities for the Beneficiary Module and back: what leaves within somebody's walls, and what comes in compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bot.domain.balance import read_certificate
from bot.domain.need_to_know import may_with
from bot.domain.person import Adult
from bot.domain.programme.mobility_list import Cell, MobilityList
from bot.domain.rights import Act, schools_of
from bot.domain.roster import Roster
from bot.domain.roster.fields import Field
from bot.domain.roster.matching import KnownPerson
from bot.domain.roster.mobility_rows import ModuleRow, roster_of, stay_of
from bot.domain.roster.table import Table
from bot.domain.stay import Kind, Track
from bot.handlers.people.known_people import known_people
from bot.handlers.people.roster_preview import schools_of as rosters_of
from bot.store.cases import kept_from
from bot.store.db import Tx
from bot.store.records import audit
from bot.store.stays import ItemState, StayRow

States = Mapping[str, ItemState]
DONE = frozenset({"done", "declared"})


def taken_out(
    tx: Tx, adult: Adult, module: tuple[Table, list[ModuleRow]] | None = None, *, by: str = ""
) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    """The header and the rows: every mobility within an adult's walls by the columns of the programme; with the module's own file in hand, by its columns,
    and its rows stay. That it left is written down.
    """
    rules = tx.programme.mobility_list
    stays = _stays(tx, adult)
    there = _rows_there(tx, adult, stays, module) if module else {}
    header = module[0].header if module else rules.titles
    states = _states(tx, stays)
    rows = [rules.row(values_of(tx, rules, row, states.get(row.id, {})), there.get(row.id)) for row in stays]
    audit(tx, by or f"person {adult.person}", "export", "mobility list", rows=len(rows))
    return header, [tuple(row.get(title) for title in header) for row in rows]


def compared(tx: Tx, adult: Adult, rows: Sequence[ModuleRow]) -> Roster:
    """What their file would change here, as a roster that is looked at before it is brought in."""
    schools = tuple(rosters_of(tx, adult))
    today = tx.now.date()
    return roster_of(rows, _people(tx, {school.ref for school in schools}), tx.programme, schools, today)


def _people(tx: Tx, schools: set[str]) -> list[KnownPerson]:
    """Those of whom a stay belongs to one of some schools."""
    return [each for each in known_people(tx) if any(stay.values.get(Field.SCHOOL) in schools for stay in each.stays)]


def _stays(tx: Tx, adult: Adult) -> list[StayRow]:
    schools, kept = schools_of(adult, Act.IMPORT), kept_from(tx.rows, adult.person)
    wanted = select(StayRow).where(StayRow.kind.in_((Kind.OUTGOING, Kind.STAFF)), StayRow.cancelled.is_(False))
    if schools is not None:
        wanted = wanted.where(StayRow.school_id.in_(schools))
    wanted = wanted.options(joinedload(StayRow.person), joinedload(StayRow.school))
    rows = [
        row for row in tx.rows.scalars(wanted)
        if may_with(adult, Act.SEE_LEARNERS, row.school_id, left_out=row.person_id in kept)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.school.name, row.start, row.person.last_name, row.id))


def _rows_there(
    tx: Tx, adult: Adult, stays: Sequence[StayRow], module: tuple[Table, list[ModuleRow]]
) -> dict[int, dict[str, Cell]]:
    """What their file has of each stay."""
    table, rows = module
    people = _people(tx, {row.school.ref for row in stays})
    found: dict[int, dict[str, Cell]] = {}
    for row in rows:
        about = stay_of(row, people)
        if isinstance(about, tuple):
            cells = table.rows[row.row - table.first]
            found.setdefault(about[1].id, dict(zip(table.header, cells, strict=False)))  # type: ignore[arg-type]
    return found


def _states(tx: Tx, stays: Sequence[StayRow]) -> dict[int, dict[str, ItemState]]:
    found: dict[int, dict[str, ItemState]] = {}
    for state in tx.rows.scalars(select(ItemState).where(ItemState.stay_id.in_([row.id for row in stays]))):
        found.setdefault(state.stay_id, {})[state.item] = state
    return found


def values_of(tx: Tx, rules: MobilityList, row: StayRow, states: States) -> dict[str, object]:
    """One mobility by our names: who, where, when, and the papers. Nothing of how anybody is."""
    stay, journey, person = row.facts(), tx.programme.journey(row.kind), row.person
    long, code = stay.activity_days >= rules.long_days, str(row.track.value)
    tests = [states.get(test.id) if test else None for test in (journey.first_test, journey.second_test)]
    gate = journey.balance
    dates = states.get(gate.dates) if gate else None
    certificate = read_certificate(dates.value) if dates else None
    green = states.get(rules.green_item)
    return {
        "participant": person.ref, "first_name": person.first_name, "last_name": person.last_name,
        "birth": person.birth, "email": person.email,
        "activity_type": rules.codes.get("vet_long" if row.track is Track.VET and long else code, code.upper()),  # type: ignore[call-overload]
        "long_term": long, "start": row.start, "end": row.end, "departure": row.departure, "return": row.back,
        "days": stay.activity_days, "sender": row.school.name, "host": row.host, "country": row.country,
        "city": row.city, "language": row.working_language,
        "fewer_opportunities": bool(stay.tags.intersection(rules.fewer)) if rules.fewer else None,
        "green": green.value in rules.green if green and green.value and rules.green else None,
        "test_before": tests[0].value if tests[0] else None, "test_after": tests[1].value if tests[1] else None,
        "certified_first": certificate.first if certificate else None,
        "certified_last": certificate.last if certificate else None,
        "report": states["report"].state in DONE if "report" in states else None,
    }  # fmt: skip
