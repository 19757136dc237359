"""Several learners at once: who is concerned and what comes of it is shown first, then done for each as for one alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.domain.changes import Change, ChangeError
from bot.domain.rights import Act
from bot.domain.stay import Ended
from bot.handlers.conversation.stay_changes import foreseen
from bot.handlers.conversation.tasks import by_dates, may_tick, tick
from bot.handlers.desk.stay_end import LABELS
from bot.i18n import Text, _, _n
from bot.store.cases import open_cases
from bot.store.db import Tx
from bot.store.stays import StayRow, states_of
from bot.web.common.guard import row_number
from bot.web.common.templates import root_of
from bot.web.desk.class_list import Choice, find
from bot.web.desk.page import Desk
from bot.web.desk.stay_form import DATED, change_stay
from bot.web.desk.timeline import items
from bot.web.desk.visitor import Visitor, within
from bot.web.desk.writing import LONGEST, read_writing, write_once

MOST = 100
"""So many at once: what is done for them is one decision, and who reads the list still reads it."""
ACTS: dict[str, tuple[Act, Text]] = {
    "write": (Act.WRITE, _("Write to them")),
    "tick": (Act.TICK, _("Tick one item")),
    "invite": (Act.CONFIRM, _("Invite")),
    "papers": (Act.SEE_LEARNERS, _("Documents")),
    "move": (Act.CHANGE, _("Move dates")),
    "end": (Act.CHANGE, _("End their stays")),
}
ELSEWHERE = {"invite": "invitations", "papers": "papers"}
"""Acts that have a page of their own."""
UNREACHED, NOT_YOURS = _("cannot be written to now"), _("not yours to do")
SETTLED, NOT_ASKED = _("ticked already"), _("is not asked for this")
DATES = _("the dates of this stay do not allow it")
FEWER = _n("{count} message fewer", "{count} messages fewer")
MOVED = _n("{count} message moves", "{count} messages move")
MORE = _n("{count} message more", "{count} messages more")
CASE_CLOSES = _("the open case closes")


@dataclass(frozen=True)
class Line:
    """One learner of those that were chosen: what would be done, or why nothing can be."""

    stay: int
    name: str
    group: str
    does: bool
    note: str


@dataclass(frozen=True)
class Plan:
    """What would be done for whom."""

    act: str
    lines: list[Line]
    given: dict[str, str]
    """What the form asked for besides: an item, a day."""

    @property
    def ready(self) -> list[Line]:
        return [line for line in self.lines if line.does]

    @property
    def left_out(self) -> list[Line]:
        return [line for line in self.lines if not line.does]

    @property
    def stays(self) -> str:
        return " ".join(str(line.stay) for line in self.lines)

    @property
    def version(self) -> str:
        """Another one as soon as anything would be done otherwise than shown."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class BulkActions:
    """`GET /together` shows, `POST /together` does."""

    desk: Desk

    async def look(self, request: Request) -> Response:
        """Who was chosen, what may be done, and what would come of it."""
        asked = request.query_params
        if asked.get("do") in ELSEWHERE:
            chosen = "+".join(number for each in asked.getlist("stay") for number in each.split())
            return RedirectResponse(f"{root_of(request)}/{ELSEWHERE[asked['do']]}?stays={chosen}", 303)
        given = {name: asked.get(name, "") for name in ("item", "what", "day")}
        picked = [number for each in asked.getlist("stay") for number in each.split()]

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            rows = _of_list(tx, who, Choice.asked(asked)) if asked.get("of") == "list" else _rows(tx, who, picked)
            return _shown(tx, who, rows, asked.get("do", ""), given)

        who, values = await self.desk.ask(request, read)
        return self.desk.page(request, who, "together.html", values)

    async def apply(self, request: Request) -> Response:
        """Do what was shown; if it would be otherwise by now, that is shown instead."""
        form = await self.desk.form(request)

        def act(tx: Tx, who: Visitor) -> dict[str, Any]:
            rows = _rows(tx, who, form.get("stays", "").split())
            given = {name: form.get(name, "") for name in ("item", "what", "day")}
            plan = _plan(tx, who, rows, form.get("do", ""), given)
            if plan is None or plan.version != form.get("version"):
                return {**_shown(tx, who, rows, form.get("do", ""), given), "stale": True}
            by_number = {row.id: row for row in rows}
            done = [line for line in plan.ready if _do(tx, who, by_number[line.stay], plan, form)]
            failed = [line for line in plan.ready if line not in done]
            return {"done": done, "failed": failed, "plan": plan, "acts_for": ACTS}

        who, values = await self.desk.ask(request, act)
        self.desk.app.nudge()
        name = "together_done.html" if "done" in values else "together.html"
        return self.desk.page(request, who, name, values)


def _of_list(tx: Tx, who: Visitor, choice: Choice) -> list[StayRow]:
    found = find(tx, who, choice, set())
    return _rows(tx, who, [str(each.stay) for each in found.shown])


