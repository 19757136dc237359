"""Which buttons of an earlier message still lead somewhere: open, folded away, or gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from bot.engine.advance import Session, may_answer
from bot.handlers.conversation.sessions import flow_of
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import Address
from bot.store.sessions import SessionRow


class Shown(StrEnum):
    """How the buttons of a message are shown."""

    OPEN = "open"
    """They wait for somebody."""
    FOLDED = "folded"
    """Behind a line to open: they would still do what they say, and nobody waits for it."""
    GONE = "gone"
    REPEATED = "repeated"
    """The same question stands further down once more: it shows there what was answered."""


ONCE = frozenset({"confirm", "pass_on", "broadcast", "share", "exclude", "green_light", "which", "family"})
"""What is decided by the first press: the other buttons do nothing any more."""
OF_SEVERAL = frozenset({"green_light", "family"})
"""What several adults are asked, and one answers."""


def shown_offers(tx: Tx, rows: Iterable[OutboxRow]) -> Mapping[int, Shown]:
    """For each message of one reader that offers something: how its buttons are shown."""
    offering = [row for row in rows if row.message["offers"]]
    latest = {(row.session_id, row.step): row.id for row in sorted(offering, key=lambda each: each.id)}
    sessions = _kept(tx, SessionRow, {row.session_id for row in offering})
    cases = _kept(tx, CaseRow, {row.case_id for row in offering})
    addresses = _kept(tx, Address, {_action(row).get("address") for row in offering if _action(row)["do"] == "confirm"})
    settled = _settled(tx, offering)
    found = {}
    for row in offering:
        does, session = _action(row)["do"], sessions.get(row.session_id or 0)
        case, address = cases.get(row.case_id or 0), addresses.get(_action(row).get("address") or 0)
        over = case is not None and case.closed_at is not None and row.message.get("stands") is None
        decided = row.chosen is not None and does in ONCE
        asked_of_all = row.step in settled or (does == "confirm" and (address is None or address.state != "pending"))
        if over or decided or asked_of_all:
            found[row.id] = Shown.GONE
        elif does == "answer":
            again = latest[row.session_id, row.step] != row.id
            found[row.id] = Shown.REPEATED if again else _of_question(tx, session, row.step or "")
        else:
            found[row.id] = Shown.OPEN if row.chosen is None else Shown.FOLDED
    return found


def _of_question(tx: Tx, session: SessionRow | None, step: str) -> Shown:
    """Asked now, to be answered or changed still, or neither."""
    if session is None or session.state == "expired" or session.expires_at <= tx.now:
        return Shown.GONE
    if session.state == "open" and session.asked == step:
        return Shown.OPEN
    flow = flow_of(tx, session)
    kept = Session(session.facts, dict(session.answers), session.asked)
    return Shown.FOLDED if flow is not None and may_answer(flow, kept, step) else Shown.GONE


def _action(row: OutboxRow) -> dict[str, Any]:
    action: dict[str, Any] = row.message["offers"][0]["action"]
    return action


def _kept(tx: Tx, table: type[Any], numbers: set[Any]) -> dict[int, Any]:
    wanted = numbers - {None}
    return {row.id: row for row in tx.rows.scalars(select(table).where(table.id.in_(wanted)))} if wanted else {}


def _settled(tx: Tx, rows: Iterable[OutboxRow]) -> set[str | None]:
    """Of what several were asked: what one of them has answered."""
    steps = {row.step for row in rows if row.step and _action(row)["do"] in OF_SEVERAL}
    wanted = select(OutboxRow.step).where(OutboxRow.step.in_(steps), OutboxRow.chosen.is_not(None))
    return set(tx.rows.scalars(wanted)) if steps else set()
