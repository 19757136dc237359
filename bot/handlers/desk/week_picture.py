"""The facts of the picture that goes with a Monday digest: who is away around today, who answers, which cases are open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from bot.domain.level import Level
from bot.domain.person import clean_name
from bot.handlers.case.crew import followed
from bot.i18n import to_json
from bot.store.cases import kept_from, open_cases
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.stays import Mark, StayRow

BEFORE, AFTER = timedelta(weeks=4), timedelta(weeks=8)
"""Stays that ended longer ago, or begin later, are not shown."""
LEAST, MOST = 6, 18
"""Weeks of the picture."""
SHOWN = 30
"""Learners of one picture: the most urgent first."""
ASKED = ("check_in", "arrival", "safe_return")
OUTCOMES = ("answered", "missed")
_MARKS = (
    select(Mark.stay_id, Mark.outcome, Mark.at)
    .where(Mark.touchpoint.in_(ASKED), Mark.outcome.in_(OUTCOMES))
    .where(Mark.stay_id.in_(bindparam("stays", expanding=True)))
    .order_by(Mark.at, Mark.id)
)


Marks = dict[int, list[tuple[date, str]]]
"""What became of each question of some stays, on the day it was asked or settled, where the learner was."""


def pictured(stays: Iterable[StayRow], today: date) -> list[StayRow]:
    """Those that the picture of a day shows."""
    return [stay for stay in stays if stay.departure <= today + AFTER and stay.back >= today - BEFORE]


def week_facts(tx: Tx, person: Person, near: list[StayRow], marks: Marks, today: date) -> dict[str, Any] | None:
    """What is drawn; nothing where nobody is away around today. `near` are those `pictured`, `marks` theirs: of whom
    somebody may know nothing, they are not shown how they answer.
    """
    if not near:
        return None
    first, weeks = _window(near, today)
    cases, kept = _cases(tx, person, near), kept_from(tx.rows, person.id)
    shown = {stay.id: marks.get(stay.id, []) for stay in near if stay.person_id not in kept}
    rows = [_row(stay, cases.get(stay.id, Level.NONE), shown.get(stay.id, []), first) for stay in near]
    rows.sort(key=lambda row: _urgency(row, today))
    return {
        "title": person.school.name if person.school else "",
        "first": first.isoformat(),
        "weeks": weeks,
        "today": today.isoformat(),
        "rows": rows[:SHOWN],
        "others": len(rows[SHOWN:]),
        "levels": {level.value: to_json(rules.name) for level, rules in tx.programme.levels.items()},
    }


def _window(stays: list[StayRow], today: date) -> tuple[date, int]:
    """From the Monday of the first departure to the week of the last return, around today."""
    first = max(min(stay.departure for stay in stays), today - BEFORE - timedelta(weeks=2))
    first = min(first, today) - timedelta(days=min(first, today).weekday())
    last = max(max(stay.back for stay in stays), today)
    return first, min(max((last - first).days // 7 + 1, LEAST), MOST)


def _row(stay: StayRow, case: Level, marks: list[tuple[date, str]], first: date) -> dict[str, Any]:
    return {
        "name": clean_name(stay.person.short_name),
        "place": clean_name(stay.city),
        "departure": stay.departure.isoformat(),
        "back": stay.back.isoformat(),
        "case": case.value if case.rank else "",
        "marks": [[day.isoformat(), outcome] for day, outcome in marks if day >= first],
    }


def _urgency(row: dict[str, Any], today: date) -> tuple[Any, ...]:
    """The gravest case, then a last question without an answer, then who is away, then who leaves next."""
    silent = bool(row["marks"]) and row["marks"][-1][1] == "missed"
    away = row["departure"] <= today.isoformat() <= row["back"]
    gone = row["back"] < today.isoformat()
    return (-Level(row["case"] or "none").rank, not silent, not away, gone, row["departure"], row["name"])


def _cases(tx: Tx, person: Person, stays: list[StayRow]) -> dict[int, Level]:
    return {row.stay_id: row.level for row in followed(tx, person, open_cases(tx.rows, _ids(stays)).values())}


def marks_of(tx: Tx, stays: list[StayRow]) -> Marks:
    """What became of the questions of these stays, in order."""
    facts = {stay.id: stay.facts() for stay in stays}
    found: Marks = {}
    for stay, outcome, at in tx.rows.execute(_MARKS, {"stays": _ids(stays)}):
        found.setdefault(stay, []).append((at.astimezone(facts[stay].zone_at(at)).date(), outcome))
    return found


def _ids(stays: list[StayRow]) -> list[int]:
    return [stay.id for stay in stays]
