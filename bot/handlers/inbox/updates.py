"""An update that was read, with those whose address it comes from: what an answer needs is read for several at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.domain.messages import Incoming
from bot.store.db import Tx
from bot.store.messages import InboxRow
from bot.store.people import Address
from bot.store.prefetch import addresses_at_hand, outgoing_at_hand


class Arrived(NamedTuple):
    """An update, what it says, and whose address it comes from."""

    row: InboxRow
    incoming: Incoming
    there: list[Address]


def arrived(tx: Tx, channel: str, said: Mapping[str, tuple[InboxRow, Incoming]]) -> list[Arrived]:
    """Updates of one channel, by the address that each comes from."""
    there = addresses_at_hand(tx.rows, channel, said)
    return [Arrived(*each, there[address]) for address, each in said.items()]


def read_ahead(tx: Tx, answers: Sequence[Arrived]) -> None:
    """What we said to those who answer, as far as an answer needs it."""
    people = {address.person_id for each in answers for address in each.there}
    numbers = {int(each.incoming.token.partition(".")[0]) for each in answers if names_one(each.incoming.token)}
    if people:
        outgoing_at_hand(tx.rows, people, numbers)


def names_one(token: str) -> bool:
    """Whether a button names a message and a place: whatever else it says was never ours."""
    number, dot, place = token.partition(".")
    return bool(dot) and all(each.isascii() and each.isdigit() for each in (number, place)) and len(token) < 24
