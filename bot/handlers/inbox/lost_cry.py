"""A cry for help that could not be handled: something of ours is broken, and people hear of it all the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.domain.channel import NAMES
from bot.domain.messages import Letter
from bot.domain.person import Role
from bot.domain.roster.phones import shown_phone
from bot.handlers.say.post import About, post_everywhere
from bot.i18n import _
from bot.store.db import Tx
from bot.store.messages import InboxRow, OutboxRow
from bot.store.people import Person, addresses_at
from bot.store.team import team

LAST_RESORT = (Role.ON_CALL, Role.COORDINATOR, Role.DEPUTY, Role.HEAD, Role.CONSORTIUM)
CRY = _("SOS from {learner} ({phone}). Compagnon could not open a case: nobody else follows this. Please call now.")
CRY_OF_SOMEBODY = _(
    "SOS on {channel}: somebody calls for help, and Compagnon cannot make out who. They were told to call 112. Please ask around now; your IT person finds the message under number {number} of the inbox."
)
SOMEBODY = "cry of somebody"
LATELY = timedelta(hours=1)
NO_PHONE = _("no phone number")


def cry_out(tx: Tx, number: int, sender: Callable[[str, str, dict[str, Any]], str]) -> int:
    """A cry for help could not be handled: something of ours is broken, and every adult who could take it hears of it.
    `sender` says who an update is from, as far as that can be seen.

    Returns how many were told; 0 where it was no cry.
    """
    row = tx.rows.get(InboxRow, number)
    if row is None or not row.urgent:
        return 0
    address = sender(row.channel, row.native, row.raw)
    there = [each for each in addresses_at(tx.rows, row.channel, address) if each.state != "revoked"]
    return sum(_tell_everybody(tx, each.person) for each in there) or _tell_of_somebody(tx, row)


def _tell_of_somebody(tx: Tx, row: InboxRow) -> int:
    """Nobody can say who it is: the consortium's people ask around. Told once for what comes within the hour."""
    lately = select(OutboxRow.id).where(OutboxRow.step == SOMEBODY, OutboxRow.created_at > tx.now - LATELY)
    if tx.rows.scalars(lately.limit(1)).first() is not None:
        return 0
    told = [adult.person for adult in team(tx.rows) if Role.CONSORTIUM in adult.every_role]
    letter = Letter(CRY_OF_SOMEBODY, {"channel": NAMES.get(row.channel, row.channel), "number": row.id})
    for person in told:
        post_everywhere(tx, person, letter, About(step=SOMEBODY))
    return len(told)


def _tell_everybody(tx: Tx, learner: Person) -> int:
    told = [
        adult.person
        for adult in team(tx.rows)
        if adult.roles_at(learner.school_id).intersection(LAST_RESORT) and adult.person != learner.id
    ]
    values = {
        "learner": learner.full_name,
        "phone": shown_phone(learner.phone) if learner.phone else {"text": NO_PHONE},
    }
    for person in told:
        post_everywhere(tx, person, Letter(CRY, values))
    return len(told)
