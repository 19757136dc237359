"""Words between an adult who follows a case and its learner, through the bot: neither sees the other's number.

An adult replies to any message about a case; what the learner writes next goes back to that adult.
"""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.ladder import Noted, Refusal
from bot.domain.messages import Letter
from bot.handlers.case import move_case, sign_of_life
from bot.handlers.case_press import REFUSED, may_follow
from bot.handlers.post import About, post
from bot.i18n import _
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person
from bot.store.records import AuditRow

STEP = "relay"
"""The step of messages that carry an adult's words: what the learner writes after one goes to that adult."""
TO_LEARNER = _("{writer} writes to you:\n« {words} »\nWhat you write now goes to {writer}.")
TO_ADULT = _("{learner} answers you:\n« {words} »\nReply to this message to write back.")
CARRIED = _("Passed on to {learner}.")
CARRIED_UNTAKEN = _("Passed on to {learner}. Nobody has taken this case yet: please press « I take it » so that your colleagues know.")  # fmt: skip
THANKS = _("I have passed it on to {writer}.")


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
    tx.rows.add(AuditRow(at=tx.now, actor=f"person {adult.id}", action="write", target=f"case {case.id}", detail={}))
    if case.closed_at is None:
        move_case(tx, case, Noted(adult.id))
    waits = case.closed_at is None and case.owner_id is None
    letter = Letter(CARRIED_UNTAKEN if waits else CARRIED, {"learner": case.stay.person.short_name})
    post(tx, adult.id, letter, Lane.ANSWER, About(stay=case.stay_id, case=case.id))


def to_adult(tx: Tx, learner: Person, asked: OutboxRow, words: str) -> None:
    """The learner answers what an adult wrote to them."""
    written = asked.message["values"]
    case = tx.rows.get_one(CaseRow, written["case"])
    about = About(stay=case.stay_id, case=case.id)
    values = {"learner": case.stay.person.short_name, "words": words}
    post(tx, written["adult"], Letter(TO_ADULT, values), Lane.ANSWER, about)
    # Who follows the case alone reads the words themselves: "has written" would say it twice.
    kind = "answered" if case.owner_id == written["adult"] else "learner wrote"
    tx.rows.add(CaseEvent(case_id=case.id, at=tx.now, kind=kind, person_id=learner.id, detail={}))
    tx.rows.flush()
    sign_of_life(tx, case.stay)
    post(tx, learner.id, Letter(THANKS, written), Lane.ANSWER, About(stay=case.stay_id, step=STEP))


def last_relay(tx: Tx, person: int) -> OutboxRow | None:
    """The adult's words, where they are the last thing the learner was sent: what they write now is the answer."""
    wanted = select(OutboxRow).where(OutboxRow.person_id == person, OutboxRow.state == "sent")
    last = tx.rows.scalars(wanted.order_by(OutboxRow.sent_at.desc(), OutboxRow.id.desc())).first()
    return last if last is not None and last.step == STEP else None
