"""The demo in the browser: a learner's phone, the coordinator's chat and desk, the class in one picture, and a clock."""

from __future__ import annotations

import secrets
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

from bot.demo.pages import ASSETS, STATIC, filled
from bot.demo.playback import Leap, Pace
from bot.demo.stage import Part, Stage, Voice
from bot.demo.stream import scene_of, told
from bot.demo.views import read_page
from bot.demo.world import native
from bot.handlers.people.visits import at_home
from bot.i18n import LANGUAGES
from bot.store.db import Tx
from bot.store.people import Person, by_ref
from bot.web.chat import WebChat
from bot.web.chat.bubbles import TEMPLATES as CHAT
from bot.web.chat.notices import ASKED, GONE, notice
from bot.web.common.guard import Headers, from_our_page, read_form
from bot.web.common.templates import SHARED, language_of, root_of
from bot.web.common.templates import STATIC as SHARED_STATIC
from bot.web.desk import DeskSite
from bot.web.desk.page import Played

FRAMES = "'none'; frame-src 'self'"
"""The policy of the page itself: it shows our own chats in frames, and is in nobody's frame."""
CHOSEN = "compagnon-language"
M = TypeVar("M", bound=StrEnum)


def who(request: Request) -> str:
    """Whose chat a path shows. Everybody here is invented, so everybody may look."""
    return native(str(request.path_params["ref"]))


class Site:
    """The pages of the demo."""

    def __init__(self, stage: Stage, pace: Pace, base_url: str, fixed: str | None = None) -> None:
        """`fixed` is the language of the class where the visitor's browser is not to choose it."""
        self.stage, self.pace, self.base_url, self.fixed = stage, pace, base_url, fixed
        self._visited = False

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
        around = Headers(self._page(), frame_ancestors=FRAMES)
        board = DeskSite(self.stage, base_url=self.base_url, secret=secrets.token_urlsafe(32), played=self._played())
        return Starlette(
            routes=[
                Mount("/phone/{ref}", chat),
                Mount("/desk/{ref}", chat),
                Mount("/board/{ref}", board.application()),
                Mount("/", around),
            ]
        )

    def _page(self) -> Starlette:
        """The page around the chats, and what its forms do."""
        return Starlette(
            routes=[
                Route("/", self.show),
                Route("/events", self.events),
                Route("/leap", self.leap, methods=["POST"]),
                Route("/pick", self.pick, methods=["POST"]),
                Route("/look", self.look, methods=["POST"]),
                Route("/voice", self.voice, methods=["POST"]),
                Route("/language", self.language, methods=["POST"]),
                Mount(ASSETS, StaticFiles(directory=STATIC)),
                Mount(CHAT.assets, StaticFiles(directory=CHAT.static)),
                Mount(SHARED, StaticFiles(directory=SHARED_STATIC)),
            ],
            middleware=[Middleware(GZipMiddleware, minimum_size=1000)],
            exception_handlers={HTTPException: self._refused},
        )

    def _played(self) -> Played:
        """The desk of whoever the path names: everybody here is played, so everybody's may be looked at."""

        def adult(tx: Tx, request: Request) -> Person | None:
            person = by_ref(tx.rows, str(request.path_params["ref"]))
            return person if person is not None and at_home(person) else None

        def home(request: Request) -> str:
            return root_of(request).rpartition("/board/")[0]

        return Played(adult, home, self.stage.world.script.own)

    async def show(self, request: Request) -> Response:
        """The page. The first visitor's browser says in which language the class speaks."""
        language = self._language(request)
        if not self._visited:
            self._visited = True
            await self.pace.open_in(self.fixed or language)
        await self.stage.begun.wait()
        couple, looked = self.stage.couple, self.stage.looked
        if couple is None:
            raise HTTPException(503)
        values = await self.stage.db.transact(read_page, self.pace, couple, looked, language)
        scene = scene_of(couple, looked, values["clock"]["opened"])  # of what was read: it may have changed since
        shown = values | {"chosen": self.stage.voices, "scene": scene, "base": root_of(request)}
        return HTMLResponse(filled("demo.html", language, shown))

    async def leap(self, request: Request) -> Response:
        """A button of the clock."""
        form = await self._form(request)
        await self.pace.leap(_member(Leap, form.get("where", "")))
        if "back" in form:
            await self.pace.arrive()
        return self._back(request, form.get("back", ""))

    async def pick(self, request: Request) -> Response:
        """Another learner."""
        form = await self._form(request)
        if not await self.stage.pick(form.get("learner", "")):
            raise HTTPException(404)
        return RedirectResponse(f"{root_of(request)}/#phone", 303)

    async def look(self, request: Request) -> Response:
        """Another adult's chat."""
        form = await self._form(request)
        self.stage.looked = form.get("adult", "")
        return RedirectResponse(f"{root_of(request)}/#desk", 303)

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
        answer = self._back(request)
        answer.set_cookie(CHOSEN, form["lang"], path=root_of(request) or "/", httponly=True, samesite="lax")
        return answer

    async def events(self, request: Request) -> Response:
        """What changes, for as long as the page is open."""
        changes = told(self.stage, self.pace, self._language(request), request.query_params.get("scene", ""))
        return StreamingResponse(changes, media_type="text/event-stream", headers={"x-accel-buffering": "no"})

    async def _refused(self, request: Request, problem: Exception) -> Response:
        """An address that leads nowhere, or a form that is not ours."""
        status = problem.status_code if isinstance(problem, HTTPException) else 404
        return notice(request, ASKED.get(status, GONE), self._language(request))

    def _language(self, request: Request) -> str:
        """What the address asks for, else what the visitor chose, else what the browser prefers: each visitor's own."""
        asked = request.query_params.get("lang") or request.cookies.get(CHOSEN, "")
        return asked if asked in LANGUAGES else self.fixed or language_of(request)

    async def _form(self, request: Request) -> dict[str, str]:
        form = await read_form(request)
        if not from_our_page(request.headers, self.base_url):
            raise HTTPException(403)
        return form

    def _back(self, request: Request, desk: str = "") -> Response:
        """To the page of the phones, or to the page of a desk that was left for a moment."""
        root = root_of(request)
        at_desk = desk.startswith(f"{root}/board/") and "\\" not in desk
        there = desk if at_desk else f"{root}/"
        return Response(status_code=204) if "x-demo" in request.headers else RedirectResponse(there, 303)


def _member(kind: type[M], name: str) -> M:
    """What a form names.

    Raises:
        HTTPException: there is no such thing (422).
    """
    try:
        return kind(name)
    except ValueError:
        raise HTTPException(422) from None
