"""What is past its end goes, a few people at a time: the programme says for how long each kind of data is kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select

from bot.domain.person import STAFF
from bot.domain.purposes import Kept
from bot.handlers.privacy.data_held import is_guest, last_return
from bot.handlers.privacy.erase import RETENTION, made
from bot.store.cases import CaseRow, open_cases
from bot.store.db import Tx
from bot.store.erasures import of_person
from bot.store.messages import InboxRow, OutboxRow
from bot.store.people import Person, RoleHeld
from bot.store.portfolio import PortfolioRow
from bot.store.proofs import ProofRow
from bot.store.records import AuditRow, audit
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow, stays_of_person
from bot.store.testimonies import Testimony

SLICE = 20
"""So many people in one transaction: whoever cries for help waits for no more than these."""
FILES = "files"
UNDER_WAY = ("pending", "sending")


@dataclass
class Swept:
    """What went, or would go, by the words of `[retention]`; and where to go on. Whose record is over is due to be erased."""

    counts: Counter[str] = field(default_factory=Counter)
    last: int | None = 0
    """The number of the person who was looked at last; None once nobody is left."""


def sweep(tx: Tx, swept: Swept, *, dry: bool = False) -> Swept:
    """One slice of those whose return is long ago enough for anything of theirs to go."""
    rules = tx.programme.retention
    soonest = tx.now.date() - timedelta(
        days=min(rules.days(kept, guest=True) for kept in Kept if kept is not Kept.TRAIL)
    )
    ended = select(StayRow.person_id).where(StayRow.back < soonest, StayRow.person_id > (swept.last or 0))
    people = list(tx.rows.scalars(ended.distinct().order_by(StayRow.person_id).limit(SLICE)))
    found = Swept(Counter(swept.counts), people[-1] if people else None)
    for number in people:
        person = tx.rows.get(Person, number)
        if person is not None:
            _sweep_one(tx, person, found, dry=dry)
    if not people:
        _sweep_rest(tx, found, dry=dry)
    return found


def _sweep_one(tx: Tx, person: Person, found: Swept, *, dry: bool) -> None:
    rules, stays = tx.programme.retention, [stay.id for stay in stays_of_person(tx.rows, person.id)]
    ended = last_return(tx, person)
    if ended is None or open_cases(tx.rows, stays) or any(held.role in STAFF for held in person.roles):
        return
    guest = is_guest(tx, person)
    over = {kept for kept in Kept if ended + timedelta(days=rules.days(kept, guest=guest)) < tx.now.date()}
    if Kept.RECORD in over:
        found.counts[Kept.RECORD] += 1
        if not dry and of_person(tx.rows, person.id) is None:
            made(tx, person, RETENTION).due_at = tx.now
        return
    if Kept.CASES in over:
        closed = CaseRow.stay_id.in_(stays) & (CaseRow.closed_at < tx.now - timedelta(days=_days(tx, Kept.CASES)))
        _delete(tx, found, Kept.CASES, CaseRow, closed, dry=dry)
    if Kept.MESSAGES in over:
        theirs = or_(OutboxRow.person_id == person.id, OutboxRow.stay_id.in_(stays)) & OutboxRow.case_id.is_(None)
        _delete(tx, found, Kept.MESSAGES, OutboxRow, theirs & OutboxRow.state.not_in(UNDER_WAY), dry=dry)
        _delete(
            tx, found, Kept.MESSAGES, InboxRow, (InboxRow.person_id == person.id) & (InboxRow.state != "new"), dry=dry
        )
    if Kept.ANSWERS in over:
        _delete(tx, found, Kept.ANSWERS, PortfolioRow, PortfolioRow.stay_id.in_(stays), dry=dry)
        _empty_answers(tx, found, SessionRow.stay_id.in_(stays) & SessionRow.state.not_in(("open", "queued")), dry=dry)


def _days(tx: Tx, kept: Kept) -> int:
    return tx.programme.retention.days(kept)


def _delete(tx: Tx, found: Swept, kept: Kept, table: Any, which: ColumnElement[bool], *, dry: bool) -> None:
    count = tx.rows.scalar(select(func.count()).select_from(table).where(which)) or 0
    if count:
        found.counts[kept] += count
    if count and not dry:
        tx.rows.execute(delete(table).where(which))


def _empty_answers(tx: Tx, found: Swept, which: ColumnElement[bool], *, dry: bool) -> None:
    """What was answered goes; that something was asked, and when, stays with the stay: nobody is asked twice."""
    for row in tx.rows.scalars(select(SessionRow).where(which)):
        if row.answers:
            found.counts[Kept.ANSWERS] += 1
            if not dry:
                row.answers = []


def _sweep_rest(tx: Tx, found: Swept, *, dry: bool) -> None:
    """What hangs on no stay goes by its own days: the log, and what the team was told. What went is noted, as counts."""
    _delete(tx, found, Kept.TRAIL, AuditRow, AuditRow.at < tx.now - timedelta(days=_days(tx, Kept.TRAIL)), dry=dry)
    _delete(tx, found, Kept.RECORD, Testimony, Testimony.until < tx.now.date(), dry=dry)
    team = select(RoleHeld.person_id).where(RoleHeld.role.in_(STAFF))
    before = tx.now - timedelta(days=_days(tx, Kept.MESSAGES))
    told = OutboxRow.person_id.in_(team) & (OutboxRow.created_at < before) & OutboxRow.case_id.is_(None)
    _delete(
        tx,
        found,
        Kept.MESSAGES,
        OutboxRow,
        told & OutboxRow.stay_id.is_(None) & OutboxRow.state.not_in(UNDER_WAY),
        dry=dry,
    )
    wrote = InboxRow.person_id.in_(team) & (InboxRow.received_at < before) & (InboxRow.state != "new")
    _delete(tx, found, Kept.MESSAGES, InboxRow, wrote, dry=dry)
    if dry:
        files = select(func.count()).select_from(ProofRow).where(ProofRow.ends_at <= tx.now)
        found.counts[FILES] += tx.rows.scalar(files) or 0
    elif any(found.counts.values()):
        audit(tx, RETENTION, "delete", "all", **{kept: count for kept, count in found.counts.items() if count})
