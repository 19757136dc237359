"""The page of one case: whom to call, who has been told by which path, whom it may be passed to, how long it may rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.domain.channel import NAMES
from bot.domain.roster.phones import shown_phone
from bot.handlers.case.alert import NAMED_TOO, PHONE, TEACHER_MEANT, TEACHER_PHONE, TUTOR_MEANT, reaches
from bot.handlers.case.crew import crew_of, rest_of
from bot.handlers.case.grouping import companions, may_join
from bot.handlers.case.merging import merged_into, other_of
from bot.handlers.case.sent_files import files_of
from bot.i18n import _
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Address, Person
from bot.web.desk.case_log import SENT, Entry, log_of
from bot.web.desk.cases import CaseShown, open_rows, shown
from bot.web.desk.relative_time import When
from bot.web.desk.visitor import Visitor

LATELY = timedelta(hours=1)
ON_CALL = _("On call")
TUTOR, TEACHER = _("{name}, tutor at the host"), _("{name}, teacher")
SIGNS = {"sent": "✓", "unknown": "?", "failed": "✕", "expired": "–"}


@dataclass(frozen=True)
class Call:
    """A number to tap; without one a warning, or that there is none."""

    who: str
    phone: str
    warning: str = ""


@dataclass(frozen=True)
class Told:
    """One adult, and each path on which they were alerted."""

    name: str
    paths: tuple[tuple[str, str, When], ...]


@dataclass(frozen=True)
class Sent:
    """A file that stands in the case: `image`, `audio`, `application`, or nothing while it is on its way."""

    id: int
    kind: str
    at: When


@dataclass(frozen=True)
class Rest:
    """Until when the case may rest, as the form begins: what it offers, and the latest."""

    first: str
    latest: str


@dataclass(frozen=True)
class CasePage:
    """Everything that stands beside the case itself."""

    calls: list[Call]
    told: list[Told]
    colleagues: list[tuple[int, str]]
    rest: Rest | None
    same: list[str]
    """Other learners with the same cause whose cases nobody follows."""
    other: CaseShown | None
    """Another open case of the same learner, which may become one with this."""
    joined: list[CaseShown]
    """Those that ended in this one."""
    log: list[Entry]
    files: list[Sent]
    group: list[CaseShown]
    """Others with one cause, which are followed with it."""
    joinable: list[CaseShown]
    """Others that may have the same cause."""


def read_case(tx: Tx, who: Visitor, row: CaseRow) -> tuple[CaseShown, CasePage]:
    """One case and its page."""
    others = [number for number in crew_of(tx, row).present if number != who.adult.person]
    people = [(number, tx.rows.get_one(Person, number).full_name) for number in others]
    other = other_of(tx, who.person, row)
    page = CasePage(
        calls=_calls(tx, who, row),
        told=_told(tx, who, row),
        colleagues=people if row.closed_at is None else [],
        rest=_rest(tx, row),
        same=[each.stay.person.full_name for each in same_cause(tx, who, row)],
        other=shown(tx, who, [other])[0] if other is not None else None,
        joined=shown(tx, who, merged_into(tx, who.person, row)),
        log=log_of(tx, who, row),
        files=_files(tx, who, row),
        group=shown(tx, who, companions(tx, who.person, row)),
        joinable=shown(tx, who, may_join(tx, who.person, row)),
    )
    return shown(tx, who, [row])[0], page


def same_cause(tx: Tx, who: Visitor, row: CaseRow) -> list[CaseRow]:
    """The other open cases of one school that began within the hour with the same matter, and that nobody follows."""
    if row.grave or row.owner_id is not None or row.closed_at is not None:
        return []
    return [
        each
        for each in open_rows(tx, who)
        if each.id != row.id
        and not each.grave
        and each.owner_id is None
        and (each.topic, each.level, each.stay.school_id) == (row.topic, row.level, row.stay.school_id)
        and abs(each.opened_at - row.opened_at) <= LATELY
    ]


def _calls(tx: Tx, who: Visitor, row: CaseRow) -> list[Call]:
    person, school = row.stay.person, row.stay.school
    found = []
    for each in reaches(tx, row, who.adult.person):
        if each.text in (TUTOR_MEANT, TEACHER_MEANT, NAMED_TOO):
            found.append(Call(each.name, "", who.says(each.text, name=each.name, learner=person.short_name)))
        else:
            role = TEACHER if each.text == TEACHER_PHONE else TUTOR
            own = person.full_name if each.name == person.short_name else each.name
            label = own if each.text == PHONE else who.says(role, name=each.name)
            found.append(Call(label, each.phone))
    if school.on_call_phone:
        found.append(Call(who.says(ON_CALL), shown_phone(school.on_call_phone)))
    return found


def _told(tx: Tx, who: Visitor, row: CaseRow) -> list[Told]:
    """Who was alerted, by which path, and whether it arrived; the first to be told first."""
    wanted = select(OutboxRow, Person, Address.channel).join(Person, Person.id == OutboxRow.person_id)
    wanted = wanted.outerjoin(Address, Address.id == OutboxRow.address_id)
    wanted = wanted.where(OutboxRow.case_id == row.id, OutboxRow.lane == Lane.ALERT, OutboxRow.edit_of.is_(None))
    found: dict[str, dict[str, tuple[str, str, When]]] = {}
    for sent, person, channel in tx.rows.execute(wanted.order_by(OutboxRow.id)):
        words = who.says(SENT.get(sent.state, sent.state))
        path = NAMES.get(channel, "") if channel else ""
        at = who.clock.at(sent.sent_at or sent.created_at, ZoneInfo(row.stay.school.zone))
        line = (SIGNS.get(sent.state, "…"), f"{path} · {words}" if path else words, at)
        found.setdefault(person.full_name, {})[path] = line
    return [Told(name, tuple(paths.values())) for name, paths in found.items()]


def _files(tx: Tx, who: Visitor, row: CaseRow) -> list[Sent]:
    rows = [proof for each in (row, *merged_into(tx, who.person, row)) for proof in files_of(tx, each)]
    return [
        Sent(
            each.id,
            (each.mime or "").partition("/")[0] if each.state == "kept" else "",
            who.clock.of(row.stay, each.received_at),
        )
        for each in rows
    ]


def _rest(tx: Tx, row: CaseRow) -> Rest | None:
    """None where the case may not rest at all."""
    found = rest_of(tx, row)
    return Rest(*(f"{each:%Y-%m-%dT%H:%M}" for each in found)) if found else None
