"""A team, its ladders, and the moves of a case: what the tests of the ladder begin with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.domain.ladder import Case, Event, Move, Notice, NoticeKind, Opened, Taken, WaitOver, climb
from bot.domain.level import Level
from bot.domain.person import Adult, Leave, Role
from bot.domain.programme.ladder import LevelRules, Pace
from bot.domain.programme.model import Between, Hours
from bot.domain.working_time import Calendar

PARIS = ZoneInfo("Europe/Paris")
COORDINATOR, DEPUTY, HEAD, ON_CALL, TEACHER, FINANCE, CONSORTIUM, ELSEWHERE, ACCOUNTS = range(1, 10)
TUESDAY = "2026-03-10 10:00"
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


def lapsed(case: Case, now: str) -> Move:
    """What comes of an owner who was asked how it is, and did not answer."""
    asked = move(case, WaitOver(), now).case
    assert asked.wake_at is not None
    return climb(asked, WaitOver(), asked.wake_at, team=TEAM, school=1, rules=RULES, calendar=CALENDAR)
