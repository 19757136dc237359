"""What came of sending: written down, and what follows from it decided. A sender that died left it unknown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import bindparam, select

from bot.domain.channel import NotSent, Outcome, Permanent, Sent, Unknown
from bot.domain.messages import Letter, Outgoing
from bot.domain.waiting import waited
from bot.handlers.conversation.waiting_time import deaf_to
from bot.handlers.people.confirm import ask_again
from bot.handlers.sending.delivered import on_its_way, undelivered
from bot.handlers.sending.delivered_batch import Arrived, Edit, arrived, edited
from bot.store.db import Tx
from bot.store.messages import IS_SENDING, Lane, OutboxRow
from bot.store.people import Address, addresses_of
from bot.store.send_queue import look_again

LEASE = timedelta(seconds=60)
"""A sender that has not settled by then is taken for dead."""
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
FAILURES = 3
"""After so many failures the person's next address is tried."""
DOUBTS = 6
"""An alert whose outcome stayed unknown so often has been sent often enough; the ladder climbs on."""
ANOTHER = "identity changed"
"""What an encrypted channel says of an address whose owner's keys are not those we know."""
PATIENCE = timedelta(days=1)
"""A message that could not be sent for so long is given up: an adult must know."""
OFTEN = 24
"""An alert was tried so often by then as well, some hours: a day may pass in a moment, where we were away or the clock is wrong."""


@dataclass(frozen=True)
class Prepared:
    """A message claimed for sending. `fence` tells a late settlement from the present one."""

    row: int
    fence: int
    channel: str
    person: int
    asks: bool
    """Whether it is of a conversation, whose wait may begin once it has arrived."""
    message: Outgoing


_SENDING = select(OutboxRow).where(OutboxRow.state == IS_SENDING).with_for_update(skip_locked=True)
_IN_HAND = (
    select(OutboxRow.id, OutboxRow.fence, OutboxRow.edit_of)
    .where(OutboxRow.id.in_(bindparam("numbers", expanding=True)), OutboxRow.state == IS_SENDING)
    .with_for_update()
)
"""No more of them than who holds them: nearly all arrive, and of those nothing else is read."""
_ROWS = select(OutboxRow).where(OutboxRow.id.in_(bindparam("numbers", expanding=True)))
_LOST = _SENDING.where(OutboxRow.lease_until <= bindparam("now"))


def recover(tx: Tx, repeatable: frozenset[str], *, everything: bool = False) -> None:
    """Rows whose sender died: their outcome is unknown. `everything` at the start of the only process."""
    lost = _SENDING if everything else _LOST
    for row in tx.rows.scalars(lost, {} if everything else {"now": tx.now}):
        address = tx.rows.get(Address, row.address_id) if row.address_id else None
        if address is not None and address.channel in repeatable:
            row.state, row.lease_until = "pending", None
        else:
            _settle_one(tx, row, Unknown())


def settle(tx: Tx, outcomes: list[tuple[Prepared, Outcome]]) -> None:
    """Write down what came of sending, what arrived all at once. A sender whose lease was taken over is not heard.
    Nothing of the messages may have been read before in this transaction.
    """
    held = {row.id: row for row in tx.rows.execute(_IN_HAND, {"numbers": [each.row for each, _outcome in outcomes]})}
    heard = {
        each.row: outcome
        for each, outcome in outcomes
        if (row := held.get(each.row)) is not None and row.fence == each.fence
    }
    sent = {number: outcome.native for number, outcome in heard.items() if isinstance(outcome, Sent)}
    edits = {number: native for number, native in sent.items() if held[number].edit_of is not None}
    told = [each for each, _outcome in outcomes if each.row in sent and each.row not in edits]
    arrived(tx, [Arrived(each.row, sent[each.row], each.message.urgent, each.asks) for each in told])
    edited(tx, [Edit(number, held[number].edit_of, native) for number, native in edits.items()])
    others = [number for number in heard if number not in sent]
    if others:
        rows = {row.id: row for row in tx.rows.scalars(_ROWS, {"numbers": others})}
        for number in others:
            _settle_one(tx, rows[number], heard[number])


