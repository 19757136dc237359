"""A parent writes, or presses a button. They are told whom to ask, and never anything about a learner."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.domain.command_words import word_of
from bot.domain.distress import in_danger
from bot.domain.emergency import in_a_sentence
from bot.domain.level import Level
from bot.domain.messages import Incoming, Letter, Offer, Sort
from bot.domain.person import Role
from bot.domain.programme.help import HOME
from bot.domain.rights import Act, may
from bot.domain.roster.phones import shown_phone
from bot.handlers.family.status_words import contact
from bot.handlers.family.welcome import REFUSED, agree, welcome
from bot.handlers.inbox.commands import language
from bot.handlers.privacy import erasure_requests
from bot.handlers.privacy.data_held import my_data
from bot.handlers.say import consents
from bot.handlers.say.facts import in_charge, on_call_of
from bot.handlers.say.post import About, post, settle_asked, tell
from bot.i18n import _
from bot.store.consents import learners_of
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, OutboxRow, Outcome
from bot.store.people import Person
from bot.store.records import AuditRow
from bot.store.stays import last_stay

NOTHING_MORE = _("I am a robot and can say nothing more. Your contact: {contact}. In danger, call {emergency}.")
STOPPED = _("Very well, I write to you no more. If you change your mind, write /start.")
URGENT = _(
    "I am a robot. In danger, call {emergency}. The on-call adult of {school}: {on_call}. I have just asked {adults} to "
    "call you back."
)
URGENT_NOBODY = _("I am a robot. In danger, call {emergency}. The on-call adult of {school}: {on_call}. Please call: I cannot pass it on.")  # fmt: skip
CALL_BACK = _("{parent}, of the family of {learner}, asks to be called back: {phone}.")
CALLED = _("I have called")
NO_PHONE = _("no phone number known")
ASKED_LATELY = timedelta(minutes=30)
"""A parent who writes SOS again so soon is not a second task."""


def hear_parent(tx: Tx, person: Person, incoming: Incoming, row: InboxRow) -> None:
    """Words from a parent, or anything else that they sent; buttons go another way."""
    word, rest = word_of(incoming.text)
    if incoming.sort is Sort.BACK:
        return None
    if incoming.sort is not Sort.FORWARD and in_danger(incoming.text, tx.programme, Level.TODAY):
        return _urgent(tx, person)
    if word == "language":
        return language(tx, person, rest)
    if word in {"mydata", "export"}:
        return my_data(tx, person)
    if word == "erase":
        return erasure_requests.begin(tx, person)
    if word == "stop":
        return press_family(tx, person, {"say": "stop"})
    if word == "start":
        return welcome(tx, person)
    row.outcome = Outcome.UNREAD
    return tell(tx, person, NOTHING_MORE, _values(tx, person))


def press_family(tx: Tx, person: Person, action: dict[str, Any]) -> None:
    """A button under the question, under one of our words, or under the coordinator's task."""
    if action["say"] == "called":
        return _called(tx, person, action["parent"])
    if not person.holds(Role.PARENT):
        return None
    learner = _meant(tx, person, action)
    about = {"name": learner.first_name if learner else ""}
    if action["say"] == "yes":
        return tell(tx, person, agree(tx, person, learner), about)
    stopped = consents.stop(tx, person, learner=action.get("learner")) or action["say"] == "stop"
    return tell(tx, person, STOPPED if stopped else REFUSED)


def _meant(tx: Tx, parent: Person, action: dict[str, Any]) -> Person | None:
    """The learner whom a button is about; an older one names none, and its reader had one."""
    learners = learners_of(tx.rows, parent.id)
    return next((each for each in learners if action.get("learner") in {None, each.id}), None)


def _urgent(tx: Tx, parent: Person) -> None:
    """The numbers at once; and an adult of the school is asked to call, openly: the parent is told who."""
    asked = _ask_to_call(tx, parent)
    values = _values(tx, parent) | {"adults": {"list": [adult.full_name for adult in asked]}}
    post(tx, parent.id, Letter(URGENT if asked else URGENT_NOBODY, values), Lane.ALERT)


def _ask_to_call(tx: Tx, parent: Person) -> list[Person]:
    """Those who were asked: the coordinator and the deputy."""
    learners = learners_of(tx.rows, parent.id)
    if not learners:
        return []
    adults = in_charge(tx, parent.school_id)
    values = {
        "parent": parent.full_name,
        "learner": {"list": [each.full_name for each in learners]},
        "phone": shown_phone(parent.phone) if parent.phone else {"text": NO_PHONE},
    }
    letter = Letter(CALL_BACK, values, (Offer(CALLED, {"do": "family", "say": "called", "parent": parent.id}),))
    for adult in adults if not _asked_lately(tx, parent) else ():
        post(tx, adult.id, letter, Lane.ALERT, About(step=_asking(parent.id)))
    return adults


def _asking(parent: int) -> str:
    return f"call back {parent}"


def _asked_lately(tx: Tx, parent: Person) -> bool:
    wanted = select(OutboxRow.id).where(OutboxRow.step == _asking(parent.id), OutboxRow.created_at > tx.now - ASKED_LATELY)  # fmt: skip
    return tx.rows.scalars(wanted.limit(1)).first() is not None


def _called(tx: Tx, adult: Person, number: int) -> None:
    """An adult of the school has called: nobody else needs to."""
    parent = tx.rows.get_one(Person, number)
    if not may(adult.adult, Act.WRITE, parent.school_id):
        return
    settle_asked(tx, _asking(number))
    target = f"person {number}"
    tx.rows.add(AuditRow(at=tx.now, actor=f"person {adult.id}", action="called back", target=target, detail={}))
    tell(tx, adult, _("Thank you. I have noted that {parent} was called back."), {"parent": parent.full_name})


def _values(tx: Tx, parent: Person) -> dict[str, Any]:
    school = parent.school
    on_call = on_call_of(tx, school) if school else None
    return {
        "contact": contact(tx, school) if school else "",
        "emergency": in_a_sentence(tx.programme, *_homes(tx, parent)),
        "school": school.name if school else "",
        "on_call": on_call or "–",
    }


def _homes(tx: Tx, parent: Person) -> list[str]:
    """The countries a parent may be in: where their children live before and after."""
    stays = [last_stay(tx.rows, learner.id) for learner in learners_of(tx.rows, parent.id)]
    return sorted({stay.facts().home for stay in stays if stay}) or [HOME]
