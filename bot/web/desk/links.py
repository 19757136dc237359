"""`/links`: the library by what each link is for, with when somebody last looked and whether it answered."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.domain.programme.links import ABOUTS, Link
from bot.handlers.desk.links import answers
from bot.handlers.desk.publishing import may_edit
from bot.i18n import own_name
from bot.store.db import Tx
from bot.web.desk.page import Desk
from bot.web.desk.visitor import Visitor


@dataclass(frozen=True)
class Library:
    """The page. It is edited where the programme is."""

    desk: Desk

    async def look(self, request: Request) -> Response:
        """Every link."""

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            asked, said = answers(tx.rows)
            groups = groupby(tx.programme.links.every(), key=lambda link: link.about)
            return {
                "groups": [(who.says(ABOUTS[about]), [_shown(who, link, said) for link in some]) for about, some in groups],
                "asked": who.clock.full_day(asked) if asked else "",
                "editable": self.desk.app.programme is not None and may_edit(who.adult),
            }  # fmt: skip

        who, values = await self.desk.ask(request, read)
        return self.desk.page(request, who, "links.html", values)


def _shown(who: Visitor, link: Link, said: dict[str, str]) -> dict[str, Any]:
    return {
        "title": link.title,
        "address": link.address,
        "name": f"{{link_{link.id}}}",
        "languages": ", ".join(own_name(code) for code in link.languages),
        "learners": link.learners,
        "checked": who.clock.full_day(link.checked) if link.checked else "",
        "by": link.by,
        "old": link.stale(who.clock.today),
        "dead": bool(said.get(link.address)),
    }
