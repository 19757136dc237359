"""A message about to leave: does it still apply, may this person read it, and in which words?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from bot.domain.channel import OPEN
from bot.domain.formal import spoken_to
from bot.domain.level import Level
from bot.domain.messages import IN_WORDS, Button, Enclosure, Letter, Outgoing, Picture, receipts_under, ticked_off
from bot.domain.programme.help import EUROPEAN
from bot.domain.proof import CARRIERS, ENDINGS
from bot.domain.stay import Kind, open_for
from bot.handlers.case import relay
from bot.handlers.case.crew import may_follow
from bot.handlers.conversation.files import may_look
from bot.handlers.conversation.sessions import too_late
from bot.handlers.family import outreach
from bot.handlers.people.addresses import TO_ALL, is_shared, name_here
from bot.handlers.people.visits import case_link
from bot.i18n import _, render
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.keys import Unreadable
from bot.store.messages import Lane, OutboxRow, first_of_case
from bot.store.people import Address, Person
from bot.store.proofs import ProofRow
from bot.store.records import setting
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow, last_stay

ALERT = _(
    "Hello,\n\nan alert waits for you in Compagnon: {level}.\n\nOthers could read this message on its way, so it says "
    "neither who nor why. Please open Compagnon now, in your usual chat or here:\n{page}\n\n"
    "A robot sends this message; nobody reads what answers it."
)
MESSAGE = _(
    "Hello,\n\na message waits for you in Compagnon.\n\nOthers could read this one on its way, so it says neither from "
    "whom nor about what. Open Compagnon when you can, in your usual chat or here:\n{page}\n\n"
    "A robot sends this message; nobody reads what answers it."
)
SUBJECT = _("A message from Compagnon")
REHEARSAL = _("🎭 Rehearsal · {day}")
IF_REAL = _(
    "This is a rehearsal: whoever I tell may take your words for part of it. If you are really in danger, call {emergency}."
)
AGAIN = _("(perhaps a repeat)")
ON_THE_DESK = _("The case on the desk: {link}")
ELSEWHERE = _("Files cannot be shown in this chat. Open Compagnon on Telegram or Matrix, and ask for it there.")
UNSHOWN = _("This file cannot be shown here: it is too large for this chat.")
LOST = _("This file cannot be read any more.")


def still_wanted(tx: Tx, row: OutboxRow) -> bool:
    """Whether a message still applies, and its reader still has the right to it, now."""
    stay = tx.rows.get(StayRow, row.stay_id) if row.stay_id else None
    case = tx.rows.get(CaseRow, row.case_id) if row.case_id else None
    if case is not None and row.bound and case.closed_at is not None:
        return False  # the person has had, or has, other copies of this alert
    if case is not None:
        return may_follow(tx, tx.rows.get_one(Person, row.person_id), case)
    if row.step == relay.BACK and stay is not None:
        return relay.may_write(tx, tx.rows.get_one(Person, row.person_id), stay)
    if row.message.get("file") is not None and not _may_see_file(tx, row):
        return False
    if stay is not None and stay.cancelled and row.lane != Lane.ALERT:
        return False
    if stay is not None and outreach.concerns(row):
        return outreach.still_wanted(tx, row, stay)
    session = tx.rows.get(SessionRow, row.session_id) if row.session_id else None
    if session is None or row.lane != Lane.PROMPT:
        return True
    if row.message["offers"]:
        return session.state == "open" and session.asked == row.step
    return session.state != "expired"


def told_too_late(tx: Tx, row: OutboxRow) -> SessionRow | None:
    """The conversation of something told at its date that could not leave in time, and has not been told before."""
    session = tx.rows.get(SessionRow, row.session_id) if row.session_id else None
    if session is None or session.flow != "message" or row.lane != Lane.PROMPT or session.answers:
        return None
    if session.state != "open" or not too_late(tx, tx.rows.get_one(StayRow, session.stay_id).facts(), session):
        return None
    sent = select(OutboxRow.id).where(OutboxRow.session_id == session.id, OutboxRow.state == "sent").limit(1)
    return session if tx.rows.scalar(sent) is None else None


def may_leave_at(tx: Tx, row: OutboxRow) -> datetime:
    """When a message may leave: what a learner did not ask for waits for the morning, however late it came to be sent."""
    stay = tx.rows.get(StayRow, row.stay_id) if row.stay_id else None
    if stay is not None and outreach.concerns(row):
        return outreach.opens(tx, row, stay)
    if row.lane < Lane.PROMPT or stay is None or stay.person_id != row.person_id:
        return tx.now
    return open_for(tx.programme, stay.facts(), tx.now)


def compose(tx: Tx, row: OutboxRow, native: str, *, rehearsal: bool, alone: bool = False) -> Outgoing:
    """The words and the buttons in the reader's language; they are kept for their history, also where an open channel
    carries only that they wait. `alone` says that nobody else has the address; else it is looked up."""
    if row.edit_of is not None:
        return _edit(tx, row, tx.rows.get_one(OutboxRow, row.edit_of), native)
    language = tx.rows.get_one(Person, row.person_id).language
    letter = Letter.from_json(row.message)
    marks = _marks(tx, letter, language, rehearsal=rehearsal)
    urgent = row.lane == Lane.ALERT
    kind = _own_stay(tx, row)
    spoken = [spoken_to(kind, offer.label, language) for offer in letter.offers]
    labels = [
        render(text, language, letter.values | offer.values) for text, offer in zip(spoken, letter.offers, strict=True)
    ]
    file, instead = _enclosed(tx, row, letter.file)
    instead = UNSHOWN if "unshown" in letter.marks else instead
    text = marks + ("" if alone else _for_whom(tx, row)) + _words(letter, language, kind)
    text = f"{text}\n{render(instead, language)}" if instead else text
    text += _if_real(letter, language) if rehearsal and urgent and kind else ""
    page = _case_page(tx, row)
    text = f"{text}\n{render(ON_THE_DESK, language, {'link': page})}" if page else text
    row.rendered = {"text": text, "buttons": labels, "language": language}
    if letter.stands is not None:
        row.rendered["stands"] = list(letter.stands)
        text += receipts_under(row.message, language)
    around = outreach.concerns(row)
    if around:
        text, labels = outreach.with_link(tx, row, language, text, labels)  # in no history: it opens a page
    address = tx.rows.get(Address, row.address_id) if row.address_id else None
    if address is not None and address.channel in OPEN:
        shown = text if letter.public or around else marks + text_in_brief(tx, row, language)
        above = marks.partition("\n")[0] + " · " if rehearsal else ""
        subject = above + heading(tx, row, language)
        thread = first_of_case(tx.rows, row)
        return Outgoing(row.id, native, shown, urgent=urgent, thread=thread, public=True, heading=subject)
    thread = "" if _cannot_wait(tx, row) else first_of_case(tx.rows, row)
    places = range(len(labels)) if letter.stands is None else letter.stands
    buttons = tuple(Button(f"{row.id}.{place}", labels[place]) for place in places)
    in_words = any(offer.action["do"] in IN_WORDS for offer in letter.offers)
    picture = Picture(letter.picture, language) if letter.picture and _shows_files(tx, row) else None
    return Outgoing(
        row.id, native, text, buttons, urgent=urgent, file=file, picture=picture, thread=thread, in_words=in_words,
        public=letter.public,
    )  # fmt: skip


def _case_page(tx: Tx, row: OutboxRow) -> str:
    """Where an alert leads to at the desk, for whoever it goes to."""
    if row.lane != Lane.ALERT or row.case_id is None:
        return ""
    return case_link(tx, tx.rows.get_one(Person, row.person_id), row.case_id)


def _cannot_wait(tx: Tx, row: OutboxRow) -> bool:
    """An alert of the gravest level stands in the chat itself: apps fold threads away, and no phone rings for them."""
    case = tx.rows.get(CaseRow, row.case_id) if row.case_id and row.lane == Lane.ALERT else None
    return case is not None and case.level is Level.NOW


def _for_whom(tx: Tx, row: OutboxRow) -> str:
    """Whom a message is for, where several people read the same chat or page. Mail says nothing of anybody."""
    address = tx.rows.get(Address, row.address_id) if row.address_id else None
    if address is None or address.channel in OPEN or row.step in TO_ALL or not is_shared(tx, address):
        return ""
    return f"{name_here(tx, address.person)}:\n"


def _own_stay(tx: Tx, row: OutboxRow) -> Kind | None:
    """The kind of the stay the reader is on: a colleague is spoken to otherwise than a learner."""
    stay = tx.rows.get(StayRow, row.stay_id) if row.stay_id else last_stay(tx.rows, row.person_id)
    return stay.kind if stay is not None and stay.person_id == row.person_id else None


def _words(letter: Letter, language: str, kind: Kind | None) -> str:
    text = render(spoken_to(kind, letter.text, language), language, letter.values)
    return f"{letter.progress[0]}/{letter.progress[1]} · {text}" if letter.progress else text


def _marks(tx: Tx, letter: Letter, language: str, *, rehearsal: bool) -> str:
    """What stands before the text: that it is a rehearsal, that it may be a repeat."""
    again = f"{render(AGAIN, language)} " if "again" in letter.marks else ""
    day = {"day": {"day": tx.now.date().isoformat()}}
    return f"{render(REHEARSAL, language, day)}\n{again}" if rehearsal else again


def _if_real(letter: Letter, language: str) -> str:
    """What a learner is told who cries for help in a rehearsal."""
    return "\n" + render(IF_REAL, language, {"emergency": letter.values.get("emergency", EUROPEAN)})


def _may_see_file(tx: Tx, row: OutboxRow) -> bool:
    return may_look(tx, tx.rows.get_one(Person, row.person_id), tx.rows.get(ProofRow, row.message["file"]))


def _enclosed(tx: Tx, row: OutboxRow, number: int | None) -> tuple[Enclosure | None, str]:
    """The file that goes with a message, opened only now and only for a channel that shows it; else what is said."""
    if number is None:
        return None, ""
    if not _shows_files(tx, row):
        return None, ELSEWHERE
    proof = tx.rows.get(ProofRow, number)
    try:
        content = tx.keys.open(proof.person_id, proof.content) if proof and tx.keys and proof.content else None
    except Unreadable:
        content = None
    if proof is None or content is None or proof.mime is None:
        return None, LOST
    return Enclosure(f"{proof.item or 'sent'}-{number}.{ENDINGS[proof.mime]}", proof.mime, content), ""


def _shows_files(tx: Tx, row: OutboxRow) -> bool:
    address = tx.rows.get(Address, row.address_id) if row.address_id else None
    return address is not None and address.channel in CARRIERS


def _edit(tx: Tx, row: OutboxRow, sent: OutboxRow, native: str) -> Outgoing:
    """What was sent, with what was chosen under it instead of the buttons; with these, if it was taken back, with those
    of a list that are not ticked off yet, and those of an alert that lead somewhere as its case stands now.
    """
    shown, letter = sent.rendered or {"text": "", "buttons": []}, Letter.from_json(sent.message)
    done = letter.done if sent.chosen is None else (sent.chosen,)
    text = shown["text"].rstrip() + ticked_off(shown["buttons"], done)
    if sent.chosen is not None or letter.stands is not None:
        text += receipts_under(sent.message, shown.get("language", ""))
    places: Iterable[int] = ()
    if sent.chosen is None and letter.stands is not None:
        places = letter.stands
    elif sent.chosen is None and (done or _stands_again(tx, sent)):
        places = (place for place in range(len(shown["buttons"])) if place not in done)
    buttons = tuple(Button(f"{sent.id}.{place}", shown["buttons"][place]) for place in places)
    return Outgoing(row.id, native, text, buttons, edit_of=sent.native or "")


def _stands_again(tx: Tx, sent: OutboxRow) -> bool:
    session = tx.rows.get(SessionRow, sent.session_id) if sent.session_id else None
    return session is not None and session.state in {"open", "queued"} and session.asked == sent.step


def text_in_brief(tx: Tx, row: OutboxRow, language: str) -> str:
    """What a channel carries that others may read on the way: that something waits, how urgent it is, and where."""
    page = _case_page(tx, row) or (setting(tx.rows, "web_address") or {}).get("url", "")
    text = ALERT if row.lane == Lane.ALERT else MESSAGE
    return render(text, language, {"level": level_of(tx, row, language), "page": page})


def heading(tx: Tx, row: OutboxRow, language: str) -> str:
    """The subject: for an alert its level."""
    return f"{level_of(tx, row, language)} – Compagnon" if row.lane == Lane.ALERT else render(SUBJECT, language)


def level_of(tx: Tx, row: OutboxRow, language: str) -> str:
    """Symbol and word of the case's level, as it is now. An alert without a case is of the gravest: ours is broken."""
    case = tx.rows.get(CaseRow, row.case_id) if row.case_id else None
    rules = tx.programme.levels[case.level if case else Level.NOW]
    return f"{rules.symbol} {render(rules.name, language)}"
