"""`/c/{code}`: the employer, the teacher at the partner school or the host family sees what is theirs to do, and says that it is done."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.domain.touchpoints import due_day
from bot.handlers.family.external import asked_of, page_values, says_done
from bot.handlers.say.links import Page, opened
from bot.i18n import best_language
from bot.store.db import Tx
from bot.web.chat.viewer import Desk
from bot.web.visitors.page import Visit, page


class ExternalPage:
    """Looking changes nothing; each thing is said to be done by a button of its own."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def look(self, visit: Visit) -> Response | None:
        """What is open."""
        return self._page(visit, await self.desk.db.transact(_read, visit.code, ""))

    async def answer(self, visit: Visit) -> Response | None:
        """One thing is done; then what else there is."""
        shown = await self.desk.db.transact(_take, visit.code, visit.form.get("item", ""))
        self.desk.nudge()
        return self._page(visit, shown)

    def _page(self, visit: Visit, shown: dict[str, Any] | None) -> Response | None:
        if shown is None:
            language = best_language(visit.request.headers.get("accept-language", "")[:2], default="en")
            return page(visit.request, "external_over.html", language, {}, 404)
        return page(visit.request, "external.html", shown["language"], shown)


def _read(tx: Tx, code: str, said: str) -> dict[str, Any] | None:
    found = opened(tx, code, Page.EXTERNAL)
    if found is None:
        return None
    facts = found.stay.facts()
    items = [
        (item.id, item.title, {"day": due_day(facts, item).isoformat()})
        for item in asked_of(tx, found.stay, found.person)
    ]
    values = page_values(tx, found.stay)
    return {"code": code, "language": found.person.language, "items": items, "values": values, "said": said}


def _take(tx: Tx, code: str, name: str) -> dict[str, Any] | None:
    found = opened(tx, code, Page.EXTERNAL)
    if found is None:
        return None
    done = says_done(tx, found.stay, found.person, name)
    tx.rows.flush()
    return _read(tx, code, "thanks" if done else "over")
