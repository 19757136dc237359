"""What became of the lives of a place, held against their truth: one record a need, an alarm, a week, a learner."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.store.cases import CaseEvent, CaseRow
from bot.store.messages import InboxRow, Lane, OutboxRow, Outcome
from bot.store.people import Address, Person
from bot.store.stays import StayRow
from tests.journeys.people import ADULTS, VALMER
from tests.lives.life import Family, Says
from tests.lives.place import Learner
from tests.lives.play import Play

COORDINATOR = "nadia"
WEEK = timedelta(weeks=1)
AT_ONCE = timedelta(minutes=30)
"""A need that must be known so soon is a cry."""


@dataclass(frozen=True)
class Week:
    """Of one adult: messages that they did not ask for, how many of these were alarms, whether somebody cried for help."""

    ref: str
    unasked: int
    alarms: int
    cried: bool


@dataclass
class Figures:
    """Of one place or of several."""

    needs: list[tuple[str, timedelta | None, bool]] = field(default_factory=list)
    """The kind of life, how long until an adult's screen said so, whether that was in time."""
    alarms: list[tuple[str, str, bool]] = field(default_factory=list)
    """The kind of life, what the alarm was about, whether a need stood behind it."""
    leaks: list[tuple[str, str]] = field(default_factory=list)
    """The kind of life, and who read what they must not know."""
    untold: list[str] = field(default_factory=list)
    """Kinds of life in which what is the matter was never asked, so nobody could choose it."""
    floor: list[str] = field(default_factory=list)
    """Kinds of life in which words had no end: neither understood, nor handed to an adult, nor said to be unread."""
    weeks: list[Week] = field(default_factory=list)
    """Of each adult of the school."""
    presses: int = 0
    """Of adults, in cases."""
    learners: list[tuple[str, str, int, int]] = field(default_factory=list)
    """The kind of life, the kind of stay, messages to the learner, their presses."""

    def add(self, other: Figures) -> None:
        for name in ("needs", "alarms", "leaks", "untold", "floor", "weeks", "learners"):
            getattr(self, name).extend(getattr(other, name))
        self.presses += other.presses


@dataclass(frozen=True)
class _Read:
    """A message that somebody has on their screen."""

    ref: str
    lane: int
    case: int | None
    created: datetime
    sent: datetime
    text: str
    there: str
    """At which address of theirs."""


def measure(play: Play) -> Figures:
    """Hold everything that was sent in a place against the truth of its lives."""
    found = Figures()
    read = _everything_read(play)
    matters = _rows(play, select(Person.ref, CaseEvent.at, CaseEvent.detail)
                    .join(StayRow, StayRow.person_id == Person.id).join(CaseRow, CaseRow.stay_id == StayRow.id)
                    .join(CaseEvent, CaseEvent.case_id == CaseRow.id).where(CaseEvent.kind == "matter")
                    .where(CaseRow.id.in_(select(OutboxRow.case_id).where(OutboxRow.lane == Lane.ALERT))))  # fmt: skip
    for learner in play.learners.values():
        _measure_needs(found, play, learner, read)
        _measure_alarms(found, learner, matters)
        _measure_walls(found, learner, read)
    _measure_words(found, play, read)
    _measure_effort(found, play, read)
    return found


def _measure_needs(found: Figures, play: Play, learner: Learner, read: list[_Read]) -> None:
    at, life = learner.dates.at, learner.life
    told = [
        each
        for each in read
        if each.ref in ADULTS
        and each.ref not in life.hidden
        and f"{learner.name} Z" in each.text
        and not play.is_absent(each.ref, each.sent)
    ]
    if life.answers and life.needs and learner.ref not in play.told:
        found.untold.append(life.kind)
    for need in life.needs:
        if need.doubt:
            continue
        instants = [
            each.sent for each in told if each.sent >= at(need.since) and (each.lane == Lane.ALERT or not need.aloud)
        ]
        first = min(instants, default=None)
        found.needs.append((life.kind, first - at(need.since) if first else None, bool(first and first <= at(need.by))))


def _measure_alarms(found: Figures, learner: Learner, matters: list[Any]) -> None:
    """What became a matter of one case at one instant is one alarm. A drill is none.

    A departure that is near and not cleared is a need in itself, whatever it waits for.
    """
    at, needs = learner.dates.at, learner.life.needs
    raised: dict[datetime, str] = {}
    for ref, instant, detail in matters:
        if ref == learner.ref and detail["topic"] != "drill":
            raised.setdefault(instant, f"{detail['topic']} {detail['answer']}".strip())
    for instant, topic in raised.items():
        needed = topic.startswith("green_light") or any(at(need.since) <= instant <= at(need.until) for need in needs)
        found.alarms.append((learner.life.kind, topic, needed))


