"""What nobody can read here is answered with words; the question that stands is asked again."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.messages import Attached, Incoming, Sort, Unseen
from bot.domain.programme.help import EUROPEAN
from bot.engine.advance import Again
from bot.handlers.case.case import sign_of_life
from bot.handlers.case.open_cry import acknowledge, cry_of, keep_file
from bot.handlers.case.question import OFFER_FILE, OFFER_UNSEEN, is_offered, not_understood
from bot.handlers.case.sent_files import drop_files, offer_file
from bot.handlers.conversation.files import hand_in, is_asked_for
from bot.handlers.conversation.sessions import happen
from bot.handlers.say.facts import danger_facts
from bot.handlers.say.post import tell
from bot.i18n import Text, _, render
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, Outcome
from bot.store.people import Person
from bot.store.sessions import open_session
from bot.store.stays import StayRow, current_stay, last_stay

FORWARDED = _("I do not read forwarded messages. Tell me in your own words.")
CANNOT_READ = _("I can only read words and buttons: no voice messages, stickers or places. Write me a few words. If it is urgent: SOS.")  # fmt: skip
SEALED = _(
    "I could not read your last message: its key did not reach me. Please send it again. In danger, call {emergency}."
)
UNSURE = _("I cannot be sure that this came from you: it was written on a device that you have not confirmed. Confirm it in your app (« verify this device »), then send it again. In danger, call {emergency}.")  # fmt: skip
UNSEEN: Mapping[Unseen, Text] = {
    Unseen.VOICE: _("🎤 (voice message)"),
    Unseen.VIDEO: _("🎬 (video)"),
    Unseen.PLACE: _("📍 (place)"),
    Unseen.PICTURE: _("📷 (picture)"),
    Unseen.DOCUMENT: _("📄 (document)"),
}
"""How it stands in the conversation, and before the adult who is told of it."""
CANNOT_READ_ADULT = _("I can only read words and buttons: no voice messages, stickers or places.")


def unread(tx: Tx, person: Person, incoming: Incoming, message: InboxRow) -> None:
    """A sticker, a voice, a place, a contact: a sign of life, and none of it is kept. A forward is somebody else's words.
    Whoever says something in a way that nobody can read here may need somebody: they are asked.
    """
    sort, unseen, stay = incoming.sort, incoming.unseen, current_stay(tx.rows, person.id)
    said = {Sort.FORWARD: FORWARDED, Sort.SEALED: SEALED, Sort.UNSURE: UNSURE}
    message.outcome = Outcome.UNREAD
    cry = cry_of(tx, last_stay(tx.rows, person.id)) if sort is not Sort.UNSURE else None
    if cry is not None:
        filed = keep_file(tx, cry, message, incoming.file if sort is Sort.OTHER else None)
        if sort in {Sort.FORWARD, Sort.OTHER}:
            return acknowledge(tx, cry, readable=filed)
    if stay is None:
        return tell(tx, person, said.get(sort, CANNOT_READ_ADULT), {"emergency": EUROPEAN})
    if sort is not Sort.UNSURE:
        sign_of_life(tx, stay)
    row = open_session(tx.rows, person.id)
    stands = row is not None and row.asked is not None
    if (
        sort is Sort.OTHER
        and unseen is not None
        and not stands
        and _offered(tx, person, stay, message, unseen, incoming.file)
    ):
        return None
    tell(tx, person, said.get(sort, CANNOT_READ), danger_facts(tx, stay))
    if sort in {Sort.SEALED, Sort.UNSURE}:
        return None
    if row is not None and stands:
        happen(tx, row, Again(), Lane.ANSWER)
    return None


def take_file(tx: Tx, row: InboxRow, person: Person, incoming: Incoming) -> None:
    """A file: for the adults while a cry is open, else about what happened, else for the question that it answers."""
    cry = cry_of(tx, last_stay(tx.rows, person.id))
    row.shown = incoming.text or None
    if cry is not None:
        return acknowledge(tx, cry, readable=keep_file(tx, cry, row, incoming.file))
    if _ask_about_picture(tx, person, incoming, row):
        return None
    if row.channel == "web":  # the page itself shows no picture of theirs
        row.shown = row.shown or render(UNSEEN[_shown_as(incoming.file)], person.language)
    return hand_in(tx, person, incoming)


def _ask_about_picture(tx: Tx, person: Person, incoming: Incoming, message: InboxRow) -> bool:
    """A picture out of the blue, from somebody abroad: no paper, perhaps, but what has happened to them. False where it is
    for something, or was asked about already.
    """
    stay = current_stay(tx.rows, person.id)
    if stay is None or not stay.facts().is_abroad(tx.now):
        return False
    if is_asked_for(tx, person, incoming):
        return False
    unseen = _shown_as(incoming.file)
    if incoming.album and is_offered(tx, stay):
        message.shown, message.outcome = render(UNSEEN[unseen], person.language), Outcome.UNREAD
        offer_file(tx, stay, message, incoming.file)
        return True
    if not _offered(tx, person, stay, message, unseen, incoming.file):
        return False
    sign_of_life(tx, stay)
    return True


def _shown_as(file: Attached | None) -> Unseen:
    """What somebody sent, by what the platform says of it."""
    named = file.mime.partition("/")[0] if file is not None else ""
    known = {"audio": Unseen.VOICE, "video": Unseen.VIDEO, "application": Unseen.DOCUMENT}
    return known.get(named, Unseen.PICTURE)


def _offered(tx: Tx, person: Person, stay: StayRow, message: InboxRow, unseen: Unseen, file: Attached | None) -> bool:
    message.shown = "\n".join((render(UNSEEN[unseen], person.language), message.shown or "")).strip()
    filed = offer_file(tx, stay, message, file)
    if not_understood(tx, stay, message, OFFER_FILE if filed else OFFER_UNSEEN):
        return True
    if filed and not is_offered(tx, stay):
        drop_files(tx, person.id, [message.id])
    return False
