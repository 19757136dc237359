"""The employer and the teacher at the partner school: what is theirs to do, the letter with the link to it, their answer."""

from __future__ import annotations

from bot.domain.external import items_of
from bot.domain.messages import Letter
from bot.domain.person import Role
from bot.domain.programme import Item
from bot.domain.programme.item import EXTERNALS
from bot.domain.stay import conditions
from bot.domain.touchpoints import due_day
from bot.handlers.case.case import move_item
from bot.handlers.case.matters import external_meant
from bot.handlers.say.facts import phone_of, stay_facts
from bot.handlers.say.host import external_of
from bot.handlers.say.post import About, post
from bot.i18n import _, listed, phrase
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person
from bot.store.stays import StayRow
from bot.store.stays import items_of as states_of

STEP = "external."
"""The steps of their letters begin with it."""
OPEN = frozenset({"todo", "doing", "help", "no"})
LETTER = _(
    "Good day. {school} asks you for something for the stay of {name} in {city}, from {start} to {end}: {what}. "
    "The page below lists it, and takes your answer."
)
DUE = _("{item} (by {day})")


def role_of(person: Person) -> Role | None:
    """What they are to a stay; None for anybody else."""
    return next((role for role in EXTERNALS if person.holds(role)), None)


def asked_of(tx: Tx, stay: StayRow, person: Person) -> list[Item]:
    """What is open for them; nothing for one whom a learner keeps out, or whom their distress may be about."""
    role, facts = role_of(person), stay.facts()
    if role is None or external_meant(tx, stay, person):
        return []
    states = states_of(tx.rows, stay.id)
    wanted = items_of(tx.programme, facts, role, conditions(tx.programme, facts))
    return [item for item in wanted if item.id not in states or states[item.id].state in OPEN]


def write(tx: Tx, stay: StayRow, role: Role) -> str:
    """Send them the link to their page, where there is an address and something to do."""
    person = external_of(tx, stay, role)
    if person is None or not person.email:
        return "nobody"
    open_items, facts = asked_of(tx, stay, person), stay.facts()
    if not open_items:
        return "held back" if external_meant(tx, stay, person) else "nothing open"
    what = [phrase(DUE, item=phrase(item.title), day={"day": due_day(facts, item).isoformat()}) for item in open_items]
    post(
        tx, person.id, Letter(LETTER, stay_facts(tx, stay) | {"what": listed(what)}), Lane.BROADCAST,
        About(stay=stay.id, step=f"{STEP}{role}"),
    )  # fmt: skip
    return "told"


def says_done(tx: Tx, stay: StayRow, person: Person, name: str) -> bool:
    """They say that it is done: it waits for the coordinator's tick. False where it is not theirs, or not open any more."""
    if name not in {item.id for item in asked_of(tx, stay, person)}:
        return False
    move_item(tx, stay, name, "declared", None, person.id)
    return True


def page_values(tx: Tx, stay: StayRow) -> dict[str, object]:
    """What the texts of the page name."""
    return stay_facts(tx, stay) | {"phone": phone_of(stay.school)}
