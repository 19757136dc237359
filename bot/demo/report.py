"""What happened, in words: one learner's story, and the figures of the class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_datetime
from sqlalchemy import select

from bot.i18n import _, render
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.messages import InboxRow, OutboxRow
from bot.store.people import Person, by_ref
from bot.store.stays import ItemState, Mark, StayRow, current_stay

MADE = frozenset({"asked", "told", "digest", "answered", "missed"})
TITLES = (
    _("Learner"),
    _("Place"),
    _("Contacts"),
    _("Answered"),
    _("Missed"),
    _("Cases opened"),
    _("Cases closed"),
    _("Proofs"),
)


@dataclass(frozen=True)
class Line:
    """One thing said: when, by whom, what."""

    at: datetime
    order: tuple[int, int]
    who: str
    text: str


def transcript(tx: Tx, ref: str, language: str) -> str:
    """The whole conversation of a learner, and what adults were told of them, in order of time."""
    person = by_ref(tx.rows, ref)
    stay = current_stay(tx.rows, person.id) if person else None
    if person is None or stay is None:
        raise LookupError(ref)
    lines = sorted(
        [*_sent(tx, person), *_heard(tx, person), *_alerts(tx, person, stay)], key=lambda line: (line.at, line.order)
    )
    title = f"── {person.full_name} · {stay.city} · {stay.departure} → {stay.back} "
    return "\n".join([title.ljust(100, "─"), *(_format(line, stay, language) for line in lines)])


def _format(line: Line, stay: StayRow, language: str) -> str:
    zone = stay.facts().zone_at(line.at)
    when = format_datetime(line.at.astimezone(zone), "EEE d MMM y HH:mm", locale=language)
    indent = " " * (len(when) + 2)
    return f"{when}  {line.who}: {line.text.replace(chr(10), chr(10) + indent)}"


def _sent(tx: Tx, person: Person) -> list[Line]:
    rows = tx.rows.scalars(select(OutboxRow).where(OutboxRow.person_id == person.id, OutboxRow.sent_at.is_not(None)))
    return [Line(row.sent_at, (1, row.id), "Compagnon", _with_buttons(row)) for row in rows if row.sent_at]


def _with_buttons(row: OutboxRow) -> str:
    shown = row.rendered or {"text": "", "buttons": []}
    return " ".join([shown["text"], *(f"[{label}]" for label in shown["buttons"])])


def _heard(tx: Tx, person: Person) -> list[Line]:
    rows = tx.rows.scalars(select(InboxRow).where(InboxRow.person_id == person.id, InboxRow.state == "handled"))
    return [Line(row.received_at, (0, row.id), person.first_name, row.shown or "") for row in rows]


def _alerts(tx: Tx, person: Person, stay: StayRow) -> list[Line]:
    wanted = select(OutboxRow).where(OutboxRow.stay_id == stay.id, OutboxRow.person_id != person.id)
    found = []
    for row in tx.rows.scalars(wanted.where(OutboxRow.sent_at.is_not(None))):
        reader = tx.rows.get_one(Person, row.person_id)
        if row.sent_at:
            found.append(Line(row.sent_at, (1, row.id), f"    → {reader.full_name}", _with_buttons(row)))
    return found


@dataclass(frozen=True)
class Row:
    """One stay in figures: contacts made, answered in the end, silences, cases opened and closed, proofs."""

    departure: date
    name: str
    place: str
    counts: tuple[int, ...]


def figures(tx: Tx) -> list[Row]:
    """Every stay in figures."""
    stays = tx.rows.scalars(select(StayRow).order_by(StayRow.departure, StayRow.id)).all()
    return [Row(stay.departure, stay.person.short_name, stay.city, _counts(tx, stay)) for stay in stays]


def closing_table(rows: list[Row], language: str) -> str:
    """The class in figures, one line a stay, and their sum."""
    lines = [[row.name, row.place, *map(str, row.counts)] for row in rows]
    sums = (str(sum(column)) for column in zip(*(row.counts for row in rows), strict=True))
    head = [render(title, language) for title in TITLES]
    return _table([head, *lines, [render(_("Total"), language), "", *sums]])


def _counts(tx: Tx, stay: StayRow) -> tuple[int, ...]:
    outcomes = list(tx.rows.scalars(select(Mark.outcome).where(Mark.stay_id == stay.id)))
    cases = list(tx.rows.scalars(select(CaseRow).where(CaseRow.stay_id == stay.id)))
    proofs = list(tx.rows.scalars(select(ItemState).where(ItemState.stay_id == stay.id, ItemState.state == "done")))
    return (
        sum(1 for outcome in outcomes if outcome in MADE),
        outcomes.count("answered"),
        _silences(tx, cases),
        len(cases),
        sum(1 for case in cases if case.closed_at),
        len(proofs),
    )


def _table(rows: list[list[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    rule = "─" * max(len(line) for line in lines)
    return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]])


def _silences(tx: Tx, cases: list[CaseRow]) -> int:
    """How often no answer came in time, whether or not it came later."""
    wanted = select(CaseEvent).where(CaseEvent.case_id.in_([case.id for case in cases]), CaseEvent.kind == "matter")
    return sum(1 for event in tx.rows.scalars(wanted) if event.detail["topic"] == "missed")
