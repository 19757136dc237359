"""`/metrics` for Prometheus: how much waits and for how long, what was sent, whether we watch. Figures of nobody in particular."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.domain.level import Level
from bot.handlers.watch.wake import ACTS
from bot.runtime.app import App
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import IS_PENDING, InboxRow, Lane, OutboxRow

LEVELS = tuple(level for level in Level if level is not Level.NONE)


@dataclass(frozen=True)
class Waiting:
    """What the database says of this instant; seconds are those of the oldest."""

    outbox: dict[str, tuple[int, float]]
    inbox: tuple[int, float]
    quarantined: int
    cases: dict[Level, tuple[int, int, float]]
    """By level: how many are open, how many of those nobody has taken, and since when the oldest of those."""
    late: float
    """Seconds for which something has been due that was not woken."""


def metrics(app: App, token: SecretStr | None) -> Callable[[Request], Awaitable[Response]]:
    """The figures, for whoever brings the token; without a token in the configuration there is no such page."""
    started = asyncio.get_running_loop().time()

    async def answer(request: Request) -> Response:
        if token is None:
            return PlainTextResponse("not found\n", status_code=404)
        given = request.headers.get("Authorization", "")
        if not secrets.compare_digest(given.encode(), f"Bearer {token.get_secret_value()}".encode()):
            return PlainTextResponse("a token is needed\n", status_code=401, headers={"WWW-Authenticate": "Bearer"})
        try:
            there = await app.db.transact(waiting)
        except OperationalError:
            there = None  # what can be said without it, is
        registry = CollectorRegistry()
        registry.register(_Figures([*_running(app, started), *(_stored(there) if there else ())]))
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return answer


class _Figures(Collector):
    def __init__(self, found: list[Metric]) -> None:
        self._found = found

    def collect(self) -> Iterable[Metric]:
        return self._found


def waiting(tx: Tx) -> Waiting:
    """Count what waits: by indexes, whatever has been sent and closed before."""
    number, oldest = func.count(), func.min(OutboxRow.due_at)
    due = select(OutboxRow.lane, number, oldest).where(OutboxRow.state == IS_PENDING, OutboxRow.due_at <= tx.now)
    lanes = {lane: (count, first) for lane, count, first in tx.rows.execute(due.group_by(OutboxRow.lane))}
    new = select(number, func.min(InboxRow.received_at)).where(InboxRow.state == "new")
    unread, first_unread = tx.rows.execute(new).one()
    aside = select(number).select_from(InboxRow).where(InboxRow.state == "quarantined")
    first_due = [
        tx.rows.scalar(select(func.min(table.wake_at)).where(table.wake_at <= tx.now)) for table, _ in ACTS.values()
    ]
    return Waiting(
        {lane.name.lower(): _aged(tx, *lanes.get(lane.value, (0, None))) for lane in Lane},
        _aged(tx, unread, first_unread),
        tx.rows.scalar(aside) or 0,
        _cases(tx),
        max((_seconds(tx, each) for each in first_due), default=0.0),
    )


def _cases(tx: Tx) -> dict[Level, tuple[int, int, float]]:
    untaken = CaseRow.owner_id.is_(None)
    asked = select(
        CaseRow.level, func.count(), func.count().filter(untaken), func.min(CaseRow.opened_at).filter(untaken)
    )
    found = tx.rows.execute(asked.where(CaseRow.closed_at.is_(None)).group_by(CaseRow.level))
    there = {level: (count, free, _seconds(tx, first)) for level, count, free, first in found}
    return {level: there.get(level, (0, 0, 0.0)) for level in LEVELS}


def _aged(tx: Tx, count: int, first: datetime | None) -> tuple[int, float]:
    return count, _seconds(tx, first)


def _seconds(tx: Tx, since: datetime | None) -> float:
    return max(0.0, (tx.now - since).total_seconds()) if since is not None else 0.0


def _running(app: App, started: float) -> list[Metric]:
    """What this process knows of itself."""
    audited = asyncio.get_running_loop().time() - (app.watch.finished or started)
    sends = CounterMetricFamily("compagnon_sends", "Tries to send, by channel and what came of them.", labels=("channel", "outcome"))  # fmt: skip
    for (channel, outcome), count in sorted(app.delivery.outcomes.items()):
        sends.add_metric((channel, outcome), count)
    troubles = _gauge("channel_in_trouble", "1 while a channel does not work.", "channel", {name: float(name in app.alarms.troubles) for name in app.channels})  # fmt: skip
    return [
        sends,
        troubles,
        _gauge("audit_age_seconds", "Since the last audit that came to its end.", value=audited),
        _gauge("audit_wrong", "What the last audit found wrong: lines of /healthz.", value=len(app.watch.wrong)),
    ]


def _stored(there: Waiting) -> list[Metric]:
    """What waits in the database."""
    level = {each.value: figures for each, figures in there.cases.items()}
    return [
        _gauge("outbox_due", "Messages that should have left.", "lane", {lane: count for lane, (count, _) in there.outbox.items()}),
        _gauge("outbox_oldest_seconds", "How late the oldest of them is.", "lane", {lane: age for lane, (_, age) in there.outbox.items()}),
        _gauge("inbox_new", "Messages received and not handled yet.", value=there.inbox[0]),
        _gauge("inbox_oldest_seconds", "How long the oldest of them has waited.", value=there.inbox[1]),
        _gauge("inbox_quarantined", "Messages that could not be handled.", value=there.quarantined),
        _gauge("cases_open", "Open cases.", "level", {name: count for name, (count, _, _) in level.items()}),
        _gauge("cases_untaken", "Open cases that no adult has taken.", "level", {name: free for name, (_, free, _) in level.items()}),
        _gauge("cases_untaken_oldest_seconds", "Since when; of level now: an SOS that waits.", "level", {name: age for name, (_, _, age) in level.items()}),
        _gauge("tick_late_seconds", "For how long something has been due.", value=there.late),
    ]  # fmt: skip


def _gauge(
    name: str, told: str, label: str = "", each: dict[str, float] | None = None, *, value: float | None = None
) -> Metric:
    made = GaugeMetricFamily(f"compagnon_{name}", told, value=value, labels=(label,) if label else None)
    for which, figure in (each or {}).items():
        made.add_metric((which,), figure)
    return made