def _settle_one(tx: Tx, row: OutboxRow, outcome: Outcome) -> None:
    row.lease_until = None
    if row.edit_of is not None:
        return _settle_edit(tx, row, outcome)
    match outcome:
        case NotSent() if row.attempts >= _enough(row) and _tried_for(tx, row) >= PATIENCE:
            row.state, row.problem = "failed", "could not be sent"
            undelivered(tx, row)
        case NotSent(retry_after):
            row.said = None  # when it arrives, it stands where it arrives
            _again(tx, row, retry_after)
            on_its_way(tx, row)
        case Permanent("refused"):
            _refused(tx, row)
        case Permanent(reason) if reason == ANOTHER:
            _ask_who(tx, row, reason)
        case Permanent(reason):
            give_up_address(tx, row, reason)
        case Unknown() if row.lane == Lane.ALERT and row.attempts + 1 < DOUBTS:
            letter = Letter.from_json(row.message)
            row.message = replace(letter, marks=("again",)).to_json()
            _again(tx, row)
        case Unknown() if row.lane == Lane.ANSWER and row.attempts == 0:
            _again(tx, row)  # somebody waits for it: twice is better than never, once
        case Unknown():
            row.state = "unknown"
            undelivered(tx, row)
    return None


def _enough(row: OutboxRow) -> int:
    """So many failures before it may be given up."""
    return OFTEN if row.lane == Lane.ALERT else FAILURES


def _tried_for(tx: Tx, row: OutboxRow) -> timedelta:
    """How long a message has been tried; an outage of its channel is not its reader's fault. An alert minds no reason."""
    if row.lane == Lane.ALERT or tx.now - row.created_at < PATIENCE:
        return tx.now - row.created_at
    return waited(row.created_at, tx.now, deaf_to(tx, row.person_id, row.created_at))


def _settle_edit(tx: Tx, row: OutboxRow, outcome: Outcome) -> None:
    """An edit may be repeated without harm, and nothing depends on it: tried a few times, then let be."""
    match outcome:
        case NotSent(retry_after) if row.attempts < FAILURES:
            _again(tx, row, retry_after)
        case Unknown() if row.attempts < FAILURES:
            _again(tx, row)
        case _:
            tx.rows.delete(row)


def _refused(tx: Tx, row: OutboxRow) -> None:
    """The platform will not have this, which is our fault and not the address's: what goes without its file goes so, and
    an alert leaves in the fewest words.
    """
    letter = Letter.from_json(row.message)
    if letter.file is not None:
        row.state, row.message = "pending", replace(letter, file=None, marks=(*letter.marks, "unshown")).to_json()
        return
    if row.lane == Lane.ALERT and row.problem != "refused":
        row.state, row.problem, row.message = "pending", "refused", Letter(bare_words(row)).to_json()
        return
    row.state, row.problem = "failed", "refused"
    undelivered(tx, row)


def bare_words(row: OutboxRow) -> str:
    """An alert in the fewest words, for when nothing else works."""
    return f"SOS – case {row.case_id or '?'}, stay {row.stay_id or '?'}"


def _again(tx: Tx, row: OutboxRow, after: timedelta | None = None) -> None:
    """Try again: after a pause that doubles, or when the platform said."""
    pause = min(FIRST_PAUSE * 2 ** min(row.attempts, 20), LONGEST_PAUSE)
    row.state, row.attempts, row.due_at = "pending", row.attempts + 1, tx.now + (after or pause)


def set_aside(tx: Tx, prepared: Prepared) -> None:
    """What followed from an outcome could not be carried out: the message itself is over all the same."""
    row = tx.rows.get(OutboxRow, prepared.row)
    if row is not None and row.state == "sending" and row.fence == prepared.fence:
        row.state, row.lease_until, row.problem = "unknown", None, "outcome could not be settled"


def _ask_who(tx: Tx, row: OutboxRow, reason: str) -> None:
    """Perhaps it is somebody else: an adult says so. Until then the person's next address, else an adult must know."""
    address = tx.rows.get(Address, row.address_id) if row.address_id else None
    if address is not None and address.state == "confirmed":
        ask_again(tx, address)
        tx.rows.flush()
    _elsewhere(tx, row, reason)


def give_up_address(tx: Tx, row: OutboxRow, reason: str) -> None:
    """Nobody is there any more, unless they write again: the person's next address, else an adult must know.

    A copy that is bound to the address ends here: the others of the same alert are on their way, or were.
    """
    address = tx.rows.get(Address, row.address_id) if row.address_id else None
    if address is not None:
        address.state = "left"
        tx.rows.flush()
        look_again(tx.rows, row.person_id)
    _elsewhere(tx, row, reason)


def _elsewhere(tx: Tx, row: OutboxRow, reason: str) -> None:
    if not row.bound and addresses_of(tx.rows, row.person_id):
        row.state = "pending"
        return
    row.state, row.problem = "failed", reason
    undelivered(tx, row)
