"""A few status words for the family, with consent: left, arrived, has given news, back. Never anything else.

Bad news is told by a human. While an adult is busy with how somebody is, no cheerful word is said. The weekly word comes all the
same: the one that says neither good nor bad is also that of a week without an answer, or of a pause, so that nobody reads
anything from it, or from silence. Papers and what is ordinary change nothing.

At 18 what a guardian agreed to ends: the family hears nothing more, and the learner is asked, once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.family import Giver, agrees
from bot.domain.level import Level
from bot.domain.messages import Letter, Offer
from bot.domain.person import Role
from bot.domain.programme import Landmark
from bot.domain.quiet_hours import open_instant
from bot.domain.roster.phones import shown_phone
from bot.handlers.case.case import UNREAD
from bot.handlers.case.matters import matters_of
from bot.handlers.say.consents import may_hear
from bot.handlers.say.facts import adult_of
from bot.handlers.say.marks import mark
from bot.handlers.say.post import About, post
from bot.i18n import Text, _
from bot.store.cases import open_case
from bot.store.consents import consents_of, parents_of
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person, School
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow, marks_of

ASK = _(
    "You are 18 now: from today your family hears nothing more from me unless you want it. Do you want them to go on "
    "knowing that you have arrived, given news, come back? Never your answers. You can change it any time: /family"
)
YES = _("Yes, they may know")
NO = _("No, nothing more")


def ask_again(tx: Tx, stay: StayRow) -> str:
    """Ask a learner who has come of age, where the family was told something until now."""
    if not agrees(consents_of(tx.rows, stay.person_id), Giver.GUARDIAN, tx.now):
        return "nobody"
    offers = (
        Offer(YES, {"do": "command", "word": "family", "rest": "yes"}),
        Offer(NO, {"do": "command", "word": "family", "rest": "no"}),
    )
    post(tx, stay.person_id, Letter(ASK, {}, offers), Lane.PROMPT, About(stay=stay.id))
    return "asked"


class Ping(StrEnum):
    """What may be said to a family."""

    LEFT = "left"
    ARRIVED = "arrived"
    CHECKED_IN = "checked_in"
    NOT_YET = "not_yet"
    BACK = "back"


PAPERS = frozenset({"overdue", "postponed", "green_light", "unlisted", "few_adults", "no_on_call", "tutor_unsigned"})
"""Matters of the school's own: no word to a family depends on them."""
STEP = "family."
"""The steps of messages to a family begin with it: consent and open cases are asked again when they are sent."""
PAUSE = timedelta(minutes=15)
"""So long after "I am here" the family hears it: the answers that follow may say that something is wrong."""
WORDS: dict[Ping, Text] = {
    Ping.LEFT: _("Hello, {name}'s departure for {city} is planned for today. Your contact: {contact}."),
    Ping.ARRIVED: _("Hello, {name} has told us of the arrival in {city}. Your contact: {contact}."),
    Ping.CHECKED_IN: _("Hello, {name} has given news this week. Your contact: {contact}."),
    Ping.NOT_YET: _("Hello, this week the robot has no word for you about {name}. By itself that says nothing, good or bad: there are many reasons. Your contact knows more: {contact}."),
    Ping.BACK: _("Hello, {name} has told us of the return from {city}. Your contact: {contact}."),
}  # fmt: skip
NO_MORE = _("Stop these messages")


def answered(tx: Tx, row: SessionRow) -> None:
    """The learner has answered something: what of it the family may know, it is told."""
    stay = tx.rows.get_one(StayRow, row.stay_id)
    journey, answers = tx.programme.journey(stay.kind), dict(row.answers)
    if row.touchpoint == "arrival" and _well(journey.arrival, answers):
        once(tx, stay, Ping.ARRIVED, row.occurrence)
    elif row.touchpoint == "safe_return" and _well(journey.safe_return, answers):
        once(tx, stay, Ping.BACK, row.occurrence)
    elif row.touchpoint == "check_in" and _had_no_word(tx, stay, row.occurrence):
        if grave(tx, stay):
            return
        mark(tx, stay.id, ("family.week", row.occurrence), tell(tx, stay, Ping.CHECKED_IN, row.occurrence))


def _had_no_word(tx: Tx, stay: StayRow, occurrence: str) -> bool:
    """Whether the family was told that there is no word yet: on the day after the question, never before."""
    if occurrence >= tx.now.astimezone(ZoneInfo(stay.home_zone)).date().isoformat():
        return False
    return marks_of(tx.rows, stay.id).get(("family.week", occurrence)) == "not yet"


