"""The auditor looks: what does the database say should have happened by now, and has it? It changes nothing.

It looks in slices, so that nobody waits for it: a `Place` says how far it has come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Row

from bot.clock import Enough, never
from bot.domain.audit import A_DAY, GRACE, Difference, Gap, Look, late, of_case, of_silence, of_stay, of_watch
from bot.domain.green_light import Decision, is_green, missing
from bot.domain.ladder.crew import Crew
from bot.domain.level import Level
from bot.domain.plan import Done
from bot.domain.stay import Stay
from bot.domain.waiting import deaf_time
from bot.handlers.conversation.sessions import flow_of
from bot.handlers.watch import audit_questions as asked
from bot.handlers.watch.incremental_audit import Afresh, Seen
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.outages import every_spell
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow, contacts_elsewhere, states_of, verdicts
from bot.store.team import team

log = structlog.get_logger()
UNASKED = ("declared", "done", "handed", "waived")
"""States of an item after which nothing of it is due."""
SLOW = timedelta(hours=1)
"""On a slow homeserver a whole class waits its turn for so long; an alert never does."""
LOOKED_BACK = timedelta(days=60)
"""What we could not hear earlier than that postpones nothing any more."""
LATELY = timedelta(hours=1)
"""Cries of so long ago are looked at: later, the team may be another one."""
JUST_BEFORE = timedelta(minutes=2)
"""Whoever was alerted so shortly before a cry is not alerted twice."""
SLICE = 25
"""So many stays, or conversations, at one look …"""
STEP = 10
"""… which may end after so many stays: its time is up."""


@dataclass(frozen=True)
class Place:
    """How far an audit has come: which of `PARTS` is next, behind which row."""

    part: int = 0
    after: int = 0


BEGINNING = Place()


def differences(tx: Tx) -> tuple[Difference, ...]:
    """Everything that should have happened by now and did not, the gravest first."""
    found: list[Difference] = []
    place: Place | None = BEGINNING
    while place is not None:
        here, place = differences_at(tx, place)
        found += here
    return tuple(dict.fromkeys(found))


def differences_at(
    tx: Tx, place: Place, seen: Seen | None = None, enough: Enough = never
) -> tuple[tuple[Difference, ...], Place | None]:
    """What a slice finds, and where the next one begins; None where this was the last. Of stays it works out those only
    that have moved since they were `seen`, until it is `enough` for once.
    """
    found, last = PARTS[place.part](tx, place.after, Afresh() if seen is None else seen, enough)
    return found, next_part(place) if last is None else Place(place.part, last)


def next_part(place: Place) -> Place | None:
    """What is looked at after all rows of this part; None where it is the last."""
    return Place(place.part + 1) if place.part + 1 < len(PARTS) else None


Found = tuple[tuple[Difference, ...], int | None]
"""What a part of an audit finds behind a row, and the last row it looked at; None where there are no more."""


def _gravest(tx: Tx, _after: int, _seen: Seen, _enough: Enough) -> Found:
    return (*_cries(tx), *_cases(tx), *_updates(tx)), None


def _last(tx: Tx, _after: int, _seen: Seen, _enough: Enough) -> Found:
    return (*_messages(tx), *_digests(tx)), None


def _cries(tx: Tx) -> Iterator[Difference]:
    """A cry for help implies an alert to everyone on the first rung, or to the owner."""
    for event, case in tx.rows.execute(asked.MATTERS, {"since": tx.now - LATELY}).all():
        if event.detail["topic"] == "sos" and event.at < tx.now - GRACE and not _told(tx, case, event.at):
            yield Difference(Gap.CRY, case.id, asleep=True)


def _told(tx: Tx, case: CaseRow, at: datetime) -> bool:
    crew = Crew(team(tx.rows), case.stay.school_id, at.date())
    rungs = tx.programme.levels[Level.NOW].rungs if Level.NOW in tx.programme.levels else ()
    first = next((people for rung in rungs if (people := crew.standing(rung.roles))), crew.reachable)
    told = set(tx.rows.scalars(asked.ALERTED, {"case": case.id, "since": at - JUST_BEFORE}))
    return set(first) <= told or case.owner_id in told


def _cases(tx: Tx) -> Iterator[Difference]:
    for number, wake_at in tx.rows.execute(asked.CASES):
        wrong = of_case(wake_at, tx.now)
        if wrong:
            yield Difference(wrong[0], number, wrong[1])


def _updates(tx: Tx) -> Iterator[Difference]:
    """Received, and not handled."""
    yield from (Difference(Gap.UPDATE, number) for number in tx.rows.scalars(asked.UPDATES, {"late": tx.now - GRACE}))


def _stays(tx: Tx, after: int, seen: Seen, enough: Enough) -> Found:
    """Of the next stays under way: what was due, and whether somebody looks."""
    moved, last = seen.moved(tx, after, SLICE)
    found: list[Difference] = []
    for begin in range(0, len(moved), STEP):
        some = moved[begin : begin + STEP]
        found += _looked_at(tx, some, seen)
        if enough() and some[-1] != moved[-1]:
            return tuple(found), some[-1]
    return tuple(found), last


def _looked_at(tx: Tx, numbers: Sequence[int], seen: Seen) -> list[Difference]:
    stays = list(tx.rows.scalars(asked.STAYS, {"stays": numbers}))
    facts = {row.id: row.facts() for row in stays}
    abroad = [row for row in stays if row.back >= (tx.now - A_DAY).date()]
    looks = [*_planned(tx, stays, facts), *_watched(tx, abroad, facts)]
    quiet: dict[int, datetime | None] = {}
    for number, look in looks:
        known = quiet.get(number, look.until)
        quiet[number] = None if look.wrong or known is None else min(known, look.until)
    seen.keep(tx, quiet)
    return [Difference(look.wrong[0], number, look.wrong[1]) for number, look in looks if look.wrong]


def _planned(tx: Tx, stays: Sequence[StayRow], facts: Mapping[int, Stay]) -> Iterator[tuple[int, Look]]:
    """Of each stay under way: its plan, worked out again."""
    done = _done(tx, facts)
    for row in stays:
        try:
            look = of_stay(tx.programme, facts[row.id], done[row.id], row.wake_at, tx.now)
        except Exception:
            log.exception("plan cannot be worked out", stay=row.id)
            look = Look((Gap.CONTACT, False), tx.now)  # nobody can say what is due: that must not hide the others'
        yield row.id, look


def _watched(tx: Tx, stays: Sequence[StayRow], facts: Mapping[int, Stay]) -> Iterator[tuple[int, Look]]:
    """Of each stay that is near or under way: somebody was heard of, or an adult was told."""
    numbers = [row.id for row in stays]
    elsewhere, cases = contacts_elsewhere(tx.rows, numbers), _case_times(tx, numbers)
    lost = deaf_time(tx.now - LOOKED_BACK, tx.now, every_spell(tx.rows, tx.now))
    entered = {stay: at for stay, at in tx.rows.execute(asked.ENTRIES, {"stays": numbers})}  # noqa: C416
    for row in stays:
        sign = row.person.last_sign_at
        looked = [*cases.get(row.id, ()), *([sign] if sign else [])]
        until = elsewhere[row.id].until if row.id in elsewhere else None
        since = entered.get(row.id)
        try:
            look = of_watch(tx.programme, facts[row.id], looked, until, row.wake_at, tx.now, lost=lost, entered=since)
        except Exception:
            log.warning("watch cannot be worked out", stay=row.id)
            continue  # nor can its plan, and that is found
        yield row.id, look


def _case_times(tx: Tx, stays: Sequence[int]) -> dict[int, list[datetime]]:
    """When something was told, or happened, in the cases of each stay; an open one is being looked at now."""
    found: dict[int, list[datetime]] = {}
    for stay, closed, at in tx.rows.execute(asked.CASE_TIMES, {"stays": stays}):
        found.setdefault(stay, []).append(at if closed else tx.now)
    return found


def _done(tx: Tx, stays: Mapping[int, Stay]) -> dict[int, Done]:
    """What was done of each plan, read in three queries."""
    marks: dict[int, dict[tuple[str, str], str]] = {number: {} for number in stays}
    for number, touchpoint, occurrence, outcome in tx.rows.execute(asked.MARKS, {"stays": [*stays]}):
        marks[number][touchpoint, occurrence] = outcome
    states, said = states_of(tx.rows, [*stays]), verdicts(tx.rows, [*stays])
    return {
        number: _done_of(tx, stay, marks[number], states.get(number, {}), said.get(number))
        for number, stay in stays.items()
    }


def _done_of(
    tx: Tx, stay: Stay, marks: dict[tuple[str, str], str], states: dict[str, str], said: Decision | None
) -> Done:
    settled = frozenset(item for item, state in states.items() if state in UNASKED)
    return Done(marks, settled, is_green(stay, missing(tx.programme, stay, states), said))


def _queued(tx: Tx, _after: int, _seen: Seen, _enough: Enough) -> Found:
    """A conversation that waits for its turn does not wait for a lost one."""
    queued = tx.rows.scalars(asked.QUEUED, {"late": tx.now - GRACE})
    return tuple(Difference(Gap.SILENCE, number) for number in queued), None


def _sessions(tx: Tx, after: int, _seen: Seen, _enough: Enough) -> Found:
    """A question that was delivered has an end to its wait."""
    found = tx.rows.execute(asked.SESSIONS, {"after": after, "most": SLICE}).all()
    return tuple(_waiting(tx, found)), found[-1][0].id if len(found) == SLICE else None


def _waiting(tx: Tx, found: Sequence[Row[SessionRow, StayRow]]) -> Iterator[Difference]:
    if not found:
        return
    deaf = every_spell(tx.rows, tx.now)
    sent = tx.rows.execute(asked.SENT_AT, {"sessions": [row.id for row, _stay in found]})
    delivered = {number: at for number, at in sent}  # noqa: C416
    for row, stay in found:
        wait, sent_at = _wait(tx, row, stay), delivered.get(row.id)
        if wait is not None and sent_at is not None:
            wrong = of_silence(wait, sent_at, row.wake_at, tx.now, lost=deaf_time(sent_at, tx.now, deaf))
        else:
            wrong = (Gap.SILENCE, False) if late(row.wake_at, tx.now) else None
        if wrong:
            yield Difference(wrong[0], row.id, wrong[1])


def _wait(tx: Tx, row: SessionRow, stay: StayRow) -> timedelta | datetime | None:
    """How long, or until when, the question that stands may go unanswered."""
    flow = flow_of(tx, row)
    question = flow.question(row.asked) if flow else None
    if question is None or question.wait is None or stay.cancelled:
        return None
    if isinstance(question.wait, timedelta):
        return question.wait
    named = row.facts.get(str(question.wait)) or row.facts.get("missing")
    return datetime.fromisoformat(named) if named else timedelta(hours=1)


def _messages(tx: Tx) -> Iterator[Difference]:
    instants = {"now": tx.now, "late": tx.now - GRACE, "slow": tx.now - SLOW}
    yield from (Difference(Gap.MESSAGE, number) for number in tx.rows.scalars(asked.UNSENT, instants))


def _digests(tx: Tx) -> Iterator[Difference]:
    yield from (Difference(Gap.DIGEST, number) for number in tx.rows.scalars(asked.DIGESTS, {"late": tx.now - GRACE}))


PARTS: tuple[Callable[[Tx, int, Seen, Enough], Found], ...] = (_gravest, _stays, _queued, _sessions, _last)
"""What an audit looks at, in this order; those that go by rows do so in the order of their ids."""
