"""Server-sent events: a page is sent what it lacks, at once and whenever something changes.

An event's id names all the page then shows. A page that comes back with one is sent exactly the difference;
one whose id is forgotten (a restart) is sent everything, and leaves alone what it has already.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.channels.web import WebChannel
from bot.web.chat.bubbles import filled
from bot.web.chat.history import Bubble, Page, read_page
from bot.web.chat.viewer import Desk, Resolver, Standing, chosen_by
from bot.web.common.guard import Patience, Seal
from bot.web.common.templates import root_of

HEARTBEAT = 20.0
LOOK_AGAIN = (0.5, 2.0)
"""Seconds after a ring: what was pressed is handled a moment after it came, and need not ring by itself."""
RELOAD = "event: reload\ndata: now\n\n"
BEAT = ": still here\nevent: beat\ndata: now\n\n"


@dataclass(frozen=True)
class Stream:
    """`GET /events`."""

    desk: Desk
    channel: WebChannel
    viewer: Resolver
    seal: Seal
    opened: Patience = field(default_factory=lambda: Patience(120, timedelta(minutes=1)))
    """Streams that an address opens: a phone on a bad network comes back every two seconds, nobody oftener."""

    async def events(self, request: Request) -> Response:
        """The stream of one page, for as long as it is open and shows what it should."""
        native, now = self.viewer(request) or "", self.desk.db.clock.now()
        if self.opened.spent(native, now):
            return Response(status_code=204)  # and a browser comes back no more
        self.opened.note(native, now)
        shows = request.query_params.get("shows", Standing.CONFIRMED)
        seen = request.headers.get("last-event-id") or request.query_params.get("after", "")
        base = root_of(request)
        told = self._told(native, chosen_by(request), shows, seen, base)
        return StreamingResponse(told, media_type="text/event-stream", headers={"x-accel-buffering": "no"})

    async def _told(self, native: str, who: int, shows: str, cursor: str, base: str) -> AsyncIterator[str]:
        yield "retry: 2000\n" + BEAT
        seen = self.channel.recall(cursor)
        pauses: tuple[float, ...] = ()
        with self.channel.open_page(native) as bell:
            while not (self.channel.closed or bell.over):
                page = await self.desk.db.read(read_page, native, who)
                if page is None or page.reader.standing != shows:
                    yield RELOAD
                    return
                lacking = page.beyond(seen)
                if lacking and page.cursor != cursor:
                    self.channel.remember(page.cursor, page.state)
                    yield self._event(page, lacking, base)
                seen, cursor = page.state, page.cursor
                if await bell.wait(pauses[0] if pauses else HEARTBEAT):
                    pauses = LOOK_AGAIN
                elif pauses:
                    pauses = pauses[1:]
                else:
                    yield BEAT

    def _event(self, page: Page, lacking: tuple[Bubble, ...], base: str) -> str:
        """The bubbles as HTML, each with its own id, so that the page replaces rather than repeats."""
        values = {"bubbles": lacking, "base": base, "token": self.seal.of(page.reader.native)}
        shown = filled("bubbles.html", page.reader.language, values)
        lines = "".join(f"data: {line}\n" for line in re.split(r"\r\n|\r|\n", shown.strip()))
        return f"id: {page.cursor}\nevent: bubbles\n{lines}\n"
