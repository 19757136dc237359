"""`/balance` and `/certificate`: whose payment waits and for what; and the dates of a signed certificate, compared at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.domain.balance import Certificate, Fault, Outcome
from bot.domain.messages import Letter, Offer
from bot.domain.rights import Act
from bot.domain.typed_days import DaysError, read_leave
from bot.domain.typed_days import Fault as Written
from bot.handlers.desk.payments import OUTCOMES, Payment, certify, may_record, payments, record, remarks
from bot.handlers.desk.visibility import NOT_YOURS, named, sight_of
from bot.handlers.say.post import About, post, tell
from bot.i18n import Text, _, listed, phrase
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person
from bot.store.stays import StayRow, stays_of_person

STEP = "certificate awaited"
NONE = _("No balance waits: every stay that is over is settled.")
READY, WAITING = _("Nothing is missing, the balance can be paid:"), _("The balance waits:")
UNSURE = _("Nothing is missing, but settle this before you pay:")
WAITS = _("{learner}: {items}")
MOST = 20
NAMED = 4
HOW = _("Add a name: /certificate Lina")
ASK = _("Certificate of attendance of {learner}. Agreed: {first} to {last}. What does the signed one say? Press, or write its first and last day, like 01/03 26/03.")  # fmt: skip
AS_AGREED, NO_SHOW = _("As agreed: {first} to {last}"), _("Did not take part")
NOTED = _("Noted for {learner}: {outcome}, {certified} days certified, {agreed} agreed.")
NOT_THERE = _("Noted for {learner}: did not take part. Nothing more is asked, no balance is due; what was paid in advance is to be settled.")  # fmt: skip
FAULTS: dict[Fault | None, Text] = {
    None: _("I cannot read these dates. Write the first and the last day, like 01/03 26/03 or 2027-03-01 2027-03-26."),
    Fault.BACKWARDS: _("The last day is before the first. Write the first and the last day, like 01/03 26/03."),
    Fault.FUTURE: _("The last day has not come yet: a certificate counts once that day is over."),
    Fault.ELSEWHEN: _("These days are far from the stay ({first} to {last}). Look at the year, and write them again."),
}


def balance(tx: Tx, person: Person, rest: str = "") -> None:
    """What can be paid, and what still waits for what. `rest` is not looked at: the list is short."""
    found = [each for each in payments(tx, person.adult) if not each.standing.paid]
    ready = [each for each in found if each.standing.ready]
    unsure = [each for each in ready if each.standing.remarks]
    blocked = [each for each in found if each.standing.missing]
    if not found:
        return tell(tx, person, NONE)
    names = [each.row.person.short_name for each in ready if each not in unsure]
    lines = [phrase(READY), {"text": "{names}", "values": {"names": listed(names, MOST)}}] if names else []
    lines += [phrase(UNSURE)] if unsure else []
    lines += [
        phrase(WAITS, learner=each.row.person.short_name, items=said)
        for each in unsure[:MOST]
        for said in remarks(tx.programme, each.row, each.standing.compared)
    ]
    lines += [phrase(WAITING)] if blocked else []
    for each in blocked[:MOST]:
        items = listed([phrase(item.words) for item, _state in each.standing.missing], NAMED)
        lines.append(phrase(WAITS, learner=each.row.person.short_name, items=items))
    wanting = [each for each in blocked if each.standing.certificate is None and may_record(tx, person, each.row)]
    offers = [_offer_certificate(each.row) for each in wanting[:8]]
    return tell(tx, person, "{lines}", {"lines": {"list_lines": lines}}, *offers)


def _offer_certificate(row: StayRow) -> Offer:
    action = {"do": "command", "word": "certificate", "rest": f"#{row.id}", "keeps": True}
    return Offer(_("Certificate: {learner}"), action, {"learner": row.person.short_name})


def certificate(tx: Tx, person: Person, rest: str = "") -> None:
    """Which dates does the signed certificate say? A button says `agreed` or `no_show`."""
    if rest.startswith("#"):
        number, _space, further = rest[1:].partition(" ")
        known = number.isascii() and number.isdigit() and len(number) < 10
        found = payments(tx, person.adult, [int(number)]) if known else []
    else:
        one = named(tx, sight_of(tx, person), "certificate", Act.TICK, rest, HOW)
        if one is None:
            return None
        theirs = [row.id for row in stays_of_person(tx.rows, one[0].person_id)]
        found, further = payments(tx, person.adult, theirs)[-1:], one[1]
    if not found:
        return tell(tx, person, _("The activity of this stay is not over yet, or no balance is paid for it."))
    if not may_record(tx, person, found[0].row):
        return tell(tx, person, NOT_YOURS)
    if further == "agreed":
        return _take(tx, person, found[0], *found[0].agreed)
    if further == "no_show":
        record(tx, person, found[0], Certificate(Outcome.NO_SHOW))
        return tell(tx, person, NOT_THERE, _values(found[0]))
    return _ask(tx, person, found[0], ASK)


def said_dates(tx: Tx, person: Person, asked: OutboxRow, text: str) -> None:
    """The days that were asked for, in words."""
    found = payments(tx, person.adult, [asked.stay_id or 0])
    if not found or not may_record(tx, person, found[0].row):
        return tell(tx, person, NOT_YOURS)
    try:
        days = read_leave(text, found[0].row.departure - timedelta(days=60))
    except DaysError as problem:
        backwards = problem.fault is Written.BACKWARDS
        return _ask(tx, person, found[0], FAULTS[Fault.BACKWARDS if backwards else None])
    return _take(tx, person, found[0], days.first, days.last)


def _take(tx: Tx, person: Person, payment: Payment, first: date, last: date) -> None:
    found = certify(tx, person, payment, first, last)
    if isinstance(found, Fault):
        return _ask(tx, person, payment, FAULTS[found])
    if found is None:
        return tell(tx, person, NOT_YOURS)
    read, told = found
    days = {"outcome": phrase(OUTCOMES[read.outcome]), "certified": told.certified, "agreed": told.agreed}
    lines = [phrase(NOTED, **_values(payment), **days), *remarks(tx.programme, payment.row, told)]
    return tell(tx, person, "{lines}", {"lines": {"list_lines": lines}})


def _ask(tx: Tx, person: Person, payment: Payment, text: Text) -> None:
    """With the two answers that need no typing. The days that are typed come back by `said_dates`."""

    def button(label: Text, word: str) -> Offer:
        action = {"do": "command", "word": "certificate", "rest": f"#{payment.row.id} {word}", "once": True}
        return Offer(label, action, _values(payment))

    offers = (button(AS_AGREED, "agreed"), button(NO_SHOW, "no_show"))
    post(tx, person.id, Letter(text, _values(payment), offers), Lane.ANSWER, About(stay=payment.row.id, step=STEP))


def _values(payment: Payment) -> dict[str, Any]:
    first, last = payment.agreed
    return {
        "learner": payment.row.person.short_name,
        "first": {"date": first.isoformat()},
        "last": {"date": last.isoformat()},
    }
