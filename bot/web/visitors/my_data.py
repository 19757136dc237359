"""`/d/{code}`: somebody's own page, their copy and their erasure; `/e/{code}`: the certificate of one. What is held about them, why, until when, who may read it, and who has."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.responses import RedirectResponse, Response

from bot.documents.badges import Badge, badge_of, revoked_list
from bot.documents.personal_copy import name_of, zipped
from bot.documents.skills_sheet import SkillsSheet, skills_sheet
from bot.domain.person import STAFF
from bot.domain.purposes import PURPOSES, Kind
from bot.handlers.privacy.copy import copy_by_link
from bot.handlers.privacy.data_held import MyData, read_page
from bot.handlers.privacy.erasure_requests import WHY, request
from bot.handlers.say.links import Page, opened
from bot.handlers.say.own_page import own_page, whose_page
from bot.i18n import LANGUAGES, Text, _, own_name, render, show
from bot.store.db import Tx
from bot.store.erasures import Stage, certificate
from bot.store.stays import current_stay
from bot.web.chat.viewer import Desk
from bot.web.common.templates import language_of
from bot.web.visitors.page import Visit, page

SOMEBODY_GONE = _("somebody who is gone")


@dataclass(frozen=True)
class MyDataPage:
    """Looking changes nothing; the link opens it for an hour."""

    desk: Desk

    async def look(self, visit: Visit) -> Response | None:
        """All of it on one page."""
        found = await self.desk.db.transact(read_page, visit.code)
        return page(visit.request, "my_data.html", found.language, shown(found, visit.code)) if found else None

    def of(self, kind: Page) -> Callable[[Visit], Awaitable[Response | None]]:
        """From the link of a guardian, a host tutor, an employer: the same page of their own."""

        async def look(visit: Visit) -> Response | None:
            link = await self.desk.db.transact(_by_pass, visit.code, kind)
            return RedirectResponse(link, 303) if link else None

        return look

    async def take(self, visit: Visit) -> Response | None:
        """The copy, as a file."""
        copy = await self.desk.db.transact(copy_by_link, visit.code)
        if copy is None:
            return None
        headers = {"content-disposition": f'attachment; filename="{name_of(copy)}"', "cache-control": "no-store"}
        return Response(await asyncio.to_thread(zipped, copy), media_type="application/zip", headers=headers)

    async def sure(self, visit: Visit) -> Response | None:
        """The second question: what erasing means."""
        found = await self.desk.db.transact(read_page, visit.code)
        return page(visit.request, "erase.html", found.language, shown(found, visit.code)) if found else None

    async def erase(self, visit: Visit) -> Response | None:
        """They want it: it is due, or an adult looks at it first."""
        found = await self.desk.db.transact(_ask, visit.code)
        self.desk.nudge()
        return page(visit.request, "erasing.html", found.pop("language"), found) if found else None

    async def skills(self, visit: Visit) -> Response | None:
        """What they learned, to be printed or copied, in their language or another."""
        wanted = visit.request.query_params.get("lang", "")
        found = await self.desk.db.transact(_skills, visit.code, wanted)
        if found is None:
            return None
        languages = [(code, own_name(code)) for code in LANGUAGES]
        return page(visit.request, "skills.html", found.language, {"sheet": found, "languages": languages})

    async def badge(self, visit: Visit) -> Response | None:
        """The badge on its page; `.png` and `.json` are what one takes away."""
        found = await self.desk.db.transact(_badge, visit.code)
        if found is None:
            return None
        language, badge = found
        path, private = visit.request.url.path, {"cache-control": "no-store"}
        if path.endswith(".png"):
            return Response(badge.png, media_type="image/png", headers=private)
        if path.endswith(".json"):
            return Response(badge.credential, media_type="application/json", headers=private)
        return page(visit.request, "badge.html", language, {"badge": badge, "code": visit.code})

    async def revoked(self, visit: Visit) -> Response | None:
        """Which badges were taken back, by number: anybody may ask, and reads no name."""
        found = await self.desk.db.read(revoked_list) if visit.code == "revoked" else None
        headers = {"cache-control": "public, max-age=300", "access-control-allow-origin": "*"}
        return Response(found, media_type="application/vc+jwt", headers=headers) if found else None

    async def certificate(self, visit: Visit) -> Response | None:
        """What was erased, and when. It names nobody: whoever has the number may read it."""
        return await self.desk.db.transact(_certificate, visit)


def _by_pass(tx: Tx, code: str, kind: Page) -> str:
    found = opened(tx, code, kind)
    return own_page(tx, found.person) if found is not None else ""


def _skills(tx: Tx, code: str, wanted: str) -> SkillsSheet | None:
    person = whose_page(tx, code)
    stay = current_stay(tx.rows, person.id) if person is not None else None
    if person is None or stay is None:
        return None
    return skills_sheet(tx, stay, wanted if wanted in LANGUAGES else person.language)


def _badge(tx: Tx, code: str) -> tuple[str, Badge] | None:
    person = whose_page(tx, code)
    stay = current_stay(tx.rows, person.id) if person is not None else None
    badge = badge_of(tx, stay, person.language) if person is not None and stay is not None else None
    return (person.language, badge) if person is not None and badge is not None else None


def _ask(tx: Tx, code: str) -> dict[str, Any] | None:
    person = whose_page(tx, code)
    if person is None:
        return None
    in_team = any(held.role in STAFF for held in person.roles)
    row = None if in_team else request(tx, person)
    why = [] if row is None else [render(WHY[each], person.language) for each in row.why]
    return {"language": person.language, "number": row.number if row else "", "why": why, "in_team": in_team}


def _certificate(tx: Tx, visit: Visit) -> Response | None:
    row = certificate(tx.rows, visit.code)
    if row is None:
        return None
    language = language_of(visit.request)
    counts = [(render(PURPOSES[Kind(kind)].name, language), count) for kind, count in row.counts.items()]
    day = show({"date": row.done_at.date().isoformat()}, language) if row.done_at else ""
    values = {"number": row.number, "day": day, "done": row.stage is Stage.DONE, "counts": counts}
    return page(visit.request, "certificate.html", language, values)


def shown(found: MyData, code: str) -> dict[str, Any]:
    """The page as its reader sees it."""

    def says(text: Text) -> str:
        return render(text, found.language)

    parts = [
        {
            "name": says(part.purpose.name),
            "count": part.count,
            "why": says(part.purpose.why),
            "basis": says(part.purpose.basis.value),
            "until": show({"date": part.until.isoformat()}, found.language) if part.until else "",
            "readers": ", ".join(part.readers),
        }
        for part in found.parts
    ]
    looks = [
        {
            "at": show({"moment": each.at.isoformat(), "zone": found.zone}, found.language),
            "who": each.who or says(SOMEBODY_GONE),
            "what": says(each.what),
        }
        for each in found.looks
    ]
    return {
        "values": {"name": found.name, "contact": found.contact},
        "code": code,
        "guest": found.guest,
        "parts": parts,
        "looks": looks,
    }
