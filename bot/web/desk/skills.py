"""`/learners/N/skills`: what somebody learned there, to be printed and signed, and as a text for the Europass Mobility."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.documents.papers.europass import may_read
from bot.documents.papers.kinds import signers
from bot.documents.skills_sheet import skills_sheet
from bot.domain.rights import Act
from bot.i18n import LANGUAGES, own_name
from bot.store.db import Tx
from bot.store.records import audit
from bot.web.desk.page import Desk
from bot.web.desk.visitor import Visitor, stay_within


@dataclass(frozen=True)
class Skills:
    """For whoever may read answers; that they have is noted."""

    desk: Desk

    async def look(self, request: Request) -> Response:
        """In the language of whoever signs it, or in one that is asked for."""
        wanted = request.query_params.get("lang", "")

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            row = stay_within(tx, who, request.path_params["number"], Act.READ_ANSWERS)
            audit(tx, f"person {who.adult.person}", "read words", f"stay {row.id}", why="report")

            language = wanted if wanted in LANGUAGES else signers(tx, row)
            languages = [(code, own_name(code)) for code in LANGUAGES]
            sheet = skills_sheet(tx, row, language, lambda each: may_read(tx, who.person, each))
            return {"sheet": sheet, "languages": languages}

        who, values = await self.desk.ask(request, read)
        return self.desk.page(request, who, "skills.html", values)
