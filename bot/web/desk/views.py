"""The pages that only show something."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.domain.rights import Act
from bot.handlers.case.alert import BY_ITSELF, REASONS
from bot.handlers.desk.publishing import may_edit
from bot.store.db import Tx
from bot.store.records import audit
from bot.web.desk.answers import WHY, opened_file
from bot.web.desk.board import read_board
from bot.web.desk.calendar import read_month
from bot.web.desk.case_page import read_case
from bot.web.desk.cases import case_within, closed_cases, open_cases
from bot.web.desk.class_list import Choice, state_of
from bot.web.desk.learner import read_learner
from bot.web.desk.page import Desk
from bot.web.desk.programme import read_flow, read_programme
from bot.web.desk.visitor import Missing, Visitor, stay_within

TOGETHER = (Act.WRITE, Act.CONFIRM, Act.TICK, Act.CHANGE)
"""Rights of which one is enough to do something with several learners at once."""
ENDS = {name: text for name, text in REASONS if name not in BY_ITSELF}
"""How an adult may say that a case ends."""


RANGE = re.compile(r"bytes=(\d{1,9})-(\d{0,9})")
"""A piece of a file: some browsers play a voice only in pieces."""


@dataclass(frozen=True)
class Shown:
    """Every `GET` behind the door."""

    desk: Desk

    async def board(self, request: Request) -> Response:
        """The board."""
        asked = request.query_params
        choice = Choice.asked(asked)

        def read(tx: Tx, who: Visitor) -> dict[str, Any] | None:
            if "seen" not in asked and who.can(Act.SEE_CASES):
                _note(tx, who, "see board", "cases")
                tx.rows.flush()
            version = state_of(tx, choice.query(page=choice.page))
            if asked.get("seen") == version:
                return None
            board = read_board(tx, who, choice)
            selects = any(who.can(act) for act in TOGETHER)
            return {
                "board": board,
                "choice": choice,
                "ends": ENDS,
                "found": board.found,
                "version": version,
                "selects": selects,
            }

        who, values = await self.desk.ask(request, read)
        if values is None:
            return Response(status_code=204)
        return self.desk.live(request, who, "board.html", "board_parts.html", values)

    async def cases(self, request: Request) -> Response:
        """Open cases, and what was settled lately."""

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            if not who.can(Act.SEE_CASES):
                raise Missing
            return {"open": open_cases(tx, who), "closed": closed_cases(tx, who), "ends": ENDS}

        who, values = await self.desk.ask(request, read)
        return self.desk.live(request, who, "cases.html", "cases_parts.html", values)

    async def case(self, request: Request) -> Response:
        """One case with its log."""

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            row = case_within(tx, who, request.path_params["number"])
            if "seen" not in request.query_params:
                _note(tx, who, "see", f"case {row.id}")
            case, page = read_case(tx, who, row)
            return {"case": case, "page": page, "ends": ENDS}

        who, values = await self.desk.ask(request, read)
        return self.desk.live(request, who, "case.html", "case_parts.html", values)

    async def learner(self, request: Request) -> Response:
        """One learner."""

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            row = stay_within(tx, who, request.path_params["number"])
            return {"learner": read_learner(tx, who, row), "why": WHY, "ends": ENDS}

        who, values = await self.desk.ask(request, read)
        return self.desk.page(request, who, "learner.html", values)

    async def calendar(self, request: Request) -> Response:
        """Departures and returns of a month."""
        wanted = request.query_params.get("month", "")[:7]
        who, month = await self.desk.ask(request, lambda tx, who: read_month(tx, who, wanted))
        return self.desk.page(request, who, "calendar.html", {"month": month})

    async def programme(self, request: Request) -> Response:
        """The programme of one kind of mobility."""
        kind = request.query_params.get("kind", "outgoing")
        on_disk = self.desk.app.programme is not None

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            shown = read_programme(tx.programme, who, kind)
            return {"programme": shown, "editable": on_disk and may_edit(who.adult)}

        who, values = await self.desk.ask(request, read)
        return self.desk.page(request, who, "programme.html", values)

    async def flow(self, request: Request) -> Response:
        """One conversation, drawn."""
        kind, flow, item = (request.query_params.get(name, "")[:40] for name in ("kind", "flow", "item"))
        who, found = await self.desk.ask(request, lambda tx, who: read_flow(tx.programme, who, kind, flow, item))
        return self.desk.page(request, who, "flow.html", {"flow": found})

    async def file(self, request: Request) -> Response:
        """A file that a learner sent, opened for this look only."""
        _who, file = await self.desk.ask(request, lambda tx, who: opened_file(tx, who, request.path_params["number"]))
        way = "inline" if file.mime.startswith(("image/", "audio/")) else "attachment"
        headers = {"content-disposition": f'{way}; filename="{file.name}"', "accept-ranges": "bytes"}
        part = RANGE.fullmatch(request.headers.get("range", ""))
        first = int(part[1]) if part else 0
        if part is None or first >= len(file.content):
            return Response(file.content, media_type=file.mime, headers=headers)
        last = min(int(part[2] or len(file.content)), len(file.content) - 1)
        headers["content-range"] = f"bytes {first}-{last}/{len(file.content)}"
        return Response(file.content[first : last + 1], 206, media_type=file.mime, headers=headers)


def _note(tx: Tx, who: Visitor, action: str, target: str) -> None:
    """Personal answers stand on this page: that it was opened is kept."""
    audit(tx, f"person {who.adult.person}", action, target)
