"""Cases as the desk shows them: how grave, who, where, what, since when, who follows, what happens next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bot.domain.ladder.crew import Crew
from bot.domain.level import Level
from bot.domain.rights import Act
from bot.domain.roster.phones import shown_phone
from bot.handlers.case.alert import AT_HOME, REASONS, headline, last_known_place, next_step
from bot.handlers.case.case import case_of
from bot.handlers.case.crew import crews_for, followed, may_follow
from bot.handlers.case.matters import NOT_TOLD, kept_from, what_of
from bot.i18n import Text, _, show
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.stays import StayRow
from bot.web.desk.relative_time import When
from bot.web.desk.visitor import Missing, Visitor, within

CLOSED_SHOWN = 50
FOLLOWED = _("{owner} follows this case. Without news by {at} it goes on to the next adult.")
BEING_FOLLOWED = _("{owner} follows this case.")
WITH_PEOPLE = (
    joinedload(CaseRow.stay).joinedload(StayRow.person),
    joinedload(CaseRow.stay).joinedload(StayRow.school),
)


@dataclass(frozen=True)
class Badge:
    """An open case in a line of a list."""

    id: int
    level: str
    symbol: str
    level_name: str


def badge(tx: Tx, who: Visitor, row: CaseRow) -> Badge:
    symbol, level = headline(tx.programme, row, {row.topic})
    return Badge(row.id, Level(row.level).value, symbol, who.says(level))


@dataclass(frozen=True)
class CaseShown:
    """One case."""

    id: int
    stay: int
    learner: str
    school: str
    place: str
    there: str
    """The hour where the learner is now."""
    phone: str
    """The learner's, as one dictates it."""
    level: str
    symbol: str
    level_name: str
    what: tuple[str, ...]
    since: When
    sign: When | None
    owner: str
    mine: bool
    next: str
    closed: When | None
    grave: bool
    """Its end is written in words."""
    reason: str


def open_cases(tx: Tx, who: Visitor) -> list[CaseShown]:
    """What waits for a human, the gravest first, then the newest."""
    return shown(tx, who, open_rows(tx, who))


def open_rows(tx: Tx, who: Visitor) -> list[CaseRow]:
    """The open cases that the visitor may know of, in the same order."""
    rows = followed(tx, who.person, tx.rows.scalars(_seen_by(who).where(CaseRow.closed_at.is_(None))), who.kept)
    return sorted(rows, key=lambda row: (-row.level.rank, -row.opened_at.timestamp(), -row.id))


def cases_within(tx: Tx, who: Visitor, stays: Sequence[int]) -> list[CaseRow]:
    """The cases of some stays that the visitor may know of, the first first."""
    wanted = _seen_by(who).where(CaseRow.stay_id.in_(stays)).order_by(CaseRow.id)
    return followed(tx, who.person, tx.rows.scalars(wanted), who.kept)


def closed_cases(tx: Tx, who: Visitor) -> list[CaseShown]:
    """What was settled lately."""
    wanted = _seen_by(who).where(CaseRow.closed_at.is_not(None)).order_by(CaseRow.closed_at.desc())
    return shown(tx, who, followed(tx, who.person, tx.rows.scalars(wanted.limit(CLOSED_SHOWN)), who.kept))


def cases_of(tx: Tx, who: Visitor, stay: StayRow) -> list[CaseShown]:
    """All cases of one stay, the latest first."""
    wanted = _seen_by(who).where(CaseRow.stay_id == stay.id).order_by(CaseRow.id.desc())
    return shown(tx, who, followed(tx, who.person, tx.rows.scalars(wanted), who.kept))


def case_within(tx: Tx, who: Visitor, number: int) -> CaseRow:
    """One case.

    Raises:
        Missing: there is none, or it is not theirs.
    """
    row = tx.rows.get(CaseRow, number)
    if row is None or not may_follow(tx, who.person, row):
        raise Missing
    return row