def _measure_walls(found: Figures, learner: Learner, read: list[_Read]) -> None:
    """Nobody of another school and no other learner reads of them; of their cases, nobody they were protected from.

    Their family reads of them while it agrees; whoever has their old phone reads nothing at all.
    """
    life = learner.life
    near = {learner.ref, *(ref for ref, (_name, school, _roles) in ADULTS.items() if school in {VALMER, None})}
    since = min((learner.dates.at(need.since) for need in life.needs), default=None)
    for each in read:
        if f"{learner.name} Z" in each.text:
            grave = each.lane == Lane.ALERT or each.case is not None
            protected = each.ref in life.hidden and grave and since is not None and each.sent >= since
            if (each.ref not in near and "~" not in each.ref) or protected:
                found.leaks.append((life.kind, each.ref))
        if "~" in each.ref and learner.name in each.text and not _family_reads(learner, each):
            found.leaks.append((life.kind, "a family"))
    for act in (act for act in learner.acts if isinstance(act, Says) and act.stranger):
        since, phone = learner.dates.at(act.at), act.phone.format(ref=learner.ref)
        found.leaks += [(life.kind, "a stranger") for each in read if each.there == phone and each.sent >= since]


def _family_reads(learner: Learner, message: _Read) -> bool:
    """Whether it is to their own guardian, whose last word was a yes."""
    said = [act.agrees for act in learner.acts if isinstance(act, Family) and learner.dates.at(act.at) <= message.sent]
    return message.ref.startswith(f"{learner.ref}~") and said[-1:] == [True]


def _measure_words(found: Figures, play: Play, read: list[_Read]) -> None:
    """Of each message the inbox says which end it had; and that is true: somebody was answered, or a case has it."""
    ends = _rows(
        play, select(Person.ref, InboxRow.received_at, InboxRow.outcome).join(InboxRow, InboxRow.person_id == Person.id)
    )
    written = {(ref, at) for ref, at, outcome in ends if outcome in set(Outcome)}
    kept = set(_rows(play, select(Person.ref, CaseEvent.at).join(StayRow, StayRow.person_id == Person.id)
                     .join(CaseRow, CaseRow.stay_id == StayRow.id)
                     .join(CaseEvent, CaseEvent.case_id == CaseRow.id)))  # fmt: skip
    for at, ref in play.said:
        learner = play.learners[ref]
        answered = any(each.created == at and (each.ref == ref or learner.name in each.text) for each in read)
        if (ref, at) not in written or (not answered and (ref, at) not in kept):
            found.floor.append(learner.life.kind)


def _measure_effort(found: Figures, play: Play, read: list[_Read]) -> None:
    sent = _rows(play, select(Person.ref, InboxRow.received_at).join(InboxRow, InboxRow.person_id == Person.id))
    for ref, (_name, school, _roles) in ADULTS.items():
        if school == VALMER:
            asked = {at for who, at in sent if who == ref}
            found.weeks += _weeks(play, read, [each for each in read if each.ref == ref and each.created not in asked])
    real = {number for (number,) in _rows(play, select(CaseRow.id).where(CaseRow.topic != "drill"))}
    found.presses += sum(times for case, times in play.case_presses.items() if case in real)
    for ref, learner in play.learners.items():
        messages, presses = sum(each.ref == ref for each in read), sum(each[0] == ref for each in sent)
        found.learners.append((learner.life.kind, learner.life.stay, messages, presses))


def _weeks(play: Play, read: list[_Read], unasked: list[_Read]) -> list[Week]:
    """The weeks of the place, with what one adult got in each."""
    begin, end = min(each.sent for each in read), max(each.sent for each in read)
    cried = {
        (learner.dates.at(need.since) - begin) // WEEK
        for learner in play.learners.values()
        for need in learner.life.needs
        if learner.dates.at(need.by) - learner.dates.at(need.since) <= AT_ONCE
    }
    told = Counter((each.sent - begin) // WEEK for each in unasked)
    alarms = Counter((each.sent - begin) // WEEK for each in unasked if each.lane == Lane.ALERT)
    ref = unasked[0].ref if unasked else ""
    return [Week(ref, told[week], alarms[week], week in cried) for week in range((end - begin) // WEEK + 1)]


def _everything_read(play: Play) -> list[_Read]:
    columns = (
        OutboxRow.lane,
        OutboxRow.case_id,
        OutboxRow.created_at,
        OutboxRow.sent_at,
        OutboxRow.rendered,
        Address.native,
    )
    wanted = select(Person.ref, *columns).join(OutboxRow, OutboxRow.person_id == Person.id)
    wanted = wanted.outerjoin(Address, Address.id == OutboxRow.address_id)
    rows = _rows(play, wanted.where(OutboxRow.state == "sent", OutboxRow.edit_of.is_(None)).order_by(OutboxRow.id))
    return [
        _Read(ref, lane, case, made, at, (shown or {}).get("text", ""), there or "")
        for ref, lane, case, made, at, shown, there in rows
    ]


def _rows(play: Play, wanted: Any) -> list[Any]:
    return play.place.db.run(lambda tx: [tuple(row) for row in tx.rows.execute(wanted)])
