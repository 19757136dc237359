"""`/figures`: who answers, how long silences last, how fast cases are taken; per school and class, and nobody by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from babel.units import format_unit
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from starlette.requests import Request
from starlette.responses import Response

from bot.domain.figures import (
    LEAST,
    Band,
    Life,
    Told,
    bands,
    longest_silence,
    minutes_to_take,
    share_answered,
    silences_of,
    told,
)
from bot.domain.occasion import Kind as ContactKind
from bot.domain.rights import Act
from bot.domain.stay import Kind
from bot.i18n import Text, _, dated
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.stays import Mark, StayRow
from bot.web.desk.indicators import read_indicators, staff_left
from bot.web.desk.page import Desk
from bot.web.desk.visitor import Missing, Visitor, within

YEAR = timedelta(days=365)
WEEKLY = (ContactKind.CHECK_IN.value, ContactKind.ATTENDANCE.value)
WITHOUT_END = float("inf")
SILENT = ((_("none"), 0.0), (_("up to a week"), 7.0), (_("up to two weeks"), 14.0), (_("longer"), WITHOUT_END))
TAKEN = (
    (_("within 15 minutes"), 15.0),
    (_("within an hour"), 60.0),
    (_("within a day"), 1440.0),
    (_("later"), WITHOUT_END),
)
EVERYBODY = _("All schools")
HOUR, DAY = 60, 1440


@dataclass(frozen=True)
class Bar:
    """A line of a table, which is its bar in the chart as well."""

    name: str
    inside: bool
    """A class of the school above it."""
    learners: int | None
    words: str
    width: float


@dataclass(frozen=True)
class Chart:
    """One figure: by school and class, and how many learners lie in each band."""

    id: str
    title: Text
    about: Text
    value: Text
    lines: tuple[Bar, ...]
    bands: tuple[Bar, ...] = ()
    counted: Text = ""


@dataclass(frozen=True)
class Figures:
    """The page."""

    desk: Desk

    async def look(self, request: Request) -> Response:
        """The figures of the last twelve months."""

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            if not who.can(Act.SEE_FIGURES):
                raise Missing
            first = who.clock.today - YEAR
            return {
                "charts": charts(who, read_lives(tx, who)),
                "indicators": read_indicators(tx, who),
                "staff": staff_left(tx, who),
                "least": LEAST,
                "since": who.clock.full_day(first),
            }

        who, values = await self.desk.ask(request, read)
        return self.desk.page(request, who, "figures.html", values)


def read_lives(tx: Tx, who: Visitor) -> list[Life]:
    """What each stay of the last twelve months adds: four readings, however many there are."""
    wanted = select(StayRow).where(within(who, Act.SEE_FIGURES), StayRow.back >= who.clock.today - YEAR)
    rows = tx.rows.scalars(wanted.where(StayRow.kind != Kind.STAFF).options(joinedload(StayRow.school))).all()
    numbers = {row.id for row in rows}
    marks: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    asked = select(Mark.stay_id, Mark.outcome, Mark.at).where(Mark.touchpoint.in_(WEEKLY), Mark.outcome.in_(("answered", "missed")))  # fmt: skip
    for stay, outcome, at in tx.rows.execute(asked.order_by(Mark.at, Mark.id)):
        if stay in numbers:
            marks[stay].append((outcome, at))
    taken = _minutes(tx, numbers)
    return [
        Life(
            row.person_id,
            (row.school.name, row.class_name),
            asked=len(marks[row.id]),
            answered=sum(outcome == "answered" for outcome, _at in marks[row.id]),
            silences=silences_of(marks[row.id], min(tx.now, row.facts().moves()[1])),
            taken=tuple(taken[row.id]),
        )
        for row in rows
    ]


def _minutes(tx: Tx, stays: set[int]) -> dict[int, list[float]]:
    """Of each stay the minutes until each of its cases was taken for the first time."""
    opened = {
        case: (stay, at)
        for case, stay, at in tx.rows.execute(select(CaseRow.id, CaseRow.stay_id, CaseRow.opened_at))
        if stay in stays
    }
    found: dict[int, list[float]] = defaultdict(list)
    events = select(CaseEvent.case_id, CaseEvent.at).where(CaseEvent.kind == "taken").order_by(CaseEvent.id)
    for case, at in tx.rows.execute(events):
        if case in opened:
            stay, since = opened.pop(case)
            found[stay].append((at - since) / timedelta(minutes=1))
    return found


def charts(who: Visitor, lives: Sequence[Life]) -> tuple[Chart, ...]:
    """Three figures in the reader's words."""
    silent = {life.learner: max(life.silences, default=0.0) for life in lives if life.asked}
    slowest = {life.learner: max(life.taken) for life in lives if life.taken}
    return (
        Chart(
            "answers", _("Who answers"), _("Of the weekly questions, so many were answered."), _("Answered"),
            _bars(who, told(lives, _was_asked, share_answered), _percent, most=100.0),
        ),
        Chart(
            "silences", _("How long silences last"),
            _("The longest silence of a stay, from the first question without an answer to the next one answered. The value is that of the middle learner."),
            _("Silence"), _bars(who, told(lives, _was_asked, longest_silence), _days),
            _band_bars(who, bands(silent, SILENT)), _("Longest silence"),
        ),
        Chart(
            "cases", _("How fast cases are taken"),
            _("From the first alert until an adult takes the case. The value is that of the middle case."),
            _("Until taken"), _bars(who, told(lives, _had_a_case, minutes_to_take), _span),
            _band_bars(who, bands(slowest, TAKEN)), _("Slowest case of a learner"),
        ),
    )  # fmt: skip


def _was_asked(life: Life) -> bool:
    return life.asked > 0


def _had_a_case(life: Life) -> bool:
    return bool(life.taken)


def _bars(
    who: Visitor, lines: Sequence[Told], words: Callable[[Visitor, float], str], most: float = 0.0
) -> tuple[Bar, ...]:
    top = most or max((line.value or 0.0 for line in lines), default=0.0) or 1.0
    return tuple(
        Bar(
            line.group or line.school or who.says(EVERYBODY),
            bool(line.group),
            line.learners,
            "" if line.value is None else words(who, line.value),
            round(100 * (line.value or 0.0) / top, 1),
        )
        for line in lines
    )


def _band_bars(who: Visitor, found: Sequence[Band]) -> tuple[Bar, ...]:
    top = max((band.learners or 0 for band in found), default=0) or 1
    return tuple(
        Bar(who.says(band.name), False, band.learners, "", round(100 * (band.learners or 0) / top, 1)) for band in found
    )


def _percent(_who: Visitor, value: float) -> str:
    return f"{value:.0f}\N{NARROW NO-BREAK SPACE}%"


def _days(who: Visitor, value: float) -> str:
    return _unit(who, value, "duration-day")


def _span(who: Visitor, minutes: float) -> str:
    if minutes < HOUR:
        return _unit(who, minutes, "duration-minute")
    return _unit(who, minutes / HOUR, "duration-hour") if minutes < DAY else _days(who, minutes / DAY)


def _unit(who: Visitor, value: float, unit: str) -> str:
    return str(format_unit(round(value), unit, "short", locale=dated(who.language).replace("-", "_")))
