"""The pages of the studio. Every form is kept as a draft at once; nothing counts before it is published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.config.programme import ready
from bot.domain.encoding import EncodingError, text_from
from bot.domain.programme import Programme
from bot.domain.programme.amend import NoPlace
from bot.domain.programme.check import warnings
from bot.domain.programme.outline import LISTS, PartOf, fresh_values, part_at
from bot.domain.programme.problem import ProgrammeError
from bot.domain.programme.written import Written, free_id
from bot.handlers.desk.publishing import Draft, drop_draft, keep_draft, may_edit, read_draft, take_up
from bot.i18n import told
from bot.store.db import Tx
from bot.store.deadlines import Deadline
from bot.store.people import Person
from bot.web.common.templates import root_of
from bot.web.common.upload import read_upload
from bot.web.desk.page import Desk, ProgrammeOnDisk
from bot.web.desk.studio.fields import fields_of
from bot.web.desk.studio.outline import languages_named, levels_named, shown_fields, shown_outline, titled
from bot.web.desk.studio.phone import phone, typed
from bot.web.desk.studio.reading import changed, put_in_order
from bot.web.desk.studio.words import ANCHORS, UNITS
from bot.web.desk.visitor import Missing, Visitor

FIELDS = 2000
"""A question with eight answers in ten languages has many."""


@dataclass(frozen=True)
class Checked:
    """A draft with what came of reading it: a programme, or what has to be mended."""

    draft: Draft
    programme: Programme | None
    problems: tuple[tuple[str, str, str], ...] = ()
    """Where, which field, and the sentence, in the reader's language."""
    remarks: tuple[tuple[str, str, str], ...] = ()
    decided: tuple[str, ...] = ()
    """What a review decided, beside the draft."""


def checked(draft: Draft, language: str) -> Checked:
    """The sentences of `programme check`. Slow: in a thread, outside of any transaction."""
    written = draft.written
    try:
        programme = ready(written)
    except ProgrammeError as error:
        return Checked(
            draft, None, tuple((each.where, each.field, told(each.says, language)) for each in error.problems)
        )
    found = tuple((each.where, each.field, told(each.says, language)) for each in warnings(programme))
    return Checked(draft, programme, (), found)


