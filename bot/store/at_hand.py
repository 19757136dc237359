"""What an answer needs of whoever gives it, read in two statements, however many people give one at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import and_, bindparam, select, union_all
from sqlalchemy.orm import Session, contains_eager, joinedload

from bot.store.cases import OPEN, CaseRow
from bot.store.known import Question, keep, together
from bot.store.messages import IS_PENDING, OF_SESSION, PENDING_TO, OutboxRow
from bot.store.people import LAST_USED, Address, Person
from bot.store.sessions import STANDING, SessionRow
from bot.store.stays import STAYS, StayRow

_AT = (
    select(Address, StayRow, CaseRow, SessionRow)
    .join(Address.person)
    .outerjoin(Person.roles)
    .outerjoin(StayRow, StayRow.person_id == Person.id)
    .outerjoin(CaseRow, and_(CaseRow.stay_id == StayRow.id, CaseRow.closed_at.is_(None)))
    .outerjoin(SessionRow, and_(SessionRow.person_id == Person.id, SessionRow.state.in_(("open", "queued"))))
    .options(contains_eager(Address.person).contains_eager(Person.roles), joinedload(StayRow.school))
    .where(Address.channel == bindparam("channel"), Address.native.in_(bindparam("natives", expanding=True)))
    .order_by(*LAST_USED)
)
NONE = {None}
_NUMBERS = union_all(
    select(OutboxRow.id).where(OutboxRow.id.in_(bindparam("numbers", expanding=True))),
    select(OutboxRow.id).where(OutboxRow.session_id.in_(bindparam("sessions", expanding=True))),
    select(OutboxRow.id).where(
        OutboxRow.person_id.in_(bindparam("people", expanding=True)), OutboxRow.state == IS_PENDING
    ),
)
_OUTGOING = select(OutboxRow).where(OutboxRow.id.in_(_NUMBERS)).order_by(OutboxRow.id)


def addresses_at_hand(session: Session, channel: str, natives: Collection[str]) -> dict[str, list[Address]]:
    """As `addresses_at`, of several at once, by the channel's own id; with the stays, the open cases and the standing
    conversations of everybody there.
    """
    found: dict[str, list[Address]] = {native: [] for native in natives}
    stays, cases, talks = set[StayRow](), set[CaseRow](), set[SessionRow]()
    with session.no_autoflush:
        for address, stay, case, talk in session.execute(_AT, {"channel": channel, "natives": list(natives)}).unique():
            if address not in found[address.native]:
                found[address.native].append(address)
            stays |= {stay} - NONE
            cases |= {case} - NONE
            talks |= {talk} - NONE
    people = {each.person_id for addresses in found.values() for each in addresses}
    _note(session, STAYS, people, stays)
    _note(session, STANDING, people, talks)
    _note(session, OPEN, {stay.id for stay in stays}, cases)
    together(session, person_id=people, stay_id=[stay.id for stay in stays])
    return found


def outgoing_at_hand(session: Session, people: Collection[int], numbers: Iterable[int]) -> None:
    """What has yet to leave for people, what was said in the conversations that stand, and these messages."""
    talks = {each.id for each in session.identity_map.values() if isinstance(each, SessionRow)}
    wanted = {"people": sorted(people), "sessions": sorted(talks), "numbers": sorted(numbers)}
    with session.no_autoflush:
        rows = session.scalars(_OUTGOING, wanted).all()
    _note(session, OF_SESSION, talks, rows)
    _note(session, PENDING_TO, people, [row for row in rows if row.state == "pending"])


def _note(session: Session, question: Question, keys: Collection[int], rows: Iterable[Any]) -> None:
    answers: dict[int, list[Any]] = defaultdict(list)
    for row in sorted(rows, key=lambda each: each.id):
        answers[question.key(row)].append(row)
    keep(session, question, {key: answers[key] for key in keys})
