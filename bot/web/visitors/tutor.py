"""`/t/{code}`: the host tutor says whether the learner is there, how it goes half-way, and that the paper was signed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.documents.papers import Paper, PaperError, html, pdf
from bot.documents.papers.kinds import papers_of
from bot.documents.papers.printed import HOUSE, MIMES, has_typst
from bot.domain.level import Level
from bot.domain.tutor import Part, spoken
from bot.handlers.case.matters import tutor_meant
from bot.handlers.desk.paper_templates import in_force
from bot.handlers.family.host_tutor import answer, fill_in, what_is_asked
from bot.handlers.say.links import Page, opened
from bot.store.db import Tx
from bot.web.chat.viewer import Desk
from bot.web.visitors.page import Visit, page


class TutorPage:
    """Looking changes nothing; each part is answered once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def look(self, visit: Visit) -> Response | None:
        """What can be answered today."""
        return _page(visit, await self.desk.db.transact(_read, visit.code, ""))

    async def answer(self, visit: Visit) -> Response | None:
        """The answers to one part, then what else there is."""
        shown = await self.desk.db.transact(_take, visit.code, dict(visit.form))
        self.desk.nudge()
        return _page(visit, shown)

    async def paper(self, visit: Visit) -> Response | None:
        """The certificate of attendance with all that is known, to print and sign."""
        found = await self.desk.db.transact(_attestation, visit.code)
        if found is None:
            return _page(visit, None)
        ending = "pdf" if has_typst() else "html"
        try:
            content = await run_in_threadpool(pdf, *found) if ending == "pdf" else html(found[0])
        except PaperError:
            ending, content = "html", html(found[0])
        headers = {"content-disposition": f'attachment; filename="attestation.{ending}"'}
        return Response(content, media_type=MIMES[ending], headers=headers)


def _attestation(tx: Tx, code: str) -> tuple[list[Paper], datetime, dict[str, str]] | None:
    found = opened(tx, code, Page.TUTOR)
    if found is None or tutor_meant(tx, found.stay):
        return None
    papers = papers_of(tx, found.person, "attestation", [found.stay], spoken(found.stay.tutor_language))
    return papers, tx.now, in_force(tx, (HOUSE, "attestation"), found.stay.school_id)


def _page(visit: Visit, shown: dict[str, Any] | None) -> Response | None:
    if shown is None:
        return page(visit.request, "over.html", spoken(visit.request.headers.get("accept-language", "")[:2]), {}, 404)
    status = 422 if shown["said"] == "missing" else 200
    return page(visit.request, "tutor.html", shown["language"], shown, status)


def _read(tx: Tx, code: str, said: str) -> dict[str, Any] | None:
    found = opened(tx, code, Page.TUTOR)
    if found is None:
        return None
    now = what_is_asked(tx, found.stay)
    return {
        "code": code,
        "language": spoken(found.stay.tutor_language),
        "parts": now.parts,
        "questions": now.questions,
        "grids": now.grids,
        "skills": now.skills,
        "values": now.values,
        "said": said,
    }


def _take(tx: Tx, code: str, form: dict[str, str]) -> dict[str, Any] | None:
    found = opened(tx, code, Page.TUTOR)
    if found is None:
        return None
    if form.get("grid"):
        said = "thanks" if fill_in(tx, found.stay, found.person, form["grid"], form) else "missing"
        tx.rows.flush()
        return _read(tx, code, said)
    part = next((each for each in Part if each == form.get("part")), None)
    level = answer(tx, found.stay, found.person, part, form) if part else None
    tx.rows.flush()
    said = "missing" if level is None else "thanks" if level is Level.NONE else "told"
    return _read(tx, code, said)
