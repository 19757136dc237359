"""`/learner NAME`: where one learner stands, what was changed, and what can be done from here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.domain.changes import Change
from bot.domain.desk import Phase, phase
from bot.domain.messages import Letter, Offer
from bot.domain.occasion import Kind, Occasion
from bot.domain.progress import progress
from bot.domain.rights import Act
from bot.engine.step import Write
from bot.flows.check_in import asked_in_general
from bot.handlers.case.alert import buttons
from bot.handlers.case.matters import CONTACTS, answered
from bot.handlers.conversation.learner_commands import contact_values, next_contact
from bot.handlers.conversation.sessions import flow_of
from bot.handlers.conversation.tasks import title_for
from bot.handlers.desk.visibility import NOBODY_CALLED, WHICH, Sight, about_cases, cases_of, meant, sight_of, which
from bot.handlers.desk.who import last_sign
from bot.handlers.say.facts import travel_facts
from bot.handlers.say.post import About, post, tell
from bot.i18n import Text, _, _n, phrase
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person
from bot.store.records import audit
from bot.store.sessions import SessionRow
from bot.store.stays import ChangeRow, StayRow, changes_of, states_of

SHOWN = 4
PAUSED = _("Paused until {day}: nothing is asked but whether they have arrived and are back.")
CHANGED = _("{at}, {writer}: {what}")
WHAT: dict[Change, Text] = {
    Change.PAUSE: _("pause until {day}"),
    Change.EXTENSION: _("extension until {day}"),
    Change.EARLY_RETURN: _("early return on {day}"),
    Change.FORCE_MAJEURE: _("force majeure, return on {day}"),
}
SOMEBODY = _("somebody")
HOW = _("Write a name behind it, for example: /learner Lina")
HEAD = _("{full} · {class}\n{city}, {country}, {host}\nFrom {departure} to {back}; at work from {start} to {end}.")
PHASES: dict[Phase, Text] = {
    Phase.BEFORE: _n("Leaves in {count} day.", "Leaves in {count} days."),
    Phase.ABROAD: _("Abroad, day {count} of {total}; it is {time} there."),
    Phase.ONLINE: _("Takes part from home, day {count} of {total}."),
    Phase.AFTER: _n("Back for {count} day.", "Back for {count} days."),
}
FROM_HOME: dict[Phase, Text] = {
    Phase.BEFORE: _n("Begins in {count} day.", "Begins in {count} days."),
    Phase.AFTER: _n("Over for {count} day.", "Over for {count} days."),
}
"""Of who does not travel."""
NOT_ENROLLED = _("Not enrolled yet.")
SIGN = _("Last sign of life: {sign}, {at}.")
NO_SIGN = _("No sign of life yet.")
CHECKLIST = _("Checklist: {closed} of {total}.")
LATE = _("Checklist: {closed} of {total}. Late: {items}.")
LAST_CHECK_IN = _("The last check-in, {day}:")
CASE = _("{symbol} {level}, since {since}, {owner}: {what}")
NOBODY = _("taken by nobody")
NEWS = _("practical news")
NEXT = _("I next write about: {what}, {at}.")


def learner(tx: Tx, person: Person, rest: str = "") -> None:
    """The card of a learner; of several that are meant, a choice."""
    if not rest:
        return tell(tx, person, HOW)
    sight = sight_of(tx, person)
    found = meant(sight, rest)
    if not found:
        return tell(tx, person, NOBODY_CALLED)
    if len(found) > 1:
        return tell(tx, person, WHICH, None, *which("learner", found))
    return _card(tx, sight, found[0])


def _card(tx: Tx, sight: Sight, stay: StayRow) -> None:
    """Facts first. Whoever may follow sees the answers too, as choices only; that they looked is noted."""
    lines = [_head(tx, stay), _phase(tx, sight, stay), _checklist(tx, sight, stay)]
    if stay.enrolled_at is None:
        lines.insert(2, {"text": NOT_ENROLLED})
    if not sight.may(Act.SEE_CASES, stay):
        tell(tx, sight.person, "{lines}", {"lines": {"list_lines": lines}})
        return
    case = cases_of(tx, sight, [stay]).get(stay.id)
    lines.insert(2, _sign(tx, sight, stay))
    lines += [*_changes(tx, sight, stay), *_answers(tx, sight, stay)]
    offers: tuple[Offer, ...] = ()
    if case is not None:
        lines.append(_case(tx, sight, case))
        offers = buttons(tx, case)
    contact = next_contact(tx, stay) if stay.enrolled_at else None
    if contact is not None:
        lines.append(_next(tx, sight, stay, contact))
    write = {"do": "command", "word": "write", "rest": f"#{stay.id}", "keeps": True}
    letter = Letter("{lines}", {"lines": {"list_lines": lines}}, (*offers, Offer(_("Write to them"), write)))
    post(tx, sight.person.id, letter, Lane.ANSWER, About(stay=stay.id, case=case.id if case else None))
    audit(tx, f"person {sight.person.id}", "look", f"stay {stay.id}")


def _head(tx: Tx, stay: StayRow) -> dict[str, Any]:
    values = travel_facts(tx, stay) | {"full": stay.person.full_name, "class": stay.class_name or stay.school.name}
    return {"text": HEAD, "values": values}


def _phase(tx: Tx, sight: Sight, stay: StayRow) -> dict[str, Any]:
    where = phase(stay.facts(), tx.now)
    count = {
        Phase.BEFORE: (stay.departure - sight.today).days,
        Phase.AFTER: (sight.today - stay.back).days,
    }.get(where, (stay.facts().day_at(tx.now) - stay.departure).days + 1)
    values = {
        "count": max(count, 1),
        "total": (stay.back - stay.departure).days + 1,
        "time": {"time": tx.now.isoformat(), "zone": stay.zone},
    }
    told = PHASES if stay.facts().travels else PHASES | FROM_HOME
    return phrase(told[where], **values)


def _sign(tx: Tx, sight: Sight, stay: StayRow) -> dict[str, Any]:
    seen = stay.person.last_sign_at
    if seen is None:
        return {"text": NO_SIGN}
    at = {"moment": seen.isoformat(), "zone": str(sight.zone)}
    return {"text": SIGN, "values": {"sign": last_sign(tx, stay), "at": at}}


def _checklist(tx: Tx, sight: Sight, stay: StayRow) -> dict[str, Any]:
    known = progress(tx.programme, stay.facts(), states_of(tx.rows, [stay.id]).get(stay.id, {}), sight.today)
    items = {"list": [phrase(title_for(sight.person, stay, item)) for item in known.late]}
    values = {"closed": known.answered, "total": known.total, "items": items}
    return {"text": LATE if known.late else CHECKLIST, "values": values}


def _answers(tx: Tx, sight: Sight, stay: StayRow) -> list[dict[str, Any]]:
    """What was pressed in the last check-in. The learner's own words are not among it."""
    check_in = tx.programme.journey(stay.kind).check_in
    wanted = select(SessionRow).where(SessionRow.stay_id == stay.id, SessionRow.touchpoint == Kind.CHECK_IN.value)
    wanted = wanted.where(SessionRow.answered_at.is_not(None)).order_by(SessionRow.answered_at.desc())
    last = tx.rows.scalars(wanted.limit(1)).first()
    if check_in is None or last is None or last.answered_at is None:
        return []
    flow, facts = flow_of(tx, last), travel_facts(tx, stay)
    lines = [
        answered(asked_in_general(question), choice.label, facts)
        for step, given in (last.answers if flow else ())
        if (question := flow.question(step) if flow else None) is not None
        for choice in question.choices
        if given == choice.id and not isinstance(question, Write)
    ]
    day = {"day": last.answered_at.astimezone(sight.zone).date().isoformat()}
    return [{"text": LAST_CHECK_IN, "values": {"day": day}}, *lines] if lines else []


