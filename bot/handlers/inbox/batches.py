"""What waits in the inbox, decided several at a time: what they need is read in one go, what they change written in one go.

Only learners' answers go together, of different people on one channel. A cry for help, whatever cannot be read, and all that
adults, families and strangers write is decided alone. If one of several fails, nothing of any is kept, and each is decided
alone: it hinders no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from sqlalchemy import or_, select

from bot.clock import Enough
from bot.domain.messages import Courtesy, Incoming, Sort
from bot.domain.person import Role
from bot.domain.sos import is_sos
from bot.handlers.inbox.dispatch import Reader, handle, read
from bot.handlers.inbox.strangers import code_in
from bot.handlers.inbox.updates import Arrived, arrived, read_ahead
from bot.store.db import Tx
from bot.store.messages import IN_TURN, InboxRow
from bot.store.people import Address

LEAST, MOST = 4, 8
"""So many at once, and more until a moment is over: whoever cries for help waits for these. A busy machine, where the moment is
over after the first, decides some together all the same: it is then that it has to.
"""
_WAITING = select(InboxRow).where(InboxRow.state == "new").order_by(*IN_TURN).limit(MOST).with_for_update()
_NOT_BEHIND = _WAITING.where(or_(InboxRow.urgent, InboxRow.behind == 0))


class Decided(NamedTuple):
    """How many updates were handled, and what to say to strangers."""

    many: int
    courtesies: tuple[Courtesy, ...]


NOTHING = Decided(0, ())


def decide(tx: Tx, readers: Mapping[str, Reader], moment: Callable[[], Enough], *, patient: bool = False) -> Decided:
    """Handle the next of what waits: several answers, a few or until a `moment` is over, or one update of any other kind;
    where we are `patient`, nothing that stands behind others of its sender's.

    Raises:
        Unreadable: the first of them has no known shape; the caller quarantines it.
    """
    rows = tx.rows.scalars(_NOT_BEHIND if patient else _WAITING).all()
    many, courtesies, enough = 0, list[Courtesy](), moment()
    group = _next(tx, rows, readers) if rows else []
    read_ahead(tx, group)
    for each in group:
        courtesies += handle(tx, *each)
        many += 1
        if many >= LEAST and enough():
            break
    return Decided(many, tuple(courtesies))


def _next(tx: Tx, rows: Sequence[InboxRow], readers: Mapping[str, Reader]) -> list[Arrived]:
    """The first of the updates that wait, with those behind it that can be decided together with it."""
    first = read(rows[0], readers)
    said = {first.address: (rows[0], first)}
    for row in rows[1:] if _is_plain(tx, rows[0], first) else ():
        incoming = _plain(tx, row, readers)
        if incoming is None or row.channel != rows[0].channel or incoming.address in said:
            break
        said[incoming.address] = row, incoming
    found = arrived(tx, rows[0].channel, said)
    own = list(takewhile(lambda each: _is_a_learner(each.there), found))
    people = {each.there[0].person_id for each in own}
    return own if own and len(people) == len(own) else found[:1]


def _plain(tx: Tx, row: InboxRow, readers: Mapping[str, Reader]) -> Incoming | None:
    """What an answer says; None for all else, also where it cannot be read: that is told when its turn comes."""
    try:
        incoming = read(row, readers)
    except Exception:
        return None
    return incoming if _is_plain(tx, row, incoming) else None


def _is_plain(tx: Tx, row: InboxRow, incoming: Incoming) -> bool:
    """Whether it is a button or words that ask for nothing of their own."""
    said = incoming.sort is Sort.SAID and bool(incoming.token or incoming.text)
    apart = incoming.edited or incoming.file is not None or incoming.text.startswith("/") or code_in(incoming.text)
    return said and not (apart or row.urgent or is_sos(incoming.text, tx.programme.sos.words))


def _is_a_learner(there: Sequence[Address]) -> bool:
    """Whether it is the address of somebody who is a learner and nothing else, and of nobody beside them."""
    if len(there) != 1 or there[0].state != "confirmed":
        return False
    return {held.role for held in there[0].person.roles} == {Role.LEARNER}
