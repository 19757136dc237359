"""`/import`: a roster is sent, looked at row by row, and only then brought in. Until then it is kept in memory only."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import PurePath
from typing import Any

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.documents.tables import MIMES, as_file
from bot.domain.person import clean_name
from bot.domain.programme import Programme
from bot.domain.rights import Act
from bot.domain.roster import KnownSchool, Roster, read_roster
from bot.domain.roster.form import Written
from bot.domain.roster.grid import TableError
from bot.domain.roster.headers import Columns
from bot.domain.roster.reference import reference_key
from bot.domain.roster.table import table_from
from bot.handlers.people.roster_preview import bring_in_previewed, preview, schools_of
from bot.i18n import Text, _, told
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.stays import StayRow
from bot.web.common.templates import root_of
from bot.web.common.upload import Upload, read_upload
from bot.web.desk.column_help import columns, empty_roster
from bot.web.desk.import_undo import recent_imports
from bot.web.desk.page import Desk
from bot.web.desk.roster_changes import shown_preview
from bot.web.desk.visitor import Missing, Visitor

KEPT = timedelta(minutes=30)
MOST = 20
"""With more the oldest is forgotten: its owner sends the file again."""
MOST_ROWS = 2000
NONE = _("Choose a file first.")
HEAVY = _("This file is larger than 2 MB. Remove pictures and other sheets, then send it again.")
LATE = _("This preview is no longer there: it was applied, replaced by another, or is older than 30 minutes. Send the file again.")  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """One roster, and whose it is."""

    person: int
    name: str
    roster: Roster
    at: datetime
    form: str = ""
    """The path of the form it was written in; empty for a file."""
    values: Written | None = None


class Drafts:
    """By token. A person has one: the next replaces it."""

    def __init__(self) -> None:
        self._kept: dict[str, Draft] = {}

    def keep(self, draft: Draft) -> str:
        """Its token."""
        self._kept = {token: each for token, each in self._kept.items() if each.person != draft.person}
        while len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        token = secrets.token_urlsafe(16)
        self._kept[token] = draft
        return token

    def find(self, token: str, person: int, now: datetime) -> Draft | None:
        """What is kept under a token, for whoever brought it."""
        self._kept = {token: each for token, each in self._kept.items() if now - each.at < KEPT}
        found = self._kept.get(token)
        return found if found and found.person == person else None

    def drop(self, token: str) -> None:
        self._kept.pop(token, None)


@dataclass(frozen=True)
class Imports:
    """Its four pages."""

    desk: Desk
    columns: Columns
    drafts: Drafts = field(default_factory=Drafts)

    async def ask(self, request: Request) -> Response:
        """Which file?"""
        late = LATE if "late" in request.query_params else ""
        return await self._asked(request, late)

    async def template(self, request: Request) -> Response:
        """The columns as an empty file."""
        ending = request.path_params["ending"]
        who, (_schools, programme) = await self.desk.ask(request, _start)
        if ending not in MIMES:
            raise HTTPException(404)
        content = as_file(empty_roster(programme, who.language), ending)
        headers = {"content-disposition": f'attachment; filename="compagnon-roster.{ending}"'}
        return Response(content, media_type=MIMES[ending], headers=headers)

    async def upload(self, request: Request) -> Response:
        """A file is read and kept; nothing is brought in."""
        who, (schools, programme) = await self.desk.ask(request, _start)
        try:
            sent = await read_upload(request)
        except HTTPException as problem:
            if problem.status_code != 413:
                raise
            return await self._asked(request, HEAVY, 413)
        self.desk.check(request, sent.fields)
        if not sent.content:
            return await self._asked(request, NONE, 422)
        try:
            now = self.desk.app.db.clock.now()
            name, roster = await run_in_threadpool(_read, sent, schools, programme, now.date(), self.columns)
        except TableError as problem:
            return await self._asked(request, "", 422, problem.says)
        draft = Draft(who.adult.person, name, roster, now)
        return RedirectResponse(f"{root_of(request)}/import/{self.drafts.keep(draft)}", 303)

    async def show(self, request: Request) -> Response:
        """What would be done, row by row."""

        def read(tx: Tx, who: Visitor) -> dict[str, Any] | None:
            draft = self._draft(tx, who, request)
            if draft is None:
                return None
            shown = shown_preview(tx, who, preview(tx, who.adult, draft.roster), form=bool(draft.form))
            form = f"{draft.form}?draft={request.path_params['draft']}" if draft.form else ""
            return {"preview": shown, "file": draft.name, "form": form}

        who, values = await self.desk.ask(request, read)
        return self._late(request) if values is None else self.desk.page(request, who, "import.html", values)

    async def apply(self, request: Request) -> Response:
        """Do what was shown, once."""
        form = await self.desk.form(request)

        def act(tx: Tx, who: Visitor) -> str | None:
            draft = self._draft(tx, who, request)
            if draft is None:
                return None
            version, leave_out = form.get("version", ""), form.get("leave_out") == "1"
            done = bring_in_previewed(tx, who.adult, draft.roster, version, leave_out=leave_out, name=draft.name)
            return (_learner(tx, draft) if draft.form else "/import") if done else ""

        _who, done = await self.desk.ask(request, act)
        if done is None:
            return self._late(request)
        token = request.path_params["draft"]
        if not done:
            return self.desk.after(request, {"back": f"/import/{token}"}, "stale")
        self.drafts.drop(token)
        self.desk.app.nudge()
        return self.desk.after(request, {"back": done}, "imported" if done == "/import" else "changed")

    def _draft(self, tx: Tx, who: Visitor, request: Request) -> Draft | None:
        allowed(who)
        return self.drafts.find(request.path_params["draft"], who.adult.person, tx.now)

    def _late(self, request: Request) -> Response:
        return RedirectResponse(f"{root_of(request)}/import?late=1", 303)

    async def _asked(self, request: Request, problem: Text, status: int = 200, fault: str = "") -> Response:
        who, (schools, programme) = await self.desk.ask(request, _start)
        _who, recent = await self.desk.ask(request, recent_imports)
        values = {
            "schools": [school.name for school in schools],
            "problem": problem,
            "recent": recent,
            "columns": columns(programme, who.language),
            "fault": told(fault, who.language),
        }
        answer = self.desk.page(request, who, "import_ask.html", values)
        answer.status_code = status
        return answer


def allowed(who: Visitor) -> None:
    """Raises Missing for whoever may bring in nothing."""
    if not who.can(Act.IMPORT):
        raise Missing


def _learner(tx: Tx, draft: Draft) -> str:
    """The page of whoever the form was about."""
    row = draft.roster.rows[0]
    wanted = select(StayRow.id).join(Person).where(Person.ref_key == reference_key(row.reference))
    found = tx.rows.scalars(wanted.where(StayRow.departure == row.departure, StayRow.back == row.back)).first()
    return f"/learners/{row.stay or found}"


def _start(tx: Tx, who: Visitor) -> tuple[list[KnownSchool], Programme]:
    allowed(who)
    return schools_of(tx, who.adult), tx.programme


def _read(
    sent: Upload, schools: list[KnownSchool], programme: Programme, today: date, columns: Columns
) -> tuple[str, Roster]:
    """The name and the rows of a file. Slow, so in a thread."""
    name = clean_name(PurePath(sent.name.replace("\\", "/")).name, 80)
    table = table_from(name, sent.content, MOST_ROWS, columns)
    return name, read_roster(table, programme, schools, today, columns)
