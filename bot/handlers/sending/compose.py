"""A message about to leave: in which words, with which buttons, and what an open channel shows of it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.channel import OPEN
from bot.domain.formal import spoken_to
from bot.domain.level import Level
from bot.domain.messages import IN_WORDS, Button, Enclosure, Letter, Outgoing, Picture, receipts_under, ticked_off
from bot.domain.programme.help import EUROPEAN
from bot.domain.proof import CARRIERS, ENDINGS
from bot.domain.stay import Kind
from bot.handlers.family import outreach
from bot.handlers.people.addresses import TO_ALL, is_shared, name_here
from bot.handlers.people.visits import case_link
from bot.handlers.sending.before_sending import Leaving
from bot.i18n import _, render
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.keys import Unreadable
from bot.store.messages import Lane, OutboxRow, first_of_case
from bot.store.people import Address, Person
from bot.store.proofs import ProofRow
from bot.store.records import setting
from bot.store.sessions import SessionRow

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


def compose(tx: Tx, leaving: Leaving, address: Address, *, rehearsal: bool, shared: bool | None = None) -> Outgoing:
    """The words and the buttons in the reader's language; they are kept for their history, also where an open channel
    carries only that they wait. Whether somebody else has the address too, is looked up unless it is `shared` or not."""
    row, language = leaving.row, leaving.language
    if row.edit_of is not None:
        return _edit(tx, row, tx.rows.get_one(OutboxRow, row.edit_of), address.native)
    letter = Letter.from_json(row.message)
    kind = leaving.own_kind
    file, instead = _enclosed(tx, letter, address)
    marks = _marks(tx, letter, language, rehearsal=rehearsal)
    text = marks + _for_whom(tx, row, address, shared) + _words(letter, language, kind)
    text = f"{text}\n{render(instead, language)}" if instead else text
    text += _if_real(letter, language) if rehearsal and row.lane == Lane.ALERT and kind else ""
    page = _case_page(tx, row)
    text = f"{text}\n{render(ON_THE_DESK, language, {'link': page})}" if page else text
    labels = _labels(letter, language, kind)
    row.rendered = {"text": text, "buttons": labels, "language": language}
    if letter.stands is not None:
        row.rendered["stands"] = list(letter.stands)
        text += receipts_under(row.message, language)
    around = outreach.concerns(row)
    if around:
        text, labels = outreach.with_link(tx, row, language, text, labels)  # in no history: it opens a page
    if address.channel in OPEN:
        shown = text if letter.public or around else marks + text_in_brief(tx, row, language)
        return _openly(tx, row, language, address, shown, marks.partition("\n")[0] if rehearsal else "")
    places = range(len(labels)) if letter.stands is None else letter.stands
    return Outgoing(
        row.id, address.native, text, tuple(Button(f"{row.id}.{place}", labels[place]) for place in places),
        urgent=row.lane == Lane.ALERT, file=file,
        picture=Picture(letter.picture, language) if letter.picture and address.channel in CARRIERS else None,
        thread="" if _cannot_wait(tx, row) else first_of_case(tx.rows, row),
        in_words=any(offer.action["do"] in IN_WORDS for offer in letter.offers), public=letter.public,
    )  # fmt: skip


def _labels(letter: Letter, language: str, kind: Kind | None) -> list[str]:
    return [
        render(spoken_to(kind, offer.label, language), language, letter.values | offer.values)
        for offer in letter.offers
    ]


def _openly(tx: Tx, row: OutboxRow, language: str, address: Address, shown: str, rehearsal: str) -> Outgoing:
    """What goes where others may read it on the way."""
    subject = (f"{rehearsal} · " if rehearsal else "") + heading(tx, row, language)
    thread = first_of_case(tx.rows, row)
    urgent = row.lane == Lane.ALERT
    return Outgoing(row.id, address.native, shown, urgent=urgent, thread=thread, public=True, heading=subject)


def _case_page(tx: Tx, row: OutboxRow) -> str:
    """Where an alert leads to at the desk, for whoever it goes to."""
    if row.lane != Lane.ALERT or row.case_id is None:
        return ""
    return case_link(tx, tx.rows.get_one(Person, row.person_id), row.case_id)


def _cannot_wait(tx: Tx, row: OutboxRow) -> bool:
    """An alert of the gravest level stands in the chat itself: apps fold threads away, and no phone rings for them."""
    case = tx.rows.get(CaseRow, row.case_id) if row.case_id and row.lane == Lane.ALERT else None
    return case is not None and case.level is Level.NOW


def _for_whom(tx: Tx, row: OutboxRow, address: Address, shared: bool | None) -> str:
    """Whom a message is for, where several people read the same chat or page. Mail says nothing of anybody."""
    if shared is False or address.channel in OPEN or row.step in TO_ALL or not (shared or is_shared(tx, address)):
        return ""
    return f"{name_here(tx, address.person)}:\n"


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


def _enclosed(tx: Tx, letter: Letter, address: Address) -> tuple[Enclosure | None, str]:
    """The file that goes with a message, opened only now and only for a channel that shows it; else what is said."""
    number, unshown = letter.file, UNSHOWN if "unshown" in letter.marks else ""
    if number is None:
        return None, unshown
    if address.channel not in CARRIERS:
        return None, unshown or ELSEWHERE
    proof = tx.rows.get(ProofRow, number)
    try:
        content = tx.keys.open(proof.person_id, proof.content) if proof and tx.keys and proof.content else None
    except Unreadable:
        content = None
    if proof is None or content is None or proof.mime is None:
        return None, unshown or LOST
    return Enclosure(f"{proof.item or 'sent'}-{number}.{ENDINGS[proof.mime]}", proof.mime, content), unshown


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
