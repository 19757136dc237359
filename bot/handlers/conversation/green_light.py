"""The green light: before a departure for which something is missing, an adult says whether the learner leaves.

Three learners or more of a school who leave on one day are asked about in one message, and one answer is for all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.domain.green_light import Verdict, is_answered, is_green, missing
from bot.domain.level import Level
from bot.domain.messages import Letter, Offer
from bot.domain.occasion import Occasion
from bot.domain.programme import Item
from bot.domain.rights import Act, may
from bot.handlers.case.case import Matter, open_matter, settle_matters
from bot.handlers.case.crew import crew_for
from bot.handlers.case.notices import EACH, MANY, unsent
from bot.handlers.family.chosen_words import Reader, tell_in_words
from bot.handlers.say.facts import in_charge, stay_facts
from bot.handlers.say.marks import mark
from bot.handlers.say.post import GONE, NOT_YOURS, About, post, settle_asked, show_choice, tell
from bot.i18n import Text, _, _n, phrase
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
ASK_SEVERAL = _("{count} learners leave on {departure}, and this is still missing:\n{what}\nMay they leave?")
ALL_LEAVE = _("All leave all the same…")
STILL_SEVERAL = _("Still missing:\n{what}\nTick each thing in /tasks once you have seen it, or choose another answer.")
WHICH_WORDS_SEVERAL: dict[Verdict, Text] = {
    Verdict.NOT_YET: _(
        "What should they read? Write it in one message: each reads it word for word, from you, and their family too where it has agreed."
    ),
    Verdict.ALL_THE_SAME: _("Why do they leave all the same? Write the reason in one message: it is kept for each."),
}
DONE_SEVERAL = _n(
    "Thank you. Noted for {count} learner: {learners}.", "Thank you. Noted for {count} learners: {learners}."
)
LINE: Text = "{learners}: {items}"
ALREADY = _("All of them have an answer already. Thank you.")
TOPIC = "green_light"
ONE_BY_ONE = "each"
"""What the button says that asks of each learner alone."""


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
        open_matter(tx, row, Matter(Level.TODAY, TOPIC), _asked_just_now(tx, row))
    elif not answered or not has_green_light(tx, row, _states(tx, row)):
        ask(tx, row, lacks)


def _asked_just_now(tx: Tx, row: StayRow) -> int | None:
    """Who is there and has the question since this very moment, of a learner entered late: it is not said of them that they
    have not answered, and the case waits for them first.
    """
    crew, asked = crew_for(tx, row), {_asking(row), _asking_several(row)}
    there = (adult.id for adult in in_charge(tx, row.school_id) if crew.on_duty(adult.id))
    return next((each for each in there if any(message.step in asked for message in unsent(tx, each))), None)


def lacking(tx: Tx, row: StayRow) -> tuple[Item, ...]:
    """The blocking items of a stay that nobody has settled."""
    return missing(tx.programme, row.facts(), _states(tx, row))


def ask(tx: Tx, row: StayRow, lacks: tuple[Item, ...]) -> None:
    """Ask the coordinator and the deputy, of all of a school who leave on that day together: the first answer counts."""
    for adult in in_charge(tx, row.school_id):
        waiting = [each for each in unsent(tx, adult.id) if _leaving_with(tx, each, row)]
        rows = [*(other for each in waiting for other in _rows(tx, each.message["offers"][0]["action"])), row]
        if len(rows) < MANY:
            _ask_alone(tx, adult, row, lacks)
            continue
        for each in waiting:
            each.state = "expired"
        letter = Letter(ASK_SEVERAL, _values_of(tx, rows), _offers_for(rows))
        post(tx, adult.id, letter, Lane.ANSWER, About(step=_asking_several(row)))


def _ask_alone(tx: Tx, adult: Person, row: StayRow, lacks: tuple[Item, ...]) -> None:
    about = About(stay=row.id, step=_asking(row))
    post(tx, adult.id, Letter(ASK, _values(tx, row, lacks), _offers(row)), Lane.ANSWER, about)


def _leaving_with(tx: Tx, message: OutboxRow, row: StayRow) -> bool:
    """Whether a message asks of others who leave from the same school on the same day."""
    action: dict[str, Any] = next((offer["action"] for offer in message.message["offers"]), {})
    if action.get("do") != TOPIC or action["day"] != row.departure.isoformat():
        return False
    return all(other.school_id == row.school_id for other in _rows(tx, action))


def is_open(tx: Tx, action: dict[str, Any]) -> bool:
    """Whether the question that a button belongs to still waits for an answer, of one of its learners at least."""
    return any(not has_green_light(tx, row, _states(tx, row)) for row in _rows(tx, action))


def press(tx: Tx, adult: Person, action: dict[str, Any]) -> bool:
    """An answer by button. Whether it settles the question: two of the three ask for words first."""
    rows = _rows(tx, action)
    theirs = [row for row in rows if may(adult.adult, Act.CHANGE, row.school_id)]
    if not theirs:
        tell(tx, adult, NOT_YOURS if rows else GONE)
        return False
    if "stays" in action:
        return _press_several(tx, adult, action, theirs)
    verdict, row = Verdict(action["say"]), theirs[0]
    lacks = lacking(tx, row)
    if verdict is Verdict.GO and lacks:
        tell(tx, adult, STILL, _values(tx, row, lacks), *_offers(row))
        return False
    if verdict is Verdict.GO:
        decide(tx, adult, row, verdict, "")
        return True
    letter = Letter(WHICH_WORDS[verdict], _values(tx, row, lacks) | {"day": action["day"], "say": verdict.value})
    post(tx, adult.id, letter, Lane.ANSWER, About(stay=row.id, step=AWAITED))
    return False


def _press_several(tx: Tx, adult: Person, action: dict[str, Any], rows: list[StayRow]) -> bool:
    """One press for all who have no answer yet; what was said of one of them alone stays said."""
    said = verdicts(tx.rows, [row.id for row in rows])
    rows = [row for row in rows if not is_answered(row.facts(), said.get(row.id))]
    lacks = {row.id: lacking(tx, row) for row in rows}
    if not rows:
        tell(tx, adult, ALREADY)
    elif action["say"] == ONE_BY_ONE:
        for row in rows:
            _ask_alone(tx, adult, row, lacks[row.id])
    elif action["say"] == Verdict.GO:
        _decide_all(tx, adult, [row for row in rows if not lacks[row.id]], Verdict.GO, "")
        left = [row for row in rows if lacks[row.id]]
        if left:
            tell(tx, adult, STILL_SEVERAL, _values_of(tx, left), *_offers_for(left))
        return not left
    else:
        values = {"stays": [row.id for row in rows], "day": action["day"], "say": action["say"]}
        post(
            tx, adult.id, Letter(WHICH_WORDS_SEVERAL[Verdict(action["say"])], values), Lane.ANSWER, About(step=AWAITED)
        )
    return False


AWAITED = "green_light words"
"""The step of the message that asks an adult for words."""


def in_words(tx: Tx, adult: Person, asked: OutboxRow, text: str) -> None:
    """The words that were asked for: with them the decision is made."""
    values = asked.message["values"]
    rows = _rows(tx, {"stay": asked.stay_id, **values})
    theirs = [row for row in rows if may(adult.adult, Act.CHANGE, row.school_id)]
    if not theirs:
        return tell(tx, adult, NOT_YOURS if rows else GONE)
    if "stays" in values:
        return _decide_all(tx, adult, theirs, Verdict(values["say"]), text)
    return decide(tx, adult, theirs[0], Verdict(values["say"]), text)


def decide(tx: Tx, adult: Person, row: StayRow, verdict: Verdict, words: str) -> None:
    """Write down what an adult says of a departure, tell whom it concerns, and go on with the plan."""
    _decide(tx, adult, row, verdict, words)
    tell(tx, adult, DONE[verdict], stay_facts(tx, row) | {"learner": row.person.short_name})


def _decide_all(tx: Tx, adult: Person, rows: Sequence[StayRow], verdict: Verdict, words: str) -> None:
    for row in rows:
        _decide(tx, adult, row, verdict, words)
    if rows:
        names = {"list": [row.person.short_name for row in rows]}
        tell(tx, adult, DONE_SEVERAL, {"count": len(rows), "learners": names})


def _decide(tx: Tx, adult: Person, row: StayRow, verdict: Verdict, words: str) -> None:
    decision = GreenLightRow(
        stay_id=row.id, departure=row.departure, verdict=verdict, reason=words, person_id=adult.id, at=tx.now
    )
    tx.rows.add(decision)
    tx.rows.flush()
    audit(tx, f"person {adult.id}", f"green light {verdict}", f"stay {row.id}")
    settle_asked(tx, _asking(row))
    _settle_asked_of_several(tx, row)
    row.wake_at = tx.now
    settle_matters(tx, row, lambda detail: detail["topic"] == TOPIC, "settled", adult.id)
    if verdict is Verdict.NOT_YET:
        tell_in_words(tx, adult, row, words, (Reader.LEARNER, Reader.FAMILY))


def _settle_asked_of_several(tx: Tx, row: StayRow) -> None:
    """What asked of several is done once each of them has an answer."""
    asked = select(OutboxRow).where(OutboxRow.step == _asking_several(row), OutboxRow.native.is_not(None))
    for message in tx.rows.scalars(asked):
        rows = _rows(tx, message.message["offers"][0]["action"])
        said = verdicts(tx.rows, [each.id for each in rows])
        if row in rows and all(is_answered(each.facts(), said.get(each.id)) for each in rows):
            show_choice(tx, message)


def _rows(tx: Tx, action: Mapping[str, Any]) -> list[StayRow]:
    """The stays that a question is about, by name, as far as they leave on the day that it was asked for."""
    rows = (tx.rows.get(StayRow, number or 0) for number in action.get("stays", [action.get("stay")]))
    day = date.fromisoformat(action["day"])
    found = [row for row in rows if row is not None and not row.cancelled and row.departure == day]
    return sorted(found, key=lambda row: row.person.short_name)


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


def _asking_several(row: StayRow) -> str:
    return f"green_light school {row.school_id} {row.departure.isoformat()}"


def _values_of(tx: Tx, rows: Sequence[StayRow]) -> dict[str, Any]:
    """Who lacks the same stands in one line, by name."""
    alike: dict[tuple[str, ...], tuple[list[str], tuple[Item, ...]]] = {}
    for row in sorted(rows, key=lambda each: each.person.short_name):
        lacks = lacking(tx, row)
        alike.setdefault(tuple(item.id for item in lacks), ([], lacks))[0].append(row.person.short_name)
    lines = [
        phrase(LINE, learners={"list": names}, items={"list": [phrase(item.title) for item in lacks]})
        for names, lacks in alike.values()
    ]
    return {"count": len(rows), "departure": {"day": rows[0].departure.isoformat()}, "what": {"list_lines": lines}}


def _offers_for(rows: Sequence[StayRow]) -> tuple[Offer, ...]:
    action = {"do": TOPIC, "stays": [row.id for row in rows], "day": rows[0].departure.isoformat()}
    return (
        Offer(GO, action | {"say": Verdict.GO.value}),
        Offer(NOT_YET, action | {"say": Verdict.NOT_YET.value}),
        Offer(ALL_LEAVE, action | {"say": Verdict.ALL_THE_SAME.value}),
        Offer(EACH, action | {"say": ONE_BY_ONE}),
    )
