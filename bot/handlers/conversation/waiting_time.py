"""How long a question has stood: from the first time it arrived, whatever came between and however often it was repeated."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import bindparam, case, func, select

from bot.domain.touchpoints import occasions
from bot.domain.waiting import Spell, wait_over
from bot.engine.flow import Flow
from bot.store.autoflush import ask
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.outages import EVERYWHERE, spells_by_channel
from bot.store.people import addresses_of
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow

Arrivals = Mapping[tuple[int, str], tuple[datetime, datetime]]
"""When each question (session and step) that is not answered first arrived, and when last."""
_AT = case((OutboxRow.state == "sent", OutboxRow.sent_at))  # in `where`, SQLite would look through all that was sent
_ARRIVED = (
    select(OutboxRow.session_id, OutboxRow.step, func.min(_AT), func.max(_AT))
    .where(OutboxRow.session_id.in_(bindparam("sessions", expanding=True)), OutboxRow.chosen.is_(None))
    .group_by(OutboxRow.session_id, OutboxRow.step)
)
AT_LEAST = timedelta(hours=1)
"""However late a question came, or came again, it may be answered for so long before silence counts."""


class Standing(Protocol):
    """What of a conversation says how long it has waited: the whole row of it, or no more than this."""

    @property
    def id(self) -> int: ...
    @property
    def person_id(self) -> int: ...
    @property
    def stay_id(self) -> int: ...
    @property
    def touchpoint(self) -> str: ...
    @property
    def occurrence(self) -> str: ...
    @property
    def asked(self) -> str | None: ...
    @property
    def answers(self) -> list[Any]: ...
    @property
    def postponed(self) -> int: ...


def arrivals(tx: Tx, sessions: Collection[int]) -> Arrivals:
    """What has arrived in several conversations, in one look."""
    found: Iterable[Any] = ask(tx.rows, _ARRIVED, {"sessions": sorted(sessions)})
    return {(session, step): (first, last) for session, step, first, last in found if first is not None}


def silence_at(tx: Tx, row: Standing, flow: Flow, arrived: Arrivals | None = None) -> datetime | None:
    """When silence counts for the question that stands: so long after it, or the one it is a reminder of, first arrived;
    or at the instant that the facts name. None where nothing is waited for, or nothing has arrived. What has `arrived` is
    looked up, unless it was for several conversations at once.
    """
    question = flow.question(row.asked)
    if question is None or question.wait is None:
        return None
    asked = _reminded(row, flow)
    since = _first_arrival(row, asked, arrivals(tx, (row.id,)) if arrived is None else arrived)
    if since is None:
        return None
    if isinstance(question.wait, timedelta):
        waits = [each.wait for step in asked if (each := flow.question(step)) is not None]
        wait = sum((wait for wait in waits if isinstance(wait, timedelta)), timedelta(0))
        return wait_over(since, wait, deaf_to(tx, row.person_id, since))
    facts = tx.rows.get_one(SessionRow, row.id).facts
    written = facts.get(str(question.wait)) or facts.get("missing")  # the programme may have changed since
    if not written:
        return since + AT_LEAST
    begun, named = min(since, _planned(tx, row) or since), datetime.fromisoformat(written)
    return named if named <= begun else wait_over(begun, named - begun, deaf_to(tx, row.person_id, begun))


def deaf_to(tx: Tx, person: int, since: datetime) -> list[Spell]:
    """When we could not hear somebody since an instant: by the channel that they used last."""
    spells = spells_by_channel(tx.rows, since, tx.now)
    there = next((each.channel for each in addresses_of(tx.rows, person)), EVERYWHERE) if spells else EVERYWHERE
    return [spell for channel in {EVERYWHERE, there} for spell in spells.get(channel, ())]


def _planned(tx: Tx, row: Standing) -> datetime | None:
    """When the programme wanted it asked: an outage of ours may have held it back."""
    stay, key = tx.rows.get_one(StayRow, row.stay_id).facts(), (row.touchpoint, row.occurrence)
    return next((each.at for each in occasions(tx.programme, stay) if each.key == key), None)


def _reminded(row: Standing, flow: Flow) -> tuple[str, ...]:
    """The question that stands, after those that silence led from to it: it reminds of them."""
    steps = [str(row.asked)]
    for step, answer in reversed(row.answers):
        if answer is not None or flow.question(step) is None or row.postponed:
            break
        steps.insert(0, step)
    return tuple(steps)


def _first_arrival(row: Standing, steps: tuple[str, ...], arrived: Arrivals) -> datetime | None:
    """What was answered and is asked anew has a wait of its own, whatever had reminded of it before; so has what the
    learner put off until today.
    """
    known = {step: arrived[row.id, step] for step in steps if (row.id, step) in arrived}
    if row.postponed:
        return max((last for _first, last in known.values()), default=None)
    begun = {step: first for step, (first, _last) in known.items()}
    return begun.get(steps[0]) or min(begun.values(), default=None)
