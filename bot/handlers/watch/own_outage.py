"""We were away ourselves, for so long that platforms have thrown messages away: learners abroad are asked, adults told."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.domain.messages import Letter
from bot.domain.person import Role
from bot.handlers.conversation.sessions import open_next, queue
from bot.handlers.conversation.watching import OUTAGE
from bot.handlers.say.facts import is_minor, stay_facts
from bot.handlers.say.post import post
from bot.i18n import _, _n, phrase
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person, team
from bot.store.records import audit, keep_setting, setting
from bot.store.stays import StayRow

HEARTBEAT = "heartbeat"
LONG = timedelta(hours=24)
"""Telegram keeps what people write for so long."""
URGENCY = 2
"""Behind an arrival, a return or a check-in that is due as well: they ask the same, and more."""
TOLD = _("I was away from {since} to {until}. What was written to me then may be lost, an SOS too. {asked}")
ASKED = _n(
    "I am asking {count} learner abroad whether they are well, and tell you if no answer comes.",
    "I am asking {count} learners abroad whether they are well, and tell you if no answer comes.",
)


def beat(tx: Tx) -> bool:
    """We are alive. Whether we were not for so long that people had to be told."""
    kept = setting(tx.rows, HEARTBEAT)
    keep_setting(tx.rows, HEARTBEAT, {"at": tx.now.isoformat()})
    since = datetime.fromisoformat(kept["at"]) if kept else tx.now
    if tx.now - since <= LONG:
        return False
    keep_setting(tx.rows, OUTAGE, {"until": tx.now.isoformat()})
    audit(tx, "watch", "away", "", since=since.isoformat())
    stays = _abroad(tx)
    for stay in stays:
        _ask(tx, stay, since)
    _tell(tx, stays, since)
    return True


def _abroad(tx: Tx) -> list[StayRow]:
    """The stays of those who are away now and have said yes to us."""
    enrolled = select(StayRow).where(StayRow.cancelled.is_(False), StayRow.enrolled_at.is_not(None))
    near = enrolled.where(StayRow.departure <= (tx.now + LONG).date(), StayRow.back >= (tx.now - LONG).date())
    found = [(stay, stay.facts().moves()) for stay in tx.rows.scalars(near.order_by(StayRow.id))]
    return [stay for stay, (leaves, returns) in found if leaves <= tx.now < returns]


def _ask(tx: Tx, stay: StayRow, since: datetime) -> None:
    """Once for an absence, in the learner's waking hours."""
    facts = stay_facts(tx, stay) | {
        "minor": is_minor(tx, stay),
        "since": {"moment": since.isoformat(), "zone": stay.zone},
    }
    queue(tx, stay, "away", ("away", since.isoformat()), URGENCY, facts)
    open_next(tx, stay.person_id)


def _tell(tx: Tx, stays: list[StayRow], since: datetime) -> None:
    """Each school's coordinators how many of theirs are asked; the consortium's people, of all."""
    for adult in team(tx.rows):
        theirs = [stay for stay in stays if adult.roles_at(stay.school_id) & {Role.COORDINATOR, Role.CONSORTIUM}]
        if not theirs:
            continue
        person = tx.rows.get_one(Person, adult.person)
        zone = person.zone.key
        values = {
            "since": {"moment": since.isoformat(), "zone": zone},
            "until": {"moment": tx.now.isoformat(), "zone": zone},
            "asked": phrase(ASKED, count=len(theirs)),
        }
        post(tx, adult.person, Letter(TOLD, values), Lane.ANSWER)