def _rows(tx: Tx, who: Visitor, picked: Sequence[str]) -> list[StayRow]:
    """Those of the stays named that the visitor may know of, by name; the rest are as if they were not there."""
    numbers = [number for number in map(row_number, picked) if number is not None][: MOST + 1]
    wanted = select(StayRow).where(StayRow.id.in_(numbers), StayRow.cancelled.is_(False), within(who, Act.SEE_LEARNERS))
    rows = tx.rows.scalars(wanted.options(joinedload(StayRow.person), joinedload(StayRow.school)))
    return sorted(rows, key=lambda row: (row.class_name, row.person.last_name, row.person.first_name, row.id))


def _shown(tx: Tx, who: Visitor, rows: list[StayRow], act: str, given: dict[str, str]) -> dict[str, Any]:
    many = len(rows) > MOST
    return {
        "rows": [(row.id, row.person.full_name, row.class_name) for row in rows],
        "many": many,
        "most": MOST,
        "acts_for": {
            name: text for name, (right, text) in ACTS.items() if any(who.may_with(right, row) for row in rows)
        },
        "act": act,
        "given": given,
        "plan": None if many else _plan(tx, who, rows, act, given),
        "items": _items(tx, who, rows) if act == "tick" else [],
        "changes": [(change.value, who.says(text)) for change, text in DATED.items()],
        "ends": [(ended.value, who.says(text)) for ended, text in LABELS.items()],
        "longest": LONGEST,
        "stale": False,
    }


def _items(tx: Tx, who: Visitor, rows: list[StayRow]) -> list[tuple[str, str]]:
    """The items that the visitor may tick for one of them at least, by the words of the programme."""
    found: dict[str, str] = {}
    for row in rows:
        for item in items(tx.programme, row.facts()):
            if item.id not in found and may_tick(who.person, row, item) and not by_dates(tx.programme, row, item):
                found[item.id] = who.says(item.title)
    return sorted(found.items(), key=lambda each: each[1])


Judge = Callable[[StayRow], tuple[bool, str]]
"""Whether something would be done for a stay, and the words for it."""


def _plan(tx: Tx, who: Visitor, rows: list[StayRow], act: str, given: dict[str, str]) -> Plan | None:
    """None while it is not known yet what is to be done."""
    judge = _judge(tx, who, rows, act, given)
    if judge is None:
        return None
    lines = []
    for row in rows:
        may = who.may_with(ACTS[act][0], row)
        does, note = judge(row) if may else (False, who.says(NOT_YOURS))
        lines.append(Line(row.id, row.person.full_name, row.class_name, does, note))
    return Plan(act, lines, given)


def _judge(tx: Tx, who: Visitor, rows: list[StayRow], act: str, given: dict[str, str]) -> Judge | None:
    if act == "write":
        return lambda row: _written(tx, who, row)
    if act == "tick" and given["item"]:
        states = states_of(tx.rows, [row.id for row in rows])
        return lambda row: _ticked(tx, who, row, given["item"], states.get(row.id, {}))
    if act == "move" and given["what"] in set(Change) and _day(given["day"]):
        return lambda row: _moved(tx, who, row, Change(given["what"]), date.fromisoformat(given["day"]))
    if act == "end" and given["what"] in set(Ended):
        cases = open_cases(tx.rows, [row.id for row in rows])
        return lambda row: (True, who.says(CASE_CLOSES) if row.id in cases and who.may_with(Act.SEE_CASES, row) else "")
    return None


def _written(tx: Tx, who: Visitor, row: StayRow) -> tuple[bool, str]:
    writing = read_writing(tx, who, row)
    return (True, writing.channel) if writing and writing.channel else (False, who.says(UNREACHED))


def _ticked(tx: Tx, who: Visitor, row: StayRow, wanted: str, states: Mapping[str, str]) -> tuple[bool, str]:
    item = next((each for each in items(tx.programme, row.facts()) if each.id == wanted), None)
    if item is None:
        return False, who.says(NOT_ASKED)
    if states.get(wanted) in {"done", "waived"}:
        return False, who.says(SETTLED)
    theirs = may_tick(who.person, row, item) and not by_dates(tx.programme, row, item)
    return (True, "") if theirs else (False, who.says(NOT_YOURS))


def _moved(tx: Tx, who: Visitor, row: StayRow, change: Change, day: date) -> tuple[bool, str]:
    try:
        found = foreseen(tx, row, change, day)
    except ChangeError:
        return False, who.says(DATES)
    counts = ((FEWER, found.cancelled), (MOVED, found.moved), (MORE, found.added))
    return True, ", ".join(who.says(text, count=count) for text, count in counts if count)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _do(tx: Tx, who: Visitor, row: StayRow, plan: Plan, form: Mapping[str, str]) -> bool:
    """The same as for one learner alone."""
    if plan.act == "write":
        return write_once(tx, who, row, form.get("words", ""), f"{form.get('form', '')} {row.id}") == "wrote"
    if plan.act == "tick":
        return tick(tx, who.person, row, [plan.given["item"]])
    return change_stay(tx, who, row, {"what": plan.given["what"], "day": plan.given["day"]}) in {"changed", "ended"}
