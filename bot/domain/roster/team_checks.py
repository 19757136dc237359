"""What must hold between the parts of a team, and what should."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import get_args

from bot.domain.ladder import ACKNOWLEDGERS
from bot.domain.person import Role
from bot.domain.roster.team import Duty, Member, School, Team
from bot.domain.spelling import did_you_mean


def cross_checks(team: Team, name: str) -> list[str]:
    """One line for each contradiction; the file cannot be used with any."""
    refs = [school.ref for school in team.schools]
    every = ", ".join(refs)
    unknown = [
        f'{name}: person "{member.ref}", school: no school has the ref "{member.school}"'
        + (did_you_mean(member.school, refs) or f": write one of {every}")
        for member in team.people
        if member.school is not None and member.school not in refs
    ]
    twice = _twice("school", refs, name) + _twice("person", [member.ref for member in team.people], name)
    return [*twice, *unknown]


def _twice(what: str, refs: Iterable[str], name: str) -> list[str]:
    return [
        f'{name}: {what} "{ref}": {count} entries bear this ref; give each its own'
        for ref, count in Counter(refs).items()
        if count > 1
    ]


def weak_spots(team: Team, name: str = "consortium.toml") -> tuple[str, ...]:
    """One line for each gap that lets a case wait longer than it should; the file can be used all the same."""
    schools = (line for school in team.schools for line in _school_gaps(team, school))
    return tuple(f"{name}: {line}" for line in (*schools, *_people_gaps(team), *_duty_gaps(team)))


def _school_gaps(team: Team, school: School) -> Iterator[str]:
    members = team.of_school(school.ref)
    who = f'school "{school.ref}"'
    if not any(Role.COORDINATOR in member.held for member in members):
        yield f"{who} has no coordinator: its cases go to the next rung at once"
    if sum(bool(member.held & ACKNOWLEDGERS) for member in members) < 2:
        yield f"{who} needs two people who can take a case: add a deputy, a head, a teacher or an on_call"
    if not (school.on_call_phone or team.consortium.on_call_phone):
        yield f"{who} has no on_call_phone, nor has the consortium: an SOS can name only 112"


def _people_gaps(team: Team) -> Iterator[str]:
    if not any(Role.CONSORTIUM in member.held for member in team.people):
        yield 'nobody has the role "consortium": the last rung of every ladder is empty'
    for member in team.people:
        if not (member.email or member.phone):
            yield f'person "{member.ref}" has neither email nor phone: no alert can reach them before they enrol'


def _duty_gaps(team: Team) -> Iterator[str]:
    """Only where duties are shared out at all."""
    if not any(school.duties for school in team.schools):
        return
    for duty in get_args(Duty):
        holders = [school for school in team.schools if duty in school.duties]
        if not holders:
            yield f'no school has the duty "{duty}"'
        elif duty != "coordination" and not any(_does(member, duty, holders) for member in team.people):
            yield f'school "{holders[0].ref}" has the duty "{duty}", but nobody there has that role'


def _does(member: Member, duty: str, holders: list[School]) -> bool:
    return Role(duty) in member.held and member.school in {None, *(school.ref for school in holders)}
