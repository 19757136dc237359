"""What becomes of the contacts of a stay when its dates move. Pure.

Every contact is marked with the date it was for. A date that moves makes new contacts; those made for the old one are
taken back, or count for the new one where its time has come as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from bot.domain.occasion import Kind, Occasion
from bot.domain.plan import EVERY_WEEK
from bot.domain.programme import Programme
from bot.domain.stay import Stay
from bot.domain.touchpoints import occasions

Key = tuple[str, str]
"""Touchpoint and occurrence."""
FOLLOWERS = {"arrival": "family.arrived", "safe_return": "family.back"}
"""Words that the family hears once a landmark was answered: they are for the same date."""
UNANSWERED = frozenset({Kind.ARRIVAL, Kind.SAFE_RETURN, Kind.CHECK_IN, Kind.ATTENDANCE, Kind.OVERDUE})
"""Contacts that are over only once they were answered; a message is over once it was told."""


@dataclass(frozen=True)
class Moved:
    """What was done for the dates before, after the dates have moved."""

    counts_for: Mapping[Key, Key]
    """Contacts that were made, and those of the new dates whose time has come too: they are not made again."""
    gone: frozenset[Key]
    """Contacts that stand in no plan any more: a question that was asked for one of them is taken back."""
    forgotten: frozenset[Key]
    """Of those, what nobody answered: were the old dates to come back, it would be asked again."""
    passed_over: frozenset[Key]
    """What comes every week is not asked for weeks that have gone by."""


def moved(
    programme: Programme, before: Stay, after: Stay, marks: Mapping[Key, str], standing: Set[Key], now: datetime
) -> Moved:
    """What a move of dates makes of what was done; `standing` are the questions that wait for an answer."""
    old, new = _by_slot(programme, before), _by_slot(programme, after)
    changed = {slot: each for slot, each in old.items() if slot not in new or new[slot].key != each.key}
    counts_for = {
        each.key: new[slot].key
        for slot, each in changed.items()
        if each.key in marks and each.key not in standing and slot in new and new[slot].at <= now
    }
    gone = {each.key: each for each in changed.values() if each.key not in counts_for}
    forgotten = (key for key, each in gone.items() if each.kind in UNANSWERED and marks.get(key) != "answered")
    weeks = (each for slot, each in new.items() if each.kind in EVERY_WEEK and slot not in old and each.at <= now)
    return Moved(
        _with_followers(counts_for),
        frozenset(gone),
        frozenset(forgotten),
        frozenset(each.key for each in weeks if each.key not in marks),
    )


def after_move(found: Moved, marks: Mapping[Key, str]) -> dict[Key, str]:
    """The marks as they are once the dates have moved."""
    kept = {found.counts_for.get(key, key): outcome for key, outcome in marks.items() if key not in found.forgotten}
    return kept | dict.fromkeys(found.passed_over, "moved")


def dated(programme: Programme, stay: Stay, keys: Set[Key]) -> dict[Key, Key]:
    """Keys of a release that named no dates, and what they are called for the dates that the stay has now."""
    plan = {slot: each.key for slot, each in _by_slot(programme, stay).items() if slot != each.key}
    return {key: plan[key] for key in keys if key in plan} | _undated_followers(plan, keys)


def _by_slot(programme: Programme, stay: Stay) -> dict[Key, Occasion]:
    return {each.slot: each for each in occasions(programme, stay)}


def _with_followers(counts_for: dict[Key, Key]) -> dict[Key, Key]:
    told = {
        (FOLLOWERS[old[0]], old[1]): (FOLLOWERS[new[0]], new[1])
        for old, new in counts_for.items()
        if old[0] in FOLLOWERS
    }
    return counts_for | told


def _undated_followers(plan: Mapping[Key, Key], keys: Set[Key]) -> dict[Key, Key]:
    named = {
        (FOLLOWERS[slot[0]], slot[1]): (FOLLOWERS[key[0]], key[1]) for slot, key in plan.items() if slot[0] in FOLLOWERS
    }
    return {key: named[key] for key in keys if key in named}
