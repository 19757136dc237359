"""`/dates`: the dates of the consortium and of its schools, and the form of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from bot.domain.deadlines import SORTS, Sort, State
from bot.domain.rights import Act
from bot.handlers.desk.deadlines import Written, dates_of, may_plan, may_settle, met, owners, save, settle
from bot.i18n import Text, _
from bot.store.db import Tx
from bot.store.deadlines import Deadline
from bot.store.people import Person, School
from bot.web.common.guard import row_number
from bot.web.desk.page import Desk
from bot.web.desk.visitor import Missing, Visitor

SOON = timedelta(days=120)
EMPTY = _("this cell must not be empty")
NOT_THERE = _("this person does not work for that school: choose somebody who does")
NO_DAY = _("this is no day of the calendar")
LATE, NEAR, LATER = _("Past, and not settled"), _("In the next four months"), _("Later")
LONGEST = 200
ALL_SCHOOLS = "all"
FIELDS = ("title", "day", "sort", "school", "owner", "project", "source", "yearly")


@dataclass(frozen=True)
class Shown:
    """One date in the list."""

    id: int
    sort: str
    title: str
    iso: str
    day: str
    place: str
    owner: str
    project: str
    source: str
    yearly: bool
    state: State
    settles: bool
    plans: bool


@dataclass(frozen=True)
class Deadlines:
    """The list and the form."""

    desk: Desk

    async def look(self, request: Request) -> Response:
        """What is late, what comes, and what was settled in the last year."""

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            today, rows = who.clock.today, dates_of(tx, who.adult, State.OPEN)
            groups: list[tuple[Text, list[Deadline]]] = [
                (LATE, [row for row in rows if row.day < today]),
                (NEAR, [row for row in rows if today <= row.day <= today + SOON]),
                (LATER, [row for row in rows if row.day > today + SOON]),
            ]
            settled = [row for row in dates_of(tx, who.adult, State.DONE, State.DROPPED) if row.day >= today - 3 * SOON]
            return {
                "groups": [(title, [_shown(who, row) for row in some]) for title, some in groups if some],
                "settled": [_shown(who, row) for row in reversed(settled)],
                "met": [(who.says(SORTS[sort]), count, aim) for sort, count, aim in met(tx, who.adult, today)],
            }

        who, values = await self.desk.ask(request, read)
        return self.desk.page(request, who, "deadlines.html", values)

    async def settle(self, request: Request) -> Response:
        """Done, not needed any more, or open again."""
        form = await self.desk.form(request)
        wanted = next((state for state in State if state == form.get("state")), None)

        def act(tx: Tx, who: Visitor) -> str:
            row = _row(tx, request)
            allowed = may_plan if State.DROPPED in {wanted, row.state} else may_settle
            if wanted is None or not allowed(who.adult, row):
                raise Missing
            return "changed" if settle(tx, who.person, row, wanted) else "nothing"

        _who, said = await self.desk.ask(request, act)
        return self.desk.after(request, {"back": "/dates"}, said)

    async def form(self, request: Request) -> Response:
        """An empty form, or that of one date."""

        def see(tx: Tx, who: Visitor) -> dict[str, Any]:
            row = _row(tx, request) if "number" in request.path_params else None
            asked = {name: value for name, value in request.query_params.items() if name == "sort" and row is None}
            return _form(tx, who, row, _stands(who, row) | asked, {})

        who, values = await self.desk.ask(request, see)
        return self.desk.page(request, who, "deadline_form.html", values)

    async def send(self, request: Request) -> Response:
        """What was written is read; what is wrong is said beside it."""
        form = await self.desk.form(request)

        def act(tx: Tx, who: Visitor) -> dict[str, Any] | None:
            row = _row(tx, request) if "number" in request.path_params else None
            shown = _form(tx, who, row, form, {})
            written, faults = _read(form, shown)
            if written and written.owner and written.owner not in owners(tx, written.school):
                written, faults = None, {"owner": NOT_THERE}
            if written is None:
                return {**shown, "faults": {name: who.says(text) for name, text in faults.items()}}
            save(tx, who.person, row, written)
            return None

        who, found = await self.desk.ask(request, act)
        if found is None:
            back = "/review" if form.get("sort") == Sort.DECISION else "/dates"
            return self.desk.after(request, {"back": back}, "changed")
        answer = self.desk.page(request, who, "deadline_form.html", found)
        answer.status_code = 422
        return answer


def _row(tx: Tx, request: Request) -> Deadline:
    row = tx.rows.get(Deadline, request.path_params["number"])
    if row is None:
        raise Missing
    return row


def _shown(who: Visitor, row: Deadline) -> Shown:
    return Shown(
        row.id, who.says(SORTS[row.sort]), row.title, row.day.isoformat(), who.clock.full_day(row.day),
        row.school.name if row.school else who.says(_("All schools")), row.owner.full_name if row.owner else "",
        row.project, row.source, row.yearly, row.state, may_settle(who.adult, row), may_plan(who.adult, row),
    )  # fmt: skip


def _stands(who: Visitor, row: Deadline | None) -> dict[str, str]:
    """A date as its form sends it."""
    if row is None:
        home = str(who.adult.school or "") or ALL_SCHOOLS
        return {"school": home, "sort": Sort.MEETING, "owner": str(who.adult.person)}
    return {
        "school": str(row.school_id or ALL_SCHOOLS),
        "sort": row.sort,
        "title": row.title,
        "day": row.day.isoformat(),
        "yearly": "1" if row.yearly else "",
        "project": row.project,
        "source": row.source,
        "owner": str(row.owner_id or ""),
    }


def _form(tx: Tx, who: Visitor, row: Deadline | None, stands: dict[str, str], faults: dict[str, str]) -> dict[str, Any]:
    """The form with its choices: the places that are theirs to plan for, and who may own a date there.

    Raises:
        Missing: it is not theirs to change.
    """
    if row is not None and not may_plan(who.adult, row):
        raise Missing
    schools = tx.rows.execute(select(School.id, School.name).where(School.ref != "").order_by(School.name)).all()
    places = [(str(number), name) for number, name in schools if who.may(Act.PLAN, number)]
    if who.may(Act.PLAN, None):
        places.insert(0, (ALL_SCHOOLS, who.says(_("All schools"))))
    if not places:
        raise Missing
    numbers = {each for place, _name in places for each in owners(tx, row_number(place))}
    found = tx.rows.scalars(select(Person).where(Person.id.in_(numbers)).order_by(Person.last_name, Person.id))
    return {
        "date": row,
        "stands": dict.fromkeys(FIELDS, "") | stands,
        "places": places,
        "sorts": [(sort.value, who.says(text)) for sort, text in SORTS.items()],
        "owners": [(str(each.id), each.full_name) for each in found],
        "faults": faults,
    }


def _read(form: dict[str, str], shown: dict[str, Any]) -> tuple[Written | None, dict[str, Text]]:
    """What a form says, where it can be read; what is wrong, by field.

    Raises:
        Missing: no form of ours offers that.
    """
    offered = {name: {value for value, _words in shown[name]} for name in ("places", "sorts", "owners")}
    school, sort, owner = form.get("school", ""), form.get("sort", ""), form.get("owner", "")
    if school not in offered["places"] or sort not in offered["sorts"] or owner not in {"", *offered["owners"]}:
        raise Missing
    title, project, source = (" ".join(form.get(name, "").split())[:LONGEST] for name in ("title", "project", "source"))
    faults: dict[str, Text] = {} if title else {"title": EMPTY}
    try:
        day = date.fromisoformat(form.get("day", ""))
    except ValueError:
        return None, {**faults, "day": NO_DAY}
    if faults:
        return None, faults
    yearly = form.get("yearly") == "1"
    return Written(row_number(school), Sort(sort), title, day, yearly, project, source, row_number(owner)), {}
