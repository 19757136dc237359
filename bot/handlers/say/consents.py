"""Giving a consent and taking it back; whether one holds is asked again whenever something is about to be sent."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.family import TEXT_VERSION, Giver, Purpose, holds
from bot.store.consents import ConsentRow, consents_of, learners_of
from bot.store.db import Tx
from bot.store.people import Person, addresses_of
from bot.store.stays import StayRow


def say(
    tx: Tx,
    learner: Person,
    by: Person,
    *,
    given: bool,
    channel: str = "",
    purpose: Purpose = Purpose.FAMILY_PINGS,
) -> None:
    """One more record: `by` agrees, or no longer does."""
    known = addresses_of(tx.rows, by.id)
    row = ConsentRow(
        purpose=purpose,
        learner_id=learner.id,
        person_id=by.id,
        giver=Giver.LEARNER if by.id == learner.id else Giver.GUARDIAN,
        given=given,
        text_version=TEXT_VERSION,
        language=by.language,
        channel=channel or (known[0].channel if known else ""),
        at=tx.now,
    )
    tx.rows.add(row)
    tx.rows.flush()


def stop(tx: Tx, parent: Person, channel: str = "", learner: int | None = None) -> bool:
    """A parent wants no more words about one learner, or about any. Saying so twice is no second record: False where
    there was nothing to stop."""
    meant = [each for each in learners_of(tx.rows, parent.id) if learner in {None, each.id}]
    given = [each for each in meant if agreed(tx, each, parent)]
    for each in given:
        say(tx, each, parent, given=False, channel=channel)
    return bool(given)


def agreed(tx: Tx, learner: Person, by: Person) -> bool:
    """Whether the last word of this person about news for the family was a yes."""
    records = consents_of(tx.rows, learner.id)
    said = [each.given for each in records if each.person == by.id and each.purpose is Purpose.FAMILY_PINGS]
    return said[-1:] == [True]


def may_hear(tx: Tx, stay: StayRow, parent: int) -> bool:
    """Whether this parent may be told the status words of a stay, now."""
    records = consents_of(tx.rows, stay.person_id)
    return holds(records, parent, stay.person.birth, ZoneInfo(stay.home_zone), tx.now)
