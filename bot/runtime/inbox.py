"""What comes in: stored before it is acknowledged, then decided. What cannot be decided is set aside and blocks nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, NamedTuple

import structlog
from sqlalchemy.exc import OperationalError

from bot.clock import for_a_moment
from bot.domain.channel import Channel, Unreadable
from bot.domain.sos import cry_in, is_sos
from bot.handlers.inbox.batches import MOST, NOTHING, Decided, decide
from bot.handlers.inbox.dispatch import Reader, dispatch
from bot.handlers.inbox.lost_cry import cry_out
from bot.handlers.inbox.receive import Update, quarantine, receive
from bot.handlers.watch.wake import UPDATES, There, look
from bot.runtime.backlog import Backlog
from bot.runtime.best_effort import BestEffortReplies
from bot.store.db import Database, Tx

log = structlog.get_logger()


class Turn(NamedTuple):
    """What one transaction did: how many updates were new in it, what was decided, and what there is to do now."""

    fresh: int
    decided: Decided
    there: There


class Inbox:
    """Receives and decides. A hand-over to the database's thread costs as much as a decision: so what comes in is stored and
    decided in one commit where it is little, and what there is to do next is looked up in the same one. Delivery is
    nudged after each.
    """

    def __init__(
        self, db: Database, channels: Mapping[str, Channel], courtesies: BestEffortReplies, nudge: Callable[[], None]
    ) -> None:
        self.db, self._channels, self._courtesies, self._nudge = db, channels, courtesies, nudge
        self.readers: dict[str, Reader] = {name: channel.read for name, channel in channels.items()}
        self._backlog = Backlog()
        self.at_once = False
        """Whether what comes may be decided as it is stored: not while an earlier process's work is taken up."""

    async def receive(self, channel: str, updates: Collection[Update]) -> Turn | int:
        """Keep updates; when this returns they are on disk and may be acknowledged. How many were new, and nothing else
        where they were only stored.
        """
        urgent, behind = list[str](), dict[str, int]()
        for native, raw in updates:
            sender, cries = self._look(channel, native, raw)
            urgent += [native] if cries else []
            behind[native] = self._backlog.stands_behind(channel, sender)
        self._backlog.came(channel, len(updates), asyncio.get_running_loop().time())
        store = partial(receive, channel=channel, updates=updates, urgent=urgent, behind=behind)
        if self.at_once and len(updates) <= MOST:
            try:
                return await self._decide(store)
            except OperationalError:
                raise  # nothing is stored, and must not be acknowledged
            except Exception:
                log.info("not decided as it came", channel=channel)  # why is said when it has its turn
        return await self.db.transact(store)

    async def decide(self) -> tuple[int, There]:
        """Handle some of what waits: how many, and what there is to do then."""
        many = 0
        while True:
            try:
                turn = await self._decide()
            except OperationalError:
                raise  # the database is gone or full: that is no update's fault, and all stay to be handled
            except Exception:
                there = await self.db.transact(look)
                return many + await self.handle(there.inbox), there
            many += turn.decided.many
            if many >= UPDATES or not turn.there.inbox or not turn.decided.many:
                return many, turn.there

    async def _decide(self, store: Callable[[Tx], int] | None = None) -> Turn:
        patient = self._backlog.goes_on(asyncio.get_running_loop().time())
        turn = await self.db.transact(self._turn, store, patient=patient)
        if not turn.there.inbox:
            self._backlog.emptied()
        self._courtesies.add(turn.decided.courtesies)
        if turn.decided.many:
            self._nudge()
        return turn

    def _turn(self, tx: Tx, store: Callable[[Tx], int] | None, *, patient: bool) -> Turn:
        fresh = store(tx) if store is not None else 0
        if store is None and not (there := look(tx)).inbox:
            return Turn(0, NOTHING, there)
        decided = decide(tx, self.readers, partial(for_a_moment, self.db.clock), patient=patient)
        return Turn(fresh, decided, look(tx))

    async def handle(self, numbers: Collection[int]) -> int:
        """Handle updates in order, each alone. What cannot be handled is set aside."""
        for number in numbers:
            try:
                self._courtesies.add(await self.db.transact(dispatch, number, self.readers))
                self._nudge()
            except OperationalError:
                raise  # the database is gone or full: that is not this update's fault, and it stays to be handled
            except Unreadable as problem:
                log.warning("update quarantined", inbox=number)
                await self._give_up(number, str(problem))
            except Exception:
                log.exception("handler failed", inbox=number)
                await self._give_up(number, "handler failed")
        return len(numbers)

    async def _give_up(self, number: int, problem: str) -> None:
        """An update that cannot be handled is set aside; a cry for help among them is told to people all the same."""
        try:
            if await self.db.transact(cry_out, number, self._sender):
                log.critical("cry could not be handled, adults are told", inbox=number)
                self._nudge()
        except OperationalError:
            raise
        except Exception:
            log.exception("cry not told", inbox=number)
        await self.db.transact(quarantine, number, problem)

    def _look(self, channel: str, native: str, raw: dict[str, Any]) -> tuple[str, bool]:
        """Who an update is from, and whether it is a cry for help. Those that cannot be read stand behind one another."""
        words = self.db.programme.sos.words
        try:
            incoming = self.readers[channel](native, raw)
        except Exception:  # whatever is wrong with it or with us, it is stored, and looked at for a cry
            return "", cry_in(raw, words)
        return incoming.address, bool(incoming.text) and is_sos(incoming.text, words)

    def _sender(self, channel: str, native: str, raw: dict[str, Any]) -> str:
        """Who an update is from, as far as that can be seen."""
        try:
            return self.readers[channel](native, raw).address
        except Exception:
            return self._channels[channel].sender(raw) if channel in self._channels else ""
