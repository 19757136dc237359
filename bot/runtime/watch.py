"""Compagnon watches itself: an audit every few minutes, and a sign of life to somebody outside while all is well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Collection

import structlog

from bot.handlers.watch.channel_outage import unreachable_alerts
from bot.handlers.watch.repair import audit
from bot.runtime.alarms import Alarms
from bot.store.db import Database

log = structlog.get_logger()
Ping = Callable[[], Awaitable[None]]


class Watch:
    """What is wrong with the work itself, for `/healthz`: in words that an operator understands."""

    def __init__(self, db: Database, alarms: Alarms, platforms: Collection[str], nudge: Callable[[], None]) -> None:
        self.db, self.alarms, self._nudge = db, alarms, nudge
        self._platforms = frozenset(platforms)
        self.ping: Ping | None = None
        """Tells somebody outside that all is well; who hears nothing for a while raises the alarm."""
        self.wrong: tuple[str, ...] = ()

    async def look(self) -> None:
        """Audit, then ping. Whatever goes wrong here goes wrong alone: nothing waits for the watch."""
        try:
            wrong = await self._wrong()
        except Exception:
            log.exception("audit failed")
            wrong = ("audit: it failed, see the log",)
        if wrong and wrong != self.wrong:
            log.critical("something is wrong", state="; ".join(wrong))
        self.wrong = wrong
        if not wrong and self.ping is not None:
            try:
                await self.ping()
            except Exception as problem:
                log.warning("ping not delivered", state=type(problem).__name__)

    async def _wrong(self) -> tuple[str, ...]:
        audited = await self.db.transact(audit)
        if audited.found:
            self._nudge()
        alerts = await self.db.transact(unreachable_alerts)
        kinds = sorted(Counter(each.gap.value for each in audited.standing).items())
        standing = [f"audit: did not take place: {', '.join(f'{kind} ({count})' for kind, count in kinds)}"]
        waiting = [f"delivery: alerts of open cases that reach nobody: {alerts}"]
        return (*(standing if kinds else ()), *(waiting if alerts else ()), *self._silenced())

    def _silenced(self) -> tuple[str, ...]:
        """No platform works, and has not for a while: nobody hears anything of us, not even of this."""
        failing = self._platforms & self.alarms.lasting_troubles()
        return ("delivery: no channel works",) if failing and failing == self._platforms else ()
