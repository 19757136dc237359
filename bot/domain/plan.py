"""What is due for a stay, and when to look again. Pure: the schedule is derived, never stored.

A pause passes over what comes again and again and holds back what comes once. The arrival and the return are asked
all the same: whether somebody has arrived nobody may stop wondering.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from bot.domain.occasion import BEFORE_ENROLMENT, URGENCY, Kind, Occasion
from bot.domain.programme import Programme
from bot.domain.quiet_hours import wall_instant
from bot.domain.stay import Stay, open_for
from bot.domain.touchpoints import occasions

ASKED_ALL_THE_SAME = frozenset({Kind.ARRIVAL, Kind.SAFE_RETURN, Kind.GREEN_LIGHT})
EVERY_WEEK = frozenset({Kind.CHECK_IN, Kind.ATTENDANCE})
LATE = timedelta(hours=26)
"""A question so much later than planned counts as overdue: it joins the digest instead of coming alone."""


@dataclass(frozen=True)
class Done:
    """What was done of a plan: marks (touchpoint, occurrence) -> outcome, and the items that are settled."""

    marks: Mapping[tuple[str, str], str] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()
    green: bool = True
    """Whether the stay has its green light, or needs none."""


@dataclass(frozen=True)
class Due:
    """What is to be done now, each list most urgent first, and the next instant to look again (None: never)."""

    contacts: tuple[Occasion, ...] = ()
    digest: tuple[Occasion, ...] = ()
    """Overdue questions, to be told as one message."""
    overdue: tuple[Occasion, ...] = ()
    """Items past their date, each a matter for an adult."""
    closed: tuple[Occasion, ...] = ()
    """Passed over: a later reminder stands in for it, or its time is gone."""
    paused: tuple[Occasion, ...] = ()
    """Passed over because of a pause."""
    wake_at: datetime | None = None


def due(programme: Programme, stay: Stay, done: Done, now: datetime) -> Due:
    """What must happen to a stay at `now` (aware). Nothing is due in the learner's quiet hours."""
    if stay.cancelled:
        return Due()
    undone, passed = _undone(programme, stay, done)
    pending = _first_after((*undone, *passed), now)
    opening = open_for(programme, stay, now)
    if opening > now:
        waiting = any(each.at <= now for each in undone)
        return Due(wake_at=opening if waiting else pending and max(pending, opening))
    past = [each for each in undone if each.at <= now]
    alive, closed = _sift(past, now)
    overdue = tuple(each for each in alive if each.kind is Kind.OVERDUE)
    late = tuple(each for each in alive if each.kind is Kind.ITEM and now - each.at >= LATE)
    digest = late if len(late) >= programme.catch_up.digest_from else ()
    contacts = tuple(each for each in alive if each not in overdue and each not in digest)
    return Due(
        contacts=tuple(sorted(contacts, key=lambda each: (URGENCY[each.kind], each.at))),
        digest=digest,
        overdue=overdue,
        closed=closed,
        paused=tuple(each for each in passed if each.at <= now),
        wake_at=pending,
    )


def next_wake(programme: Programme, stay: Stay, done: Done, now: datetime) -> datetime | None:
    """The first planned instant after `now`."""
    if stay.cancelled:
        return None
    undone, passed = _undone(programme, stay, done)
    return _first_after((*undone, *passed), now)


def _first_after(planned: Iterable[Occasion], now: datetime) -> datetime | None:
    return min((each.at for each in planned if each.at > now), default=None)


def preview(programme: Programme, stay: Stay, done: Done, now: datetime) -> tuple[Occasion, ...]:
    """Every contact still to come, as `due` will make it if nothing changes. A stay not enrolled is shown as if it were."""
    if stay.cancelled:
        return ()
    shown = stay if stay.enrolled_at else replace(stay, enrolled_at=now)
    opening = open_for(programme, shown, now)
    found, _passed = _undone(programme, shown, done)
    alive, _closed = _sift([each for each in found if each.at <= opening], opening)
    return (*alive, *(each for each in found if each.at > opening))


def pause_ends(stay: Stay) -> datetime | None:
    """The midnight after the last day of a pause, where the learner is; None where there is no pause."""
    if stay.paused_until is None:
        return None
    day = stay.paused_until + timedelta(days=1)
    return wall_instant(stay.zone_on(day), day, time(0))


def held(
    programme: Programme, stay: Stay, found: Iterable[Occasion]
) -> tuple[tuple[Occasion, ...], tuple[Occasion, ...]]:
    """The occasions of a stay as its pause leaves them, in order of time; and those that it passes over."""
    known, end = tuple(found), pause_ends(stay)
    if stay.paused_from is None or end is None:
        return known, ()
    inside = [each for each in known if stay.paused_from <= each.at < end and each.kind not in ASKED_ALL_THE_SAME]
    again = {each.touchpoint for each in known if each.at >= end}
    over = {each.key for each in inside if each.kind in EVERY_WEEK or each.until <= end}
    over |= {each.key for each in inside if each.kind is Kind.ITEM and each.touchpoint in again}
    opening = open_for(programme, stay, end)
    late = {each.key for each in inside if each.key not in over and each.kind not in {Kind.OUTREACH, Kind.EXTERNAL}}
    kept = [replace(each, at=opening) if each.key in late else each for each in known if each.key not in over]
    passed = tuple(each for each in known if each.key in over)
    return tuple(sorted(kept, key=lambda each: each.at)), passed


def _made(programme: Programme, stay: Stay) -> tuple[Occasion, ...]:
    """Before enrolment only what is for adults."""
    found = occasions(programme, stay)
    return found if stay.enrolled_at else tuple(each for each in found if each.kind in BEFORE_ENROLMENT)


def _undone(programme: Programme, stay: Stay, done: Done) -> tuple[list[Occasion], list[Occasion]]:
    """What is open of a plan; and what a pause passes over, which is noted as its time comes, so that it does not come
    back when the pause ends early.
    """
    kept, passed = held(programme, stay, _made(programme, stay))
    return _left(kept, done), _left(passed, done)


def _left(found: Iterable[Occasion], done: Done) -> list[Occasion]:
    return [
        each
        for each in found
        if each.key not in done.marks
        and not (each.kind in {Kind.ITEM, Kind.OVERDUE} and each.name in done.settled)
        and (done.green or not each.needs_green)
    ]


def _sift(past: list[Occasion], now: datetime) -> tuple[list[Occasion], tuple[Occasion, ...]]:
    """Keep what still makes sense, and of each touchpoint the latest only: one question, however long we were away."""
    latest = {each.touchpoint: each for each in past if each.until > now}
    alive = [each for each in past if latest.get(each.touchpoint) is each]
    return alive, tuple(each for each in past if latest.get(each.touchpoint) is not each)
