"""A button was pressed, in whatever way: clicked, its number tapped, its label typed.

A button carries the message it belongs to and its place; what it does is ours to know.
"""

from __future__ import annotations

from typing import Any

from bot.domain.messages import IN_WORDS, Incoming, Letter, numbers
from bot.engine.advance import Again, Press, Refusal, Words
from bot.handlers.case import exclusion
from bot.handlers.case.buttons import act_on_case
from bot.handlers.case.distress import choose
from bot.handlers.case.help_lines import other_numbers
from bot.handlers.case.question import passed_on
from bot.handlers.case.sent_files import offered_since, stand_in
from bot.handlers.case.sos import can_talk, sos
from bot.handlers.conversation import green_light, pairing, testimony
from bot.handlers.conversation.files import show_file
from bot.handlers.conversation.sessions import happen
from bot.handlers.conversation.tasks import show_learners, tick_one
from bot.handlers.desk.broadcast import has_read, send
from bot.handlers.inbox.commands import obey
from bot.handlers.inbox.parents import press_family
from bot.handlers.inbox.typed_answers import AWAITED, Meaning, place_of
from bot.handlers.inbox.updates import names_one
from bot.handlers.people import other_device
from bot.handlers.people.confirm import confirm
from bot.handlers.people.shared_device import share
from bot.handlers.privacy import erasure_requests
from bot.handlers.say.facts import stay_facts
from bot.handlers.say.post import ALONE, GONE, NOT_YOURS, SEALED, show_choice, tell, tick_off
from bot.i18n import _, render
from bot.store.cases import open_case
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, OutboxRow, Outcome, sent_as
from bot.store.people import Address, Person
from bot.store.sessions import SessionRow, open_session, put_first
from bot.store.stays import StayRow

WRITE = _("To be sure that it is you: please answer this one in writing, with its number.")


def press(tx: Tx, person: Person, token: str, *, typed: bool = False) -> str:
    """Do what the button says, if it was offered to this person; it may have been `typed`. Returns its label, for their history."""
    message, place = find(tx, person, token)
    if message is None:
        tell(tx, person, NOT_YOURS)
        return ""
    label = _label(person, message, place)
    _do(tx, person, message, place, message.message["offers"][place]["action"] | ({"typed": True} if typed else {}))
    return label


def _label(person: Person, message: OutboxRow, place: int) -> str:
    if message.rendered and (shown := message.rendered["buttons"][place]):
        return str(shown)
    offer = Letter.from_json(message.message).offers[place]
    return render(offer.label, person.language, message.message["values"] | offer.values)


def press_in_words(tx: Tx, person: Person, message: OutboxRow, text: str) -> bool:
    """The label of one of a message's buttons, or its number, instead of a press. False where it is none of them."""
    place = place_of(message, text)
    if place is not None:
        press(tx, person, f"{message.id}.{place}", typed=True)
    return place is not None


def mean(tx: Tx, person: Person, meaning: Meaning, text: str) -> None:
    """Typed words are what somebody says to one particular message."""
    if meaning.place is not None:
        press(tx, person, meaning.token, typed=True)
    else:
        has_read(tx, person.id, meaning.message)
        AWAITED[meaning.message.step or ""](tx, person, meaning.message, text)


def find(tx: Tx, person: Person, token: str) -> tuple[OutboxRow | None, int]:
    """The message and the place a token names; none where it was sent to somebody else or never."""
    if not names_one(token):
        return None, 0
    number, _dot, place = token.partition(".")
    with tx.rows.no_autoflush:  # what has a number has been written
        message = tx.rows.get(OutboxRow, int(number))
    if message is None or message.person_id != person.id or int(place) >= len(message.message["offers"]):
        return None, 0
    return message, int(place)


def _do(tx: Tx, person: Person, message: OutboxRow, place: int, action: dict[str, Any]) -> None:
    match action["do"]:
        case "answer":
            answer(tx, person, message, action)
        case "sos":
            if action["say"] == "numbers":  # whether they can talk is still to be said
                return other_numbers(tx, tx.rows.get_one(StayRow, action["stay"]))
            if action["say"] == "not":
                return exclusion.ask(tx, tx.rows.get_one(StayRow, action["stay"]))
            _chose(tx, message, place)
            can_talk(tx, tx.rows.get_one(StayRow, action["stay"]), action["say"])
        case "distress":
            if action["say"] == "not":
                return exclusion.ask(tx, tx.rows.get_one(StayRow, action["stay"]))
            if message.chosen != place:
                _chose(tx, message, place)
                choose(tx, tx.rows.get_one(StayRow, action["stay"]), action["say"], action.get("meant", ()))
        case "exclude":
            _chose(tx, message, place)
            exclusion.choose(tx, person, action)
        case "case":
            if act_on_case(tx, person, action, message) and message.step != ALONE:  # an alert says how its case stands
                _chose(tx, message, place)
        case "tick":
            _tick(tx, person, message, place, action)
        case "green_light":
            if green_light.press(tx, person, action):
                _chose(tx, message, place)
        case "file":
            show_file(tx, person, action["proof"])
        case "confirm":
            _chose(tx, message, place)
            if not confirm(tx, person, action["address"], yes=action["yes"]):
                tell(tx, person, NOT_YOURS)
        case "other_device":
            _chose(tx, message, place)
            other_device.says(tx, person, action["address"], me=action["me"])
        case "family":
            _chose(tx, message, place)
            press_family(tx, person, action)
        case "erase":
            if message.chosen is None:
                _chose(tx, message, place)
                erasure_requests.press(tx, person, action["say"])
        case "pairing":
            if message.chosen is None:
                _chose(tx, message, place)
                pairing.press(tx, person, action)
        case "testimony":
            if message.chosen is None:
                _chose(tx, message, place)
                testimony.press(tx, person, action)
        case "share":
            _chose(tx, message, place)
            share(tx, person, action)
        case "pass_on":
            if message.chosen != 0:  # what was passed on is not taken back
                _chose(tx, message, place)
                _pass_on(tx, person, message, action)
        case "which":
            _chose(tx, message, place)
            _which(tx, person, action)
        case "command":
            if not action.get("once") or _first_press(tx, message):
                if action["word"] != "item" and not action.get("keeps"):  # a list keeps its buttons
                    _chose(tx, message, place)
                obey(tx, person, action["word"], action.get("rest", ""))
        case "read":
            _chose(tx, message, place)
            has_read(tx, person.id, message)
        case "broadcast":
            if send(tx, person, message, action):
                _chose(tx, message, place)


