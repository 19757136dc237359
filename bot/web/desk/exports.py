"""`/exports`: what may be taken out, as a spreadsheet. What left is written down: what, how much of it, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.documents.tables import CSV, MIMES, XLSX, Sheet, as_file
from bot.domain.rights import Act
from bot.i18n import Text, _
from bot.store.db import Tx
from bot.store.records import audit
from bot.web.desk.export_rows import EXPORTS, Export, learner_cells, learner_header, stays_for
from bot.web.desk.page import Desk
from bot.web.desk.visitor import Visitor

REFUSED = _("This is not open to your role: you may take out what you may read on the desk. Nothing was written.")


@dataclass(frozen=True)
class Offered:
    """An export on its page; what is not theirs is named, and not offered."""

    name: str
    title: str
    about: str
    columns: str
    open: bool


@dataclass(frozen=True)
class Exports:
    """The page, and the files."""

    desk: Desk

    async def look(self, request: Request) -> Response:
        """What may be taken out."""
        return await self._shown(request)

    async def take(self, request: Request) -> Response:
        """One file. Who asks for what is not theirs is told so."""
        form = await self.desk.form(request)
        wanted, ending = EXPORTS.get(form.get("what", "")), form.get("as", XLSX)
        if wanted is None or ending not in MIMES:
            return await self._shown(request, REFUSED, 403)

        def read(tx: Tx, who: Visitor) -> Sheet | None:
            return taken_out(tx, who, form["what"], wanted, form, ending) if who.can(wanted.act) else None

        _who, sheet = await self.desk.ask(request, read)
        if sheet is None:
            return await self._shown(request, REFUSED, 403)
        content = await run_in_threadpool(as_file, sheet, ending)
        name = f"compagnon-{form['what']}-{self.desk.app.db.clock.now():%Y-%m-%d}.{ending}"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=MIMES[ending], headers=headers)

    async def _shown(self, request: Request, problem: Text = "", status: int = 200) -> Response:
        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            stays = stays_for(tx, who, Act.SEE_LEARNERS)
            return {
                "exports": [_offered(who, name, each) for name, each in EXPORTS.items()],
                "classes": _classes(who, stays),
            }

        who, values = await self.desk.ask(request, read)
        answer = self.desk.page(request, who, "exports.html", {**values, "problem": problem, "endings": (XLSX, CSV)})
        answer.status_code = status
        return answer


def taken_out(tx: Tx, who: Visitor, name: str, wanted: Export, form: Mapping[str, str], ending: str) -> Sheet:
    """The rows within the visitor's walls, narrowed to a class of a school where one is named; and the note that they left."""
    school, _sign, group = form.get("class", "").partition("/")
    stays = {
        number: row
        for number, row in stays_for(tx, who, wanted.act).items()
        if not school or (str(row.school_id) == school and group in {"", row.class_name})
    }
    found = list(wanted.rows(tx, who, stays))
    learners = len({stay.person_id for stay, _cells in found})
    audit(tx, f"person {who.adult.person}", "export", name, rows=len(found), learners=learners, ending=ending)
    header = (*learner_header(who.language), *(who.says(text) for text in wanted.columns))
    return Sheet(who.says(wanted.title), header, [(*learner_cells(stay), *cells) for stay, cells in found])


def _offered(who: Visitor, name: str, each: Export) -> Offered:
    columns = ", ".join(who.says(text) for text in each.columns)
    return Offered(name, who.says(each.title), who.says(each.about), columns, who.can(each.act))


def _classes(who: Visitor, stays: Mapping[int, Any]) -> list[tuple[str, str]]:
    """Schools and their classes, to narrow an export to."""
    schools = {(row.school_id, row.school.name) for row in stays.values()}
    groups = {(row.school_id, row.school.name, row.class_name) for row in stays.values() if row.class_name}
    found = [(name, "", f"{number}/") for number, name in schools]
    found += [(name, group, f"{number}/{group}") for number, name, group in groups]
    return [(value, f"{name}, {group}" if group else name) for name, group, value in sorted(found)]
