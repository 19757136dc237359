"""The one decision about cases: an event comes, the case moves, people are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.ladder.case import (
    Answered,
    Case,
    Closed,
    Event,
    Move,
    Noted,
    Notice,
    NoticeKind,
    Opened,
    OwnerGone,
    PassedOn,
    Raised,
    Reached,
    Refusal,
    Reopened,
    Snoozed,
    Taken,
    WaitOver,
)
from bot.domain.ladder.crew import Crew
from bot.domain.ladder.scene import Scene, begin, go_on
from bot.domain.level import Level
from bot.domain.person import Adult, Role
from bot.domain.programme.ladder import LevelRules
from bot.domain.working_time import Calendar

RESTS: Mapping[Level, timedelta] = {Level.FOLLOW_UP: timedelta(days=7), Level.TODAY: timedelta(hours=24)}
"""So long at the most whoever follows a case need not be asked how it is. A case for now never rests."""


def climb(
    case: Case,
    event: Event,
    now: datetime,
    *,
    team: tuple[Adult, ...],
    school: int,
    rules: Mapping[Level, LevelRules],
    calendar: Calendar,
    left_out: frozenset[int] = frozenset(),
) -> Move:
    """What an event makes of a case of a school at an instant (aware UTC).

    An open case always has its next attempt (`wake_at`) in the future; only an attempt that is overdue
    already is left as it is by everything but `WaitOver`, so that nothing puts it off. Who is `left_out` does not exist.

    Raises:
        ValueError: there is no ladder at all in `rules`.
    """
    scene = Scene(now, rules, calendar, Crew(team, school, calendar.day(now), now, left_out))
    refused = _refusal(case, event, scene.crew, now)
    if refused is Refusal.ALREADY_TAKEN and isinstance(event, Taken):
        return Move(case, (Notice(event.by, NoticeKind.ALREADY_TAKEN),), refused)
    if refused:
        return Move(case, refused=refused)
    return _decide(case, event, scene)


def _refusal(case: Case, event: Event, crew: Crew, now: datetime) -> Refusal | None:
    """Why an event is not for this case, if it is not."""
    by: int | None = getattr(event, "by", None)
    if isinstance(event, Reopened):
        if not case.closed_at:
            return Refusal.OPEN
    elif case.closed_at:
        return Refusal.CLOSED
    if isinstance(event, Opened) and case.wake_at:
        return Refusal.OPEN
    if by is not None and by not in crew.everyone:
        return Refusal.STRANGER
    if isinstance(event, Taken | PassedOn | Snoozed) and case.owner != by and case.owner in crew.everyone:
        return Refusal.ALREADY_TAKEN
    if isinstance(event, PassedOn) and (event.to == by or not crew.on_duty(event.to)):
        return Refusal.NOBODY_THERE
    if isinstance(event, Snoozed) and not now < event.until <= now + RESTS.get(case.level, timedelta()):
        return Refusal.TOO_LONG
    if isinstance(event, Closed) and not event.reason.strip():
        return Refusal.NO_REASON
    return None


def _decide(case: Case, event: Event, scene: Scene) -> Move:
    match event:
        case Opened(int(to)):
            return _waits_for(case, to, scene)
        case Opened() | Reopened():
            log = ("opened",) if isinstance(event, Opened) else ("reopened",)
            return _logged(begin(replace(case, owner=None, closed_at=None, reason=""), scene), log)
        case WaitOver():
            return _wait_over(case, scene)
        case Taken(by):
            return _taken(case, by, scene)
        case PassedOn(by, to):
            return _passed(replace(case, alerted=case.alerted | {by}), (to,), scene, ("passed on",))
        case Snoozed(by, until):
            move = _taken(case, by, scene)
            return _logged(replace(move, case=replace(move.case, wake_at=until)), ("snoozed",))
        case OwnerGone():
            return _logged(begin(replace(case, owner=None), scene), ("owner gone",))
        case Reached(by):
            return _logged(_reached(case, by, scene), ("reached",))
        case Raised(level, cry):
            return _raised(case, level, cry, scene)
        case Answered(closes):
            return _answered(case, closes, scene)
        case Closed(by, reason):
            return _closed(case, by, reason.strip(), scene)
        case Noted(by):
            own = by is not None and by == case.owner
            return _logged(_touched(case, scene) if own else Move(case), ("noted",))


def _owner(case: Case) -> tuple[int, ...]:
    return () if case.owner is None else (case.owner,)


def _logged(move: Move, log: tuple[str, ...]) -> Move:
    return replace(move, log=(*log, *move.log))


def _touched(case: Case, scene: Scene) -> Move:
    """The owner follows the case up: it lapses so much later."""
    lapse = scene.after(scene.rules(case.level).lapse, case)
    return Move(replace(case, touched_at=scene.now, asked_at=None, wake_at=lapse))


def _taken(case: Case, by: int, scene: Scene) -> Move:
    if case.owner == by:
        return _logged(_touched(case, scene), ("followed up",))
    others = scene.notices(sorted(case.alerted - {by}), NoticeKind.TAKEN_BY_OTHER)
    owned = replace(case, owner=by, alerted=case.alerted | {by})
    return replace(_touched(owned, scene), notices=others, log=("taken",))


def _passed(case: Case, to: tuple[int, ...], scene: Scene, log: tuple[str, ...]) -> Move:
    """The case waits for those it was passed to as if they had just been alerted."""
    alerted = case.alerted | frozenset(to)
    waiting = replace(case, owner=None, touched_at=None, asked_at=None, alerted=alerted, wake_at=scene.alert_wait(case))
    return Move(waiting, scene.notices(to, NoticeKind.PASSED_TO_YOU), log=log)


def _waits_for(case: Case, to: int, scene: Scene) -> Move:
    """Something waits for one adult, who has it before them: after the first wait the ladder begins, behind their rung."""
    first = scene.rules(case.level).rungs[0]
    rung = 0 if to in scene.crew.standing(first.roles) else -1
    waiting = replace(case, rung=rung, alerted=frozenset({to}))
    return Move(replace(waiting, wake_at=scene.alert_wait(waiting)), log=("opened",))


def _reached(case: Case, by: int, scene: Scene) -> Move:
    """Good news: it counts as a follow-up, whoever brings it; who brings it to a case without owner takes it."""
    if case.owner is None:
        return _taken(case, by, scene)
    told = scene.notices((person for person in _owner(case) if person != by), NoticeKind.REACHED)
    return replace(_touched(replace(case, alerted=case.alerted | {by}), scene), notices=told)


def _raised(case: Case, level: Level, cry: bool, scene: Scene) -> Move:
    """A graver level begins its ladder, whoever owns the case; the gravest must be taken anew."""
    if level.rank <= case.level.rank and not cry:
        told = scene.notices(_owner(case) or sorted(case.alerted), NoticeKind.JOINED)
        return Move(case, told, log=("joined by another matter",))
    present = tuple(person for person in _owner(case) if scene.crew.on_duty(person))
    told = scene.notices(present, NoticeKind.RAISED)
    owner = case.owner if present and level is not Level.NOW else None
    gravest = max(level, case.level, key=lambda each: each.rank)
    return _logged(begin(replace(case, level=gravest, owner=owner), scene, told), (f"raised to {level}",))


def _answered(case: Case, closes: bool, scene: Scene) -> Move:
    if closes:
        return _logged(_closed(case, None, "answered", scene), ("answered",))
    return Move(case, scene.notices(_owner(case) or sorted(case.alerted), NoticeKind.ANSWERED), log=("answered",))


def _closed(case: Case, by: int | None, reason: str, scene: Scene) -> Move:
    people = sorted(person for person in case.alerted if person != by)
    done = replace(case, closed_at=scene.now, reason=reason, wake_at=None)
    return Move(done, scene.notices(people, NoticeKind.ALL_CLEAR), log=("closed",))


def _wait_over(case: Case, scene: Scene) -> Move:
    """Nobody reacted in time: the next rung, unless nobody may be alerted at this hour (a tick after downtime)."""
    if case.wake_at and scene.now < case.wake_at:
        return Move(case, log=("not yet",))
    opening = scene.opening(case)
    if opening > scene.now:
        return Move(replace(case, wake_at=opening), log=("held until opening",))
    if case.owner is None or (case.rung < 0 and case.touched_at is None):
        return go_on(case, scene)
    return _lapsed(case, case.owner, scene)


def _lapsed(case: Case, owner: int, scene: Scene) -> Move:
    """The owner did not follow up: they are asked first, and only then it climbs. An owner who is away is not disturbed:
    the deputies on duty are asked instead.
    """
    free = replace(case, owner=None, touched_at=None, asked_at=None)
    if scene.crew.on_duty(owner) and case.asked_at is None:
        wait = scene.after(scene.rules(case.level).rungs[0].wait, case)
        asked = scene.notices((owner,), NoticeKind.OWNER_ASKED)
        return Move(replace(case, asked_at=scene.now, wake_at=wait), asked, log=("owner asked",))
    if scene.crew.on_duty(owner):
        return _logged(go_on(free, scene, scene.notices((owner,), NoticeKind.LAPSED)), ("lapsed",))
    deputies = scene.crew.having(Role.DEPUTY)
    if deputies:
        return _passed(free, deputies, scene, ("owner away", "passed to deputy"))
    return _logged(go_on(free, scene), ("owner away",))