def _tick(tx: Tx, person: Person, message: OutboxRow, place: int, action: dict[str, Any]) -> None:
    """One thing was seen. A button of an older list, for all of its learners, shows them one by one instead."""
    if "stays" in action:
        return show_learners(tx, person, action["items"][0])
    return tick_off(tx, message, place) if tick_one(tx, person, action) else tell(tx, person, NOT_YOURS)


def _pass_on(tx: Tx, person: Person, message: OutboxRow, action: dict[str, Any]) -> None:
    """Whether words are passed on; then the question that stands is asked again. Or they were a cry for help."""
    if action["say"] == "sos":
        tx.rows.get_one(InboxRow, action["inbox"]).outcome = Outcome.HANDED
        sos(tx, tx.rows.get_one(StayRow, message.stay_id))
        case = open_case(tx.rows, message.stay_id or 0)
        return stand_in(tx, case, offered_since(tx, person.id, action["inbox"])) if case is not None else None
    passed_on(tx, tx.rows.get_one(StayRow, message.stay_id), action["inbox"], action["say"])
    row = open_session(tx.rows, person.id)
    if row is not None and row.asked:
        happen(tx, row, Again(), Lane.ANSWER)


def _which(tx: Tx, person: Person, action: dict[str, Any]) -> None:
    """What their words were for, where they could mean several things."""
    if "token" in action:
        press(tx, person, action["token"], typed=action.get("typed", False))
        return
    said = tx.rows.get(InboxRow, action["inbox"])
    message = tx.rows.get(OutboxRow, action["words"])
    if said is None or message is None or not said.shown:
        return tell(tx, person, GONE)
    mean(tx, person, Meaning(message, None), said.shown)


def _first_press(tx: Tx, message: OutboxRow) -> bool:
    """What sends somebody's words sends them once, whoever else presses at the same instant."""
    tx.rows.refresh(message, with_for_update=True)
    return message.chosen is None


def _chose(tx: Tx, message: OutboxRow, place: int) -> None:
    """This button was pressed, and the others are done."""
    if message.chosen != place:
        message.chosen = place
        show_choice(tx, message)


def answer(tx: Tx, person: Person, message: OutboxRow, action: dict[str, Any]) -> None:
    """An answer to a question, in time, early, late or changed."""
    with tx.rows.no_autoflush:  # what has a number has been written
        row = tx.rows.get(SessionRow, action["session"])
    stay = tx.rows.get_one(StayRow, row.stay_id) if row else None
    if row is None or stay is None or row.state == "expired" or row.expires_at <= tx.now or stay.cancelled:
        return tell(tx, person, GONE)
    if first := action.get("first"):  # one thing of a list: it comes first, or again where the list was answered before
        if row.asked != action["step"]:
            return obey(tx, person, "item", first)
        put_first(tx.rows, stay.id, f"item.{first}")
    return take_answer(tx, row, Press(action["step"], action["choice"], typed=action.get("typed", False)))


def take_answer(tx: Tx, row: SessionRow, meant: Press | Words) -> None:
    """An answer goes into its conversation; where it comes too late to count, its author is told so."""
    turn = happen(tx, row, meant, Lane.ANSWER)
    stay = tx.rows.get_one(StayRow, row.stay_id)
    if turn.refused is Refusal.SEALED:
        tell(tx, stay.person, SEALED, stay_facts(tx, stay))
    elif turn.refused:
        tell(tx, stay.person, GONE)


def tap(tx: Tx, row: InboxRow, address: Address, person: Person, incoming: Incoming) -> bool:
    """Press the button. False where that message is none of theirs, or nothing on it has this number."""
    ours = sent_as(tx.rows, address.id, incoming.reply_to)
    place = _place(ours, int(incoming.text)) if ours is not None and ours.person_id == person.id else None
    if ours is None or place is None:
        return False
    if ours.message["offers"][place]["action"]["do"] in IN_WORDS:
        tell(tx, person, WRITE)
        return True
    press_for(tx, row, person, f"{ours.id}.{place}")
    return True


def press_for(tx: Tx, row: InboxRow, person: Person, token: str) -> None:
    """Press a button, and note what it answers: it may be taken back."""
    message, place = find(tx, person, token)
    action = message.message["offers"][place]["action"] if message is not None else {}
    if action.get("do") == "answer":
        row.session_id, row.step = action["session"], action["step"]
    row.shown = _label(person, message, place) if message is not None else ""
    row.outcome = row.outcome or Outcome.UNDERSTOOD
    press(tx, person, token)


def _place(message: OutboxRow, number: int) -> int | None:
    """Which of the choices, as the person was shown them, a number stands for."""
    known = numbers(message.rendered["buttons"]) if message.rendered else ()
    return known.index(number) if number in known else None
