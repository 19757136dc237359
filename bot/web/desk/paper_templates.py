"""`/papers/templates`: how each paper looks, with invented people; taken out, changed, checked, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.documents.papers import KINDS, PaperError, pdf
from bot.documents.papers.invented import SIGNS, invented
from bot.documents.papers.printed import HOUSE, has_typst, shipped
from bot.domain.encoding import EncodingError, text_from
from bot.domain.rights import Act
from bot.handlers.desk.paper_templates import in_force, keep_template, may_change, versions
from bot.i18n import Text, _, sentence_of
from bot.store.db import Tx
from bot.store.people import Person, School
from bot.web.common.guard import row_number
from bot.web.common.upload import read_upload
from bot.web.desk.page import Desk
from bot.web.desk.visitor import Missing, Visitor

NAMES: dict[str, Text] = {HOUSE: _("The frame of all: letterhead, fonts, colours")} | {name: each.title for name, each in KINDS.items()}  # fmt: skip
EMPTY = _("No file, or none that is text. Nothing was changed.")


@dataclass(frozen=True)
class PaperTemplates:
    """The list, one template, and what is done with it."""

    desk: Desk

    async def look(self, request: Request) -> Response:
        """Every template, and whose is in force."""

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            places = _places(tx, who)
            lines = [(name, title, [place for number, place in places if _own(tx, name, number)]) for name, title in NAMES.items()]  # fmt: skip
            return {"templates": lines, "places": places}

        who, values = await self.desk.ask(request, read)
        return self.desk.page(request, who, "paper_templates.html", values)

    async def one(self, request: Request) -> Response:
        """One template: how it looks, its text, its versions."""
        return await self._shown(request, request.query_params.get("school", ""))

    async def file(self, request: Request) -> Response:
        """Its text as a file, or a preview as a PDF with invented people."""
        name, asked = _name(request), request.query_params

        def read(tx: Tx, who: Visitor) -> tuple[dict[str, str], str | None, datetime]:
            place = _place(tx, who, asked.get("school", ""))
            at = row_number(asked.get("version", ""))
            known = versions(tx, name, place)
            earlier = known[at].text or shipped(name) if at is not None and at < len(known) else None
            return in_force(tx, (HOUSE, *KINDS), place), earlier, tx.now

        who, (changed, earlier, now) = await self.desk.ask(request, read)
        changed |= {name: earlier} if earlier else {}
        if asked.get("as") == "typ":
            headers = {"content-disposition": f'attachment; filename="{name}.typ"'}
            return Response(changed.get(name) or shipped(name), media_type="text/plain; charset=utf-8", headers=headers)
        if not has_typst():
            raise Missing
        kind = next(iter(KINDS)) if name == HOUSE else name
        content = await run_in_threadpool(pdf, [invented(kind, who.language)], now, changed)
        headers = {"content-disposition": f'inline; filename="{name}.pdf"'}
        return Response(content, media_type="application/pdf", headers=headers)

    async def change(self, request: Request) -> Response:
        """Another text: it counts once it has been tried with invented people. Or back to an earlier one."""
        name, sent = _name(request), await read_upload(request)
        self.desk.check(request, sent.fields)
        school, back = sent.fields.get("school", ""), row_number(sent.fields.get("version", ""))

        def before(tx: Tx, who: Visitor) -> tuple[int | None, dict[str, str], str | None, datetime]:
            place = _place(tx, who, school)
            known = versions(tx, name, place)
            return place, in_force(tx, (HOUSE, *KINDS), place), known[back].text if back is not None and back < len(known) else None, tx.now  # fmt: skip

        who, (place, changed, earlier, now) = await self.desk.ask(request, before)
        text = earlier
        if "shipped" not in sent.fields and back is None:
            try:
                text = text_from(sent.content) if sent.content else sent.fields.get("text", "").replace("\r\n", "\n")
            except EncodingError:
                text = ""
            if not text.strip():
                return await self._shown(request, school, EMPTY)
        if text is not None and has_typst():
            try:
                await run_in_threadpool(_tried, name, {**changed, name: text}, who.language, now)
            except PaperError as error:
                return await self._shown(request, school, sentence_of(error), text)
        _who, done = await self.desk.ask(request, lambda tx, who: keep_template(tx, who.person, name, place, text))
        return self.desk.after(request, {"back": f"/papers/templates/{name}?school={school}"}, "changed" if done else "nothing")  # fmt: skip

    async def _shown(self, request: Request, school: str, problem: Text = "", text: str | None = None) -> Response:
        name = _name(request)

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            place = _place(tx, who, school)
            found = versions(tx, name, place)
            people = {each.by: tx.rows.get(Person, each.by) for each in found}
            lines = [(number, who.clock.at(each.at), (by.full_name if (by := people[each.by]) else ""), each.text is None) for number, each in enumerate(found)]  # fmt: skip
            return {
                "name": name,
                "title": NAMES[name],
                "school": school,
                "place": dict(_places(tx, who))[place],
                "versions": lines,
                "text": text or in_force(tx, (name,), place).get(name) or shipped(name),
                "problem": problem,
                "typst": has_typst(),
            }

        who, values = await self.desk.ask(request, read)
        answer = self.desk.page(request, who, "paper_template.html", values)
        answer.status_code = 422 if problem else 200
        return answer


def _name(request: Request) -> str:
    name = str(request.path_params["name"])
    if name not in NAMES:
        raise Missing
    return name


def _places(tx: Tx, who: Visitor) -> list[tuple[int | None, str]]:
    """Where the visitor may change templates: the consortium's, those of schools.

    Raises:
        Missing: nowhere.
    """
    if not who.can(Act.EDIT_PROGRAMME):
        raise Missing
    schools = tx.rows.query(School).where(School.ref != "").order_by(School.name)
    places: list[tuple[int | None, str]] = [(None, who.says(_("All schools")))]
    places += [(school.id, school.name) for school in schools]
    return [(number, name) for number, name in places if may_change(who.adult, number)]


def _place(tx: Tx, who: Visitor, written: str) -> int | None:
    """The school that a page is about, None for the consortium.

    Raises:
        Missing: it is not theirs.
    """
    number = row_number(written) if written else None
    if number not in dict(_places(tx, who)):
        raise Missing
    return number


def _own(tx: Tx, name: str, school: int | None) -> bool:
    newest = next(iter(versions(tx, name, school)), None)
    return newest is not None and newest.text is not None


def _tried(name: str, changed: dict[str, str], language: str, now: datetime) -> None:
    """The paper itself; with another frame, each of them.

    Raises:
        PaperError: it cannot be used.
    """
    for kind in KINDS if name == HOUSE else (name,):
        pdf([invented(kind, language, name=SIGNS)], now, changed)
