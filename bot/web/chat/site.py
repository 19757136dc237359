"""The web chat as one application to mount anywhere, as often as one likes."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from bot.channels.web import WebChannel
from bot.domain.channel import LONGEST
from bot.domain.programme.help import EUROPEAN
from bot.web.chat.bubbles import TEMPLATES
from bot.web.chat.device import Device, Hints
from bot.web.chat.history import Page, read_page
from bot.web.chat.join import Join
from bot.web.chat.notices import ASKED, BROKEN, GONE, UNHEARD, notice
from bot.web.chat.page import Chat
from bot.web.chat.sending import Files
from bot.web.chat.stream import Stream
from bot.web.chat.viewer import Desk, Resolver, by_cookie, chosen_by
from bot.web.common.guard import Headers, Seal
from bot.web.common.templates import SHARED, STATIC, language_of


class WebChat:
    """The pages of the web chat.

    `viewer` tells who is looking: the cookie, unless something else is given (the demo shows several people).
    `frame_ancestors` is the policy of framing: nobody, or "'self'" for the demo. `hints` tells browsers that are closed.
    """

    def __init__(
        self,
        desk: Desk,
        channel: WebChannel,
        *,
        base_url: str,
        secret: str,
        viewer: Resolver = by_cookie,
        frame_ancestors: str = "'none'",
        hints: Hints | None = None,
    ) -> None:
        self.desk, self.viewer, self.frame_ancestors = desk, viewer, frame_ancestors
        seal = Seal(secret)
        self.chat = Chat(desk, channel, viewer, seal, base_url, installs=frame_ancestors == "'none'")
        self.device = Device(self.chat, hints)
        self.files = Files(self.chat)
        self.door = Join(desk, base_url)
        self.stream = Stream(desk, channel, viewer, seal)

    def application(self) -> ASGIApp:
        """An ASGI application. Mount it at a path of its own; its links follow the path."""
        inside = Starlette(
            routes=[
                Route("/", self.chat.show),
                Route("/say", self.chat.say, methods=["POST"]),
                Route("/press", self.chat.press, methods=["POST"]),
                Route("/send", self.files.send, methods=["POST"]),
                Route("/who", self.chat.who),
                Route("/who", self.chat.choose, methods=["POST"]),
                Route("/events", self.stream.events),
                Route("/manifest.webmanifest", self.device.manifest),
                Route("/sw.js", self.device.worker),
                Route("/offline", self.device.offline),
                Route("/push", self.device.key),
                Route("/push", self.device.subscribe, methods=["POST"]),
                Route("/j/{code}", self.door.look),
                Route("/j/{code}", self.door.claim, methods=["POST"]),
                Mount(TEMPLATES.assets, StaticFiles(directory=TEMPLATES.static)),
                Mount(SHARED, StaticFiles(directory=STATIC)),
            ],
            middleware=[Middleware(GZipMiddleware, minimum_size=1000)],
            exception_handlers={HTTPException: self._refused, Exception: self._broken},
        )
        return Headers(inside, frame_ancestors=self.frame_ancestors, base_url=self.door.base_url, microphone=True)

    async def _refused(self, request: Request, problem: Exception) -> Response:
        """A form we cannot take, or an address that leads nowhere."""
        status = problem.status_code if isinstance(problem, HTTPException) else 404
        values = {"count": LONGEST}
        language = await self._language(request)
        return notice(request, ASKED.get(status, GONE), language, values, getattr(request.state, "written", ""))

    async def _broken(self, request: Request, _problem: Exception) -> Response:
        """A fault of ours. It is logged where it happened; here the person learns what it means for them."""
        what = UNHEARD if getattr(request.state, "cry", False) else BROKEN
        return notice(request, what, language_of(request), {"emergency": EUROPEAN})

    async def _language(self, request: Request) -> str:
        """The person's language where we know them, else the browser's."""
        native = self.viewer(request)
        shown: Page | None = await self.desk.db.transact(read_page, native, chosen_by(request)) if native else None
        return shown.reader.language if shown else language_of(request)
