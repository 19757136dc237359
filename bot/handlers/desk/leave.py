"""`/leave`: planned leave, said in the chat. Ladders pass over who is away, and somebody stands in."""

from __future__ import annotations

from typing import Any

from bot.domain.desk import follows
from bot.domain.ladder.cover import stand_ins, uncovered
from bot.domain.messages import Letter, Offer
from bot.domain.person import Adult, Leave, Role
from bot.domain.typed_days import DaysError, Fault, read_leave
from bot.handlers.desk.visibility import Sight, sight_of
from bot.handlers.say.post import post, tell
from bot.i18n import Text, _, listed, phrase
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import LeaveTaken, Person
from bot.store.records import audit
from bot.store.team import team

HOW = _("To announce some: /leave 2027-04-10 2027-04-20, or /leave 10/04 20/04.")
NONE = _("You have planned no leave. {how}")
PLANNED = _("Your planned leave:\n{lines}\n{how}")
SPAN = _("from {first} to {last}")
ONE_DAY = _("on {first}")
NOTED = _("Noted: you are away {span}.")
NOTED_BY = _("{by} has noted that you are away {span}.")
STANDS_IN = _("In your place: {names}.")
NO_STAND_IN = _("Nobody can stand in for you in all of that time.")
THIN = _("⚠ On some of these days fewer than two adults can take a case of: {learners}.")
TOLD = _("I tell: {names}. Please settle together who stands in.")
UNTOLD = _("There is nobody else whom I could tell. Please settle it before you leave.")
WARNING = _("{adult} is away {span}. On some of these days fewer than two adults can take a case of: {learners}. Please settle who stands in.")  # fmt: skip
CANCELLED = _("Cancelled. You are on duty {span}.")
CANCELLED_BY = _("{by} has cancelled your leave. You are on duty {span}.")
GONE = _("This leave is not planned any more.")
CANCEL = _("Cancel: {span}")
FAULTS: dict[Fault, Text] = {
    Fault.UNREADABLE: _("I cannot read these dates. {how}"),
    Fault.BACKWARDS: _("The last day is before the first. {how}"),
    Fault.PAST: _("These days are over. {how}"),
    Fault.LONG: _("A leave of more than a year is for the school's office to settle. {how}"),
}


def leave(tx: Tx, person: Person, rest: str = "") -> None:
    """Announce a leave; without dates, what is planned; a button cancels."""
    sight = sight_of(tx, person)
    if rest.startswith("cancel "):
        cancel(tx, person, rest.removeprefix("cancel "), person)
        return None
    if not rest:
        return _show(tx, sight)
    try:
        days = read_leave(rest, sight.today)
    except DaysError as problem:
        return tell(tx, person, FAULTS[problem.fault], {"how": {"text": HOW}})
    return announce(tx, person, days, person)


def announce(tx: Tx, person: Person, days: Leave, by: Person) -> None:
    """Note a leave, tell whose it is, and warn where too few are left. A colleague may enter it for somebody."""
    sight = sight_of(tx, person)
    if not any((taken.first, taken.last) == (days.first, days.last) for taken in person.leaves):
        person.leaves.append(LeaveTaken(first=days.first, last=days.last, announced=True))
        _note(tx, person, "leave", days, by)
    tx.rows.flush()
    row = next(taken for taken in person.leaves if (taken.first, taken.last) == (days.first, days.last))
    lines = _consequences(tx, sight, days) if follows(held.role for held in person.roles) else []
    noted = {"text": NOTED if by is person else NOTED_BY, "values": {"by": by.full_name, "span": _span(days)}}
    tell(tx, person, "{lines}", {"lines": {"list_lines": [noted, *lines]}}, _button(row))


def _consequences(tx: Tx, sight: Sight, days: Leave) -> list[dict[str, Any]]:
    """Who stands in; and where too few are left, that is said here, and to who can settle it."""
    adults = team(tx.rows)
    me = next(adult for adult in adults if adult.person == sight.person.id)
    standing = [tx.rows.get_one(Person, number).full_name for number in stand_ins(adults, me, days)]
    lines: list[dict[str, Any]] = [
        {"text": STANDS_IN, "values": {"names": listed(standing)}} if standing else {"text": NO_STAND_IN}
    ]
    thin = uncovered(adults, days, [(stay.school_id, stay.facts()) for stay in sight.stays.values()])
    if not thin:
        return lines
    learners = listed([sight.stays[number].person.short_name for number in thin])
    told = [tx.rows.get_one(Person, number) for number in _in_charge(adults, me)]
    values = {"adult": sight.person.full_name, "span": _span(days), "learners": learners}
    for other in told:
        post(tx, other.id, Letter(WARNING, values), Lane.PROMPT)
    heard = {"text": TOLD, "values": {"names": listed([other.full_name for other in told])}}
    return [*lines, {"text": THIN, "values": {"learners": learners}}, heard if told else {"text": UNTOLD}]


def _in_charge(adults: tuple[Adult, ...], me: Adult) -> list[int]:
    """The heads of the school, else the consortium's own coordinators."""
    others = [adult for adult in adults if adult.person != me.person and adult.reachable]
    heads = [adult.person for adult in others if any(Role.HEAD in adult.post(school) for school in me.schools)]
    return heads or [adult.person for adult in others if Role.CONSORTIUM in adult.every_role]


def _show(tx: Tx, sight: Sight) -> None:
    coming = sorted((row for row in sight.person.leaves if row.last >= sight.today), key=lambda row: row.first)
    how = {"how": {"text": HOW}}
    if not coming:
        return tell(tx, sight.person, NONE, how)
    lines = {"list_lines": [_span(Leave(row.first, row.last)) for row in coming]}
    return tell(tx, sight.person, PLANNED, how | {"lines": lines}, *(_button(row) for row in coming[:8]))


def cancel(tx: Tx, person: Person, number: str, by: Person) -> bool:
    """This person's leave only: the number is looked for among theirs. Whether there was one."""
    row = next((row for row in person.leaves if str(row.id) == number), None)
    if row is None:
        tell(tx, by, GONE)
        return False
    days = Leave(row.first, row.last)
    person.leaves.remove(row)
    _note(tx, person, "cancel leave", days, by)
    values = {"by": by.full_name, "span": _span(days)}
    tell(tx, person, CANCELLED if by is person else CANCELLED_BY, values)
    return True


def _button(row: LeaveTaken) -> Offer:
    action = {"do": "command", "word": "leave", "rest": f"cancel {row.id}"}
    return Offer(CANCEL, action, {"span": _span(Leave(row.first, row.last))})


def _span(days: Leave) -> dict[str, Any]:
    values = {"first": {"date": days.first.isoformat()}, "last": {"date": days.last.isoformat()}}
    return phrase(SPAN if days.first != days.last else ONE_DAY, **values)


def _note(tx: Tx, person: Person, action: str, days: Leave, by: Person) -> None:
    span = {"first": days.first.isoformat(), "last": days.last.isoformat()}
    audit(tx, f"person {by.id}", action, f"person {person.id}", **span)
