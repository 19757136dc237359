"""Compagnon watches itself: it pings while all is well, and only then; an operator reads in /healthz what is not."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import Route
from structlog.testing import capture_logs

from bot.runtime.health import healthz, pinging
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.scenes import arrival_missing

UNHEARD = "delivery: alerts of open cases that reach nobody: 1"


class Pings:
    """Somebody outside who counts, or does not answer."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.heard, self.problem = 0, problem

    async def __call__(self) -> None:
        self.heard += 1
        if self.problem:
            raise self.problem


async def looked(journey: Journey, pings: Pings) -> tuple[tuple[str, ...], int]:
    """What the watch says, and how many pings were heard so far."""
    journey.app.watch.ping = pings
    await journey.app.audit()
    return journey.app.watch.wrong, pings.heard


async def test_while_all_is_well_somebody_outside_hears_of_it(begin: Begin) -> None:
    journey, pings = begin(), Pings()
    await arrival_missing(journey)

    assert [await looked(journey, pings) for _ in range(2)] == [((), 1), ((), 2)]


async def test_what_was_mended_is_pinged_and_what_stands_is_not(begin: Begin) -> None:
    journey, pings = begin(), Pings()
    await arrival_missing(journey)
    await journey.db.transact(lambda tx: setattr(tx.rows.get_one(CaseRow, 1), "wake_at", None))

    mended = await looked(journey, pings)
    journey.clock.move_to(journey.clock.now() + timedelta(minutes=11))
    stands = await looked(journey, pings)
    await journey.settle()
    after = await looked(journey, pings)

    wrong = ("audit: did not take place: case (1)",)
    assert (mended, stands, after) == (((), 1), (wrong, 1), ((), 2))


def one_alert(tx: Tx) -> None:
    """The alert of an open case, a while ago; it has been tried again ever since."""
    row = OutboxRow(person_id=2, case_id=1, lane=Lane.ALERT, message={"text": "x", "values": {}, "offers": []})
    row.created_at, row.due_at, row.attempts = tx.now, tx.now + timedelta(minutes=15), 4
    tx.rows.add(row)


async def test_an_alert_that_reaches_nobody_is_an_alarm_and_no_ping(begin: Begin) -> None:
    journey, pings = begin(), Pings()
    await arrival_missing(journey)
    await journey.db.transact(one_alert)

    journey.clock.move_to(journey.clock.now() + timedelta(minutes=9))
    soon = await looked(journey, pings)
    journey.clock.move_to(journey.clock.now() + timedelta(minutes=2))
    with capture_logs() as logs:
        late = [await looked(journey, pings) for _ in range(2)]

    assert (soon, late) == (((), 1), [((UNHEARD,), 1)] * 2)
    assert logs == [{"event": "something is wrong", "log_level": "critical", "state": UNHEARD}]


async def test_where_somebody_was_told_one_deaf_phone_is_no_alarm(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)
    await journey.db.transact(one_alert)

    await journey.until("2027-03-07 18:00")

    assert await looked(journey, Pings()) == ((), 1)


async def test_with_every_platform_in_trouble_nothing_is_pinged_and_the_web_does_not_count(begin: Begin) -> None:
    journey, pings = begin(), Pings()
    watch = journey.app.watch
    watch._platforms = frozenset({"telegram", "email"})
    watch.alarms.lasting = 0.0

    await watch.alarms.of("telegram")("token")
    one = await looked(journey, pings)
    await watch.alarms.of("email")("refused")
    both = await looked(journey, pings)

    assert (one, both) == (((), 1), (("delivery: no channel works",), 1))


async def test_a_ping_that_fails_is_a_warning_without_its_address(begin: Begin) -> None:
    journey = begin()

    with capture_logs() as logs:
        seen = await looked(journey, Pings(TimeoutError("https://hc-ping.com/secret")))

    assert (seen, logs) == (((), 1), [{"event": "ping not delivered", "log_level": "warning", "state": "TimeoutError"}])


async def test_an_audit_that_fails_stops_the_ping_and_nothing_else(begin: Begin) -> None:
    journey, pings = begin(), Pings()
    await journey.enrol("lina")
    journey.db.programme = None  # type: ignore[assignment]

    with capture_logs():
        seen = await looked(journey, pings)

    assert seen == (("audit: it failed, see the log",), 0)


async def test_healthz_says_what_the_watch_found(begin: Begin) -> None:
    journey = begin()
    journey.app.watch.wrong = (UNHEARD,)

    page = httpx.ASGITransport(Starlette(routes=[Route("/healthz", healthz(journey.app, {}))]))
    async with httpx.AsyncClient(transport=page, base_url="http://here") as outside:
        answer = await outside.get("/healthz")

    assert (answer.status_code, answer.text) == (503, f"{UNHEARD}\n")


async def test_the_ping_is_one_request_and_a_refusal_is_a_warning() -> None:
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0])
        status = b"200 OK" if len(asked) == 1 else b"404 Not Found"
        writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1") as server:
        port = server.sockets[0].getsockname()[1]
        ping = pinging(SecretStr(f"http://127.0.0.1:{port}/secret"))
        with capture_logs() as logs:
            await ping()
            await ping()
        await asyncio.sleep(0)

    assert asked == [b"GET /secret HTTP/1.1"] * 2
    assert logs == [{"event": "ping refused", "log_level": "warning", "state": "404"}]
