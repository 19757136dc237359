"""The alerts of a case that were sent say how it stands now, with the buttons that still lead somewhere: no message more.

What must ring is a new message: an alert, words of the learner, the end of a cry for help.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, select

from bot.domain.channel import OPEN
from bot.domain.formal import spoken_to
from bot.domain.ladder import Notice, NoticeKind
from bot.domain.level import Level
from bot.domain.messages import Letter, Offer
from bot.handlers.case.alert import moment, news_values, reopening
from bot.handlers.case.crew import crew_of
from bot.handlers.say.post import ALONE, TOGETHER, shows_anew
from bot.i18n import Text, _, phrase, render
from bot.store.cases import CaseEvent, CaseRow, log_of
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import Address, Person

TAKEN = _("✋ Taken by {owner}, {at}")
REACHED = _("☎ Reached by {owner}, {at}")
PASSED = _("Passed on to {names}, {at}: not taken yet")
WAITS = _("Waits for somebody again since {at}")
CLOSED = _("✔ Closed by {owner}, {at} ({reason})")
CLOSED_BY_ITSELF = _("✔ Closed, {at} ({reason})")
OVER: Text = "✔ {line}"
"""What stands before a learner in a message about several."""
STANDINGS = frozenset({"taken", "passed on", "lapsed", "owner away", "owner gone", "reopened", "closed"})
"""Lines of the log after which a case stands otherwise."""
CHANGES = STANDINGS | {"reached"}
OWNERS_ALONE = frozenset({"take", "pass"})
_ALERTS_THEY_HAVE = select(OutboxRow).where(
    OutboxRow.case_id == bindparam("case"),
    OutboxRow.step == ALONE,
    OutboxRow.person_id == bindparam("person"),
    OutboxRow.state == "sent",
)
"""What a colleague's case offers nobody else."""


def show_standing(tx: Tx, row: CaseRow, log: Sequence[str]) -> frozenset[int]:
    """Let every alert of a case say how it stands, if that changed by what is logged. Returns who sees it so: they need
    no message.

    The latest alert at each address says it, with the buttons that still stand. Those before it lose theirs: where that
    takes an edit for each, only once the case is closed.
    """
    if not any(line in CHANGES or line.startswith("raised to") for line in log):
        return frozenset()
    lines, allowed = _lines(tx, row), crew_of(tx, row).everyone
    wanted = select(OutboxRow, Address).outerjoin(Address, Address.id == OutboxRow.address_id)
    wanted = wanted.where(OutboxRow.case_id == row.id, OutboxRow.step == ALONE)
    wanted = wanted.where(OutboxRow.state.in_(("pending", "sending", "sent", "unknown")))
    latest: set[tuple[int, int | None]] = set()
    seen: set[int] = set()
    for message, address in tx.rows.execute(wanted.order_by(OutboxRow.id.desc())).all():
        if message.person_id not in allowed or (address is not None and address.channel in OPEN):
            continue
        place = (message.person_id, message.address_id)
        if place in latest:
            _fold(tx, row, message)
            continue
        latest.add(place)
        _say(row, message, lines)
        if message.state == "sent" and shows_anew(tx, message):
            seen.add(message.person_id)
    return frozenset(seen | (_struck(tx, row, allowed) if row.closed_at is not None else set()))


def _struck(tx: Tx, row: CaseRow, allowed: Container[int]) -> set[int]:
    """Who was told of several cases in one message, and sees there that this one is over."""
    told = select(OutboxRow, Address).outerjoin(Address, Address.id == OutboxRow.address_id)
    told = told.where(OutboxRow.person_id.in_(row.alerted), OutboxRow.step == TOGETHER, OutboxRow.state == "sent")
    seen: set[int] = set()  # each with its address: whether that shows it anew is asked of every one
    for message, _address in tx.rows.execute(told.where(OutboxRow.created_at >= row.opened_at)).all():
        values = message.message["values"]
        if row.id not in values.get("cases", ()) or message.person_id not in allowed:
            continue
        if shows_anew(tx, message):
            seen.add(message.person_id)
            lines, place = list(values["what"]["list_lines"]), values["cases"].index(row.id)
            lines[place] = phrase(OVER, line=lines[place])
            message.message = message.message | {"values": values | {"what": {"list_lines": lines}}}
    return seen


def told_with(tx: Tx, row: CaseRow, person: int) -> tuple[list[int], bool]:
    """The cases that somebody was told of in one message with this one, and whether that says how it ended; none where it
    was told alone.
    """
    told = select(OutboxRow).where(OutboxRow.person_id == person, OutboxRow.step == TOGETHER)
    told = told.where(OutboxRow.state == "sent", OutboxRow.created_at >= row.opened_at).order_by(OutboxRow.id.desc())
    for message in tx.rows.scalars(told):
        if row.id in (numbers := list(message.message["values"].get("cases", ()))):
            return numbers, _is_struck(message.message, row.id)
    return [], False


