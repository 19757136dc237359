"""Not this adult: whom a learner excludes, or names in their distress, hears and sees nothing of it."""

from __future__ import annotations

from typing import Any

from bot.domain.ladder import OwnerGone, WaitOver
from bot.domain.messages import Letter, Offer
from bot.domain.need_to_know import named_in
from bot.handlers.case.case import move_case
from bot.handlers.case.crew import crew_for, crew_of
from bot.handlers.say.facts import danger_facts
from bot.handlers.say.host import tutor_of
from bot.handlers.say.post import About, post
from bot.i18n import Text, _
from bot.store.cases import CaseEvent, CaseRow, LeftOut, left_out, open_case
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person
from bot.store.records import audit
from bot.store.stays import StayRow

STEP = "exclusion"
SHOWN = 20
ASK: Text = _("Who must see and hear nothing of this? Press a name. They are not told.")
OUT: Text = _("{adult} sees and hears nothing of this, and is not told why. These can be told: {others}.")
NOBODY: Text = _(
    "{adult} sees and hears nothing of this. Nobody is left whom I can tell: in danger call {emergency}, or talk to an "
    "adult whom you trust."
)
BACK_IN: Text = _("{adult} can be told again.")
ADMITTED: Text = _("{adult} may know of it from now on.")


def leave_out(tx: Tx, stay: StayRow, adult: int, *, by_learner: bool) -> None:
    """Keep an adult from everything about a learner. What they own goes back to the ladder; whoever had only them hears."""
    known = next((each for each in left_out(tx.rows, stay.person_id) if each.adult_id == adult), None)
    if known is not None:
        known.by_learner |= by_learner
        return
    tx.rows.add(LeftOut(person_id=stay.person_id, adult_id=adult, by_learner=by_learner, at=tx.now))
    audit(tx, f"person {stay.person_id}" if by_learner else "bot", "left out", f"person {adult}")
    tx.rows.flush()
    case = open_case(tx.rows, stay.id)
    if case is None:
        return
    crew = crew_of(tx, case)
    if case.owner_id == adult:
        move_case(tx, case, OwnerGone())
    elif case.owner_id is None and not any(crew.on_duty(person) for person in case.alerted):
        case.wake_at = tx.now
        move_case(tx, case, WaitOver())


def leave_out_named(tx: Tx, stay: StayRow, words: str) -> None:
    """The adults whose names stand in words of distress, until somebody else decides. It comes before anybody is told."""
    crew = crew_for(tx, stay)
    people = [tx.rows.get_one(Person, person) for person in crew.everyone]
    for adult in sorted(named_in(words, [(each.id, each.first_name, each.last_name) for each in people])):
        leave_out(tx, stay, adult, by_learner=False)


def ask(tx: Tx, stay: StayRow) -> None:
    """The adults who could be told, by name: one press leaves one out, another lets them in again."""
    out = {each.adult_id for each in left_out(tx.rows, stay.person_id)}
    host = tutor_of(tx, stay)
    around = (*crew_for(tx, stay).everyone, *([host.id] if host is not None else ()), *sorted(out))
    names = [tx.rows.get_one(Person, person) for person in dict.fromkeys(around)]
    offers = tuple(_offer(stay, each, each.id in out) for each in names[:SHOWN])
    post(tx, stay.person_id, Letter(ASK, {}, offers), Lane.ANSWER, About(stay=stay.id, step=STEP))


def _offer(stay: StayRow, adult: Person, out: bool) -> Offer:
    label = _("{adult}: may know again") if out else "{adult}"
    action = {"do": "exclude", "stay": stay.id, "adult": adult.id, "out": not out}
    return Offer(label, action, {"adult": adult.full_name})


def choose(tx: Tx, person: Person, action: dict[str, Any]) -> None:
    """The learner says who must not know, or that somebody may know again."""
    stay, adult = tx.rows.get_one(StayRow, action["stay"]), tx.rows.get_one(Person, action["adult"])
    if stay.person_id != person.id:
        return
    values = danger_facts(tx, stay) | {"adult": adult.full_name}
    if not action["out"]:
        _lift(tx, stay, adult.id, person)
        post(tx, person.id, Letter(BACK_IN, values), Lane.ANSWER, About(stay=stay.id, step=STEP))
        return
    leave_out(tx, stay, adult.id, by_learner=True)
    crew = crew_for(tx, stay)
    others = [tx.rows.get_one(Person, each).full_name for each in crew.present[:3]]
    text = OUT if others else NOBODY
    post(tx, person.id, Letter(text, values | {"others": {"list": others}}), Lane.ALERT, About(stay=stay.id, step=STEP))


def admit(tx: Tx, person: Person, row: CaseRow, adult: int) -> bool:
    """An adult who was only named is let in by another. Whether they were still left out."""
    if not _lift(tx, row.stay, adult, person, named_only=True):
        return False
    detail = {"adult": str(adult)}
    tx.rows.add(CaseEvent(case_id=row.id, at=tx.now, kind="let in", person_id=person.id, detail=detail))
    values = {"adult": tx.rows.get_one(Person, adult).full_name}
    post(tx, person.id, Letter(ADMITTED, values), Lane.ANSWER, About(stay=row.stay_id, case=row.id))
    return True


def _lift(tx: Tx, stay: StayRow, adult: int, by: Person, *, named_only: bool = False) -> bool:
    for each in left_out(tx.rows, stay.person_id):
        if each.adult_id == adult and not (named_only and each.by_learner):
            each.lifted_at, each.lifted_by_id = tx.now, by.id
            audit(tx, f"person {by.id}", "let in", f"person {adult}")
            tx.rows.flush()
            return True
    return False
