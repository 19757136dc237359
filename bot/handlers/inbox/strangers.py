"""Somebody writes whom we do not know: a code makes them known; without one they hear who we are, and nothing is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from bot.domain.channel import NAMES
from bot.domain.distress import in_danger
from bot.domain.messages import Courtesy, Incoming, Letter, Sort
from bot.domain.person import STAFF
from bot.domain.programme.help import EUROPEAN
from bot.domain.spelling import named
from bot.handlers.case.exclusion import leave_out_named
from bot.handlers.case.sos import alarm
from bot.handlers.inbox.unreadable import SEALED, UNSURE
from bot.handlers.people.invitations import Claimed, claim
from bot.handlers.say.post import About, post
from bot.i18n import Text, Values, _, best_language, render
from bot.store.cases import open_case
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Address, Guardian, Person, addresses_at
from bot.store.records import setting
from bot.store.stays import StayRow, last_stay

CODE = re.compile(r"(?:^/\w+\s+|[/=]|^)([A-Za-z0-9_-]{20,64})\s*$")
"""A code as it comes: `/start CODE`, the whole link, or the code alone."""
NUMBER = re.compile(r"\+?\d[\d .()/-]{6,}\d")
SAME_DIGITS = 8
"""The last digits of a phone number, which neither the country's code nor a zero before them changes."""
STILL_OURS = timedelta(days=60)
"""So long after a return its learner may still be meant by a name."""
NO_CODE = _(
    "Hello, I am Compagnon, a robot. I only talk with people whom their school has invited: open the link or the "
    "QR code it gave you. In danger, call 112."
)
WAITING = _("Your coordinator has not yet said that it is really you. As soon as they have, we begin here. In danger, call 112.")  # fmt: skip
BOTH = _("{said}\nYour two check words: {words}. Say them to your coordinator, who sees the same.")
SHARED_CRY = _(
    "This SOS came from a device or account that {names} share: it can be any of them. Please reach each one."
)
FORMER_CRY = _(
    "This SOS came from a phone or account that was tied to {name} before, and may be somebody else's today. "
    "Please reach {name} all the same."
)
PENDING_CRY = _(
    "This SOS came from a phone or account of which nobody has said yet that it is {name}'s: it may be somebody else's. "
    "Please reach {name} all the same."
)
NAMED_CRY = _(
    "This SOS came from a phone or account that I do not know ({where}), and names {name}. It can be {name}, somebody with "
    "them, or nobody: please reach {name} now."
)
WHO_CRIES = _(
    "In danger, call 112 now. I do not know this phone or account. If you have written your first and last name, or your "
    "phone number, and your school is with me, its adults have been told. If not, send SOS and your name now. I am a "
    "robot, I cannot come."
)
PASSED_ON = _(
    "In danger, call 112 now. I have told the adults of the school. This phone or account is not the one that I know "
    "for you: they will reach you on the other, or by phone. I am a robot, I cannot come."
)
CRY_WAITS = _(
    "In danger, call 112 now. I have told the adults of the school: keep your phone near you. I am a robot, I cannot come."
)
COLLEAGUE = _(
    "Thank you. A colleague now says whether it is really you; then alerts come here. It can take until the next working day."
)
SAID: dict[Claimed, Text] = {
    Claimed.PENDING: _(
        "Thank you. Your coordinator now says whether it is really you; then we begin here. It can take until the "
        "next working day. In danger, call 112."
    ),
    Claimed.USED: _("This link has already been used: each one opens one conversation, once. If it was not you, say so to your school, and ask for a new one."),
    Claimed.EXPIRED: _("This link is too old: it is good for three days. Ask your school for a new one."),
    Claimed.UNKNOWN: _("This link is not right; perhaps a piece of it is missing. Open it again, or ask your school for a new one."),
    Claimed.TOO_YOUNG: _("Telegram is for people of {age} or older. We can talk just as well on a page of our own, with nothing to install: {page}\nI have kept nothing of what you sent here."),
}  # fmt: skip


def meet(tx: Tx, incoming: Incoming, former: Sequence[Address] = ()) -> tuple[Courtesy, ...]:
    """Words from an address that belongs to nobody, or not any more: `former` are those that it was once tied to."""
    if incoming.sort in {Sort.BACK, Sort.FORWARD}:
        return ()
    if in_danger(incoming.text, tx.programme):
        for stay in (stays := cry_of_all(tx, former, incoming.text)):
            _remark(tx, stay, Letter(FORMER_CRY, {"name": stay.person.full_name}))
        if stays:
            return _say(incoming, stays[0].person.language, PASSED_ON)
        return _say(incoming, None, WHO_CRIES)
    if incoming.sort in {Sort.SEALED, Sort.UNSURE}:
        return _say(incoming, None, SEALED if incoming.sort is Sort.SEALED else UNSURE, {"emergency": EUROPEAN})
    code = code_in(incoming.text)
    if not code:
        return _say(incoming, None, NO_CODE)
    done = claim(tx, code, incoming.channel, incoming.address, incoming.account)
    if done.state is Claimed.CONFIRMED:
        return ()
    page = (setting(tx.rows, "web_address") or {}).get("url", "")
    values = {"age": tx.programme.rules.telegram_min_age, "page": f"{page}/j/{code}"}
    if done.state is Claimed.PENDING:
        here = [each for each in addresses_at(tx.rows, incoming.channel, incoming.address) if each.state == "pending"]
        said = {"said": {"text": _of_a_colleague(here) or SAID[done.state]}, "words": _own_words(here)}
        return _say(incoming, done.language, BOTH, said)
    return _say(incoming, done.language, SAID[done.state], values)


