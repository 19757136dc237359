"""What a learner may ask for of their own accord: the checklist, an item of it, what comes next, the check-in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.domain.balance import counts, standing
from bot.domain.messages import Offer
from bot.domain.occasion import NOT_FOR_THE_LEARNER, URGENCY, Kind, Occasion
from bot.domain.plan import preview
from bot.domain.programme import Item
from bot.domain.progress import SETTLED, learners_items
from bot.domain.touchpoints import due_day
from bot.handlers.conversation.asked_together import flow_name
from bot.handlers.conversation.due import done_of
from bot.handlers.conversation.sessions import begin_now, queue
from bot.handlers.say.facts import item_facts, occasion_facts, stay_facts
from bot.handlers.say.marks import mark
from bot.handlers.say.post import more, tell
from bot.i18n import Text, _, phrase, to_json
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.sessions import session_for, standing_sessions
from bot.store.stays import StayRow, items_of, states_of

EARLY = timedelta(days=3)
"""A weekly check-in may be given so long before its hour, and counts for its week."""
SHOWN = 6


def checklist(tx: Tx, person: Person, stay: StayRow, rest: str = "") -> None:
    """What is still to be done first, the most urgent on top, with buttons to answer it now; a button shows the rest."""
    facts, states = stay.facts(), states_of(tx.rows, [stay.id]).get(stay.id, {})
    items = learners_items(tx.programme, facts)
    items.sort(key=lambda item: (states.get(item.id) in SETTLED, due_day(facts, item)))
    shown = [item for item in items if item.id not in rest.split()[1:]] if rest.startswith("beside") else items[:SHOWN]
    offers = [
        Offer(item.words, {"do": "command", "word": "item", "rest": item.id})
        for item in shown
        if states.get(item.id) not in SETTLED
    ]
    offers += (
        more(len(items) - SHOWN, "checklist", " ".join(["beside", *(item.id for item in shown)])) if not rest else ()
    )
    told = stay_facts(tx, stay)
    lines = [_line(told, due_day(facts, item), item, states.get(item.id, "todo")) for item in shown]
    tell(tx, person, _("Your checklist:\n{lines}"), {"lines": {"list_lines": lines}}, *offers)


def _line(facts: dict[str, Any], day: date, item: Item, state: str) -> dict[str, Any]:
    """An item with its state in a sign and a word."""
    signs: dict[str, Text] = {
        "done": _("✔ {item}"),
        "waived": _("✔ {item}"),
        "declared": _("◐ {item} – to be ticked by {coordinator}"),
        "handed": _("◐ {item} – {coordinator} takes care of it"),
        "doing": _("◔ {item} – on its way, due {due}"),
        "todo": _("○ {item} – due {due}"),
    }
    return phrase(signs[state], **facts | {"item": phrase(item.words), "due": {"date": day.isoformat()}})


def balance(tx: Tx, person: Person, stay: StayRow) -> None:
    """What the payment of the balance still waits for, and who has to do it; what is theirs has its button."""
    facts, told = stay.facts(), stay_facts(tx, stay)
    states = {name: (row.state, row.value) for name, row in items_of(tx.rows, stay.id).items()}
    found = standing(tx.programme, facts, states, (facts.start, facts.end))
    if found is None:
        return tell(
            tx, person, _("No balance is paid for your stay through me. Ask {coordinator} if you expect one."), told
        )
    if found.paid:
        return tell(tx, person, _("Your balance is settled. Nothing is missing."))
    if not found.missing:
        return tell(tx, person, _("You have done everything for your balance. Now it is your school's turn."))
    lines = [
        _line(told, due_day(facts, item), item, state)
        if item.asks_learner
        else phrase(_("◐ {item} – {coordinator} takes care of it"), **told | {"item": phrase(item.words)})
        for item, state in found.missing
    ]
    offers = [
        Offer(item.words, {"do": "command", "word": "item", "rest": item.id})
        for item, state in found.missing
        if item.asks_learner and state not in SETTLED and counts(facts, tx.now.date())
    ]
    return tell(tx, person, _("Your balance still waits for:\n{lines}"), {"lines": {"list_lines": lines}}, *offers)


def item(tx: Tx, person: Person, stay: StayRow, name: str) -> None:
    """Answer an item before it is asked."""
    item = next((item for item in learners_items(tx.programme, stay.facts()) if item.id == name), None)
    if item is None:
        return checklist(tx, person, stay)
    touchpoint = f"item.{item.id}"
    for waiting in standing_sessions(tx.rows, stay.id, touchpoint):
        waiting.state = "expired"
    queue(tx, stay, item.flow, (touchpoint, "early"), 0, stay_facts(tx, stay) | item_facts(tx, stay, item))
    return begin_now(tx, person.id)


def coming_next(tx: Tx, person: Person, stay: StayRow) -> None:
    first = next_contact(tx, stay)
    if first is None:
        return tell(tx, person, _("Nothing more is planned. Thank you for everything!"))
    return tell(tx, person, _("Next: {what}, {at}."), contact_values(tx, stay, first))


def next_contact(tx: Tx, stay: StayRow) -> Occasion | None:
    """What I write to the learner next of my own accord, if nothing changes."""
    coming = (each for each in preview(tx.programme, stay.facts(), done_of(tx, stay), tx.now) if each.at > tx.now)
    return next((each for each in coming if each.kind not in NOT_FOR_THE_LEARNER), None)


def contact_values(tx: Tx, stay: StayRow, contact: Occasion) -> dict[str, Any]:
    """What a contact is about, and when it is on the learner's clocks."""
    zone = str(stay.facts().zone_on(contact.at.date()))
    name = _name(tx, stay, contact.kind, contact.name)
    return {"what": {"text": to_json(name)}, "at": {"moment": contact.at.isoformat(), "zone": zone}}


def _name(tx: Tx, stay: StayRow, kind: Kind, name: str) -> Text:
    item = tx.programme.journey(stay.kind).item(name)
    named: dict[Kind, Text] = {
        Kind.ARRIVAL: _("your arrival"),
        Kind.SAFE_RETURN: _("your return"),
        Kind.CHECK_IN: _("the weekly check-in"),
        Kind.ATTENDANCE: _("your days at work"),
        Kind.MESSAGE: _("a message with practical news"),
    }
    return item.title if item else named.get(kind, name)


def check_in(tx: Tx, person: Person, stay: StayRow) -> None:
    """An early check-in counts for its week."""
    standing = session_for(tx.rows, stay.id, "check_in", "open", "queued")
    if standing is None:
        coming = preview(tx.programme, stay.facts(), done_of(tx, stay), tx.now)
        early = [each for each in coming if each.kind is Kind.CHECK_IN and each.at <= tx.now + EARLY]
        if stay.enrolled_at is None or not early:
            return tell(tx, person, _("It is too early for your next check-in. If something is on your mind, write SOS or write to {coordinator}."), stay_facts(tx, stay))  # fmt: skip
        mark(tx, stay.id, early[0].key, "asked")
        facts = occasion_facts(tx, stay, early[0])
        standing = queue(tx, stay, flow_name(tx, stay, early[0]), early[0].key, URGENCY[Kind.CHECK_IN], facts)
    standing.urgency = 0
    return begin_now(tx, person.id)
