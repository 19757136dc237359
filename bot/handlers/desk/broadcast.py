"""`/broadcast CLASS words…`: the same words to a class, once they have been looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.desk import in_view
from bot.domain.messages import Letter, Offer
from bot.domain.rights import Act, may
from bot.domain.spelling import class_of
from bot.handlers.case import relay
from bot.handlers.desk.visibility import NOT_YOURS, Sight, by_name, sight_of
from bot.handlers.desk.who import NO_CLASS, NO_CLASSES
from bot.handlers.say.post import About, post, shows_anew, tell
from bot.i18n import _, _n, listed, phrase
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person, confirmed
from bot.store.records import audit
from bot.store.stays import StayRow

HOW = _("Write a class behind it, then your words, for example: /broadcast 2MRC The train leaves at 8.")
PREVIEW = _n(
    "{class}, {school}: this goes to {count} person.\n« {words} »\n{lines}",
    "{class}, {school}: this goes to {count} people.\n« {words} »\n{lines}",
)
NOT_ENROLLED = _("Not enrolled, so not reached: {names}")
NO_ADDRESS = _("Without an address, so not reached: {names}")
MORNING = _("Whoever sleeps now reads it in the morning.")
NOBODY = _("Nobody of {class} can be written to.\n{lines}")
ON_ITS_WAY = _n("On its way to {count} person.", "On its way to {count} people.")
CANCELLED = _("Nothing was sent.")
TOO_LATE = _("This preview is older than an hour: nothing was sent. Please write /broadcast again.")
WHICH_SCHOOL = _("Of which school?")
ASKED = _("Send, and see who has read it")
NO_CLOCK = _("Sent without that, nobody is asked for an answer and I do not look who has read it.")
READ_BY = _("Read by {count} of {all}.")
NOT_READ = _("« {words} »: as far as I know not read yet by {names}.")
UNREAD = "broadcast unread"
"""The step of the message that names, when its time comes, who has not said that they have read it."""
QUOTED = 60
"""So much of the words is repeated there."""
VALID = timedelta(hours=1)


def broadcast(tx: Tx, person: Person, rest: str = "") -> None:
    """Show what would be sent to whom, and ask."""
    sight = sight_of(tx, person)
    if not sight.follows:
        return tell(tx, person, NOT_YOURS)
    if not rest:
        return tell(tx, person, HOW)
    school, rest = _school(rest)
    known = [stay for stay in sight.stays.values() if in_view(stay.facts(), sight.today) and stay.class_name]
    known = [
        stay for stay in known if school in {None, stay.school_id} and may(person.adult, Act.WRITE, stay.school_id)
    ]
    classes = sorted({stay.class_name for stay in known})
    name, words = class_of(rest, classes)
    if name is None:
        return tell(tx, person, NO_CLASS if classes else NO_CLASSES, {"classes": listed(classes, 40)})
    if not words:
        return tell(tx, person, HOW)
    stays = [stay for stay in known if stay.class_name == name]
    schools = {stay.school_id: stay.school.name for stay in stays}
    if len(schools) > 1:
        return tell(tx, person, WHICH_SCHOOL, None, *_schools(schools, name, words))
    return _preview(tx, sight, stays, name, words)


def send(tx: Tx, person: Person, message: OutboxRow, action: dict[str, Any]) -> bool:
    """A button of the preview was pressed. Whatever comes of it, the first press counts; False where this is none."""
    tx.rows.refresh(message, with_for_update=True)
    if message.chosen is not None:
        return False
    if not action["send"]:
        tell(tx, person, CANCELLED)
        return True
    if message.created_at <= tx.now - VALID:
        tell(tx, person, TOO_LATE)
        return True
    sight = sight_of(tx, person)
    stays = [sight.stays[number] for number in action["stays"] if number in sight.stays]
    reached = _reached(tx, [stay for stay in stays if may(person.adult, Act.WRITE, stay.school_id)])
    values = {name: message.message["values"][name] for name in ("class", "words")}
    values |= {"writer": person.full_name, "adult": person.id}
    receipt = post(tx, person.id, Letter(ON_ITS_WAY, {"count": len(reached)}), Lane.ANSWER)
    offers = _read_buttons(tx, reached, receipt, values["words"]) if action.get("asks") and reached else ()
    for stay in reached:
        letter = Letter(relay.TO_CLASS, values, offers)
        post(tx, stay.person_id, letter, Lane.BROADCAST, About(stay=stay.id, step=relay.STEP))
    numbers = [stay.id for stay in reached]
    audit(tx, f"person {person.id}", "broadcast", f"class {values['class']}", stays=numbers)
    return True


def _read_buttons(tx: Tx, reached: list[StayRow], receipt: OutboxRow, words: str) -> tuple[Offer, ...]:
    """Ask each whether they have read it. Who has not when the first wait of what is to be followed up is over is named
    to who wrote.
    """
    tx.rows.flush()
    waiting = [[stay.person_id, stay.person.short_name] for stay in reached]
    said = words if len(words) <= QUOTED else f"{words[:QUOTED]}…"
    values: dict[str, Any] = {"words": said, "names": listed(_names(reached), 40), "waiting": waiting}
    values |= {"receipt": receipt.id, "all": len(reached)}
    over = relay.waits_until(tx, reached[0], tx.now)
    row = post(tx, receipt.person_id, Letter(NOT_READ, values), Lane.ANSWER, About(step=UNREAD), over)
    tx.rows.flush()
    return (Offer(_("I have read it"), {"do": "read", "of": row.id}),)


def has_read(tx: Tx, person: int, message: OutboxRow) -> None:
    """Who presses the button of a message, or answers it in words, has read it, where that was asked."""
    for offer in message.message["offers"]:
        if offer["action"]["do"] == "read":
            _acknowledge(tx, person, offer["action"]["of"])


def _acknowledge(tx: Tx, person: int, number: int) -> None:
    """They are not named any more, and the writer's receipt counts them."""
    row = tx.rows.get(OutboxRow, number)
    if row is None or row.step != UNREAD:
        return
    tx.rows.refresh(row, with_for_update=True)
    letter = Letter.from_json(row.message)
    waiting = [[each, name] for each, name in letter.values["waiting"] if each != person]
    if len(waiting) == len(letter.values["waiting"]):
        return
    names = listed([name for _person, name in waiting], 40)
    row.message = replace(letter, values=letter.values | {"waiting": waiting, "names": names}).to_json()
    if not waiting and row.state == "pending":
        row.state = "expired"
    receipt = tx.rows.get(OutboxRow, letter.values["receipt"])
    if receipt is not None:
        count = letter.values["all"] - len(waiting)
        said = phrase(READ_BY, count=count, all=letter.values["all"])
        receipt.message = replace(Letter.from_json(receipt.message), receipts=(said,), stands=()).to_json()
        shows_anew(tx, receipt)


