"""A cry for help ends with a reason in words, by somebody who was told of it, and never by one adult's word alone."""

from __future__ import annotations

from bot.domain.ladder import Closed
from bot.domain.messages import Letter, Offer
from bot.domain.need_to_know import GRAVE
from bot.handlers.case.case import move_case
from bot.handlers.case.crew import crew_of, may_end
from bot.handlers.say.post import About, post
from bot.i18n import Text, _
from bot.store.cases import CaseEvent, CaseRow, log_of
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person

AWAITED = "closing"
"""The step of the message that asks how a grave case ends."""
WANTED = "wants to close"
REPLIED = frozenset({"answered", "learner wrote"})
HOW: Text = _("How does the case of {learner} end? Write it in your words: they stay in the log.")
NOT_YOURS: Text = _("Only somebody who was told of this case can close it.")
ASKED: Text = _(
    "{adult} wants to close the case of {learner}: « {reason} » As far as I know nobody has spoken with {learner}. Do you agree?"
)
WAITS: Text = _(
    "As far as I know nobody has spoken with {learner} yet: a second adult has to agree. I have asked {others}."
)
ALONE: Text = _(
    "As far as I know nobody has spoken with {learner} yet, and nobody else can agree: reach them first, press « Reached », then close."
)
DISAGREED: Text = _("{adult} does not agree: the case of {learner} stays open.")
CLOSED: Text = _("The case of {learner} is closed. Thank you.")
TOLD: Text = _("{adult} has closed your call for help. Do you still need somebody?")
STILL: Text = _("I still need help")


def ask(tx: Tx, person: Person, row: CaseRow) -> bool:
    """Ask how a grave case ends: what they write next is the reason. Nothing is settled by asking."""
    allowed = may_end(tx, person, row)
    _say(tx, person, row, HOW if allowed else NOT_YOURS, step=AWAITED if allowed else None)
    return False


def take_words(tx: Tx, person: Person, asked: OutboxRow, words: str) -> None:
    """The reason in words."""
    close(tx, person, tx.rows.get_one(CaseRow, asked.case_id), words)


def close(tx: Tx, person: Person, row: CaseRow, reason: str) -> bool:
    """Close a grave case, or ask a second adult where nobody has spoken with the learner. Whether it is closed."""
    if row.closed_at is not None or not reason.strip() or not may_end(tx, person, row):
        _say(tx, person, row, NOT_YOURS)
        return False
    if _spoken_with(tx, row):
        return _end(tx, person, row, reason.strip(), agreed=None)
    detail = {"reason": reason.strip()}
    event = CaseEvent(case_id=row.id, at=tx.now, kind=WANTED, person_id=person.id, detail=detail)
    tx.rows.add(event)
    tx.rows.flush()
    crew = crew_of(tx, row)
    others = [each for each in row.alerted if each != person.id and crew.on_duty(each)]
    action = {"do": "case", "case": row.id, "act": "agree", "event": event.id}
    offers = (Offer(_("I agree"), action | {"yes": True}), Offer(_("No, it stays open"), action | {"yes": False}))
    for other in others:
        values = _values(row) | {"adult": person.full_name, "reason": reason.strip()}
        post(tx, other, Letter(ASKED, values, offers), Lane.ANSWER, About(stay=row.stay_id, case=row.id))
    names = {"list": [tx.rows.get_one(Person, each).full_name for each in others]}
    _say(tx, person, row, WAITS if others else ALONE, others=names)
    return False


def agree(tx: Tx, person: Person, row: CaseRow, number: int, yes: bool) -> bool:
    """A second adult agrees, or not. Whether there was something to decide."""
    event = tx.rows.get(CaseEvent, number)
    if event is None or event.person_id in {None, person.id} or row.closed_at is not None:
        return False
    first = tx.rows.get_one(Person, event.person_id)
    if yes:
        return _end(tx, first, row, event.detail["reason"], agreed=person)
    tx.rows.add(CaseEvent(case_id=row.id, at=tx.now, kind="does not agree", person_id=person.id, detail={}))
    _say(tx, first, row, DISAGREED, adult=person.full_name)
    return True


def _end(tx: Tx, person: Person, row: CaseRow, reason: str, agreed: Person | None) -> bool:
    if agreed is not None:
        tx.rows.add(CaseEvent(case_id=row.id, at=tx.now, kind="agrees", person_id=agreed.id, detail={}))
    if move_case(tx, row, Closed(person.id, reason)).refused:
        return False
    for each in (person, *((agreed,) if agreed else ())):
        _say(tx, each, row, CLOSED)
    still = Offer(STILL, {"do": "sos", "stay": row.stay_id, "say": "again"})
    letter = Letter(TOLD, {"adult": person.full_name}, (still,))
    post(tx, row.stay.person_id, letter, Lane.ANSWER, About(stay=row.stay_id))
    return True


def _spoken_with(tx: Tx, row: CaseRow) -> bool:
    """Whether an adult has reached the learner, or the learner has written back to one, since the case was opened for
    the last time and since they cried last. Buttons they pressed, and words that were meant for nobody, are no talk.
    """
    spoken = False
    for event in log_of(tx.rows, row.id):
        talked = "inbox" not in event.detail or "to" in event.detail
        replied = event.kind in REPLIED and event.person_id == row.stay.person_id and talked
        anew = event.kind in {"opened", "reopened"} or event.detail.get("topic") in GRAVE
        spoken = not anew and (spoken or event.kind == "reached" or replied)
    return spoken


def _say(tx: Tx, person: Person, row: CaseRow, text: Text, step: str | None = None, **values: object) -> None:
    about = About(stay=row.stay_id, case=row.id, step=step)
    post(tx, person.id, Letter(text, _values(row) | values), Lane.ANSWER, about)


def _values(row: CaseRow) -> dict[str, object]:
    return {"learner": row.stay.person.short_name}
