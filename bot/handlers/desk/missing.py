"""`/missing`: who has not answered, who is not enrolled, whom nothing reaches: three kinds; and what holds up departures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from bot.domain.desk import Phase, phase
from bot.domain.progress import progress
from bot.domain.rights import Act
from bot.domain.touchpoints import Kind
from bot.handlers.case.matters import CONTACTS
from bot.handlers.desk.sight import Sight, by_name, capped, cases_of, sight_of
from bot.handlers.say.post import tell
from bot.i18n import Text, _, phrase
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import Person, confirmed
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow, states_of

MISSING = "{lines}"
NOBODY = _("Nobody is missing: everyone has answered, is enrolled and can be reached.")
NOBODY_SEEN = _("Nobody is missing: everyone is enrolled, and nothing holds up a departure.")
UNANSWERED, UNENROLLED, UNDELIVERED, BLOCKED = (
    _("No answer, though my message arrived:"),
    _("Not enrolled:"),
    _("My messages do not arrive:"),
    _("Late, and without it there is no departure:"),
)
SINCE = _("{learner}: {contact}, since {since}")
NOT_OPENED = _("{learner}: invitation not opened; leaves {day}")
NOT_BEGUN = _("{learner}: has not said yes since {since}; leaves {day}")
STOPPED = _("{learner}: wants no messages; leaves {day}")
LOST = _("{learner}: since {since}")
HELD_UP = _("{learner}, leaves {day}: {items}")
PATIENCE = timedelta(hours=24)
"""A question may stand for so long before anybody counts it as not answered."""
ASKED = (Kind.ARRIVAL.value, Kind.CHECK_IN.value, Kind.ATTENDANCE.value, Kind.SAFE_RETURN.value)
MOST = 10
NEVER = datetime.min.replace(tzinfo=UTC)
Lines = list[dict[str, Any]]


def missing(tx: Tx, person: Person, rest: str = "") -> None:
    """Each kind with since when. Who may not follow learners sees enrolments and what holds up departures."""
    sight = sight_of(tx, person)
    stays = sorted(sight.stays.values(), key=by_name)
    kinds: tuple[tuple[Text, Lines], ...] = ((UNENROLLED, _unenrolled(tx, sight, stays)), (BLOCKED, _blocked(tx, sight, stays)))  # fmt: skip
    if sight.follows:
        theirs = [stay for stay in stays if sight.may(Act.SEE_CASES, stay)]
        kinds = ((UNANSWERED, _unanswered(tx, sight, theirs)), kinds[0], (UNDELIVERED, _undelivered(tx, sight, theirs)), kinds[1])  # fmt: skip
    lines: Lines = []
    for title, found in kinds:
        lines += [phrase(title), *capped(found, MOST)] if found else []
    if not lines:
        return tell(tx, person, NOBODY if sight.follows else NOBODY_SEEN)
    return tell(tx, person, MISSING, {"lines": {"list_lines": lines}})


def _unanswered(tx: Tx, sight: Sight, stays: list[StayRow]) -> Lines:
    """A question that arrived a day ago and stands, or whose silence has become a case."""
    silent = [row.session_id for row in cases_of(tx, sight, stays).values() if row.topic == "missed"]
    since = func.min(OutboxRow.sent_at)
    wanted = (
        select(SessionRow.id, SessionRow.stay_id, SessionRow.touchpoint, since)
        .join(OutboxRow, OutboxRow.session_id == SessionRow.id)
        .where(SessionRow.stay_id.in_([stay.id for stay in stays]), SessionRow.answered_at.is_(None))
        .where(OutboxRow.state == "sent", SessionRow.touchpoint.in_(ASKED))
        .where(or_(SessionRow.state == "open", SessionRow.id.in_([each for each in silent if each])))
        .group_by(SessionRow.id, SessionRow.stay_id, SessionRow.touchpoint)
        .order_by(since, SessionRow.id)
    )
    return [
        {
            "text": SINCE,
            "values": {
                "learner": sight.stays[stay].person.short_name,
                "contact": phrase(CONTACTS[touchpoint]),
                "since": _moment(sight, at or tx.now),
            },
        }
        for session, stay, touchpoint, at in tx.rows.execute(wanted)
        if session in silent or (at and at <= tx.now - PATIENCE)
    ]


def _unenrolled(tx: Tx, sight: Sight, stays: list[StayRow]) -> Lines:
    """Until they are back: who opened nothing, who has not said yes, who stopped."""
    wanting = [stay for stay in stays if stay.enrolled_at is None and phase(stay.facts(), tx.now) is not Phase.AFTER]
    there = {address.person_id for address in confirmed(tx.rows, [stay.person_id for stay in wanting])}
    asked = _asked(tx, wanting)
    lines: Lines = []
    for stay in sorted(wanting, key=lambda stay: stay.departure):
        values = {"learner": stay.person.short_name, "day": {"day": stay.departure.isoformat()}}
        answered, at = asked.get(stay.id, (None, None))
        if stay.person_id not in there:
            lines.append({"text": NOT_OPENED, "values": values})
        elif answered is not None or at is None:
            lines.append({"text": STOPPED, "values": values})
        else:
            lines.append({"text": NOT_BEGUN, "values": values | {"since": _moment(sight, at)}})
    return lines


def _asked(tx: Tx, stays: list[StayRow]) -> dict[int, tuple[datetime | None, datetime | None]]:
    """When the last answer to the first words was given, and when they were first sent."""
    wanted = (
        select(SessionRow.stay_id, func.max(SessionRow.answered_at), func.min(OutboxRow.sent_at))
        .join(OutboxRow, OutboxRow.session_id == SessionRow.id)
        .where(SessionRow.stay_id.in_([stay.id for stay in stays]), SessionRow.touchpoint == "enrolment")
        .group_by(SessionRow.stay_id)
    )
    return {stay: (answered, at) for stay, answered, at in tx.rows.execute(wanted)}


def _undelivered(tx: Tx, sight: Sight, stays: list[StayRow]) -> Lines:
    """Whose last messages certainly did not arrive, or perhaps did not, with nothing that arrived since."""
    people = {stay.person_id: stay for stay in stays}
    numbers = [stay.id for stay in stays]
    sent = dict(tx.rows.execute(select(OutboxRow.person_id, func.max(OutboxRow.sent_at)).where(OutboxRow.stay_id.in_(numbers), OutboxRow.state == "sent").group_by(OutboxRow.person_id)).all())  # fmt: skip
    lost = select(OutboxRow.person_id, OutboxRow.created_at).where(OutboxRow.state.in_(("failed", "unknown")))
    first: dict[int, datetime] = {}
    for person, at in tx.rows.execute(lost.where(OutboxRow.stay_id.in_(numbers)).order_by(OutboxRow.created_at)):
        if person in people and at > (sent.get(person) or NEVER):
            first.setdefault(person, at)
    return [
        {"text": LOST, "values": {"learner": people[person].person.short_name, "since": _moment(sight, at)}}
        for person, at in first.items()
        if phase(people[person].facts(), tx.now) is not Phase.AFTER
    ]


def _blocked(tx: Tx, sight: Sight, stays: list[StayRow]) -> Lines:
    """What is past its date and closes the way, of those who have yet to leave; the next departure first."""
    before = [stay for stay in stays if phase(stay.facts(), tx.now) is Phase.BEFORE]
    states = states_of(tx.rows, [stay.id for stay in before])
    lines: Lines = []
    for stay in sorted(before, key=lambda stay: stay.departure):
        late = progress(tx.programme, stay.facts(), states.get(stay.id, {}), sight.today).blocking
        if late:
            items = {"list": [phrase(item.title) for item in late]}
            values = {"learner": stay.person.short_name, "day": {"day": stay.departure.isoformat()}, "items": items}
            lines.append({"text": HELD_UP, "values": values})
    return lines


def _moment(sight: Sight, at: datetime) -> dict[str, str]:
    return {"moment": at.isoformat(), "zone": str(sight.zone)}