def once(tx: Tx, stay: StayRow, what: Ping, occurrence: str) -> None:
    """The word about an arrival or a return: once for its date, a moment after it was said."""
    key = (f"family.{what}", occurrence)
    if listed(tx, what) and key not in marks_of(tx.rows, stay.id) and not grave(tx, stay):
        mark(tx, stay.id, key, tell(tx, stay, what, occurrence, tx.now + PAUSE))


def week(tx: Tx, stay: StayRow, occurrence: str) -> str:
    """The weekly word: has given news; or the one that says nothing. Answers what is noted of it."""
    ordinary = _came(tx, stay, occurrence) and not grave(tx, stay)
    told = tell(tx, stay, Ping.CHECKED_IN if ordinary else Ping.NOT_YET, occurrence)
    return "not yet" if told == "told" and not ordinary else told


def tell(
    tx: Tx, stay: StayRow, what: Ping, occurrence: str, at: datetime | None = None, reader: int | None = None
) -> str:
    """Write to each parent who may hear it, or to one of them. Answers what is noted of it: told, held for a human, or nobody."""
    if not listed(tx, what):
        return "nobody"
    if what is not Ping.NOT_YET and grave(tx, stay):
        return "held"
    values = {
        "name": stay.person.first_name,
        "city": stay.city,
        "contact": contact(tx, stay.school),
        "of": occurrence,
    }
    offers = (Offer(NO_MORE, {"do": "family", "say": "stop", "learner": stay.person_id}),)
    readers = [parent.id for parent in parents_of(tx.rows, stay.person_id) if may_hear(tx, stay, parent.id)]
    readers = [each for each in readers if reader in {None, each}]
    for parent in readers:
        post(tx, parent, Letter(WORDS[what], values, offers), Lane.BROADCAST, About(stay=stay.id, step=STEP + what), at)
    return "told" if readers else "nobody"


def still_true(tx: Tx, row: OutboxRow, stay: StayRow) -> bool:
    """Asked when a word to a family is about to leave: consent, the programme, an open case, and whether it still holds."""
    what = Ping((row.step or "").removeprefix(STEP))
    if stay.cancelled or not listed(tx, what) or not may_hear(tx, stay, row.person_id):
        return False
    of, busy = row.message["values"]["of"], grave(tx, stay)
    if what is Ping.NOT_YET:
        return busy or not _came(tx, stay, of)
    if busy and what is Ping.CHECKED_IN:  # the other word instead: a silence would say too much
        mark(tx, stay.id, ("family.week", of), "not yet")
        tell(tx, stay, Ping.NOT_YET, of, reader=row.person_id)
    return not busy


def family_opens(tx: Tx, stay: StayRow) -> datetime:
    """When the family may be written to: in the hours of a learner, but on the clocks of home."""
    return open_instant(tx.programme.hours.learner, ZoneInfo(stay.home_zone), tx.now)


def grave(tx: Tx, stay: StayRow) -> bool:
    """Whether an adult is busy with how the learner is, which the family hears from a human, if at all."""
    case = open_case(tx.rows, stay.id)
    if case is None or case.level.rank < Level.TODAY.rank or case.topic in UNREAD:
        return False
    matters = (event.detail for event in matters_of(tx, case))
    return any(each["topic"] not in PAPERS and Level(each["level"]).rank >= Level.TODAY.rank for each in matters)


def listed(tx: Tx, what: Ping) -> bool:
    """Whether the programme has this word said; "not yet" is the other half of the weekly one."""
    name = Ping.CHECKED_IN if what is Ping.NOT_YET else what
    return name.value in set[str](tx.programme.family.pings)


def contact(tx: Tx, school: School) -> str:
    """Whom a family can ask, and how: the coordinator, by the school's phone, else by e-mail."""
    adult: Person | None = adult_of(tx, school.id, Role.COORDINATOR)
    how = shown_phone(school.phone) if school.phone else adult and adult.email
    return ", ".join(each for each in (adult.full_name if adult else school.name, how) if each)


def _well(landmark: Landmark | None, answers: dict[str, Any]) -> bool:
    """Whether somebody said that they are there, and nothing in the same answer called for an adult."""
    if landmark is None:
        return False
    first = landmark.questions[0]
    said = next((each for each in first.choices if each.id == answers.get(first.id)), None)
    if said is not None:
        return said.level is Level.NONE
    return any(step.startswith("nudge_") and answer == "yes" for step, answer in answers.items())


def _came(tx: Tx, stay: StayRow, occurrence: str) -> bool:
    return marks_of(tx.rows, stay.id).get(("check_in", occurrence)) == "answered"
