"""The learner who asked for help now hears who has taken it: a name is worth more than "somebody"."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.level import Level
from bot.domain.messages import Letter
from bot.handlers.post import About, post
from bot.i18n import Text, _
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person

SAYS: dict[str, Text] = {
    "says call": _("{owner} is looking after you and calls you. Keep your phone near you."),
    "says write": _("{owner} is looking after you and writes to you here."),
}
SOON: Text = _("{owner} is looking after you and gets in touch with you.")
UNASKED = frozenset({"missed", "undelivered", "overdue"})
"""Cases that the learner knows nothing about: they have asked for nothing."""


def tell_who_took(tx: Tx, case: CaseRow) -> None:
    """Name the adult, and say whether they call or write, as the learner wished last."""
    if case.level is not Level.NOW or case.topic in UNASKED or case.owner_id is None:
        return
    tx.rows.flush()
    wished = select(CaseEvent.kind).where(CaseEvent.case_id == case.id, CaseEvent.kind.in_(SAYS))
    last = tx.rows.scalars(wished.order_by(CaseEvent.id.desc()).limit(1)).first()
    values = {"owner": tx.rows.get_one(Person, case.owner_id).full_name}
    letter = Letter(SAYS[last] if last else SOON, values)
    post(tx, case.stay.person_id, letter, Lane.ALERT, About(stay=case.stay_id))
