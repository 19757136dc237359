"""How long somebody was waited for: the time in which they could have been heard. And when something was really written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

OLD = timedelta(minutes=15)


@dataclass(frozen=True)
class Spell:
    """A time in which we could not hear: we did not run, a channel was in trouble, what waited there was not read yet."""

    since: datetime
    until: datetime


def deaf_time(since: datetime, until: datetime, deaf: Iterable[Spell]) -> timedelta:
    """How much of a time nobody could have been heard in."""
    lost = (min(spell.until, until) - max(spell.since, since) for spell in _joined(deaf))
    return sum((each for each in lost if each > timedelta(0)), timedelta(0))


def waited(since: datetime, until: datetime, deaf: Iterable[Spell]) -> timedelta:
    """How much of a time somebody could have been heard in."""
    return max(until - since, timedelta(0)) - deaf_time(since, until, deaf)


def wait_over(since: datetime, wait: timedelta, deaf: Iterable[Spell]) -> datetime:
    """When somebody could have been heard for so long."""
    over = since + wait
    for spell in _joined(deaf):
        if spell.since < over and spell.until > since:
            over += spell.until - max(spell.since, since)
    return over


def written_at(told: datetime | None, received: datetime, known_since: datetime) -> datetime:
    """When something was written: as the platform says, but never after we had it, nor before its author could."""
    return min(max(told or received, known_since), received)


def late(written: datetime, read: datetime) -> bool:
    """Whether something was read so long after it was written that it is told with its age."""
    return read - written >= OLD


def _joined(deaf: Iterable[Spell]) -> list[Spell]:
    """In order, and those that overlap as one: no time is lost twice."""
    joined: list[Spell] = []
    for spell in sorted(deaf, key=lambda each: each.since):
        if joined and spell.since <= joined[-1].until:
            joined[-1] = Spell(joined[-1].since, max(joined[-1].until, spell.until))
        elif spell.until > spell.since:
            joined.append(spell)
    return joined
