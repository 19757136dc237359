"""Not this adult: whom a learner excludes, or names in their distress, hears and sees nothing of it."""

from __future__ import annotations

from typing import Any

from bot.domain.ladder import OwnerGone, WaitOver
from bot.domain.messages import Letter, Offer
from bot.domain.need_to_know import named_in, refused_in, roles_in, speaks_to
from bot.domain.person import Role
from bot.domain.programme.item import EXTERNALS
from bot.handlers.case.case import move_case
from bot.handlers.case.crew import crew_for, crew_of
from bot.handlers.case.matters import said_before
from bot.handlers.say.facts import danger_facts
from bot.handlers.say.host import external_of, tutor_of
from bot.handlers.say.post import About, post
from bot.i18n import Text, _
from bot.store.cases import CaseEvent, CaseRow, LeftOut, left_out, open_case, rows_left_out
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person
from bot.store.records import audit
from bot.store.stays import StayRow
from bot.store.team import names_of_team, team

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
    known = next((each for each in rows_left_out(tx.rows, stay.person_id) if each.adult_id == adult), None)
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
    """The adults whom words of distress name or mean by what they are, and whom their author named just before, until
    somebody else decides. It comes before anybody is told.
    """
    names = _names(tx, stay)
    meant = _meant_in(tx, stay, words, names)
    if _cry_is_first(tx, stay):
        for line in said_before(tx, stay, tx.now):
            meant |= named_in(line, names) if not speaks_to(line) else frozenset()
    for adult in sorted(meant):
        leave_out(tx, stay, adult, by_learner=False)


def meant_in(tx: Tx, stay: StayRow, words: str) -> frozenset[int]:
    """The adults whom words name, or mean by what they are."""
    return _meant_in(tx, stay, words, _names(tx, stay))


def _meant_in(tx: Tx, stay: StayRow, words: str, names: list[tuple[int, str, str]]) -> frozenset[int]:
    return named_in(words, names) | _holding(tx, stay, roles_in(words))


def leave_out_doubtful(tx: Tx, case: CaseRow, words: str, to: int | None = None) -> None:
    """What follows a cry may say whom it is about: "it is because of Luc"; and whom its author wants to keep out of it: "not
    Luc". Who follows the case, or is answered, is talked with by name: only a no leaves them out.
    """
    names = _names(tx, case.stay) if case.grave else []
    for adult in sorted(refused_in(words, names)):
        leave_out(tx, case.stay, adult, by_learner=True)
    if not speaks_to(words):
        for adult in sorted(named_in(words, names) - {case.owner_id, to}):
            leave_out(tx, case.stay, adult, by_learner=False)


def _names(tx: Tx, stay: StayRow) -> list[tuple[int, str, str]]:
    known = names_of_team(tx.rows)
    return [(person, *known[person]) for person in crew_for(tx, stay).everyone]


def _holding(tx: Tx, stay: StayRow, roles: frozenset[Role]) -> frozenset[int]:
    """Who has one of these posts at the school of a stay."""
    return (
        frozenset(adult.person for adult in team(tx.rows) if roles & adult.roles_at(stay.school_id))
        if roles
        else frozenset()
    )


def _cry_is_first(tx: Tx, stay: StayRow) -> bool:
    """Whether no cry of theirs is open: what they say within one is looked at as it comes."""
    case = open_case(tx.rows, stay.id)
    return case is None or not case.grave


def ask(tx: Tx, stay: StayRow) -> None:
    """The adults who could be told, by name: one press leaves one out, another lets them in again."""
    out = {each.adult_id for each in left_out(tx.rows, stay.person_id)}
    outside = (tutor_of(tx, stay), *(external_of(tx, stay, role) for role in EXTERNALS))
    around = (*crew_for(tx, stay).everyone, *(each.id for each in outside if each is not None), *sorted(out))
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
    for each in rows_left_out(tx.rows, stay.person_id):
        if each.adult_id == adult and not (named_only and each.by_learner):
            each.lifted_at, each.lifted_by_id = tx.now, by.id
            audit(tx, f"person {by.id}", "let in", f"person {adult}")
            tx.rows.flush()
            return True
    return False
