"""`/mobilities`: the list for the Beneficiary Module is taken out, or theirs is sent and compared before anything changes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.documents.tables import CSV, MIMES, XLSX, Sheet, as_file
from bot.domain.person import clean_name
from bot.domain.programme.mobility_list import MobilityList
from bot.domain.roster.grid import TableError
from bot.domain.roster.mobility_rows import ModuleRow, read_list
from bot.domain.roster.table import Table
from bot.handlers.desk.mobility_list import compared, taken_out
from bot.i18n import Text, _, told
from bot.store.db import Tx
from bot.web.common.templates import root_of
from bot.web.common.upload import Upload, read_upload
from bot.web.desk.page import Desk
from bot.web.desk.roster_import import HEAVY, NONE, Draft, Drafts, allowed
from bot.web.desk.visitor import Visitor

Read = tuple[Table, list[ModuleRow]]


@dataclass(frozen=True)
class Mobilities:
    """The page, the file, and what is compared: that goes on as any roster does."""

    desk: Desk
    drafts: Drafts

    async def look(self, request: Request) -> Response:
        """Out and in."""
        return await self._shown(request)

    async def send(self, request: Request) -> Response:
        """The list with what we know; or, where theirs is compared, what it would change."""
        try:
            sent = await read_upload(request)
        except HTTPException as problem:
            if problem.status_code != 413:
                raise
            return await self._shown(request, HEAVY, status=413)
        self.desk.check(request, sent.fields)
        who, rules = await self.desk.ask(request, _rules)
        try:
            read = await run_in_threadpool(read_list, _name(sent), sent.content, rules) if sent.content else None
        except TableError as problem:
            return await self._shown(request, fault=problem.says, status=422)
        if sent.fields.get("do") == "compare":
            return await self._compared(request, who, sent, read)
        ending = sent.fields.get("as", XLSX)
        if ending not in MIMES:
            raise HTTPException(404)

        def take(tx: Tx, who: Visitor) -> Sheet:
            allowed(who)
            return Sheet(who.says(_("Mobilities")), *taken_out(tx, who.adult, read))

        _who, sheet = await self.desk.ask(request, take)
        content = await run_in_threadpool(as_file, sheet, ending)
        name = f"compagnon-mobilities-{self.desk.app.db.clock.now():%Y-%m-%d}.{ending}"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=MIMES[ending], headers=headers)

    async def _compared(self, request: Request, who: Visitor, sent: Upload, read: Read | None) -> Response:
        if read is None:
            return await self._shown(request, NONE, status=422)
        _who, roster = await self.desk.ask(request, lambda tx, who: compared(tx, who.adult, read[1]))
        draft = Draft(who.adult.person, _name(sent), roster, self.desk.app.db.clock.now())
        return RedirectResponse(f"{root_of(request)}/import/{self.drafts.keep(draft)}", 303)

    async def _shown(self, request: Request, problem: Text = "", *, fault: str = "", status: int = 200) -> Response:
        who, rules = await self.desk.ask(request, _rules)
        values: dict[str, Any] = {
            "problem": who.says(problem) if problem else told(fault, who.language),
            "columns": [(title, rules.columns.get(title) or rules.fixed.get(title, "")) for title in rules.titles],
            "endings": (XLSX, CSV),
        }
        answer = self.desk.page(request, who, "mobilities.html", values)
        answer.status_code = status
        return answer


def _rules(tx: Tx, who: Visitor) -> MobilityList:
    allowed(who)
    return tx.programme.mobility_list


def _name(sent: Upload) -> str:
    return clean_name(PurePath(sent.name.replace("\\", "/")).name, 80)
