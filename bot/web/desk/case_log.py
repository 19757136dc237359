"""The log of a case, line by line: the instant, who, what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.domain.level import Level
from bot.handlers.case.alert import HANDED, ROLES
from bot.handlers.case.grouping import APART, GROUPED
from bot.handlers.case.matters import aged, what_of
from bot.handlers.case.merging import MERGED, merged_into
from bot.handlers.case.sent_files import CAME
from bot.handlers.family.employer import HEARS
from bot.i18n import Text, _, show, to_json
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person
from bot.web.desk.cases import reason_of, values_of
from bot.web.desk.visitor import Visitor

KINDS: dict[str, Text] = {
    "opened": _("The case is opened."),
    "reopened": _("The case is open again."),
    "taken": _("Takes the case."),
    "followed up": _("Follows the case up."),
    "passed on": _("Passes the case on."),
    "snoozed": _("Lets the case rest for a while."),
    "reached": _("Has reached the young person."),
    "wrote to learner": _("Has written to the young person."),
    "learner wrote": _("The young person has written."),
    "learner sent": _("The young person has sent something that Compagnon cannot show."),
    CAME: _("The young person has sent a file: it stands in the case."),
    "noted": _("Has noted something."),
    "answered": _("The young person has written."),
    "owner asked": _("No follow-up: whoever took the case is asked how it is."),
    "owner gone": _("Followed the case until now, and no longer can: it begins again."),
    "newcomer alerted": _("Somebody who can be reached from now on is alerted."),
    "matter settled": _("A matter is settled by itself."),
    "lapsed": _("No follow-up: the case goes on to the next adult."),
    "owner away": _("Whoever followed the case is away."),
    "passed to deputy": _("The case goes to the deputy."),
    "joined by another matter": _("Another matter joins the case."),
    "held until opening": _("The alert waits for working hours."),
    "not yet": _("It is not time yet."),
    "nobody on duty": _("Nobody is on duty."),
    "nobody can be alerted": _("Nobody can be alerted."),
    "urgent override": _("Alerted outside working hours or on leave, because it cannot wait."),
    "wants to close": _("Wants to close the case; somebody else has to agree."),
    "agrees": _("Agrees that the case is closed."),
    "does not agree": _("Does not agree: the case stays open."),
    "not told": _("An alert has not left: no channel of theirs answers."),
    "told late": _("An alert has left late."),
    HEARS: _("The employer hears of it by a letter that leaves in the morning, unless the case ends as a false alarm."),
    MERGED: _("Another case of the same young person ends in this one."),
    GROUPED: _("Follows it as one with others that have the same cause."),
    APART: _("Follows it apart again."),
    "let in": _("Lets in an adult who was named in the words."),
    "says again": _("The young person still needs help."),
    "says sos": _("The young person needs help right now."),
    "says call": _("The young person can talk."),
    "says write": _("The young person would like an adult to write."),
    "says mistake": _("The young person says it was a mistake."),
    "says fine": _("The young person says they are fine."),
}
WITH_WORDS = _("Says to whom it is passed: « {words} »")
RUNG = _("Alert to: {who}.")
SKIPPED = _("Nobody on duty among: {who}.")
BROADCAST = _("Everyone is alerted ({count}).")
RAISED = _("The case becomes graver: {level}.")
CLOSED = _("The case is closed: {reason}.")
SENT: dict[str, Text] = {
    "sent": _("Alert received."),
    "pending": _("Alert on its way."),
    "sending": _("Alert on its way."),
    "unknown": _("Alert sent; whether it arrived is not known."),
    "failed": _("Alert not delivered."),
    "expired": _("Alert not needed any more."),
}
Found = tuple[datetime, int, int, str, str]
"""An instant, what orders lines of the same instant, who, and what."""


@dataclass(frozen=True)
class Entry:
    """One line of the log."""

    iso: str
    at: str
    who: str
    what: str


def log_of(tx: Tx, who: Visitor, row: CaseRow) -> list[Entry]:
    """Everything that happened to a case and to those that ended in it, and every alert, in order of time."""
    rows = [row, *merged_into(tx, who.person, row)]
    found = [line for each in rows for line in (*_events(tx, who, each), *_alerts(tx, who, each))]
    zone = ZoneInfo(row.stay.school.zone)
    return [_entry(who, zone, at, name, words) for at, _side, _number, name, words in sorted(found) if words]


def _events(tx: Tx, who: Visitor, row: CaseRow) -> Iterator[Found]:
    """What happened, each rung named after the ladder that was climbed then."""
    level = row.level
    events = select(CaseEvent, Person).outerjoin(Person, Person.id == CaseEvent.person_id)
    for event, person in tx.rows.execute(events.where(CaseEvent.case_id == row.id).order_by(CaseEvent.id)):
        if event.kind == "opened" or event.kind.startswith("raised to "):
            level = _level(tx, row, event)
        name = person.full_name if person else "Compagnon"
        words = _words(tx, who, row, event, level)
        if "written" in event.detail and event.kind != "matter":
            words = show(aged(row.stay, event.detail, words), who.language)
        yield event.at, 0, event.id, name, words


def _level(tx: Tx, row: CaseRow, event: CaseEvent) -> Level:
    """The level from this event on. A case is opened by the matter that is logged just before."""
    if event.kind.startswith("raised to "):
        return Level(event.kind.rpartition(" ")[2])
    matters = select(CaseEvent.detail).where(CaseEvent.case_id == row.id, CaseEvent.kind == "matter")
    detail = tx.rows.scalars(matters.order_by(CaseEvent.id).limit(1)).first()
    return Level(detail["level"]) if detail else row.level


def _alerts(tx: Tx, who: Visitor, row: CaseRow) -> Iterator[Found]:
    """Who was alerted, and whether it arrived."""
    alerts = select(OutboxRow, Person).join(Person, Person.id == OutboxRow.person_id)
    alerts = alerts.where(OutboxRow.case_id == row.id, OutboxRow.lane == Lane.ALERT, OutboxRow.edit_of.is_(None))
    for sent, person in tx.rows.execute(alerts):
        at, words = sent.sent_at or sent.created_at, who.says(SENT.get(sent.state, sent.state))
        yield at, 1, sent.id, person.full_name, words


def _entry(who: Visitor, zone: ZoneInfo, at: datetime, name: str, words: str) -> Entry:
    local = at.astimezone(zone)
    return Entry(local.isoformat(timespec="seconds"), f"{who.clock.short_day(local.date())} {local:%H:%M}", name, words)


def _words(tx: Tx, who: Visitor, row: CaseRow, event: CaseEvent, level: Level) -> str:
    kind = event.kind
    if kind == "matter":
        lines = what_of(tx.programme, row.stay, [event.detail], values_of(row.stay))
        return " ".join(show(line, who.language) for line in lines)
    if kind == HANDED:
        return who.says(WITH_WORDS, words=event.detail["words"])
    if kind in KINDS:
        return who.says(KINDS[kind])
    if kind == "closed":
        return who.says(CLOSED, reason=who.says(reason_of(row)))
    if kind.startswith(("alerted rung ", "skipped rung ")):
        return who.says(RUNG if kind.startswith("alerted") else SKIPPED, who=_rung(tx, level, kind))
    if kind.startswith("raised to "):
        return who.says(RAISED, level=who.says(tx.programme.levels[Level(kind.rpartition(" ")[2])].name))
    return who.says(BROADCAST, count=kind.rpartition(" ")[2]) if kind.startswith("broadcast ") else kind


def _rung(tx: Tx, level: Level, kind: str) -> dict[str, Any]:
    """Who stands on a rung of the ladder of a level."""
    rungs, number = tx.programme.levels[level].rungs, int(kind.split()[2].rstrip(":"))
    roles = rungs[min(number, len(rungs) - 1)].roles
    return {"list": [{"text": to_json(ROLES[role])} for role in roles]}
