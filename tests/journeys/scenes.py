"""Where many journeys begin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import select

from bot.domain.ladder import Closed
from bot.handlers.case.case import move_case
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.people import by_ref
from tests.journeys.driver import Journey, Settle, instant, pass_time
from tests.journeys.remembered import scene

EVERYBODY = ("lina", "nadia", "luc", "cathy", "helene", "pascale", "yann")
OPEN = select(CaseRow.id).where(CaseRow.closed_at.is_(None))


def forget(journey: Journey) -> None:
    """Look at what everybody heard so far, so that only what comes next counts."""
    journey.forget(*EVERYBODY)


async def looked_after(journey: Journey, local: str) -> None:
    """Time passes, and Nadia closes each case as it opens: where nobody does, everybody is told again and again, and a test
    of something else pays for it.
    """

    async def closing(settle: Settle) -> datetime | None:
        wake = await settle()
        if not journey.ask(OPEN):
            return wake
        await journey.do(_close_all)
        return await journey.app.next_wake()

    settle, stop = partial(closing, journey.settle), partial(closing, journey.stop)
    await pass_time(journey.app, journey.clock, instant(local), settle, stop)


def _close_all(tx: Tx) -> None:
    nadia = by_ref(tx.rows, "nadia")
    assert nadia is not None
    for case in tx.rows.scalars(select(CaseRow).where(CaseRow.closed_at.is_(None))):
        move_case(tx, case, Closed(nadia.id, "false_alarm"))


@scene
async def arrival_asked(journey: Journey) -> None:
    """Lina is in Leipzig, and has just been asked whether she arrived."""
    await journey.enrol("lina")
    await journey.until("2027-03-06 20:05")


@scene
async def arrived(journey: Journey) -> None:
    """Lina is in Leipzig, and has said so."""
    await journey.enrol("lina")
    await journey.until("2027-03-06 20:30")
    for choice in ("yes", "as_planned", "yes"):
        await journey.press("lina", choice)


async def abroad(begin: Callable[..., Journey]) -> Journey:
    """A journey of its own from there on: only what comes next is heard."""
    journey = begin()
    await arrived(journey)
    forget(journey)
    return journey


def cases(journey: Journey) -> list[object]:
    """What each case is about, how grave it is, and when it was closed."""
    return journey.ask(select(CaseRow.topic, CaseRow.level, CaseRow.closed_at))


@scene
async def check_in_asked(journey: Journey, *, sunday: str = "2027-03-14 18:30") -> None:
    """Lina has said that she arrived, answered the first check-in, and is asked again on Sunday."""
    await arrived(journey)
    await journey.until("2027-03-10 18:30")
    await answer_check_in(journey)
    await journey.until(sunday)
    forget(journey)


async def asked_more(journey: Journey) -> None:
    """The Sunday after, Lina is so-so, and the first of the school's questions stands."""
    await check_in_asked(journey)
    await journey.press("lina", "so_so")
    forget(journey)


async def answer_check_in(journey: Journey, mood: str = "") -> None:
    """Everything is fine; or so-so, with this mood and nothing else the matter."""
    if not mood:
        return await journey.press("lina", "fine")
    for choice in ("so_so", mood, "interesting", "fine", "fine", "none", "no", "nothing"):
        await journey.press("lina", choice)


async def cry(journey: Journey, words: str = "SOS") -> tuple[list[str], list[str]]:
    """What Lina and the on-call adult hear at once."""
    forget(journey)
    await journey.say("lina", words)
    return journey.heard("lina"), journey.heard("luc")


@scene
async def cried(journey: Journey) -> tuple[list[str], list[str]]:
    """Lina has begun, and cries at once: what she and the on-call adult hear."""
    await journey.enrol("lina")
    return await cry(journey)


@scene
async def arrival_missing(journey: Journey, until: str = "2027-03-07 13:45", *refs: str) -> None:
    """Lina has not said that she arrived: coordinator and deputy were alerted on Sunday."""
    await journey.enrol("lina", *refs)
    await journey.until(until)
    forget(journey)
