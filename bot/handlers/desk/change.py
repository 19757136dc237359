"""`/change NAME`, or a class: other dates, a pause, an early return, an end. A date is asked for, then a confirmation."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.domain import typed_days
from bot.domain.changes import Change, ChangeError, Fault
from bot.domain.desk import in_view
from bot.domain.messages import Letter, Offer
from bot.domain.rights import Act
from bot.domain.spelling import class_of
from bot.domain.stay import Ended
from bot.handlers.conversation import stay_changes as changes
from bot.handlers.desk import contact_elsewhere, stay_end
from bot.handlers.desk.leave import FAULTS as OF_DAYS
from bot.handlers.desk.visibility import NOBODY_CALLED, NOT_YOURS, Sight, named, sight_of
from bot.handlers.family.chosen_words import Reader
from bot.handlers.say.post import About, post, tell
from bot.i18n import Text, _, _n, listed, phrase
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person
from bot.store.stays import StayRow

STEP = "change awaited"
"""The step of the message that asks an adult for a date."""
HOW = _("Write a name or a class behind it, for example: /change Lina")
ASK_CLASS = _n("{class}: {count} stay. What changes?", "{class}: {count} stays. What changes?")
ASK = _("The stay of {learner} is from {departure} to {back}. What changes?")
BUTTONS: dict[Change, Text] = {
    Change.PAUSE: _("Pause until…"),
    Change.MOVED: _("Other dates…"),
    Change.EXTENSION: _("Extension…"),
    Change.EARLY_RETURN: _("Early return…"),
    Change.FORCE_MAJEURE: _("Force majeure…"),
}
DATES: dict[Change, Text] = {
    Change.PAUSE: _("Pause for {learner}: until which day, that day included? {how}"),
    Change.MOVED: _("Other dates for {learner}: on which day is the departure? {how}"),
    Change.EXTENSION: _("Extension for {learner}: on which day is the return? {how}"),
    Change.EARLY_RETURN: _("Early return of {learner}: on which day? {how}"),
    Change.FORCE_MAJEURE: _("Force majeure for {learner}: on which day is the return? {how}"),
}
LIKE = _("Write it like this: 20/03 or 2027-03-20. To change nothing: /help.")
UNREAD = OF_DAYS | {typed_days.Fault.LONG: _("That is more than a year away. {how}")}
PREVIEW: dict[Change, Text] = {
    Change.PAUSE: _("{learner} is asked nothing until {day}, but whether they have arrived and are back. SOS and alerts go on.\n{lines}"),
    Change.MOVED: _("The stay of {learner} begins on {day} instead of {departure}, and is as long as before. Questions for the old dates are taken back.\n{lines}"),
    Change.EXTENSION: _("The stay of {learner} ends on {day} instead of {back}.\n{lines}"),
    Change.EARLY_RETURN: _("The stay of {learner} ends on {day} instead of {back}. A case asks for an adult who phones the family today.\n{lines}"),
    Change.FORCE_MAJEURE: _("The stay of {learner} ends on {day} instead of {back}, by force majeure. The report is not asked for, the head is told, and a case asks for an adult who phones the family today.\n{lines}"),
}  # fmt: skip
MOVE_CLASS = _n(
    "{class}: the departure of {count} learner is on {day}, and all other dates move as far: {learners}",
    "{class}: the departure of {count} learners is on {day}, and all other dates move as far: {learners}",
)
MOVED_CLASS = _n("Done for {count} learner of {class}.", "Done for {count} learners of {class}.")
NOT_MOVED = _("Not changed, because their stay is over or begins that day already: {learners}")
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
    Fault.BEFORE_DEPARTURE: _("The departure of {learner} is planned for {departure}: for a stay that does not begin, press « Does not travel » in /change."),
    Fault.SAME_DAY: _("The departure of {learner} is planned for that day already."),
    Fault.PAST: _("This day is over."),
}  # fmt: skip


def change(tx: Tx, person: Person, rest: str = "") -> None:
    """What changes? Buttons; then the date, then what it does to the plan, and at last the change."""
    sight = sight_of(tx, person)
    group = _group(sight, rest)
    if group is not None:
        return _group_goes_on(tx, sight, *group)
    if rest.startswith("#"):
        number, *further = rest[1:].split()
        stay = tx.rows.get(StayRow, int(number)) if number.isdigit() else None
        if not sight.follows:
            return tell(tx, person, NOT_YOURS)
        if stay is None or not sight.may(Act.SEE_LEARNERS, stay):
            return tell(tx, person, NOBODY_CALLED)
        return _go_on(tx, sight, stay, further) if sight.may(Act.CHANGE, stay) else tell(tx, person, NOT_YOURS)
    found = named(tx, sight, "change", Act.CHANGE, rest, HOW)
    return _go_on(tx, sight, found[0], found[1].split()) if found is not None else None


def dated(tx: Tx, person: Person, asked: OutboxRow, text: str) -> None:
    """The date that was asked for."""
    sight, values = sight_of(tx, person), asked.message["values"]
    if values.get("group"):
        return change(tx, person, f"{values['group']} {Change.MOVED.value} {text}")
    stay = sight.stays.get(asked.stay_id or 0)
    if stay is None or not sight.may(Act.CHANGE, stay):
        return tell(tx, person, NOT_YOURS)
    wanted = Change(values["change"])
    try:
        day = typed_days.read_day(text, sight.today)
    except typed_days.DaysError as problem:
        return _ask_date(tx, person, stay, wanted, UNREAD[problem.fault])
    return _preview(tx, person, stay, wanted, day)


def _group(sight: Sight, rest: str) -> tuple[list[StayRow], str, str] | None:
    """The stays of a class that an adult may change, what names it, and the words behind; None where it is no class."""
    school, rest = rest[1:].split(" ", 1) if rest.startswith("@") and " " in rest else ("", rest)
    known = [stay for stay in sight.stays.values() if stay.class_name and sight.may(Act.CHANGE, stay)]
    known = [stay for stay in known if in_view(stay.facts(), sight.today) and school in {"", str(stay.school_id)}]
    name, further = class_of(rest, sorted({stay.class_name for stay in known}))
    stays = [stay for stay in known if stay.class_name == name]
    if name is None or not sight.follows or len({stay.school_id for stay in stays}) != 1:
        return None
    return stays, f"@{stays[0].school_id} {name}", further


def _group_goes_on(tx: Tx, sight: Sight, stays: list[StayRow], where: str, further: str) -> None:
    """The same steps for a class: what, which day, yes."""
    person, (word, _space, day) = sight.person, further.partition(" ")
    values = {"class": stays[0].class_name, "count": len(stays)}
    if word == "no":
        return tell(tx, person, KEPT)
    if word in set(Ended):
        yes = day == "yes"
        return stay_end.make_end(tx, person, stays, Ended(word)) if yes else stay_end.preview_end(tx, person, stays, Ended(word), where)  # fmt: skip
    if word != Change.MOVED:
        other = Offer(BUTTONS[Change.MOVED], _command(f"{where} {Change.MOVED.value}"))
        return tell(tx, person, ASK_CLASS, values, other, *stay_end.offers(stays, where))
    return _move_group(tx, sight, stays, where, day)


def _move_group(tx: Tx, sight: Sight, stays: list[StayRow], where: str, written: str) -> None:
    person, confirmed = sight.person, written.endswith(" yes")
    values: dict[str, Any] = {"class": stays[0].class_name, "learner": stays[0].class_name, "how": phrase(LIKE), "group": where}  # fmt: skip
    about = About(step=STEP)
    if not written:
        post(tx, person.id, Letter(DATES[Change.MOVED], values), Lane.ANSWER, about)
        return
    try:
        day = typed_days.read_day(written.removesuffix(" yes"), sight.today)
    except typed_days.DaysError as problem:
        post(tx, person.id, Letter(UNREAD[problem.fault], values), Lane.ANSWER, about)
        return
    if not confirmed:
        shown = {"count": len(stays), "learners": listed([stay.person.short_name for stay in stays]), "day": {"date": day.isoformat()}}  # fmt: skip
        yes = Offer(_("Confirm"), _command(f"{where} {Change.MOVED.value} {day.isoformat()} yes") | {"once": True})
        tell(tx, person, MOVE_CLASS, values | shown, yes, Offer(_("Cancel"), _command(f"{where} no") | {"once": True}))
        return
    left = [stay for stay in stays if not _moved(tx, person, stay, day)]
    if len(left) < len(stays):
        tell(tx, person, MOVED_CLASS, values | {"count": len(stays) - len(left)})
    if left:
        tell(tx, person, NOT_MOVED, {"learners": listed([stay.person.short_name for stay in left])})


def _moved(tx: Tx, person: Person, stay: StayRow, day: date) -> bool:
    try:
        changes.carry_out(tx, person, stay, Change.MOVED, day)
    except ChangeError:
        return False
    return True


def _go_on(tx: Tx, sight: Sight, stay: StayRow, further: list[str]) -> None:
    """A button says how far it is: the change, then its day, then yes."""
    person, word = sight.person, further[0] if further else ""
    if word == "no":
        return tell(tx, person, KEPT)
    if word == "elsewhere":
        return contact_elsewhere.ask_how(tx, person, stay)
    if word == "report" and changes.report_waived(tx, stay):
        changes.ask_report_again(tx, person, stay)
        return tell(tx, person, REPORT_ASKED, _values(stay))
    if word == "tell" and further[1:] and further[1] in set(Reader):
        return stay_end.ask_words(tx, person, stay, Reader(further[1]))
    if word in set(Ended):
        if further[1:] == ["yes"]:
            return stay_end.make_end(tx, person, [stay], Ended(word))
        return stay_end.preview_end(tx, person, [stay], Ended(word), f"#{stay.id}")
    if stay_end.go_on(tx, person, stay, word):
        return None
    return _by_date(tx, sight, stay, further) if word in set(Change) else _ask(tx, person, stay)


def _ask(tx: Tx, person: Person, stay: StayRow) -> None:
    offers = [Offer(label, _action(stay, kind.value)) for kind, label in BUTTONS.items()]
    offers.append(Offer(contact_elsewhere.LABEL, _action(stay, "elsewhere")))
    offers += stay_end.offers([stay], f"#{stay.id}")
    if changes.report_waived(tx, stay):
        offers.append(Offer(REPORT, _action(stay, "report")))
    tell(tx, person, ASK, _values(stay), *offers)


def _by_date(tx: Tx, sight: Sight, stay: StayRow, further: list[str]) -> None:
    person, wanted = sight.person, Change(further[0])
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
    return _command(f"#{stay.id} {further}")


def _command(rest: str) -> dict[str, Any]:
    return {"do": "command", "word": "change", "rest": rest}


def _values(stay: StayRow) -> dict[str, Any]:
    return {
        "learner": stay.person.short_name,
        "departure": {"date": stay.departure.isoformat()},
        "back": {"date": stay.back.isoformat()},
    }