def some_open(tx: Tx, numbers: Sequence[int]) -> bool:
    """Whether one of these cases is still to end."""
    wanted = select(CaseRow.id).where(CaseRow.id.in_(numbers), CaseRow.closed_at.is_(None))
    return bool(numbers) and tx.rows.scalars(wanted.limit(1)).first() is not None


def _is_struck(message: dict[str, Any], case: int) -> bool:
    """Whether a message about several says of this one that it is over."""
    values = message["values"]
    line = values["what"]["list_lines"][values["cases"].index(case)]
    return isinstance(line, dict) and line.get("text") == OVER


def _fold(tx: Tx, row: CaseRow, message: OutboxRow) -> None:
    """An alert that a later one stands for offers nothing any more."""
    letter = Letter.from_json(message.message)
    message.message = replace(letter, receipts=(), stands=()).to_json()
    if message.state == "sent" and (letter.receipts or row.closed_at is not None):
        shows_anew(tx, message)


def sees_it(tx: Tx, person: int, row: CaseRow) -> bool:
    """Whether an alert that somebody has says how the case stands."""
    alerts = tx.rows.scalars(_ALERTS_THEY_HAVE, {"case": row.id, "person": person}).all()
    return any(sent.message.get("receipts") and shows_anew(tx, sent) for sent in alerts)


def must_ring(row: CaseRow, notice: Notice, owner: int | None) -> bool:
    """Whether somebody who sees in their alert how a case stands is told in a message as well: all but that a colleague
    has taken it or that it is over, where nobody is on their way for it.
    """
    if notice.kind is NoticeKind.ALL_CLEAR:
        return row.grave or row.level is Level.NOW or notice.person == owner
    return notice.kind is not NoticeKind.TAKEN_BY_OTHER or row.level is Level.NOW


def _say(row: CaseRow, message: OutboxRow, lines: list[dict[str, Any]]) -> None:
    letter, again = Letter.from_json(message.message), reopening(row)
    if row.closed_at is not None and again not in letter.offers:
        letter = replace(letter, offers=(*letter.offers, again))
        _label(message, again)
    stands = tuple(_places(row, message.person_id, letter.offers))
    message.message = replace(letter, receipts=tuple(lines), stands=stands).to_json()


def _label(message: OutboxRow, offer: Offer) -> None:
    """What was sent already is rendered: a button that joins it is so as well."""
    if message.rendered:
        language = message.rendered["language"]
        label = render(spoken_to(None, offer.label, language), language, message.message["values"] | offer.values)
        message.rendered = message.rendered | {"buttons": [*message.rendered["buttons"], label]}


def _places(row: CaseRow, person: int, offers: Iterable[Offer]) -> Iterable[int]:
    """The buttons of an alert that lead somewhere, as its case stands, for one of those who have it."""
    for place, offer in enumerate(offers):
        act = offer.action.get("act")
        if row.closed_at is not None:
            stands = act in {"reopen", "read"}
        elif row.owner_id is None:
            stands = act != "reopen"
        else:
            stands = act not in {"reopen", "take"} and (row.owner_id == person or act not in OWNERS_ALONE)
        if stands:
            yield place


def _lines(tx: Tx, row: CaseRow) -> list[dict[str, Any]]:
    """How a case stands: who has it since when, whether somebody spoke with the learner, or how it ended."""
    events = log_of(tx.rows, row.id, *CHANGES)
    last = next((event for event in reversed(events) if event.kind in STANDINGS), None)
    if last is None:
        return []
    lines = [_line(tx, row, last)]
    reached = [event for event in events if event.kind == "reached" and event.at >= last.at]
    if last.kind == "taken" and reached:
        lines.append(_by(tx, row, REACHED, reached[-1]))
    return lines


def _line(tx: Tx, row: CaseRow, event: CaseEvent) -> dict[str, Any]:
    if event.kind == "closed":
        return _by(
            tx, row, CLOSED if event.person_id else CLOSED_BY_ITSELF, event, reason=news_values(tx, row)["reason"]
        )
    if event.kind == "taken" and row.owner_id is not None:
        return _by(tx, row, TAKEN, event)
    if event.kind == "passed on":
        told = [tx.rows.get(Person, person) for person, _kind in event.detail.get("told", ())]
        names = {"list": [person.full_name for person in told if person is not None]}
        return _by(tx, row, PASSED if told else WAITS, event, names=names)
    return _by(tx, row, WAITS, event)


def _by(tx: Tx, row: CaseRow, text: Text, event: CaseEvent, **values: Any) -> dict[str, Any]:
    who = tx.rows.get(Person, event.person_id) if event.person_id else None
    return phrase(text, owner=who.full_name if who else "", at=moment(row, event.at), **values)