def _preview(tx: Tx, sight: Sight, stays: list[StayRow], name: str, words: str) -> None:
    reached = _reached(tx, stays)
    unenrolled = [stay for stay in stays if stay.enrolled_at is None]
    homeless = [stay for stay in stays if stay.enrolled_at is not None and stay not in reached]
    lines = [
        {"text": text, "values": {"names": listed(_names(missed), 40)}}
        for text, missed in ((NOT_ENROLLED, unenrolled), (NO_ADDRESS, homeless))
        if missed
    ]
    count = len(reached)
    values = {"class": name, "school": stays[0].school.name, "words": words, "count": count}
    if not reached:
        return tell(tx, sight.person, NOBODY, values | {"lines": {"list_lines": lines}})
    action = {"do": "broadcast", "stays": [stay.id for stay in stays]}
    offers = (
        Offer(_n("Send to {count} person", "Send to {count} people"), action | {"send": True}, {"count": count}),
        Offer(ASKED, action | {"send": True, "asks": True}),
        Offer(_("Cancel"), action | {"send": False}),
    )
    return tell(
        tx,
        sight.person,
        PREVIEW,
        values | {"lines": {"list_lines": [*lines, {"text": MORNING}, {"text": NO_CLOCK}]}},
        *offers,
    )


def _reached(tx: Tx, stays: list[StayRow]) -> list[StayRow]:
    """Those who will get it: enrolled, and with somewhere to write to."""
    there = {address.person_id for address in confirmed(tx.rows, [stay.person_id for stay in stays])}
    return sorted((stay for stay in stays if stay.enrolled_at and stay.person_id in there), key=by_name)


def _names(stays: Iterable[StayRow]) -> list[str]:
    return [stay.person.short_name for stay in sorted(stays, key=by_name)]


def _school(rest: str) -> tuple[int | None, str]:
    """A button says `#` and the number of the school before the class."""
    number, _space, following = rest.partition(" ")
    return (int(number[1:]), following) if number[:1] == "#" and number[1:].isdecimal() else (None, rest)


def _schools(schools: dict[int, str], name: str, words: str) -> tuple[Offer, ...]:
    return tuple(
        Offer(
            "{school}", {"do": "command", "word": "broadcast", "rest": f"#{number} {name} {words}"}, {"school": school}
        )
        for number, school in sorted(schools.items(), key=lambda each: each[1])
    )
