"""A stay's moment has come: what is due becomes conversations, cases and marks, in one commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.level import Level
from bot.domain.occasion import Kind, Occasion
from bot.domain.plan import Done, due
from bot.domain.progress import SETTLED
from bot.domain.watched import Known
from bot.engine.advance import Again
from bot.handlers.case.case import Matter, open_matter
from bot.handlers.case.possible_cry import look_for_answers
from bot.handlers.case.relay import look_for_a_sign
from bot.handlers.conversation.asked_together import (
    ask_first_thing,
    ask_together,
    papers_coming,
    papers_of,
    queue_contact,
)
from bot.handlers.conversation.green_light import green_light, has_green_light
from bot.handlers.conversation.sessions import happen, open_next
from bot.handlers.conversation.stay_dates import name_dates
from bot.handlers.conversation.stay_ends import unlisted_still
from bot.handlers.conversation.watching import watch
from bot.handlers.family.outreach import reach_out
from bot.handlers.say.marks import mark, mark_all
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.sessions import SessionRow, standing_sessions
from bot.store.stays import StayRow, items_of, marks_of, stays_of_person


def wake_stay(tx: Tx, row: StayRow) -> None:
    """Do what is due for a stay and note when to look again."""
    wake_stays(tx, [row], {})


def wake_stays(tx: Tx, rows: Sequence[StayRow], known: Mapping[int, Known]) -> None:
    """The same for stays of several people, of whom what is `known` need not be read: what they are to be asked is written
    down for all of them before the first of them is spoken to.
    """
    for row in rows:
        _plan(tx, row, known.get(row.id))
    for row in rows:
        open_next(tx, row.person_id)


def _plan(tx: Tx, row: StayRow, known: Known | None) -> None:
    done = done_of(tx, row, name_dates(tx, row))
    now_due = due(tx.programme, row.facts(), done, tx.now)
    waited_for = look_for_a_sign(tx, row, done.marks), look_for_answers(tx, row, done.marks)
    looks = now_due.wake_at, watch(tx, row, done.marks, known), *waited_for
    row.wake_at = min((each for each in looks if each is not None), default=None)
    mark_all(tx, row.id, [each.key for each in now_due.closed], "expired")
    mark_all(tx, row.id, [each.key for each in now_due.paused], "paused")
    for occasion in now_due.overdue:
        _overdue(tx, row, occasion)
    standing = {each.touchpoint: each for each in standing_sessions(tx.rows, row.id)}
    papers = papers_of(tx, row, now_due.contacts, standing)
    coming = papers_coming(tx, row, done, (*now_due.digest, *papers)) if papers else ()
    papers = papers if now_due.digest or len(papers) + len(coming) > 1 else ()
    if now_due.digest or papers:
        ask_together(tx, row, (*now_due.digest, *papers), standing, "digest" if now_due.digest else "asked", coming)
    elif not now_due.contacts:
        ask_first_thing(tx, row, done, standing)
    for occasion in now_due.contacts:
        if occasion not in papers:
            _contact(tx, row, occasion, standing.get(occasion.touchpoint))


def done_of(tx: Tx, row: StayRow, marks: Mapping[tuple[str, str], str] | None = None) -> Done:
    """What the plan of a stay needs to know of the past; its marks are read, unless they are known."""
    states = {name: item.state for name, item in items_of(tx.rows, row.id).items()}
    open_still = _not_received(tx, row, states)
    settled = frozenset(name for name, state in states.items() if state in SETTLED and name != open_still)
    marks = marks_of(tx.rows, row.id) if marks is None else marks
    return Done(marks, settled, has_green_light(tx, row, states))


def _not_received(tx: Tx, row: StayRow, states: Mapping[str, str]) -> str | None:
    """A report whose mail has not come is an adult's task, and asked after again: nobody has answered it yet."""
    report = tx.programme.journey(row.kind).report
    return report.id if report and states.get(report.id) == "handed" else None


def _contact(tx: Tx, row: StayRow, occasion: Occasion, standing: SessionRow | None) -> None:
    """A question to ask: anew, or once more where it still stands unanswered; or a word to those around the learner."""
    if occasion.kind in {Kind.OUTREACH, Kind.EXTERNAL}:
        return reach_out(tx, row, occasion)
    if occasion.kind is Kind.GREEN_LIGHT:
        return green_light(tx, row, occasion)
    if occasion.kind is Kind.SAFE_RETURN and _goes_on(tx, row):
        return mark(tx, row.id, occasion.key, "expired")
    mark(tx, row.id, occasion.key, "asked")
    if occasion.kind is Kind.UNLISTED:
        return unlisted_still(tx, row)
    if standing is None or standing.state not in {"open", "queued"}:
        queue_contact(tx, row, occasion)
    elif standing.state == "open":
        happen(tx, standing, Again(), Lane.PROMPT)
    return None


def _goes_on(tx: Tx, row: StayRow) -> bool:
    """Whether they travel from here to a further stay and not home: there they are asked whether they have arrived."""
    for other in stays_of_person(tx.rows, row.person_id):
        next_one, home = other.facts(), row.facts().home_on
        follows = row.departure < next_one.departure <= home and row.back <= next_one.departure
        asked = other.enrolled_at and not other.doubtful and tx.programme.journey(other.kind).arrival
        if follows and asked and not other.cancelled:
            return True
    return False


def _overdue(tx: Tx, row: StayRow, occasion: Occasion) -> None:
    """An item past its date is a task of the adult who ticks it (`/tasks`, the board, the digest); a matter of a case
    only where the programme says that it cannot wait.
    """
    mark(tx, row.id, occasion.key, "told")
    item = tx.programme.journey(row.kind).item(occasion.name)
    if item and item.overdue.rank > Level.FOLLOW_UP.rank:
        open_matter(tx, row, Matter(item.overdue, "overdue", item.id))
