"""The people: whether alerts have somewhere to go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.doctor.finding import Finding, broken, fine, look
from bot.domain.ladder import ACKNOWLEDGERS
from bot.domain.ladder.crew import Crew
from bot.domain.person import Adult, Role
from bot.domain.programme import Programme
from bot.domain.programme.check_conditions import unknown_schools
from bot.i18n import _, _n, say
from bot.store.people import Person, School
from bot.store.stays import StayRow
from bot.store.team import team

ABOUT = _("team")
INVITE = "python3 run.py invite"
ENOUGH = 2
"""Adults who can take a case, for every stay abroad."""


def people(rows: Session, today: date) -> Iterator[Finding]:
    """Every school's coordinator and a second adult, then every learner who is abroad now."""
    adults = team(rows, answering=True)
    refs = dict(list(rows.execute(select(Person.id, Person.ref))))
    schools = list(rows.scalars(select(School).where(School.ref != "").order_by(School.ref)))
    if not schools:
        yield look(ABOUT, say(_("no school is known yet")), "python3 run.py import consortium.toml")
        return
    stays = list(rows.scalars(select(StayRow).where(StayRow.cancelled.is_(False), StayRow.back >= today)))
    for school in schools:
        busy = any(stay.school_id == school.id for stay in stays)
        yield from _school(school, [adult for adult in adults if _takes(adult, school.id)], refs, busy=busy)
    yield from _abroad(adults, stays, today)


def named_schools(rows: Session, programme: Programme) -> Iterator[Finding]:
    """Whether the programme names only schools that there are: what is for one that there is not is for nobody."""
    refs = set(rows.scalars(select(School.ref).where(School.ref != "")))
    for problem in unknown_schools(programme, refs) if refs else ():
        yield broken(_("programme"), str(problem), say(_("write the reference as it stands in consortium.toml")))


def _school(school: School, takers: list[Adult], refs: dict[int, str], *, busy: bool) -> Iterator[Finding]:
    """`busy`: it has a stay to come or under way, so that a gap is no longer a matter for later."""
    wrong = broken if busy else look
    coordinators = [adult for adult in takers if Role.COORDINATOR in adult.post(school.id)]
    if not coordinators:
        yield wrong(
            ABOUT,
            say(_("{ref} has no coordinator"), ref=school.ref),
            say(_("name one in consortium.toml, and import it again")),
        )
    elif not any(adult.reachable for adult in coordinators):
        names = _names(coordinators, refs)
        yield wrong(
            ABOUT,
            say(_("{ref}: the coordinator ({names}) has no confirmed address"), ref=school.ref, names=names),
            f"{INVITE} {names}",
        )
    reached = [adult for adult in takers if adult.reachable]
    if len(reached) >= ENOUGH and any(adult in coordinators for adult in reached):
        yield fine(
            ABOUT,
            say(_("{ref}: {names} can be reached and can take a case"), ref=school.ref, names=_names(reached, refs)),
        )
        return
    others = [adult for adult in takers if not adult.reachable and adult not in coordinators]
    if len(reached) < ENOUGH and others:
        first = refs[others[0].person]
        told = say(
            _("{ref}: no second adult can be reached (there are: {names})"), ref=school.ref, names=_names(others, refs)
        )
        yield wrong(ABOUT, told, f"{INVITE} {first}")
    elif len(takers) < ENOUGH:
        yield wrong(
            ABOUT,
            say(_("{ref} has no second adult who can take a case"), ref=school.ref),
            say(_("add a deputy, a head, a teacher or an on_call")),
        )


def _abroad(adults: tuple[Adult, ...], stays: list[StayRow], today: date) -> Iterator[Finding]:
    """Whoever is away now needs two adults who can be reached now: of the school, or of the consortium."""
    away = sorted((stay for stay in stays if stay.departure <= today <= stay.back), key=lambda stay: stay.person.ref)
    counted = {stay.school_id: len(Crew(adults, stay.school_id, today).reachable) for stay in away}
    weak = [stay for stay in away if counted[stay.school_id] < ENOUGH]
    for stay in weak:
        told = say(
            _n(
                "{ref} is abroad, and {count} adult of {school} or of the consortium can be reached",
                "{ref} is abroad, and {count} adults of {school} or of the consortium can be reached",
            ),
            ref=stay.person.ref,
            school=stay.school.ref,
            count=counted[stay.school_id],
        )
        yield broken(
            ABOUT,
            told,
            say(_("{enough} are needed: see the lines above"), enough=ENOUGH),
        )
    if away and not weak:
        yield fine(
            ABOUT,
            say(
                _("{count} abroad today, each with {enough} adults or more who can take a case"),
                count=len(away),
                enough=ENOUGH,
            ),
        )


def _takes(adult: Adult, school: int) -> bool:
    """Whether an adult may take a case of this school as one of its own."""
    return not adult.post(school).isdisjoint(ACKNOWLEDGERS)


def _names(adults: Iterable[Adult], refs: dict[int, str]) -> str:
    return ", ".join(refs[adult.person] for adult in adults)
