"""Cases climb: whole moves, one rule at a time. Random histories are in test_histories.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.domain.ladder import (
    Answered,
    Case,
    Closed,
    Event,
    Move,
    Noted,
    Notice,
    NoticeKind,
    Opened,
    PassedOn,
    Raised,
    Reached,
    Refusal,
    Reopened,
    Snoozed,
    Taken,
    WaitOver,
    climb,
)
from bot.domain.level import Level
from bot.domain.person import Adult, Leave, Role
from bot.domain.programme.ladder import LevelRules, Pace, Rung, Wait, parse_wait
from bot.domain.programme.model import Between, Closure, Hours
from bot.domain.working_time import Calendar

PARIS = ZoneInfo("Europe/Paris")
COORDINATOR, DEPUTY, HEAD, ON_CALL, TEACHER, FINANCE, CONSORTIUM, ELSEWHERE, ACCOUNTS = range(1, 10)
TUESDAY = "2026-03-10 10:00"
HOUR, MINUTES = timedelta(hours=1), timedelta(minutes=10)

CALENDAR = Calendar(
    Hours(
        learner=Between(start=time(8), end=time(21)),
        contact=time(18),
        team=Between(start=time(8), end=time(18)),
        waking=Between(start=time(7), end=time(22)),
    ),
    PARIS,
)


def adult(person: int, role: Role, school: int | None = 1) -> Adult:
    return Adult(person, frozenset({role}), school)


TEAM = (
    adult(COORDINATOR, Role.COORDINATOR),
    adult(DEPUTY, Role.DEPUTY),
    adult(HEAD, Role.HEAD),
    adult(ON_CALL, Role.ON_CALL),
    adult(TEACHER, Role.TEACHER),
    adult(FINANCE, Role.FINANCE),
    adult(CONSORTIUM, Role.CONSORTIUM, None),
    adult(ELSEWHERE, Role.COORDINATOR, 2),
    adult(ACCOUNTS, Role.FINANCE, None),
)
EVERYONE = (COORDINATOR, DEPUTY, HEAD, ON_CALL, TEACHER, CONSORTIUM)


def ladder(pace: Pace, repeat: str, lapse: str, *rungs: tuple[str, str]) -> LevelRules:
    steps = [{"to": to.split("+"), "wait": wait} for to, wait in rungs]
    written = {"name": "x", "symbol": "x", "pace": pace, "rungs": steps, "repeat": repeat, "lapse": lapse}
    return LevelRules.model_validate(written)


DAYS = "2 working days"
RULES = {
    Level.FOLLOW_UP: ladder(Pace.WORKING, DAYS, "5 working days", ("coordinator", DAYS), ("deputy", DAYS)),
    Level.TODAY: ladder(Pace.WAKING, "4 h", "8 h", ("coordinator", "4 h"), ("deputy+teacher", "2 h"), ("head", "1 h")),
    Level.NOW: ladder(
        Pace.ALWAYS, "5 min", "60 min", ("coordinator+on_call", "10 min"), ("head", "20 min"), ("consortium", "40 min")
    ),
}


def at(written: str) -> datetime:
    """An instant, by the clocks of Paris."""
    return datetime.fromisoformat(written).replace(tzinfo=PARIS).astimezone(UTC)


def away(person: int, team: tuple[Adult, ...] = TEAM) -> tuple[Adult, ...]:
    """The team with somebody on leave for all of March."""
    leave = Leave(date(2026, 3, 1), date(2026, 3, 31))
    return tuple(replace(one, leaves=(leave,)) if one.person == person else one for one in team)


def move(case: Case, event: Event, now: str, team: tuple[Adult, ...] = TEAM) -> Move:
    return climb(case, event, at(now), team=team, school=1, rules=RULES, calendar=CALENDAR)


def new(level: Level = Level.NOW, now: str = TUESDAY) -> Case:
    return Case(level, at(now))


def opened(level: Level = Level.NOW, now: str = TUESDAY, team: tuple[Adult, ...] = TEAM) -> Case:
    return move(new(level, now), Opened(), now, team).case


def owned(level: Level = Level.NOW, by: int = COORDINATOR) -> Case:
    return move(opened(level), Taken(by), TUESDAY).case


def tell(kind: NoticeKind, *people: int) -> tuple[Notice, ...]:
    return tuple(Notice(person, kind) for person in people)


def test_opening_alerts_the_first_rung() -> None:
    case = new()
    assert move(case, Opened(), TUESDAY) == Move(
        replace(case, rung=0, alerted=frozenset({COORDINATOR, ON_CALL}), wake_at=at("2026-03-10 10:10")),
        tell(NoticeKind.ALERT, COORDINATOR, ON_CALL),
        log=("opened", "alerted rung 0"),
    )


@pytest.mark.parametrize(
    ("level", "now", "opens"),
    [
        (Level.FOLLOW_UP, "2026-03-14 11:00", "2026-03-16 08:00"),
        (Level.TODAY, "2026-03-14 23:00", "2026-03-15 07:00"),
    ],
)
def test_outside_the_hours_of_its_pace_a_case_is_held_until_the_opening(level: Level, now: str, opens: str) -> None:
    case = new(level, now)
    held = Move(replace(case, wake_at=at(opens)), log=("opened", "held until opening"))
    assert move(case, Opened(), now) == held
    assert move(held.case, WaitOver(), opens).notices == tell(NoticeKind.ALERT, COORDINATOR)


def test_the_gravest_is_never_held() -> None:
    assert move(new(Level.NOW, "2026-03-15 03:00"), Opened(), "2026-03-15 03:00").notices == tell(
        NoticeKind.ALERT, COORDINATOR, ON_CALL
    )


def test_a_case_opens_once() -> None:
    case = opened()
    assert move(case, Opened(), TUESDAY) == Move(case, refused=Refusal.OPEN)


def test_a_wait_that_is_over_alerts_the_next_rung() -> None:
    case = opened(Level.TODAY)
    assert move(case, WaitOver(), "2026-03-10 14:00") == Move(
        replace(case, rung=1, alerted=case.alerted | {DEPUTY, TEACHER}, wake_at=at("2026-03-10 16:00")),
        tell(NoticeKind.ALERT, DEPUTY, TEACHER),
        log=("alerted rung 1",),
    )


def test_a_tick_before_the_wait_is_over_changes_nothing() -> None:
    case = opened(Level.TODAY)
    assert move(case, WaitOver(), "2026-03-10 13:59") == Move(case, log=("not yet",))


def test_a_tick_that_comes_late_at_night_holds_the_rung() -> None:
    case = opened(Level.TODAY)
    assert move(case, WaitOver(), "2026-03-10 23:00") == Move(
        replace(case, wake_at=at("2026-03-11 07:00")), log=("held until opening",)
    )


def test_the_deputy_stands_in_for_a_coordinator_on_leave() -> None:
    assert move(new(Level.TODAY), Opened(), TUESDAY, away(COORDINATOR)).notices == tell(NoticeKind.ALERT, DEPUTY)


def test_no_deputy_stands_in_while_a_second_coordinator_is_there() -> None:
    team = (*away(COORDINATOR), adult(20, Role.COORDINATOR))
    assert move(new(Level.TODAY), Opened(), TUESDAY, team).notices == tell(NoticeKind.ALERT, 20)


def test_the_deputy_stands_in_for_a_coordinator_who_cannot_be_written_to() -> None:
    team = (replace(TEAM[0], reachable=False), *TEAM[1:])
    assert move(new(Level.TODAY), Opened(), TUESDAY, team).notices == tell(NoticeKind.ALERT, DEPUTY)


def test_a_rung_with_nobody_on_duty_is_skipped_at_once() -> None:
    team = away(COORDINATOR, away(DEPUTY))
    case = new(Level.TODAY)
    assert move(case, Opened(), TUESDAY, team) == Move(
        replace(case, rung=1, alerted=frozenset({TEACHER}), wake_at=at("2026-03-10 12:00")),
        tell(NoticeKind.ALERT, TEACHER),
        log=("opened", "skipped rung 0: nobody on duty", "alerted rung 1"),
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


def test_the_first_who_takes_a_case_owns_it() -> None:
    case = opened()
    assert move(case, Taken(ON_CALL), "2026-03-10 10:05") == Move(
        replace(case, owner=ON_CALL, touched_at=at("2026-03-10 10:05"), wake_at=at("2026-03-10 11:05")),
        tell(NoticeKind.TAKEN_BY_OTHER, COORDINATOR),
        log=("taken",),
    )


def test_the_second_who_takes_a_case_is_told_so() -> None:
    case = owned()
    assert move(case, Taken(ON_CALL), TUESDAY) == Move(
        case, tell(NoticeKind.ALREADY_TAKEN, ON_CALL), Refusal.ALREADY_TAKEN
    )


def test_taking_it_again_is_a_follow_up() -> None:
    case = owned()
    assert move(case, Taken(COORDINATOR), "2026-03-10 10:30") == Move(
        replace(case, touched_at=at("2026-03-10 10:30"), wake_at=at("2026-03-10 11:30")), log=("followed up",)
    )


@pytest.mark.parametrize("stranger", [FINANCE, ELSEWHERE, ACCOUNTS, 99])
@pytest.mark.parametrize("kind", ["taken", "reached", "closed", "passed", "noted"])
def test_only_those_who_may_know_of_a_case_act_on_it(stranger: int, kind: str) -> None:
    events: dict[str, Event] = {
        "taken": Taken(stranger),
        "reached": Reached(stranger),
        "closed": Closed(stranger, "done"),
        "passed": PassedOn(stranger, DEPUTY),
        "noted": Noted(stranger),
    }
    case = opened()
    assert move(case, events[kind], TUESDAY) == Move(case, refused=Refusal.STRANGER)


def lapsed(case: Case, now: str) -> Move:
    """What comes of an owner who was asked how it is, and did not answer."""
    asked = move(case, WaitOver(), now).case
    assert asked.wake_at is not None
    return climb(asked, WaitOver(), asked.wake_at, team=TEAM, school=1, rules=RULES, calendar=CALENDAR)


def test_the_owner_is_asked_first_and_a_word_of_theirs_is_enough() -> None:
    case = owned()
    asked = move(case, WaitOver(), "2026-03-10 11:00")
    assert asked == Move(
        replace(case, asked_at=at("2026-03-10 11:00"), wake_at=at("2026-03-10 11:10")),
        tell(NoticeKind.OWNER_ASKED, COORDINATOR),
        log=("owner asked",),
    )
    followed = move(asked.case, Taken(COORDINATOR), "2026-03-10 11:05").case
    assert (followed.owner, followed.asked_at, followed.touched_at) == (COORDINATOR, None, at("2026-03-10 11:05"))


def test_a_case_without_follow_up_lapses_and_climbs() -> None:
    case = owned()
    assert lapsed(case, "2026-03-10 11:00") == Move(
        replace(
            case, owner=None, touched_at=None, rung=1, alerted=case.alerted | {HEAD}, wake_at=at("2026-03-10 11:30")
        ),
        (*tell(NoticeKind.LAPSED, COORDINATOR), *tell(NoticeKind.ALERT, HEAD)),
        log=("lapsed", "alerted rung 1"),
    )


def test_who_let_a_case_lapse_is_told_once_even_on_the_next_rung() -> None:
    climbed = lapsed(owned(by=HEAD), "2026-03-10 11:00")
    assert climbed.notices == tell(NoticeKind.LAPSED, HEAD)
    assert (climbed.case.rung, climbed.case.wake_at) == (1, at("2026-03-10 11:30"))


def test_an_exhausted_case_that_lapses_is_broadcast() -> None:
    case = replace(owned(), rung=2, round=1)
    others = tuple(person for person in EVERYONE if person != COORDINATOR)
    assert lapsed(case, "2026-03-10 11:00").notices == (
        *tell(NoticeKind.LAPSED, COORDINATOR),
        *tell(NoticeKind.BROADCAST, *others),
    )


def test_a_case_taken_before_the_first_rung_lapses_to_the_first_rung() -> None:
    held = opened(Level.TODAY, "2026-03-10 23:00")
    taken = move(held, Taken(TEACHER), "2026-03-10 23:10").case
    assert lapsed(taken, "2026-03-11 15:00").log == ("lapsed", "alerted rung 0")


def test_the_case_of_an_owner_on_leave_passes_to_the_deputy() -> None:
    case = owned()
    assert move(case, WaitOver(), "2026-03-10 11:00", away(COORDINATOR)) == Move(
        replace(case, owner=None, touched_at=None, alerted=case.alerted | {DEPUTY}, wake_at=at("2026-03-10 11:10")),
        tell(NoticeKind.PASSED_TO_YOU, DEPUTY),
        log=("owner away", "passed to deputy"),
    )


def test_without_deputy_the_case_of_an_owner_on_leave_climbs() -> None:
    over = move(owned(), WaitOver(), "2026-03-10 11:00", away(COORDINATOR, away(DEPUTY)))
    assert (over.notices, over.log) == (tell(NoticeKind.ALERT, HEAD), ("owner away", "alerted rung 1"))


def test_passing_on_asks_the_colleague_for_the_wait_of_the_rung() -> None:
    case = owned()
    passed = move(case, PassedOn(COORDINATOR, TEACHER), "2026-03-10 10:30")
    assert passed == Move(
        replace(case, owner=None, touched_at=None, alerted=case.alerted | {TEACHER}, wake_at=at("2026-03-10 10:40")),
        tell(NoticeKind.PASSED_TO_YOU, TEACHER),
        log=("passed on",),
    )
    assert move(passed.case, WaitOver(), "2026-03-10 10:40").notices == tell(NoticeKind.ALERT, HEAD)


def test_a_case_of_another_is_not_passed_on() -> None:
    case = owned()
    assert move(case, PassedOn(ON_CALL, DEPUTY), TUESDAY) == Move(case, refused=Refusal.ALREADY_TAKEN)


@pytest.mark.parametrize("receiver", [COORDINATOR, FINANCE, ELSEWHERE, DEPUTY, 99])
def test_a_case_is_not_passed_to_oneself_to_strangers_or_to_somebody_on_leave(receiver: int) -> None:
    case = owned()
    assert move(case, PassedOn(COORDINATOR, receiver), TUESDAY, away(DEPUTY)) == Move(
        case, refused=Refusal.NOBODY_THERE
    )


def test_what_was_owned_by_somebody_who_left_can_be_taken() -> None:
    case = owned()
    assert move(case, Taken(ON_CALL), TUESDAY, TEAM[1:]).case.owner == ON_CALL


def test_who_reaches_the_young_person_takes_a_case_without_owner() -> None:
    case = opened()
    assert move(case, Reached(ON_CALL), TUESDAY) == Move(
        replace(case, owner=ON_CALL, touched_at=at(TUESDAY), wake_at=at("2026-03-10 11:00")),
        tell(NoticeKind.TAKEN_BY_OTHER, COORDINATOR),
        log=("reached", "taken"),
    )


@pytest.mark.parametrize(("by", "told"), [(COORDINATOR, ()), (HEAD, (Notice(COORDINATOR, NoticeKind.REACHED),))])
def test_reaching_the_young_person_is_a_follow_up(by: int, told: tuple[Notice, ...]) -> None:
    case = owned()
    assert move(case, Reached(by), "2026-03-10 10:30") == Move(
        replace(case, touched_at=at("2026-03-10 10:30"), wake_at=at("2026-03-10 11:30"), alerted=case.alerted | {by}),
        told,
        log=("reached",),
    )


def test_a_note_of_the_owner_is_a_follow_up_and_no_other() -> None:
    case = owned()
    touched = replace(case, touched_at=at("2026-03-10 10:30"), wake_at=at("2026-03-10 11:30"))
    assert move(case, Noted(COORDINATOR), "2026-03-10 10:30") == Move(touched, log=("noted",))
    assert move(case, Noted(HEAD), "2026-03-10 10:30") == Move(case, log=("noted",))
    assert move(case, Noted(), "2026-03-10 10:30") == Move(case, log=("noted",))


def test_a_graver_matter_begins_its_ladder_and_the_owner_keeps_the_case() -> None:
    case = owned(Level.FOLLOW_UP, by=TEACHER)
    assert move(case, Raised(Level.TODAY), "2026-03-10 11:00") == Move(
        replace(case, level=Level.TODAY, touched_at=None, wake_at=at("2026-03-10 15:00")),
        (*tell(NoticeKind.RAISED, TEACHER), *tell(NoticeKind.ALERT, COORDINATOR)),
        log=("raised to today", "alerted rung 0"),
    )


def test_the_gravest_must_be_taken_anew() -> None:
    case = owned(Level.FOLLOW_UP)
    raised = move(case, Raised(Level.NOW), "2026-03-10 11:00")
    assert raised == Move(
        replace(
            case,
            level=Level.NOW,
            owner=None,
            touched_at=None,
            alerted=frozenset({COORDINATOR, ON_CALL}),
            wake_at=at("2026-03-10 11:10"),
        ),
        (*tell(NoticeKind.RAISED, COORDINATOR), *tell(NoticeKind.ALERT, ON_CALL)),
        log=("raised to now", "alerted rung 0"),
    )


def test_a_graver_matter_begins_its_ladder_even_after_the_last_rung_of_the_old_one() -> None:
    case = replace(opened(Level.FOLLOW_UP), rung=1, round=3)
    raised = move(case, Raised(Level.TODAY), "2026-03-10 11:00").case
    assert raised == replace(case, level=Level.TODAY, rung=0, round=0, wake_at=at("2026-03-10 15:00"))


def test_a_raised_case_that_its_owner_ignores_lapses_by_the_new_ladder() -> None:
    raised = move(owned(Level.FOLLOW_UP), Raised(Level.TODAY), "2026-03-10 11:00").case
    assert lapsed(raised, "2026-03-10 15:00").log == ("lapsed", "alerted rung 1")


def test_a_case_raised_at_night_tells_its_owner_and_holds_the_rung() -> None:
    case = owned(Level.FOLLOW_UP, by=TEACHER)
    raised = move(case, Raised(Level.TODAY), "2026-03-10 23:00")
    assert raised == Move(
        replace(case, level=Level.TODAY, rung=-1, touched_at=None, wake_at=at("2026-03-11 07:00")),
        tell(NoticeKind.RAISED, TEACHER),
        log=("raised to today", "held until opening"),
    )
    morning = move(raised.case, WaitOver(), "2026-03-11 07:00")
    assert (morning.notices, morning.case.owner) == (tell(NoticeKind.ALERT, COORDINATOR), TEACHER)


def test_a_raised_case_leaves_an_owner_who_is_away() -> None:
    raised = move(owned(Level.FOLLOW_UP), Raised(Level.TODAY), TUESDAY, away(COORDINATOR))
    assert (raised.case.owner, raised.notices) == (None, tell(NoticeKind.ALERT, DEPUTY))


@pytest.mark.parametrize("level", [Level.NONE, Level.FOLLOW_UP, Level.TODAY])
def test_a_matter_that_is_no_graver_never_lowers_a_case(level: Level) -> None:
    case = owned(Level.TODAY)
    assert move(case, Raised(level), TUESDAY) == Move(
        case, tell(NoticeKind.JOINED, COORDINATOR), log=("joined by another matter",)
    )


def test_a_case_of_nothing_but_silence_ends_with_the_answer() -> None:
    case = opened()
    assert move(case, Answered(closes=True), "2026-03-10 10:05") == Move(
        replace(case, closed_at=at("2026-03-10 10:05"), reason="answered", wake_at=None),
        tell(NoticeKind.ALL_CLEAR, COORDINATOR, ON_CALL),
        log=("answered", "closed"),
    )


def test_an_answer_is_told_to_the_owner_or_else_to_everyone_alerted() -> None:
    case, mine = opened(), owned()
    assert move(mine, Answered(closes=False), TUESDAY) == Move(
        mine, tell(NoticeKind.ANSWERED, COORDINATOR), log=("answered",)
    )
    assert move(case, Answered(closes=False), TUESDAY) == Move(
        case, tell(NoticeKind.ANSWERED, COORDINATOR, ON_CALL), log=("answered",)
    )


def test_closing_gives_the_all_clear_to_everyone_else() -> None:
    case = owned()
    assert move(case, Closed(COORDINATOR, "  lost phone, found "), "2026-03-10 10:30") == Move(
        replace(case, closed_at=at("2026-03-10 10:30"), reason="lost phone, found", wake_at=None),
        tell(NoticeKind.ALL_CLEAR, ON_CALL),
        log=("closed",),
    )


def test_closing_needs_a_reason() -> None:
    case = owned()
    assert move(case, Closed(COORDINATOR, " \n"), TUESDAY) == Move(case, refused=Refusal.NO_REASON)


def test_nobody_hears_of_a_case_who_no_longer_may() -> None:
    assert move(opened(), Closed(None, "stay over"), TUESDAY, TEAM[1:]).notices == tell(NoticeKind.ALL_CLEAR, ON_CALL)


@pytest.mark.parametrize(
    "event",
    [
        Opened(),
        WaitOver(),
        Taken(DEPUTY),
        PassedOn(COORDINATOR, DEPUTY),
        Reached(COORDINATOR),
        Raised(Level.NOW),
        Answered(closes=True),
        Closed(DEPUTY, "again"),
        Noted(COORDINATOR),
    ],
)
def test_a_closed_case_refuses_everything(event: Event) -> None:
    case = move(owned(), Closed(COORDINATOR, "done"), TUESDAY).case
    assert move(case, event, "2026-03-12 10:00") == Move(case, refused=Refusal.CLOSED)


def test_a_reopened_case_begins_again() -> None:
    case = move(replace(owned(), rung=2, round=1), Closed(COORDINATOR, "done"), TUESDAY).case
    assert move(case, Reopened(DEPUTY), "2026-03-10 12:00") == Move(
        replace(opened(), wake_at=at("2026-03-10 12:10")),
        tell(NoticeKind.ALERT, COORDINATOR, ON_CALL),
        log=("reopened", "alerted rung 0"),
    )


def test_only_a_closed_case_is_reopened() -> None:
    case = opened()
    assert move(case, Reopened(None), TUESDAY) == Move(case, refused=Refusal.OPEN)


@pytest.mark.parametrize(("known", "used"), [(Level.TODAY, Level.TODAY), (Level.FOLLOW_UP, Level.FOLLOW_UP)])
def test_a_level_the_programme_leaves_out_takes_the_nearest_ladder(known: Level, used: Level) -> None:
    level = Level.NOW if known is Level.TODAY else Level.NONE
    rules = {known: RULES[known]}
    made = climb(new(level), Opened(), at(TUESDAY), team=TEAM, school=1, rules=rules, calendar=CALENDAR)
    assert made.case == replace(opened(used), level=level)


def test_a_rung_without_length_still_leaves_a_minute() -> None:
    rungs = (Rung.model_construct(to=("coordinator",), wait=Wait()),)
    rules = {Level.NOW: RULES[Level.NOW].model_copy(update={"rungs": rungs})}
    made = climb(new(), Opened(), at(TUESDAY), team=TEAM, school=1, rules=rules, calendar=CALENDAR)
    assert made.case.wake_at == at("2026-03-10 10:01")


def test_the_sos_of_the_domain_page_climbs_in_its_minutes() -> None:
    case, said = opened(), []
    for _ in range(4):
        assert case.wake_at is not None
        due = case.wake_at
        over = climb(case, WaitOver(), due, team=TEAM, school=1, rules=RULES, calendar=CALENDAR)
        said.append((due.astimezone(PARIS).strftime("%H:%M"), over.log[-1]))
        case = over.case
    assert said == [
        ("10:10", "alerted rung 1"),
        ("10:30", "alerted rung 2"),
        ("11:10", "broadcast 1"),
        ("11:15", "broadcast 2"),
    ]
    assert parse_wait("10 min").span == MINUTES < HOUR


def test_a_case_that_rests_is_followed_and_its_owner_asked_when_the_rest_is_over() -> None:
    case = opened(Level.TODAY)
    rested = move(case, Snoozed(COORDINATOR, at("2026-03-11 09:00")), TUESDAY)
    followed = replace(case, owner=COORDINATOR, touched_at=at(TUESDAY), wake_at=at("2026-03-11 09:00"))
    assert rested == Move(followed, log=("snoozed", "taken"))
    asked = move(rested.case, WaitOver(), "2026-03-11 09:00")
    assert asked.notices == tell(NoticeKind.OWNER_ASKED, COORDINATOR)
    assert move(rested.case, Raised(Level.NOW), TUESDAY).case.owner is None


@pytest.mark.parametrize(
    ("level", "until"),
    [
        (Level.NOW, "2026-03-10 10:30"),
        (Level.TODAY, "2026-03-11 10:01"),
        (Level.FOLLOW_UP, "2026-03-17 10:01"),
        (Level.TODAY, TUESDAY),
    ],
)
def test_a_case_for_now_never_rests_and_the_others_not_for_long(level: Level, until: str) -> None:
    case = opened(level)
    assert move(case, Snoozed(COORDINATOR, at(until)), TUESDAY) == Move(case, refused=Refusal.TOO_LONG)
