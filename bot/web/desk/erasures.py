"""Who asks to be erased: what stands against it, and an adult's decision; and the certificates of what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.domain.rights import Act
from bot.handlers.privacy.erasure_requests import MONTH, WHY, decide, waiting_for
from bot.i18n import show
from bot.store.db import Tx
from bot.store.erasures import Erasure, Stage, at_stage
from bot.store.people import Person
from bot.store.stays import last_stay
from bot.web.desk.page import Desk
from bot.web.desk.visitor import Missing, Visitor

SHOWN = 50


@dataclass(frozen=True)
class Erasures:
    """`/erasures`, for those who answer for people."""

    desk: Desk

    async def look(self, request: Request) -> Response:
        """What is to be decided, and what was done."""
        who, values = await self.desk.ask(request, _read)
        return self.desk.page(request, who, "erasures.html", values)

    async def decide(self, request: Request) -> Response:
        """Erase, or not; not while a case is open."""
        form = await self.desk.form(request)
        if form.get("act") not in {"erase", "decline"}:
            return self.desk.after(request, form, "nothing")

        def act(tx: Tx, who: Visitor) -> str:
            said = decide(tx, who.person, request.path_params["number"], yes=form["act"] == "erase")
            if said == "missing":
                raise Missing
            return said

        _who, said = await self.desk.ask(request, act)
        self.desk.app.nudge()
        return self.desk.after(request, form, {"case": "erase_case", "nothing": "nothing"}.get(said, "changed"))


def _read(tx: Tx, who: Visitor) -> dict[str, Any]:
    if not who.can(Act.MANAGE):
        raise Missing
    done = [row for row in at_stage(tx.rows, Stage.DONE) if who.may(Act.MANAGE, row.school_id)][-SHOWN:]
    return {
        "waiting": [_waiting(tx, who, row, person) for row, person in waiting_for(tx, who.person)],
        "done": [(row.number, _day(who, row.done_at), sum(row.counts.values())) for row in reversed(done)],
    }


def _waiting(tx: Tx, who: Visitor, row: Erasure, person: Person) -> dict[str, Any]:
    stay = last_stay(tx.rows, person.id)
    return {
        "id": row.id,
        "name": person.full_name,
        "stay": stay.id if stay else None,
        "why": [who.says(WHY[each]) for each in row.why],
        "asked": _day(who, row.asked_at),
        "until": _day(who, row.asked_at + MONTH),
    }


def _day(who: Visitor, at: Any) -> str:
    return show({"date": at.astimezone(who.person.zone).date().isoformat()}, who.language) if at else ""
