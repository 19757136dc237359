"""Whose balance waits and for what; and the record of a signed certificate: what the chat and the desk both read and do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from bot.domain.balance import (
    Certificate,
    Compared,
    Fault,
    Outcome,
    Remark,
    Standing,
    agreed_days,
    certified,
    compared,
    counts,
    gate_of,
    standing,
)
from bot.domain.person import Adult
from bot.domain.programme import Programme
from bot.domain.rights import Act, schools_of
from bot.domain.stay import Ended, conditions
from bot.flows.attendance import days_told
from bot.handlers.case.case import move_item
from bot.handlers.conversation.tasks import may_tick
from bot.handlers.desk.visibility import by_name
from bot.i18n import Text, _, phrase
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.records import audit
from bot.store.sessions import SessionRow
from bot.store.stays import ChangeRow, ItemState, StayRow

PROGRAMME = _("programme")
OUTCOMES: dict[Outcome, Text] = {
    Outcome.COMPLETED: _("completed"),
    Outcome.PARTLY: _("completed in part"),
    Outcome.NO_SHOW: _("did not take part"),
}
REMARKS: dict[Remark, Text] = {
    Remark.DIFFERS: _(
        "More than {gap} days' difference with the agreement: the grant is to be worked out again ({source})."
    ),
    Remark.TOO_SHORT: _(
        "Below the minimum of {least} days: the whole grant is at stake, tell the head today ({minimum})."
    ),
    Remark.BELOW_TARGET: _("Below the {aimed} days that your school aims at and the agreement had reached."),
}


@dataclass(frozen=True)
class Payment:
    """A stay that is over, and where its balance stands."""

    row: StayRow
    standing: Standing
    agreed: tuple[date, date]
    states: Mapping[str, ItemState]


def payments(tx: Tx, adult: Adult, stays: Collection[int] | None = None) -> list[Payment]:
    """Of every stay that is over, within the walls of an adult, where its balance stands; the name in order."""
    schools = schools_of(adult, Act.SEE_LEARNERS)
    wanted = select(StayRow).options(joinedload(StayRow.person), joinedload(StayRow.school))
    wanted = wanted.where(or_(StayRow.ended.is_(None), StayRow.ended == Ended.BROKEN_OFF))
    if schools is not None:
        wanted = wanted.where(StayRow.school_id.in_(schools))
    if stays is not None:
        wanted = wanted.where(StayRow.id.in_(stays))
    today = tx.now.date() + timedelta(days=1)
    over = [row for row in tx.rows.scalars(wanted.where(StayRow.end <= today)) if _over(tx, row)]
    states, changes = _states(tx, over), _changes(tx, over)
    found = [_payment(tx.programme, row, states.get(row.id, {}), changes.get(row.id, [])) for row in over]
    return sorted((each for each in found if each), key=lambda each: (*by_name(each.row)[:2], each.row.departure))


def _over(tx: Tx, row: StayRow) -> bool:
    return gate_of(tx.programme, row.facts()) is not None and counts(row.facts(), row.facts().day_at(tx.now))


def _payment(
    programme: Programme, row: StayRow, states: dict[str, ItemState], changes: list[tuple[str, dict[str, Any]]]
) -> Payment | None:
    agreed = agreed_days(row.facts(), changes)
    known = {name: (state.state, state.value) for name, state in states.items()}
    found = standing(programme, row.facts(), known, agreed)
    return Payment(row, found, agreed, states) if found else None


def _states(tx: Tx, rows: list[StayRow]) -> dict[int, dict[str, ItemState]]:
    found: dict[int, dict[str, ItemState]] = {}
    for state in tx.rows.scalars(select(ItemState).where(ItemState.stay_id.in_([row.id for row in rows]))):
        found.setdefault(state.stay_id, {})[state.item] = state
    return found


def _changes(tx: Tx, rows: list[StayRow]) -> dict[int, list[tuple[str, dict[str, Any]]]]:
    found: dict[int, list[tuple[str, dict[str, Any]]]] = {}
    wanted = select(ChangeRow).where(ChangeRow.stay_id.in_([row.id for row in rows])).order_by(ChangeRow.id)
    for change in tx.rows.scalars(wanted):
        found.setdefault(change.stay_id, []).append((change.kind, change.before))
    return found


def may_record(tx: Tx, person: Person, row: StayRow) -> bool:
    """Whether an adult may enter the dates of a certificate: whoever ticks the item that they settle."""
    found = gate_of(tx.programme, row.facts())
    item = tx.programme.journey(row.kind).item(found[0].dates) if found else None
    return item is not None and may_tick(person, row, item)


def may_count(tx: Tx, person: Person, row: StayRow) -> bool:
    """Whether an adult may know the days at work of a learner: whoever ticks the allowance that is paid for them."""
    gate = tx.programme.journey(row.kind).balance
    item = tx.programme.journey(row.kind).item(gate.allowance) if gate and gate.allowance else None
    return item is not None and item.applies(conditions(tx.programme, row.facts())) and may_tick(person, row, item)


def certify(
    tx: Tx, person: Person, payment: Payment, first: date, last: date
) -> tuple[Certificate, Compared] | Fault | None:
    """Enter the days of a signed certificate. A fault says why they cannot be; None where it is not theirs to say."""
    gate = tx.programme.journey(payment.row.kind).balance
    if gate is None:
        return None
    found = certified(gate, payment.row.facts(), payment.agreed, first, last, payment.row.facts().day_at(tx.now))
    if isinstance(found, Fault):
        return found
    told = record(tx, person, payment, found)
    return (found, told) if told else None


def record(tx: Tx, person: Person, payment: Payment, found: Certificate) -> Compared | None:
    """Keep what a certificate says, by whom and when. Where nobody came, what the balance waits for is asked no more; said
    otherwise later, it is asked again. None where it is not theirs to say.
    """
    row = payment.row
    gate = tx.programme.journey(row.kind).balance
    if gate is None or not may_record(tx, person, row):
        return None
    for name in {*gate.needs, gate.paid} - {gate.dates}:
        state = payment.states.get(name)
        was = state.value if state else None
        if found.outcome is Outcome.NO_SHOW and (state is None or state.state not in {"done", "waived"}):
            move_item(tx, row, name, "waived", Outcome.NO_SHOW, person.id)
        elif found.outcome is not Outcome.NO_SHOW and was == Outcome.NO_SHOW:
            move_item(tx, row, name, "todo", None, person.id)
    move_item(tx, row, gate.dates, "done", found.written(), person.id)
    audit(tx, f"person {person.id}", "certificate", f"stay {row.id}", says=found.written())
    return compared(tx.programme, row.facts(), payment.agreed, found)


def remarks(programme: Programme, row: StayRow, told: Compared | None) -> list[dict[str, Any]]:
    """What a certificate means beside its agreement, with the figures and where they come from."""
    gate, track = programme.journey(row.kind).balance, row.track.value
    least = programme.rules.sources.get("min_days")
    values = {
        "gap": gate.gap_days if gate else 0,
        "source": gate.rule.source if gate and gate.rule else phrase(PROGRAMME),
        "least": programme.rules.min_days.get(track, 0),  # type: ignore[call-overload]
        "minimum": least.source if least else phrase(PROGRAMME),
        "aimed": gate.target_days.get(track, 0) if gate else 0,  # type: ignore[call-overload]
    }
    return [phrase(REMARKS[each], **values) for each in (told.remarks if told else ())]


@dataclass(frozen=True)
class DaysAtWork:
    """The days that a learner said, over so many weeks, and the weeks of which nothing was said."""

    days: int = 0
    weeks: int = 0
    untold: int = 0


def days_at_work(tx: Tx, stays: Collection[int]) -> dict[int, DaysAtWork]:
    """By stay, of all weeks that were asked about."""
    found: dict[int, list[int | None]] = {}
    wanted = select(SessionRow).where(SessionRow.stay_id.in_(stays), SessionRow.flow.in_(("attendance", "check_in")))
    for session in tx.rows.scalars(wanted.order_by(SessionRow.id)):
        days = days_told(session.answers)
        if days is not None or session.flow == "attendance":
            found.setdefault(session.stay_id, []).append(days)
    return {
        stay: DaysAtWork(sum(each or 0 for each in said), sum(each is not None for each in said), said.count(None))
        for stay, said in found.items()
    }
