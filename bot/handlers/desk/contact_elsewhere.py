"""How contact is kept with somebody who does not use Compagnon: an adult writes the last day, and how."""

from __future__ import annotations

from datetime import date

from bot.domain.channel import storable
from bot.domain.messages import Letter
from bot.domain.rights import Act
from bot.domain.typed_days import DaysError, Fault, read_day
from bot.handlers.conversation.watching import keep_contact
from bot.handlers.desk.leave import FAULTS as OF_DAYS
from bot.handlers.desk.visibility import NOT_YOURS, sight_of
from bot.handlers.say.post import About, post, tell
from bot.i18n import Text, _, phrase
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person
from bot.store.stays import StayRow

STEP = "contact elsewhere awaited"
"""The step of the message that asks an adult for the day and the way."""
LONGEST = 300
DAY_WORDS = 4
"""A day is written in so many words at the most: `20 de marzo 2027`."""
LABEL = _("Contact is kept otherwise…")
ASK = _("How do you keep contact with {learner}, and until which day? {how}")
LIKE = _(
    "Write the day first, then how, for example: 20/03 we speak on the phone every Sunday. To change nothing: /help."
)
NO_WAY = _("How do you keep contact? {how}")
TOO_LONG = _("That is too long: {how}")
NOTED = _("Noted: until {day} you keep contact with {learner} like this: « {way} ». After that day I watch again.")
UNREAD: dict[Fault, Text] = OF_DAYS | {Fault.LONG: _("That is more than a year away. {how}")}


def ask_how(tx: Tx, person: Person, stay: StayRow, text: Text = ASK) -> None:
    """The next words are the day and the way."""
    values = {"learner": stay.person.short_name, "how": phrase(LIKE)}
    post(tx, person.id, Letter(text, values), Lane.ANSWER, About(stay=stay.id, step=STEP))


def said_how(tx: Tx, person: Person, asked: OutboxRow, words: str) -> None:
    """The day and the way that were asked for."""
    sight = sight_of(tx, person)
    stay = sight.stays.get(asked.stay_id or 0)
    if stay is None or not sight.may(Act.CHANGE, stay):
        return tell(tx, person, NOT_YOURS)
    try:
        until, way = read_contact(words, sight.today)
    except DaysError as problem:
        return ask_how(tx, person, stay, UNREAD[problem.fault])
    if not way or len(way) > LONGEST:
        return ask_how(tx, person, stay, TOO_LONG if way else NO_WAY)
    last = keep_contact(tx, person, stay, until, way)
    values = {"learner": stay.person.short_name, "day": {"date": last.isoformat()}, "way": way}
    return tell(tx, person, NOTED, values)


def read_contact(words: str, today: date) -> tuple[date, str]:
    """The day that words begin with, and what follows it.

    Raises:
        DaysError: they begin with no day, or with one that is over.
    """
    parts = storable(words).split()
    fault = Fault.UNREADABLE
    for count in range(min(DAY_WORDS, len(parts)), 0, -1):
        try:
            return read_day(" ".join(parts[:count]).rstrip(",:"), today), " ".join(parts[count:])
        except DaysError as problem:
            fault = problem.fault if problem.fault is not Fault.UNREADABLE else fault
    raise DaysError(fault)