def wait_on(tx: Tx, pending: Sequence[Address], incoming: Incoming) -> tuple[Courtesy, ...]:
    """Nothing is shown to an address that nobody has confirmed yet. A cry for help from it reaches the adults all the same."""
    if incoming.sort in {Sort.BACK, Sort.FORWARD}:
        return ()
    language = pending[0].person.language
    if in_danger(incoming.text, tx.programme):
        for stay in (stays := cry_of_all(tx, pending, incoming.text)):
            _remark(tx, stay, Letter(PENDING_CRY, {"name": stay.person.full_name}))
        if stays:
            return _say(incoming, language, CRY_WAITS)
    said = {"said": {"text": _of_a_colleague(pending) or WAITING}, "words": _own_words(pending)}
    return _say(incoming, language, BOTH, said)


def _of_a_colleague(pending: Sequence[Address]) -> Text:
    """What somebody of a team reads while they wait; empty for everybody else."""
    return COLLEAGUE if any(not STAFF.isdisjoint(each.person.adult.every_role) for each in pending) else ""


def cry_by_name(tx: Tx, incoming: Incoming) -> bool:
    """A cry from where nobody is known may say whose it is, by name or by a phone number of the roster: the adults hear
    of it, and where it came from. Whoever wrote hears the same words whether somebody is known or not.
    """
    account = f"{NAMES.get(incoming.channel, incoming.channel)}: {incoming.account}".removesuffix(": ")
    people = select(Person.id, Person.first_name, Person.last_name, Person.phone, Guardian.phone)
    people = people.join(StayRow, StayRow.person_id == Person.id).outerjoin(Guardian, Guardian.person_id == Person.id)
    rows = list(tx.rows.execute(people.where(StayRow.back >= tx.now.date() - STILL_OURS)))
    numbers = [_digits(number) for number in NUMBER.findall(incoming.text)]
    called = {person for person, _first, _last, *phones in rows for each in phones if each and _digits(each) in numbers}
    found = called or named(incoming.text, {person: (first, last) for person, first, last, *_phones in rows})
    stays = [stay for each in sorted(found) if (stay := last_stay(tx.rows, each)) is not None]
    for stay in stays:
        leave_out_named(tx, stay, incoming.text)
        alarm(tx, stay)
        _remark(tx, stay, Letter(NAMED_CRY, {"name": stay.person.full_name, "where": account}))
    return bool(stays)


def _digits(number: str) -> str:
    """What is the same however a number is written: abroad or at home, with spaces or without."""
    return "".join(filter(str.isdigit, number))[-SAME_DIGITS:]


def cry_of_all(tx: Tx, addresses: Sequence[Address], words: str) -> list[StayRow]:
    """A cry for help from an address is that of every learner it serves: the adults hear each name, and that it may be
    any of them, but for those whom its words name. Answers the stays."""
    stays = [stay for each in addresses if (stay := last_stay(tx.rows, each.person_id)) is not None]
    names = sorted(stay.person.full_name for stay in stays)
    for stay in stays:
        leave_out_named(tx, stay, words)
        alarm(tx, stay)
        if len(names) > 1:
            _remark(tx, stay, Letter(SHARED_CRY, {"names": {"list": names}}))
    return stays


def _own_words(pending: Sequence[Address]) -> str:
    """The check words of what waits here, those of the latest claim."""
    return max(pending, key=lambda each: each.used_at).check_words


def _remark(tx: Tx, stay: StayRow, letter: Letter) -> None:
    """Whoever was alerted hears what else is known of where a cry came from."""
    case = open_case(tx.rows, stay.id)
    if case is not None:
        for person in case.alerted:
            post(tx, person, letter, Lane.ALERT, About(stay=stay.id, case=case.id))


def code_in(text: str) -> str:
    """The code that a message brings; empty where it brings none."""
    found = CODE.search(text.strip())
    return found[1] if found else ""


def _say(incoming: Incoming, language: str | None, text: Text, values: Values | None = None) -> tuple[Courtesy, ...]:
    spoken = language or best_language(incoming.language or None)
    return (Courtesy(incoming.channel, incoming.address, render(text, spoken, values)),)
