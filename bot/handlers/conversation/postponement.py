"""« Tomorrow »: a question of the checklist or of the week is put off to the next day, once or twice, without any silence.

An arrival and a return cannot wait: somebody would worry. What is put off too often an adult asks about.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.level import Level
from bot.domain.messages import Letter
from bot.domain.quiet_hours import is_open, wall_instant
from bot.domain.spelling import plain
from bot.domain.stay import open_for
from bot.domain.touchpoints import occasions
from bot.engine.advance import Press
from bot.handlers.case.case import Matter, open_matter, sign_of_life
from bot.handlers.conversation.sessions import flow_of, happen, open_next
from bot.handlers.say.facts import stay_facts
from bot.handlers.say.post import call_off, post
from bot.i18n import Text, _
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person
from bot.store.sessions import SessionRow, open_session
from bot.store.stays import StayRow

WORDS = frozenset({"demain", "plus tard", "later", "tomorrow", "manana", "mas tarde"})
OFTEN = {"item": 2, "check_in": 1, "attendance": 1, "message": 1}
"""How often a question may be put off, by the first word of its touchpoint; what is not here cannot be."""
PUT_OFF = _("All right. I ask you again on {at}.")
ENOUGH = _(
    "We have put this one off before. It stays here for whenever you like, and {coordinator} will ask you about it."
)
CANNOT = _("This one cannot wait until tomorrow: somebody would worry about you. One button is enough.")
TOO_LATE = _("Tomorrow would be too late for this one. One button is enough.")
NOTHING = _("There is no question of mine that waits for you now.")


def is_later(text: str) -> bool:
    """Whether that is all somebody says."""
    return plain(text) in WORDS


def tomorrow(tx: Tx, person: Person, stay: StayRow) -> None:
    """`/tomorrow`: whatever question stands."""
    row = open_session(tx.rows, person.id)
    if row is None or row.asked is None:
        sign_of_life(tx, stay)
        return _say(tx, row, person.id, NOTHING)
    return put_off(tx, row)


def put_off(tx: Tx, row: SessionRow) -> None:
    """Ask the question that stands again tomorrow, if it can wait."""
    stay = tx.rows.get_one(StayRow, row.stay_id)
    question = flow.question(row.asked) if (flow := flow_of(tx, row)) else None
    if question is not None and any(choice.id == "later" for choice in question.choices):
        happen(tx, row, Press(question.id, "later"), Lane.ANSWER)
        return None
    sign_of_life(tx, stay)
    often = OFTEN.get(row.touchpoint.partition(".")[0], 0)
    again = _tomorrow(tx, stay)
    if often == 0:
        return _say(tx, row, row.person_id, CANNOT if row.touchpoint in {"arrival", "safe_return"} else NOTHING)
    if _pointless(tx, stay, row, again):
        return _say(tx, row, row.person_id, TOO_LATE)
    if row.postponed >= often:
        return _enough(tx, row, stay, often)
    if row.asked:
        call_off(tx, row.id, row.asked)
    row.state, row.wake_at, row.postponed = "queued", again, row.postponed + 1
    tx.rows.flush()
    _say(tx, row, row.person_id, PUT_OFF, again)
    return open_next(tx, row.person_id)


def _enough(tx: Tx, row: SessionRow, stay: StayRow, often: int) -> None:
    """It stands, and its silence counts from here. That an adult asks is said because it is so: they are told, once."""
    _say(tx, row, row.person_id, ENOUGH)
    if row.postponed == often:
        row.postponed += 1
        open_matter(tx, stay, Matter(Level.FOLLOW_UP, "postponed", row.touchpoint.rpartition(".")[2]))


def _tomorrow(tx: Tx, stay: StayRow) -> datetime:
    """The same hour on the learner's clocks; from the night, the programme's own hour."""
    facts, hours = stay.facts(), tx.programme.hours
    zone = facts.zone_at(tx.now)
    local = tx.now.astimezone(zone)
    at = local.time() if is_open(hours.learner, zone, tx.now) else hours.contact
    day = local.date() + timedelta(days=1)
    return open_for(tx.programme, facts, wall_instant(facts.zone_on(day), day, at))


def _pointless(tx: Tx, stay: StayRow, row: SessionRow, again: datetime) -> bool:
    """Whether its time will have gone by."""
    key = (row.touchpoint, row.occurrence)
    return any(each.key == key and each.until <= again for each in occasions(tx.programme, stay.facts()))


def _say(tx: Tx, row: SessionRow | None, person: int, text: Text, again: datetime | None = None) -> None:
    values = {}
    if row is not None:
        stay = tx.rows.get_one(StayRow, row.stay_id)
        values = stay_facts(tx, stay)
        if again is not None:
            values |= {"at": {"moment": again.isoformat(), "zone": str(stay.facts().zone_at(again))}}
    post(tx, person, Letter(text, values), Lane.ANSWER)
