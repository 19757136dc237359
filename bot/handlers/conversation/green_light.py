"""The green light: before a departure for which something is missing, an adult says whether the learner leaves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain.green_light import Verdict, is_answered, is_green, missing
from bot.domain.level import Level
from bot.domain.messages import Letter, Offer
from bot.domain.occasion import Occasion
from bot.domain.programme import Item
from bot.domain.rights import Act, may
from bot.handlers.case.case import Matter, open_matter, settle_matters
from bot.handlers.family.chosen_words import Reader, tell_in_words
from bot.handlers.say.facts import in_charge, stay_facts
from bot.handlers.say.marks import mark
from bot.handlers.say.post import GONE, NOT_YOURS, About, post, settle_asked, tell
from bot.i18n import Text, _, phrase
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person
from bot.store.records import audit
from bot.store.stays import GreenLightRow, StayRow, states_of, verdicts

ASK = _("{learner} leaves for {city} on {departure}, and this is still missing: {items}. May {learner} leave?")
GO = _("It is all there")
NOT_YET = _("Not yet…")
ALL_THE_SAME = _("Leaves all the same…")
STILL = _(
    "Still missing for {learner}: {items}. Tick each one in /tasks once you have seen it, or choose another answer."
)
WHICH_WORDS: dict[Verdict, Text] = {
    Verdict.NOT_YET: _(
        "What should {learner} read? Write it in one message: it is passed on word for word, from you, to the family too where it has agreed."
    ),
    Verdict.ALL_THE_SAME: _("Why does {learner} leave all the same? Write the reason in one message: it is kept."),
}
DONE: dict[Verdict, Text] = {
    Verdict.GO: _("Thank you: {learner} has the green light."),
    Verdict.ALL_THE_SAME: _("Thank you: {learner} has the green light, and your reason is kept."),
    Verdict.NOT_YET: _("Thank you. {learner} reads your words, and no farewell. When it is all there: /tasks."),
}
TOPIC = "green_light"


def has_green_light(tx: Tx, row: StayRow, states: Mapping[str, str]) -> bool:
    """Whether the learner may leave, as far as is known now."""
    stay = row.facts()
    return is_green(stay, missing(tx.programme, stay, states), verdicts(tx.rows, [row.id]).get(row.id))


def green_light(tx: Tx, row: StayRow, occasion: Occasion) -> None:
    """The moment has come to ask, or to say that nobody answered. Nothing is asked where nothing is missing."""
    mark(tx, row.id, occasion.key, "told")
    lacks = lacking(tx, row)
    if not lacks:
        return
    answered = is_answered(row.facts(), verdicts(tx.rows, [row.id]).get(row.id))
    if occasion.touchpoint.endswith(".climb") and not answered:
        open_matter(tx, row, Matter(Level.TODAY, TOPIC))
    elif not answered or not has_green_light(tx, row, _states(tx, row)):
        ask(tx, row, lacks)


def lacking(tx: Tx, row: StayRow) -> tuple[Item, ...]:
    """The blocking items of a stay that nobody has settled."""
    return missing(tx.programme, row.facts(), _states(tx, row))


def ask(tx: Tx, row: StayRow, lacks: tuple[Item, ...]) -> None:
    """Ask the coordinator and the deputy: the first answer counts."""
    for adult in in_charge(tx, row.school_id):
        about = About(stay=row.id, step=_asking(row))
        post(tx, adult.id, Letter(ASK, _values(tx, row, lacks), _offers(row)), Lane.ANSWER, about)


def is_open(tx: Tx, action: dict[str, Any]) -> bool:
    """Whether the question that a button belongs to still waits for an answer."""
    row = tx.rows.get(StayRow, action["stay"])
    if row is None or row.cancelled or row.departure.isoformat() != action["day"]:
        return False
    return not has_green_light(tx, row, _states(tx, row))


def press(tx: Tx, adult: Person, action: dict[str, Any]) -> bool:
    """An answer by button. Whether it settles the question: two of the three ask for words first."""
    row = tx.rows.get(StayRow, action["stay"])
    if row is None or row.cancelled or row.departure.isoformat() != action["day"]:
        tell(tx, adult, GONE)
        return False
    if not may(adult.adult, Act.CHANGE, row.school_id):
        tell(tx, adult, NOT_YOURS)
        return False
    verdict, lacks = Verdict(action["say"]), lacking(tx, row)
    if verdict is Verdict.GO and lacks:
        tell(tx, adult, STILL, _values(tx, row, lacks), *_offers(row))
        return False
    if verdict is Verdict.GO:
        decide(tx, adult, row, verdict, "")
        return True
    letter = Letter(WHICH_WORDS[verdict], _values(tx, row, lacks) | {"day": action["day"], "say": verdict.value})
    post(tx, adult.id, letter, Lane.ANSWER, About(stay=row.id, step=AWAITED))
    return False


AWAITED = "green_light words"
"""The step of the message that asks an adult for words."""


def in_words(tx: Tx, adult: Person, asked: OutboxRow, text: str) -> None:
    """The words that were asked for: with them the decision is made."""
    row, values = tx.rows.get(StayRow, asked.stay_id or 0), asked.message["values"]
    if row is None or row.cancelled or row.departure != date.fromisoformat(values["day"]):
        return tell(tx, adult, GONE)
    if not may(adult.adult, Act.CHANGE, row.school_id):
        return tell(tx, adult, NOT_YOURS)
    return decide(tx, adult, row, Verdict(values["say"]), text)


def decide(tx: Tx, adult: Person, row: StayRow, verdict: Verdict, words: str) -> None:
    """Write down what an adult says of a departure, tell whom it concerns, and go on with the plan."""
    decision = GreenLightRow(
        stay_id=row.id, departure=row.departure, verdict=verdict, reason=words, person_id=adult.id, at=tx.now
    )
    tx.rows.add(decision)
    tx.rows.flush()
    audit(tx, f"person {adult.id}", f"green light {verdict}", f"stay {row.id}")
    settle_asked(tx, _asking(row))
    row.wake_at = tx.now
    settle_matters(tx, row, lambda detail: detail["topic"] == TOPIC, "settled")
    if verdict is Verdict.NOT_YET:
        tell_in_words(tx, adult, row, words, (Reader.LEARNER, Reader.FAMILY))
    tell(tx, adult, DONE[verdict], stay_facts(tx, row) | {"learner": row.person.short_name})


def _states(tx: Tx, row: StayRow) -> dict[str, str]:
    return states_of(tx.rows, [row.id]).get(row.id, {})


def _asking(row: StayRow) -> str:
    """What the messages that ask about one departure have in common: once one is answered, all are done."""
    return f"green_light {row.id} {row.departure.isoformat()}"


def _values(tx: Tx, row: StayRow, lacks: tuple[Item, ...]) -> dict[str, Any]:
    return {
        "learner": row.person.short_name,
        "city": row.city,
        "departure": {"day": row.departure.isoformat()},
        "items": {"list": [phrase(item.title) for item in lacks]},
    }


def _offers(row: StayRow) -> tuple[Offer, ...]:
    action = {"do": "green_light", "stay": row.id, "day": row.departure.isoformat()}
    return (
        Offer(GO, action | {"say": Verdict.GO.value}),
        Offer(NOT_YET, action | {"say": Verdict.NOT_YET.value}),
        Offer(ALL_THE_SAME, action | {"say": Verdict.ALL_THE_SAME.value}),
    )
