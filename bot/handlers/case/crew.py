"""The adults who can take a case of a stay, as of now; and whether one of them may follow it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.ladder.crew import Crew
from bot.domain.rights import Act, may
from bot.domain.working_time import Calendar
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.people import Person, team
from bot.store.stays import StayRow


def calendar_of(tx: Tx, stay: StayRow) -> Calendar:
    """The hours of the team, by the clocks of the learner's school."""
    return Calendar(tx.programme.hours, ZoneInfo(stay.school.zone))


def crew_for(tx: Tx, stay: StayRow) -> Crew:
    """The adults who can take a case of a stay, whether there is one or not."""
    return Crew(team(tx.rows), stay.school_id, calendar_of(tx, stay).day(tx.now), tx.now)


def crew_of(tx: Tx, row: CaseRow) -> Crew:
    """The adults who can take a case, as of today where the school is."""
    return crew_for(tx, row.stay)


def may_follow(person: Person, row: CaseRow) -> bool:
    """School walls: whoever can take a case of the learner's school, or of the consortium."""
    return may(person.adult, Act.SEE_CASES, row.stay.school_id)
