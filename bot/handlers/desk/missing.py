"""`/missing`: who has not answered, who is not enrolled, whom nothing reaches: three kinds; and what holds up departures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from bot.domain.desk import Phase, phase
from bot.domain.messages import Offer
from bot.domain.occasion import Kind
from bot.domain.progress import progress
from bot.domain.watched import Invited, State, gave_sign
from bot.handlers.case.matters import CONTACTS
from bot.handlers.conversation.tasks import title_for
from bot.handlers.desk.out_of_touch import Standing, standing_of, without_sign
from bot.handlers.desk.visibility import Sight, by_name, cases_for, sight_of
from bot.handlers.say.post import MORE, tell
from bot.i18n import Text, _, listed, phrase
from bot.store.cases import CaseRow, open_cases
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import Person
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow, states_of

MISSING = "{lines}"
NOBODY = _("Nobody is missing: everyone has answered, is enrolled and can be reached.")
NOBODY_SEEN = _("Nobody is missing: everyone is enrolled, and nothing holds up a departure.")
SILENT = _("Abroad, and no sign of life this week, last one:")
UNANSWERED, UNENROLLED, UNDELIVERED, BLOCKED = (
    _("No answer, though my message arrived:"),
    _("Not enrolled:"),
    _("My messages do not arrive:"),
    _("Late, and without it there is no departure:"),
)
SINCE = _("{learner}: {contact}, since {since}")
NEVER_STARTED: dict[Invited, Text] = {
    Invited.NOT: _("{learner}: never started, no invitation yet; leaves {day}"),
    Invited.EXPIRED: _("{learner}: never started, the invitation has expired; leaves {day}"),
    Invited.SENT: _("{learner}: never started, invitation not opened; leaves {day}"),
    Invited.CLAIMED: _("{learner}: never started, waits for your yes; leaves {day}"),
    Invited.CONFIRMED: _("{learner}: never started, has not said yes; leaves {day}"),
}
NOT_BEGUN = _("{learner}: never started, has not said yes since {since}; leaves {day}")
KEPT = _("{learner}: contact is kept otherwise until {until}")
NO_SIGN = _("{learner}: none yet")
STOPPED = _("{learner}: wants no messages; leaves {day}")
LOST = _("{learner}: since {since}")
HELD_UP = _("{learner}, leaves {day}: {items}")
PATIENCE = timedelta(hours=24)
"""A question may stand for so long before anybody counts it as not answered."""
ASKED = (Kind.ARRIVAL.value, Kind.CHECK_IN.value, Kind.ATTENDANCE.value, Kind.SAFE_RETURN.value)
MOST = 5
"""Lines of each kind at first …"""
PAGE = 40
"""… and of one that is asked for."""
NAMED = 3
"""Things of a learner that hold up the departure."""
NEVER = datetime.min.replace(tzinfo=UTC)
Lines = list[dict[str, Any]]
Kinds = dict[str, tuple[Text, Lines]]
"""What is missing, by a name for its button: its title and a line each."""


def missing(tx: Tx, person: Person, rest: str = "") -> None:
    """Each kind with since when, the most urgent first; a button shows the rest of a kind. Who may not follow learners
    sees enrolments and what holds up departures.
    """
    sight = sight_of(tx, person)
    kinds = _kinds(tx, sight)
    asked, _space, start = rest.partition(" ")
    if asked in kinds:
        return _whole(tx, person, asked, *kinds[asked], start=int(start) if start.isascii() and start.isdigit() else 0)
    lines: Lines = []
    offers: list[Offer] = []
    for name, (title, found) in kinds.items():
        lines += [phrase(title), *found[:MOST]] if found else []
        offers += [_rest(name, title, len(found) - MOST)] if len(found) > MOST else []
    if not lines:
        return tell(tx, person, NOBODY if sight.follows else NOBODY_SEEN)
    return tell(tx, person, MISSING, {"lines": {"list_lines": lines}}, *offers)


def _kinds(tx: Tx, sight: Sight) -> Kinds:
    """What is missing, by a name for its button, in order of urgency."""
    stays = sorted(sight.stays.values(), key=by_name)
    every = open_cases(tx.rows, list(sight.stays))
    standing = standing_of(tx, stays, every)
    unenrolled: Kinds = {"unenrolled": (UNENROLLED, _unenrolled(tx, sight, standing))}
    blocked: Kinds = {"blocked": (BLOCKED, _blocked(tx, sight, stays))}
    if not sight.follows:
        return unenrolled | blocked
    theirs = sight.seen(stays)
    silent = _silent(tx, sight, [each for each in standing if each.stay in theirs])
    unanswered = _unanswered(tx, sight, theirs, cases_for(tx, sight, every))
    grave: Kinds = {"silent": (SILENT, silent), "unanswered": (UNANSWERED, unanswered)}
    return grave | unenrolled | {"undelivered": (UNDELIVERED, _undelivered(tx, sight, theirs))} | blocked


def _rest(name: str, title: Text, count: int, start: int = 0) -> Offer:
    action = {"do": "command", "word": "missing", "rest": f"{name} {start}", "keeps": True}
    return Offer("{title} {more}", action, {"title": phrase(title), "more": phrase(MORE, count=count)})


def _whole(tx: Tx, person: Person, name: str, title: Text, found: Lines, start: int) -> None:
    """All of one kind, a page at a time."""
    shown = found[start : start + PAGE]
    if not shown:
        return tell(tx, person, NOBODY)
    left = len(found) - start - PAGE
    offers = [_rest(name, title, left, start + PAGE)] if left > 0 else []
    return tell(tx, person, MISSING, {"lines": {"list_lines": [phrase(title), *shown]}}, *offers)


def _unanswered(tx: Tx, sight: Sight, stays: list[StayRow], cases: Mapping[int, CaseRow]) -> Lines:
    """A question that arrived a day ago and stands, or whose silence has become a case."""
    silent = [row.session_id for row in cases.values() if row.topic == "missed"]
    since = func.min(OutboxRow.sent_at)
    wanted = (
        select(SessionRow.id, SessionRow.stay_id, SessionRow.touchpoint, since)
        .join(OutboxRow, OutboxRow.session_id == SessionRow.id)
        .where(SessionRow.stay_id.in_([stay.id for stay in stays]), SessionRow.answered_at.is_(None))
        .where(OutboxRow.state == "sent", SessionRow.touchpoint.in_(ASKED))
        .where(or_(SessionRow.state == "open", SessionRow.id.in_([each for each in silent if each]), untold(tx)))
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


def untold(tx: Tx) -> ColumnElement[bool]:
    """Days at work of which nobody has told, and which can still be told."""
    asked = SessionRow.touchpoint == Kind.ATTENDANCE.value, SessionRow.answered_at.is_(None)
    return and_(*asked, SessionRow.state == "done", SessionRow.expires_at > tx.now)


def _unenrolled(tx: Tx, sight: Sight, standing: list[Standing]) -> Lines:
    """Until they are back: who opened nothing, who has not said yes, who stopped."""
    wanting = sorted((each for each in standing if each.stay.enrolled_at is None), key=_leaving)
    asked = _asked(tx, [each.stay for each in wanting])
    lines: Lines = []
    for each in wanting:
        values = {"learner": each.stay.person.short_name, "day": {"day": each.stay.departure.isoformat()}}
        at = asked.get(each.stay.id)
        until = each.known.elsewhere_until
        if each.state is State.ELSEWHERE and until is not None:
            lines.append(phrase(KEPT, **values, until={"date": until.isoformat()}))
        elif each.known.stopped:
            lines.append(phrase(STOPPED, **values))
        elif each.known.invited is Invited.CONFIRMED and at is not None:
            lines.append(phrase(NOT_BEGUN, **values, since=_moment(sight, at)))
        else:
            lines.append(phrase(NEVER_STARTED[each.known.invited], **values))
    return lines


def _leaving(each: Standing) -> tuple[date, tuple[str, str, int]]:
    return each.stay.departure, by_name(each.stay)


def _silent(tx: Tx, sight: Sight, standing: list[Standing]) -> Lines:
    """Who is abroad and was not heard of for longer than planned, with the last time they were."""
    lines: Lines = []
    for each in without_sign(tx, standing):
        if gave_sign(tx.programme, each.known, each.stay.facts(), tx.now):
            continue  # that they are to say whether they arrived stands among what is not answered
        at, learner = each.known.last_sign, each.stay.person.short_name
        lines.append(
            phrase(LOST, learner=learner, since=_moment(sight, at)) if at else phrase(NO_SIGN, learner=learner)
        )
    return lines


def _asked(tx: Tx, stays: list[StayRow]) -> dict[int, datetime | None]:
    """When the first words were first sent."""
    wanted = (
        select(SessionRow.stay_id, func.min(OutboxRow.sent_at))
        .join(OutboxRow, OutboxRow.session_id == SessionRow.id)
        .where(SessionRow.stay_id.in_([stay.id for stay in stays]), SessionRow.touchpoint == "enrolment")
        .group_by(SessionRow.stay_id)
    )
    return {stay: at for stay, at in tx.rows.execute(wanted)}  # noqa: C416


def _undelivered(tx: Tx, sight: Sight, stays: list[StayRow]) -> Lines:
    """Whose last messages certainly did not arrive, or perhaps did not, with nothing that arrived since."""
    people = {stay.person_id: stay for stay in stays}
    theirs = OutboxRow.person_id.in_(people), OutboxRow.stay_id.in_([stay.id for stay in stays])
    arrived = select(OutboxRow.person_id, func.max(OutboxRow.sent_at)).where(*theirs, OutboxRow.state == "sent")
    sent = dict(tx.rows.execute(arrived.group_by(OutboxRow.person_id)).all())
    lost = select(OutboxRow.person_id, OutboxRow.created_at).where(*theirs, OutboxRow.state.in_(("failed", "unknown")))
    first: dict[int, datetime] = {}
    for person, at in tx.rows.execute(lost.order_by(OutboxRow.created_at)):
        if at > (sent.get(person) or NEVER):
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
            items = listed([phrase(title_for(sight.person, stay, item)) for item in late], NAMED)
            values = {"learner": stay.person.short_name, "day": {"day": stay.departure.isoformat()}, "items": items}
            lines.append({"text": HELD_UP, "values": values})
    return lines


def _moment(sight: Sight, at: datetime) -> dict[str, str]:
    return {"moment": at.isoformat(), "zone": str(sight.zone)}
