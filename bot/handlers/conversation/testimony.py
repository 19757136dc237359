"""`/testimony` of a learner: their own words on their stay, where they may be shown and until when; taken back in one press."""

from __future__ import annotations

from typing import Any

from bot.domain.family import Purpose
from bot.domain.messages import Letter, Offer
from bot.domain.testimony import LONGEST, SCOPES, YEARS, Scope, in_years
from bot.handlers.say import consents
from bot.handlers.say.facts import coordinator_of
from bot.handlers.say.post import GONE, About, post, tell
from bot.i18n import _, _n, phrase
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person
from bot.store.stays import StayRow, current_stay
from bot.store.testimonies import Testimony, testimony_of

AWAITED = "testimony awaited"
"""The step of the message that asks for the words."""
ASK = _("What was your stay like? Write a few sentences for others to read, in one message. Then I ask where they may be shown. You can take them back at any time: /testimony")  # fmt: skip
WHERE = _("Thank you! Where may {coordinator} show this, with your first name and nothing else?\n« {words} »")
NOWHERE = _("Nowhere: delete it")
HOW_LONG = _("And for how long?")
YEAR = _n("{count} year", "{count} years")
AGREED = _("Thank you. Until {until} it may be shown: {scope}. If you want it back: /testimony. It then disappears from every draft.")  # fmt: skip
MINOR = _("You are under 18, so your parents sign too: {coordinator} has the form. Before that nothing is shown.")
STANDS = _("You wrote:\n« {words} »\n{state}")
SHOWN = _("It may be shown until {until}: {scope}.")
NOT_YET = _("You have not said yet where it may be shown.")
TAKE_BACK, ANEW = _("Take it back"), _("Write something else")
TAKEN = _("It is deleted, and in no draft any more. What is printed already, your school cannot call back.")


def testimony(tx: Tx, person: Person, stay: StayRow) -> None:
    """What they said and what it may be used for; or the question."""
    known = testimony_of(tx.rows, person.id)
    if known is None:
        return _ask(tx, person, stay)
    state = phrase(SHOWN, until=_day(known), scope=phrase(SCOPES[known.scope])) if known.scope and known.until else phrase(NOT_YET)  # fmt: skip
    offers = (_offer(TAKE_BACK, known, "back"), _offer(ANEW, known, "anew"))
    return tell(tx, person, STANDS, {"words": known.words, "state": state}, *offers)


def _ask(tx: Tx, person: Person, stay: StayRow) -> None:
    post(tx, person.id, Letter(ASK), Lane.ANSWER, About(stay=stay.id, step=AWAITED))


def take_words(tx: Tx, person: Person, asked: OutboxRow, words: str) -> None:
    """Their words. Nothing that was agreed to before holds for them."""
    stay = tx.rows.get_one(StayRow, asked.stay_id)
    forget(tx, person)
    kept = Testimony(person_id=person.id, stay_id=stay.id, words=words.strip()[:LONGEST], given_at=tx.now)
    tx.rows.add(kept)
    tx.rows.flush()
    offers = [_offer(text, kept, scope.value) for scope, text in SCOPES.items()]
    values = {"words": kept.words, "coordinator": coordinator_of(tx, stay)}
    tell(tx, person, WHERE, values, *offers, _offer(NOWHERE, kept, "back"))


def _offer(text: Any, kept: Testimony, say: str, **values: Any) -> Offer:
    return Offer(text, {"do": "testimony", "id": kept.id, "say": say}, values)


def press(tx: Tx, person: Person, action: dict[str, Any]) -> None:
    """Where, for how long, or not any more."""
    kept = tx.rows.get(Testimony, action["id"])
    if kept is None or kept.person_id != person.id:
        return tell(tx, person, GONE)
    say = action["say"]
    if say == "back":
        forget(tx, person)
        return tell(tx, person, TAKEN)
    if say == "anew":
        stay = current_stay(tx.rows, person.id) or kept.stay
        return _ask(tx, person, stay)
    if "years" in action:
        return _agree(tx, person, kept, Scope(say), action["years"])
    offers = [
        Offer(YEAR, {"do": "testimony", "id": kept.id, "say": say, "years": years}, {"count": years}) for years in YEARS
    ]
    return tell(tx, person, HOW_LONG, None, *offers)


def _agree(tx: Tx, person: Person, kept: Testimony, scope: Scope, years: int) -> None:
    today = kept.stay.facts().day_at(tx.now)
    kept.scope, kept.until = scope, in_years(today, years)
    consents.say(tx, person, person, given=True, purpose=Purpose.TESTIMONY)
    tell(tx, person, AGREED, {"until": _day(kept), "scope": phrase(SCOPES[scope])})
    if kept.agreed(today).lacks_guardians:
        tell(tx, person, MINOR, {"coordinator": coordinator_of(tx, kept.stay)})


def forget(tx: Tx, person: Person) -> None:
    """The words go; that it was agreed to once, and is no longer, stays on record."""
    kept = testimony_of(tx.rows, person.id)
    if kept is None:
        return
    if kept.scope is not None:
        consents.say(tx, person, person, given=False, purpose=Purpose.TESTIMONY)
    tx.rows.delete(kept)
    tx.rows.flush()


def _day(kept: Testimony) -> dict[str, str]:
    return {"date": kept.until.isoformat() if kept.until else ""}
