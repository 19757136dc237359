"""`/change NAME`: a pause, an extension, an early return, force majeure. A date is asked for, then a confirmation."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.domain import typed_days
from bot.domain.changes import Change, ChangeError, Fault
from bot.domain.messages import Letter, Offer
from bot.domain.rights import Act
from bot.handlers.conversation import stay_changes as changes
from bot.handlers.desk.leave import FAULTS as OF_DAYS
from bot.handlers.desk.sight import NOT_YOURS, Sight, named, sight_of
from bot.handlers.say.post import About, post, tell
from bot.i18n import Text, _, _n, phrase
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person
from bot.store.stays import StayRow

STEP = "change awaited"
"""The step of the message that asks an adult for a date."""
HOW = _("Write a name behind it, for example: /change Lina")
ASK = _("The stay of {learner} is from {departure} to {back}. What changes?")
BUTTONS: dict[Change, Text] = {
    Change.PAUSE: _("Pause until…"),
    Change.EXTENSION: _("Extension…"),
    Change.EARLY_RETURN: _("Early return…"),
    Change.FORCE_MAJEURE: _("Force majeure…"),
}
DATES: dict[Change, Text] = {
    Change.PAUSE: _("Pause for {learner}: until which day, that day included? {how}"),
    Change.EXTENSION: _("Extension for {learner}: on which day is the return? {how}"),
    Change.EARLY_RETURN: _("Early return of {learner}: on which day? {how}"),
    Change.FORCE_MAJEURE: _("Force majeure for {learner}: on which day is the return? {how}"),
}
LIKE = _("Write it like this: 20/03 or 2027-03-20. To change nothing: /help.")
UNREAD = OF_DAYS | {typed_days.Fault.LONG: _("That is more than a year away. {how}")}
PREVIEW: dict[Change, Text] = {
    Change.PAUSE: _("{learner} is asked nothing until {day}, but whether they have arrived and are back. SOS and alerts go on.\n{lines}"),
    Change.EXTENSION: _("The stay of {learner} ends on {day} instead of {back}.\n{lines}"),
    Change.EARLY_RETURN: _("The stay of {learner} ends on {day} instead of {back}. A case asks for an adult who phones the family today.\n{lines}"),
    Change.FORCE_MAJEURE: _("The stay of {learner} ends on {day} instead of {back}, by force majeure. The report is not asked for, the head is told, and a case asks for an adult who phones the family today.\n{lines}"),
}  # fmt: skip
LESS = _n("{count} planned message is cancelled.", "{count} planned messages are cancelled.")
MOVED = _n("{count} planned message is moved.", "{count} planned messages are moved.")
MORE = _n("{count} new message is planned.", "{count} new messages are planned.")
SAME = _("No planned message changes.")
DONE = _("Done, and noted. I tell {learner}.")
REPORT = _("Ask for the report again")
REPORT_ASKED = _("Noted: {learner} is asked for the report again.")
KEPT = _("Nothing was changed.")
FAULTS: dict[Fault, Text] = {
    Fault.OVER: _("The stay of {learner} is over: nothing is left to change."),
    Fault.NOT_LATER: _("The return of {learner} is planned for {back}: an extension ends later."),
    Fault.NOT_SOONER: _("The return of {learner} is planned for {back}: an early return is before that."),
    Fault.BEFORE_DEPARTURE: _("The departure of {learner} is planned for {departure}: a stay that does not begin is cancelled in the roster."),
    Fault.PAST: _("This day is over."),
}  # fmt: skip


def change(tx: Tx, person: Person, rest: str = "") -> None:
    """What changes? Buttons; then the date, then what it does to the plan, and at last the change."""
    sight = sight_of(tx, person)
    found = named(tx, sight, "change", Act.CHANGE, rest, HOW)
    return _go_on(tx, sight, found[0], found[1].split()) if found is not None else None


def dated(tx: Tx, person: Person, asked: OutboxRow, text: str) -> None:
    """The date that was asked for."""
    sight = sight_of(tx, person)
    stay = sight.stays.get(asked.stay_id or 0)
    if stay is None or not sight.may(Act.CHANGE, stay):
        return tell(tx, person, NOT_YOURS)
    wanted = Change(asked.message["values"]["change"])
    try:
        day = typed_days.read_day(text, sight.today)
    except typed_days.DaysError as problem:
        return _ask_date(tx, person, stay, wanted, UNREAD[problem.fault])
    return _preview(tx, person, stay, wanted, day)


def _go_on(tx: Tx, sight: Sight, stay: StayRow, further: list[str]) -> None:
    """A button says how far it is: the change, then its day, then yes."""
    person = sight.person
    if further == ["no"]:
        return tell(tx, person, KEPT)
    if further == ["report"] and changes.report_waived(tx, stay):
        changes.ask_report_again(tx, person, stay)
        return tell(tx, person, REPORT_ASKED, _values(stay))
    if not further or further[0] not in set(Change):
        offers = [Offer(label, _action(stay, kind.value)) for kind, label in BUTTONS.items()]
        if changes.report_waived(tx, stay):
            offers.append(Offer(REPORT, _action(stay, "report")))
        return tell(tx, person, ASK, _values(stay), *offers)
    wanted = Change(further[0])
    if len(further) == 1:
        return _ask_date(tx, person, stay, wanted)
    try:
        day = typed_days.read_day(further[1], sight.today)
    except typed_days.DaysError as problem:
        return _ask_date(tx, person, stay, wanted, UNREAD[problem.fault])
    return _make(tx, person, stay, wanted, day) if further[2:] == ["yes"] else _preview(tx, person, stay, wanted, day)


def _ask_date(tx: Tx, person: Person, stay: StayRow, wanted: Change, fault: Text = "") -> None:
    values = _values(stay) | {"how": phrase(LIKE), "change": wanted.value}
    post(tx, person.id, Letter(fault or DATES[wanted], values), Lane.ANSWER, About(stay=stay.id, step=STEP))


def _preview(tx: Tx, person: Person, stay: StayRow, wanted: Change, day: date) -> None:
    try:
        found = changes.foreseen(tx, stay, wanted, day)
    except ChangeError as problem:
        return tell(tx, person, FAULTS[problem.fault], _values(stay))
    counts = ((LESS, found.cancelled), (MOVED, found.moved), (MORE, found.added))
    lines = [phrase(text, count=count) for text, count in counts if count]
    values = _values(stay) | {"day": {"date": day.isoformat()}, "lines": {"list_lines": lines or [{"text": SAME}]}}
    once = {"once": True}
    yes = Offer(_("Confirm"), _action(stay, f"{wanted.value} {day.isoformat()} yes") | once)
    return tell(tx, person, PREVIEW[wanted], values, yes, Offer(_("Cancel"), _action(stay, "no") | once))


def _make(tx: Tx, person: Person, stay: StayRow, wanted: Change, day: date) -> None:
    values = _values(stay)
    try:
        changes.carry_out(tx, person, stay, wanted, day)
    except ChangeError as problem:
        return tell(tx, person, FAULTS[problem.fault], values)
    return tell(tx, person, DONE, values)


def _action(stay: StayRow, further: str) -> dict[str, Any]:
    return {"do": "command", "word": "change", "rest": f"#{stay.id} {further}"}


def _values(stay: StayRow) -> dict[str, Any]:
    return {
        "learner": stay.person.short_name,
        "departure": {"date": stay.departure.isoformat()},
        "back": {"date": stay.back.isoformat()},
    }
