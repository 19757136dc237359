"""The visitors' pages as routes to put before those of the web chat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.domain.programme.help import EUROPEAN
from bot.handlers.say.links import Page
from bot.web.chat.notices import ASKED, BROKEN, PATIENCE, UNKNOWN, notice
from bot.web.chat.viewer import Desk
from bot.web.common.guard import Guesses, Headers, client_of, from_our_page, read_form
from bot.web.common.templates import language_of
from bot.web.visitors.external import ExternalPage
from bot.web.visitors.family import FamilyPages
from bot.web.visitors.my_data import MyDataPage
from bot.web.visitors.page import Visit
from bot.web.visitors.tutor import TutorPage
from bot.web.visitors.welcome import WelcomePage

Answer = Callable[[Visit], Awaitable[Response | None]]
"""What a page answers; None where its link leads nowhere."""


class Visitors:
    """`/d/{code}` (one's own data), `/e/{code}` (a certificate), `/f/{code}` (consent), `/f/stop/{code}` (no more), `/t/{code}` (host tutor), `/c/{code}`
    (employer, partner's teacher, host family), `/w/{code}` (a guest). GET shows, POST does.
    """

    def __init__(self, desk: Desk, base_url: str) -> None:
        self.desk, self.base_url = desk, base_url
        self.guesses = Guesses()
        family, tutor, external = FamilyPages(desk), TutorPage(desk), ExternalPage(desk)
        mine, welcome = MyDataPage(desk), WelcomePage(desk)
        self._pages: dict[str, tuple[Answer, Answer]] = {
            "/d/{code}/copy": (mine.look, mine.take),
            "/d/{code}/erase": (mine.sure, mine.erase),
            "/d/{code}/badge": (mine.badge, mine.badge),
            "/d/{code}/badge.png": (mine.badge, mine.badge),
            "/d/{code}/badge.json": (mine.badge, mine.badge),
            "/d/{code}/skills": (mine.skills, mine.skills),
            "/badges/{code}": (mine.revoked, mine.revoked),
            "/e/{code}": (mine.certificate, mine.certificate),
            "/d/{code}": (mine.look, mine.look),
            **{f"/{each}/{{code}}/data": (mine.of(each), mine.of(each)) for each in Page},
            "/f/stop/{code}": (family.look_at_stop, family.stop),
            "/f/{code}": (family.look, family.agree),
            "/t/{code}/paper": (tutor.paper, tutor.paper),
            "/t/{code}": (tutor.look, tutor.answer),
            "/c/{code}": (external.look, external.answer),
            "/w/{code}": (welcome.look, welcome.look),
        }

    def routes(self) -> list[BaseRoute]:
        """To stand before the web chat's, which has everything else."""
        inside = Starlette(
            routes=[
                Route(path, self._guarded(answer), methods=[method])
                for path, answers in self._pages.items()
                for method, answer in zip(("GET", "POST"), answers, strict=True)
            ],
            exception_handlers={HTTPException: self._refused, Exception: self._broken},
        )
        whole = Headers(inside, frame_ancestors="'none'", base_url=self.base_url)
        return [Route(path, whole) for path in self._pages]

    def _guarded(self, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        """Around every page: forms come from our own pages, and whoever tries many wrong links waits."""

        async def guarded(request: Request) -> Response:
            client, now = client_of(request), self.desk.db.clock.now()
            form = await self._form(request)
            if self.guesses.flood(client, now):
                return notice(request, PATIENCE, language_of(request))
            found = await answer(Visit(request, str(request.path_params["code"]), form))
            leads = (
                found is not None and found.status_code != 404
            )  # the tutor's page says in their language that it is over
            if not leads and self.guesses.another(client, now):
                return notice(request, PATIENCE, language_of(request))
            return notice(request, UNKNOWN, language_of(request)) if found is None else found

        return guarded

    async def _form(self, request: Request) -> dict[str, str]:
        if request.method != "POST":
            return {}
        form = await read_form(request)
        if not from_our_page(request.headers, self.base_url):
            raise HTTPException(403)
        return form

    async def _refused(self, request: Request, problem: Exception) -> Response:
        status = problem.status_code if isinstance(problem, HTTPException) else 404
        return notice(request, ASKED.get(status, UNKNOWN), language_of(request), {"count": ""})

    async def _broken(self, request: Request, _problem: Exception) -> Response:
        return notice(request, BROKEN, language_of(request), {"emergency": EUROPEAN})
