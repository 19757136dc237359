"""`/import/undo/N`: an import is taken back, after it was shown what that does and what stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.domain.roster.fields import label
from bot.handlers.people.roster_preview import preview
from bot.handlers.people.undo import KEPT, imports_of, undo, undoing
from bot.store.db import Tx
from bot.store.people import Person
from bot.web.desk.page import Desk
from bot.web.desk.roster_changes import shown_preview
from bot.web.desk.visitor import Missing, Visitor


@dataclass(frozen=True)
class Recent:
    """An import of the last day."""

    id: int
    name: str
    by: str
    when: Any
    undone: str


def recent_imports(tx: Tx, who: Visitor) -> list[Recent]:
    """What the visitor may take back, and what was taken back already."""
    return [
        Recent(
            each.id,
            each.name,
            tx.rows.get_one(Person, each.person_id).full_name,
            who.clock.at(each.at),
            tx.rows.get_one(Person, each.undone_by_id).full_name if each.undone_by_id else "",
        )
        for each in imports_of(tx, who.adult)
    ]


@dataclass(frozen=True)
class Undo:
    """The page and its button."""

    desk: Desk

    async def look(self, request: Request) -> Response:
        """What it would do now."""

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            number = request.path_params["number"]
            kept = next((each for each in imports_of(tx, who.adult) if each.id == number), None)
            if kept is None:
                raise Missing
            found = undoing(tx, kept)
            stands = [(each.name, label(each.field, who.language) if each.field else "") for each in found.stands]
            return {
                "kept": next(each for each in recent_imports(tx, who) if each.id == number),
                "changed": shown_preview(tx, who, preview(tx, who.adult, found.roster), form=True).changed,
                "removed": [row.person.full_name for row in found.removed],
                "resumed": [row.person.full_name for row in found.resumed],
                "stands": stands,
                "version": found.version if found.anything else "",
                "hours": int(KEPT.total_seconds() // 3600),
            }

        who, values = await self.desk.ask(request, read)
        return self.desk.page(request, who, "import_undo.html", values)

    async def apply(self, request: Request) -> Response:
        """Take it back, once."""
        form, number = await self.desk.form(request), request.path_params["number"]

        def act(tx: Tx, who: Visitor) -> bool:
            if all(each.id != number for each in imports_of(tx, who.adult)):
                raise Missing
            return undo(tx, who.adult, number, form.get("version", ""))

        _who, done = await self.desk.ask(request, act)
        self.desk.app.nudge()
        back = "/import" if done else f"/import/undo/{number}"
        return self.desk.after(request, {"back": back}, "undone" if done else "not_undone")
