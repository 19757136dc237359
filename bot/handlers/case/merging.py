"""Two open cases of one learner, each of another stay, become one to follow: the graver goes on by its own clocks, the other
ends in it.

Nobody comes to know anything by it: each keeps its own circle, and what is known of the one that ended is shown within the
other to those only who may know of both.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select

from bot.domain.ladder import Closed
from bot.domain.messages import Letter, Offer
from bot.handlers.case.case import move_case
from bot.handlers.case.crew import followed, may_end
from bot.handlers.case.matters import what
from bot.handlers.say.post import About, post
from bot.i18n import Text, _
from bot.store.cases import CaseEvent, CaseRow, log_of
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person
from bot.store.stays import StayRow

MERGED = "merged"
"""What the log of the case that goes on says of the one that ended in it."""
ENDS = "followed_elsewhere"
"""How it ended, for those who may know of nothing else."""
OFFER: Text = _(
    "{learner} has another open case:\n{what}\nIf both are one matter, the graver goes on and the other ends in it."
)
YES: Text = _("Make one case of both")
DONE: Text = _("Both are one case now. Its log on the desk has both.")
APART: Text = _("These cases stay apart: one of them has ended, or a colleague follows it.")
_OTHERS_OPEN = (
    select(CaseRow)
    .join(StayRow, StayRow.id == CaseRow.stay_id)
    .where(StayRow.person_id == bindparam("learner"), CaseRow.id != bindparam("case"), CaseRow.closed_at.is_(None))
    .order_by(CaseRow.id)
)


def other_of(tx: Tx, person: Person, row: CaseRow) -> CaseRow | None:
    """The other open case of the same learner that somebody may make one with this."""
    if row.closed_at is not None:
        return None
    others = tx.rows.scalars(_OTHERS_OPEN, {"learner": row.stay.person_id, "case": row.id}).all()
    return next((other for other in followed(tx, person, others) if _fits(tx, person, *_graver(row, other))), None)


def merged_into(tx: Tx, person: Person, row: CaseRow) -> list[CaseRow]:
    """The cases that ended in this one, of which somebody may know."""
    numbers = [int(event.detail["case"]) for event in log_of(tx.rows, row.id, MERGED)]
    return followed(tx, person, tx.rows.scalars(select(CaseRow).where(CaseRow.id.in_(numbers)))) if numbers else []


def offer(tx: Tx, person: Person, row: CaseRow) -> None:
    """Whoever has taken one case of a learner is asked whether it is one matter with another."""
    other = other_of(tx, person, row)
    if other is not None:
        yes = Offer(YES, {"do": "case", "case": row.id, "act": "merge", "with": other.id})
        values = {"learner": row.stay.person.short_name, "what": {"list_lines": what(tx, other)}}
        post(tx, person.id, Letter(OFFER, values, (yes,)), Lane.ANSWER, About(stay=row.stay_id, case=row.id))


def merge(tx: Tx, person: Person, row: CaseRow, number: int) -> bool:
    """Make one of two; which goes on is not a choice. Whether it was done."""
    other = other_of(tx, person, row)
    about = About(stay=row.stay_id, case=row.id)
    if other is None or other.id != number:
        post(tx, person.id, Letter(APART), Lane.ANSWER, about)
        return False
    keep, gone = _graver(row, other)
    tx.rows.add(CaseEvent(case_id=keep.id, at=tx.now, kind=MERGED, person_id=person.id, detail={"case": str(gone.id)}))
    move_case(tx, gone, Closed(person.id, ENDS))
    post(tx, person.id, Letter(DONE), Lane.ANSWER, About(stay=keep.stay_id, case=keep.id))
    return True


def _graver(one: CaseRow, other: CaseRow) -> tuple[CaseRow, CaseRow]:
    """The graver first: a cry before everything else, then the level, then the one that has waited longer."""
    first, second = sorted((one, other), key=lambda row: (not row.grave, -row.level.rank, row.opened_at, row.id))
    return first, second


def _fits(tx: Tx, person: Person, keep: CaseRow, gone: CaseRow) -> bool:
    """Nothing graver ends in what is less so; nor what a colleague follows; a cry only by whom may end it."""
    return (
        keep.level.rank >= gone.level.rank
        and gone.owner_id in {None, person.id, keep.owner_id}
        and (not gone.grave or may_end(tx, person, gone))
    )
