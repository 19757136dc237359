"""From the channel to the proofs: files that learners sent are fetched, made anew, sealed and kept. One way in."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import structlog

from bot.documents.reencode import Clean, reencode
from bot.domain.channel import Channel, NotSent, Permanent
from bot.domain.proof import Fault, FileRefused
from bot.handlers.conversation.file_collection import Wanted, claim_files, keep, refuse, try_later
from bot.store.db import Database
from bot.store.keys import KeyRing

log = structlog.get_logger()
BATCH = 4
LONGEST = timedelta(seconds=60)
"""A file that takes longer to fetch, or to make anew, is left: the one is tried again, the other refused."""
FAULTS: Mapping[str, Fault] = {"too large": Fault.HEAVY, "broken": Fault.BROKEN}
"""What a channel says of a file that it will never give; anything else is gone."""


class Collection:
    """Fetches what is wanted, a few files at a time. Only one is made anew at once: a photo unfolds into much memory."""

    def __init__(self, db: Database, channels: Mapping[str, Channel]) -> None:
        self.db = db
        self.channels = channels
        self._one_at_a_time = asyncio.Lock()

    async def collect(self) -> int:
        """One batch; returns how many files were taken in hand. Whatever dies here is fetched again later."""
        keys = self.db.keys
        if keys is None:
            return 0
        wanted = await self.db.transact(claim_files, BATCH)
        await asyncio.gather(*(self._collect_one(each, keys) for each in wanted))
        return len(wanted)

    async def _collect_one(self, wanted: Wanted, keys: KeyRing) -> None:
        try:
            await self._bring(wanted, keys, await self._fetch(wanted))
        except Exception:
            log.exception("file not kept, tried again later", proof=wanted.number)

    async def _fetch(self, wanted: Wanted) -> bytes | NotSent | Permanent:
        channel = self.channels.get(wanted.channel)
        if channel is None:
            return NotSent()
        self.db.witness("fetch")
        try:
            async with asyncio.timeout(LONGEST.total_seconds()):
                got = await channel.fetch(wanted.file)
        except Exception:
            log.exception("channel raised", proof=wanted.number, channel=wanted.channel)
            got = NotSent()
        self.db.witness("fetched")
        return got

    async def _bring(self, wanted: Wanted, keys: KeyRing, got: bytes | NotSent | Permanent) -> None:
        match got:
            case NotSent(retry_after):
                await self.db.transact(try_later, wanted.number, retry_after)
            case Permanent(reason):
                log.warning("file refused by its channel", proof=wanted.number, reason=reason)
                await self.db.transact(refuse, wanted.number, FAULTS.get(reason, Fault.GONE))
            case bytes():
                await self._make_anew(wanted, keys, got)

    async def _make_anew(self, wanted: Wanted, keys: KeyRing, content: bytes) -> None:
        try:
            async with self._one_at_a_time, asyncio.timeout(LONGEST.total_seconds()):
                clean = await asyncio.to_thread(reencode, content, voices=wanted.voices)
        except FileRefused as refused:
            await self.db.transact(refuse, wanted.number, refused.fault)
            return
        except Exception:
            log.exception("file cannot be made anew", proof=wanted.number)
            await self.db.transact(refuse, wanted.number, Fault.BROKEN)
            return
        sealed = await asyncio.to_thread(_seal, keys, wanted.person, clean)
        await self.db.transact(keep, wanted.number, sealed, clean.mime, len(clean.content))


def _seal(keys: KeyRing, person: int, clean: Clean) -> bytes:
    return keys.seal(person, clean.content)
