"""A stay's moment has come: what is due becomes conversations, cases and marks, in one commit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.level import Level
from bot.domain.occasion import URGENCY, Kind, Occasion
from bot.domain.plan import Done, due
from bot.domain.programme import Item
from bot.domain.progress import SETTLED
from bot.engine.advance import Again
from bot.handlers.case.case import Matter, open_matter
from bot.handlers.case.relay import look_for_a_sign
from bot.handlers.conversation.green_light import green_light, has_green_light
from bot.handlers.conversation.sessions import happen, open_next, queue
from bot.handlers.conversation.stay_dates import name_dates
from bot.handlers.conversation.stay_ends import unlisted_still
from bot.handlers.conversation.watching import watch
from bot.handlers.family.outreach import reach_out
from bot.handlers.say.facts import occasion_facts, stay_facts
from bot.handlers.say.marks import mark
from bot.handlers.say.post import MORE
from bot.i18n import _, phrase, to_json
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.sessions import SessionRow, standing_sessions
from bot.store.stays import StayRow, items_of, marks_of

LINE = _("· {item}")
SHOWN = 6
"""Things of a list at first: the most urgent."""


def wake_stay(tx: Tx, row: StayRow) -> None:
    """Do what is due for a stay and note when to look again."""
    done = done_of(tx, row, name_dates(tx, row))
    now_due = due(tx.programme, row.facts(), done, tx.now)
    looks = now_due.wake_at, watch(tx, row, done.marks), look_for_a_sign(tx, row, done.marks)
    row.wake_at = min((each for each in looks if each is not None), default=None)
    for closed in now_due.closed:
        mark(tx, row.id, closed.key, "expired")
    for passed in now_due.paused:
        mark(tx, row.id, passed.key, "paused")
    for occasion in now_due.overdue:
        _overdue(tx, row, occasion)
    standing = {each.touchpoint: each for each in standing_sessions(tx.rows, row.id)}
    papers = _papers(tx, row, now_due.contacts, standing, at_least=1 if now_due.digest else 2)
    if now_due.digest or papers:
        _together(tx, row, (*now_due.digest, *papers), standing, "digest" if now_due.digest else "asked")
    for occasion in now_due.contacts:
        if occasion not in papers:
            _contact(tx, row, occasion, standing.get(occasion.touchpoint))
    open_next(tx, row.person_id)


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
    if occasion.kind is Kind.AROUND:
        return reach_out(tx, row, occasion)
    if occasion.kind is Kind.GREEN_LIGHT:
        return green_light(tx, row, occasion)
    mark(tx, row.id, occasion.key, "asked")
    if occasion.kind is Kind.UNLISTED:
        return unlisted_still(tx, row)
    if standing is None or standing.state not in {"open", "queued"}:
        _queue(tx, row, occasion)
    elif standing.state == "open":
        happen(tx, standing, Again(), Lane.PROMPT)
    return None


def _queue(tx: Tx, row: StayRow, occasion: Occasion) -> None:
    facts = occasion_facts(tx, row, occasion)
    queue(tx, row, flow_name(tx, row, occasion), occasion.key, URGENCY[occasion.kind], facts)


def flow_name(tx: Tx, row: StayRow, occasion: Occasion) -> str:
    """The conversation an occasion calls for."""
    if occasion.kind is not Kind.ITEM:
        return occasion.kind.value
    item = tx.programme.journey(row.kind).item(occasion.name)
    return item.flow if item else "item"


def _papers(
    tx: Tx, row: StayRow, contacts: tuple[Occasion, ...], standing: Mapping[str, SessionRow], at_least: int
) -> tuple[Occasion, ...]:
    """Papers that are asked for at one instant: they come as one question, unless others wait one a day already."""
    journey = tx.programme.journey(row.kind)
    waiting = (each for each in standing.values() if each.state == "queued" and each.wake_at)
    if any(each.touchpoint.startswith("item.") for each in waiting):
        return ()
    found = tuple(
        each
        for each in contacts
        if each.kind is Kind.ITEM and (item := journey.item(each.name)) is not None and item.is_paper
        if each.touchpoint not in standing
    )
    return found if len(found) >= at_least else ()


def _together(
    tx: Tx, row: StayRow, asked: tuple[Occasion, ...], standing: Mapping[str, SessionRow], outcome: str
) -> None:
    """Several questions become one message; each then waits its turn behind it."""
    journey = tx.programme.journey(row.kind)
    items = [item for occasion in asked if (item := journey.item(occasion.name))]
    for occasion in asked:
        mark(tx, row.id, occasion.key, outcome)
        if occasion.touchpoint not in standing:
            _queue(tx, row, occasion)
    papers = [item for item in items if item.is_paper]
    key = ("catch_up", tx.now.date().isoformat())
    facts = stay_facts(tx, row) | {
        "count": len(items),
        "titles": _lines(items, SHOWN),
        "papers": _lines(papers, len(papers)),
        "paper_ids": [item.id for item in papers],
        "into": [[item.id, to_json(item.words)] for item in (papers if len(papers) > 1 else items[:SHOWN])],
    }
    mark(tx, row.id, key, "asked")
    queue(tx, row, "catch_up", key, URGENCY[Kind.MESSAGE], facts)


def _lines(items: list[Item], most: int) -> dict[str, Any]:
    """A line each; how many more there are is the last one."""
    lines = [phrase(LINE, item=phrase(item.words)) for item in items[:most]]
    return {"list_lines": [*lines, *([phrase(MORE, count=len(items) - most)] if len(items) > most else [])]}


def _overdue(tx: Tx, row: StayRow, occasion: Occasion) -> None:
    """An item past its date is a task of the adult who ticks it (`/tasks`, the board, the digest); a matter of a case
    only where the programme says that it cannot wait.
    """
    mark(tx, row.id, occasion.key, "told")
    item = tx.programme.journey(row.kind).item(occasion.name)
    if item and item.overdue.rank > Level.FOLLOW_UP.rank:
        open_matter(tx, row, Matter(item.overdue, "overdue", item.id))
