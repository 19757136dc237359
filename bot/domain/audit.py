"""What should have happened by now and did not: derived from the facts a second time, past the rows that wake us.

Of what makes things happen, only the plan's pure functions are used: whoever checks a sum adds it up anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.plan import Done, Due, due
from bot.domain.programme import Programme
from bot.domain.stay import Stay

GRACE = timedelta(minutes=10)
"""What is late by less may still be on its way: normal work is never reported."""
A_DAY = timedelta(days=1)
FRESH = A_DAY + GRACE
"""So long after it came into the roster nobody need have looked at a stay."""
NEVER = datetime.max.replace(tzinfo=UTC)
OVERNIGHT = timedelta(hours=12)
"""What adults hear in waking hours only is told by then, at the latest, however late at night it came up."""
A_NIGHT = timedelta(days=1)
"""A silence that would speak in the learner's quiet hours waits for the morning: never so long."""


class Gap(StrEnum):
    """What did not take place."""

    CRY = "cry"
    CASE = "case"
    UPDATE = "update"
    CONTACT = "contact"
    ASLEEP = "asleep"
    SILENCE = "silence"
    MESSAGE = "message"
    DIGEST = "digest"
    UNWATCHED = "unwatched"


@dataclass(frozen=True)
class Difference:
    """Something that should have happened, by the row it should have happened to."""

    gap: Gap
    row: int
    asleep: bool = False
    """Nothing would wake this row in time: waking it now mends that. Otherwise it is due, and nobody comes for it."""

    @property
    def name(self) -> str:
        return f"{self.gap} {self.row}"


def late(wake_at: datetime | None, now: datetime) -> bool:
    """Whether something was to be looked at long ago."""
    return wake_at is not None and wake_at < now - GRACE


def missed(programme: Programme, stay: Stay, done: Done, now: datetime) -> frozenset[tuple[str, str]]:
    """The contacts that were due a while ago, are due still, and left no mark."""
    return _late(programme, stay, done, now, due(programme, stay, done, now))


def _late(programme: Programme, stay: Stay, done: Done, now: datetime, found: Due) -> frozenset[tuple[str, str]]:
    still = _keys(found)
    return still & _keys(due(programme, stay, done, now - GRACE)) if still else still


def _keys(found: Due) -> frozenset[tuple[str, str]]:
    return frozenset(each.key for each in (*found.contacts, *found.digest, *found.overdue, *found.closed))


@dataclass(frozen=True)
class Look:
    """What is wrong with a stay, and whether it sleeps; where nothing is, until when nothing can be, so long as nothing is
    written down of it: `now` where that cannot be said.
    """

    wrong: tuple[Gap, bool] | None
    until: datetime


def of_stay(programme: Programme, stay: Stay, done: Done, wake_at: datetime | None, now: datetime) -> Look:
    """Whether a contact was not made, or nothing wakes a stay for the next."""
    if wake_at is not None and wake_at <= now and not late(wake_at, now):
        return Look(None, now)  # its turn is at this moment
    found = due(programme, stay, done, now)
    passed_over = bool(_late(programme, stay, done, now, found))
    if late(wake_at, now):
        return Look((Gap.CONTACT if passed_over else Gap.ASLEEP, False), now)
    if passed_over:
        return Look((Gap.CONTACT, True), now)
    wanted = found.wake_at
    if wanted is not None and (wake_at is None or wake_at > max(wanted, now) + GRACE):
        return Look((Gap.ASLEEP, True), now)
    if _keys(found):
        return Look(None, now)  # due, and perhaps still on its way
    return Look(None, min((each for each in (wake_at, wanted) if each is not None), default=NEVER))


def of_case(wake_at: datetime | None, now: datetime) -> tuple[Gap, bool] | None:
    """What is wrong with an open case: it has no next attempt, or that is long past."""
    if wake_at is None or late(wake_at, now):
        return Gap.CASE, wake_at is None
    return None


def of_silence(
    wait: timedelta | datetime,
    sent_at: datetime,
    wake_at: datetime | None,
    now: datetime,
    *,
    lost: timedelta = timedelta(0),
) -> tuple[Gap, bool] | None:
    """What is wrong with a question that was delivered: its silence goes unnoticed. `wait` is a span, or an instant;
    `lost` is how much of the time since then nobody could have been heard in.
    """
    if late(wake_at, now):
        return Gap.SILENCE, False
    deadline = (sent_at + wait if isinstance(wait, timedelta) else max(wait, sent_at)) + lost
    unheard = wake_at is None and sent_at < now - GRACE
    if unheard or (wake_at is not None and wake_at > max(deadline, now) + A_NIGHT):
        return Gap.SILENCE, True
    return None


def of_watch(
    programme: Programme,
    stay: Stay,
    looked: Sequence[datetime],
    until: date | None,
    wake_at: datetime | None,
    now: datetime,
    *,
    lost: timedelta = timedelta(0),
    entered: datetime | None = None,
) -> Look:
    """Whether nobody watches over somebody, by the roster's dates alone. `looked` are the signs of life and the cases of
    the stay, `until` the day to which an adult said that contact is kept elsewhere, `entered` when it came into the roster:
    shortly before the departure that leaves a day for the invitation.
    """
    today = now.date()
    if stay.cancelled or now >= stay.moves()[1]:  # not by its date: that ends at another instant in each zone
        return Look(None, NEVER)
    if wake_at is None:  # who has begun and sleeps is found by their plan
        return Look((Gap.UNWATCHED, True), now) if stay.enrolled_at is None else Look(None, NEVER)
    if until is not None and today <= until + A_DAY:
        return Look(None, _after(until + A_DAY))
    last = max((each.date() for each in looked), default=date.min)
    usual = max(stay.departure, last) + _patience(programme, stay) if stay.travels else stay.back + A_DAY
    unheard = today > usual + min(lost, timedelta(days=programme.watch.silence_days))
    begins = stay.departure - timedelta(days=programme.watch.case_days)
    unbegun = stay.enrolled_at is None and last < begins
    if not (unheard or (unbegun and today > begins + A_DAY)):  # what was lost is forgotten one day: not counted on
        return Look(None, min(_after(usual), _after(begins + A_DAY) if unbegun else NEVER))
    if entered is not None and now < entered + FRESH:
        return Look(None, entered + FRESH)
    if now < wake_at <= now + OVERNIGHT:
        return Look(None, wake_at)
    return Look((Gap.UNWATCHED, wake_at > now), now)


def _patience(programme: Programme, stay: Stay) -> timedelta:
    check_in = programme.journey(stay.kind).check_in
    return timedelta(days=programme.watch.silence_days + 3, hours=check_in.missed_after_hours if check_in else 0)


def _after(day: date) -> datetime:
    """The instant at which a day is over (UTC)."""
    return datetime.combine(day + A_DAY, time(0), UTC)
