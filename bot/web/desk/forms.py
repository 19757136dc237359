"""The forms of the desk. Each goes to the handler that the chat's buttons go to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from bot.domain.channel import storable
from bot.domain.rights import Act
from bot.domain.typed_days import DaysError
from bot.handlers.case.buttons import act_on_case
from bot.handlers.case.crew import crew_of
from bot.handlers.case.grouping import companions
from bot.handlers.conversation.tasks import take_back, tick
from bot.handlers.conversation.watching import keep_contact
from bot.handlers.desk.contact_elsewhere import LONGEST, read_contact
from bot.handlers.people.confirm import confirm, may_confirm_them
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.people import Address
from bot.web.common.guard import row_number
from bot.web.desk.answers import read_words
from bot.web.desk.case_page import same_cause
from bot.web.desk.cases import case_within
from bot.web.desk.page import Desk
from bot.web.desk.stay_form import change_stay
from bot.web.desk.views import ENDS
from bot.web.desk.visitor import Missing, Visitor, stay_within
from bot.web.desk.writing import write_once


@dataclass(frozen=True)
class Acts:
    """Every `POST` behind the door."""

    desk: Desk

    async def case(self, request: Request) -> Response:
        """Take, reached, pass on, close."""

        def act(tx: Tx, who: Visitor, form: dict[str, str]) -> str:
            row = case_within(tx, who, request.path_params["number"])
            if form.get("act") == "together":
                numbers = [row.id, *(each.id for each in same_cause(tx, who, row))]
                act_on_case(tx, who.person, {"do": "case", "cases": numbers, "act": "take"})
                return "together"
            if form.get("act") == "all_well":
                numbers = [row.id, *(each.id for each in companions(tx, who.person, row))]
                return (
                    "well"
                    if act_on_case(tx, who.person, {"do": "case", "cases": numbers, "act": "well"})
                    else "nothing"
                )
            if form.get("act") == "snooze":
                return _snoozed(tx, who, row, form.get("until", ""))
            action = {"do": "case", "case": row.id, **_wanted(form, in_words=row.grave)}
            if action["act"] == "pass" and action["to"] not in crew_of(tx, row).everyone:
                raise Missing
            done = act_on_case(tx, who.person, action)
            return form["act"] if done else "agreement" if row.grave and action["act"] == "close" else "nothing"

        return await self._done(request, act)

    async def tick(self, request: Request) -> Response:
        """An adult has seen what an item asks for."""

        def act(tx: Tx, who: Visitor, form: dict[str, str]) -> str:
            row = stay_within(tx, who, request.path_params["number"], Act.TICK)
            return "tick" if tick(tx, who.person, row, [form.get("item", "")]) else "nothing"

        return await self._done(request, act)

    async def badge(self, request: Request) -> Response:
        """A badge is taken back, for a reason that its owner reads: by whom they let write to them."""

        def act(tx: Tx, who: Visitor, form: dict[str, str]) -> str:
            row = stay_within(tx, who, request.path_params["number"], Act.WRITE)
            return "badge_ended" if take_back(tx, who.person, row, storable(form.get("words", ""))) else "badge_kept"

        return await self._done(request, act)

    async def write(self, request: Request) -> Response:
        """Words to a learner."""

        def act(tx: Tx, who: Visitor, form: dict[str, str]) -> str:
            row = stay_within(tx, who, request.path_params["number"], Act.WRITE)
            return write_once(tx, who, row, form.get("words", ""), form.get("form", ""))

        return await self._done(request, act)

    async def change(self, request: Request) -> Response:
        """Other dates, a pause, an end."""

        def act(tx: Tx, who: Visitor, form: dict[str, str]) -> str:
            return change_stay(tx, who, stay_within(tx, who, request.path_params["number"], Act.CHANGE), form)

        return await self._done(request, act)

    async def elsewhere(self, request: Request) -> Response:
        """How contact is kept, and to the end of which day."""

        def act(tx: Tx, who: Visitor, form: dict[str, str]) -> str:
            row = stay_within(tx, who, request.path_params["number"], Act.CHANGE)
            try:
                until, how = read_contact(f"{form.get('until', '')} {form.get('how', '')}", who.clock.today)
            except DaysError as problem:
                return f"days_{problem.fault}"
            if not how or len(how) > LONGEST:
                return "nothing"
            keep_contact(tx, who.person, row, until, how)
            return "elsewhere"

        return await self._done(request, act)

    async def confirm(self, request: Request) -> Response:
        """Whether it is really them."""

        def act(tx: Tx, who: Visitor, form: dict[str, str]) -> str:
            address = tx.rows.get(Address, request.path_params["number"])
            if address is None or not may_confirm_them(tx, who.person, address.person):
                raise Missing
            yes = form.get("yes") == "1"
            if address.state != "pending":
                return "nothing"
            return ("yes" if yes else "no") if confirm(tx, who.person, address.id, yes=yes) else "nothing"

        return await self._done(request, act)

    async def words(self, request: Request) -> Response:
        """Somebody's own words, for a reason that is kept."""
        form = await self.desk.form(request)

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            row = stay_within(tx, who, request.path_params["number"], Act.READ_ANSWERS)
            session = form.get("session", "")
            number = int(session) if session.isascii() and session.isdigit() and len(session) < 10 else 0
            question, words = read_words(tx, who, row, number, form.get("step", ""), form.get("why", ""))
            return {"stay": row.id, "name": row.person.full_name, "question": question, "words": words}

        who, values = await self.desk.ask(request, read)
        return self.desk.page(request, who, "words.html", values)

    async def _done(self, request: Request, act: Callable[[Tx, Visitor, dict[str, str]], str]) -> Response:
        form = await self.desk.form(request)
        _who, said = await self.desk.ask(request, lambda tx, who: act(tx, who, form))
        self.desk.app.nudge()
        return self.desk.after(request, form, said)


def _snoozed(tx: Tx, who: Visitor, row: CaseRow, written: str) -> str:
    """Nothing is asked about a case until an hour on the clocks of its school. A cry for help never rests."""
    try:
        until = datetime.fromisoformat(written[:16]).replace(tzinfo=ZoneInfo(row.stay.school.zone)).astimezone(UTC)
    except ValueError:
        return "days_unreadable"
    action = {"do": "case", "case": row.id, "act": "snooze", "until": until.isoformat()}
    return "snooze" if not row.grave and act_on_case(tx, who.person, action) else "unrested"


def _wanted(form: dict[str, str], *, in_words: bool) -> dict[str, Any]:
    """What a form asks of a case. The end of a grave one is told in words.

    Raises:
        Missing: nothing that a page of ours offers.
    """
    act, to = form.get("act", ""), form.get("to", "")
    if act in {"take", "reached", "apart"}:
        return {"act": act}
    if act in {"merge", "group"} and (other := row_number(form.get("with", ""))) is not None:
        return {"act": act, "with": other}
    reason = storable(form.get("reason", ""))[:LONGEST]
    if act == "close" and (reason.strip() if in_words else reason in ENDS):
        return {"act": act, "reason": reason}
    if act == "pass" and (adult := row_number(to)) is not None:
        words = storable(form.get("words", "").replace("\r\n", "\n"))[:LONGEST].strip()
        return {"act": act, "to": adult, **({"words": words} if words else {})}
    raise Missing
