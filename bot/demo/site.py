"""The demo in the browser: a learner's phone, the coordinator's chat, the class in one picture, and a clock."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import asdict
from enum import StrEnum
from typing import TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from bot.channels.web import WebChat
from bot.channels.web.guard import Headers, from_our_page, read_form
from bot.channels.web.pages import ASSETS as CHAT_ASSETS
from bot.channels.web.pages import STATIC as CHAT_STATIC
from bot.channels.web.pages import language_of
from bot.demo.pace import Leap, Pace
from bot.demo.pages import ASSETS, STATIC, filled
from bot.demo.stage import Part, Stage, Voice
from bot.demo.views import read_clock, read_page, read_pieces
from bot.demo.world import native
from bot.i18n import LANGUAGES

FRAMES = "'none'; frame-src 'self'"
"""The policy of the page itself: it shows our own chats in frames, and is in nobody's frame."""
SLOWEST = 20.0
CLOCK_EVERY = 0.1
PIECES_EVERY = 0.6
"""Seconds between two looks of a page, however fast time flies."""
M = TypeVar("M", bound=StrEnum)


def who(request: Request) -> str:
    """Whose chat a path shows. Everybody here is invented, so everybody may look."""
    return native(str(request.path_params["ref"]))


class Site:
    """The pages of the demo."""

    def __init__(self, stage: Stage, pace: Pace, base_url: str) -> None:
        self.stage, self.pace, self.base_url = stage, pace, base_url
        self._beginning = asyncio.Lock()

    def application(self) -> ASGIApp:
        """The whole site: the real web chat twice, as phone and as desk, and the page around them."""
        chat = WebChat(
            self.stage,
            self.stage.channel,
            base_url=self.base_url,
            secret=secrets.token_urlsafe(32),
            viewer=who,
            frame_ancestors="'self'",
        ).application()
        page = Starlette(
            routes=[
                Route("/", self.show),
                Route("/events", self.events),
                Route("/leap", self.leap, methods=["POST"]),
                Route("/pick", self.pick, methods=["POST"]),
                Route("/look", self.look, methods=["POST"]),
                Route("/voice", self.voice, methods=["POST"]),
                Route("/language", self.language, methods=["POST"]),
                Mount(ASSETS, StaticFiles(directory=STATIC)),
                Mount(CHAT_ASSETS, StaticFiles(directory=CHAT_STATIC)),
            ],
            middleware=[Middleware(GZipMiddleware, minimum_size=1000)],
        )
        around = Headers(page, frame_ancestors=FRAMES)
        return Starlette(routes=[Mount("/phone/{ref}", chat), Mount("/desk/{ref}", chat), Mount("/", around)])

    async def show(self, request: Request) -> Response:
        """The page. The first visitor's browser says in which language the class speaks."""
        language = self._language(request)
        async with self._beginning:
            if self.stage.couple is None:
                await self.stage.begin(language)
                self.stage.nudge()
        couple = self.stage.couple
        if couple is None:
            raise HTTPException(503)
        values = await self.stage.db.transact(read_page, self.pace, couple, self.stage.looked, language)
        return HTMLResponse(filled("demo.html", language, values | {"chosen": self.stage.voices}))

    async def leap(self, request: Request) -> Response:
        """A button of the clock."""
        form = await self._form(request)
        await self.pace.leap(_member(Leap, form.get("where", "")))
        return self._back(request)

    async def pick(self, request: Request) -> Response:
        """Another learner."""
        form = await self._form(request)
        if not await self.stage.pick(form.get("learner", "")):
            raise HTTPException(404)
        return RedirectResponse("/#phone", 303)

    async def look(self, request: Request) -> Response:
        """Another adult's chat."""
        form = await self._form(request)
        self.stage.looked = form.get("adult", "")
        return RedirectResponse("/#desk", 303)

    async def voice(self, request: Request) -> Response:
        """Who answers for the learner, or for the coordinator."""
        form = await self._form(request)
        await self.stage.give(_member(Part, form.get("part", "")), _member(Voice, form.get("voice", "")))
        return self._back(request)

    async def language(self, request: Request) -> Response:
        """The page, and whoever spoke the visitor's language, go on in another."""
        form = await self._form(request)
        if form.get("lang") not in LANGUAGES:
            raise HTTPException(422)
        await self.stage.speak(form["lang"])
        return RedirectResponse("/", 303)

    async def events(self, request: Request) -> Response:
        """What changes, for as long as the page is open."""
        headers = {"x-accel-buffering": "no"}
        return StreamingResponse(self._told(self._language(request)), media_type="text/event-stream", headers=headers)

    async def _told(self, language: str) -> AsyncIterator[str]:
        yield "retry: 1000\n\n"
        begun, clock, seen, looked_at = self._scene(), "", {}, 0.0
        loop = asyncio.get_running_loop()
        with self.stage.open_page() as bell:
            while not self.stage.closed:
                couple = self.stage.couple
                if couple is None or self._scene() != begun:
                    yield _event("reload", "now")
                    return
                shown = json.dumps(asdict(await self.stage.db.transact(read_clock, self.pace, couple, language)))
                if shown != clock:
                    yield _event("clock", shown)
                clock = shown
                wait = SLOWEST
                if loop.time() - looked_at >= PIECES_EVERY:
                    looked_at = loop.time()
                    pieces = await self.stage.db.transact(read_pieces, couple, language)
                    fresh = {name: piece for name, piece in pieces.items() if seen.get(name) != piece[0]}
                    seen = {name: piece[0] for name, piece in pieces.items()}
                    if fresh:
                        yield _event("pieces", json.dumps(fresh))
                else:
                    wait = PIECES_EVERY
                await asyncio.sleep(CLOCK_EVERY)
                if not await bell.wait(wait) and wait == SLOWEST:
                    yield _event("beat", "now")

    def _scene(self) -> tuple[object, ...]:
        """What makes a page another one: whom it shows, and whether the scene is set."""
        return self.stage.couple, self.stage.looked, self.pace.opened

    def _language(self, request: Request) -> str:
        """What the address asks for, else what the visitor chose, else what the browser prefers."""
        asked = request.query_params.get("lang", "")
        if asked in LANGUAGES:
            return asked
        return self.stage.language if self.stage.couple else language_of(request)

    async def _form(self, request: Request) -> dict[str, str]:
        form = await read_form(request)
        if not from_our_page(request.headers, self.base_url):
            raise HTTPException(403)
        return form

    def _back(self, request: Request) -> Response:
        return Response(status_code=204) if "x-demo" in request.headers else RedirectResponse("/", 303)


def _member(kind: type[M], name: str) -> M:
    """What a form names.

    Raises:
        HTTPException: there is no such thing (422).
    """
    try:
        return kind(name)
    except ValueError:
        raise HTTPException(422) from None


def _event(name: str, text: str) -> str:
    return f"event: {name}\ndata: {text}\n\n"
