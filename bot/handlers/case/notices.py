"""Telling people about cases: one alert for a learner and an instant, one for three learners or more with one cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from bot.domain.ladder import Case, Notice, NoticeKind
from bot.domain.level import Level
from bot.domain.messages import Letter, Offer
from bot.domain.roster.phones import shown_phone
from bot.domain.watched import TOPICS as WATCHED
from bot.handlers.case.alert import (
    NEWS,
    alert,
    introduction,
    last_known_place,
    news_values,
    next_step,
    reading,
    reopening,
)
from bot.handlers.case.alert_edits import some_open, told_with
from bot.handlers.case.grouping import JUST_NOW, asked_with, one_group, same_cause
from bot.handlers.case.matters import gravest, matter, matters_of, what
from bot.handlers.say.facts import stay_facts
from bot.handlers.say.post import ALONE, TOGETHER, About, post, post_everywhere
from bot.i18n import Text, _, _n, phrase
from bot.store.base import among
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.messages import IS_PENDING, Lane, OutboxRow, pending_of, pending_to
from bot.store.people import Person

SAYS: dict[str, Text] = {
    "says call": _("{owner} is looking after you and calls you. Keep your phone near you."),
    "says write": _("{owner} is looking after you and writes to you here."),
}
SOON: Text = _("{owner} is looking after you and gets in touch with you.")
UNASKED = frozenset({"missed", "undelivered", "overdue"}) | WATCHED
"""Cases that the learner knows nothing about: they have asked for nothing."""
OF_LEARNERS = frozenset({"missed", "undelivered"})
"""Those of them that are nothing once the learners were reached."""
MANY = 3
"""So many learners with one cause are told of together."""
GATHERED = timedelta(minutes=15)
"""Who was told of several at once hears of those that end one after another together, so much later at the most."""
SEVERAL = _("{symbol} {level} · {count} learners, one reason: {cause}\n{what}\n{next}")
SEVERAL_AGAIN = _("{intro}\n{symbol} {level} · {count} learners, one reason: {cause}\n{what}\n{next}")
HOW_ARE_THEY = _("You took these cases on {taken}: how are they?")
MEANWHILE = _("I was away from {since} to {until}. This came up meanwhile:\n{what}")
MEANWHILE_LINE: Text = "{level} · {learner}: {what}"
LEARNER: Text = "{learner}, {place}"
LEARNER_PHONE: Text = "{learner}, {place}, {phone}"
TAKE_ALL = _n("I take {count}", "I take all {count}")
ALL_WELL = _("All reached, all well")
EACH = _("See each of them")
REOPEN = _("Reopen: {learner}")
_WISHED = select(CaseEvent.kind).where(CaseEvent.case_id == bindparam("case"), among(CaseEvent.kind, SAYS))
_WISHED_LAST = _WISHED.order_by(CaseEvent.id.desc()).limit(1)
_HEARD = select(OutboxRow).where(OutboxRow.person_id == bindparam("person"), OutboxRow.case_id == bindparam("case"))


def tell(tx: Tx, row: CaseRow, notice: Notice, case: Case) -> None:
    """Tell one person about a case: an alert of the gravest level on all their channels at once."""
    if notice.kind in NEWS:
        return _news(tx, row, notice)
    waiting = [each for each in pending_of(tx.rows, row.id) if each.person_id == notice.person and each.step == ALONE]
    mine = [message for message in waiting if message.created_at > tx.now - JUST_NOW]
    if mine and row.opened_at > tx.now - JUST_NOW:
        notice = Notice(notice.person, NoticeKind.ALERT)
    _call_off(message for message in waiting if message not in mine)  # for long: a later word stands for it
    letter = alert(tx, row, notice, case)
    about = About(stay=row.stay_id, case=row.id, step=ALONE)
    if case.level is Level.NOW:
        _call_off(mine)
        return post_everywhere(tx, notice.person, letter, about)
    if mine:  # what joins the case at the same instant is told with it
        mine[0].message = letter.to_json()
        return None
    asked = notice.kind is NoticeKind.OWNER_ASKED
    same = asked_with(tx, row, notice.person) if asked else same_cause(tx, row, notice.person)
    if len(same) >= (2 if asked and one_group(tx, same) else MANY):
        return _tell_together(tx, same, notice, case)
    post(tx, notice.person, letter, Lane.ALERT, about)
    return None


def unsent(tx: Tx, person: int, within: timedelta = JUST_NOW) -> list[OutboxRow]:
    """What was decided just now and has not left."""
    return [each for each in pending_to(tx.rows, person) if each.created_at > tx.now - within]


def _call_off(messages: Iterable[OutboxRow]) -> None:
    for message in messages:
        message.state = "expired"


def _tell_together(tx: Tx, rows: Sequence[CaseRow], notice: Notice, case: Case) -> None:
    """One message for all of them, in place of those that have not left yet."""
    numbers = [row.id for row in rows]
    mine = [message for message in unsent(tx, notice.person) if message.case_id in numbers]
    _call_off(message for message in mine if message.step in {ALONE, TOGETHER})
    letter = _several(tx, rows, notice, case)
    post(tx, notice.person, letter, Lane.ALERT, About(case=numbers[0], step=TOGETHER))


def _several(tx: Tx, rows: Sequence[CaseRow], notice: Notice, case: Case) -> Letter:
    first, rules = rows[0], tx.programme.levels[max((row.level for row in rows), key=lambda level: level.rank)]
    detail = gravest(tx, first) or {}
    cause = matter(tx.programme, first.stay, detail, lambda: stay_facts(tx, first.stay))
    learners = [_learner(tx, row) for row in rows]
    cause = cause | {"values": cause["values"] | {"learner": names_of(rows)}}
    intro, asked = introduction(tx, first, notice, case), notice.kind is NoticeKind.OWNER_ASKED
    intro = phrase(HOW_ARE_THEY, **intro["values"]) if intro and asked else intro
    values = {
        "intro": intro or phrase(""),
        "symbol": rules.symbol,
        "level": phrase(rules.name),
        "count": len(rows),
        "cause": cause,
        "what": {"list_lines": learners},
        "next": next_step(tx, first, case),
        "cases": [row.id for row in rows],
    }
    offers = _offers([row.id for row in rows], take=not asked, well=detail.get("topic") in OF_LEARNERS)
    return Letter(SEVERAL_AGAIN if intro else SEVERAL, values, offers)


def _offers(cases: list[int], *, take: bool = True, well: bool = False) -> tuple[Offer, ...]:
    """One press for all of them; and the way to each."""
    action, count = {"do": "case", "cases": cases}, {"count": len(cases)}
    return (
        *((Offer(TAKE_ALL, action | {"act": "take"}, count),) if take else ()),
        *((Offer(ALL_WELL, action | {"act": "well"}),) if well else ()),
        Offer(EACH, {"do": "command", "word": "today", "keeps": True}),
    )


def tell_together_after(tx: Tx, since: datetime) -> None:
    """We were away: what each adult was to be alerted of, and has not been yet, is one message. Only what is for now
    has gone out alone, at once.
    """
    tx.rows.flush()
    waiting = select(OutboxRow).where(OutboxRow.state == IS_PENDING, OutboxRow.step.in_((ALONE, TOGETHER)))
    waiting = waiting.where(OutboxRow.created_at > since, OutboxRow.bound.is_(False)).order_by(OutboxRow.id)
    to_tell: dict[int, dict[int, OutboxRow]] = defaultdict(dict)
    for message in tx.rows.scalars(waiting):
        for case in message.message["values"].get("cases", [message.case_id]):
            to_tell[message.person_id][case] = message
    for person, messages in to_tell.items():
        rows = [tx.rows.get_one(CaseRow, case) for case in messages]
        rows = [row for row in rows if row.closed_at is None and row.level is not Level.NOW]
        if len(rows) > 1:
            _call_off(messages.values())
            letter = _meanwhile(tx, sorted(rows, key=lambda row: -row.level.rank), since)
            post(tx, person, letter, Lane.ALERT, About(case=rows[0].id, step=TOGETHER))


def _meanwhile(tx: Tx, rows: Sequence[CaseRow], since: datetime) -> Letter:
    zone = rows[0].stay.school.zone
    lines = []
    for row in rows:
        rules = tx.programme.levels[row.level]
        head = phrase("{symbol} {level}", symbol=rules.symbol, level=phrase(rules.name))
        lines.append(phrase(MEANWHILE_LINE, level=head, learner=_learner(tx, row), what={"list": what(tx, row)}))
    values = {
        "since": {"moment": since.isoformat(), "zone": zone},
        "until": {"moment": tx.now.isoformat(), "zone": zone},
        "what": {"list_lines": lines},
        "cases": [row.id for row in rows],
    }
    return Letter(MEANWHILE, values, _offers([row.id for row in rows]))


def _learner(tx: Tx, row: CaseRow) -> dict[str, Any]:
    person, details = row.stay.person, [event.detail for event in matters_of(tx, row)]
    values = {"learner": person.short_name, "place": last_known_place(row.stay, details, tx.now)}
    return (
        phrase(LEARNER_PHONE, **values, phone=shown_phone(person.phone)) if person.phone else phrase(LEARNER, **values)
    )


def _news(tx: Tx, row: CaseRow, notice: Notice) -> None:
    """What is no alert. The same news of several learners at one instant is one message."""
    if _never_told(tx, row, notice.person):
        return
    step = f"{TOGETHER} {notice.kind}"
    values: dict[str, Any] = news_values(tx, row)
    closed = notice.kind is NoticeKind.ALL_CLEAR
    group, struck = told_with(tx, row, notice.person) if closed else ([], False)
    if struck and not row.grave and row.level is not Level.NOW and _ends_with(tx, row, notice, group, values):
        return
    same = (
        message
        for message in unsent(tx, notice.person, GATHERED if group else JUST_NOW)
        if message.step == step and _but_learner(message.message["values"]) == _but_learner(values)
    )
    known = next(same, None) if notice.kind in {NoticeKind.ALL_CLEAR, NoticeKind.TAKEN_BY_OTHER} else None
    if known is None:
        wrote = reading(tx, row) if notice.kind is NoticeKind.ANSWERED else ()
        offers = (reopening(row),) if closed else wrote
        letter = Letter(NEWS[notice.kind], values, offers)
        due = tx.now + GATHERED if some_open(tx, group) else tx.now
        post(tx, notice.person, letter, Lane.ANSWER, About(stay=row.stay_id, case=row.id, step=step), due)
        return
    before = Letter.from_json(known.message)
    said = before.values["learner"]
    names = [*(said["list"] if isinstance(said, dict) else [said]), values["learner"]]
    again = Offer(REOPEN, reopening(row).action, {"learner": values["learner"]})
    first = [] if isinstance(said, dict) else [Offer(REOPEN, each.action, {"learner": said}) for each in before.offers]
    known.message = Letter(
        before.text, {**values, "learner": {"list": names}}, (*(first or before.offers), again) if closed else ()
    ).to_json()
    known.stay_id = None
    if not some_open(tx, group):
        known.due_at = tx.now


def _never_told(tx: Tx, row: CaseRow, person: int) -> bool:
    """Whether somebody was to hear nothing of a case yet, or all of it has waited for long and never left: then they hear no
    end of it.
    """
    heard = list(tx.rows.scalars(_HEARD, {"person": person, "case": row.id}))
    if not heard and not told_with(tx, row, person)[0]:
        return True
    alerts = [each for each in heard if each.step == ALONE]
    waiting = [each for each in alerts if each.state == "pending" and each.created_at <= tx.now - JUST_NOW]
    never = bool(waiting) and all(each in waiting or each.state in {"expired", "failed"} for each in alerts)
    if never and (row.closed_at is not None or row.owner_id is not None):
        _call_off(waiting)
    return never


def _ends_with(tx: Tx, row: CaseRow, notice: Notice, numbers: list[int], values: dict[str, Any]) -> bool:
    """One of several is over, and their message says so: nothing more is said but once the last is, of all that ended alike."""
    if some_open(tx, numbers):
        return True
    alike = select(CaseRow).where(CaseRow.id.in_(numbers), CaseRow.owner_id == row.owner_id)
    ended = tx.rows.scalars(alike.order_by(CaseRow.closed_at, CaseRow.id)).unique()
    rows = [each for each in ended if each.reason == row.reason]
    letter = Letter(NEWS[notice.kind], values | {"learner": names_of(rows)}, reopening_each(rows))
    if len(rows) > 1:
        post(tx, notice.person, letter, Lane.ANSWER, About(case=row.id))
    return len(rows) > 1


def names_of(rows: Iterable[CaseRow]) -> dict[str, Any]:
    return {"list": [row.stay.person.short_name for row in rows]}


def reopening_each(rows: Iterable[CaseRow]) -> tuple[Offer, ...]:
    """Each of them may be taken back."""
    return tuple(Offer(REOPEN, reopening(row).action, {"learner": row.stay.person.short_name}) for row in rows)


def _but_learner(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "learner"}


def tell_who_took(tx: Tx, case: CaseRow) -> None:
    """The learner who asked for help now hears a name, and whether they call or write, as was wished last."""
    if case.level is not Level.NOW or case.topic in UNASKED or case.owner_id is None:
        return
    tx.rows.flush()
    last = tx.rows.scalar(_WISHED_LAST, {"case": case.id})
    letter = Letter(SAYS[last] if last else SOON, {"owner": tx.rows.get_one(Person, case.owner_id).full_name})
    post(tx, case.stay.person_id, letter, Lane.ALERT, About(stay=case.stay_id))
