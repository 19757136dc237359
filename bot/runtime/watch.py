"""Compagnon watches itself: an audit every few minutes, and a sign of life to somebody outside while all is well."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace

import structlog
from sqlalchemy.exc import OperationalError

from bot.clock import SimulatedClock, for_a_moment
from bot.domain.audit import Difference
from bot.handlers.watch.audit import Place, differences_at, next_part
from bot.handlers.watch.channel_outage import unreachable_alerts, unread_cries
from bot.handlers.watch.incremental_audit import AT_ONCE, Seen
from bot.handlers.watch.repair import Audited, Slice, audit_on, conclude
from bot.handlers.watch.wake import somebody_waits
from bot.runtime.alarms import Alarms
from bot.store.db import Database, Tx

log = structlog.get_logger()
PAUSE = 0.05
"""Seconds until we look again whether somebody still waits."""
TRIES = 200
"""How often: an alert that cannot leave, or a flood, holds up a slice for ten seconds at the most."""
FAILED = "audit: it failed, see the log"
Ping = Callable[[], Awaitable[None]]


class Watch:
    """What is wrong with the work itself, for `/healthz`: in words that an operator understands."""

    def __init__(self, db: Database, alarms: Alarms, platforms: Collection[str], nudge: Callable[[], None]) -> None:
        self.db, self.alarms, self._nudge = db, alarms, nudge
        self._platforms = frozenset(platforms)
        self.ping: Ping | None = None
        """Tells somebody outside that all is well; who hears nothing for a while raises the alarm."""
        self.wrong: tuple[str, ...] = ()
        self._so_far, self._seen = Slice(), Seen(AT_ONCE)
        self._failed = False
        self.finished: float | None = None
        """When an audit last came to its end, on the event loop's clock: one that is held up must not be so for long."""

    async def look(self) -> None:
        """Audit, then ping. Whatever goes wrong here goes wrong alone: nothing waits for the watch. What was interrupted
        goes on where it stood.
        """
        try:
            wrong = await self._wrong()
        except Exception:
            log.exception("audit failed")
            wrong = (FAILED,)
        if wrong and wrong != self.wrong:
            log.critical("something is wrong", state="; ".join(wrong))
        self.wrong = wrong
        if not wrong and self.ping is not None:
            try:
                await self.ping()
            except Exception as problem:
                log.warning("ping not delivered", state=type(problem).__name__)

    async def _wrong(self) -> tuple[str, ...]:
        audited = await self._audited()
        if audited.found:
            self._nudge()
        alerts = await self.db.transact(unreachable_alerts)
        kinds = sorted(Counter(each.gap.value for each in audited.standing).items())
        standing = [f"audit: did not take place: {', '.join(f'{kind} ({count})' for kind, count in kinds)}"]
        waiting = [f"delivery: alerts of open cases that reach nobody: {alerts}"]
        cries = await self.db.transact(unread_cries)
        unread = [f"inbox: cries for help that could not be read, in quarantine: {cries}"]
        failed, self._failed = self._failed, False
        return (
            *(standing if kinds else ()),
            *(waiting if alerts else ()),
            *(unread if cries else ()),
            *((FAILED,) if failed else ()),
            *self._silenced(),
        )

    async def _audited(self) -> Audited:
        """Slice by slice: between two of them others have their turn, and nothing begins while somebody waits."""
        while self._so_far.next is not None:
            await self._let_others()
            self._so_far = await self._slice(self._so_far, self._so_far.next)
        audited = await self.db.transact(conclude, self._so_far)
        self._so_far, self.finished = Slice(), asyncio.get_running_loop().time()
        return audited

    async def _let_others(self) -> None:
        """Whoever has just written comes first, and alerts do; but what stands still must not stop the auditor."""
        for _ in range(TRIES):
            if isinstance(self.db.clock, SimulatedClock) or not await self.db.read(somebody_waits):
                return
            await asyncio.sleep(PAUSE)

    async def _slice(self, so_far: Slice, place: Place) -> Slice:
        """Beside whoever writes; only where something is wrong it is looked at once more in a turn of its own, and mended.
        A slice that fails is said to have, and the rest is looked at all the same.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            found, behind = await self.db.read(self._see, place)
            if not found:
                return replace(so_far, next=behind)
            return await self.db.transact(self._mend, so_far)
        except OperationalError:
            raise  # the database is gone, full or locked: the same slice comes next time
        except Exception:
            log.exception("audit failed", state=str(place))
            self._failed = True
            return replace(so_far, next=next_part(place))
        finally:
            await asyncio.sleep(loop.time() - began)  # half of the time is the others'

    def _see(self, tx: Tx, place: Place) -> tuple[tuple[Difference, ...], Place | None]:
        return differences_at(tx, place, self._seen, for_a_moment(self.db.clock))

    def _mend(self, tx: Tx, so_far: Slice) -> Slice:
        return audit_on(tx, so_far, self._seen, for_a_moment(self.db.clock))

    def _silenced(self) -> tuple[str, ...]:
        """No platform works, and has not for a while: nobody hears anything of us, not even of this."""
        failing = self._platforms & self.alarms.lasting_troubles()
        return ("delivery: no channel works",) if failing and failing == self._platforms else ()
