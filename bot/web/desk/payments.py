"""`/balance`: whose balance waits and for what; the dates of a signed certificate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.domain.balance import Certificate, Fault, Outcome, gain
from bot.domain.programme import LanguageTest
from bot.domain.rights import Act
from bot.handlers.desk.payments import (
    OUTCOMES,
    DaysAtWork,
    Payment,
    certify,
    days_at_work,
    may_count,
    may_record,
    payments,
    record,
    remarks,
)
from bot.i18n import Text, _, _n
from bot.store.db import Tx
from bot.store.stays import StayRow
from bot.web.desk.page import Desk
from bot.web.desk.people import ROLES
from bot.web.desk.visitor import Missing, Visitor, stay_within

FAULTS: dict[Fault, str] = {fault: f"certificate_{fault}" for fault in Fault}
READY, UNSURE, WAITING, PAID = _("Can be paid"), _("Settle this first"), _("Waiting"), _("Settled")


@dataclass(frozen=True)
class PaymentShown:
    """Where the balance of one stay stands, in the reader's language."""

    stay: int
    name: str
    group: str
    state: Text
    missing: list[tuple[str, str]]
    """What, and whose it is: empty for the learner."""
    outcome: str
    certified: str
    agreed: str
    days: tuple[int, int] | None
    """Certified, and agreed on."""
    first: str
    last: str
    remarks: list[str]
    levels: str
    work: str
    record: bool


@dataclass(frozen=True)
class Payments:
    """The list, and one form."""

    desk: Desk

    async def look(self, request: Request) -> Response:
        """Every stay that is over: what can be paid first, what waits, what is settled."""

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            shown = [shown_payment(tx, who, each) for each in payments(tx, who.adult)]
            groups = [
                (state, [each for each in shown if each.state == state]) for state in (READY, UNSURE, WAITING, PAID)
            ]
            return {"groups": [(state, rows) for state, rows in groups if rows]}

        who, values = await self.desk.ask(request, read)
        return self.desk.page(request, who, "payments.html", values)

    async def enter(self, request: Request) -> Response:
        """The dates of a signed certificate, or that nobody came."""
        form = await self.desk.form(request)

        def act(tx: Tx, who: Visitor) -> str:
            row = stay_within(tx, who, request.path_params["number"], Act.TICK)
            found = payments(tx, who.adult, [row.id])
            if not found:
                raise Missing
            return _enter(tx, who, found[0], form)

        _who, said = await self.desk.ask(request, act)
        self.desk.app.nudge()
        return self.desk.after(request, form, said)


def _enter(tx: Tx, who: Visitor, payment: Payment, form: dict[str, str]) -> str:
    if form.get("outcome") == Outcome.NO_SHOW:
        done = record(tx, who.person, payment, Certificate(Outcome.NO_SHOW))
        return "certificate_no_show" if done else "nothing"
    try:
        first, last = (date.fromisoformat(form.get(name, "")) for name in ("first", "last"))
    except ValueError:
        return "days_unreadable"
    found = certify(tx, who.person, payment, first, last)
    if isinstance(found, Fault):
        return FAULTS[found]
    return "certificate" if found else "nothing"


def shown_payment(tx: Tx, who: Visitor, payment: Payment, work: DaysAtWork | None = None) -> PaymentShown:
    """Where a balance stands, for whoever may see the learner; the days at work only for whoever enters them."""
    row, standing = payment.row, payment.standing
    journey, read = tx.programme.journey(row.kind), standing.certificate
    state = PAID if standing.paid else WAITING if standing.missing else UNSURE if standing.remarks else READY
    tests = [payment.states.get(test.id) if test else None for test in (journey.first_test, journey.second_test)]
    return PaymentShown(
        stay=row.id,
        name=row.person.full_name,
        group=row.class_name,
        state=state,
        missing=[
            (who.says(item.words), "" if item.asks_learner else who.says(ROLES[item.role]))
            for item, _state in standing.missing
        ],
        outcome=who.says(OUTCOMES[read.outcome]) if read else "",
        certified=who.clock.span(read.first, read.last) if read and read.first and read.last else "",
        agreed=who.clock.span(*payment.agreed),
        days=(standing.compared.certified, standing.compared.agreed) if standing.compared else None,
        first=(read.first if read and read.first else payment.agreed[0]).isoformat(),
        last=(read.last if read and read.last else payment.agreed[1]).isoformat(),
        remarks=[who.says("{line}", line=each) for each in remarks(tx.programme, row, standing.compared)],
        levels=levels_shown(journey.first_test, *(each.value if each else None for each in tests)),
        work=_work(who, work) if work else "",
        record=may_record(tx, who.person, row),
    )


def read_payment(tx: Tx, who: Visitor, row: StayRow) -> PaymentShown | None:
    """The balance of one learner on their page; None before the activity is over, or where none is paid."""
    found = payments(tx, who.adult, [row.id])
    if not found:
        return None
    work = days_at_work(tx, [row.id]).get(row.id) if may_count(tx, who.person, row) else None
    return shown_payment(tx, who, found[0], work)


def _work(who: Visitor, work: DaysAtWork) -> str:
    said = who.says(_n("{count} day at work told", "{count} days at work told"), count=work.days)
    untold = who.says(_n("{count} week without an answer", "{count} weeks without an answer"), count=work.untold)
    return f"{said}, {untold}" if work.untold else said


def levels_shown(test: LanguageTest | None, before: str | None, after: str | None) -> str:
    """A2 → B1 (+1): the level before and after, and how many levels lie between."""
    found = gain(test, before, after)
    levels = " → ".join(each or "?" for each in (before, after)) if before or after else ""
    return f"{levels} ({found:+d})" if found else levels
