"""One stay in order of time: what happened, what will if nothing changes, and how far its checklist is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from bot.domain.level import Level
from bot.domain.plan import preview
from bot.domain.programme import Item, Programme
from bot.domain.stay import Stay, conditions
from bot.handlers.case.crew import followed
from bot.handlers.case.possible_cry import DOUBTED
from bot.handlers.case.relay import UNSEEN
from bot.handlers.conversation.asked_together import NAMED
from bot.handlers.conversation.due import done_of
from bot.handlers.conversation.tasks import PRIVATE, title_for
from bot.handlers.conversation.watching import ENTERED
from bot.i18n import Text, _
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.sessions import SessionRow
from bot.store.stays import Mark, StayRow, items_of
from bot.web.desk.case_log import RAISED
from bot.web.desk.labels import title
from bot.web.desk.relative_time import When
from bot.web.desk.visitor import Visitor

PAST_SHOWN = 60
OURS = frozenset({ENTERED[0], UNSEEN, DOUBTED, NAMED})
"""Marks that are no contact."""
OUTCOMES: dict[str, Text] = {
    "asked": _("asked"),
    "told": _("told"),
    "digest": _("told together with others"),
    "answered": _("answered"),
    "missed": _("no answer"),
    "nobody": _("nobody to tell"),
    "held": _("held back: an adult is on it"),
    "not yet": _("told that there is no news yet"),
    "paused": _("paused"),
    "yes": _("answered"),  # by the host tutor: what they said of the learner is not for here
    "no": _("answered"),
}
"""What became of a contact, as a mark says it."""
PASSED = frozenset({"expired", "moved"})
"""Outcomes of contacts that were not made: their time had passed, as it was or once the dates had moved."""
NOT_SENT = PASSED | {"held back", "nothing open"}
"""Nobody heard of these: a tutor whom distress may be about is not written to, and nobody about nothing."""
TODO = _("to do")
ITEMS: dict[str, Text] = {
    "doing": _("on its way"),
    "handed": _("handed to an adult"),
    "declared": _("said to be done"),
    "done": _("done"),
    "waived": _("not needed"),
}
SIGNS = {
    "asked": "○",
    "told": "○",
    "digest": "○",
    "answered": "●",
    "missed": "✕",
    "paused": "‖",
    "case": "▲",
    "item": "✓",
}
ENROLLED = _("Said yes to Compagnon")
CASE = _("Case opened: {level}")
CASE_CLOSED = _("Case closed")
GRAVER = "raised to "
LOST = _("A message did not arrive")


def items(programme: Programme, stay: Stay) -> list[Item]:
    """The whole checklist of a stay."""
    held = conditions(programme, stay)
    return [item for item in programme.journey(stay.kind).items if item.applies(held)]


@dataclass(frozen=True)
class Line:
    """Something that happened, or will."""

    at: When
    sign: str
    title: str
    note: str = ""
    case: int | None = None


@dataclass(frozen=True)
class Timeline:
    """The future with the next thing first, the past with the last thing first."""

    coming: list[Line]
    past: list[Line]
    passed: int
    """Contacts that were not made: their time had passed."""


def read_timeline(tx: Tx, who: Visitor, row: StayRow) -> Timeline:
    """The timeline of a stay, for those who may see its cases."""
    found = [*_marks(tx, who, row), *_items(tx, who, row), *_lost(tx, who, row), *_cases(tx, who, row)]
    if row.enrolled_at:
        found.append((row.enrolled_at, Line(who.clock.of(row, row.enrolled_at), "●", who.says(ENROLLED))))
    past = [line for _at, line in sorted(found, key=lambda pair: pair[0], reverse=True)]
    passed = select(func.count()).select_from(Mark).where(Mark.stay_id == row.id, Mark.outcome.in_(PASSED))
    return Timeline(_coming(tx, who, row), past[:PAST_SHOWN], tx.rows.scalar(passed) or 0)


def _coming(tx: Tx, who: Visitor, row: StayRow) -> list[Line]:
    """The same pure function that will make these contacts."""
    planned = preview(tx.programme, row.facts(), done_of(tx, row), tx.now)
    return [
        Line(who.clock.of(row, each.at), "○", _named(tx, who, row, each.touchpoint))
        for each in planned
        if each.at > tx.now
    ]


def _named(tx: Tx, who: Visitor, row: StayRow, touchpoint: str) -> str:
    """What a contact is called for whoever looks."""
    item = tx.programme.journey(row.kind).item(touchpoint.partition(".")[2])
    hidden = item is not None and item.private and title_for(who.person, row, item) is not item.title
    return who.says(PRIVATE) if hidden else title(tx.programme, row, touchpoint, who.language)


def _marks(tx: Tx, who: Visitor, row: StayRow) -> Iterator[tuple[datetime, Line]]:
    wanted = select(Mark).where(Mark.stay_id == row.id, Mark.outcome.not_in(NOT_SENT))
    sessions = select(SessionRow).where(SessionRow.stay_id == row.id, SessionRow.answered_at.is_not(None))
    answered = {(each.touchpoint, each.occurrence): each.answered_at for each in tx.rows.scalars(sessions)}
    for mark in tx.rows.scalars(wanted.where(Mark.touchpoint.not_like("tutor.said.%"), Mark.touchpoint.not_in(OURS))):
        named = _named(tx, who, row, mark.touchpoint)
        at = answered.get((mark.touchpoint, mark.occurrence))
        if at is not None and at > mark.at and mark.outcome == "answered":
            yield at, Line(who.clock.of(row, at), SIGNS["answered"], named, who.says(OUTCOMES["answered"]))
            yield mark.at, Line(who.clock.of(row, mark.at), SIGNS["asked"], named, who.says(OUTCOMES["asked"]))
            continue
        note = who.says(OUTCOMES[mark.outcome]) if mark.outcome in OUTCOMES else ""
        yield mark.at, Line(who.clock.of(row, mark.at), SIGNS.get(mark.outcome, "○"), named, note)


def _items(tx: Tx, who: Visitor, row: StayRow) -> Iterator[tuple[datetime, Line]]:
    titles = {item.id: title_for(who.person, row, item) for item in items(tx.programme, row.facts())}
    for name, state in items_of(tx.rows, row.id).items():
        sign = SIGNS["item" if state.state in ITEMS else "asked"]  # what was taken back is to do
        words = who.says(titles.get(name, name)), who.says(ITEMS.get(state.state, TODO))
        yield state.at, Line(who.clock.of(row, state.at), sign, *words)


def _lost(tx: Tx, who: Visitor, row: StayRow) -> Iterator[tuple[datetime, Line]]:
    wanted = select(OutboxRow).where(OutboxRow.stay_id == row.id, OutboxRow.person_id == row.person_id)
    for message in tx.rows.scalars(wanted.where(OutboxRow.state == "failed").order_by(OutboxRow.id)):
        yield message.due_at, Line(who.clock.of(row, message.due_at), SIGNS["missed"], who.says(LOST))


def _cases(tx: Tx, who: Visitor, row: StayRow) -> Iterator[tuple[datetime, Line]]:
    """Each with the level it was opened with, and when it became graver."""
    cases = followed(tx, who.person, tx.rows.scalars(select(CaseRow).where(CaseRow.stay_id == row.id)), who.kept)
    moved = select(CaseEvent).where(CaseEvent.case_id.in_([case.id for case in cases])).order_by(CaseEvent.id)
    events = list(tx.rows.scalars(moved.where(or_(CaseEvent.kind.like("matter%"), CaseEvent.kind.like(f"{GRAVER}%")))))
    for case in cases:
        own = [event for event in events if event.case_id == case.id]
        first = next((event.detail["level"] for event in own if event.kind.startswith("matter")), case.level)
        yield case.opened_at, _line(tx, who, row, case, case.opened_at, CASE, first)
        for event in own:
            if event.kind.startswith(GRAVER):
                yield event.at, _line(tx, who, row, case, event.at, RAISED, event.kind.removeprefix(GRAVER))
        if case.closed_at:
            yield case.closed_at, Line(who.clock.of(row, case.closed_at), "✓", who.says(CASE_CLOSED), case=case.id)


def _line(tx: Tx, who: Visitor, row: StayRow, case: CaseRow, at: datetime, text: Text, level: str) -> Line:
    words = who.says(text, level=who.says(tx.programme.levels[Level(level)].name))
    return Line(who.clock.of(row, at), SIGNS["case"], words, case=case.id)
