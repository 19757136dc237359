"""`/write NAME words…`: an adult's words to a learner, with a case or without."""

from __future__ import annotations

from bot.domain.spelling import addressed
from bot.handlers.case import relay
from bot.handlers.desk.visibility import (
    NOBODY_CALLED,
    NOT_YOURS,
    WHICH,
    Sight,
    by_name,
    meant,
    names_of,
    sight_of,
    which,
)
from bot.handlers.say.post import tell
from bot.i18n import _
from bot.store.db import Tx
from bot.store.people import Person, addresses_of
from bot.store.stays import StayRow

HOW = _("Write a name behind it, then your words, for example: /write Lina Your ticket is here.")
NO_ADDRESS = _("{learner} cannot be written to yet: no invitation has been opened, or the conversation was left.")


def write(tx: Tx, person: Person, rest: str = "") -> None:
    """Pass the words on; without words, ask for them; of several that are meant, offer a choice."""
    sight = sight_of(tx, person)
    if not sight.follows:
        return tell(tx, person, NOT_YOURS)
    if not rest:
        return tell(tx, person, HOW)
    found, words = _read(sight, rest)
    if not found:
        return tell(tx, person, NOBODY_CALLED)
    if len(found) > 1:
        return tell(tx, person, WHICH, None, *which("write", found, words))
    stay = found[0]
    if not relay.may_write(tx, person, stay):
        return relay.refuse(tx, person, stay)
    if not addresses_of(tx.rows, stay.person_id):
        return tell(tx, person, NO_ADDRESS, {"learner": stay.person.short_name})
    return relay.write(tx, person, stay, words) if words else relay.invite_words(tx, person, stay)


def _read(sight: Sight, rest: str) -> tuple[list[StayRow], str]:
    if rest.startswith("#"):
        number, _space, words = rest.partition(" ")
        return meant(sight, number), words.strip()
    found, words = addressed(rest, names_of(sight))
    return sorted((sight.stays[number] for number in found), key=by_name), words
