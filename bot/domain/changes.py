"""Changes of a stay that is planned or under way, and what each does to its plan. Pure."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.domain.moved_dates import Key, after_move, moved
from bot.domain.occasion import NOT_FOR_THE_LEARNER
from bot.domain.plan import Done, preview
from bot.domain.programme import Programme
from bot.domain.stay import Stay


class Change(StrEnum):
    """What an adult may change of a stay."""

    PAUSE = "pause"
    MOVED = "moved"
    """The departure is on another day, and all other dates move as far."""
    EXTENSION = "extension"
    EARLY_RETURN = "early_return"
    FORCE_MAJEURE = "force_majeure"
    """An early return that nobody could help: the report is not asked for until somebody says so."""


MOVES = frozenset({Change.MOVED, Change.EXTENSION, Change.EARLY_RETURN, Change.FORCE_MAJEURE})
HOMEWARD = frozenset({Change.EARLY_RETURN, Change.FORCE_MAJEURE})


class Fault(StrEnum):
    """Why a change cannot be made."""

    OVER = "over"
    """The stay is over."""
    NOT_LATER = "not_later"
    NOT_SOONER = "not_sooner"
    BEFORE_DEPARTURE = "before_departure"
    PAST = "past"
    SAME_DAY = "same_day"


class ChangeError(Exception):
    """The change is refused; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Consequences:
    """How many planned messages to the learner a change cancels, moves and adds."""

    cancelled: int
    moved: int
    added: int


def changed(stay: Stay, change: Change, day: date, today: date, now: datetime) -> Stay:
    """The stay after a change; `day` is the last of the pause, that of the departure, or that of the return.

    Raises:
        ChangeError: the dates of the stay do not allow it.
    """
    if today > stay.back or stay.cancelled:
        raise ChangeError(Fault.OVER)
    if day < today:
        raise ChangeError(Fault.PAST)
    if change is Change.PAUSE:
        runs = stay.paused_from is not None and stay.paused_until is not None and stay.paused_until >= today
        return replace(stay, paused_from=stay.paused_from if runs else now, paused_until=day)
    if change is Change.MOVED:
        if day == stay.departure:
            raise ChangeError(Fault.SAME_DAY)
        far = day - stay.departure
        return replace(stay, departure=day, start=stay.start + far, end=stay.end + far, back=stay.back + far)
    if change is Change.EXTENSION:
        if day <= stay.back:
            raise ChangeError(Fault.NOT_LATER)
        return replace(stay, end=day - (stay.back - stay.end), back=day)
    if day >= stay.back:
        raise ChangeError(Fault.NOT_SOONER)
    if day < stay.departure:
        raise ChangeError(Fault.BEFORE_DEPARTURE)
    return replace(stay, start=min(stay.start, day), end=min(stay.end, day), back=day)


def consequences(
    programme: Programme, before: Stay, after: Stay, done: Done, standing: Set[Key], now: datetime
) -> Consequences:
    """Counted by the preview, which is what will be carried out; `standing` are the questions that wait for an answer."""
    found = moved(programme, before, after, done.marks, standing, now)
    later = replace(done, marks=after_move(found, done.marks))
    old, new = _planned(programme, before, done, now), _planned(programme, after, later, now)
    other = sum(1 for slot, at in old.items() if slot in new and new[slot] != at)
    return Consequences(len(old.keys() - new.keys()), other, len(new.keys() - old.keys()))


def _planned(programme: Programme, stay: Stay, done: Done, now: datetime) -> dict[tuple[str, str], datetime]:
    coming = preview(programme, stay, done, now)
    return {each.slot: each.at for each in coming if each.kind not in NOT_FOR_THE_LEARNER}
