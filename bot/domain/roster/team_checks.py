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
from bot.domain.spelling import nearest
from bot.i18n import Sentence, Text, _, joined, say


def cross_checks(team: Team, name: str) -> list[Sentence]:
    """One line for each contradiction; the file cannot be used with any."""
    refs = [school.ref for school in team.schools]
    unknown = [
        _unknown_school(member, school, refs)
        for member in team.people
        for school in member.posts
        if school is not None and school not in refs
    ]
    twice_schools = _twice(_('school "{ref}": {count} entries bear this ref; give each its own'), refs)
    people = [member.ref for member in team.people]
    twice_people = _twice(_('person "{ref}": {count} entries bear this ref; give each its own'), people)
    return [joined([name, each], ": ") for each in (*twice_schools, *twice_people, *unknown, *_renamings(team, refs))]


def _unknown_school(member: Member, school: str, refs: list[str]) -> Sentence:
    near = nearest(school, refs)
    text = _('person "{ref}", school: no school has the ref "{school}"')
    listed = _('person "{ref}", school: no school has the ref "{school}": write one of {every}')
    return say(text if near else listed, hint=near, ref=member.ref, school=school, every=", ".join(refs))


def _renamings(team: Team, refs: list[str]) -> Iterator[Sentence]:
    """`was` names one school of yesterday, and one only."""
    old = [school.was for school in team.schools if school.was]
    for school in team.schools:
        if school.was in refs:
            text = _('school "{ref}", was: "{was}" is still in the file: nobody can be both')
            yield say(text, ref=school.ref, was=school.was)
        elif school.was and old.count(school.was) > 1:
            text = _('school "{ref}", was: "{was}" has become another school too; name one of them')
            yield say(text, ref=school.ref, was=school.was)


def _twice(text: Text, refs: Iterable[str]) -> list[Sentence]:
    return [say(text, ref=ref, count=count) for ref, count in Counter(refs).items() if count > 1]


def weak_spots(team: Team, name: str = "consortium.toml", today: date = date.min) -> tuple[Sentence, ...]:
    """One line for each gap that lets a case wait longer than it should; the file can be used all the same."""
    schools = (
        line for school in team.schools for line in (*_school_gaps(team, school), *_empty_days(team, school, today))
    )
    return tuple(joined([name, line], ": ") for line in (*schools, *_people_gaps(team), *_duty_gaps(team)))


def _school_gaps(team: Team, school: School) -> Iterator[Sentence]:
    members = team.of_school(school.ref)
    if not any(Role.COORDINATOR in member.posts[school.ref] for member in members):
        yield say(_('school "{ref}" has no coordinator: its cases go to the next rung at once'), ref=school.ref)
    if len(_takers(team, school)) < ENOUGH:
        text = _('school "{ref}" needs two people who can take a case: add a deputy, a head, a teacher or an on_call')
        yield say(text, ref=school.ref)
    if not (school.on_call_phone or team.consortium.on_call_phone):
        text = _('school "{ref}" has no on_call_phone, nor has the consortium: an SOS can name only 112')
        yield say(text, ref=school.ref)


def _takers(team: Team, school: School) -> list[Member]:
    """The school's own people who can take a case."""
    return [member for member in team.of_school(school.ref) if member.posts[school.ref] & ACKNOWLEDGERS]


def _empty_days(team: Team, school: School, today: date) -> Iterator[Sentence]:
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
            one_day = _('school "{ref}": everybody who can take a case is on leave on {first}')
            text = _('school "{ref}": everybody who can take a case is on leave from {first} to {last}')
            yield say(text if first < last else one_day, ref=school.ref, first=first, last=last)


def _people_gaps(team: Team) -> Iterator[Sentence]:
    if not any(Role.CONSORTIUM in member.held for member in team.people):
        yield say(_('nobody has the role "consortium": the last rung of every ladder is empty'))
    for member in team.people:
        if not (member.email or member.phone):
            text = _('person "{ref}" has neither email nor phone: no alert can reach them before they enrol')
            yield say(text, ref=member.ref)


def _duty_gaps(team: Team) -> Iterator[Sentence]:
    """Only where duties are shared out at all."""
    if not any(school.duties for school in team.schools):
        return
    for duty in get_args(Duty):
        holders = [school for school in team.schools if duty in school.duties]
        if not holders:
            yield say(_('no school has the duty "{duty}"'), duty=duty)
        elif duty != "coordination" and not any(_does(member, duty, holders) for member in team.people):
            text = _('school "{ref}" has the duty "{duty}", but nobody there has that role')
            yield say(text, ref=holders[0].ref, duty=duty)


def _does(member: Member, duty: str, holders: list[School]) -> bool:
    return any(Role(duty) in member.posts.get(place, ()) for place in (None, *(school.ref for school in holders)))
