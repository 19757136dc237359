"""Figures for Prometheus: with a token, of everything that waits, and of nobody in particular."""

from __future__ import annotations

from datetime import timedelta

import httpx
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import Route

from bot.runtime.metrics import metrics
from bot.store.db import Tx
from bot.store.messages import InboxRow, OutboxRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.scenes import arrival_missing

Figures = dict[tuple[str, ...], float]


async def asked(journey: Journey, token: str | None = "open", given: str = "Bearer open") -> httpx.Response:
    """What Prometheus gets."""
    pages = Starlette(routes=[Route("/metrics", metrics(journey.app, SecretStr(token) if token else None))])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=pages), base_url="http://here") as client:
        return await client.get("/metrics", headers={"Authorization": given})


async def figures(journey: Journey) -> Figures:
    found = text_string_to_metric_families((await asked(journey)).text)
    return {
        (each.name.removeprefix("compagnon_"), *each.labels.values()): each.value
        for one in found
        for each in one.samples
    }


def wait(tx: Tx) -> None:
    """An alert that should have left an hour ago, and words that came five minutes ago."""
    row = tx.rows.get_one(OutboxRow, 1)
    row.state, row.lane, row.due_at = "pending", 0, tx.now - timedelta(hours=1)
    five = tx.now - timedelta(minutes=5)
    tx.rows.add(InboxRow(channel="web", native="late", raw={"text": "Secret words"}, received_at=five))


async def test_what_waits_is_counted_and_nobody_is_named(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)
    calm = await figures(journey)
    assert (calm["outbox_due", "alert"], calm["inbox_new",], calm["cases_open", "now"], calm["tick_late_seconds",]) == (
        0,
        0,
        0,
        0,
    )
    assert sum(count for name, count in calm.items() if name[0] == "cases_open") == 1
    assert calm["channel_in_trouble", "web"] == 0

    journey.clock.move_to(journey.clock.now() + timedelta(days=1))
    later = await figures(journey)
    assert later["tick_late_seconds",] > 0
    assert max(age for name, age in later.items() if name[0] == "cases_untaken_oldest_seconds") >= 86400
    await journey.settle()
    assert (await figures(journey))["sends_total", "web", "sent"] > 0

    await journey.lose(wait)
    journey.app.alarms.troubles["web"] = ("silent", 0.0)
    late = await figures(journey)
    assert (late["outbox_due", "alert"], late["outbox_oldest_seconds", "alert"]) == (1, 3600)
    assert (late["inbox_new",], late["inbox_oldest_seconds",], late["channel_in_trouble", "web"]) == (1, 300, 1)
    told = (await asked(journey)).text.lower()
    assert [word for word in ("lina", "haddouche", "secret", "valmer") if word in told] == []


async def test_without_the_token_there_is_nothing_to_see(begin: Begin) -> None:
    journey = begin()
    answers = [await asked(journey, given=given) for given in ("", "Bearer ope", "Bearer opens", "open")]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 401]
    assert (await asked(journey, token=None)).status_code == 404
