"""Is it really them? An adult of the school says so, and then the first words are said."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bot.domain.channel import NAMES, OPEN
from bot.domain.messages import Letter, Offer
from bot.domain.need_to_know import may_with
from bot.domain.person import Role
from bot.domain.rights import Act, schools_of, somewhere
from bot.domain.working_time import next_monday
from bot.handlers.case.case import tell_newcomer
from bot.handlers.conversation.sessions import begin_now, queue
from bot.handlers.family.welcome import welcome
from bot.handlers.people.addresses import sharing
from bot.handlers.say.facts import in_charge, stay_facts
from bot.handlers.say.post import About, post, settle_asked
from bot.i18n import Text, _, phrase
from bot.store.cases import kept_from
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Address, Person, addresses_of, others_there
from bot.store.records import AuditRow
from bot.store.sessions import session_for
from bot.store.stays import current_stay
from bot.store.team import team

CONFIRM = _(
    "{name} has just opened their invitation ({channel}). Is it really them? Nothing is shown before you say so."
)
OTHER_DEVICE = _("{name} has another device already: {others}.")
BOTH_SEE = _("Whoever it is sees two words on their screen. Right are: {words}.")
SHARED = _("The same device or account is also that of {others}.")
CHANGED = _(
    "{name} has another identity on {channel} than when we met: a new phone after everything was lost, or somebody "
    "else. I write nothing to {name} there until you say. Please ask {name} by voice first. Is it really them?"
)
WELCOME_ADULT = _(
    "Good morning {name}. I am Compagnon. Alerts about your learners come here, each with its buttons. "
    "/tasks shows what waits for your tick, /help everything else."
)


def ask(tx: Tx, address: Address, person: Person, words: Text = CONFIRM) -> None:
    """Ask those who can say whether it is really them."""
    for number in sorted(who_confirms(tx, person)):
        ask_one(tx, number, address, person, words)


def who_confirms(tx: Tx, person: Person) -> set[int]:
    """The school's coordinator and deputy; else the consortium's own people. Nobody confirms themselves."""
    asked = {adult.id for adult in in_charge(tx, person.school_id)} - {person.id}
    return asked or {adult.person for adult in team(tx.rows) if Role.CONSORTIUM in adult.every_role} - {person.id}


def ask_one(tx: Tx, adult: int, address: Address, person: Person, words: Text = CONFIRM) -> None:
    """Ask one adult, for the first time or once more."""
    action = {"do": "confirm", "address": address.id}
    offers = (
        Offer(_("Yes, it is them"), action | {"yes": True}),
        Offer(_("No, it is not"), action | {"yes": False}),
    )
    values = {"name": person.full_name, "channel": account_of(address)}
    lines = [*_known_besides(tx, address, person), phrase(BOTH_SEE, words=address.check_words)]
    letter = Letter(
        "{question}\n{lines}", {"question": phrase(words, **values), "lines": {"list_lines": lines}}, offers
    )
    post(tx, adult, letter, Lane.ANSWER, About(step=asking(address)))


def _known_besides(tx: Tx, address: Address, person: Person) -> list[dict[str, Any]]:
    """What else whoever confirms should know: the person's other devices, and who else is in that chat or browser."""
    devices = [account_of(each) for each in addresses_of(tx.rows, person.id) if each.channel not in OPEN]
    others = [each.person.full_name for each in sharing(tx, address)]
    return [
        phrase(text, name=person.first_name, others={"list": known})
        for text, known in ((OTHER_DEVICE, devices), (SHARED, others))
        if known
    ]


def ask_again(tx: Tx, address: Address) -> None:
    """Their channel shows another identity: nothing goes there before an adult says that it is still them."""
    address.state = "pending"
    note(tx, address, "identity changed")
    ask(tx, address, address.person, CHANGED)


def account_of(address: Address) -> str:
    """The channel, and how the owner of an address is called there."""
    account = address.account or (address.native if address.channel == "matrix" else "")
    return f"{NAMES[address.channel]}: {account}" if account else NAMES[address.channel]


def asking(address: Address) -> str:
    """What the messages that ask about an address have in common: once one is answered, all are done."""
    return f"confirm {address.id}"


def confirm(tx: Tx, adult: Person, number: int, *, yes: bool) -> bool:
    """An adult of the school says whether an address is really the person's. The first answer counts.

    False where it is not theirs to say.
    """
    address = tx.rows.get_one(Address, number)
    person = address.person
    if not may_confirm_them(tx, adult, person):
        return False
    if address.state != "pending":
        said = _("This has been answered already. Thank you.")
    elif yes:
        accept(tx, address, person)
        settle_asked(tx, asking(address))
        said = _("Thank you. {name} can begin.")
    else:
        address.state = "revoked"
        note(tx, address, "refuse")
        settle_asked(tx, asking(address))
        said = _("Thank you. This device is refused; a new link is needed for {name}.")
    post(tx, adult.id, Letter(said, {"name": person.full_name}), Lane.ANSWER)
    return True


def may_confirm_them(tx: Tx, adult: Person, person: Person) -> bool:
    """Whether an adult may say who one particular person is: never whom that person does not want near them."""
    left_out = person.id in kept_from(tx.rows, adult.id)
    return may_with(adult.adult, Act.CONFIRM, person.school_id, left_out=left_out)


def may_confirm(adult: Person) -> bool:
    """Whether an adult may say who somebody of their school is."""
    return somewhere(adult.adult, Act.CONFIRM)


def unconfirmed(tx: Tx, adult: Person) -> list[Address]:
    """The addresses that wait for this adult's word, the oldest first."""
    if not may_confirm(adult):
        return []
    wanted = select(Address).join(Person, Person.id == Address.person_id).where(Address.state == "pending")
    schools = schools_of(adult.adult, Act.CONFIRM)
    if schools is not None:
        wanted = wanted.where(Person.school_id.in_(schools))
    return list(tx.rows.scalars(wanted.options(joinedload(Address.person)).order_by(Address.created_at, Address.id)))


def accept(tx: Tx, address: Address, person: Person) -> None:
    """The address is theirs: what was there before on this channel is revoked, and the first words are said."""
    for other in others_there(tx.rows, address):
        other.state = "revoked"
    address.state, address.used_at, address.identity = "confirmed", tx.now, None
    note(tx, address, "confirm")
    stay = current_stay(tx.rows, person.id)
    if person.holds(Role.PARENT):
        welcome(tx, person)
    elif stay is None:
        person.wake_at = person.wake_at or next_monday(person.zone, tx.programme.hours.team.start, tx.now)
        post(tx, person.id, Letter(WELCOME_ADULT, {"name": person.full_name}), Lane.ANSWER)
        tx.rows.flush()
        tell_newcomer(tx, person)
    elif stay.enrolled_at is None:
        begin(tx, person)
    else:
        post(
            tx, person.id, Letter(_("Good to see you again, {name}. We go on here."), stay_facts(tx, stay)), Lane.ANSWER
        )
        begin_now(tx, person.id)


def begin(tx: Tx, person: Person) -> None:
    """The first conversation of a learner; the one that stands, once more, where it was begun on another device."""
    stay = current_stay(tx.rows, person.id)
    if stay is None:
        return
    if session_for(tx.rows, stay.id, "enrolment", "open", "queued") is None:
        queue(tx, stay, "enrolment", ("enrolment", "once"), 0, stay_facts(tx, stay))
    begin_now(tx, person.id)


def note(tx: Tx, address: Address, action: str) -> None:
    target = f"address {address.id} of person {address.person_id}"
    tx.rows.add(AuditRow(at=tx.now, actor="enrolment", action=action, target=target, detail={}))
