"""Who is watched, and how: every stay from the import to the return, whether its learner has begun or not. Pure.

What is due for a stay that nobody hears of does not depend on why: a link that was never opened, `/stop`, a blocked
app, a pause and an outage of ours all end with an adult who looks, or with one who says in words how contact is kept.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.green_light import school_zone
from bot.domain.level import Level
from bot.domain.occasion import for_day
from bot.domain.programme import Programme
from bot.domain.quiet_hours import open_instant, wall_instant
from bot.domain.stay import Stay
from bot.domain.waiting import Spell, wait_over

LOOK_AGAIN = timedelta(days=1)
"""While a case is open its adults have the stay; that it closes must not go unnoticed for longer."""
TO_BEGIN, TO_BEGIN_AT_LEAST = timedelta(days=1), timedelta(hours=1)
"""Whoever is entered shortly before they leave has so long for their invitation; on the day itself, this."""
AFTER_OUTAGE = timedelta(days=1)
"""After an outage of ours people are asked first; whoever says nothing for so long is silent."""
BEFOREHAND = frozenset({"never_started", "no_contact"})
"""What the cases are about that come of who has not begun, or has stopped: beginning settles them."""
TOPICS = BEFOREHAND | {"silent", "silent_stopped", "silent_unreachable", "silent_paused"}
"""And those that come of silence, which a sign of life settles."""
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class State(StrEnum):
    """Where a stay stands for whoever answers for it, the state that needs them most first."""

    SILENT = "silent"
    """Abroad, and no sign of life for longer than the programme allows."""
    NEVER_STARTED = "never_started"
    STOPPED = "stopped"
    UNREACHABLE = "unreachable"
    """They began, and no message of ours arrives any more."""
    UNLISTED = "unlisted"
    """The row is gone from the sheet, and nobody has said what that means."""
    PAUSED = "paused"
    ELSEWHERE = "elsewhere"
    """An adult has said how contact is kept, until when."""
    WELL = "well"
    """Abroad, with a sign of life within what the programme allows."""
    READY = "ready"
    """Before the departure: they have begun."""
    BACK = "back"
    ENDED = "ended"


class Invited(StrEnum):
    """How far somebody who has not begun has come with their invitation."""

    NOT = "not"
    EXPIRED = "expired"
    SENT = "sent"
    """A link stands that nobody has opened."""
    CLAIMED = "claimed"
    """Opened: an adult has to say whether it is them."""
    CONFIRMED = "confirmed"
    """They can be written to, and have not said yes."""


@dataclass(frozen=True)
class Known:
    """What is known of a stay besides its row in the roster."""

    invited: Invited = Invited.NOT
    since: datetime | None = None
    """When the stay was first looked at, which is when it was entered; None where it was before all that is asked here."""
    reachable: bool = False
    addressed: bool = True
    """Whether they ever had an address: who had none has never opened their link."""
    stopped: bool = False
    last_sign: datetime | None = None
    last_word: datetime | None = None
    """When an adult last closed a case of this stay: they have looked."""
    elsewhere_until: date | None = None
    open_level: Level = Level.NONE
    """The level of the open case."""
    deaf: tuple[Spell, ...] = ()
    """When we could not hear them."""
    back_since: datetime | None = None
    """When our own last outage ended."""


@dataclass(frozen=True)
class Duty:
    """A case that has to be opened now. `key` is the mark that says it was."""

    level: Level
    topic: str
    key: tuple[str, str]


@dataclass(frozen=True)
class Watched:
    """Where a stay stands, what is to be done about it now, and when to look again (None: never)."""

    state: State
    duty: Duty | None = None
    passed: tuple[tuple[str, str], ...] = ()
    """Marks of clocks that a later one stands in for."""
    wake_at: datetime | None = None


def watched(
    programme: Programme, stay: Stay, known: Known, marks: Collection[tuple[str, str]], now: datetime
) -> Watched:
    """What watching over a stay asks for at `now` (aware)."""
    found = state(programme, stay, known, now)
    if found in {State.ENDED, State.BACK}:
        return Watched(found)
    clocks = _clocks(programme, stay, known)
    undone = [(at, duty) for at, duty in clocks if duty.key not in marks]
    due = [duty for at, duty in undone if at <= now]
    silence = _silence(programme, stay, known, now)
    if silence[0] <= now and silence[1].key not in marks and not _in_hand(stay, known, now):
        due = [*due, silence[1]]
    opening = _waking(programme, stay, now)
    later = [at for at, _duty in (*undone, silence) if at > now]
    if due and opening > now:
        return Watched(found, wake_at=min([opening, *later]))
    if due or known.open_level.rank or silence[0] <= now:
        later.append(now + LOOK_AGAIN)
    latest = max(reversed(due), key=lambda duty: duty.level.rank) if due else None
    passed = tuple(duty.key for duty in due if duty is not latest)
    return Watched(found, latest, passed, min(later, default=None))


def state(programme: Programme, stay: Stay, known: Known, now: datetime) -> State:
    """The one word for where a stay stands."""
    leaves, returns = stay.moves()
    if stay.cancelled or (not stay.travels and now >= returns):
        return State.ENDED
    if now >= returns:
        return State.BACK
    if stay.enrolled_at is None and not known.stopped:
        return State.ELSEWHERE if _elsewhere(stay, known) > now else State.NEVER_STARTED
    if now >= leaves and _silent_at(programme, stay, known, now) <= now:
        return State.SILENT
    if stay.doubtful:
        return State.UNLISTED
    if _elsewhere(stay, known) > now:
        return State.ELSEWHERE
    if known.stopped:
        return State.STOPPED
    if not known.reachable:
        return State.UNREACHABLE if known.addressed else State.NEVER_STARTED
    if _paused(stay, now):
        return State.PAUSED
    return State.WELL if stay.travels and now >= leaves else State.READY


ARRIVED = timedelta(days=2)
"""So long after they left everybody has been asked whether they arrived, and has had time to say so."""


def gave_sign(programme: Programme, known: Known, stay: Stay, now: datetime) -> bool:
    """Whether somebody was heard of within the days that the programme allows; who has just left has them all still."""
    last = max(known.last_sign or LONG_AGO, stay.moves()[0])
    return known.last_sign is not None and now - last <= timedelta(days=programme.watch.silence_days)


def is_known_there(known: Known, stay: Stay, now: datetime) -> bool:
    """Whether somebody who is to have arrived was heard of since they left."""
    left = stay.moves()[0]
    return now <= left + ARRIVED or (known.last_sign or LONG_AGO) >= left


def near(stay: Stay, days: int, today: date) -> bool:
    """Whether the departure is so many days away or fewer, and the return has not passed."""
    return stay.departure - timedelta(days=days) <= today <= stay.back


def _clocks(programme: Programme, stay: Stay, known: Known) -> list[tuple[datetime, Duty]]:
    """Who has not begun, or has stopped, is a case shortly before the departure and again on its day. Who stays at home is seen
    at school: to ask them once has time.
    """
    if stay.enrolled_at is not None:
        return []
    zone, hours = school_zone(stay), programme.hours
    topic = "no_contact" if known.stopped else "never_started"
    minor = stay.minor_on(stay.departure) and not known.stopped
    eve = wall_instant(zone, stay.departure - timedelta(days=programme.watch.case_days), hours.team.start)
    day = wall_instant(zone, stay.departure, hours.waking.start)
    covered, since = _elsewhere(stay, known), known.since or LONG_AGO
    day = max(day, since + TO_BEGIN_AT_LEAST)
    eve = max(eve, min(since + TO_BEGIN, day))
    found = []
    if not stay.doubtful:  # whether it takes place at all is asked by then
        level = Level.TODAY if stay.travels else Level.FOLLOW_UP
        found.append((max(eve, covered), Duty(level, topic, (topic, for_day("before", stay.departure)))))
    if stay.travels and not known.stopped:
        level = Level.NOW if minor else Level.TODAY
        found.append((max(day, covered), Duty(level, topic, (topic, for_day("departure", stay.departure)))))
    return found


def _silence(programme: Programme, stay: Stay, known: Known, now: datetime) -> tuple[datetime, Duty]:
    """From when on the silence of somebody abroad is a case, and which."""
    since = _heard(stay, known).isoformat(timespec="minutes")
    return _silent_at(programme, stay, known, now), Duty(Level.TODAY, _cause(stay, known, now), ("silent", since))


def _cause(stay: Stay, known: Known, now: datetime) -> str:
    """A silence is named after what explains it: whoever phones has to know."""
    if known.stopped:
        return "silent_stopped"
    if stay.enrolled_at is None:
        return "never_started"
    if not known.reachable:
        return "silent_unreachable" if known.addressed else "never_started"
    return "silent_paused" if _paused(stay, now) else "silent"


def _silent_at(programme: Programme, stay: Stay, known: Known, now: datetime) -> datetime:
    """When the programme's patience ends: later for who is being asked, whose answer has its own clock first. Of who is at home
    never, as long as it lasts.
    """
    if not stay.travels:
        return stay.moves()[1]
    allowed = timedelta(days=programme.watch.silence_days)
    if _asked(stay, known, now):
        check_in = programme.journey(stay.kind).check_in
        allowed += LOOK_AGAIN + timedelta(hours=check_in.missed_after_hours if check_in else 0)
    heard = _heard(stay, known)
    unheard = min(wait_over(heard, allowed, known.deaf), heard + 2 * allowed)  # however long we are deaf
    at = max(unheard, _elsewhere(stay, known), (known.since or LONG_AGO) + TO_BEGIN)
    return max(at, known.back_since + AFTER_OUTAGE) if known.back_since else at


def _heard(stay: Stay, known: Known) -> datetime:
    """When somebody last heard of them, or looked; the departure at the earliest."""
    return max(each for each in (stay.moves()[0], known.last_sign, known.last_word) if each is not None)


def _in_hand(stay: Stay, known: Known, now: datetime) -> bool:
    """Whether adults are looking already: of one who is asked every week any case will do, else a grave one."""
    needed = Level.FOLLOW_UP if _asked(stay, known, now) else Level.TODAY
    return known.open_level.rank >= needed.rank


def _asked(stay: Stay, known: Known, now: datetime) -> bool:
    """Whether our questions reach them."""
    return stay.enrolled_at is not None and known.reachable and not _paused(stay, now)


def _paused(stay: Stay, now: datetime) -> bool:
    return stay.paused_from is not None and now < _end_of(stay, stay.paused_until)


def _elsewhere(stay: Stay, known: Known) -> datetime:
    """Until when contact is kept in another way; long ago where nobody said so."""
    return _end_of(stay, known.elsewhere_until)


def _end_of(stay: Stay, day: date | None) -> datetime:
    return LONG_AGO if day is None else wall_instant(stay.zone_on(day), day + timedelta(days=1), time(0))


def _waking(programme: Programme, stay: Stay, now: datetime) -> datetime:
    return open_instant(programme.hours.waking, school_zone(stay), now)
