"""We were away ourselves, for so long that platforms have thrown messages away: learners abroad are asked, adults told."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.domain.messages import Letter
from bot.domain.person import Role
from bot.handlers.case.notices import tell_together_after
from bot.handlers.conversation.sessions import open_next, queue
from bot.handlers.conversation.watching import OUTAGE
from bot.handlers.say.facts import is_minor, stay_facts
from bot.handlers.say.post import post
from bot.handlers.watch.clock_set_back import last_said, set_right
from bot.i18n import _, _n, phrase
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.outages import EVERYWHERE, note_deaf, prolong
from bot.store.people import Person
from bot.store.records import audit, keep_setting, setting
from bot.store.stays import StayRow
from bot.store.team import team

HEARTBEAT = "heartbeat"
ABSENCE = "own_absence"
"""The setting that holds since when we were away, until what came meanwhile has been read."""
SHORT = timedelta(minutes=12)
"""Two beats missed and a little more: we were away."""
LONG = timedelta(hours=24)
"""Telegram keeps what people write for so long."""
DOUBTFUL = timedelta(days=14)
"""Away for longer than this, or set back by more: that, or a clock that is wrong."""
BACK = "back_from_afar"
"""The setting that holds since when we had been away, and when we came back, from such an absence."""
URGENCY = 2
"""Behind an arrival, a return or a check-in that is due as well: they ask the same, and more."""
TOLD = _("I was away from {since} to {until}. What was written to me then may be lost, an SOS too. {asked}")
ASKED = _n(
    "I am asking {count} learner abroad whether they are well, and tell you if no answer comes.",
    "I am asking {count} learners abroad whether they are well, and tell you if no answer comes.",
)

ALL_WROTE = _("Everybody who is abroad has written since.")


def beat(tx: Tx, *, reading: bool = False) -> bool:
    """We are alive; what we missed is noted. Whether we were not for so long that people had to be told: that waits while
    we are still `reading` what came meanwhile.
    """
    since = _last_beat(tx)
    keep_setting(tx.rows, HEARTBEAT, {"at": tx.now.isoformat()})
    if (ahead := max(since, last_said(tx) or since) - tx.now) > SHORT:
        set_right(tx, ahead)
    if tx.now - since > SHORT:
        note_deaf(tx.rows, EVERYWHERE, since, tx.now)
        noted = (setting(tx.rows, ABSENCE) or {}).get("since")  # of which nobody has been told yet: we fell again
        keep_setting(tx.rows, ABSENCE, {"since": min(noted or since.isoformat(), since.isoformat())})
    if tx.now - since > DOUBTFUL:
        keep_setting(tx.rows, BACK, {"at": tx.now.isoformat(), "since": since.isoformat()})
    return False if reading else come_back(tx)


def _last_beat(tx: Tx) -> datetime:
    """Now, where there was none."""
    kept = setting(tx.rows, HEARTBEAT)
    return datetime.fromisoformat(kept["at"]) if kept else tx.now


def fell_behind(tx: Tx) -> datetime | None:
    """Our last beat, where the clock is behind it by more than it can have been ahead: it is wrong now, as a machine's without a
    battery is until it has asked for the time. None where it had been ahead, after a leap that we know of, or is right.
    """
    last, back = _last_beat(tx), setting(tx.rows, BACK) or {}
    leapt = "since" in back and datetime.fromisoformat(back["since"]) - SHORT <= tx.now < datetime.fromisoformat(
        back["at"]
    )
    return last if last - tx.now > DOUBTFUL and not leapt else None


def just_back(tx: Tx) -> bool:
    """Whether we have been back from a very long absence for less than a day, or have not even noted it: it may be the clock that
    is wrong, and what is deleted does not come back.
    """
    back = setting(tx.rows, BACK) or {}
    return abs(tx.now - _last_beat(tx)) > DOUBTFUL or (
        "at" in back and abs(tx.now - datetime.fromisoformat(back["at"])) < LONG
    )


def come_back(tx: Tx) -> bool:
    """All that waited has been read: who is abroad and has given no sign of life since is asked, adults are told."""
    noted = (setting(tx.rows, ABSENCE) or {}).get("since")
    if noted is None:
        return False
    since = datetime.fromisoformat(noted)
    keep_setting(tx.rows, ABSENCE, {})
    prolong(tx.rows, EVERYWHERE, since, tx.now)
    tell_together_after(tx, since)
    if tx.now - since <= LONG:
        return False
    keep_setting(tx.rows, OUTAGE, {"until": tx.now.isoformat()})
    audit(tx, "watch", "away", "", since=since.isoformat())
    stays = _abroad(tx)
    silent = [stay for stay in stays if stay.person.last_sign_at is None or stay.person.last_sign_at <= since]
    for stay in silent:
        _ask(tx, stay, since)
    _tell(tx, stays, silent, since)
    return True


def _abroad(tx: Tx) -> list[StayRow]:
    """The stays of those who are away now and have said yes to us."""
    enrolled = select(StayRow).where(StayRow.cancelled.is_(False), StayRow.enrolled_at.is_not(None))
    near = enrolled.where(StayRow.departure <= (tx.now + LONG).date(), StayRow.back >= (tx.now - LONG).date())
    return [stay for stay in tx.rows.scalars(near.order_by(StayRow.id)) if stay.facts().is_abroad(tx.now)]


def _ask(tx: Tx, stay: StayRow, since: datetime) -> None:
    """Once for an absence, in the learner's waking hours."""
    facts = stay_facts(tx, stay) | {
        "minor": is_minor(tx, stay),
        "since": {"moment": since.isoformat(), "zone": stay.zone},
    }
    queue(tx, stay, "away", ("away", since.isoformat()), URGENCY, facts)
    open_next(tx, stay.person_id)


def _tell(tx: Tx, stays: list[StayRow], silent: list[StayRow], since: datetime) -> None:
    """Each school's coordinators how many of theirs are asked; the consortium's people, of all."""
    for adult in team(tx.rows):
        theirs = [stay for stay in stays if adult.roles_at(stay.school_id) & {Role.COORDINATOR, Role.CONSORTIUM}]
        if not theirs:
            continue
        asked = sum(stay in silent for stay in theirs)
        person = tx.rows.get_one(Person, adult.person)
        zone = person.zone.key
        values = {
            "since": {"moment": since.isoformat(), "zone": zone},
            "until": {"moment": tx.now.isoformat(), "zone": zone},
            "asked": phrase(ASKED, count=asked) if asked else phrase(ALL_WROTE),
        }
        post(tx, adult.person, Letter(TOLD, values), Lane.ANSWER)
