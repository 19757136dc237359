"""Words between an adult and a learner, through the bot: neither sees the other's number.

An adult replies to any message about a case, or writes of their own accord; what the learner writes next goes back
to that adult.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.domain.ladder import Noted, Refusal
from bot.domain.messages import Letter, Offer
from bot.domain.person import Role
from bot.domain.rights import Act, may
from bot.handlers.case.buttons import REFUSED
from bot.handlers.case.case import move_case, sign_of_life
from bot.handlers.case.crew import crew_for, may_follow
from bot.handlers.say.facts import adult_of
from bot.handlers.say.post import About, post
from bot.i18n import _, to_json
from bot.store.cases import CaseEvent, CaseRow, kept_from, open_case
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person
from bot.store.records import audit
from bot.store.stays import StayRow

STEP = "relay"
"""The step of messages that carry an adult's words: what the learner writes after one goes to that adult."""
BACK = "relay back"
"""The step of messages to an adult that belong to no case: a reply to one goes to the learner."""
AWAITED = "relay awaited"
"""The step of the message that asks an adult for their words."""
WAITED_FOR = timedelta(days=1)
"""So long an adult's words wait for an answer while other things are said."""
LOOKED_AT = 100
"""So many of the latest messages to a learner are looked at."""
TO_LEARNER = _("{writer} writes to you:\n« {words} »\nWhat you write now goes to {writer}.")
TO_CLASS = _("{writer} writes to {class}:\n« {words} »\nWhat you write now goes to {writer}.")
TO_ADULT = _("{learner} answers you:\n« {words} »\nReply to this message to write back.")
CARRIED = _("Passed on to {learner}.")
CARRIED_UNTAKEN = _("Passed on to {learner}. Nobody has taken this case yet: please press « I take it » so that your colleagues know.")  # fmt: skip
THANKS = _("I have passed it on to {writer}.")
WRITE_NOW = _("Write it now: your next message goes to {learner}. To send nothing: /help.")
NOT_YOURS_TO_WRITE = _("This learner is not yours to write to.")


def may_write(tx: Tx, adult: Person, stay: StayRow) -> bool:
    """Whoever may write to the learners of a school; where a case is open, whoever may follow that as well."""
    case = open_case(tx.rows, stay.id)
    return may(adult.adult, Act.WRITE, stay.school_id) or (case is not None and may_follow(tx, adult, case))


def write(tx: Tx, adult: Person, stay: StayRow, words: str) -> None:
    """An adult writes to a learner of their own accord. Where a case is open it counts as following that up; whoever may
    not know of it is not told by this that there is one.
    """
    case = open_case(tx.rows, stay.id)
    if case is not None and may_follow(tx, adult, case):
        return to_learner(tx, adult, case.id, words)
    if not may_write(tx, adult, stay):
        post(tx, adult.id, Letter(NOT_YOURS_TO_WRITE), Lane.ANSWER)
        return None
    values = {"writer": adult.full_name, "words": words, "adult": adult.id}
    post(tx, stay.person_id, Letter(TO_LEARNER, values), Lane.ANSWER, About(stay=stay.id, step=STEP))
    _note(tx, adult, f"stay {stay.id}")
    about = About(stay=stay.id, step=BACK)
    post(tx, adult.id, Letter(CARRIED, {"learner": stay.person.short_name}), Lane.ANSWER, about)
    return None


def to_learner(tx: Tx, adult: Person, number: int, words: str) -> None:
    """An adult writes to the learner of a case. It counts as following the case up."""
    case = tx.rows.get_one(CaseRow, number)
    if not may_follow(tx, adult, case):
        post(tx, adult.id, Letter(REFUSED[Refusal.STRANGER]), Lane.ANSWER)
        return
    values = {"writer": adult.full_name, "words": words, "adult": adult.id, "case": case.id}
    about = About(stay=case.stay_id, step=STEP)
    post(tx, case.stay.person_id, Letter(TO_LEARNER, values), Lane.ANSWER, about)
    tx.rows.add(CaseEvent(case_id=case.id, at=tx.now, kind="wrote to learner", person_id=adult.id, detail={}))
    _note(tx, adult, f"case {case.id}")
    if case.closed_at is None:
        move_case(tx, case, Noted(adult.id))
    waits = case.closed_at is None and case.owner_id is None
    letter = Letter(CARRIED_UNTAKEN if waits else CARRIED, {"learner": case.stay.person.short_name})
    post(tx, adult.id, letter, Lane.ANSWER, About(stay=case.stay_id, case=case.id))


