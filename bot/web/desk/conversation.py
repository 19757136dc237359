"""The page of a conversation: what was said both ways, as the learner sees it, as far as an adult may read it."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.domain.rights import Act
from bot.handlers.desk.conversation import read_conversation
from bot.store.db import Tx
from bot.store.records import audit
from bot.store.stays import StayRow
from bot.web.chat.bubbles import spoken
from bot.web.chat.history import Bubble, bubbles_of
from bot.web.chat.viewer import Reader, Standing
from bot.web.common.guard import row_number
from bot.web.desk.answers import WHY
from bot.web.desk.page import Desk
from bot.web.desk.visitor import Missing, Visitor, stay_within

STAMP = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class Line:
    """A bubble, with its instant in the words of whoever looks; own words that were not asked for are empty."""

    bubble: Bubble
    iso: str
    hour: str
    day: str


@dataclass(frozen=True)
class Shown:
    """One page of a conversation."""

    stay: int
    name: str
    lines: list[Line]
    earlier: int
    before: int
    why: str
    """The reason for which own words are shown; without one they are not."""
    veiled: bool
    """Whether there are own words to ask for."""


@dataclass(frozen=True)
class Conversations:
    """`GET` and `POST` of `/learners/{number}/conversation`: with a reason, own words are shown as well."""

    desk: Desk

    async def look(self, request: Request) -> Response:
        """What was asked, said and pressed."""
        return await self._page(request, request.query_params.get("before", ""), "")

    async def read(self, request: Request) -> Response:
        """That, and own words."""
        form = await self.desk.form(request)
        why = form.get("why", "")
        return await self._page(request, form.get("before", ""), why if why in WHY else "-")

    async def _page(self, request: Request, before: str, why: str) -> Response:
        def read(tx: Tx, who: Visitor) -> Shown:
            if why not in {"", *WHY}:
                raise Missing
            row = stay_within(tx, who, request.path_params["number"], Act.READ_ANSWERS)
            return shown(tx, who, row, row_number(before) or 0, why)

        who, talk = await self.desk.ask(request, read)
        return self.desk.page(request, who, "conversation.html", {"talk": talk, "why": WHY, "words": spoken})


def shown(tx: Tx, who: Visitor, row: StayRow, before: int, why: str) -> Shown:
    """One page, and the note that it was read: own words with the reason."""
    said = read_conversation(tx, who.person, row, before)
    theirs = [(line, "" if own and not why else line.shown or "") for line, own in said.theirs]
    target = f"stay {row.id}"
    if why:
        audit(tx, f"person {who.adult.person}", "read words", target, why=why)
    else:
        audit(tx, f"person {who.adult.person}", "read answers", target)
    reader = Reader("", row.person_id, Standing.CONFIRMED, row.person.language, stay=row.facts())
    lines = [_line(who, bubble) for bubble in bubbles_of(tx, reader, said.ours, theirs)]
    veiled = any(own for _line, own in said.theirs) and not why
    return Shown(row.id, row.person.full_name, lines, said.earlier, before, why, veiled)


def _line(who: Visitor, bubble: Bubble) -> Line:
    hour = who.clock.hour(bubble.at, bubble.at.tzinfo)  # type: ignore[arg-type]
    return Line(bubble, bubble.at.strftime(STAMP), hour, who.clock.long_day(bubble.at.date()))
