"""Every stay is watched: what is known of it is read, and a case opened for who has not begun or is not heard of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select

from bot.domain.channel import OPEN
from bot.domain.level import Level
from bot.domain.waiting import Spell
from bot.domain.watched import BEFOREHAND, TOPICS, Invited, Known, State, state, watched
from bot.handlers.case.alert import BY_ITSELF
from bot.handlers.case.case import Matter, open_matter, settle_matters
from bot.handlers.case.relay import UNSEEN
from bot.handlers.family.employer import let_employer_know
from bot.handlers.say.marks import mark
from bot.store.autoflush import ask
from bot.store.base import among
from bot.store.cases import CaseRow, open_cases
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.outages import EVERYWHERE, spells_by_channel
from bot.store.people import Address, Invitation, Person
from bot.store.records import audit, setting
from bot.store.sessions import SessionRow, standing_sessions
from bot.store.stays import ContactElsewhere, StayRow, contacts_elsewhere

_THERE = (
    select(Address.person_id, Address.state, Address.channel)
    .where(Address.person_id.in_(bindparam("people", expanding=True)), ~among(Address.channel, sorted(OPEN)))
    .order_by(Address.used_at, Address.id)
)
_LAST_WORDS = (
    select(CaseRow.stay_id, CaseRow.closed_at, CaseRow.reason)
    .where(CaseRow.stay_id.in_(bindparam("stays", expanding=True)), CaseRow.closed_at.is_not(None))
    .order_by(CaseRow.closed_at)
)
_UNUSED = (
    select(Invitation.person_id, func.max(Invitation.expires_at))
    .where(Invitation.person_id.in_(bindparam("people", expanding=True)), Invitation.used_at.is_(None))
    .group_by(Invitation.person_id)
)
_ANSWERED = select(SessionRow.person_id).where(
    SessionRow.person_id.in_(bindparam("people", expanding=True)),
    SessionRow.touchpoint == "enrolment",
    SessionRow.answered_at.is_not(None),
)
LOOKED_BACK = timedelta(days=60)
ENTERED = ("watched", "since")
"""The mark that says when a stay was first looked at."""
OUTAGE = "own_outage"
"""The setting that holds when our last outage ended."""


def watch(tx: Tx, row: StayRow, marks: Mapping[tuple[str, str], str], known: Known | None = None) -> datetime | None:
    """Open what watching over a stay asks for; when to look again. What is `known` of it need not be read."""
    facts = row.facts()
    quiet = row.enrolled_at is not None and tx.now < facts.moves()[0]  # nothing can be due: spare the reading
    if quiet:
        known = Known(last_sign=row.person.last_sign_at)
    known = known or known_of(tx, [row])[row.id]
    if row.enrolled_at is None:
        known = replace(known, since=_since(tx, row, marks))
    found = watched(tx.programme, facts, known, marks.keys(), tx.now)
    for key in found.passed:
        mark(tx, row.id, key, "expired")
    if found.duty is not None:
        mark(tx, row.id, found.duty.key, "told")
        open_matter(tx, row, Matter(found.duty.level, found.duty.topic))
        let_employer_know(tx, row, found.duty.topic, facts.day_at(tx.now))
    return found.wake_at


def _since(tx: Tx, row: StayRow, marks: Mapping[tuple[str, str], str]) -> datetime:
    """When a stay was first looked at."""
    if ENTERED not in marks:
        mark(tx, row.id, ENTERED, tx.now.isoformat())
    return datetime.fromisoformat(marks.get(ENTERED, tx.now.isoformat()))


def heard_of(tx: Tx, row: StayRow) -> None:
    """They have begun, or given a sign of life, or an adult says how contact is kept: nobody needs to be told any more."""
    begun = row.enrolled_at is not None or row.id in contacts_elsewhere(tx.rows, [row.id])
    settled = TOPICS if begun else TOPICS - BEFOREHAND
    settle_matters(tx, row, lambda detail: detail["topic"] in settled | {UNSEEN}, "answered")
    for session in standing_sessions(tx.rows, row.id, "away"):
        _drop(tx, row, session)


def _drop(tx: Tx, row: StayRow, session: SessionRow) -> None:
    """Whether all is well need not be asked any more, unless it has been."""
    asked = select(OutboxRow).where(OutboxRow.session_id == session.id, OutboxRow.edit_of.is_(None))
    messages = list(tx.rows.scalars(asked))
    if all(message.state in {"pending", "expired"} for message in messages):
        session.state, session.wake_at = "expired", None
        row.wake_at = tx.now  # what waited behind it comes next
        for message in messages:
            message.state = "expired"


def keep_contact(tx: Tx, adult: Person, row: StayRow, until: date, how: str) -> date:
    """An adult says how contact is kept, and to the end of which day: until then silence here is no matter. Beyond the
    return nobody needs to be heard of.
    """
    last = min(until, row.back)
    tx.rows.add(ContactElsewhere(stay_id=row.id, person_id=adult.id, at=tx.now, until=last, how=how))
    row.wake_at = tx.now
    audit(tx, f"person {adult.id}", "contact elsewhere", f"stay {row.id}", until=last.isoformat())
    tx.rows.flush()
    heard_of(tx, row)
    return last


def states_now(
    tx: Tx, rows: Sequence[StayRow], cases: Mapping[int, CaseRow] | None = None
) -> dict[int, tuple[State, Known]]:
    """Where several stays stand, and what is known of them, in a few readings; fewer for whoever knows their open cases."""
    known = known_of(tx, rows, cases)
    return {row.id: (state(tx.programme, row.facts(), known[row.id], tx.now), known[row.id]) for row in rows}


def known_of(tx: Tx, rows: Sequence[StayRow], cases: Mapping[int, CaseRow] | None = None) -> dict[int, Known]:
    """What is known of stays besides their rows. How many readings it takes does not depend on how many there are."""
    people, numbers = {row.person_id for row in rows}, [row.id for row in rows]
    addresses, channels = _addresses(tx, people)
    invited = _invited(tx, [row for row in rows if row.enrolled_at is None], addresses)
    said_no = _said_no(tx, {row.person_id for row in rows if row.enrolled_at is None})
    cases = open_cases(tx.rows, numbers) if cases is None else cases
    words = _last_words(tx, numbers)
    elsewhere = contacts_elsewhere(tx.rows, numbers)
    outage = setting(tx.rows, OUTAGE)
    back_since = datetime.fromisoformat(outage["until"]) if outage else None
    deaf = spells_by_channel(tx.rows, tx.now - LOOKED_BACK, tx.now)
    return {
        row.id: Known(
            invited=invited.get(row.id, Invited.CONFIRMED),
            reachable="confirmed" in addresses[row.person_id],
            addressed=bool(addresses[row.person_id]),
            stopped=row.enrolled_at is None and row.person_id in said_no,
            last_sign=row.person.last_sign_at,
            last_word=words.get(row.id),
            elsewhere_until=elsewhere[row.id].until if row.id in elsewhere else None,
            open_level=cases[row.id].level if row.id in cases else Level.NONE,
            back_since=back_since,
            deaf=tuple(_deaf_to(deaf, row.person_id, channels)) if deaf else (),
        )
        for row in rows
    }


def _addresses(tx: Tx, people: Iterable[int]) -> tuple[dict[int, set[str]], dict[int, str]]:
    """The states of the addresses at which somebody answers, and the channel that each used last."""
    found: dict[int, set[str]] = defaultdict(set)
    channels: dict[int, str] = {}
    for person, standing, channel in ask(tx.rows, _THERE, {"people": list(people)}):
        found[person].add(standing)
        if standing == "confirmed":
            channels[person] = channel
    return found, channels


def _deaf_to(deaf: Mapping[str, list[Spell]], person: int, channels: Mapping[int, str]) -> list[Spell]:
    channel = channels.get(person, EVERYWHERE)
    return [spell for each in {EVERYWHERE, channel} for spell in deaf.get(each, ())]


def _invited(tx: Tx, rows: Sequence[StayRow], addresses: Mapping[int, set[str]]) -> dict[int, Invited]:
    """How far those who have not begun have come with their invitation."""
    people = {row.person_id for row in rows}
    unused = {person: until for person, until in ask(tx.rows, _UNUSED, {"people": list(people)})} if rows else {}  # noqa: C416
    found: dict[int, Invited] = {}
    for row in rows:
        standing, until = addresses[row.person_id], unused.get(row.person_id)
        if "confirmed" in standing:
            found[row.id] = Invited.CONFIRMED
        elif "pending" in standing:
            found[row.id] = Invited.CLAIMED
        else:
            found[row.id] = Invited.NOT if until is None else Invited.SENT if until > tx.now else Invited.EXPIRED
    return found


def _said_no(tx: Tx, people: set[int]) -> set[int]:
    """Of those who have not begun, who said no, or yes and then `/stop`."""
    return set(ask(tx.rows, _ANSWERED, {"people": list(people)}).scalars()) if people else set()


def _last_words(tx: Tx, numbers: Sequence[int]) -> dict[int, datetime]:
    """When an adult last closed a case of each stay: what closes by itself is no adult's word."""
    rows = ask(tx.rows, _LAST_WORDS, {"stays": numbers})
    return {stay: at for stay, at, reason in rows if at is not None and reason not in {None, *BY_ITSELF}}
