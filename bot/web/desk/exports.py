"""`/exports`: what may be taken out, as a spreadsheet. What left is written down: what, how much of it, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.documents.calendar import MIME, ics
from bot.documents.tables import CSV, MIMES, XLSX, Sheet, as_file
from bot.domain.rights import Act
from bot.handlers.desk.feeds import end_feed, feed_of, new_feed, read_feed
from bot.i18n import Text, _
from bot.store.db import Tx
from bot.store.records import audit
from bot.web.common.guard import Guesses, client_of
from bot.web.common.templates import root_of
from bot.web.desk.export_rows import EXPORTS, Export, learner_cells, learner_header, stays_for
from bot.web.desk.notices import GONE, PATIENCE, notice
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
    guesses: Guesses = field(default_factory=Guesses)

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

    async def subscribe(self, request: Request) -> Response:
        """A new secret address for one's own calendar, shown once; or the end of it."""
        form = await self.desk.form(request)
        if form.get("do") == "end":
            _who, ended = await self.desk.ask(request, lambda tx, who: end_feed(tx, who.person))
            return self.desk.after(request, {"back": "/exports"}, "feed_ended" if ended else "nothing")
        _who, code = await self.desk.ask(request, lambda tx, who: new_feed(tx, who.person))
        return await self._shown(request, feed=f"{self.desk.base_url}{root_of(request)}/feed/{code}.ics")

    async def feed(self, request: Request) -> Response:
        """What a calendar programme asks for, which has no browser and no visit: the code is the key."""
        client, now = client_of(request), self.desk.app.db.clock.now()
        if self.guesses.flood(client, now):
            return notice(request, PATIENCE)
        found = await self.desk.app.db.transact(read_feed, request.path_params["code"])
        if found is None:
            return notice(request, PATIENCE if self.guesses.another(client, now) else GONE)
        person, planned = found
        content = ics(
            f"Compagnon · {person.school.name}" if person.school else "Compagnon", person.language, planned, now
        )
        return Response(content, media_type=MIME, headers={"content-disposition": 'inline; filename="compagnon.ics"'})

    async def _shown(self, request: Request, problem: Text = "", status: int = 200, feed: str = "") -> Response:
        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            stays = stays_for(tx, who, Act.SEE_LEARNERS)
            offers = [_offered(who, name, each) for name, each in EXPORTS.items()]
            return {"exports": offers, "classes": _classes(who, stays), "feed": feed, **_feed_shown(tx, who)}

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


def _feed_shown(tx: Tx, who: Visitor) -> dict[str, Any]:
    """Since when they have an address, and when a calendar last asked."""
    known = feed_of(tx, who.person)
    seen = known.seen_at if known else None
    return {"known": who.clock.at(known.made_at) if known else None, "seen": who.clock.at(seen) if seen else None}


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
