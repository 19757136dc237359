"""`/papers`: documents to sign and to hand over, of one learner or of several; what leaves is written down."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.documents.papers import KINDS, Paper, PaperError, PaperKind, articles, html, pdf
from bot.documents.papers.kinds import papers_of, signers
from bot.documents.papers.printed import HOUSE, MIMES, has_typst
from bot.handlers.desk.paper_templates import in_force
from bot.i18n import LANGUAGES, Text, _, own_name, sentence_of
from bot.store.db import Tx
from bot.store.records import audit
from bot.store.stays import StayRow
from bot.web.common.guard import row_number
from bot.web.desk.export_rows import stays_for
from bot.web.desk.page import Desk
from bot.web.desk.visitor import Missing, Visitor, stay_within

MOST = 100
ENDINGS = {**MIMES, "zip": "application/zip"}
NOBODY = _("This paper suits nobody of those chosen: it is for another kind of stay, or the stay is not over yet.")
TOO_MANY = _("More than {most} at once are not possible: narrow the list to a class.")


@dataclass(frozen=True)
class Sheaf:
    """Papers that look alike, and the templates that make them."""

    papers: list[Paper]
    changed: dict[str, str]


@dataclass(frozen=True)
class Papers:
    """Choose, look at one, take out."""

    desk: Desk

    async def look(self, request: Request) -> Response:
        """Which paper, about whom? `?stays=12+15` are these, `?kind=` is chosen."""
        asked = request.query_params
        return await self._shown(request, asked.get("stays", ""), asked.get("kind", ""))

    async def take(self, request: Request) -> Response:
        """One file: a document, or one for each in a ZIP."""
        form = await self.desk.form(request)
        name, ending = form.get("kind", ""), form.get("as", "pdf")
        if name not in KINDS or KINDS[name].apart or ending not in ENDINGS:
            raise Missing
        kind = KINDS[name]

        def read(tx: Tx, who: Visitor) -> tuple[list[Sheaf], datetime, Text]:
            chosen = _chosen(tx, who, kind, form.get("stays", ""), form.get("class", ""))
            rows = [row for row in chosen if kind.suits(row, tx)]
            if len(rows) > MOST:
                return [], tx.now, TOO_MANY
            papers = papers_of(tx, who.person, name, rows, form.get("lang", ""))
            if papers:
                audit(tx, f"person {who.adult.person}", "export", f"paper {name}", learners=len(rows), ending=ending)
            return _sheaves(tx, name, papers), tx.now, NOBODY

        _who, (sheaves, now, problem) = await self.desk.ask(request, read)
        if sheaves:
            ending = "zip" if ending == "pdf" and len(sheaves) > 1 else ending
            try:
                content = await run_in_threadpool(_file, sheaves, ending, now)
            except PaperError as error:
                problem = sentence_of(error)
            else:
                papers = [paper for each in sheaves for paper in each.papers]
                which = f"-{papers[0].number}" if len(papers) == 1 else ""
                headers = {"content-disposition": f'attachment; filename="{name}{which}-{now:%Y-%m-%d}.{ending}"'}
                return Response(content, media_type=ENDINGS[ending], headers=headers)
        answer = await self._shown(request, form.get("stays", ""), name, problem)
        answer.status_code = 422
        return answer

    async def one(self, request: Request) -> Response:
        """One paper about one learner on the screen, in the language of whoever signs it or in another."""
        name, wanted = request.path_params.get("kind", "attestation"), request.query_params.get("lang", "")
        if name not in KINDS or KINDS[name].make is None:
            raise Missing

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            row = stay_within(tx, who, request.path_params["number"], KINDS[name].act)
            papers = papers_of(tx, who.person, name, [row], wanted)
            if not papers:
                raise Missing
            language = wanted if wanted in LANGUAGES else signers(tx, row) if KINDS[name].signed else who.language
            named = [(code, own_name(code)) for code in LANGUAGES]
            return {"papers": papers, "stay": row.id, "learner": row.person.full_name, "language": language, "languages": named, "kind": name}  # fmt: skip

        who, values = await self.desk.ask(request, read)
        values |= {"body": articles(values["papers"]), "title": KINDS[name].title, "typst": has_typst()}
        return self.desk.page(request, who, "paper.html", values)

    async def _shown(self, request: Request, stays: str, kind: str, problem: Text = "") -> Response:
        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            offered = {name: each for name, each in KINDS.items() if who.can(each.act) and not each.apart}
            numbers = _numbers(stays)
            known = stays_for(tx, who, next(iter(offered.values())).act) if offered else {}
            rows = [row for number, row in known.items() if number in numbers]
            return {
                "kinds": offered,
                "chosen": kind if kind in offered else next(iter(offered), ""),
                "rows": [(row.id, row.person.full_name, row.class_name) for row in rows],
                "classes": _classes(list(known.values())),
                "languages": [(code, own_name(code)) for code in LANGUAGES],
                "typst": has_typst(),
                "problem": problem,
                "most": MOST,
            }

        who, values = await self.desk.ask(request, read)
        return self.desk.page(request, who, "papers.html", values)


def _numbers(written: str) -> frozenset[int]:
    found = (row_number(each) for each in written.replace("+", " ").split())
    return frozenset(number for number in found if number is not None)


def _chosen(tx: Tx, who: Visitor, kind: PaperKind, stays: str, group: str) -> list[StayRow]:
    """The stays named, else those of a class, as far as they are the visitor's to take out; none that was called off."""
    numbers = _numbers(stays)
    known = [row for row in stays_for(tx, who, kind.act).values() if not row.cancelled]
    if numbers:
        return [row for row in known if row.id in numbers]
    school, _sign, name = group.partition("/")
    return [row for row in known if str(row.school_id) == school and row.class_name == name]


def _classes(rows: Sequence[StayRow]) -> list[tuple[str, str]]:
    found = {(row.school.name, row.class_name, row.school_id) for row in rows if not row.cancelled}
    return [(f"{number}/{group}", f"{name}, {group}" if group else name) for name, group, number in sorted(found)]


def _sheaves(tx: Tx, name: str, papers: Sequence[Paper]) -> list[Sheaf]:
    """Schools with a template of their own have a document of their own."""
    found: dict[tuple[str, ...], Sheaf] = {}
    for paper in papers:
        changed = in_force(tx, (HOUSE, name), paper.place)
        found.setdefault(tuple(changed.values()), Sheaf([], changed)).papers.append(paper)
    return list(found.values())


def _file(sheaves: Sequence[Sheaf], ending: str, now: datetime) -> bytes:
    """Slow, so it runs in a thread. In a ZIP a file is called by its number: a name of a minor is no name of a file."""
    if ending == "html":
        return html([paper for each in sheaves for paper in each.papers])
    if ending == "pdf":
        return pdf(sheaves[0].papers, now, sheaves[0].changed)
    made = io.BytesIO()
    form = "pdf" if has_typst() else "html"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheaf in sheaves:
            for each in sheaf.papers:
                content = pdf([each], now, sheaf.changed) if form == "pdf" else html([each])
                name = f"{each.kind}-{each.number}"
                again = sum(known.startswith((f"{name}.", f"{name}-")) for known in archive.namelist())
                archive.writestr(f"{name}-{again + 1}.{form}" if again else f"{name}.{form}", content)
    return made.getvalue()
