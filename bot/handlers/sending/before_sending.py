"""A message about to leave: does it still apply, may this person read it, and from when on?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from bot.domain.stay import Ended, Kind
from bot.domain.whereabouts import Whereabouts, first_open
from bot.handlers.case import relay
from bot.handlers.case.crew import may_follow
from bot.handlers.conversation.files import may_look
from bot.handlers.conversation.sessions import too_late
from bot.handlers.family import outreach
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import IS_PENDING, Lane, OutboxRow
from bot.store.people import Address, Person, School
from bot.store.proofs import ProofRow
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow, last_stay
from bot.store.word_owners import note_stays


class Leaving(NamedTuple):
    """A message, and what its words and its moment follow from. Whole rows are read where a rule asks for them."""

    row: OutboxRow
    language: str
    learner: int | None
    """Whose stay it is about; None where it is about none, and so are the next six."""
    kind: Kind | None
    ended: Ended | None
    zone: str | None
    home_zone: str | None
    departure: date | None
    back: date | None
    flow: str | None
    """Of the conversation that it belongs to, if any: its flow, where it stands, and what it asks."""
    state: str | None
    asked: str | None

    @property
    def where(self) -> Whereabouts | None:
        """Where its reader lives when, if it is their own stay."""
        if self.learner != self.row.person_id or not (self.zone and self.home_zone and self.departure and self.back):
            return None
        return Whereabouts(self.zone, self.home_zone, self.departure, self.back)

    @property
    def own_kind(self) -> Kind | None:
        """The kind of the stay the reader is on: a colleague is spoken to otherwise than a learner."""
        return self.kind if self.row.stay_id is None or self.learner == self.row.person_id else None


_NUMBERS = OutboxRow.id.in_(bindparam("numbers", expanding=True))
_LEAVING = (
    select(
        OutboxRow, Person.language, StayRow.person_id, StayRow.kind, StayRow.ended, StayRow.zone, StayRow.home_zone,
        StayRow.departure, StayRow.back, SessionRow.flow, SessionRow.state, SessionRow.asked,
    )
    .join(Person, Person.id == OutboxRow.person_id)
    .outerjoin(StayRow, StayRow.id == OutboxRow.stay_id)
    .outerjoin(SessionRow, SessionRow.id == OutboxRow.session_id)
    .where(_NUMBERS)
)  # fmt: skip
_CLAIM = _LEAVING.where(OutboxRow.state == IS_PENDING).with_for_update(skip_locked=True, of=OutboxRow)
_WHOLE = (
    select(Person, StayRow, School, SessionRow, CaseRow)
    .select_from(OutboxRow)
    .join(Person, Person.id == OutboxRow.person_id)
    .outerjoin(StayRow, StayRow.id == OutboxRow.stay_id)
    .outerjoin(School, School.id == StayRow.school_id)
    .outerjoin(SessionRow, SessionRow.id == OutboxRow.session_id)
    .outerjoin(CaseRow, CaseRow.id == OutboxRow.case_id)
    .options(joinedload(Person.roles))
    .where(_NUMBERS)
)
_CHANGED = select(OutboxRow, Address).outerjoin(Address, Address.id == OutboxRow.address_id).where(_NUMBERS)
_KINDS = (
    select(StayRow.person_id, StayRow.kind).where(StayRow.person_id.in_(bindparam("people", expanding=True))).distinct()
)
"""Row by row it would cost as much as sending: the transaction keeps them, and is asked for them one by one."""


def leaving(tx: Tx, numbers: Collection[int], *, claimed: bool = False) -> list[Leaving]:
    """Messages, and all that is asked of them before they leave, in one reading and three more at the most; `claimed` for us,
    those that nobody else has in hand.
    """
    rows: Iterable[Any] = tx.rows.execute(_CLAIM if claimed else _LEAVING, {"numbers": numbers})
    found = [Leaving(*each) for each in rows]
    note_stays(tx.rows, ((each.row.stay_id, each.learner) for each in found))
    whole = [each.row.id for each in found if _asks_for_more(each)]
    if whole:
        tx.rows.execute(_WHOLE, {"numbers": whole}).unique().all()
    changed = [each.row.edit_of for each in found if each.row.edit_of is not None]
    if changed:
        tx.rows.execute(_CHANGED, {"numbers": changed}).all()
    about_none = {each.row.person_id for each in found if each.row.stay_id is None and each.row.edit_of is None}
    kinds = _kinds(tx, about_none) if about_none else {}
    return [
        each if each.row.stay_id is not None else each._replace(kind=kinds.get(each.row.person_id)) for each in found
    ]


def _kinds(tx: Tx, people: Collection[int]) -> dict[int, Kind]:
    """The kind of the last stay of each of them, where they have any; hardly anybody has two kinds of them."""
    known: dict[int, set[Kind]] = {}
    for person, kind in tx.rows.execute(_KINDS, {"people": sorted(people)}):
        known.setdefault(person, set()).add(kind)
    several = {person: last_stay(tx.rows, person) for person, kinds in known.items() if len(kinds) > 1}
    last = {person: stay.kind for person, stay in several.items() if stay is not None}
    return {person: next(iter(kinds)) for person, kinds in known.items()} | last


def _asks_for_more(each: Leaving) -> bool:
    """Whether the rules for it look at whole rows: those of cases and of who stands around a learner, and of what is told
    at its date.
    """
    row = each.row
    return row.case_id is not None or row.step == relay.BACK or each.flow == "message" or outreach.concerns(row)


def still_wanted(tx: Tx, leaving: Leaving) -> bool:
    """Whether a message still applies, and its reader still has the right to it, now."""
    row = leaving.row
    case = tx.rows.get(CaseRow, row.case_id) if row.case_id else None
    if case is not None and row.bound and case.closed_at is not None:
        return False  # the person has had, or has, other copies of this alert
    if case is not None:
        return may_follow(tx, _reader(tx, row), case)
    if row.step == relay.BACK and row.stay_id is not None:
        return relay.may_write(tx, _reader(tx, row), tx.rows.get_one(StayRow, row.stay_id))
    if row.message.get("file") is not None and not _may_see_file(tx, row):
        return False
    if leaving.ended is not None and row.lane != Lane.ALERT:
        return False
    if row.stay_id is not None and outreach.concerns(row):
        return outreach.still_wanted(tx, row, tx.rows.get_one(StayRow, row.stay_id))
    if leaving.state is None or row.lane != Lane.PROMPT:
        return True
    if row.message["offers"]:
        return leaving.state == "open" and leaving.asked == row.step
    return leaving.state != "expired"


def _reader(tx: Tx, row: OutboxRow) -> Person:
    return tx.rows.get_one(Person, row.person_id)


def _may_see_file(tx: Tx, row: OutboxRow) -> bool:
    return may_look(tx, _reader(tx, row), tx.rows.get(ProofRow, row.message["file"]))


def told_too_late(tx: Tx, leaving: Leaving) -> SessionRow | None:
    """The conversation of something told at its date that could not leave in time, and has not been told before."""
    if leaving.flow != "message" or leaving.row.lane != Lane.PROMPT or leaving.state != "open":
        return None
    session = tx.rows.get_one(SessionRow, leaving.row.session_id)
    if session.answers or not too_late(tx, tx.rows.get_one(StayRow, session.stay_id).facts(), session):
        return None
    sent = select(OutboxRow.id).where(OutboxRow.session_id == session.id, OutboxRow.state == "sent").limit(1)
    return session if tx.rows.scalar(sent) is None else None


def may_leave_at(tx: Tx, leaving: Leaving) -> datetime:
    """When a message may leave: what a learner did not ask for waits for the morning, however late it came to be sent."""
    row, where = leaving.row, leaving.where
    if row.stay_id is not None and outreach.concerns(row):
        return outreach.opens(tx, row, tx.rows.get_one(StayRow, row.stay_id))
    if row.lane < Lane.PROMPT or where is None:
        return tx.now
    return first_open(tx.programme.hours.learner, where, tx.now)
