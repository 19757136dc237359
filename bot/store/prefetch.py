"""What an answer needs of whoever gives it, read in two statements, however many people give one at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, select, union_all
from sqlalchemy.orm import Session, contains_eager, joinedload

from bot.store.base import among
from bot.store.batch_loader import Question, keep, together
from bot.store.cases import OPEN, CaseRow
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
    .outerjoin(SessionRow, and_(SessionRow.person_id == Person.id, among(SessionRow.state, ("open", "queued"))))
    .options(contains_eager(Address.person).contains_eager(Person.roles), joinedload(StayRow.school))
    .where(Address.channel == bindparam("channel"))
    .order_by(*LAST_USED)
)
_AT_ONE = _AT.where(Address.native == bindparam("native"))
_AT_SEVERAL = _AT.where(Address.native.in_(bindparam("natives", expanding=True)))
NONE = {None}


def _outgoing(numbers: ColumnElement[bool], people: Callable[[Any], ColumnElement[bool]]) -> Select[OutboxRow]:
    talks = select(SessionRow.id).where(people(SessionRow.person_id), among(SessionRow.state, ("open", "queued")))
    wanted = (
        numbers,
        OutboxRow.session_id.in_(talks),
        and_(people(OutboxRow.person_id), OutboxRow.state == IS_PENDING),
    )
    found = union_all(*(select(OutboxRow.id).where(each) for each in wanted))
    return select(OutboxRow).where(OutboxRow.id.in_(found)).order_by(OutboxRow.id)


_OUTGOING_OF_ONE = _outgoing(OutboxRow.id == bindparam("number"), lambda person: person == bindparam("person"))
_OUTGOING = _outgoing(
    OutboxRow.id.in_(bindparam("numbers", expanding=True)),
    lambda person: person.in_(bindparam("people", expanding=True)),
)
"""Nearly always one answers: a list is put into the words of a statement anew each time that it is asked."""


def addresses_at_hand(session: Session, channel: str, natives: Collection[str]) -> dict[str, list[Address]]:
    """As `addresses_at`, of several at once, by the channel's own id; with the stays, the open cases and the standing
    conversations of everybody there.
    """
    found: dict[str, list[Address]] = {native: [] for native in natives}
    stays, cases, talks = set[StayRow](), set[CaseRow](), set[SessionRow]()
    alone = len(natives) == 1
    statement = _AT_ONE if alone else _AT_SEVERAL
    where = {"native": next(iter(natives))} if alone else {"natives": list(natives)}
    with session.no_autoflush:
        for address, stay, case, talk in session.execute(statement, {"channel": channel, **where}).unique():
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
    named = sorted(numbers)
    alone = len(people) == 1 and len(named) < 2
    statement = _OUTGOING_OF_ONE if alone else _OUTGOING
    wanted = (
        {"person": next(iter(people)), "number": next(iter(named), None)}
        if alone
        else {"people": sorted(people), "numbers": named}
    )
    with session.no_autoflush:
        rows = session.scalars(statement, wanted).all()
    _note(session, OF_SESSION, talks, rows)
    _note(session, PENDING_TO, people, [row for row in rows if row.state == "pending"])


def _note(session: Session, question: Question, keys: Collection[int], rows: Iterable[Any]) -> None:
    answers: dict[int, list[Any]] = defaultdict(list)
    for row in sorted(rows, key=lambda each: each.id):
        answers[question.key(row)].append(row)
    keep(session, question, {key: answers[key] for key in keys})
