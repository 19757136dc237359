"""Whether a stay has the adults it needs: two who can take a case on each of its days, for a minor one on call.

What planned leave does to that: who stands in, and which stays are left with too few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.ladder.crew import Crew, of_consortium
from bot.domain.person import Adult, Leave, Role
from bot.domain.stay import Stay

ENOUGH = 2
"""Adults who can take a case, for every stay abroad."""
WEEKS_AHEAD = timedelta(days=42)
"""Said so long before the departure: time to name somebody, and for them to open their invitation."""
DAYS_AHEAD = timedelta(days=7)
"""From then on it is a case."""


def stand_ins(team: tuple[Adult, ...], adult: Adult, leave: Leave) -> tuple[int, ...]:
    """Who takes over: at each of their schools the deputies who are there all the time, else the coordinators, else the head."""
    there = [other for other in team if other.person != adult.person and other.reachable and _there(other, leave)]
    found = (person for school in adult.schools for person in _in_place(there, school))
    return tuple(dict.fromkeys(found))


def _in_place(there: list[Adult], school: int | None) -> tuple[int, ...]:
    if school is None:
        return tuple(other.person for other in there if other.school is None and of_consortium(other))
    for role in (Role.DEPUTY, Role.COORDINATOR, Role.HEAD):
        found = tuple(other.person for other in there if role in other.post(school))
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


class Lack(StrEnum):
    """What a stay lacks."""

    ADULTS = "few_adults"
    ON_CALL = "no_on_call"


@dataclass(frozen=True)
class Weakness:
    """What a stay lacks, and the first day on which it does."""

    lack: Lack
    day: date


class Cover:
    """The crews of every school and day as they are asked for: stays of one school share them."""

    def __init__(self, team: tuple[Adult, ...]) -> None:
        self.team = team
        self._leaves = sorted({leave.first for adult in team for leave in adult.leaves})
        self._crews: dict[tuple[int, date], Crew] = {}

    def on(self, school: int, day: date) -> Crew:
        """The crew of a school on a day."""
        return self._crews.setdefault((school, day), Crew(self.team, school, day))

    def changing_days(self, stay: Stay, today: date) -> tuple[date, ...]:
        """The days on which anything may change: the first one left, and those on which a leave begins."""
        first = max(stay.departure, today)
        return first, *(day for day in self._leaves if first < day <= stay.back)


def weaknesses(stay: Stay, cover: Cover, school: int, today: date) -> tuple[Weakness, ...]:
    """What a stay of a school lacks on the days that are left of it; nothing before it is near, nor once it is over."""
    if stay.cancelled or not stay.departure - WEEKS_AHEAD <= today <= stay.back:
        return ()
    days = [cover.on(school, day) for day in cover.changing_days(stay, today)]
    few = next((crew.day for crew in days if len(crew.present) < ENOUGH), None)
    alone = next((crew.day for crew in days if stay.minor_on(crew.day) and not crew.having(Role.ON_CALL)), None)
    found = ((Lack.ADULTS, few), (Lack.ON_CALL, alone))
    return tuple(Weakness(lack, day) for lack, day in found if day is not None)


def pressing(stay: Stay, today: date) -> bool:
    """Whether what a stay lacks cannot wait for the next digest."""
    return today >= stay.departure - DAYS_AHEAD
