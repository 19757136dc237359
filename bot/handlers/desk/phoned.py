"""`/phoned NAME`: a learner answered by phone. The coordinator credits what stands open; the learner hears that it is noted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.domain.ladder import Noted
from bot.domain.messages import Letter, Offer
from bot.domain.programme import Means
from bot.domain.progress import SETTLED, learners_items
from bot.domain.rights import Act
from bot.domain.stay import open_for
from bot.engine.checklist import state_after
from bot.handlers.case.case import move_case, move_item, settle_answered
from bot.handlers.case.matters import CONTACTS
from bot.handlers.conversation.effects import CREDITED
from bot.handlers.conversation.sessions import open_next
from bot.handlers.desk.visibility import named, sight_of
from bot.handlers.family import status_words
from bot.handlers.say.marks import mark
from bot.handlers.say.post import About, call_off, post, tell
from bot.i18n import Text, _, phrase
from bot.store.cases import open_case
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person
from bot.store.records import audit
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow, items_of

HOW = _("Write a name behind it, for example: /phoned Lina")
ASK = _("What did {learner} answer you by phone?")
ONE = _("{what}, {day}")
NONE = _("Nothing that I asked {learner} waits for an answer.")
ANSWERED = _("This has its answer already, or is not asked any more.")
NOTED = _("Noted as answered by phone: {what}. I tell {learner}.")
CONTACTED = ("arrival", "safe_return", "check_in", "attendance")
"""What can be credited besides items; the gravest first."""
SHOWN = 8
Key = tuple[str, str]
Open = dict[Key, SessionRow | None]


def phoned(tx: Tx, person: Person, rest: str = "") -> None:
    """Offer what stands open; with what was chosen, credit it."""
    sight = sight_of(tx, person)
    found = named(tx, sight, "phoned", Act.WRITE, rest, HOW)
    if found is None:
        return None
    stay, chosen = found
    if chosen:
        touchpoint, _space, occurrence = chosen.partition(" ")
        return _credit(tx, person, stay, (touchpoint, occurrence))
    return _offer(tx, person, stay)


def _offer(tx: Tx, person: Person, stay: StayRow) -> None:
    values = {"learner": stay.person.short_name}
    offers = []
    for touchpoint, occurrence in list(_standing(tx, stay))[:SHOWN]:
        what = _what(tx, stay, (touchpoint, occurrence))
        action = {"do": "command", "word": "phoned", "rest": f"#{stay.id} {touchpoint} {occurrence}".strip()}
        offers.append(Offer(ONE if "day" in what else "{what}", action, what))
    tell(tx, person, ASK if offers else NONE, values, *offers)


def _standing(tx: Tx, stay: StayRow) -> Open:
    """What was asked and has no answer: the latest of each contact, then the papers of the checklist."""
    wanted = select(SessionRow).where(SessionRow.stay_id == stay.id, SessionRow.answered_at.is_(None))
    wanted = wanted.where(SessionRow.state.in_(("open", "queued", "done")), SessionRow.expires_at > tx.now)
    asked = {row.touchpoint: row for row in tx.rows.scalars(wanted.order_by(SessionRow.id))}
    found: Open = {(name, asked[name].occurrence): asked[name] for name in CONTACTED if name in asked}
    states = items_of(tx.rows, stay.id)
    ever = set(tx.rows.scalars(select(SessionRow.touchpoint).where(SessionRow.stay_id == stay.id)))
    for item in learners_items(tx.programme, stay.facts()):
        if f"item.{item.id}" in ever and (item.id not in states or states[item.id].state not in SETTLED):
            found[f"item.{item.id}", ""] = asked.get(f"item.{item.id}")
    return found


def _what(tx: Tx, stay: StayRow, key: Key) -> dict[str, Any]:
    """What was asked, and its day where there are several: an arrival and a return have theirs, a week its own."""
    item = tx.programme.journey(stay.kind).item(key[0].removeprefix("item."))
    what: Text = item.title if item else CONTACTS[key[0]]
    days = {"arrival": stay.departure.isoformat(), "safe_return": stay.back.isoformat()}
    day = days.get(key[0]) or (key[1] if key[1].count("-") == 2 else "")
    return {"what": phrase(what)} | ({"day": {"date": day}} if day else {})


def _credit(tx: Tx, adult: Person, stay: StayRow, key: Key) -> None:
    standing = _standing(tx, stay)
    if key not in standing:
        return tell(tx, adult, ANSWERED)
    row = standing[key]
    if key[0].startswith("item."):
        _settle_item(tx, adult, stay, key[0].removeprefix("item."))
    if row is not None:
        _close(tx, adult, stay, row)
    stay.person.last_sign_at = tx.now
    audit(tx, f"person {adult.id}", "phoned", f"stay {stay.id} {key[0]} {key[1]}".strip())
    at = open_for(tx.programme, stay.facts(), tx.now)
    post(tx, stay.person_id, Letter(CREDITED, {"writer": adult.full_name}), Lane.ANSWER, About(stay=stay.id), at)
    values = _what(tx, stay, key) | {"learner": stay.person.short_name}
    tell(tx, adult, NOTED, values)
    return open_next(tx, stay.person_id)


def _settle_item(tx: Tx, adult: Person, stay: StayRow, name: str) -> None:
    """As if the learner had said that they have it: what an adult has to see is still to be seen."""
    item = tx.programme.journey(stay.kind).item(name)
    if item is not None:
        move_item(tx, stay, name, state_after(item, Means.DONE), None, adult.id)


def _close(tx: Tx, adult: Person, stay: StayRow, row: SessionRow) -> None:
    """The question has its answer: nobody waits for one, and a case about nothing but its silence is closed."""
    mark(tx, stay.id, (row.touchpoint, row.occurrence), "answered")
    if row.state == "open" and row.asked:
        call_off(tx, row.id, row.asked)
    row.state, row.wake_at, row.answered_at = "done", None, tx.now
    tx.rows.flush()
    case = open_case(tx.rows, stay.id)
    if case is not None:
        settle_answered(tx, stay, row.id)
        if case.closed_at is None:
            move_case(tx, case, Noted(adult.id))
    ping = {"arrival": status_words.Ping.ARRIVED, "safe_return": status_words.Ping.BACK}.get(row.touchpoint)
    if ping is not None:
        status_words.once(tx, stay, ping, row.occurrence)
    else:
        status_words.answered(tx, row)
