"""The words of the first second after a cry for help, made ready for every address: nobody waits for the database then."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bot.domain.sos import card
from bot.handlers.facts import emergency
from bot.i18n import render
from bot.store.db import Tx
from bot.store.people import Address, Person, School
from bot.store.stays import StayRow


def cards(tx: Tx, channel: str) -> dict[str, str]:
    """For each confirmed address of a learner, what a cry from there is answered at once: in their language, with the
    emergency number of where they are and the on-call phone of their school, else the consortium's.
    """
    wanted = (
        select(Address.native, Person.language, StayRow)
        .join(Person, Person.id == Address.person_id)
        .join(StayRow, StayRow.person_id == Person.id)
        .where(Address.channel == channel, Address.state == "confirmed")
        .order_by(StayRow.cancelled.desc(), StayRow.departure)  # the last word is the current stay's
        .options(joinedload(StayRow.school), joinedload(StayRow.person))
    )
    everybodys = tx.rows.scalar(select(School.on_call_phone).where(School.ref == ""))
    found = {}
    for native, language, stay in tx.rows.execute(wanted):
        on_call = stay.school.on_call_phone or everybodys
        values = {"emergency": emergency(tx.programme, stay.facts(), tx), "on_call": on_call}
        found[native] = render(card(on_call), language, values)
    return found
