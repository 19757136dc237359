"""How long a question has stood: from the first time it arrived, whatever came between and however often it was repeated."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from bot.domain.touchpoints import occasions
from bot.domain.waiting import Spell, wait_over
from bot.engine.flow import Flow
from bot.store.asking import ask
from bot.store.db import Tx
from bot.store.deafness import EVERYWHERE, spells_by_channel
from bot.store.messages import OutboxRow
from bot.store.people import addresses_of
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow

_ARRIVED = (
    select(OutboxRow.sent_at)
    .where(OutboxRow.session_id == bindparam("session"), OutboxRow.step.in_(bindparam("steps", expanding=True)))
    .where(OutboxRow.state == "sent", OutboxRow.chosen.is_(None))
)
_FIRST = _ARRIVED.with_only_columns(func.min(OutboxRow.sent_at))
_LAST = _ARRIVED.with_only_columns(func.max(OutboxRow.sent_at))
AT_LEAST = timedelta(hours=1)
"""However late a question came, or came again, it may be answered for so long before silence counts."""


def silence_at(tx: Tx, row: SessionRow, flow: Flow) -> datetime | None:
    """When silence counts for the question that stands: so long after it, or the one it is a reminder of, first arrived;
    or at the instant that the facts name. None where nothing is waited for, or nothing has arrived.
    """
    question = flow.question(row.asked)
    if question is None or question.wait is None:
        return None
    asked = _reminded(row, flow)
    since = _first_arrival(tx, row, asked)
    if since is None:
        return None
    if isinstance(question.wait, timedelta):
        waits = [each.wait for step in asked if (each := flow.question(step)) is not None]
        wait = sum((wait for wait in waits if isinstance(wait, timedelta)), timedelta(0))
        return wait_over(since, wait, deaf_to(tx, row.person_id, since))
    written = row.facts.get(str(question.wait)) or row.facts.get("missing")  # the programme may have changed since
    if not written:
        return since + AT_LEAST
    begun, named = min(since, _planned(tx, row) or since), datetime.fromisoformat(written)
    return named if named <= begun else wait_over(begun, named - begun, deaf_to(tx, row.person_id, begun))


def deaf_to(tx: Tx, person: int, since: datetime) -> list[Spell]:
    """When we could not hear somebody since an instant: by the channel that they used last."""
    spells = spells_by_channel(tx.rows, since, tx.now)
    there = next((each.channel for each in addresses_of(tx.rows, person)), EVERYWHERE) if spells else EVERYWHERE
    return [spell for channel in {EVERYWHERE, there} for spell in spells.get(channel, ())]


def _planned(tx: Tx, row: SessionRow) -> datetime | None:
    """When the programme wanted it asked: an outage of ours may have held it back."""
    stay, key = tx.rows.get_one(StayRow, row.stay_id).facts(), (row.touchpoint, row.occurrence)
    return next((each.at for each in occasions(tx.programme, stay) if each.key == key), None)


def _reminded(row: SessionRow, flow: Flow) -> tuple[str, ...]:
    """The question that stands, after those that silence led from to it: it reminds of them."""
    steps = [str(row.asked)]
    for step, answer in reversed(row.answers):
        if answer is not None or flow.question(step) is None or row.postponed:
            break
        steps.insert(0, step)
    return tuple(steps)


def _first_arrival(tx: Tx, row: SessionRow, steps: tuple[str, ...]) -> datetime | None:
    """What was answered and is asked anew has a wait of its own, whatever had reminded of it before; so has what the
    learner put off until today.
    """
    if row.postponed:
        return ask(tx.rows, _LAST, {"session": row.id, "steps": steps}).scalar()
    first = ask(tx.rows, _FIRST, {"session": row.id, "steps": steps[:1]}).scalar()
    return first or ask(tx.rows, _FIRST, {"session": row.id, "steps": steps}).scalar()