def _seen_by(who: Visitor) -> Any:
    return select(CaseRow).join(StayRow, StayRow.id == CaseRow.stay_id).where(within(who, Act.SEE_CASES)).options(*WITH_PEOPLE)  # fmt: skip


def shown(tx: Tx, who: Visitor, rows: Sequence[CaseRow]) -> list[CaseShown]:
    """Some cases, the gravest matter of each first; what they are about is read for all of them at once."""
    matters, owners = _matters(tx, rows), _owners(tx, rows)
    crews = crews_for(tx, [row.stay for row in rows if row.closed_at is None and row.owner_id is None])
    return [
        _shown(tx, who, row, matters[row.id], owners.get(row.owner_id or 0, ""), crews.get(row.stay_id)) for row in rows
    ]


def _matters(tx: Tx, rows: Sequence[CaseRow]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    wanted = select(CaseEvent).where(
        CaseEvent.case_id.in_([row.id for row in rows]), CaseEvent.kind.in_(("matter", NOT_TOLD))
    )
    for event in tx.rows.scalars(wanted.order_by(CaseEvent.id)) if rows else ():
        found[event.case_id].append(event.detail)
    for details in found.values():
        details.sort(key=lambda detail: -Level(detail.get("level", Level.NONE)).rank)
    return found


def _owners(tx: Tx, rows: Iterable[CaseRow]) -> dict[int, str]:
    wanted = {row.owner_id for row in rows if row.owner_id}
    found = tx.rows.scalars(select(Person).where(Person.id.in_(wanted))) if wanted else ()
    return {person.id: person.full_name for person in found}


def _shown(
    tx: Tx, who: Visitor, row: CaseRow, matters: list[dict[str, Any]], owner: str, crew: Crew | None
) -> CaseShown:
    stay = row.stay
    symbol, level = headline(tx.programme, row, {detail.get("topic", "") for detail in matters})
    sign, place = stay.person.last_sign_at, last_known_place(stay, matters, tx.now)
    return CaseShown(
        id=row.id,
        stay=stay.id,
        learner=stay.person.full_name,
        school=stay.school.name,
        place=stay.city if isinstance(place, str) else who.says(AT_HOME),
        there=who.clock.hour(tx.now, stay.facts().zone_at(tx.now)),
        phone=shown_phone(stay.person.phone) if stay.person.phone else "",
        level=Level(row.level).value,
        symbol=symbol,
        level_name=who.says(level),
        what=tuple(
            show(line, who.language)
            for line in (
                *what_of(tx.programme, stay, matters, values_of(stay)),
                *(kept_from(tx, row) if row.grave else ()),
            )
        ),
        since=who.clock.at(row.opened_at, ZoneInfo(stay.school.zone)),
        sign=who.clock.of(stay, sign) if sign else None,
        owner=owner,
        mine=row.owner_id == who.adult.person,
        next=_next(tx, who, row, owner, crew),
        closed=who.clock.at(row.closed_at) if row.closed_at else None,
        grave=row.grave,
        reason=who.says(reason_of(row)),
    )


def reason_of(row: CaseRow) -> Text:
    """Why a case was closed, in the words of the button; empty while it is open."""
    return dict(REASONS).get(row.reason or "", row.reason or "")


def values_of(stay: StayRow) -> dict[str, Any]:
    """What the questions of a school may name, as far as it needs no further reading."""
    return {
        "name": stay.person.first_name,
        "city": stay.city,
        "country": {"country": stay.country},
        "host": stay.host or stay.city,
        "school": stay.school.name,
    }


def _next(tx: Tx, who: Visitor, row: CaseRow, owner: str, crew: Crew | None) -> str:
    """What happens if nobody does anything, and when."""
    if row.closed_at:
        return ""
    if not owner:
        return show(next_step(tx, row, case_of(row), crew), who.language)
    if row.wake_at is None:
        return who.says(BEING_FOLLOWED, owner=owner)
    return who.says(FOLLOWED, owner=owner, at={"moment": row.wake_at.isoformat(), "zone": row.stay.school.zone})
