"""An ordinary need has an ordinary door: `/question`, "I would like to speak to Nadia", and words that nobody understood.

The words wait for an adult, with a clock and a deputy; nothing is an alarm. What was not understood is offered on,
once: where the offer was taken, what follows goes the same way; where it was not, nobody asks again that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from bot.domain.cries.detector import kinds_in
from bot.domain.distress import SPEAK, SPEAK_TO_ADULT
from bot.domain.level import Level
from bot.domain.messages import Letter, Offer
from bot.domain.spelling import plain
from bot.handlers.case.case import Matter, note, open_matter
from bot.handlers.case.crew import crew_for
from bot.handlers.case.sent_files import drop_files, hand_files
from bot.handlers.say.facts import stay_facts
from bot.handlers.say.post import About, post
from bot.i18n import Text, _
from bot.store.cases import open_case
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, OutboxRow, Outcome
from bot.store.people import Person
from bot.store.stays import StayRow
from bot.store.team import team

STEP = "question awaited"
"""The step of the message that asks a learner for their question."""
OFFERED = "pass on"
"""The step of the message that offers to pass words on."""
UNKNOWN = Level.TODAY
"""Nobody knows what stands in words that were not understood: they do not wait for Monday."""
NOT_AGAIN = timedelta(days=1)
"""So long after an offer none is made again."""
ASK = _("Write it here in one message. {coordinator} reads it.")
NOTED = _("Thank you. {coordinator} will answer you.")
OFFER = _("I am a robot and did not understand this. Shall I pass it to {coordinator}? In danger: SOS.")
OFFER_UNSEEN = _(
    "I am a robot: I cannot listen, watch or look up a place. Do you need help? Shall I tell {coordinator} that you sent this?"
)
OFFER_FILE = _(
    "I am a robot: I cannot look at this or listen to it. Do you need help? Shall I pass it on to {coordinator}?"
)
GOES_ALONG = _("I keep this with the other: it goes along if you say yes.")
HELP_NOW: tuple[str, Text] = ("sos", _("SOS: I need help now"))
ANSWERS: tuple[tuple[str, Text], ...] = (("yes", _("Yes, pass it on")), ("no", _("No")))
ADDED = _("I have added this for {coordinator}.")
KEPT = _("All right, I pass nothing on. To reach somebody: /question and your words. In danger: SOS.")


def question(tx: Tx, person: Person, stay: StayRow, words: str, level: Level = Level.FOLLOW_UP) -> None:
    """Hand a learner's question to whoever follows them up; without words, ask for it."""
    if not words:
        post(tx, person.id, Letter(ASK, _facts(tx, stay)), Lane.ANSWER, About(stay=stay.id, step=STEP))
        return
    written = tx.rows.scalars(
        select(InboxRow).where(InboxRow.person_id == person.id).order_by(InboxRow.id.desc())
    ).first()
    if written is not None:
        written.shown = words
    _hand(tx, stay, [written] if written is not None else [], level)
    post(tx, person.id, Letter(NOTED, _facts(tx, stay)), Lane.ANSWER, About(stay=stay.id))


def take_words(tx: Tx, person: Person, message: OutboxRow, words: str) -> None:
    """The question that was asked for."""
    question(tx, person, tx.rows.get_one(StayRow, message.stay_id), words)


def wants_somebody(tx: Tx, stay: StayRow, text: str) -> bool:
    """Whether a learner says that they would like to speak to an adult of their school, by name or by what they are."""
    kinds = kinds_in(text)
    if SPEAK not in kinds or SPEAK_TO_ADULT in kinds:
        return SPEAK_TO_ADULT in kinds
    staff = {adult.person for adult in team(tx.rows) if adult.post(stay.school_id) or adult.post(None)}
    people = tx.rows.scalars(select(Person).where(Person.id.in_(staff)))
    words = set(plain(text).split())
    return any(words & set(plain(person.full_name).split()) for person in people)


