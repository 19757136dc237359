"""Indicators on `/figures` and as a spreadsheet: what a school has set itself beside what was reached, nobody by name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from starlette.requests import Request
from starlette.responses import Response

from bot.documents.tables import MIMES, XLSX, Cell, Sheet, as_file
from bot.domain.balance import counts, gain, gate_of, standing
from bot.domain.figures import Told
from bot.domain.indicators import ALONE, Indicator, Mobility, Unit, exchanges, indicators, online, partner_named
from bot.domain.person import Role
from bot.domain.programme.model import Targets
from bot.domain.progress import CLOSED
from bot.domain.rights import Act
from bot.domain.stay import Kind
from bot.i18n import Text, _, _n
from bot.store.contacts import StayContact
from bot.store.db import Tx
from bot.store.pairings import PairRow
from bot.store.people import School
from bot.store.records import audit
from bot.store.stays import ItemState, StayRow
from bot.web.desk.page import Desk
from bot.web.desk.visitor import Missing, Visitor, within

NAMES: dict[str, Text] = {
    "leavers": _("Learners who leave"),
    "long": _("Learners who leave for long"),
    "cohort": _("Learners who have left at least once"),
    "grant": _("Holders of a social grant"),
    "tested": _("Both language tests"),
    "gain": _("Levels gained"),
    "early": _("Ended before its time"),
    "helping": _("Returnees who help the next ones"),
    "tutored": _("Learners who leave with a tutor"),
    "sent": _("Sent, by partner school"),
    "hosted": _("Hosted, by partner school"),
    "online": _("Learners in virtual exchanges"),
}
STAFF = _n(
    "{count} adult of the staff left in these twelve months", "{count} adults of the staff left in these twelve months"
)
AIMED = _("target {value}")


@dataclass(frozen=True)
class Row:
    """A line: a school or a class, how many learners, what was reached; `share` of the target, in percent of the bar."""

    name: str
    inside: bool
    learners: int | None
    words: str
    width: float


@dataclass(frozen=True)
class IndicatorShown:
    """One indicator in the reader's words."""

    id: str
    title: str
    target: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Indicators:
    """The spreadsheet."""

    desk: Desk

    async def take(self, request: Request) -> Response:
        """Every line of every indicator, with its target. That it was taken out is written down."""
        await self.desk.form(request)

        def read(tx: Tx, who: Visitor) -> Sheet:
            if not who.can(Act.SEE_FIGURES):
                raise Missing
            rows: list[tuple[Cell, ...]] = [
                (each.title, each.target, row.name, row.learners, row.words or who.says(_("hidden")))
                for each in read_indicators(tx, who)
                for row in each.rows
            ]
            audit(tx, f"person {who.adult.person}", "export", "indicators", rows=len(rows))
            header = (_("Indicator"), _("Target"), _("School and class"), _("Learners"), _("Achieved"))
            return Sheet(who.says(_("Indicators")), [who.says(each) for each in header], rows)

        _who, sheet = await self.desk.ask(request, read)
        name = f"compagnon-indicators-{self.desk.app.db.clock.now():%Y-%m-%d}.xlsx"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(as_file(sheet, XLSX), media_type=MIMES[XLSX], headers=headers)


def read_indicators(tx: Tx, who: Visitor) -> tuple[IndicatorShown, ...]:
    """Of the stays of twelve months within the visitor's walls; none where the programme has no targets."""
    targets = tx.programme.targets
    if targets is None:
        return ()
    gate = tx.programme.outgoing.balance
    papers = [name for name in (gate.needs if gate else ()) if tx.programme.outgoing.item(name)]
    found = indicators(targets, _mobilities(tx, who, targets), papers)
    found += (*exchanges(*_with_partners(tx, who)), online(_online(tx, who)))
    return tuple(shown for each in found if (shown := _shown(tx, who, each)).rows)


def _with_partners(tx: Tx, who: Visitor) -> tuple[list[Mobility], list[Mobility]]:
    """Who went and who came, each at the place of the partner school that the roster names."""
    named = (StayContact.stay_id == StayRow.id) & (StayContact.role == Role.PARTNER)
    wanted = select(StayRow.kind, StayRow.person_id, StayContact.name, StayContact.email).outerjoin(StayContact, named)
    there: dict[str, list[Mobility]] = {kind: [] for kind in Kind}
    for kind, person, name, email in tx.rows.execute(wanted.where(_lately(who), StayRow.cancelled.is_(False))):
        there[kind].append(Mobility(person, (partner_named(name, email) if name else ALONE, ""), 0))
    return there[Kind.OUTGOING], there[Kind.INCOMING]


