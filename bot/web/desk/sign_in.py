"""Coming in and going out. A link shows one button and changes nothing; the button uses it up for this browser."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.handlers.people.visits import (
    VALID,
    Came,
    browsers_of,
    enter,
    leave,
    look,
    opened_case,
    send_link,
    sign_out,
    visitor,
)
from bot.store.db import Tx
from bot.web.common.guard import Guesses, Patience, browser_of, client_of, from_our_page, read_form, row_number
from bot.web.common.templates import Notice, language_of, root_of
from bot.web.desk.notices import (
    COOKIES,
    EXPIRED,
    ON_ITS_WAY,
    OUT,
    PATIENCE,
    TEMPLATES,
    UNKNOWN,
    USED,
    cookie_name,
    notice,
)
from bot.web.desk.page import Desk
from bot.web.desk.relative_time import When
from bot.web.desk.visitor import Visitor

KNOCK = "compagnon-desk-door"
"""Tells a browser from others before it uses a link: an answer that was lost can be asked for again."""
MONTH = 30 * 24 * 3600
"""Seconds that the browser keeps its token: when a visit ends is ours to say, not the cookie's."""
WRONG: dict[Came, Notice] = {Came.USED: USED, Came.EXPIRED: EXPIRED, Came.UNKNOWN: UNKNOWN}


@dataclass(frozen=True)
class SignIn:
    """`/in/{code}`, `/out`, and `/browsers`: where somebody is signed in."""

    desk: Desk
    guesses: Guesses = field(default_factory=Guesses)
    ways: Patience = field(default_factory=lambda: Patience(3, timedelta(minutes=10)))
    """Ways in that were asked for with the link of one alert."""

    async def look(self, request: Request) -> Response:
        """One button. Previews of links come here too, so nothing happens."""
        if self._flood(request):
            return notice(request, PATIENCE)
        came = await self.desk.app.db.transact(look, request.path_params["code"])
        if came is not Came.GOOD:
            return self._wrong(request, came)
        values = {"code": request.path_params["code"], "case": _case(request)}
        answer = TEMPLATES.page(request, "in.html", language_of(request), values)
        if KNOCK not in request.cookies:
            age = int(VALID.total_seconds())
            self._give(answer, KNOCK, secrets.token_urlsafe(32), age, request.url.path)
        return answer

    async def enter(self, request: Request) -> Response:
        """The button was pressed: this browser is at the desk from now on."""
        await read_form(request)
        if not from_our_page(request.headers, self.desk.base_url):
            raise HTTPException(403)
        if self._flood(request):
            return notice(request, PATIENCE)
        knock = request.cookies.get(KNOCK)
        if not knock:
            return notice(request, COOKIES)
        browser = browser_of(request.headers.get("user-agent", ""))
        came, token = await self.desk.app.db.transact(enter, request.path_params["code"], knock, browser)
        if came is not Came.IN:
            return self._wrong(request, came)
        answer = RedirectResponse(f"{root_of(request)}/{f'cases/{case}' if (case := _case(request)) else ''}", 303)
        path = "/" if self._secure else root_of(request) or "/"
        self._give(answer, cookie_name(self.desk.base_url), token, MONTH, path)
        return answer

    async def look_for_case(self, request: Request) -> Response:
        """The link of an alert. Whoever is at the desk sees the case, by their own rights; others are offered a way in."""
        if self._flood(request):
            return notice(request, PATIENCE)

        def read(tx: Tx) -> tuple[int | None, bool]:
            found = opened_case(tx, request.path_params["token"])
            return (found[1] if found else None), visitor(tx, self.desk.token(request)) is not None

        case, inside = await self.desk.app.db.transact(read)
        if case is None:
            return self._wrong(request, Came.UNKNOWN)
        if inside:
            return RedirectResponse(f"{root_of(request)}/cases/{case}", 303)
        return TEMPLATES.page(
            request, "knock.html", language_of(request), {"knocked": request.path_params["token"]}, status=401
        )

    async def send_way_in(self, request: Request) -> Response:
        """The way in goes to the adult for whom the alert was, in their own chat: who holds its link alone does not enter."""
        await read_form(request)
        if not from_our_page(request.headers, self.desk.base_url):
            raise HTTPException(403)
        token, now = request.path_params["token"], self.desk.app.db.clock.now()
        if self._flood(request) or self.ways.spent(token, now):
            return notice(request, PATIENCE)
        self.ways.note(token, now)

        def send(tx: Tx) -> bool:
            found = opened_case(tx, token)
            if found is not None:
                send_link(tx, *found)
            return found is not None

        if not await self.desk.app.db.transact(send):
            return self._wrong(request, Came.UNKNOWN)
        self.desk.app.nudge()
        return notice(request, ON_ITS_WAY)

    async def leave(self, request: Request) -> Response:
        """Sign out."""
        await self.desk.form(request)
        await self.desk.app.db.transact(leave, self.desk.token(request))
        answer = notice(request, OUT)
        path = "/" if self._secure else root_of(request) or "/"
        answer.delete_cookie(cookie_name(self.desk.base_url), path, secure=self._secure, httponly=True, samesite="lax")
        return answer

    async def browsers(self, request: Request) -> Response:
        """Where this adult is signed in."""
        token = self.desk.token(request)

        def read(tx: Tx, who: Visitor) -> list[tuple[int, str, When, When, bool]]:
            found = browsers_of(tx, who.person, token)
            at = who.clock.at
            return [(each.number, each.browser, at(each.began), at(each.last), each.here) for each in found]

        who, found = await self.desk.ask(request, read)
        return self.desk.page(request, who, "browsers.html", {"browsers": found})

    async def sign_out(self, request: Request) -> Response:
        """End one of them, or all."""
        form = await self.desk.form(request)
        one = form.get("visit", "")
        number = row_number(one)
        if number is None and one != "all":
            raise HTTPException(400)
        await self.desk.ask(request, lambda tx, who: sign_out(tx, who.person, number))
        return notice(request, OUT) if number is None else RedirectResponse(f"{root_of(request)}/browsers", 303)

    def _wrong(self, request: Request, came: Came) -> Response:
        if came is Came.UNKNOWN and self.guesses.another(client_of(request), self.desk.app.db.clock.now()):
            return notice(request, PATIENCE)
        return notice(request, WRONG[came])

    def _give(self, answer: Response, name: str, value: str, age: int, path: str) -> None:
        answer.set_cookie(name, value, max_age=age, path=path, secure=self._secure, httponly=True, samesite="lax")

    @property
    def _secure(self) -> bool:
        return self.desk.base_url.startswith("https://")

    def _flood(self, request: Request) -> bool:
        return self.guesses.flood(client_of(request), self.desk.app.db.clock.now())


def _case(request: Request) -> str:
    """The case that somebody comes for."""
    asked = request.query_params.get("case", "")
    return asked if row_number(asked) is not None else ""
