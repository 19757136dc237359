"""A case that nobody takes: everyone is told again, how often, at which hours, and who of those on leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from bot.domain.ladder import Move, NoticeKind, Opened, Raised, WaitOver, climb
from bot.domain.level import Level
from bot.domain.person import Adult
from bot.domain.programme.ladder import parse_wait
from bot.domain.programme.model import Closure
from bot.domain.working_time import Calendar
from tests.domain.ladder.climbers import (
    CALENDAR,
    EVERYONE,
    HEAD,
    PARIS,
    RULES,
    TEAM,
    TUESDAY,
    at,
    away,
    move,
    new,
    opened,
    owned,
    tell,
)


def test_after_the_last_rung_everyone_is_alerted_again_and_again() -> None:
    case = replace(opened(), rung=2)
    first = move(case, WaitOver(), "2026-03-10 11:00")
    assert first == Move(
        replace(case, round=1, alerted=frozenset(EVERYONE), wake_at=at("2026-03-10 11:05")),
        tell(NoticeKind.BROADCAST, *EVERYONE),
        log=("broadcast 1",),
    )
    again = move(first.case, WaitOver(), "2026-03-10 11:05")
    assert again == Move(
        replace(first.case, round=2, wake_at=at("2026-03-10 11:15")), first.notices, log=("broadcast 2",)
    )


def test_the_gravest_is_told_again_twice_as_late_each_time_until_every_four_hours_day_and_night() -> None:
    assert broadcasts(Level.NOW, "2026-03-10 11:00", 10) == [
        "Tue 10 11:00",
        "Tue 10 11:05",
        "Tue 10 11:15",
        "Tue 10 11:35",
        "Tue 10 12:15",
        "Tue 10 13:35",
        "Tue 10 16:15",
        "Tue 10 20:15",
        "Wed 11 00:15",
        "Wed 11 04:15",
    ]


def test_what_is_as_grave_and_no_cry_is_told_by_day_and_about_once_a_day_in_the_end() -> None:
    assert broadcasts(Level.NOW, "2026-03-10 11:00", 11, by_day=True) == [
        "Tue 10 11:00",
        "Tue 10 11:05",
        "Tue 10 11:15",
        "Tue 10 11:35",
        "Tue 10 12:15",
        "Tue 10 13:35",
        "Tue 10 16:15",
        "Tue 10 21:35",
        "Wed 11 17:15",
        "Thu 12 14:15",
        "Fri 13 11:15",
    ]


@pytest.mark.parametrize(("by_day", "opens"), [(True, "2026-03-11 07:00"), (False, "2026-03-11 02:00")])
def test_at_night_only_a_cry_wakes(by_day: bool, opens: str) -> None:
    begun = move(replace(new(Level.NOW), by_day=by_day), Opened(), "2026-03-11 02:00")
    held = ("opened", "held until opening") if by_day else ("opened", "alerted rung 0", "urgent override")
    assert (begun.log, (begun.case.wake_at == at(opens)) is by_day) == (held, True)


def test_a_cry_begins_the_ladder_of_who_was_only_missed_by_night_and_whoever_owned_it() -> None:
    missed = replace(owned(Level.NOW), by_day=True)
    cried = move(replace(missed, by_day=False), Raised(Level.NOW, cry=True), "2026-03-11 02:00")
    joined = move(missed, Raised(Level.NOW), "2026-03-11 02:00")
    assert (cried.case.owner, cried.case.rung, cried.log) == (
        None,
        0,
        ("raised to now", "alerted rung 0", "urgent override"),
    )
    assert joined.log == ("joined by another matter",)


def test_a_cry_that_nobody_reacts_to_is_told_to_those_on_leave_as_well() -> None:
    case, team = replace(opened(), rung=2), away(HEAD)
    first = move(case, WaitOver(), "2026-03-10 11:00", team)
    again = move(first.case, WaitOver(), "2026-03-10 11:05", team)
    there = tuple(person for person in EVERYONE if person != HEAD)
    assert first.notices == tell(NoticeKind.BROADCAST, *there)
    assert again.notices == tell(NoticeKind.BROADCAST, *there, HEAD)


def broadcasts(level: Level, since: str, count: int, team: tuple[Adult, ...] = TEAM, by_day: bool = False) -> list[str]:
    """When everyone is told, on the clocks of Paris, if nobody ever reacts."""
    case, told = replace(opened(level, since), rung=2), []
    case = replace(case, wake_at=at(since), by_day=by_day)
    for _ in range(count):
        assert case.wake_at is not None
        told.append(f"{case.wake_at.astimezone(PARIS):%a %d %H:%M}")
        case = climb(case, WaitOver(), case.wake_at, team=team, school=1, rules=RULES, calendar=CALENDAR).case
    return told


def test_an_exhausted_case_for_today_is_told_more_rarely_but_every_day_and_for_ever() -> None:
    told = broadcasts(Level.TODAY, "2026-03-05 10:00", 7)  # a Thursday
    assert told == [
        "Thu 05 10:00",
        "Thu 05 14:00",
        "Fri 06 12:00",
        "Sat 07 12:00",
        "Sun 08 12:00",
        "Mon 09 08:00",
        "Tue 10 08:00",
    ]


def test_everyone_told_on_a_saturday_is_told_again_on_sunday_and_when_the_school_opens() -> None:
    assert broadcasts(Level.TODAY, "2026-03-07 21:00", 3) == ["Sat 07 21:00", "Sun 08 21:00", "Mon 09 08:00"]


def test_repeats_counted_in_working_days_stay_as_the_programme_says() -> None:
    assert broadcasts(Level.FOLLOW_UP, "2026-03-05 10:00", 3) == ["Thu 05 10:00", "Mon 09 10:00", "Wed 11 10:00"]


def test_a_school_that_is_closed_for_two_weeks_hears_of_today_every_day_and_of_the_rest_when_it_opens() -> None:
    hours = CALENDAR.hours.model_copy(update={"closures": (Closure(start=date(2026, 3, 7), end=date(2026, 3, 22)),)})
    closed, since = Calendar(hours, PARIS), at("2026-03-06 16:00")
    wakes = []
    for level in (Level.TODAY, Level.FOLLOW_UP):
        case = replace(opened(level, "2026-03-06 16:00"), rung=2, wake_at=since)
        told = climb(case, WaitOver(), since, team=TEAM, school=1, rules=RULES, calendar=closed)
        wakes.append(told.case.wake_at)
    assert wakes == [at("2026-03-07 16:00"), at("2026-03-24 16:00")]


@pytest.mark.parametrize("hour", range(24))
def test_an_untaken_case_of_today_never_rests_for_more_than_a_day_and_a_night(hour: int) -> None:
    hours = CALENDAR.hours.model_copy(update={"closures": (Closure(start=date(2026, 3, 7), end=date(2026, 3, 22)),)})
    closed, case = Calendar(hours, PARIS), new(Level.TODAY, f"2026-03-06 {hour:02}:00")
    now = case.opened_at
    move, told = climb(case, Opened(), now, team=TEAM, school=1, rules=RULES, calendar=closed), []
    while now < at("2026-03-26 12:00"):
        told += [now] if move.notices else []
        assert move.case.wake_at is not None
        now = move.case.wake_at
        move = climb(move.case, WaitOver(), now, team=TEAM, school=1, rules=RULES, calendar=closed)
    assert max(after - before for before, after in pairwise(told)) <= timedelta(hours=24)


@pytest.mark.parametrize("repeat", ["4 h", "2 working days"])
def test_the_gravest_is_told_again_within_an_hour_however_slow_the_programme_is(repeat: str) -> None:
    slow = {Level.NOW: RULES[Level.NOW].model_copy(update={"repeat": parse_wait(repeat)})}
    case = replace(opened(Level.NOW), rung=2)
    for now, then in (("2026-03-08 15:00", "2026-03-08 16:00"), ("2026-03-08 23:00", "2026-03-09 00:00")):
        wait_over = replace(case, wake_at=at(now))
        told = climb(wait_over, WaitOver(), at(now), team=TEAM, school=1, rules=slow, calendar=CALENDAR)
        assert told.case.wake_at == at(then)


@pytest.mark.parametrize(
    ("now", "log"),
    [
        (TUESDAY, ("opened", "alerted rung 0")),
        ("2026-03-10 19:00", ("opened", "alerted rung 0", "urgent override")),
        ("2026-03-08 10:00", ("opened", "alerted rung 0", "urgent override")),
    ],
)
def test_the_gravest_outside_working_hours_is_logged_as_an_override(now: str, log: tuple[str, ...]) -> None:
    assert move(new(now=now), Opened(), now).log == log


def test_the_gravest_told_to_those_on_leave_is_logged_as_an_override() -> None:
    team = tuple(away(one.person, (one,))[0] for one in TEAM)
    assert move(new(), Opened(), TUESDAY, team).log[-2:] == ("nobody on duty", "urgent override")


def test_with_nobody_at_all_the_case_stays_awake_and_the_operator_knows() -> None:
    case = new(Level.FOLLOW_UP)
    skipped = ("skipped rung 0: nobody on duty", "skipped rung 1: nobody on duty")
    assert move(case, Opened(), TUESDAY, ()) == Move(
        replace(case, rung=1, round=1, wake_at=at("2026-03-12 10:00")),
        log=("opened", *skipped, "broadcast 1", "nobody on duty"),
        nobody=True,
    )


@pytest.mark.parametrize(("level", "told"), [(Level.FOLLOW_UP, ()), (Level.TODAY, EVERYONE), (Level.NOW, EVERYONE)])
def test_when_all_are_on_leave_only_what_cannot_wait_reaches_them(level: Level, told: tuple[int, ...]) -> None:
    team = tuple(away(one.person, (one,))[0] for one in TEAM)
    found = move(new(level), Opened(), TUESDAY, team)
    assert (found.notices, found.nobody) == (tell(NoticeKind.BROADCAST, *told), True)
