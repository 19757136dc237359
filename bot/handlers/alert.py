"""The words of a case: what an adult reads; facts first, then what is expected of them, by when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import select

from bot.domain.ladder import Case, Notice, NoticeKind
from bot.domain.level import Level
from bot.domain.messages import Letter, Offer
from bot.domain.person import Role
from bot.domain.plan import zone_at
from bot.domain.programme import Journey, Programme
from bot.handlers.facts import answer_words, stay_facts
from bot.handlers.post import About, post, post_everywhere
from bot.i18n import Text, _, to_json
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person
from bot.store.stays import StayRow

ROLES: dict[Role, Text] = {
    Role.COORDINATOR: _("the coordinator"),
    Role.DEPUTY: _("the deputy"),
    Role.HEAD: _("the head of school"),
    Role.ON_CALL: _("the on-call adult"),
    Role.TEACHER: _("the teacher"),
    Role.CONSORTIUM: _("the consortium's coordinator"),
}
TOPICS: dict[str, Text] = {
    "sos": _("SOS: needs help now."),
    "missed": _("No answer to: {contact}. My message was delivered."),
    "undelivered": _("My messages no longer reach {learner}."),
    "question": _("Has a question for you."),
    "problem": _("Says there is a problem."),
    "attendance": _("Was absent from work this week."),
    "trend": _("Is doing less well than last week."),
    "nudge": _("Answered the reminder: would like to hear from you."),
    "stopped": _("Has stopped Compagnon with /stop."),
    "refused": _("Does not want to begin with Compagnon."),
    "drill": _("Wrote SOS in the exercise, and has not said that it was one."),
    "distress": _("A word of distress in a message."),
    "write_to_me": _("Would like an adult to write to them."),
    "overdue": _("The date has passed for: {contact}."),
}
CONTACTS: dict[str, Text] = {
    "check_in": _("the weekly check-in"),
    "arrival": _("the arrival"),
    "safe_return": _("the return"),
    "attendance": _("attendance"),
    "enrolment": _("the first contact"),
}
INTROS: dict[NoticeKind, Text] = {
    NoticeKind.ALERT: "",
    NoticeKind.BROADCAST: _("Nobody has taken this case yet. Everyone is told."),
    NoticeKind.PASSED_TO_YOU: _("A colleague passes this case to you."),
    NoticeKind.LAPSED: _("You took this case and I have seen no follow-up: it goes on to your colleagues."),
    NoticeKind.RAISED: _("The case you follow has become more serious."),
    NoticeKind.JOINED: _("News on this case."),
}
NEWS: dict[NoticeKind, Text] = {
    NoticeKind.TAKEN_BY_OTHER: _(
        "{owner} takes the case of {learner}. There is nothing more for you to do. Thank you."
    ),
    NoticeKind.ALREADY_TAKEN: _("{owner} already follows the case of {learner}. Thank you."),
    NoticeKind.REACHED: _("{learner} has been reached by a colleague."),
    NoticeKind.ANSWERED: _("{learner} has written. The case stays open until you close it."),
    NoticeKind.ALL_CLEAR: _("✔ {learner}: the case is closed ({reason}). Thank you."),
}
REASONS: tuple[tuple[str, Text], ...] = (
    ("all_well", _("All is well")),
    ("settled", _("Settled")),
    ("followed_elsewhere", _("Followed by somebody else")),
    ("false_alarm", _("False alarm")),
    ("answered", _("has answered")),
)
ALERT = _("{symbol} {level} · {learner}, {place} ({time} there)\n{what}\nLast sign of life: {sign}.\n{next}")
ALERT_AGAIN = _(
    "{intro}\n{symbol} {level} · {learner}, {place} ({time} there)\n{what}\nLast sign of life: {sign}.\n{next}"
)
CALM = _("You follow this case; tell me when it is settled.")
CLIMBS = _("Without an answer from you by {at}: {who}.")
EVERYONE = _("everyone is told")
NEVER = _("none yet")
READABLE = frozenset({"question", "distress"})  # topics with words of the learner's own behind them


def tell(tx: Tx, row: CaseRow, notice: Notice, case: Case) -> None:
    """Tell one person about a case: an alert of the gravest level on all their channels at once."""
    about = About(stay=row.stay_id, case=row.id)
    news = NEWS.get(notice.kind)
    letter = Letter(news, news_values(tx, row)) if news else alert(tx, row, notice, case)
    if notice.kind in INTROS and case.level is Level.NOW:
        return post_everywhere(tx, notice.person, letter, about)
    post(tx, notice.person, letter, Lane.ALERT if notice.kind in INTROS else Lane.ANSWER, about)
    return None


def news_values(tx: Tx, row: CaseRow) -> dict[str, Any]:
    owner = tx.rows.get(Person, row.owner_id) if row.owner_id else None
    reason = dict(REASONS).get(row.reason or "", row.reason or "")
    return {
        "learner": row.stay.person.short_name,
        "owner": owner.full_name if owner else "",
        "reason": {"text": to_json(reason)},
    }


def alert(tx: Tx, row: CaseRow, notice: Notice, case: Case) -> Letter:
    """An alert: level, who, where, what, last sign of life, what happens next; and the four buttons."""
    rules = tx.programme.levels[case.level]
    person = row.stay.person
    zone = str(zone_at(row.stay.facts(), tx.now))
    intro = INTROS[notice.kind]
    sign = {"moment": person.last_sign_at.isoformat(), "zone": row.stay.school.zone} if person.last_sign_at else None
    values = {
        "intro": {"text": to_json(intro)},
        "symbol": rules.symbol,
        "level": {"text": to_json(rules.name)},
        "learner": person.short_name,
        "place": row.stay.city,
        "time": {"time": tx.now.isoformat(), "zone": zone},
        "what": {"list_lines": what(tx, row)},
        "sign": sign or {"text": NEVER},
        "next": next_step(tx, row, case),
    }
    return Letter(ALERT_AGAIN if intro else ALERT, values, buttons(tx, row))


def buttons(tx: Tx, row: CaseRow) -> tuple[Offer, ...]:
    """What can be done with a case from the chat."""
    action = {"do": "case", "case": row.id}
    offers = [
        Offer(_("I take it"), action | {"act": "take"}),
        Offer(_("Pass on…"), action | {"act": "pass"}),
        Offer(_("Reached"), action | {"act": "reached"}),
        Offer(_("Close…"), action | {"act": "close"}),
    ]
    if any(event.detail["topic"] in READABLE for event in _matters(tx, row)):
        offers.append(Offer(_("Read the message"), action | {"act": "read"}))
    return tuple(offers)


def _matters(tx: Tx, row: CaseRow) -> list[CaseEvent]:
    wanted = select(CaseEvent).where(CaseEvent.case_id == row.id, CaseEvent.kind == "matter")
    return list(tx.rows.scalars(wanted.order_by(CaseEvent.id)))


def what(tx: Tx, row: CaseRow) -> list[dict[str, Any]]:
    """The matters of a case, one line each: the first, and the latest."""
    details = [event.detail for event in _matters(tx, row)]
    named = all(detail["topic"] in TOPICS for detail in details)
    return what_of(tx.programme, row.stay, details, {} if named else stay_facts(tx, row.stay))


def what_of(
    programme: Programme, stay: StayRow, details: Iterable[Mapping[str, Any]], facts: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The same for matters that were read already. `facts` fill the questions of the school."""
    journey = programme.journey(stay.kind)
    lines = [matter(journey, stay, detail, lambda: facts) for detail in details]
    distinct = [line for place, line in enumerate(lines) if line not in lines[:place]]
    return distinct if len(distinct) <= 5 else [distinct[0], {"text": "…"}, *distinct[-3:]]


