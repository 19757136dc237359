"""A cry for help that could not be handled: something of ours is broken, and the adults hear of it all the same."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from bot.domain.channel import read_plain
from bot.domain.messages import Letter
from bot.domain.person import Role
from bot.handlers.dispatch import Reader
from bot.handlers.post import post_everywhere
from bot.i18n import _
from bot.store.db import Tx
from bot.store.messages import InboxRow
from bot.store.people import Person, address_at, team

TOLD = (Role.ON_CALL, Role.COORDINATOR, Role.DEPUTY, Role.HEAD, Role.CONSORTIUM)
CRY = _("SOS from {learner} ({phone}). Compagnon could not open a case: nobody else follows this. Please call now.")
NO_PHONE = _("no phone number")


def cry_out(tx: Tx, number: int, readers: Mapping[str, Reader]) -> int:
    """Tell every adult who could take the case, without one. Returns how many were told; 0 where it was no cry."""
    row = tx.rows.get(InboxRow, number)
    if row is None or not row.urgent:
        return 0
    incoming = readers.get(row.channel, partial(read_plain, row.channel))(row.native, row.raw)
    address = address_at(tx.rows, row.channel, incoming.address)
    if address is None or address.state == "revoked":
        return 0
    learner = tx.rows.get_one(Person, address.person_id)
    told = [
        adult.person
        for adult in team(tx.rows)
        if adult.school in {None, learner.school_id} and adult.roles.intersection(TOLD) and adult.person != learner.id
    ]
    values = {"learner": learner.full_name, "phone": learner.phone or {"text": NO_PHONE}}
    for person in told:
        post_everywhere(tx, person, Letter(CRY, values))
    return len(told)
