"""What the balance of a grant waits for: the certificate of attendance against the agreement, and the papers behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.changes import HOMEWARD
from bot.domain.programme import Item, LanguageTest, Programme
from bot.domain.programme.journey import Balance
from bot.domain.progress import CLOSED
from bot.domain.stay import Ended, Stay, conditions

EARLY = timedelta(days=200)
"""Dates on a certificate that are further from the stay than this are of another year: a slip."""


class Outcome(StrEnum):
    """What became of a mobility, as the certificate of attendance proves it."""

    COMPLETED = "completed"
    PARTLY = "partly"
    NO_SHOW = "no_show"


class Remark(StrEnum):
    """What is to be settled before anything is paid."""

    DIFFERS = "differs"
    """More days' difference with the agreement than it allows: the grant is worked out again."""
    TOO_SHORT = "too_short"
    """Below the minimum duration: the whole grant is at stake."""
    BELOW_TARGET = "below_target"
    """Below what the school aims at, which the agreement had reached."""


class Fault(StrEnum):
    """Why dates of a certificate cannot be taken."""

    BACKWARDS = "backwards"
    FUTURE = "future"
    ELSEWHEN = "elsewhen"


@dataclass(frozen=True)
class Certificate:
    """A signed certificate of attendance as an adult has read it; without days where nobody came."""

    outcome: Outcome
    first: date | None = None
    last: date | None = None

    @property
    def days(self) -> int:
        """Calendar days of the activity, both ends counted, as the programme guide counts them."""
        return _days((self.first, self.last)) if self.first and self.last else 0

    def written(self) -> str:
        """As it is kept with the item that it settles."""
        return " ".join([self.outcome, *(day.isoformat() for day in (self.first, self.last) if day)])


@dataclass(frozen=True)
class Compared:
    """Days agreed on and days certified, and what that means."""

    agreed: int
    certified: int
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Standing:
    """Where the payment of one stay stands: what it still waits for, in the order of the programme."""

    missing: tuple[tuple[Item, str], ...]
    """Each with its state."""
    paid: bool
    certificate: Certificate | None = None
    compared: Compared | None = None

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What is to be settled before it is paid."""
        return self.compared.remarks if self.compared else ()

    @property
    def ready(self) -> bool:
        """Nothing is missing, and the balance has not been paid yet."""
        return not self.missing and not self.paid


def read_certificate(value: str | None) -> Certificate | None:
    """What was kept; None where only the item was ticked."""
    outcome, *days = (value or "").split()[:3] or [""]
    if outcome not in set(Outcome):
        return None
    return Certificate(Outcome(outcome), *map(date.fromisoformat, days))


def certified(gate: Balance, stay: Stay, agreed: tuple[date, date], first: date, last: date, today: date) -> Certificate | Fault:  # fmt: skip
    """The certificate that two days are, whole or partly; or why they cannot be."""
    if last < first:
        return Fault.BACKWARDS
    if last > today:
        return Fault.FUTURE
    if abs(first - stay.start) > EARLY or abs(last - stay.end) > EARLY:
        return Fault.ELSEWHEN
    short = _days(agreed) - _days((first, last)) > gate.gap_days
    return Certificate(Outcome.PARTLY if short else Outcome.COMPLETED, first, last)


def agreed_days(stay: Stay, changes: Iterable[tuple[str, Mapping[str, str]]]) -> tuple[date, date]:
    """The first and the last day of the agreement: those before an early return (`kind` and `before` of each change, the first
    first), else those of the stay: who extends a stay or moves it makes another agreement.
    """
    first, last = stay.start, stay.end
    for kind, before in reversed(list(changes)):
        if kind in HOMEWARD and before.get("end", "") > last.isoformat():
            first, last = date.fromisoformat(before["start"]), date.fromisoformat(before["end"])
    return first, last


def compared(programme: Programme, stay: Stay, agreed: tuple[date, date], found: Certificate) -> Compared:
    """The certificate beside the agreement, by the figures of the programme."""
    gate = programme.journey(stay.kind).balance
    least = programme.rules.min_days.get(stay.track.value, 0)
    aimed = gate.target_days.get(stay.track.value, 0) if gate else 0
    days, remarks = _days(agreed), []
    if gate and abs(days - found.days) > gate.gap_days:
        remarks.append(Remark.DIFFERS)
    if found.days < least:
        remarks.append(Remark.TOO_SHORT)
    elif found.days < aimed <= days:
        remarks.append(Remark.BELOW_TARGET)
    return Compared(days, found.days, tuple(remarks))


def counts(stay: Stay, today: date) -> bool:
    """Whether a stay has come so far that its balance is a question: its activity is over, also where it was broken off."""
    return stay.ended is Ended.BROKEN_OFF or (stay.ended is None and stay.end <= today)


def gate_of(programme: Programme, stay: Stay) -> tuple[Balance, list[Item]] | None:
    """The rule of the payment and the items it waits for; None where this stay is paid no balance."""
    journey = programme.journey(stay.kind)
    gate, held = journey.balance, conditions(programme, stay)
    paid = journey.item(gate.paid) if gate else None
    if gate is None or paid is None or not paid.applies(held):
        return None
    return gate, [item for item in journey.items if item.id in {*gate.needs, gate.dates} and item.applies(held)]


def standing(
    programme: Programme, stay: Stay, states: Mapping[str, tuple[str, str | None]], agreed: tuple[date, date]
) -> Standing | None:
    """Where the payment stands. `states` are state and value of each item that has one. A tick on the item of the dates proves
    nothing by itself: the dates do.
    """
    found = gate_of(programme, stay)
    if found is None:
        return None
    gate, items = found
    certificate = read_certificate(states.get(gate.dates, ("", None))[1])
    missing = [
        (item, states.get(item.id, ("todo", None))[0])
        for item in items
        if states.get(item.id, ("todo", None))[0] not in CLOSED or (item.id == gate.dates and certificate is None)
    ]
    against = compared(programme, stay, agreed, certificate) if certificate else None
    return Standing(tuple(missing), states.get(gate.paid, ("", None))[0] in CLOSED, certificate, against)


def gain(test: LanguageTest | None, before: str | None, after: str | None) -> int | None:
    """How many levels the second test lies above the first; None where one of them is not known."""
    scale: Sequence[str] = [level.upper() for level in test.scale] if test else ()
    first, second = (before or "").upper(), (after or "").upper()
    return scale.index(second) - scale.index(first) if first in scale and second in scale else None


def _days(span: tuple[date, date]) -> int:
    return (span[1] - span[0]).days + 1
