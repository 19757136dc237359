"""Asking the homeserver what is new, for ever: stored first, and only then acknowledged, by asking for what follows.

matrix-nio's own loop keeps the token before anything is handled, and ends at the first event it cannot parse. So the
loop is our own, over raw JSON.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Protocol

import structlog

from bot.channels.arrival import Alarm, Batch, Receive, Telling
from bot.channels.matrix.arrivals import Arrivals, table
from bot.channels.matrix.channel import MatrixChannel
from bot.channels.matrix.client_api import CallError, TooFast, Unanswered
from bot.channels.matrix.folder import FolderError
from bot.channels.matrix.machine import NoStore
from bot.channels.matrix.membership import Membership
from bot.channels.matrix.outcomes import refuses_token
from bot.channels.matrix.own_device import NotOurDevice
from bot.channels.matrix.receipt import Receipt
from bot.channels.matrix.rooms import STATE, Invitation

log = structlog.get_logger()
NOTHING: dict[str, list[str]] = {"types": []}
FILTER = json.dumps(
    {
        "presence": NOTHING,
        "account_data": NOTHING,
        "room": {
            "account_data": NOTHING,
            "ephemeral": NOTHING,
            "state": {"types": list(STATE), "lazy_load_members": False},
            "timeline": {"limit": 50},
        },
    },
    separators=(",", ":"),
)
FULL = 120.0
"""Seconds the first answer may take: it holds the state of every room."""
MARK_EVERY = 300.0
"""Seconds after which a copy of the crypto store is an old one."""
DOWN = 3
"""So many failures in a row are an outage."""


class Kept(Protocol):
    """Where the sync token is kept, with what was not yet readable: one value, written whole."""

    async def load(self) -> dict[str, Any]: ...

    async def save(self, value: dict[str, Any]) -> None: ...


class Syncing:
    """`hold` is how many seconds the homeserver waits for something to tell; the rest are pauses, in seconds. `quiet` is
    told once, when all that waited has been stored. `breath` is for what we wrote ourselves: it comes back to us, and while
    we write much, several together.
    """

    def __init__(
        self, channel: MatrixChannel, receive: Receive, alarm: Alarm, kept: Kept,
        *, hold: float = 30.0, pause: float = 30.0, first: float = 1.0, longest: float = 30.0, patience: float = 30.0,
        breath: float = 0.05, quiet: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        self.channel, self.receipt, self._telling, self._kept = (
            channel,
            Receipt(channel, receive),
            Telling(alarm, channel.name),
            kept,
        )
        self.arrivals, self.membership = Arrivals(channel, patience=patience), Membership(channel)
        self.hold, self.pause, self.first, self.longest, self.breath = hold, pause, first, longest, breath
        self.last_poll: float | None = None
        """When a sync was last got and stored, on the event loop's clock; for `/healthz`."""
        self._since: str | None = None
        self._failures, self._marked = 0, 0.0
        self._quiet, self._heard_out = quiet, False

    async def run(self) -> None:
        """For ever."""
        async with self.receipt.open():
            while True:
                pause = await self._round()
                await asyncio.sleep(pause)

    async def _round(self) -> float:
        """Ask once; how long to wait before the next time."""
        waiting = dict(self.arrivals.undecrypted.waiting)
        try:
            if self.channel.exchange is None:
                await self._begin()
                waiting = dict(self.arrivals.undecrypted.waiting)
            answer = await self._ask()
            assert self.channel.exchange is not None
            batch = await self.arrivals.take(self.channel.exchange, answer, self._since or "")
        except Exception as problem:  # whatever it is, syncing goes on
            self.arrivals.undecrypted.waiting = waiting
            return await self._failed(problem)
        self.channel.trouble = None
        await self._telling.tell(None)
        return await self._store(answer, batch, waiting)

    async def _begin(self) -> None:
        """Stand, and take up what an earlier process kept."""
        if self._since is None:
            kept = await self._kept.load()
            self.arrivals.undecrypted.waiting = dict(kept.get("waiting", {}))
            self.membership.invited = {room: Invitation(**wish) for room, wish in kept.get("invited", {}).items()}
            self._since = str(kept.get("since", ""))
        await self.channel.stand()

    async def _ask(self) -> dict[str, Any]:
        """What is new. The first time, with the state of every room: it is kept in memory only."""
        whole = not self.channel.rooms.known
        hold = min(self.hold, self.arrivals.undecrypted.due())
        at_once = whole or not (self._heard_out or self._quiet is None)
        query = {"filter": FILTER, "timeout": "0" if at_once else str(int(hold * 1000))}
        query |= {"since": self._since} if self._since else {}
        query |= {"full_state": "true"} if whole else {}
        answer = await self.channel.server.call("GET", "/sync", query=query, answer=FULL if whole else self.hold + 15.0)
        if not isinstance(answer.get("next_batch"), str):
            raise Unanswered("a sync without a token")
        return answer

    async def _store(self, answer: dict[str, Any], batch: Batch, before: dict[str, dict[str, Any]]) -> float:
        invited = dict(self.membership.invited)
        try:
            self.membership.note(answer)
            await self.receipt.take(batch)
            told = batch or table(answer, "to_device").get("events") or self.arrivals.undecrypted.waiting != before
            if told or self.membership.invited != invited or not self._since:
                await self._save(answer["next_batch"])  # else only we ourselves wrote: it may be told once more
        except Exception:  # the disk is full, the database locked: the homeserver keeps it for us
            log.exception("events not stored", channel="matrix")
            self.arrivals.undecrypted.waiting, self.membership.invited = before, invited
            return self._longer()
        self._failures, self.last_poll = 0, asyncio.get_running_loop().time()
        self._since = answer["next_batch"]
        if not batch and not self._heard_out:
            self._heard_out = True
            if self._quiet is not None:
                self._quiet()
        await self._chores()
        return 0.0 if told else self.breath

    async def _save(self, since: str) -> None:
        invited = {room: asdict(wish) for room, wish in self.membership.invited.items()}
        await self._kept.save({"since": since, "waiting": self.arrivals.undecrypted.waiting, "invited": invited})

    async def _chores(self) -> None:
        """What follows from a sync. What fails is done the next time."""
        exchange, now = self.channel.exchange, asyncio.get_running_loop().time()
        if exchange is None:
            return
        try:
            await exchange.upload()
            await exchange.mend()
            await self.membership.tend(exchange)
            if now - self._marked >= MARK_EVERY:
                self._marked = now
                await self.channel.mark()
        except CallError as problem:
            log.warning("chores left", channel="matrix", state=type(problem).__name__)
        except Exception:
            log.exception("chores left", channel="matrix")

    async def _failed(self, problem: Exception) -> float:
        if isinstance(problem, TooFast):
            log.warning("told to wait", channel="matrix", state=f"{problem.wait.total_seconds():.0f} s")
            return problem.wait.total_seconds()
        if refuses_token(problem):
            self.channel.trouble = "token"
            await self.channel.stop()  # a repair gives another
            await self._telling.tell("token")
            return self.pause
        if isinstance(problem, NotOurDevice | NoStore | FolderError):
            log.error("not the device we believe to be", channel="matrix", state=str(problem))
            await self._telling.tell("store")
            return self.pause
        log.warning("no sync", channel="matrix", state=type(problem).__name__)
        pause = self._longer()
        if self._failures >= DOWN:
            await self._telling.tell("down")
        return pause

    def _longer(self) -> float:
        """Twice as long as the last time, up to `longest`."""
        self._failures = min(self._failures + 1, 20)
        return min(self.first * float(2 ** (self._failures - 1)), self.longest)
