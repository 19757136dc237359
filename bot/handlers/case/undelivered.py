"""Nothing of ours arrives at a learner any more: a coordinator's task, told once and not with every message that fails."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.channel import OPEN
from bot.domain.level import Level
from bot.handlers.case.alert import BY_ITSELF
from bot.handlers.case.case import Matter, open_matter
from bot.handlers.case.matters import NEVER_OPENED, matters_of
from bot.store.cases import CaseEvent, CaseRow, open_case
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import Address
from bot.store.stays import StayRow

TOPIC = "undelivered"


def out_of_reach(tx: Tx, stay: StayRow, level: Level = Level.FOLLOW_UP) -> None:
    """Somebody's last address is gone, or a message could not arrive. Adults who know, and have closed the case, hear of
    it again when it is graver, or when something arrived in between; else of the silence that comes of it.
    """
    if not (_in_case(tx, stay, level) or (level is Level.FOLLOW_UP and _looked_at(tx, stay))):
        open_matter(tx, stay, Matter(level, TOPIC, _why(tx, stay)))


def _in_case(tx: Tx, stay: StayRow, level: Level) -> bool:
    """Whether the open case says so already, and as gravely."""
    case = open_case(tx.rows, stay.id)
    if case is None:
        return False
    tx.rows.flush()
    known = [event.detail for event in matters_of(tx, case) if event.detail["topic"] == TOPIC]
    return any(Level(detail["level"]).rank >= level.rank for detail in known)


def _looked_at(tx: Tx, stay: StayRow) -> bool:
    """Whether an adult has closed a case about it, and neither did they write since, nor did anything arrive."""
    closed = select(CaseRow.closed_at, CaseRow.reason, CaseEvent.detail)
    closed = closed.join(CaseEvent, CaseEvent.case_id == CaseRow.id).where(CaseEvent.kind == "matter")
    closed = closed.where(CaseRow.stay_id == stay.id, CaseRow.closed_at.is_not(None)).order_by(CaseRow.closed_at.desc())
    found = tx.rows.execute(closed)
    by_adults = (at for at, why, detail in found if detail["topic"] == TOPIC and why not in {None, *BY_ITSELF})
    at = next(by_adults, None)
    if at is None or (stay.person.last_sign_at is not None and stay.person.last_sign_at > at):
        return False
    arrived = select(OutboxRow.id).where(OutboxRow.person_id == stay.person_id, OutboxRow.sent_at > at).limit(1)
    return tx.rows.scalar(arrived) is None


def _why(tx: Tx, stay: StayRow) -> str:
    """Who has no address, and never had one, has never opened their link: nothing was ever sent that could be lost."""
    known = select(Address.id).where(Address.person_id == stay.person_id, Address.channel.not_in(sorted(OPEN)))
    return "" if tx.rows.scalar(known.limit(1)) is not None else NEVER_OPENED
