"""`/d/{code}` and `/d/{code}/copy`: somebody's own page. What is held about them, why, until when, who may read it, and who has."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from bot.documents.personal_copy import name_of, zipped
from bot.handlers.privacy.copy import copy_by_link
from bot.handlers.privacy.held import MyData, read_page
from bot.i18n import Text, _, render, show
from bot.web.chat.viewer import Desk
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

    async def take(self, visit: Visit) -> Response | None:
        """The copy, as a file."""
        copy = await self.desk.db.transact(copy_by_link, visit.code)
        if copy is None:
            return None
        headers = {"content-disposition": f'attachment; filename="{name_of(copy)}"', "cache-control": "no-store"}
        return Response(await asyncio.to_thread(zipped, copy), media_type="application/zip", headers=headers)


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
    return {"values": {"name": found.name, "contact": found.contact}, "code": code, "parts": parts, "looks": looks}
