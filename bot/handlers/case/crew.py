"""The adults who can take a case of a stay, as of now; and whether one of them may know of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.ladder.climb import RESTS
from bot.domain.ladder.crew import Crew
from bot.domain.need_to_know import Circle, may_close, may_know, may_with
from bot.domain.rights import Act
from bot.domain.working_time import Calendar
from bot.store.cases import CaseRow, kept_from, left_out_of
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.stays import StayRow
from bot.store.team import team


def calendar_of(tx: Tx, stay: StayRow) -> Calendar:
    """The hours of the team, by the clocks of the learner's school."""
    return Calendar(tx.programme.hours, ZoneInfo(stay.school.zone), stay.school.ref)


def rest_of(tx: Tx, row: CaseRow) -> tuple[datetime, datetime] | None:
    """Until when a case rests where nobody says otherwise, the morning after; and the latest. None where it may not rest."""
    if row.closed_at is not None or row.grave or row.level not in RESTS:
        return None
    now, opens = tx.now.astimezone(ZoneInfo(row.stay.school.zone)), tx.programme.hours.team.start
    morning = (now + timedelta(days=1)).replace(hour=opens.hour, minute=opens.minute, second=0, microsecond=0)
    latest = now + RESTS[row.level]
    return min(morning, latest), latest


def crew_for(tx: Tx, stay: StayRow) -> Crew:
    """The adults who can take a case of a stay, whether there is one or not: without those who are left out of it."""
    return crews_for(tx, [stay])[stay.id]


def crews_for(tx: Tx, stays: Collection[StayRow]) -> dict[int, Crew]:
    """The same for several stays; how many readings it takes does not depend on how many there are."""
    adults, gone = team(tx.rows) if stays else (), left_out_of(tx.rows, {stay.person_id for stay in stays})
    return {
        stay.id: Crew(
            adults, stay.school_id, calendar_of(tx, stay).day(tx.now), tx.now, gone.get(stay.person_id, frozenset())
        )
        for stay in stays
    }


def crew_of(tx: Tx, row: CaseRow) -> Crew:
    """The adults who can take a case, as of today where the school is."""
    return crew_for(tx, row.stay)


def followed(tx: Tx, person: Person, rows: Iterable[CaseRow], kept: frozenset[int] | None = None) -> list[CaseRow]:
    """Those of some cases that somebody may know of, in two readings at the most; in one for whoever knows already from
    which learners they are `kept`.
    """
    some = list(rows)
    if kept is None:
        kept = kept_from(tx.rows, person.id) if some else frozenset()
    return [row for row in some if may_know(person.adult, circle_of(tx, person, row, kept))]


def allowed(tx: Tx, person: Person, act: Act, stay: StayRow) -> bool:
    """Whether somebody may do something with the learner of a stay."""
    left_out = stay.person_id in kept_from(tx.rows, person.id)
    return may_with(person.adult, act, stay.school_id, left_out=left_out)


def may_follow(tx: Tx, person: Person, row: CaseRow) -> bool:
    """Whether somebody may see a case, take it, and read the words it is about."""
    return bool(followed(tx, person, [row]))


def may_end(tx: Tx, person: Person, row: CaseRow) -> bool:
    """Whether somebody may close a case."""
    return may_close(person.adult, circle_of(tx, person, row, kept_from(tx.rows, person.id)))


def circle_of(tx: Tx, person: Person, row: CaseRow, kept: frozenset[int]) -> Circle:
    """Those around a case, as far as one adult is concerned; `kept` are the learners of whom they may know nothing."""
    rules = tx.programme.levels.get(row.level)
    return Circle(
        row.stay.school_id,
        row.grave,
        frozenset(role for rung in rules.rungs for role in rung.roles) if rules else frozenset(),
        frozenset(row.alerted) | ({row.owner_id} if row.owner_id else frozenset()),
        frozenset({person.id}) if row.stay.person_id in kept else frozenset(),
    )
