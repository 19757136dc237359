"""Planned leave: who stands in for an adult, and which stays are left with too few who can take a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from bot.domain.ladder.crew import Crew, of_consortium
from bot.domain.person import Adult, Leave, Role
from bot.domain.stay import Stay

ENOUGH = 2
"""Adults who can take a case, for every stay abroad."""


def stand_ins(team: tuple[Adult, ...], adult: Adult, leave: Leave) -> tuple[int, ...]:
    """Who takes over: the deputies who are there all the time, else the coordinators, else the head."""
    there = [
        other
        for other in team
        if other.person != adult.person and other.school == adult.school and other.reachable and _there(other, leave)
    ]
    if adult.school is None:
        return tuple(other.person for other in there if of_consortium(other))
    for role in (Role.DEPUTY, Role.COORDINATOR, Role.HEAD):
        found = tuple(other.person for other in there if role in other.roles)
        if found:
            return found
    return ()


def uncovered(team: tuple[Adult, ...], leave: Leave, stays: Iterable[tuple[int, Stay]]) -> tuple[int, ...]:
    """The stays (with the school of each) that have a day of this leave abroad with fewer than two on duty."""
    thin: dict[int, list[date]] = {}
    found = []
    for school, stay in stays:
        if stay.cancelled or stay.back < leave.first or leave.last < stay.departure:
            continue
        if school not in thin:
            thin[school] = [day for day in _days(leave) if len(Crew(team, school, day).present) < ENOUGH]
        if any(stay.departure <= day <= stay.back for day in thin[school]):
            found.append(stay.id)
    return tuple(found)


def _days(leave: Leave) -> Iterator[date]:
    return (leave.first + timedelta(days=ahead) for ahead in range((leave.last - leave.first).days + 1))


def _there(adult: Adult, leave: Leave) -> bool:
    return not any(other.first <= leave.last and leave.first <= other.last for other in adult.leaves)
