"""Whoever has a device already hears at once that a link in their name was opened on another, and can say that it was not them."""

from __future__ import annotations

from bot.domain.channel import OPEN
from bot.domain.messages import Letter, Offer
from bot.domain.stay import Kind
from bot.handlers.people.confirm import account_of, asking, note, who_confirms
from bot.handlers.say.post import About, post, settle_asked, tell
from bot.i18n import Text, _
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Address, Person, addresses_of
from bot.store.stays import current_stay

STEP = "other device"
OPENED: Text = _("A link in your name was just opened on another device ({channel}). Was it you?")
OPENED_ADULT: Text = _(
    "Somebody has just opened a link that was made for you, on another device ({channel}). Was that you?"
)
FINE: Text = _("All right.")
REFUSED: Text = _("Thank you. That device is refused, and sees nothing. The school knows.")
TOO_LATE: Text = _(
    "Thank you. An adult of the school has let that device in already: I have told them. They will call."
)
NOT_THEM: Text = _(
    "{name} says that a link in their name was opened on a device that is not theirs ({channel}). It is refused. Please find "
    "out who had the link, and hand over a new one in person."
)
NOT_THEM_LATE: Text = _(
    "{name} says that a device which was let in is not theirs ({channel}). It still reads what is written to {name}. Please "
    "ring {name} now, and hand over a new link: the new device takes its place."
)


def tell_the_others(tx: Tx, address: Address, person: Person) -> None:
    """Ask on each device that is confirmed, other than the one the link was opened on."""
    stay = current_stay(tx.rows, person.id)
    learner = stay is not None and stay.kind is not Kind.STAFF
    action = {"do": "other_device", "address": address.id}
    offers = (Offer(_("Yes, it was me"), action | {"me": True}), Offer(_("No, it was not me"), action | {"me": False}))
    letter = Letter(OPENED if learner else OPENED_ADULT, {"channel": account_of(address)}, offers)
    for other in addresses_of(tx.rows, person.id):
        if other.channel not in OPEN and other.id != address.id and other.native != address.native:
            asked = post(tx, person.id, letter, Lane.ANSWER, About(step=STEP))
            asked.address_id, asked.bound = other.id, True


def says(tx: Tx, person: Person, number: int, *, me: bool) -> None:
    """It was them, or it was not: then it is refused, where nobody has let it in yet, and an adult hears."""
    address = tx.rows.get(Address, number)
    if address is None or address.person_id != person.id:
        return
    if me:
        return tell(tx, person, FINE)
    values = {"name": person.full_name, "channel": account_of(address)}
    waiting = address.state == "pending"
    if waiting:
        address.state = "revoked"
        settle_asked(tx, asking(address))
    note(tx, address, "not theirs")
    for adult in sorted(who_confirms(tx, person)):
        post(tx, adult, Letter(NOT_THEM if waiting else NOT_THEM_LATE, values), Lane.ANSWER)
    return tell(tx, person, REFUSED if waiting else TOO_LATE)
