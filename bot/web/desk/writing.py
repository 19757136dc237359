"""Writing to a learner from their page: the words go the way of `/write` in the chat, once for each form."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import select

from bot.domain.channel import NAMES, OPEN, storable
from bot.handlers.case import relay
from bot.handlers.case.crew import may_follow
from bot.store.cases import open_case
from bot.store.db import Tx
from bot.store.people import addresses_of
from bot.store.records import AuditRow, audit
from bot.store.stays import StayRow
from bot.web.desk.visitor import Visitor

LONGEST = 1000
FORM = "write form"
"""The audit's name for a form that was sent: the same one sends nothing a second time."""


@dataclass(frozen=True)
class Writing:
    """Who will read it, and where; an empty channel means that nobody can be written to."""

    channel: str
    case: bool
    longest: int = LONGEST


def read_writing(tx: Tx, who: Visitor, row: StayRow) -> Writing | None:
    """What the form says before anything is sent; None for whoever may not write."""
    if not _may(tx, who, row):
        return None
    case = open_case(tx.rows, row.id)
    return Writing(_channel(tx, row), case is not None and may_follow(tx, who.person, case))


def write_once(tx: Tx, who: Visitor, row: StayRow, typed: str, form: str) -> str:
    """Pass the words on, and say what came of it."""
    # The lock makes two presses of the same button follow one another.
    tx.rows.refresh(who.person, with_for_update=True)
    words, target = storable(typed.replace("\r\n", "\n")), f"form {_hashed(form)}"
    if not form or not words or len(words) > LONGEST or not _may(tx, who, row) or not _channel(tx, row):
        return "unwritten"
    if _sent(tx, who, target):
        return "wrote"
    audit(tx, f"person {who.adult.person}", FORM, target)
    relay.write(tx, who.person, row, words)
    return "wrote"


def _may(tx: Tx, who: Visitor, row: StayRow) -> bool:
    return not row.cancelled and relay.may_write(tx, who.person, row)


def _channel(tx: Tx, row: StayRow) -> str:
    found = (each.channel for each in addresses_of(tx.rows, row.person_id) if each.channel not in OPEN)
    return next((NAMES[channel] for channel in found), "")


def _sent(tx: Tx, who: Visitor, target: str) -> bool:
    wanted = select(AuditRow.id).where(AuditRow.actor == f"person {who.adult.person}", AuditRow.action == FORM)
    return tx.rows.scalar(wanted.where(AuditRow.target == target).limit(1)) is not None


def _hashed(form: str) -> str:
    return hashlib.sha256(form.encode("utf-8", "replace")).hexdigest()[:32]