def to_adult(tx: Tx, learner: Person, asked: OutboxRow, words: str) -> None:
    """The learner answers what an adult wrote to them."""
    written = asked.message["values"]
    if "case" not in written:
        return _to_writer(tx, learner, asked, words)
    case = tx.rows.get_one(CaseRow, written["case"])
    if not may_follow(tx, tx.rows.get_one(Person, written["adult"]), case):
        return _to_writer(tx, learner, asked, words)
    about = About(stay=case.stay_id, case=case.id)
    values = {"learner": case.stay.person.short_name, "words": words}
    post(tx, written["adult"], Letter(TO_ADULT, values), Lane.ANSWER, about)
    # Who follows the case alone reads the words themselves: "has written" would say it twice.
    kind = "answered" if case.owner_id == written["adult"] else "learner wrote"
    tx.rows.add(CaseEvent(case_id=case.id, at=tx.now, kind=kind, person_id=learner.id, detail={}))
    tx.rows.flush()
    sign_of_life(tx, case.stay)
    post(tx, learner.id, Letter(THANKS, written), Lane.ANSWER, About(stay=case.stay_id, step=STEP))
    return None


def _to_writer(tx: Tx, learner: Person, asked: OutboxRow, words: str) -> None:
    """Without a case: back to who wrote. Where they may not read it any more, or are away, to the coordinator or whoever
    stands in for them: nobody on leave is the only reader.
    """
    stay = tx.rows.get_one(StayRow, asked.stay_id)
    written = dict(asked.message["values"])
    crew = crew_for(tx, stay)
    left_out = stay.person_id in kept_from(tx.rows, written["adult"])
    known = not left_out and may_write(tx, tx.rows.get_one(Person, written["adult"]), stay)
    if not known or (written["adult"] in crew.everyone and not crew.on_duty(written["adult"])):
        there = crew.standing((Role.COORDINATOR, Role.DEPUTY, Role.HEAD)) or crew.present
        instead = tx.rows.get_one(Person, there[0]) if there else adult_of(tx, stay.school_id, Role.COORDINATOR)
        written |= {"adult": instead.id, "writer": instead.full_name} if instead else {}
    offer = Offer(_("Write back"), {"do": "command", "word": "write", "rest": f"#{stay.id}", "keeps": True})
    letter = Letter(TO_ADULT, {"learner": stay.person.short_name, "words": words}, (offer,))
    post(tx, written["adult"], letter, Lane.ANSWER, About(stay=stay.id, step=BACK))
    sign_of_life(tx, stay)
    thanks = {"writer": written["writer"], "adult": written["adult"]}
    post(tx, learner.id, Letter(THANKS, thanks), Lane.ANSWER, About(stay=stay.id, step=STEP))


def invite_words(tx: Tx, adult: Person, stay: StayRow) -> None:
    """Ask an adult for their words: what they write next goes to the learner."""
    about = About(stay=stay.id, step=AWAITED)
    post(tx, adult.id, Letter(WRITE_NOW, {"learner": stay.person.short_name}), Lane.ANSWER, about)


def take_words(tx: Tx, adult: Person, asked: OutboxRow, words: str) -> None:
    """The words that an adult was asked for: they go to the learner they were asked for."""
    write(tx, adult, tx.rows.get_one(StayRow, asked.stay_id), words)


def awaiting(tx: Tx, person: int) -> list[OutboxRow]:
    """The words of each adult that a learner may be answering, the latest first: those not answered yet, and those
    they are talking about now. What the bot says in between changes nothing."""
    wanted = select(OutboxRow).where(OutboxRow.person_id == person, OutboxRow.state == "sent")
    wanted = wanted.where(OutboxRow.edit_of.is_(None)).order_by(OutboxRow.sent_at.desc(), OutboxRow.id.desc())
    sent = list(tx.rows.scalars(wanted.limit(LOOKED_AT)))
    latest: dict[int, OutboxRow] = {}
    for row in sent:
        if row.step == STEP:
            latest.setdefault(row.message["values"]["adult"], row)
    last = next((row for row in sent if row.step == STEP or row.message["offers"]), None)
    return [row for row in latest.values() if row is last or _unanswered(tx, row)]


def _unanswered(tx: Tx, row: OutboxRow) -> bool:
    """Whether an adult's words still wait for a word back, and are not of long ago."""
    return row.message["text"] != to_json(THANKS) and row.created_at > tx.now - WAITED_FOR


def _note(tx: Tx, adult: Person, target: str) -> None:
    audit(tx, f"person {adult.id}", "write", target)
