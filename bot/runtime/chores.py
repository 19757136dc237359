"""What is done at its hour, whatever else happens. What fails is tried again the next time, and hinders nothing."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Mapping
from functools import partial

import structlog

from bot.clock import HeldClock, SimulatedClock
from bot.domain.channel import Channel
from bot.handlers.conversation.file_collection import expire_proofs
from bot.handlers.desk.readiness import Looked, close_what_is_settled, look_on, tell
from bot.handlers.people.undo import forget_imports
from bot.handlers.people.visits import forget_visits
from bot.handlers.privacy.erase import Gone, Place, beside, blank_next
from bot.handlers.privacy.erasure_requests import due, erase_one, remind
from bot.handlers.privacy.retention import Swept, sweep
from bot.handlers.privacy.sealing import everybody, seal_slice
from bot.handlers.watch.own_outage import beat, come_back, fell_behind, just_back
from bot.store.db import Database, Tx
from bot.store.resealing import Reached

log = structlog.get_logger()


class Chores:
    """The work of every day and of every minute on one database."""

    def __init__(self, db: Database, nudge: Callable[[], None], channels: Mapping[str, Channel] | None = None) -> None:
        self.db, self._nudge, self._channels = db, nudge, channels or {}

    async def beat(self, *, reading: bool = False) -> None:
        """Note that we are alive. A clock that people move jumps over days without anybody being away."""
        if not isinstance(self.db.clock, SimulatedClock):
            await self._hold()
            await self._away(partial(beat, reading=reading))

    async def _hold(self) -> None:
        """A clock that fell far behind is not believed at once: what is decided by it would lie a year ago."""
        if isinstance(self.db.clock, HeldClock):
            return
        try:
            last = await self.db.read(fell_behind)
            if last is not None:
                log.error("the clock is behind, and is not believed", state=f"for an hour from {last}")
                self.db.clock = HeldClock(self.db.clock, last)
        except Exception:
            log.exception("clock not looked at")

    async def come_back(self) -> None:
        """All that waited has been read."""
        await self._away(come_back)

    async def _away(self, look: Callable[[Tx], bool]) -> None:
        try:
            if await self.db.transact(look):
                log.error("was away for more than a day")
                self._nudge()
        except Exception:
            log.exception("heartbeat not noted")

    async def tidy(self) -> None:
        """Delete what is past its end. Tried again the next night, and at the next start."""
        try:
            if await self.db.transact(just_back):
                log.warning("nothing is deleted yet: we were away for weeks, or the clock is wrong")
                return
            deleted = await self.db.transact(expire_proofs)
            log.info("tidied", state=f"{deleted} files deleted")
            await self.db.transact(forget_visits)
            await self.db.transact(forget_imports)
            await self._seal()
            await self.db.transact(remind)
            await self._sweep()
        except Exception:
            log.exception("not tidied")

    async def _seal(self) -> None:
        """Words from before they were sealed, a few at a time; and keys of people who are not here any more."""
        reached = Reached()
        while not reached.over:
            reached = await self.db.transact(seal_slice, reached)
        if self.db.keys is not None:
            await asyncio.to_thread(self.db.keys.keep_only, await self.db.read(everybody))

    async def _sweep(self) -> None:
        """What is past its end, by the programme's `[retention]`."""
        swept = Swept()
        while swept.last is not None:
            swept = await self.db.transact(sweep, swept)
        await self.erase()
        if swept.counts:
            await asyncio.to_thread(self.db.put_on_disk)

    async def erase(self) -> None:
        """Erase who is due, in the database and beside it, and leave the rooms that were theirs."""
        try:
            if await self.db.transact(just_back):
                return
            for number, person in await self.db.transact(due):
                place = Place()
                while not place.over:
                    place = await self.db.transact(blank_next, person, place)
                gone = await self.db.transact(erase_one, number, place.ends)
                if gone is not None:
                    await self._beside(gone)
        except Exception:
            log.exception("not erased")

    async def _beside(self, gone: Gone) -> None:
        """What is outside the database, of whoever is gone: keys, SQLite's log, rooms of a chat."""
        await asyncio.to_thread(beside, self.db, gone)
        for name, native in gone.addresses:
            if name in self._channels:
                await self._channels[name].forget(native)
        log.info("erased", state=f"{len(gone.people)} people")

    def put_away(self) -> None:
        """Look once for what may be thrown away, and never again at what stays. Python would look through all there is
        whenever it likes, also while somebody waits: 0.3 s with 10,000 stays.
        """
        gc.collect()
        gc.freeze()

    def put_all_away(self) -> None:
        """The same with what was put away before: of that, too, something may have gone since."""
        gc.unfreeze()
        self.put_away()

    async def look_ahead(self) -> None:
        """See whether the stays that are near have the adults they need: beside whoever writes, until something is to be told."""
        try:
            looked = Looked()
            while not looked.over:
                looked = await self.db.read(look_on, looked)
                while looked.lacking:
                    looked = await self.db.transact(tell, looked)
                    self._nudge()
            await self.db.transact(close_what_is_settled)
            self._nudge()
        except Exception:
            log.exception("not looked ahead")
