"""What a device keeps of the chat: its place on the home screen, a page for when there is no connection, and the wish to be
told. Nothing that anybody wrote is ever among it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from bot.channels.push_subscription import Subscription
from bot.i18n import LANGUAGES, direction
from bot.store.db import Tx
from bot.store.push import PushSubscription, forget_push
from bot.web.chat.bubbles import TEMPLATES, page
from bot.web.chat.page import Chat
from bot.web.chat.viewer import Standing, chosen_by, find_reader
from bot.web.common.templates import SHARED, language_of, root_of

if TYPE_CHECKING:
    from bot.channels.push import PushKey  # brings the libraries that seal and send


class Hints(Protocol):
    """What tells browsers that are closed."""

    @property
    def key(self) -> PushKey: ...
    def accepts(self, endpoint: str) -> bool: ...


@dataclass(frozen=True)
class Device:
    """`GET /manifest.webmanifest`, `/sw.js`, `/offline` and `/push`; `POST /push`."""

    chat: Chat
    hints: Hints | None = None

    async def manifest(self, request: Request) -> Response:
        """What a home screen shows. It knows nobody: browsers ask for it without saying who they are."""
        base, asked = root_of(request), request.query_params.get("lang", "")
        language = asked if asked in LANGUAGES else language_of(request)
        icons = [
            {
                "src": f"{base}{SHARED}/icon-{size}.png",
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size in (192, 512)
            for purpose in ("any", "maskable")
        ]
        shown = {
            "id": f"{base}/", "name": "Compagnon", "short_name": "Compagnon", "lang": language,
            "dir": direction(language), "start_url": f"{base}/", "scope": f"{base}/", "display": "standalone",
            "background_color": "#f3f5f4", "theme_color": "#0b6b5d", "icons": icons,
        }  # fmt: skip
        return JSONResponse(shown, media_type="application/manifest+json")

    async def worker(self, _request: Request) -> Response:
        """The service worker: from here, because it may serve only what lies below its own address."""
        return FileResponse(TEMPLATES.static / "sw.js", media_type="text/javascript")

    async def offline(self, request: Request) -> Response:
        """The page that a device keeps: whom to call. The number is that of whoever opened the chat last."""
        native = self.chat.viewer(request)
        reader = await self.chat.desk.db.transact(find_reader, native, chosen_by(request)) if native else None
        known = reader if reader is not None and reader.standing is Standing.CONFIRMED else None
        language = known.language if known else language_of(request)
        return page(request, "offline.html", language, {"card": known.card if known else ""})

    async def key(self, _request: Request) -> Response:
        """What a browser has to know of us before it subscribes."""
        if self.hints is None:
            raise HTTPException(404)
        return PlainTextResponse(self.hints.key.public)

    async def subscribe(self, request: Request) -> Response:
        """A device wants to be told, or not any more."""
        native, form = await self.chat.opened(request)
        given = Subscription(form.get("endpoint", "")[:1000], form.get("p256dh", "")[:100], form.get("auth", "")[:40])
        if not given.endpoint:
            await self.chat.desk.db.transact(lambda tx: forget_push(tx.rows, native))
            return Response(status_code=204)
        if self.hints is None or not self.hints.accepts(given.endpoint) or not given.usable:
            raise HTTPException(422)
        if not await self.chat.desk.db.transact(_keep, native, chosen_by(request), given):
            raise HTTPException(403)
        return Response(status_code=204)


def _keep(tx: Tx, native: str, who: int, given: Subscription) -> bool:
    """One for each browser: the latest. False where nobody we know is there."""
    reader = find_reader(tx, native, who)
    if reader is None or reader.standing is not Standing.CONFIRMED:
        return False
    forget_push(tx.rows, native)
    row = PushSubscription(person_id=reader.person, native=native, created_at=tx.now, **vars(given))
    tx.rows.add(row)
    return True
