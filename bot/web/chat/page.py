"""The chat page, and what its forms send. Store first: a message is on disk when the browser hears that it is sent."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.web import WebChannel
from bot.domain.channel import LONGEST
from bot.domain.proof import HEAVIEST
from bot.domain.sos import is_sos
from bot.i18n import show
from bot.store.db import Tx
from bot.store.messages import InboxRow
from bot.web.chat.bubbles import cries, page
from bot.web.chat.history import read_page
from bot.web.chat.notices import GONE, MOVED, REFUSED, STRANGER, notice
from bot.web.chat.viewer import WHO, Desk, Reader, Resolver, Standing, chosen_by, sent_by
from bot.web.common.guard import Patience, Seal, from_our_page, read_form
from bot.web.common.templates import language_of, root_of

SETTLED = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds that a page without JavaScript waits, in all, for the answer to what was just sent."""


@dataclass(frozen=True)
class Chat:
    """`GET /`, `POST /say` and `POST /press`."""

    desk: Desk
    channel: WebChannel
    viewer: Resolver
    seal: Seal
    base_url: str
    installs: bool = True
    """Whether a device may keep it: not where it is shown within another page."""
    patience: Patience = field(default_factory=lambda: Patience(30, timedelta(minutes=1)))
    """What one address sends. A cry for help is never counted."""

    async def show(self, request: Request) -> Response:
        """The conversation; or, where this browser may not see it, why not and what to do."""
        native = self.viewer(request)
        shown = await self.desk.db.transact(read_page, native, chosen_by(request)) if native else None
        if native is None or shown is None:
            return notice(request, STRANGER, language_of(request))
        reader = shown.reader
        if reader.standing is Standing.SEVERAL:
            return self._ask_who(request, reader)
        if reader.standing is Standing.PENDING:
            values = {
                "token": self.seal.of(native),
                "cried": "cried" in request.query_params,
                "two_words": reader.words,
            }
            return page(request, "waiting.html", reader.language, values)
        if reader.standing is not Standing.CONFIRMED:
            answer = notice(request, MOVED if reader.standing is Standing.MOVED else REFUSED, reader.language)
            answer.headers["clear-site-data"] = '"storage"'  # what the device was given ends with its standing
            return answer
        self.channel.remember(shown.cursor, shown.state)
        values = {
            "reader": reader,
            "bubbles": shown.bubbles,
            "cursor": shown.cursor,
            "token": self.seal.of(native),
            "cries": cries(self.desk.db.programme.sos.words),
            "installs": self.installs,
            "files": self.desk.db.keys is not None and reader.stay is not None,
            "largest": max(HEAVIEST.values()),
        }
        return page(request, "chat.html", reader.language, values)

    async def who(self, request: Request) -> Response:
        """Who is there? Asked again by whoever is not the one the page shows."""
        native = self.viewer(request)
        shown = await self.desk.db.transact(read_page, native, chosen_by(request)) if native else None
        if shown is None or not shown.reader.people:
            return RedirectResponse(f"{root_of(request)}/", 303)
        return self._ask_who(request, shown.reader)

    async def choose(self, request: Request) -> Response:
        """Somebody says that it is them. It is forgotten when the browser is closed."""
        _native, form = await self.opened(request)
        answer = RedirectResponse(f"{root_of(request)}/", 303)
        secure = self.base_url.startswith("https://")
        path = root_of(request) or "/"
        answer.set_cookie(WHO, form.get("person", "")[:18], path=path, secure=secure, httponly=True, samesite="lax")
        return answer

    def _ask_who(self, request: Request, reader: Reader) -> Response:
        values = {
            "people": reader.people,
            "token": self.seal.of(reader.native),
            "cried": "cried" in request.query_params,
            "emergency": show(reader.emergency, reader.language),
        }
        return page(request, "who.html", reader.language, values)

    async def say(self, request: Request) -> Response:
        """Words typed by hand."""
        native, form = await self.opened(request, cut=True)
        text = form.get("text", "").replace("\x00", "").strip()
        cry = request.state.cry = is_sos(text[:LONGEST], self.desk.db.programme.sos.words)
        if not text:
            raise HTTPException(422)
        if not cry:
            self._count(native)
        if len(text) > LONGEST and not cry:
            request.state.written = text
            raise HTTPException(413)
        return await self._keep(request, native, form.get("nonce", ""), {"text": text[:LONGEST]})

    async def press(self, request: Request) -> Response:
        """A button. Whose it is, and whether it still counts, the handler knows."""
        native, form = await self.opened(request)
        if not form.get("token", "").strip():
            raise HTTPException(422)
        self._count(native)
        return await self._keep(request, native, form.get("nonce", ""), {"token": form["token"][:40]})

    async def opened(self, request: Request, *, cut: bool = False) -> tuple[str, dict[str, str]]:
        """Who sends, and what.

        Raises:
            HTTPException: it is too large (413), or from another page or from nobody we know (403).
        """
        form = await read_form(request, cut=cut)
        native = self.viewer(request)
        if native is None or not from_our_page(request.headers, self.base_url):
            raise HTTPException(403)
        if not self.seal.fits(native, form.get("seal", "")):
            raise HTTPException(403)
        return native, form

    def _count(self, native: str) -> None:
        """One more message of an address.

        Raises:
            HTTPException: too many (429): nobody's flood may delay somebody else's cry for help.
        """
        now = self.desk.db.clock.now()
        if self.patience.spent(native, now):
            raise HTTPException(429)
        self.patience.note(native, now)

    async def _keep(self, request: Request, native: str, nonce: str, sent: dict[str, str]) -> Response:
        """Into the inbox: the same form sent twice is one message, another text or button from it is another."""
        named = hashlib.sha256("\n".join((native, nonce, *sent.values())).encode()).hexdigest()
        await self.desk.receive("web", named, sent_by(request, native) | sent)
        return await self.answered(request, native, named)

    async def answered(self, request: Request, native: str, named: str) -> Response:
        """What was sent is on disk: the page hears of it, or is shown with it."""
        self.channel.ring(native)
        if "hx-request" in request.headers:
            return Response(status_code=204)
        await self._handled(named)
        cried = "?cried" if getattr(request.state, "cry", False) else ""
        return RedirectResponse(f"{request.scope.get('root_path', '').rstrip('/')}/{cried}", 303)

    async def _handled(self, named: str) -> None:
        """Give the answer a moment, so that a page without JavaScript shows it at once."""
        for pause in SETTLED:
            await asyncio.sleep(pause)
            if await self.desk.db.transact(_done, named):
                await asyncio.sleep(SETTLED[0])
                return


def _done(tx: Tx, named: str) -> bool:
    wanted = select(InboxRow.state).where(InboxRow.channel == "web", InboxRow.native == named)
    return tx.rows.scalar(wanted) != "new"


async def gone(request: Request) -> Response:
    """Nothing here: an address typed by hand, or an old link."""
    return notice(request, GONE, language_of(request))