@dataclass(frozen=True)
class Studio:
    """The draft, part by part."""

    desk: Desk

    @property
    def file(self) -> ProgrammeOnDisk:
        """The files.

        Raises:
            Missing: this programme comes from elsewhere (a demo).
        """
        if self.desk.app.programme is None:
            raise Missing
        return self.desk.app.programme

    async def outline(self, request: Request) -> Response:
        """Everything that can be edited, and how the draft stands."""
        kind = request.query_params.get("kind", "outgoing")
        who, found = await self.look(request)
        values = {"outline": shown_outline(found.draft.written, who, kind)}
        return self.page(request, who, found, "studio.html", values)

    async def part(self, request: Request) -> Response:
        """One part: its form, and the phone beside it."""
        who, found = await self.look(request)
        return self._part(request, who, found, request.query_params.get("at", ""))

    def _part(
        self,
        request: Request,
        who: Visitor,
        found: Checked,
        at: str,
        lost: Mapping[str, str] | None = None,
        by: str = "",
    ) -> Response:
        written = found.draft.written
        part = _part_of(written, at)
        asked = request.query_params
        given = typed(asked.getlist("given"), asked.get("words", ""))
        seen = phone(found.programme, who, part, given, asked.get("lang", "")) if found.programme else None
        values = {
            "part": part,
            "title": titled(written, who, part),
            "fields": shown_fields(fields_of(part.model, part.table), written, who),
            "phone": seen,
            "lost": lost or {},
            "by": by,
        }
        return self.page(request, who, found, "studio_part.html", values)

    async def keep(self, request: Request) -> Response:
        """What was put into the form of a part becomes the draft. Who changed it meanwhile is not written over."""
        form = await self.desk.form(request, FIELDS)
        at, version = form.get("of.part", ""), _whole(form.get("of.version", ""))

        def act(tx: Tx, who: Visitor) -> str:
            draft = self.draft(tx, who)
            part = _part_of(draft.written, at)
            other = draft.touched_since(at, version, who.person.id)
            if other is not None:
                return tx.rows.get_one(Person, other[0]).full_name
            fields = fields_of(part.model, part.table)
            try:
                kept = put_in_order(changed(draft.written, part.path, fields, form), part.path, form)
            except (NoPlace, ValueError):
                raise Missing from None
            keep_draft(tx, who.adult, draft, kept, at)
            return ""

        who, by = await self.desk.ask(request, act)
        if by:
            _who, found = await self.look(request)
            return self._part(request, who, found, at, {name: words for name, words in form.items() if words}, by)
        return self.desk.after(request, form, "kept")

    async def add(self, request: Request) -> Response:
        """One more item or message, with what it needs to be one."""
        form = await self.desk.form(request)
        kind, name, title = form.get("kind", ""), form.get("list", ""), form.get("title", "").strip()[:200]
        if name not in LISTS or not title:
            return self.desk.after(request, form, "nothing")

        def act(tx: Tx, who: Visitor) -> str:
            draft = self.draft(tx, who)
            written = draft.written
            try:
                journey = written.at((kind,))
            except NoPlace:
                raise Missing from None
            taken = [str(each["id"]) for rows in journey.values() if isinstance(rows, list) for each in rows]
            which = free_id(title, taken)
            row = {"id": which, **fresh_values(name, title, written.spoken)}
            at = f"{kind}.{name}.{which}"
            keep_draft(tx, who.adult, draft, written.with_row((kind, name), row), at)
            return at

        _who, at = await self.desk.ask(request, act)
        return RedirectResponse(f"{root_of(request)}/programme/edit/part?at={at}", 303)

    async def remove(self, request: Request) -> Response:
        """Without an item or a message. It comes back with "undo", or from an earlier version."""
        return await self._change(request, lambda written, part, _form: written.without(part.path))

    async def move(self, request: Request) -> Response:
        """An item or a message one place earlier or later."""
        return await self._change(
            request, lambda written, part, form: written.moved(part.path, -1 if form.get("by") == "up" else 1)
        )

    async def _change(
        self, request: Request, change: Callable[[Written, PartOf, Mapping[str, str]], Written]
    ) -> Response:
        """Something that can be done with items and messages alone."""
        form = await self.desk.form(request)

        def act(tx: Tx, who: Visitor) -> str:
            draft = self.draft(tx, who)
            part = _part_of(draft.written, form.get("at", ""))
            if not part.can_go:
                raise Missing
            keep_draft(tx, who.adult, draft, change(draft.written, part, form), part.at)
            return part.kind

        _who, kind = await self.desk.ask(request, act)
        return RedirectResponse(f"{root_of(request)}/programme/edit?kind={kind}&said=kept", 303)

    async def drop(self, request: Request) -> Response:
        """The draft is forgotten."""
        form = await self.desk.form(request)

        def act(tx: Tx, who: Visitor) -> None:
            self.draft(tx, who)
            drop_draft(tx)

        await self.desk.ask(request, act)
        return self.desk.after(request, form | {"back": "/programme/edit"}, "dropped")

    async def download(self, request: Request) -> Response:
        """The file of the draft, or one of its language files, to be kept or edited elsewhere."""
        name = request.query_params.get("name", "")
        _who, written = await self.desk.ask(request, lambda tx, who: self.draft(tx, who).written)
        text = written.text if name in {"", written.name} else written.beside.get(name)
        if text is None:
            raise Missing
        headers = {"content-disposition": f'attachment; filename="{name or written.name}"'}
        return Response(text, media_type="application/toml; charset=utf-8", headers=headers)

    async def upload(self, request: Request) -> Response:
        """A file edited elsewhere becomes the draft; what is wrong with it is said there."""
        sent = await read_upload(request)
        self.desk.check(request, sent.fields)
        try:
            text = text_from(sent.content)
        except EncodingError:
            text = ""
        if not text.strip():
            return self.desk.after(request, {"back": "/programme/edit"}, "no_file")

        def act(tx: Tx, who: Visitor) -> str:
            current = self.draft(tx, who).written
            try:
                fresh = Written(text, current.beside, current.shipped, current.name)
                _ = fresh.laid
            except ProgrammeError:
                return "no_toml"
            take_up(tx, who.adult, self.file.written, fresh)
            return "kept"

        _who, said = await self.desk.ask(request, act)
        return self.desk.after(request, {"back": "/programme/edit"}, said)

    async def look(self, request: Request) -> tuple[Visitor, Checked]:
        """Who looks, and the draft with what has to be mended."""

        def read(tx: Tx, who: Visitor) -> tuple[Draft, tuple[str, ...]]:
            draft = self.draft(tx, who)
            decided = select(Deadline.title).where(Deadline.id.in_(draft.decisions)).order_by(Deadline.id)
            return draft, tuple(tx.rows.scalars(decided)) if draft.decisions else ()

        who, (draft, decided) = await self.desk.ask(request, read)
        return who, replace(await run_in_threadpool(checked, draft, who.language), decided=decided)

    def draft(self, tx: Tx, who: Visitor) -> Draft:
        """The draft, for whoever may edit it.

        Raises:
            Missing: they may not.
        """
        if not may_edit(who.adult):
            raise Missing
        return read_draft(tx, self.file.written)

    def page(self, request: Request, who: Visitor, found: Checked, name: str, values: Mapping[str, Any]) -> Response:
        """A page of the studio, with how the draft stands."""
        frame = {
            "draft": found.draft,
            "decided": found.decided,
            "problems": found.problems,
            "remarks": found.remarks,
            "anchors": ANCHORS,
            "units": UNITS,
            "languages": languages_named(found.draft.written, who),
            "levels": levels_named(found.draft.written, who),
        }
        return self.desk.page(request, who, name, {**frame, **values})


def _part_of(written: Written, at: str) -> PartOf:
    try:
        return part_at(written.laid, at)
    except NoPlace:
        raise Missing from None


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
