"""The page of the desk from which one's own class is rehearsed, and the way to what is played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot.demo.own_class import invented_script, script_of
from bot.demo.rehearsals import Rehearsals
from bot.demo.world import Script
from bot.domain.rights import Act
from bot.i18n import Text, _
from bot.store.db import Tx
from bot.store.people import School
from bot.store.stays import StayRow
from bot.web.common.guard import Headers
from bot.web.common.templates import Notice, root_of
from bot.web.desk.notices import BROKEN as BROKEN_PAGE
from bot.web.desk.notices import STRANGER, notice
from bot.web.desk.page import Desk
from bot.web.desk.visitor import Nobody, Visitor, stays_within

DESK = "/desk"
STAGE = f"{DESK}/rehearsal/play"
MOST_LEARNERS, SIX = 40, 6
INVENTED = "invented"
OF_NOBODY = _("an invented class")
OVER = Notice(404, _("This rehearsal has ended"), _("Nothing of it is left. Begin another one at the desk."), back=True)
FULL = _("Others are rehearsing just now. Please try again a little later.")
NOBODY = _("There is nobody in this class to rehearse with.")
BROKEN = _("The rehearsal could not begin. Nothing was changed; please try again.")


@dataclass(frozen=True)
class Class:
    """A class that may be rehearsed with."""

    key: str
    school: str
    name: str
    learners: int


@dataclass(frozen=True)
class Rehearsing:
    """`/rehearsal`: begin, end; `/rehearsal/play/…` is what is played."""

    desk: Desk
    rehearsals: Rehearsals

    def routes(self) -> Sequence[BaseRoute]:
        """The pages of the desk."""
        return [Route("/rehearsal", self.look), Route("/rehearsal", self.begin, methods=["POST"])]

    def stage(self) -> Mount:
        """What is played: it says itself who may frame it, so it stands beside the desk."""
        play = Route("/{path:path}", self.play, methods=["GET", "POST"])
        handlers = {Nobody: _stranger, Exception: _broken}
        return Mount(STAGE, Starlette(routes=[play], exception_handlers=handlers))

    async def look(self, request: Request) -> Response:
        """Which classes there are, and whether one is being rehearsed with."""
        return await self._page(request)

    async def begin(self, request: Request) -> Response:
        """Begin with a class, or end what runs."""
        form = await self.desk.form(request)
        key = form.get("class", "")

        def read(tx: Tx, who: Visitor) -> Script | None:
            stays = _classes(tx, who).get(key, [])[:MOST_LEARNERS]
            school = next((each for each in _schools(tx, who) if key == f"{INVENTED} {each.id}"), None)
            return script_of(tx, stays) if stays else invented_script(tx, school) if school else None

        who, script = await self.desk.ask(request, read)
        if form.get("do") == "end":
            await self.rehearsals.end(who.person.id)
            return await self._page(request)
        if script is None:
            return await self._page(request, NOBODY)
        try:
            began = await self.rehearsals.begin(who.person.id, script, who.language)
        except RuntimeError:
            return await self._page(request, BROKEN)
        return (
            RedirectResponse(f"{root_of(request)}/rehearsal/play/", 303) if began else await self._page(request, FULL)
        )

    async def play(self, request: Request) -> Response:
        """A page of the rehearsal of whoever asks."""
        who, _nothing = await self.desk.ask(request, lambda _tx, _who: None)
        answer = await self.rehearsals.answer(who.person.id, request)
        return answer or _said(request, OVER, who.language)

    async def _page(self, request: Request, problem: Text = "") -> Response:
        def read(tx: Tx, who: Visitor) -> list[Class]:
            own = [_shown(key, stays) for key, stays in _classes(tx, who).items()]
            return own + [
                Class(f"{INVENTED} {each.id}", each.name, who.says(OF_NOBODY), SIX) for each in _schools(tx, who)
            ]

        who, classes = await self.desk.ask(request, read)
        values: dict[str, Any] = {
            "classes": classes,
            "most": MOST_LEARNERS,
            "runs": self.rehearsals.runs(who.person.id),
            "problem": problem,
        }
        return self.desk.page(request, who, "rehearsal.html", values)


def _classes(tx: Tx, who: Visitor) -> dict[str, list[StayRow]]:
    """Whom the visitor may rehearse with, by class: those whose cases they may see. Who leaves next comes first;
    who is back is left out where others are not.
    """
    found: dict[str, list[StayRow]] = {}
    for row in stays_within(tx, who):
        if who.may_with(Act.SEE_CASES, row):
            found.setdefault(f"{row.school_id} {row.class_name}", []).append(row)
    today = who.clock.today
    ahead = {key: [row for row in rows if row.back >= today] or rows for key, rows in found.items()}
    return dict(
        sorted(ahead.items(), key=lambda each: (max(row.back for row in each[1]) < today, each[1][0].departure))
    )


def _schools(tx: Tx, who: Visitor) -> list[School]:
    """The schools for which a class may be invented."""
    rows = tx.rows.scalars(select(School).where(School.ref != "").order_by(School.name))
    return [row for row in rows if who.may(Act.SEE_CASES, row.id)]


def _shown(key: str, stays: list[StayRow]) -> Class:
    return Class(key, stays[0].school.name, stays[0].class_name, len(stays))


def _said(request: Request, what: Notice, language: str = "") -> Response:
    """A notice of the desk, with the headers that its pages have."""
    at_desk = Request({**request.scope, "root_path": DESK})
    return cast(Response, Headers(notice(at_desk, what, language), frame_ancestors="'self'"))


async def _stranger(request: Request, _problem: Exception) -> Response:
    return _said(request, STRANGER)


async def _broken(request: Request, _problem: Exception) -> Response:
    return _said(request, BROKEN_PAGE)
