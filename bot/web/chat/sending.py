"""A photo, a PDF or a voice from the chat page: made anew and sealed before it is stored, refused with a sentence where it cannot be."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.documents.reencode import Clean, reencode
from bot.domain.proof import HEAVIEST, MINUTES, NOT_PASSED_ON, PAGES, Fault, FileRefused
from bot.handlers.case.sent_files import bring_file
from bot.handlers.inbox.receive import receive
from bot.i18n import _
from bot.store.db import Tx
from bot.web.chat.notices import notice
from bot.web.chat.page import Chat
from bot.web.chat.viewer import Reader, Standing, chosen_by, find_reader, sent_by
from bot.web.common.guard import Patience, from_our_page
from bot.web.common.templates import Notice
from bot.web.common.upload import read_upload

LONGEST = 60
"""Seconds that a file may take to be made anew."""


@dataclass(frozen=True)
class Files:
    """`POST /send`."""

    chat: Chat
    patience: Patience = field(default_factory=lambda: Patience(10, timedelta(minutes=10)))
    """Files of one address: each is twenty megabytes at the most, and work."""
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(self, request: Request) -> Response:
        """One file, from a learner."""
        reader = await self._reader(request)
        try:
            sent = await read_upload(request, most=max(HEAVIEST.values()))
        except HTTPException as problem:
            if problem.status_code == 413:
                return _refused(request, reader, Fault.HEAVY)
            raise
        if not self.chat.seal.fits(reader.native, sent.fields.get("seal", "")):
            raise HTTPException(403)
        if not sent.content:
            raise HTTPException(422)
        try:
            clean = await self._made_anew(sent.content)
        except FileRefused as refused:
            return _refused(request, reader, refused.fault)
        named = hashlib.sha256("\n".join((reader.native, "file", sent.fields.get("nonce", ""))).encode()).hexdigest()
        said = sent_by(request, reader.native)
        await self.chat.desk.db.transact(_keep, reader.person, named, said, clean)
        self.chat.desk.nudge()
        return await self.chat.answered(request, reader.native, named)

    async def _reader(self, request: Request) -> Reader:
        """Who sends; asked before a byte of the file is read.

        Raises:
            HTTPException: nobody who may send files here (403), or too many of them (429).
        """
        db, native = self.chat.desk.db, self.chat.viewer(request)
        if native is None or db.keys is None or not from_our_page(request.headers, self.chat.base_url):
            raise HTTPException(403)
        reader = await db.transact(find_reader, native, chosen_by(request))
        if reader is None or reader.standing is not Standing.CONFIRMED or reader.stay is None:
            raise HTTPException(403)
        now = db.clock.now()
        if self.patience.spent(native, now):
            raise HTTPException(429)
        self.patience.note(native, now)
        return reader

    async def _made_anew(self, content: bytes) -> Clean:
        try:
            async with self.one_at_a_time, asyncio.timeout(LONGEST):
                return await asyncio.to_thread(reencode, content, voices=True)
        except TimeoutError:
            raise FileRefused(Fault.BROKEN) from None


def _keep(tx: Tx, person: int, named: str, said: dict[str, object], clean: Clean) -> None:
    """The file and the message that says so, in one commit; the same form sent twice is one."""
    if receive(tx, "web", [(named, said)]):
        bring_file(tx, person, named, clean.content, clean.mime)


def _refused(request: Request, reader: Reader, fault: Fault) -> Response:
    values = {"pages": PAGES, "minutes": MINUTES, "coordinator": reader.school}
    return notice(request, Notice(422, _("Nothing was sent"), NOT_PASSED_ON[fault], back=True), reader.language, values)
