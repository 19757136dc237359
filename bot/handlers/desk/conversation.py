"""What a learner and Compagnon said to each other, as far as one adult may read it.

Shown is what the learner knows that adults read: what was asked, what was pressed, and, for a reason, what they wrote as an
answer or had passed on. Theirs stay: words of which they were told that nobody reads them, commands, whom they keep out of
something, links, and whatever belongs to a case of which this adult may know nothing. What goes to and fro between
them and one adult is for that adult.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from bot.domain.rights import Act
from bot.domain.sos import is_sos
from bot.handlers.case import distress, help_lines, relay
from bot.handlers.case.crew import allowed, followed
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.messages import VISIBLE, InboxRow, Lane, OutboxRow, Outcome
from bot.store.people import Person
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow

PAGE = 30
"""Messages of ours on one page, with what was said to them."""
CRIED = frozenset({None, distress.STEP, help_lines.NUMBERS})
"""Steps of what was said to a learner without a question of the programme."""
Span = tuple[datetime, datetime | None]


@dataclass
class Walls:
    """What of a stay one adult may read: when a case was open of which they know, and of which they may know nothing; whose
    words stand in a case for them, and whose do not."""

    open: list[Span] = field(default_factory=list)
    shut: list[Span] = field(default_factory=list)
    handed: set[int] = field(default_factory=set)
    kept: set[int] = field(default_factory=set)

    def hides(self, at: datetime) -> bool:
        return _within(self.shut, at)


@dataclass(frozen=True)
class Said:
    """One page of it, in no order: what we said, what was pressed or written; and from where the page before goes on."""

    ours: list[OutboxRow]
    theirs: list[tuple[InboxRow, bool]]
    """Each with whether these are words of their own, for which a reason is asked."""
    earlier: int


def walls_of(tx: Tx, adult: Person, stay: StayRow) -> Walls:
    """What one adult may read of a stay, by the cases there were."""
    cases = list(tx.rows.scalars(select(CaseRow).where(CaseRow.stay_id == stay.id).order_by(CaseRow.id)))
    known = {row.id for row in followed(tx, adult, cases)}
    walls = Walls()
    for row in cases:
        (walls.open if row.id in known else walls.shut).append((row.opened_at, row.closed_at))
    mine = _written_to(tx, adult, stay)
    events = select(CaseEvent).where(CaseEvent.case_id.in_([row.id for row in cases])).order_by(CaseEvent.id)
    for event in tx.rows.scalars(events) if cases else ():
        number = int(event.detail.get("inbox", 0))
        confided = "to" in event.detail or event.detail.get("topic") == relay.WORDS
        theirs = number in mine or event.detail.get("to") == str(adult.id)
        if number:
            (walls.handed if event.case_id in known and (theirs or not confided) else walls.kept).add(number)
    return walls


def _written_to(tx: Tx, adult: Person, stay: StayRow) -> set[int]:
    """What the learner wrote to this very adult."""
    wanted = select(OutboxRow).where(OutboxRow.person_id == adult.id, OutboxRow.stay_id == stay.id)
    rows = tx.rows.scalars(wanted.where(OutboxRow.step == relay.BACK))
    return {int(row.message["values"]["inbox"]) for row in rows if "inbox" in row.message["values"]}


def keeps_words(tx: Tx, adult: Person, session: SessionRow, step: str) -> bool:
    """Whether an answer in words is kept from an adult: it is what a case is about of which they may know nothing."""
    walls = walls_of(tx, adult, tx.rows.get_one(StayRow, session.stay_id))
    said = select(InboxRow.id).where(InboxRow.session_id == session.id, InboxRow.step == step)
    return bool(walls.kept & set(tx.rows.scalars(said)))


def read_conversation(tx: Tx, adult: Person, stay: StayRow, before: int = 0) -> Said:
    """The latest page, or that `before` a number, as far as they may read it. Nothing for whoever may not read answers."""
    if not allowed(tx, adult, Act.READ_ANSWERS, stay):
        return Said([], [], 0)
    ours = select(OutboxRow).where(OutboxRow.person_id == stay.person_id, OutboxRow.stay_id == stay.id)
    ours = ours.where(OutboxRow.state.in_(VISIBLE), OutboxRow.edit_of.is_(None), OutboxRow.said.is_not(None))
    theirs = select(InboxRow).where(InboxRow.person_id == stay.person_id, InboxRow.shown.is_not(None))
    if before:
        ours, theirs = ours.where(OutboxRow.said < before), theirs.where(InboxRow.said < before)
    found = list(tx.rows.scalars(ours.order_by(OutboxRow.said.desc()).limit(PAGE + 1)))
    first = (found[PAGE - 1].said or 0) if len(found) > PAGE else 0
    written = list(tx.rows.scalars(theirs.where(InboxRow.said >= first).order_by(InboxRow.id)))
    walls, labels = walls_of(tx, adult, stay), _labels(tx, stay, written)
    return Said(
        [row for row in found[:PAGE] if row.rendered and _reads_ours(row, adult, walls)],
        [(row, own) for row, own in _readable(tx, written, labels, walls) if own is not None],
        first,
    )


def _reads_ours(row: OutboxRow, adult: Person, walls: Walls) -> bool:
    if walls.hides(row.created_at):
        return False
    if row.step == relay.STEP:
        return row.message["values"].get("adult") == adult.id or row.lane == Lane.BROADCAST
    if row.session_id is not None:
        return True
    return row.step in CRIED and (row.lane != Lane.ALERT or _within(walls.open, row.created_at))


def _labels(tx: Tx, stay: StayRow, written: Iterable[InboxRow]) -> Mapping[int, frozenset[str]]:
    """The labels that each conversation of a stay has offered, of those in which something was said."""
    sessions = {row.session_id for row in written if row.session_id}
    wanted = select(OutboxRow).where(OutboxRow.session_id.in_(sessions), OutboxRow.stay_id == stay.id)
    found: dict[int, frozenset[str]] = {}
    for row in tx.rows.scalars(wanted) if sessions else ():
        labels = frozenset((row.rendered or {}).get("buttons", ()))
        found[row.session_id or 0] = found.get(row.session_id or 0, frozenset()) | labels
    return found


def _readable(
    tx: Tx, written: Iterable[InboxRow], labels: Mapping[int, frozenset[str]], walls: Walls
) -> Iterable[tuple[InboxRow, bool | None]]:
    """Each line of theirs with whether it is words of their own; None for what is theirs alone."""
    for row in written:
        shown = row.shown or ""
        if not shown or row.id in walls.kept or walls.hides(row.received_at):
            yield row, None
        elif row.session_id in labels:
            pressed = shown in labels[row.session_id or 0]
            yield row, None if not pressed and row.outcome == Outcome.UNREAD else not pressed
        elif row.id in walls.handed:
            yield row, True
        else:
            cried = is_sos(shown, tx.programme.sos.words) and bool(walls.open) and not walls.shut
            yield row, False if cried else None


def _within(spans: Iterable[Span], at: datetime) -> bool:
    return any(since <= at and (until is None or at <= until) for since, until in spans)