def _next(tx: Tx, sight: Sight, stay: StayRow, contact: Occasion) -> dict[str, Any]:
    """The same contact as the preview's, by the name adults know it by."""
    item = tx.programme.journey(stay.kind).item(contact.name)
    what = title_for(sight.person, stay, item) if item else CONTACTS.get(contact.kind.value, NEWS)
    return {"text": NEXT, "values": contact_values(tx, stay, contact) | {"what": phrase(what)}}


def _case(tx: Tx, sight: Sight, case: CaseRow) -> dict[str, Any]:
    rules = tx.programme.levels[case.level]
    owner = tx.rows.get(Person, case.owner_id) if case.owner_id else None
    values = {
        "symbol": rules.symbol,
        "level": phrase(rules.name),
        "since": {"moment": case.opened_at.isoformat(), "zone": str(sight.zone)},
        "owner": owner.full_name if owner else {"text": NOBODY},
        "what": about_cases(tx, [case])[case.id],
    }
    return {"text": CASE, "values": values}


def _changes(tx: Tx, sight: Sight, stay: StayRow) -> list[dict[str, Any]]:
    """The pause that runs, then the latest changes, the last one last."""
    lines = [_change(tx, sight, row) for row in changes_of(tx.rows, stay.id)[-SHOWN:]]
    if stay.paused_until is None or stay.paused_until < sight.today:
        return lines
    return [phrase(PAUSED, day={"date": stay.paused_until.isoformat()}), *lines]


def _change(tx: Tx, sight: Sight, row: ChangeRow) -> dict[str, Any]:
    writer = tx.rows.get(Person, row.person_id) if row.person_id else None
    what = phrase(WHAT[Change(row.kind)], day={"date": row.day})
    values = {
        "at": {"moment": row.at.isoformat(), "zone": str(sight.zone)},
        "writer": writer.full_name if writer else phrase(SOMEBODY),
        "what": what,
    }
    return phrase(CHANGED, **values)
