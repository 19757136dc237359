"""Coming in: a link shows nothing and changes nothing; the button on its page uses it up."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.documents.invitations import ways_of
from bot.handlers.people.invitations import Claimed, claim, look
from bot.handlers.people.shared_device import claim_shared, owners_of
from bot.handlers.people.visits import token_of
from bot.web.chat.bubbles import page
from bot.web.chat.notices import COOKIES, EXPIRED, PATIENCE, UNKNOWN, USED, notice
from bot.web.chat.viewer import COOKIE, HOST_COOKIE, Desk, address_of, find_reader, token_in
from bot.web.common.guard import Guesses, browser_of, client_of, from_our_page, read_form
from bot.web.common.templates import Notice, language_of, root_of

KNOCK = "compagnon_door"
"""Tells a browser from others before it claims, for one link: a claim whose answer was lost can be made again."""
DAYS_400 = 400 * 24 * 3600
HOUR = 3600
WRONG: dict[Claimed, Notice] = {Claimed.USED: USED, Claimed.EXPIRED: EXPIRED, Claimed.UNKNOWN: UNKNOWN}


@dataclass(frozen=True)
class Join:
    """`GET /j/{code}` and `POST /j/{code}`."""

    desk: Desk
    base_url: str
    guesses: Guesses = field(default_factory=Guesses)

    async def look(self, request: Request) -> Response:
        """What a link shows: who Compagnon is, and one button. Previews of links open it too, so nothing happens."""
        if self._flood(request):
            return notice(request, PATIENCE, language_of(request))
        state = await self.desk.db.transact(look, request.path_params["code"])
        if state is not Claimed.PENDING:
            return await self._wrong(request, state)
        values = await self._values(request)
        answer = page(request, "join.html", language_of(request), values)
        if KNOCK not in request.cookies:
            self._give(answer, KNOCK, secrets.token_urlsafe(32), HOUR, request.url.path)
        return answer

    async def claim(self, request: Request) -> Response:
        """The button was pressed: the code is used up, and this browser is known from now on."""
        form = await read_form(request)
        if not from_our_page(request.headers, self.base_url):
            raise HTTPException(403)
        if self._flood(request):
            return notice(request, PATIENCE, language_of(request))
        knock = request.cookies.get(KNOCK)
        if not knock:
            return notice(request, COOKIES, language_of(request))
        code, owners = request.path_params["code"], await self._owners(request)
        if owners and form.get("share") not in {"yes", "no"}:
            return page(request, "join.html", language_of(request), await self._values(request))
        shares = owners and form.get("share") == "yes"
        token = await self.desk.db.transact(token_of, code, knock)
        token = (token_in(request) or token) if shares else token
        account = browser_of(request.headers.get("user-agent", ""))
        done = await self.desk.db.transact(claim_shared if shares else claim, code, "web", address_of(token), account)
        self.desk.nudge()
        if done.state in WRONG:
            return await self._wrong(request, done.state)
        return self._in(request, token)

    async def _values(self, request: Request) -> dict[str, Any]:
        """What the page of a code shows: whose browser this is, and the other doors that the code opens."""
        code = request.path_params["code"]
        found = await self.desk.db.transact(ways_of, code)
        return {"code": code, "owners": await self._owners(request), "ways": found}

    async def _owners(self, request: Request) -> list[str]:
        """Whose browser this is already, where the link is made for somebody else: they are asked who is there."""
        token = token_in(request)
        return await self.desk.db.transact(owners_of, address_of(token), request.path_params["code"]) if token else []

    async def _wrong(self, request: Request, state: Claimed) -> Response:
        """Used, expired or forged. A browser that has used the code itself is let in: it may not have heard."""
        knock = request.cookies.get(KNOCK)
        token = await self.desk.db.transact(token_of, request.path_params["code"], knock) if knock else ""
        known = await self.desk.db.transact(find_reader, address_of(token)) if token else None
        if state is Claimed.USED and known is not None:
            return self._in(request, token)
        if state is Claimed.UNKNOWN and self.guesses.another(client_of(request), self.desk.db.clock.now()):
            return notice(request, PATIENCE, language_of(request))
        return notice(request, WRONG[state], language_of(request))

    def _in(self, request: Request, token: str) -> Response:
        answer = RedirectResponse(f"{root_of(request)}/", 303)
        secure = self.base_url.startswith("https://")
        self._give(
            answer, HOST_COOKIE if secure else COOKIE, token, DAYS_400, "/" if secure else root_of(request) or "/"
        )
        return answer

    def _give(self, answer: Response, name: str, value: str, age: int, path: str) -> None:
        secure = self.base_url.startswith("https://")
        answer.set_cookie(name, value, max_age=age, path=path, secure=secure, httponly=True, samesite="lax")

    def _flood(self, request: Request) -> bool:
        return self.guesses.flood(client_of(request), self.desk.db.clock.now())