def not_understood(tx: Tx, stay: StayRow, row: InboxRow, unseen: Text | None = None) -> bool:
    """Offer to pass words on, or add them to those that were. False where neither is wanted: they are not read. `unseen` is
    the offer for what nobody here can read.
    """
    row.outcome = Outcome.UNREAD
    asked, filed = _offered_lately(tx, stay), unseen == OFFER_FILE
    about = About(stay=stay.id, step=OFFERED)
    added = asked is not None and asked.chosen == 0 and open_case(tx.rows, stay.id) is not None
    if asked is None or (filed and asked.chosen is not None and not added):
        if _reader(tx, stay) is None:
            return False
        choices = (*ANSWERS, HELP_NOW) if unseen else ANSWERS
        offers = tuple(Offer(label, {"do": "pass_on", "inbox": row.id, "say": name}) for name, label in choices)
        post(tx, stay.person_id, Letter(unseen or OFFER, _facts(tx, stay), offers), Lane.ANSWER, about)
        return True
    if filed and not added:
        post(tx, stay.person_id, Letter(GOES_ALONG), Lane.ANSWER, About(stay=stay.id))
    if not added:
        return filed
    _hand(tx, stay, [row], UNKNOWN, quietly=True)
    post(tx, stay.person_id, Letter(ADDED, _facts(tx, stay)), Lane.ANSWER, About(stay=stay.id))
    return True


def is_offered(tx: Tx, stay: StayRow) -> bool:
    """Whether a learner has been asked, and has not said yet: what comes meanwhile goes with the yes."""
    asked = _offered_lately(tx, stay)
    return asked is not None and asked.chosen is None


def passed_on(tx: Tx, stay: StayRow, first: int, said: str) -> None:
    """The learner says whether their words are passed on: with the first go those that came since."""
    if said != "yes":
        drop_files(tx, stay.person_id)
        post(tx, stay.person_id, Letter(KEPT), Lane.ANSWER, About(stay=stay.id))
        return
    wanted = select(InboxRow).where(InboxRow.person_id == stay.person_id, InboxRow.id >= first)
    wanted = wanted.where(InboxRow.outcome == Outcome.UNREAD, InboxRow.shown.is_not(None))
    _hand(tx, stay, list(tx.rows.scalars(wanted.order_by(InboxRow.id))), UNKNOWN)
    post(tx, stay.person_id, Letter(NOTED, _facts(tx, stay)), Lane.ANSWER, About(stay=stay.id))


def _hand(tx: Tx, stay: StayRow, written: Sequence[InboxRow], level: Level, *, quietly: bool = False) -> None:
    """Words for an adult, in a case that climbs. `quietly`: they have just heard of it."""
    matters = [Matter(level, "question", inbox=row.id) for row in written] or [Matter(level, "question")]
    for row in written:
        row.outcome = Outcome.HANDED
    hand_files(tx, [row.id for row in written])
    case = open_case(tx.rows, stay.id)
    if case is None or not quietly:
        case = open_matter(tx, stay, matters.pop(0))
    for matter in matters:
        note(tx, case, matter)


def _reader(tx: Tx, stay: StayRow) -> str | None:
    """The adult who will read it: the first who is there of those whom the ladder names."""
    crew = crew_for(tx, stay)
    rungs = tx.programme.levels[Level.FOLLOW_UP].rungs
    there = next((people[0] for rung in rungs if (people := crew.standing(rung.roles))), None)
    return tx.rows.get_one(Person, there).full_name if there is not None else None


def _facts(tx: Tx, stay: StayRow) -> dict[str, object]:
    reader = _reader(tx, stay)
    return stay_facts(tx, stay) | ({"coordinator": reader} if reader else {})


def _offered_lately(tx: Tx, stay: StayRow) -> OutboxRow | None:
    wanted = select(OutboxRow).where(OutboxRow.person_id == stay.person_id, OutboxRow.step == OFFERED)
    wanted = wanted.where(OutboxRow.created_at > tx.now - NOT_AGAIN, OutboxRow.edit_of.is_(None))
    return tx.rows.scalars(wanted.order_by(OutboxRow.id.desc()).limit(1)).first()
