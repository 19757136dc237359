"""One stored update: who sent it, what it is, whose handler it goes to. All in one commit with its inbox mark."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import bindparam, select

from bot.domain.channel import read_plain
from bot.domain.command_words import without_slash
from bot.domain.desk import has_desk
from bot.domain.distress import in_danger
from bot.domain.messages import Courtesy, Incoming, Sort
from bot.domain.person import Role
from bot.domain.sos import is_sos
from bot.domain.waiting import late, written_at
from bot.handlers.case.case import sign_of_life
from bot.handlers.case.distress import listen
from bot.handlers.case.open_cry import cry_of, keep_of_several
from bot.handlers.case.relay import read_by
from bot.handlers.case.sent_files import brought, offer_file, stand_in
from bot.handlers.case.sos import answer_at_once
from bot.handlers.conversation.drill import tried
from bot.handlers.conversation.watching import heard_of
from bot.handlers.inbox.edits import answer_to, revise
from bot.handlers.inbox.parents import hear_parent
from bot.handlers.inbox.presses import press_for, tap
from bot.handlers.inbox.retractions import take_back
from bot.handlers.inbox.shared_address import answered, ask_who, whose
from bot.handlers.inbox.strangers import code_in, cry_by_name, cry_of_all, meet, wait_on
from bot.handlers.inbox.unreadable import take_file, unread
from bot.handlers.inbox.updates import arrived, read_ahead
from bot.handlers.inbox.words import Listened, answer_what_stands, hear, listen_for_distress
from bot.handlers.people.addresses import back, left
from bot.handlers.people.shared_device import ask_sharing, of_somebody_else
from bot.handlers.say.post import tell
from bot.i18n import _
from bot.store.db import Tx
from bot.store.messages import InboxRow, Outcome, pending_to, said_before
from bot.store.people import Address, Person
from bot.store.signs_of_life import was_heard, was_used
from bot.store.stays import current_stay, last_stay

SIGNS = frozenset({Sort.TAPPED, Sort.NODDED, Sort.UNDONE})
"""What people do with a message rather than say."""
ONCE_MORE = _("Thank you. Please send it once more.")
Reader = Callable[[str, dict[str, Any]], Incoming]
_ROW = select(InboxRow).where(InboxRow.id == bindparam("number")).with_for_update()


def dispatch(tx: Tx, number: int, readers: Mapping[str, Reader]) -> tuple[Courtesy, ...]:
    """Handle one row of the inbox. `readers` takes each channel's own shape off. Returns what to say to strangers.

    Raises:
        Unreadable: the raw update has no known shape; the caller quarantines it.
    """
    row = tx.rows.scalar(_ROW, {"number": number})
    if row is None or row.state != "new":
        return ()
    incoming = read(row, readers)
    alone = arrived(tx, row.channel, {incoming.address: (row, incoming)})
    read_ahead(tx, alone)
    return handle(tx, *alone[0])


def read(row: InboxRow, readers: Mapping[str, Reader]) -> Incoming:
    """What an update says, without its channel's own shape.

    Raises:
        Unreadable: it has no known shape.
    """
    return readers.get(row.channel, partial(read_plain, row.channel))(row.native, row.raw)


def handle(tx: Tx, row: InboxRow, incoming: Incoming, there: list[Address]) -> tuple[Courtesy, ...]:
    """Handle an update that was read, and whose addresses are known."""
    row.state, row.raw = "handled", {}  # from here on nothing is kept but what its handler keeps
    if incoming.sort is Sort.ELSEWHERE:
        row.problem = "no private conversation"
        return ()
    known_since = min((each.created_at for each in there), default=row.received_at)
    row.written_at = written_at(incoming.at, row.received_at, known_since)
    tx = replace(tx, written=row.written_at)
    for address in there:
        if address.state == "left" and incoming.sort is not Sort.LEFT:
            back(tx, address)
    confirmed = [each for each in there if each.state == "confirmed"]
    if not confirmed:
        row.problem = "sender not confirmed"
        return _from_unconfirmed(tx, row, there, incoming)
    if incoming.sort is Sort.LEFT:
        for address in confirmed:
            left(tx, address)
        row.person_id = confirmed[0].person_id
        return ()
    _from_confirmed(tx, row, confirmed, [each for each in there if each.state == "pending"], incoming)
    unused = brought(tx, row.person_id or 0, row.channel, incoming.file) if incoming.file else None
    if unused is not None:
        tx.rows.delete(unused)
    row.outcome = row.outcome or Outcome.UNDERSTOOD
    return ()


def _from_unconfirmed(tx: Tx, row: InboxRow, there: list[Address], incoming: Incoming) -> tuple[Courtesy, ...]:
    if incoming.sort in {Sort.LEFT, *SIGNS}:
        return ()
    cry = incoming.sort is not Sort.FORWARD and in_danger(incoming.text, tx.programme)
    known = cry and (bool(there) or cry_by_name(tx, incoming))
    row.outcome = Outcome.HANDED if known else Outcome.UNDERSTOOD if code_in(incoming.text) else Outcome.UNREAD
    pending = [each for each in there if each.state == "pending"]
    return wait_on(tx, pending, incoming) if pending else meet(tx, incoming, there)


def _from_confirmed(
    tx: Tx, row: InboxRow, confirmed: list[Address], pending: list[Address], incoming: Incoming
) -> None:
    """From somebody we know: which of those who share the address, they say or their message does."""
    if len(confirmed) + len(pending) > 1 and _is_cry(tx, incoming):
        return _cry_of_several(tx, row, [*confirmed, *pending], incoming)
    other = of_somebody_else(tx, confirmed, code_in(incoming.text)) if incoming.sort is Sort.SAID else None
    if other is not None:
        row.person_id = confirmed[0].person_id
        return ask_sharing(tx, confirmed[0], other)
    said = answered(tx, confirmed, incoming) if len(confirmed) > 1 else None
    if said is not None:
        here, words = said
        if words:
            return _from_person(
                tx, row, here, replace(incoming, text="\n".join(words), token="", reply_to="", thread="")
            )
        row.person_id = here.person_id
        return tell(tx, here.person, ONCE_MORE)
    address = whose(tx, confirmed, incoming, row)
    if address is not None:
        return _from_person(tx, row, address, incoming)
    for each in confirmed:
        listen(tx, each.person, incoming, row, read=True)  # who does not cry is first asked who they are
    if not keep_of_several(tx, [each.person_id for each in confirmed], row, incoming.text):
        ask_who(tx, confirmed, incoming)


def _is_cry(tx: Tx, incoming: Incoming) -> bool:
    said = incoming.sort is not Sort.FORWARD and bool(incoming.text)
    return said and is_sos(incoming.text, tx.programme.sos.words)


def _cry_of_several(tx: Tx, row: InboxRow, addresses: list[Address], incoming: Incoming) -> None:
    """Nobody asks who it is first: every learner of the address is helped, and the adults hear all the names."""
    row.shown, row.person_id, row.outcome = incoming.text, addresses[0].person_id, Outcome.HANDED
    if any(tried(tx, each.person, incoming.text) for each in addresses):
        return
    stays = cry_of_all(tx, addresses, incoming.text)
    if stays:
        answer_at_once(tx, stays[0])
    for each in addresses:
        was_used(tx.rows, each, tx.now)
        _last_sign(tx, each.person)
        if each.person.holds(Role.PARENT):
            hear_parent(tx, each.person, incoming, row)


def _from_person(tx: Tx, row: InboxRow, address: Address, incoming: Incoming) -> None:
    person = address.person
    row.person_id, row.message = person.id, incoming.message or None
    if row.written_at is not None and late(row.written_at, row.received_at):
        row.said = said_before(tx.rows, person.id, row.written_at)
    if incoming.sort is not Sort.UNSURE:
        _is_here(tx, person, address)
    _try_again_now(tx, person)
    if incoming.text.startswith("/") and last_stay(tx.rows, person.id) is not None:
        incoming = replace(incoming, text=without_slash(incoming.text))
    cry, sent = _is_cry(tx, incoming), incoming.file
    if cry:
        row.outcome = Outcome.HANDED
        incoming = replace(incoming, sort=Sort.SAID, edited=False, file=None, reply_to="", thread="")  # however it came
    if incoming.unseen and incoming.text:
        incoming = replace(incoming, sort=Sort.SAID)  # words under a video are words
    if _is_only_parent(tx, person) and not incoming.token and incoming.sort not in SIGNS:
        return _from_parent(tx, row, address, person, incoming, cry=cry)
    listens = incoming.sort in {Sort.SAID, Sort.UNSURE} and not incoming.token and not cry
    listened = listen_for_distress(tx, person, incoming, row) if listens else Listened()
    match incoming:
        case Incoming(sort=Sort.BACK):
            _alive(tx, person)
        case Incoming(sort=Sort.FORWARD | Sort.OTHER | Sort.SEALED | Sort.UNSURE):
            unread(tx, person, incoming, row)
        case Incoming(sort=Sort.UNDONE):
            take_back(tx, person, row.channel, incoming)
        case Incoming(sort=Sort.TAPPED) if tap(tx, row, address, person, incoming):
            pass
        case Incoming(sort=Sort.TAPPED | Sort.NODDED):
            _alive(tx, person)
        case Incoming(token=token) if token:
            press_for(tx, row, person, token)
        case Incoming(edited=True):
            revise(tx, person, row.channel, incoming)
        case Incoming(file=file) if file is not None:
            take_file(tx, row, person, incoming)
        case Incoming() if (
            listened.instead is None and _replies(incoming) and answer_to(tx, row, address, person, incoming)
        ):
            row.shown = incoming.text
        case _:
            row.shown = incoming.text  # an alert says whom these very words name
            hear(tx, person, incoming.text, row, listened)
    opened = cry_of(tx, last_stay(tx.rows, person.id)) if cry and sent is not None else None
    if opened is not None and offer_file(tx, opened.stay, row, sent):
        stand_in(tx, opened, [row.id])


def _is_here(tx: Tx, person: Person, address: Address) -> None:
    """A sign of life, whatever it is that they want."""
    was_used(tx.rows, address, tx.now)
    _last_sign(tx, person)
    stay = current_stay(tx.rows, person.id)
    if stay is not None:
        heard_of(tx, stay)
    if has_desk(held.role for held in person.roles):
        read_by(tx, person, address)


def _replies(incoming: Incoming) -> bool:
    return bool(incoming.reply_to or incoming.thread)


def _last_sign(tx: Tx, person: Person) -> None:
    """The last sign of life is when they wrote, not when we read it."""
    was_heard(tx.rows, person, tx.written or tx.now)


def _is_only_parent(tx: Tx, person: Person) -> bool:
    """Whether somebody is a guardian and nothing else: a teacher or a learner who is one, too, keeps their own ways."""
    roles = {held.role for held in person.roles}
    return Role.PARENT in roles and not has_desk(roles) and current_stay(tx.rows, person.id) is None


def _from_parent(tx: Tx, row: InboxRow, address: Address, person: Person, incoming: Incoming, *, cry: bool) -> None:
    row.shown, row.outcome = incoming.text or None, Outcome.HANDED if cry else None
    words = incoming.sort is Sort.SAID and not cry and bool(incoming.text) and not incoming.text.startswith("/")
    if words and _replies(incoming) and answer_to(tx, row, address, person, incoming):
        return
    if words and answer_what_stands(tx, person, incoming.text, row):
        return
    hear_parent(tx, person, incoming, row)


def _alive(tx: Tx, person: Person) -> None:
    stay = current_stay(tx.rows, person.id)
    if stay is not None:
        sign_of_life(tx, stay)


def _try_again_now(tx: Tx, person: Person) -> None:
    """Whoever writes can be reached: what waits for another try goes now, and their answer right behind it."""
    for row in pending_to(tx.rows, person.id):
        if row.attempts > 0 and row.due_at > tx.now:
            row.due_at = tx.now
