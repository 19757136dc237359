"""Alerting: the next rung, everyone after the last one, and the wait that follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.ladder.case import Case, Move, Notice, NoticeKind
from bot.domain.ladder.crew import Crew
from bot.domain.level import Level
from bot.domain.programme.ladder import LevelRules, Pace, Wait
from bot.domain.working_time import Calendar

_AT_LEAST = timedelta(minutes=1)
"""No wait is shorter, whatever the programme says: the next attempt lies in the future."""
_HOUR = timedelta(hours=1)
"""A programme may not let everyone wait longer for the first repeat of the gravest."""
_LONGEST = timedelta(hours=4)
"""Between two repeats of a cry that nobody takes, by day and by night."""
_BY_DAY = timedelta(hours=12)
"""Of waking hours between two repeats of what is as grave, but no cry: about once a day."""
_DAY = timedelta(days=1)
_DOUBLINGS = 8
"""More would be longer than any day."""


@dataclass(frozen=True)
class Scene:
    """What a decision looks at besides the case: the instant, the ladders, the calendar, the people."""

    now: datetime
    ladders: Mapping[Level, LevelRules]
    calendar: Calendar
    crew: Crew

    def rules(self, level: Level) -> LevelRules:
        """The ladder of a level; of a programme that leaves it out, the next graver one, or else the gravest."""
        graver = [known for known in self.ladders if known.rank >= level.rank]
        if graver:
            return self.ladders[min(graver, key=lambda known: known.rank)]
        return self.ladders[max(self.ladders, key=lambda known: known.rank)]

    def pace(self, case: Case) -> Pace:
        """The hours that count for a case. What is grave, but no cry, leaves people their nights."""
        pace = self.rules(case.level).pace
        return Pace.WAKING if case.by_day and pace is Pace.ALWAYS else pace

    def after(self, wait: Wait, case: Case) -> datetime:
        """When a wait that begins now is over."""
        over = max(self.calendar.add(self.now, wait, self.pace(case)), self.now + _AT_LEAST)
        return self._within_a_day(over, case.level)

    def _within_a_day(self, over: datetime, level: Level) -> datetime:
        """A closed school, a weekend or a night is no reason to leave a matter of today alone for longer than a day."""
        if level is not Level.TODAY:
            return over
        return min(over, self.calendar.opening(self.now + _DAY, Pace.WAKING))

    def opening(self, case: Case) -> datetime:
        """When people may be alerted of a case: the gravest at once, the others within the hours of their pace, and
        those that everyone there has been told of already on working days; one of today never a whole day later.
        """
        if case.level is Level.NOW:
            return self.calendar.opening(self.now, self.pace(case))
        present = self.crew.present
        again = case.round > 0 and case.owner is None and present and case.alerted.issuperset(present)
        opening = self.calendar.opening(self.now, Pace.WORKING if again else self.pace(case))
        if case.level is Level.TODAY and (again or opening > self.now + _DAY):
            return self.calendar.opening(self.now, Pace.WAKING)
        return opening

    def alert_wait(self, case: Case) -> datetime:
        """When somebody who is alerted now must have reacted."""
        rules = self.rules(case.level)
        if case.round:
            return self.repeat(case, rules.repeat)
        return self.after(rules.rungs[min(max(case.rung, 0), len(rules.rungs) - 1)].wait, case)

    def repeat(self, case: Case, wait: Wait) -> datetime:
        """When everyone is told again (docs/decisions/0014): the gravest as the programme says, then twice as late each
        time, until it is every four hours, or every day where nobody cried; the others on working days, each time later,
        until it is once a day. It never ends.
        """
        if case.level is Level.NOW:
            first = Wait(span=min(wait.span, _HOUR) if wait.span else _HOUR)
            return self.after(Wait(span=min(_longer(case, first), _BY_DAY if case.by_day else _LONGEST)), case)
        again = max(self._more_and_more_rarely(case, wait), self.now + _AT_LEAST)
        return self._within_a_day(again, case.level)

    def _more_and_more_rarely(self, case: Case, wait: Wait) -> datetime:
        opening = self.calendar.opening(self.now, Pace.WORKING)
        if opening > self.now:
            return opening
        daily = self.calendar.add(self.now, Wait(days=1), Pace.WORKING)
        if wait.days:
            return self.calendar.add(self.now, wait, Pace.WORKING)
        return min(self.calendar.add(self.now, Wait(span=_longer(case, wait)), Pace.WORKING), daily)

    def overrides(self, case: Case, people: Iterable[int]) -> bool:
        """Whether somebody is alerted at an hour, or during a leave, that only the gravest matters may disturb."""
        if case.level is not Level.NOW:
            return False
        at_rest = self.calendar.opening(self.now, Pace.WORKING) > self.now
        return at_rest or any(not self.crew.on_duty(person) for person in people)

    def notices(self, people: Iterable[int], kind: NoticeKind) -> tuple[Notice, ...]:
        """A notice to each, except those who may not know of the case (any more)."""
        known = self.crew.everyone
        return tuple(Notice(person, kind) for person in people if person in known)


def _longer(case: Case, wait: Wait) -> timedelta:
    """Each time twice as long as the last."""
    return wait.span * (1 << min(case.round - 1, _DOUBLINGS))


def begin(case: Case, scene: Scene, told: tuple[Notice, ...] = ()) -> Move:
    """The first rung: now, or held until somebody may be alerted. `told` are notices that go out in any case."""
    fresh = replace(case, rung=-1, round=0, touched_at=None, asked_at=None)
    opening = scene.opening(fresh)
    if opening > scene.now:
        return Move(replace(fresh, wake_at=opening), told, log=("held until opening",))
    return go_on(fresh, scene, told)


def go_on(case: Case, scene: Scene, told: tuple[Notice, ...] = ()) -> Move:
    """The next rung on which somebody is on duty; after the last, everyone. Who is in `told` is told nothing else."""
    rungs = scene.rules(case.level).rungs
    skipped: tuple[str, ...] = ()
    for index in range(case.rung + 1, len(rungs)):
        people = scene.crew.standing(rungs[index].roles)
        if people:
            climbed = replace(case, rung=index)
            return _alert(climbed, scene, people, NoticeKind.ALERT, told, (*skipped, f"alerted rung {index}"))
        skipped = (*skipped, f"skipped rung {index}: nobody on duty")
    return _broadcast(replace(case, rung=len(rungs) - 1, round=case.round + 1), scene, told, skipped)


def _broadcast(case: Case, scene: Scene, told: tuple[Notice, ...], log: tuple[str, ...]) -> Move:
    """Everyone on duty. When nobody is, those who are on leave: better they than no one, but for what can wait until they
    are back; for the gravest matters also when nobody reacts.
    """
    present = scene.crew.present
    said = (*log, f"broadcast {case.round}")
    if present:
        everyone = case.level is Level.NOW and case.round > 1
        told_again = tuple(dict.fromkeys((*present, *scene.crew.reachable))) if everyone else present
        return _alert(case, scene, told_again, NoticeKind.BROADCAST, told, said)
    people = scene.crew.reachable if case.level.rank >= Level.TODAY.rank else ()
    move = _alert(case, scene, people, NoticeKind.BROADCAST, told, (*said, "nobody on duty"))
    if not people and case.level is not Level.NOW:  # nobody is disturbed by trying
        move = replace(move, case=replace(move.case, wake_at=scene.after(scene.rules(case.level).repeat, case)))
    return replace(move, nobody=True)


def _alert(
    case: Case,
    scene: Scene,
    people: Iterable[int],
    kind: NoticeKind,
    told: tuple[Notice, ...],
    log: tuple[str, ...],
) -> Move:
    spoken_to = {notice.person for notice in told}
    alerts = scene.notices((person for person in people if person not in spoken_to), kind)
    alerted = case.alerted | {notice.person for notice in alerts}
    if alerts and scene.overrides(case, (notice.person for notice in alerts)):
        log = (*log, "urgent override")
    return Move(replace(case, alerted=alerted, wake_at=scene.alert_wait(case)), (*told, *alerts), log=log)