def _online(tx: Tx, who: Visitor) -> list[Mobility]:
    wanted = select(StayRow.person_id, School.name, StayRow.class_name).join(School, School.id == StayRow.school_id)
    wanted = wanted.where(_lately(who), StayRow.kind == Kind.VIRTUAL, StayRow.cancelled.is_(False))
    return [Mobility(person, (school, group), 0) for person, school, group in tx.rows.execute(wanted)]


def staff_left(tx: Tx, who: Visitor) -> str:
    """How many adults left, beside the target."""
    targets = tx.programme.targets
    if targets is None:
        return ""
    wanted = select(func.count(StayRow.person_id.distinct())).where(_lately(who), StayRow.kind == Kind.STAFF)
    said = who.says(STAFF, count=tx.rows.scalar(wanted.where(StayRow.cancelled.is_(False))) or 0)
    return f"{said} ({who.says(AIMED, value=targets.staff)})" if targets.staff else said


def _lately(who: Visitor) -> Any:
    year_ago = who.clock.today.replace(year=who.clock.today.year - 1, day=min(who.clock.today.day, 28))
    return within(who, Act.SEE_FIGURES) & (StayRow.back >= year_ago)


def _mobilities(tx: Tx, who: Visitor, targets: Targets) -> list[Mobility]:
    """Three readings, however many there are. A stay that never began is none."""
    wanted = select(StayRow).where(_lately(who), StayRow.kind == Kind.OUTGOING)
    wanted = wanted.options(joinedload(StayRow.school), joinedload(StayRow.person))
    rows = [row for row in tx.rows.scalars(wanted) if not row.cancelled or counts(row.facts(), who.clock.today)]
    states: dict[int, dict[str, tuple[str, str | None]]] = {}
    for stay, item, state, value in tx.rows.execute(
        select(ItemState.stay_id, ItemState.item, ItemState.state, ItemState.value)
        .join(StayRow, StayRow.id == ItemState.stay_id)
        .where(_lately(who))
    ):
        states.setdefault(stay, {})[item] = (state, value)
    tutored = set(tx.rows.scalars(select(PairRow.stay_id).where(PairRow.together_at.is_not(None))))
    return [
        replace(_mobility(tx, row, states.get(row.id, {}), who, targets), tutored=row.id in tutored) for row in rows
    ]


def _mobility(
    tx: Tx, row: StayRow, states: dict[str, tuple[str, str | None]], who: Visitor, targets: Targets
) -> Mobility:
    stay, journey = row.facts(), tx.programme.journey(row.kind)
    found, paid = gate_of(tx.programme, stay), standing(tx.programme, stay, states, (stay.start, stay.end))
    missing = {item.id for item, _state in paid.missing} if paid else set()
    first, second = (
        states.get(test.id, ("", None)) if test else ("", None) for test in (journey.first_test, journey.second_test)
    )
    asked = journey.second_test is not None and journey.second_test.enabled and second[0] != "waived"
    return Mobility(
        row.person_id,
        (row.school.name, row.class_name),
        stay.activity_days,
        grant=targets.grant_tag in stay.tags,
        over=counts(stay, who.clock.today),
        early=stay.cancelled,
        papers={item.id: item.id not in missing for item in found[1]} if found else None,
        tested=bool(first[1] and second[1]) if asked else None,
        gain=gain(journey.first_test, first[1], second[1]),
        helps=states.get(targets.helping_item, ("", None))[0] in CLOSED,
        cohort=targets.cohort.get(row.school.ref or "", 0),
    )


def _shown(tx: Tx, who: Visitor, each: Indicator) -> IndicatorShown:
    item = tx.programme.outgoing.item(each.id.removeprefix("paper."))
    title = who.says(item.words) if item else who.says(NAMES[each.id])
    if each.id == "long" and tx.programme.targets:
        weeks = who.says(_n("{count} week or more", "{count} weeks or more"), count=tx.programme.targets.weeks)
        title = f"{title} ({weeks})"
    top = float(each.target or 0) or max((line.value or 0.0 for line in each.lines), default=0.0) or 1.0
    target = who.says(AIMED, value=_words(each.unit, each.target)) if each.target else ""
    return IndicatorShown(each.id, title, target, tuple(_row(who, each.unit, line, top) for line in each.lines))


def _row(who: Visitor, unit: Unit, line: Told, top: float) -> Row:
    words = "" if line.learners is None else _words(unit, line.value or 0.0)
    width = round(min(100.0, max(0.0, 100 * (line.value or 0.0) / top)), 1)
    return Row(line.group or line.school or who.says(_("All schools")), bool(line.group), line.learners, words, width)


def _words(unit: Unit, value: float) -> str:
    if unit is Unit.PERCENT:
        return f"{value:.0f}\N{NARROW NO-BREAK SPACE}%"
    return f"{value:+g}" if unit is Unit.LEVELS else f"{value:.0f}"
