"""`/family`: a learner sees who has agreed, and word for word what their family was sent; an adult decides about it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.domain.family import Giver, agrees, is_minor
from bot.domain.messages import Letter, Offer
from bot.handlers.family.status_words import STEP
from bot.handlers.say.consents import agreed, may_hear, say
from bot.handlers.say.post import post
from bot.i18n import Text, _, to_json
from bot.store.consents import ConsentRow, consents_of, parents_of
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person
from bot.store.stays import StayRow

SHOWN = 15
"""The latest messages; before them it is said how many there were."""
OFF = _("Your school has me tell families nothing. I tell yours nothing.")
RULE = _("I only ever say: left, arrived, has given news this week or not yet, back. Never your answers, how you are, your days at work, where you are, or that an adult was told.")  # fmt: skip
NOBODY = _("Nobody of your family is in touch with me.")
READER: dict[str, Text] = {
    "hears": _("{parent}: agreed, and is told."),
    "waits": _("{parent}: agreed, but is told nothing."),
    "stopped": _("{parent}: wants no messages."),
    "silent": _("{parent}: has not answered my question."),
}
SENT = _("{at}, to {parent}: « {words} »")
NOTHING = _("So far I have sent them nothing.")
ADULT_ON = _("You are of age: you decide, and you have said yes.")
ADULT_OFF = _("You are of age: you decide, and as long as you have not said yes nothing is sent.")
MINOR = _("As long as you are under 18 your guardians decide whether they get these words. At 18 I ask you.")
PAGE = _("{rule}\n{decision}\n{readers}\n\n{sent}")


def family(tx: Tx, person: Person, stay: StayRow, rest: str) -> None:
    """Show it all; with `yes` or `no` from somebody of age, decide first."""
    adult = not is_minor(person.birth, ZoneInfo(stay.home_zone), tx.now)
    if adult and rest in {"yes", "no"} and (rest == "yes") is not agreed(tx, person, person):
        say(tx, person, person, given=rest == "yes")
    if not tx.programme.family.pings:
        post(tx, person.id, Letter(OFF), Lane.ANSWER)
        return
    willing = agrees(consents_of(tx.rows, person.id), Giver.LEARNER, tx.now)
    values = {
        "rule": {"text": RULE},
        "decision": {"text": (ADULT_ON if willing else ADULT_OFF) if adult else MINOR},
        "readers": {"list_lines": _readers(tx, stay)},
        "sent": {"list_lines": _sent(tx, stay)},
    }
    post(tx, person.id, Letter(PAGE, values, (_switch(willing),) if adult else ()), Lane.ANSWER)


def _switch(willing: bool) -> Offer:
    if willing:
        return Offer(_("Tell them nothing more"), {"do": "command", "word": "family", "rest": "no"})
    return Offer(_("They may know"), {"do": "command", "word": "family", "rest": "yes"})


def _readers(tx: Tx, stay: StayRow) -> list[dict[str, Any]]:
    """Each of the family whom we know, and where they stand."""
    lines = []
    for parent in parents_of(tx.rows, stay.person_id):
        state = state_of(tx, stay, parent)
        lines.append({"text": to_json(READER[state]), "values": {"parent": parent.full_name}})
    return lines or [{"text": NOBODY}]


def state_of(tx: Tx, stay: StayRow, parent: Person) -> str:
    """Where somebody of a family stands."""
    if may_hear(tx, stay, parent.id):
        return "hears"
    if agreed(tx, stay.person, parent):
        return "waits"
    said = select(ConsentRow.id).where(ConsentRow.person_id == parent.id)
    return "silent" if tx.rows.scalars(said.limit(1)).first() is None else "stopped"


def _sent(tx: Tx, stay: StayRow) -> list[dict[str, Any]]:
    """The words themselves, as each parent read them, the latest last."""
    wanted = select(OutboxRow, Person).join(Person, Person.id == OutboxRow.person_id)
    wanted = wanted.where(OutboxRow.stay_id == stay.id, OutboxRow.step.startswith(STEP, autoescape=True))
    wanted = wanted.where(OutboxRow.state.in_(("sent", "unknown")), OutboxRow.rendered.is_not(None))
    rows = list(tx.rows.execute(wanted.order_by(OutboxRow.id.desc()).limit(SHOWN)))
    return [_line(stay, row, parent) for row, parent in reversed(rows)] or [{"text": NOTHING}]


def _line(stay: StayRow, row: OutboxRow, parent: Person) -> dict[str, Any]:
    at = {"moment": (row.sent_at or row.due_at).isoformat(), "zone": stay.home_zone}
    return {"text": SENT, "values": {"at": at, "parent": parent.full_name, "words": (row.rendered or {})["text"]}}
