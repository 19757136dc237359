"""What is asked together: papers that are wanted at one time, with those that are wanted soon; everything overdue at once;
and the first thing there is to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from bot.domain.occasion import URGENCY, Kind, Occasion
from bot.domain.plan import Done, preview
from bot.domain.programme import Item
from bot.domain.touchpoints import due_day
from bot.handlers.conversation.sessions import queue
from bot.handlers.say.facts import occasion_facts, stay_facts
from bot.handlers.say.marks import mark
from bot.handlers.say.post import MORE
from bot.i18n import _, phrase, to_json
from bot.store.db import Tx
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow

LINE, LATER = _("· {item}"), _("○ {item} – due {due}")
SHOWN = 6
"""Things of a list at first: the most urgent."""
SOON = timedelta(weeks=6)
NAMED = "named"
"""The mark of a paper that stood in a list before its own time."""
A_DAY = timedelta(days=1)


def queue_contact(tx: Tx, row: StayRow, occasion: Occasion) -> None:
    facts = occasion_facts(tx, row, occasion)
    queue(tx, row, flow_name(tx, row, occasion), occasion.key, URGENCY[occasion.kind], facts)


def flow_name(tx: Tx, row: StayRow, occasion: Occasion) -> str:
    """The conversation an occasion calls for."""
    if occasion.kind is not Kind.ITEM:
        return occasion.kind.value
    item = tx.programme.journey(row.kind).item(occasion.name)
    return item.flow if item else "item"


def papers_of(
    tx: Tx, row: StayRow, contacts: tuple[Occasion, ...], standing: Mapping[str, SessionRow]
) -> tuple[Occasion, ...]:
    """Papers that are asked for at one instant: they come as one question, unless others wait one a day already."""
    journey = tx.programme.journey(row.kind)
    waiting = (each for each in standing.values() if each.state == "queued" and each.wake_at)
    if any(each.touchpoint.startswith("item.") for each in waiting):
        return ()
    return tuple(
        each
        for each in contacts
        if each.kind is Kind.ITEM and (item := journey.item(each.name)) is not None and item.is_paper
        if each.touchpoint not in standing
    )


def papers_coming(tx: Tx, row: StayRow, done: Done, now: tuple[Occasion, ...]) -> tuple[Occasion, ...]:
    """Papers for the same departure that are asked for soon and were not named yet: whoever has them already says so
    with the others. Who has not is asked at their own time.
    """
    journey, stay, found = tx.programme.journey(row.kind), row.facts(), dict[str, Occasion]()
    named = {name for touchpoint, name in done.marks if touchpoint == NAMED} | {each.name for each in now}
    named |= {touchpoint.removeprefix("item.") for touchpoint, _occurrence in done.marks}
    for each in preview(tx.programme, stay, done, tx.now):
        if each.kind is Kind.ITEM and tx.now < each.at <= tx.now + SOON and each.name not in named:
            item = journey.item(each.name)
            if item is not None and item.is_paper and due_day(stay, item) <= stay.departure:
                found.setdefault(each.touchpoint, each)
    return tuple(found.values())


def ask_first_thing(tx: Tx, row: StayRow, done: Done, standing: Mapping[str, SessionRow]) -> None:
    """Whoever has just begun has something to do, however early it is: the first thing that will be asked of them."""
    begun = row.enrolled_at is not None and row.enrolled_at + A_DAY > tx.now
    if not begun or any(touchpoint.startswith("item.") for touchpoint, _occurrence in done.marks):
        return
    coming = (each for each in preview(tx.programme, row.facts(), done, tx.now) if each.at > tx.now)
    first = next(coming, None)
    item = tx.programme.journey(row.kind).item(first.name) if first is not None and first.kind is Kind.ITEM else None
    if first is None or item is None or first.touchpoint in standing:
        return
    key = (first.touchpoint, "early")
    mark(tx, row.id, key, "asked")
    queue(tx, row, item.flow, key, URGENCY[Kind.ITEM], occasion_facts(tx, row, first))


def ask_together(
    tx: Tx,
    row: StayRow,
    asked: tuple[Occasion, ...],
    standing: Mapping[str, SessionRow],
    outcome: str,
    coming: tuple[Occasion, ...],
) -> None:
    """Several questions become one message; each then waits its turn behind it."""
    journey = tx.programme.journey(row.kind)
    items = [item for occasion in asked if (item := journey.item(occasion.name))]
    for occasion in asked:
        mark(tx, row.id, occasion.key, outcome)
        if occasion.touchpoint not in standing:
            queue_contact(tx, row, occasion)
    papers = [item for item in items if item.is_paper]
    later = [item for occasion in coming if (item := journey.item(occasion.name))]
    for occasion in coming:
        mark(tx, row.id, (NAMED, occasion.name), "told")
    key = ("catch_up", tx.now.date().isoformat())
    facts = stay_facts(tx, row) | {
        "count": len(items),
        "titles": _lines(items, SHOWN),
        "papers": _lines(papers, len(papers), [_later(row, item) for item in later]),
        "paper_ids": [item.id for item in (*papers, *later)],
        "into": [
            [item.id, to_json(item.words)] for item in (papers if len(papers) + len(later) > 1 else items[:SHOWN])
        ],
    }
    mark(tx, row.id, key, "asked")
    queue(tx, row, "catch_up", key, URGENCY[Kind.MESSAGE], facts)


def _lines(items: list[Item], most: int, later: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    """A line each; how many more there are is the last one."""
    lines = [phrase(LINE, item=phrase(item.words)) for item in items[:most]]
    left = [phrase(MORE, count=len(items) - most)] if len(items) > most else []
    return {"list_lines": [*lines, *later, *left]}


def _later(row: StayRow, item: Item) -> dict[str, Any]:
    return phrase(LATER, item=phrase(item.words), due={"date": due_day(row.facts(), item).isoformat()})
