"""The forms of the people's page: leave and slots on call, entered as the chat's `/leave` and `/oncall` enter them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.domain.person import Role
from bot.domain.typed_days import DaysError, read_leave, read_slot
from bot.handlers.desk.leave import announce
from bot.handlers.desk.leave import cancel as cancel_leave
from bot.handlers.desk.oncall import cancel as cancel_slot
from bot.handlers.desk.oncall import take
from bot.store.db import Tx
from bot.store.people import Person
from bot.web.desk.page import Desk
from bot.web.desk.people import colleague_within, read_people
from bot.web.desk.visitor import Visitor

Change = Callable[[Tx, Person, Person, dict[str, str]], str]
"""What is done for one adult by another: whose, by whom, the form. Answers what is said."""


@dataclass(frozen=True)
class People:
    """The page of the adults and its forms."""

    desk: Desk

    async def look(self, request: Request) -> Response:
        """The adults of the school."""
        who, staff = await self.desk.ask(request, read_people)
        return self.desk.page(request, who, "people.html", {"staff": staff})

    async def leave(self, request: Request) -> Response:
        """A leave is entered or cancelled."""
        return await self._change(request, _leave)

    async def slot(self, request: Request) -> Response:
        """A slot on call is entered or cancelled."""
        return await self._change(request, _slot)

    async def _change(self, request: Request, change: Change) -> Response:
        form = await self.desk.form(request)

        def act(tx: Tx, who: Visitor) -> str:
            person = colleague_within(tx, who, request.path_params["number"])
            # Two presses of the same button follow one another: the second finds what the first has entered.
            tx.rows.refresh(person, with_for_update=True)
            try:
                return change(tx, person, who.person, form)
            except DaysError as problem:
                return f"days_{problem.fault}"

        _who, said = await self.desk.ask(request, act)
        self.desk.app.nudge()
        return self.desk.after(request, form, said)


def _leave(tx: Tx, person: Person, by: Person, form: dict[str, str]) -> str:
    if "cancel" in form:
        return _cancelled(cancel_leave, tx, person, by, form["cancel"])
    days = read_leave(f"{form.get('first', '')} {form.get('last', '')}", tx.now.astimezone(person.zone).date())
    if any((row.first, row.last) == (days.first, days.last) for row in person.leaves):
        return "nothing"
    announce(tx, person, days, by)
    return "leave"


def _slot(tx: Tx, person: Person, by: Person, form: dict[str, str]) -> str:
    if "cancel" in form:
        return _cancelled(cancel_slot, tx, person, by, form["cancel"])
    written = " ".join(form.get(name, "").replace("T", " ")[:16] for name in ("since", "until"))
    slot = read_slot(written, person.zone, tx.now)
    known = any((row.since, row.until) == (slot.since, slot.until) for row in person.slots)
    if known or not person.holds(Role.ON_CALL):
        return "nothing"
    take(tx, person, slot, by)
    return "slot"


def _cancelled(
    cancel: Callable[[Tx, Person, str, Person], bool], tx: Tx, person: Person, by: Person, number: str
) -> str:
    return "cancelled" if cancel(tx, person, number, by) else "nothing"
