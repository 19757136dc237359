"""What must hold between the parts of a team, and what should."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import get_args

from bot.domain.ladder.cover import ENOUGH
from bot.domain.person import Role
from bot.domain.rights import ACKNOWLEDGERS
from bot.domain.roster.team import Duty, Member, School, Team
from bot.domain.spelling import did_you_mean


def cross_checks(team: Team, name: str) -> list[str]:
    """One line for each contradiction; the file cannot be used with any."""
    refs = [school.ref for school in team.schools]
    every = ", ".join(refs)
    unknown = [
        f'{name}: person "{member.ref}", school: no school has the ref "{school}"'
        + (did_you_mean(school, refs) or f": write one of {every}")
        for member in team.people
        for school in member.posts
        if school is not None and school not in refs
    ]
    twice = _twice("school", refs, name) + _twice("person", [member.ref for member in team.people], name)
    return [*twice, *unknown, *_renamings(team, refs, name)]


def _renamings(team: Team, refs: list[str], name: str) -> Iterator[str]:
    """`was` names one school of yesterday, and one only."""
    old = [school.was for school in team.schools if school.was]
    for school in team.schools:
        if school.was in refs:
            yield f'{name}: school "{school.ref}", was: "{school.was}" is still in the file: nobody can be both'
        elif school.was and old.count(school.was) > 1:
            yield f'{name}: school "{school.ref}", was: "{school.was}" has become another school too; name one of them'


def _twice(what: str, refs: Iterable[str], name: str) -> list[str]:
    return [
        f'{name}: {what} "{ref}": {count} entries bear this ref; give each its own'
        for ref, count in Counter(refs).items()
        if count > 1
    ]


def weak_spots(team: Team, name: str = "consortium.toml", today: date = date.min) -> tuple[str, ...]:
    """One line for each gap that lets a case wait longer than it should; the file can be used all the same."""
    schools = (
        line for school in team.schools for line in (*_school_gaps(team, school), *_empty_days(team, school, today))
    )
    return tuple(f"{name}: {line}" for line in (*schools, *_people_gaps(team), *_duty_gaps(team)))


def _school_gaps(team: Team, school: School) -> Iterator[str]:
    members = team.of_school(school.ref)
    who = f'school "{school.ref}"'
    if not any(Role.COORDINATOR in member.posts[school.ref] for member in members):
        yield f"{who} has no coordinator: its cases go to the next rung at once"
    if len(_takers(team, school)) < ENOUGH:
        yield f"{who} needs two people who can take a case: add a deputy, a head, a teacher or an on_call"
    if not (school.on_call_phone or team.consortium.on_call_phone):
        yield f"{who} has no on_call_phone, nor has the consortium: an SOS can name only 112"


def _takers(team: Team, school: School) -> list[Member]:
    """The school's own people who can take a case."""
    return [member for member in team.of_school(school.ref) if member.posts[school.ref] & ACKNOWLEDGERS]


def _empty_days(team: Team, school: School, today: date) -> Iterator[str]:
    """The days on which everybody of a school who can take a case is on leave; of one alone the other line tells."""
    takers = _takers(team, school)
    if len(takers) < ENOUGH:
        return
    starts = {leave.first for member in takers for leave in member.leaves}
    ends = {leave.last + timedelta(days=1) for member in takers for leave in member.leaves}
    steps = sorted(starts | ends)
    away: list[tuple[date, date]] = []
    for first, after in pairwise(steps):
        if all(any(leave.covers(first) for leave in member.leaves) for member in takers):
            since = away.pop()[0] if away and away[-1][1] == first else first
            away.append((since, after))
    for first, after in away:
        last = after - timedelta(days=1)
        if last >= today:
            days = f"from {first} to {last}" if first < last else f"on {first}"
            yield f'school "{school.ref}": everybody who can take a case is on leave {days}'


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
    return any(Role(duty) in member.posts.get(place, ()) for place in (None, *(school.ref for school in holders)))
