"""At 18 what a guardian agreed to ends: the family hears nothing more, and the learner is asked, once."""

from __future__ import annotations

from bot.domain.consent import Giver, agrees
from bot.domain.messages import Letter, Offer
from bot.handlers.post import About, post
from bot.i18n import _
from bot.store.consents import consents_of
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.stays import StayRow

ASK = _(
    "You are 18 now: from today your family hears nothing more from me unless you want it. Do you want them to go on "
    "knowing that you have arrived, given news, come back? Never your answers. You can change it any time: /family"
)
YES = _("Yes, they may know")
NO = _("No, nothing more")


def ask_again(tx: Tx, stay: StayRow) -> str:
    """Ask a learner who has come of age, where the family was told something until now."""
    if not agrees(consents_of(tx.rows, stay.person_id), Giver.GUARDIAN, tx.now):
        return "nobody"
    offers = (
        Offer(YES, {"do": "command", "word": "family", "rest": "yes"}),
        Offer(NO, {"do": "command", "word": "family", "rest": "no"}),
    )
    post(tx, stay.person_id, Letter(ASK, {}, offers), Lane.PROMPT, About(stay=stay.id))
    return "asked"
