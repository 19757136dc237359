"""A device or account that is known already opens a link made for somebody else: do they share it?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.domain.messages import Letter, Offer
from bot.handlers.people.addresses import TO_ALL
from bot.handlers.people.invitations import Claim, Claimed, invitation_of, state_of, use
from bot.handlers.say.post import About, post, tell
from bot.i18n import _
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Address, Invitation, Person, addresses_at

NOT_YOURS = _(
    "This link is not for this conversation. Whoever it was made for opens it with their own account or device. We go on here as before."
)
SHARED = _("We share it")
ALONE = _("No, it is mine alone")
WAITS = _("Thank you. The school now says whether it is really them; then I write to both of you here, each by name.")
TOGETHER = _("Thank you. I write to both of you here, each by name.")
TOO_YOUNG = _(
    "Telegram is for people of {age} or older. The link stays good: open it in a browser, with nothing to install."
)
OVER = _("This link is no longer good. Ask your school for a new one.")
KEPT = _("All right. Nothing has changed here.")


def of_somebody_else(tx: Tx, addresses: Sequence[Address], code: str) -> Invitation | None:
    """The good invitation that a code opens, where it was made for none of those who are here."""
    found = invitation_of(tx, code) if code else None
    if found is None or found.used_at is not None or found.expires_at <= tx.now:
        return None
    return found if all(each.person_id != found.person_id for each in addresses) else None


def ask_sharing(tx: Tx, address: Address, invitation: Invitation) -> None:
    """A link was opened that is somebody else's: who is there? Nothing is said of whom it was made for."""
    action = {"do": "share", "invitation": invitation.id, "address": address.id}
    offers = (Offer(SHARED, action | {"yes": True}), Offer(ALONE, action | {"yes": False}))
    asked = post(tx, address.person_id, Letter(NOT_YOURS, {}, offers), Lane.ANSWER, About(step=TO_ALL[1]))
    asked.address_id, asked.bound = address.id, True


def share(tx: Tx, person: Person, action: dict[str, Any]) -> None:
    """They use it together, or not. Together: the other one is confirmed like everybody, and is written to by name."""
    invitation = tx.rows.get(Invitation, action["invitation"], with_for_update=True)
    address = tx.rows.get(Address, action["address"])
    if not action["yes"]:
        return tell(tx, person, KEPT)
    if invitation is None or address is None or invitation.used_at is not None or invitation.expires_at <= tx.now:
        return tell(tx, person, OVER)
    done = use(tx, invitation, address.channel, address.native, address.account or "")
    said = {Claimed.CONFIRMED: TOGETHER, Claimed.TOO_YOUNG: TOO_YOUNG}.get(done.state, WAITS)
    return tell(tx, person, said, {"age": tx.programme.rules.telegram_min_age})


def owners_of(tx: Tx, native: str, code: str) -> list[str]:
    """Whose browser this is already, by first name, where a good link is made for somebody else."""
    there = [each for each in addresses_at(tx.rows, "web", native) if each.state in {"confirmed", "pending"}]
    return [each.person.first_name for each in there] if of_somebody_else(tx, there, code) is not None else []


def claim_shared(tx: Tx, code: str, channel: str, native: str, account: str = "") -> Claim:
    """Use a code up in a browser that others have already: they said that they share it."""
    invitation = invitation_of(tx, code)
    state = state_of(tx, invitation)
    if invitation is None or state is not Claimed.PENDING:
        return Claim(state)
    return use(tx, invitation, channel, native, account)
