"""Random histories of one case: what must hold whatever happens, and in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.ladder import (
    Answered,
    Case,
    Closed,
    Event,
    Move,
    Noted,
    NoticeKind,
    Opened,
    PassedOn,
    Raised,
    Reached,
    Refusal,
    Reopened,
    Taken,
    WaitOver,
    climb,
)
from bot.domain.level import Level
from bot.domain.person import Adult, Leave, Role
from bot.domain.programme.ladder import LevelRules, Pace
from tests.domain.ladder.climbers import CALENDAR

SECOND = timedelta(seconds=1)
TAKERS = {Role.COORDINATOR, Role.DEPUTY, Role.HEAD, Role.ON_CALL, Role.TEACHER, Role.CONSORTIUM}
ASKING = {NoticeKind.ALERT, NoticeKind.BROADCAST, NoticeKind.PASSED_TO_YOU}
LONGEST = 4
"""Rungs of the longest ladder below."""


def ladder(pace: Pace, wait: str, lapse: str, *rungs: str) -> LevelRules:
    steps = [{"to": rung.split("+"), "wait": wait} for rung in rungs]
    written = {"name": "x", "symbol": "x", "pace": pace, "rungs": steps, "repeat": wait, "lapse": lapse}
    return LevelRules.model_validate(written)


RULES = {
    Level.FOLLOW_UP: ladder(Pace.WORKING, "2 working days", "5 working days", "coordinator", "deputy"),
    Level.TODAY: ladder(Pace.WAKING, "4 h", "8 h", "coordinator", "deputy+teacher", "head"),
    Level.NOW: ladder(Pace.ALWAYS, "10 min", "60 min", "coordinator+on_call", "deputy", "head", "consortium"),
}
PEOPLE = st.integers(1, 6)
LEVELS = st.sampled_from(list(RULES))
INSTANTS = st.datetimes(datetime(2026, 2, 20), datetime(2026, 12, 31), timezones=st.just(UTC))
SCHOOLS = st.sampled_from((1, 1, 1, 1, None, 2))
ROLES = st.frozensets(st.sampled_from((*sorted(TAKERS), Role.FINANCE)), min_size=1, max_size=2)
SELDOM = st.sampled_from((False, False, False, True))
TEAMS = st.lists(st.tuples(ROLES, SCHOOLS, SELDOM, SELDOM), max_size=6)
SOME_MINUTES = st.integers(0, 3000).map(lambda minutes: timedelta(minutes=minutes))


class Histories(RuleBasedStateMachine):
    """One case of school 1, a team that comes and goes, and a clock that moves as the tick would let it."""

    @initialize(team=TEAMS, level=LEVELS, now=INSTANTS, by_day=st.booleans())
    def open(
        self, team: list[tuple[frozenset[Role], int | None, bool, bool]], level: Level, now: datetime, by_day: bool
    ) -> None:
        self.now = now
        on_leave = (Leave(CALENDAR.day(now), CALENDAR.day(now) + timedelta(days=9)),)
        self.team = tuple(
            Adult(person, roles, school, on_leave if away else (), not deaf)
            for person, (roles, school, away, deaf) in enumerate(team, 1)
        )
        self.case = Case(level, now, by_day=by_day)
        self.told: set[int] = set()
        self.happens(Opened())

    def known(self) -> set[int]:
        """Who may know of the case: the rule, told anew."""
        able = [adult for adult in self.team if adult.roles & TAKERS]
        return {adult.person for adult in able if adult.school in (1, None) or Role.CONSORTIUM in adult.roles}

    def on_duty(self) -> set[int]:
        day = CALENDAR.day(self.now)
        return {adult.person for adult in self.team if adult.reachable and not adult.away(day)} & self.known()

    def standing(self, role: Role) -> set[int]:
        """Who should be alerted for a role of a rung."""
        if role is Role.CONSORTIUM:
            wanted = {one.person for one in self.team if one.school is None or Role.CONSORTIUM in one.roles}
        else:
            wanted = {one.person for one in self.team if one.school == 1 and role in one.roles}
        found = wanted & self.on_duty()
        if role is Role.ON_CALL and not found:  # shared by the schools that have nobody of their own
            found = {one.person for one in self.team if one.school is None and role in one.roles} & self.on_duty()
        return self.standing(Role.DEPUTY) if role is Role.COORDINATOR and not found else found

    def check_rungs(self, move: Move) -> None:
        """A rung is skipped if nobody stands on it, and only then; else all who stand on it are told."""
        rungs = RULES[move.case.level].rungs
        people = [set().union(*(self.standing(role) for role in rung.roles)) for rung in rungs]
        skipped = [int(line[len("skipped rung ")]) for line in move.log if line.startswith("skipped rung ")]
        assert set().union(*(people[rung] for rung in skipped)) == set()
        if f"alerted rung {move.case.rung}" in move.log:
            assert {notice.person for notice in move.notices} - people[move.case.rung] <= self.spoken_to(move)
            assert people[move.case.rung] <= {notice.person for notice in move.notices}

    def spoken_to(self, move: Move) -> set[int]:
        return {one.person for one in move.notices if one.kind in (NoticeKind.LAPSED, NoticeKind.RAISED)}

    def happens(self, event: Event) -> Move:
        """Apply an event and check all that holds of any move."""
        before = self.case
        move = climb(before, event, self.now, team=self.team, school=1, rules=RULES, calendar=CALENDAR)
        people = [notice.person for notice in move.notices]
        asked = {notice.person for notice in move.notices if notice.kind in ASKING}
        assert len(people) == len(set(people))
        assert self.known().issuperset(people)
        assert before.level.rank <= move.case.level.rank
        assert before.alerted <= move.case.alerted
        assert not move.refused or move.case == before
        repeated = move.case.round > 1 and asked <= self.known() and move.case.level is Level.NOW
        nobody_there = move.nobody and move.case.level is not Level.FOLLOW_UP
        assert asked <= self.on_duty() or repeated or nobody_there
        assert move.nobody is ("nobody on duty" in move.log)
        climbs = asked and not isinstance(event, PassedOn)
        assert not (climbs and before.by_day) or CALENDAR.opening(self.now, Pace.WAKING) == self.now
        self.check_rungs(move)
        if move.refused is None:
            self.told |= {*people, *({event.by} if isinstance(event, Taken | Reached | PassedOn) else ())}
        self.case = move.case
        return move

    def later(self, by: timedelta) -> None:
        """Time passes, but not beyond the next attempt."""
        last = self.case.wake_at - SECOND if self.case.wake_at else self.now + by
        self.now = min(self.now + by, last)

    @rule(late=st.sampled_from((timedelta(0), SECOND, timedelta(hours=11))))
    @precondition(lambda self: self.case.wake_at is not None)
    def wait_over(self, late: timedelta) -> None:
        assert self.case.wake_at is not None
        self.now = self.case.wake_at + late
        owner, rung, turn = self.case.owner, self.case.rung, self.case.round
        move = self.happens(WaitOver())
        if owner is None and move.log != ("held until opening",):
            assert (move.case.round, move.case.rung) > (turn, rung)

    @rule(by=PEOPLE, after=SOME_MINUTES)
    def take(self, by: int, after: timedelta) -> None:
        self.later(after)
        owner = self.case.owner
        move = self.happens(Taken(by))
        if self.case.closed_at or by not in self.known():
            assert move.refused in (Refusal.CLOSED, Refusal.STRANGER)
        elif owner in self.known() - {by}:
            assert (move.refused, move.case.owner) == (Refusal.ALREADY_TAKEN, owner)
        else:
            assert (move.refused, move.case.owner, move.case.touched_at) == (None, by, self.now)

    @rule(by=PEOPLE, to=PEOPLE, after=SOME_MINUTES)
    def pass_on(self, by: int, to: int, after: timedelta) -> None:
        self.later(after)
        if self.happens(PassedOn(by, to)).refused is None:
            assert self.case.owner is None
            assert to in self.told & self.on_duty()

    @rule(by=PEOPLE, after=SOME_MINUTES)
    def reach(self, by: int, after: timedelta) -> None:
        self.later(after)
        owner = self.case.owner
        if self.happens(Reached(by)).refused is None:
            assert self.case.owner == (by if owner is None else owner)
            assert self.case.touched_at == self.now

    @rule(level=LEVELS, after=SOME_MINUTES)
    def another_matter(self, level: Level, after: timedelta) -> None:
        self.later(after)
        before = self.case
        graver = level.rank > before.level.rank
        if self.happens(Raised(level)).refused is None and graver:
            assert (self.case.level, self.case.touched_at) == (level, None)
            assert self.case.owner in ((None,) if level is Level.NOW else (None, before.owner))

    @rule(after=SOME_MINUTES)
    def a_cry(self, after: timedelta) -> None:
        """Whoever was only missed cries: the ladder begins, whatever the hour."""
        self.later(after)
        self.case = replace(self.case, by_day=False)
        if self.happens(Raised(Level.NOW, cry=True)).refused is None:
            assert (self.case.level, self.case.owner, self.case.touched_at) == (Level.NOW, None, None)
            assert self.on_duty() & self.case.alerted or not self.on_duty()

    @rule(by=st.none() | PEOPLE, after=SOME_MINUTES)
    def note(self, by: int | None, after: timedelta) -> None:
        self.later(after)
        self.happens(Noted(by))

    @rule(closes=st.sampled_from((False, False, True)), after=SOME_MINUTES)
    def answer(self, closes: bool, after: timedelta) -> None:
        self.later(after)
        move = self.happens(Answered(closes))
        if move.refused is None and closes:
            self.all_clear(move, None)

    @rule(by=st.none() | PEOPLE, reason=st.sampled_from(("", " ", "solved")), after=SOME_MINUTES)
    def close(self, by: int | None, reason: str, after: timedelta) -> None:
        self.later(after)
        move = self.happens(Closed(by, reason))
        if move.refused is None:
            assert reason == move.case.reason == "solved"
            self.all_clear(move, by)

    def all_clear(self, move: Move, by: int | None) -> None:
        assert {notice.kind for notice in move.notices} <= {NoticeKind.ALL_CLEAR}
        assert {notice.person for notice in move.notices} == (self.told & self.known()) - {by}

    @rule(by=st.none() | PEOPLE, after=SOME_MINUTES)
    @precondition(lambda self: self.case.closed_at is not None)
    def reopen(self, by: int | None, after: timedelta) -> None:
        self.later(after)
        if self.happens(Reopened(by)).refused is None:
            assert (self.case.owner, self.case.closed_at, self.case.reason) == (None, None, "")

    @rule(person=PEOPLE, days=st.integers(0, 20))
    def goes_on_leave(self, person: int, days: int) -> None:
        first = CALENDAR.day(self.now)
        self.change(person, lambda adult: replace(adult, leaves=(Leave(first, first + timedelta(days=days)),)))

    @rule(person=PEOPLE)
    def comes_back(self, person: int) -> None:
        self.change(person, lambda adult: replace(adult, leaves=(), reachable=True))

    @rule(person=PEOPLE)
    def leaves_the_team(self, person: int) -> None:
        self.change(person, lambda adult: replace(adult, roles=frozenset({Role.FINANCE})))

    def change(self, person: int, made: Callable[[Adult], Adult]) -> None:
        self.team = tuple(made(adult) if adult.person == person else adult for adult in self.team)

    @rule()
    @precondition(lambda self: self.case.wake_at is not None)
    def left_alone_it_reaches_everyone(self) -> None:
        """One lapse, one deputy, one hold, every rung: then everyone on duty has been alerted, and is again."""
        for _ in range(3 + LONGEST):
            self.wait_over_on_time()
        assert self.case.round >= 1
        assert self.on_duty() <= self.case.alerted & self.told

    def wait_over_on_time(self) -> None:
        assert self.case.wake_at is not None
        self.now = self.case.wake_at
        self.happens(WaitOver())
        self.awake()

    @invariant()
    def awake(self) -> None:
        """I3: an open case has its next attempt in the future; a closed one has none."""
        if self.case.closed_at:
            assert self.case.wake_at is None
        else:
            assert self.case.wake_at is not None
            assert self.case.wake_at > self.now


Histories.TestCase.settings = settings(stateful_step_count=30)
TestHistories: Any = Histories.TestCase
