"""What a pause does to a plan: what comes again and again is passed over, what comes once waits for its end.

The arrival and the return are asked all the same: whether somebody has arrived nobody may stop wondering.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.domain.programme import Programme
from bot.domain.quiet import wall_instant
from bot.domain.stay import Stay, open_for
from bot.domain.touchpoints import Kind, Occasion

ASKED_ALL_THE_SAME = frozenset({Kind.ARRIVAL, Kind.SAFE_RETURN})
EVERY_WEEK = frozenset({Kind.CHECK_IN, Kind.ATTENDANCE})


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
    over |= {("family.week", day) for touchpoint, day in over if touchpoint == "check_in"}
    opening = open_for(programme, stay, end)
    late = {each.key for each in inside if each.key not in over and each.kind is not Kind.AROUND}
    kept = [replace(each, at=opening) if each.key in late else each for each in known if each.key not in over]
    passed = tuple(each for each in known if each.key in over)
    return tuple(sorted(kept, key=lambda each: each.at)), passed
