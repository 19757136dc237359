"""Words that an adult of the school chose, to the learner, the family or the host tutor: asked for, never of itself."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from bot.domain.messages import Letter
from bot.handlers.case.matters import tutor_meant
from bot.handlers.say.consents import agreed
from bot.handlers.say.host import tutor_of
from bot.handlers.say.post import post
from bot.i18n import _
from bot.store.consents import parents_of
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person, addresses_of
from bot.store.records import audit
from bot.store.stays import StayRow

WORDS = _("{writer}, {school}, about {learner}:\n« {words} »")


class Reader(StrEnum):
    """Whom an adult may tell something about a stay."""

    LEARNER = "learner"
    FAMILY = "family"
    TUTOR = "tutor"


def readers_of(tx: Tx, stay: StayRow, reader: Reader) -> list[Person]:
    """Those of them who can be written to; of the family, who has agreed to hear from us."""
    match reader:
        case Reader.LEARNER:
            found = [stay.person]
        case Reader.FAMILY:
            found = [each for each in parents_of(tx.rows, stay.person_id) if agreed(tx, stay.person, each)]
        case Reader.TUTOR:
            tutor = tutor_of(tx, stay)
            found = [tutor] if tutor is not None and not tutor_meant(tx, stay) else []
    return [each for each in found if addresses_of(tx.rows, each.id)]


def tell_in_words(tx: Tx, adult: Person, stay: StayRow, words: str, readers: Iterable[Reader]) -> list[Person]:
    """Pass an adult's own words on, whether the stay goes on or not. Answers who is told; that it was done is noted."""
    told: list[Person] = []
    for reader in readers:
        told += readers_of(tx, stay, reader)
        audit(tx, f"person {adult.id}", "tell", f"stay {stay.id}", reader=reader.value)
    values = {
        "writer": adult.full_name,
        "school": stay.school.name,
        "learner": stay.person.full_name,
        "words": words,
    }
    for person in told:
        post(tx, person.id, Letter(WORDS, values), Lane.ANSWER)
    return told