def matter(
    journey: Journey, stay: StayRow, detail: Mapping[str, Any], facts: Callable[[], Mapping[str, Any]]
) -> dict[str, Any]:
    """One matter of a case as a line. `facts` are asked for only where its words may name them."""
    topic, answer = detail["topic"], detail["answer"]
    if topic in TOPICS:
        contact = CONTACTS.get(answer) or _title(journey, answer)
        values = {"learner": stay.person.short_name, "contact": {"text": to_json(contact)}}
        return {"text": to_json(TOPICS[topic]), "values": values}
    question, label = answer_words(journey, topic, answer)
    return answered(question, label, facts())


def answered(question: Text, label: Text, facts: Mapping[str, Any]) -> dict[str, Any]:
    """A question and what was pressed under it."""
    given = dict(facts)
    values = {
        "question": {"text": to_json(question), "values": given},
        "answer": {"text": to_json(label), "values": given},
    }
    return {"text": to_json(_("{question} → {answer}")), "values": values}


def _title(journey: Journey, name: str) -> Text:
    item = journey.item(name)
    return item.title if item else name


def next_step(tx: Tx, row: CaseRow, case: Case) -> dict[str, Any]:
    """What happens if nobody reacts: when, and who is alerted then."""
    if case.owner is not None or case.wake_at is None:
        return {"text": CALM}
    rungs = tx.programme.levels[case.level].rungs
    following = rungs[case.rung + 1].roles if case.rung + 1 < len(rungs) else ()
    who = {"list": [{"text": to_json(ROLES[role])} for role in following]} if following else {"text": EVERYONE}
    at = {"moment": case.wake_at.isoformat(), "zone": row.stay.school.zone}
    return {"text": CLIMBS, "values": {"at": at, "who": who}}
