"""The words of a case: what an adult reads; facts first, then what is expected of them, by when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.domain.ladder import Case, Notice, NoticeKind
from bot.domain.level import Level
from bot.domain.messages import Letter, Offer
from bot.domain.person import Role
from bot.handlers.case.matters import matters_of, what
from bot.handlers.say.post import About, post, post_everywhere
from bot.i18n import Text, _, phrase
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person

ROLES: dict[Role, Text] = {
    Role.COORDINATOR: _("the coordinator"),
    Role.DEPUTY: _("the deputy"),
    Role.HEAD: _("the head of school"),
    Role.ON_CALL: _("the on-call adult"),
    Role.TEACHER: _("the teacher"),
    Role.CONSORTIUM: _("the consortium's coordinator"),
}
INTROS: dict[NoticeKind, Text] = {
    NoticeKind.ALERT: "",
    NoticeKind.BROADCAST: _("Nobody has taken this case yet. Everyone is told."),
    NoticeKind.PASSED_TO_YOU: _("A colleague passes this case to you."),
    NoticeKind.LAPSED: _("You took this case and I have seen no follow-up: it goes on to your colleagues."),
    NoticeKind.RAISED: _("The case you follow has become more serious."),
    NoticeKind.JOINED: _("News on this case."),
}
OWNER_GONE = _("{owner} followed this case and no longer can. It waits for somebody else.")
AGAIN = _("Still nobody has taken this case, open since {since}. Everyone is told again.")
NEWS: dict[NoticeKind, Text] = {
    NoticeKind.TAKEN_BY_OTHER: _("{owner} takes the case of {learner}. There is nothing more for you to do. Thank you."),
    NoticeKind.ALREADY_TAKEN: _("{owner} already follows the case of {learner}. Thank you."),
    NoticeKind.REACHED: _("{learner} has been reached by a colleague."),
    NoticeKind.ANSWERED: _("{learner} has written. The case stays open until you close it."),
    NoticeKind.ALL_CLEAR: _("✔ {learner}: the case is closed ({reason}). Thank you."),
}  # fmt: skip
REASONS: tuple[tuple[str, Text], ...] = (
    ("all_well", _("All is well")),
    ("settled", _("Settled")),
    ("followed_elsewhere", _("Followed by somebody else")),
    ("false_alarm", _("False alarm")),
    ("answered", _("has answered")),
    ("moved", _("the dates of the stay have moved")),
    ("withdrawn", _("does not travel")),
    ("broken_off", _("the stay was broken off")),
    ("transferred", _("the stay takes place at another time or elsewhere")),
)
BY_ITSELF = frozenset({"answered", "moved", "withdrawn", "broken_off", "transferred"})
"""Reasons that no adult gives: the case closes by itself."""
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
    offers = (reopening(row),) if notice.kind is NoticeKind.ALL_CLEAR else ()
    letter = Letter(news, news_values(tx, row), offers) if news else alert(tx, row, notice, case)
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
        "reason": phrase(reason),
    }


def alert(tx: Tx, row: CaseRow, notice: Notice, case: Case) -> Letter:
    """An alert: level, who, where, what, last sign of life, what happens next; and the four buttons."""
    rules = tx.programme.levels[case.level]
    person = row.stay.person
    zone = str(row.stay.facts().zone_at(tx.now))
    intro = AGAIN if notice.kind is NoticeKind.BROADCAST and case.round > 1 else INTROS[notice.kind]
    before = _owner_gone(tx, row) if notice.kind is NoticeKind.ALERT else None
    sign = _moment(row, person.last_sign_at) if person.last_sign_at else None
    values = {
        "intro": phrase(OWNER_GONE, owner=before) if before else phrase(intro, since=_moment(row, row.opened_at)),
        "symbol": rules.symbol,
        "level": phrase(rules.name),
        "learner": person.short_name,
        "place": row.stay.city,
        "time": {"time": tx.now.isoformat(), "zone": zone},
        "what": {"list_lines": what(tx, row)},
        "sign": sign or {"text": NEVER},
        "next": next_step(tx, row, case),
    }
    return Letter(ALERT_AGAIN if intro or before else ALERT, values, buttons(tx, row))


def _owner_gone(tx: Tx, row: CaseRow) -> str | None:
    """The name of who followed the case, where they may not any more and nobody has taken it since."""
    wanted = select(CaseEvent).where(CaseEvent.case_id == row.id, CaseEvent.kind.in_(("owner gone", "taken")))
    last = tx.rows.scalars(wanted.order_by(CaseEvent.id.desc()).limit(1)).first()
    gone = tx.rows.get(Person, last.person_id) if last and last.kind == "owner gone" and last.person_id else None
    return gone.full_name if gone else None


def reopening(row: CaseRow) -> Offer:
    """Closed too early: for a day it may be taken back."""
    return Offer(_("Reopen"), {"do": "case", "case": row.id, "act": "reopen"})


def buttons(tx: Tx, row: CaseRow) -> tuple[Offer, ...]:
    """What can be done with a case from the chat."""
    action = {"do": "case", "case": row.id}
    offers = [
        Offer(_("I take it"), action | {"act": "take"}),
        Offer(_("Pass on…"), action | {"act": "pass"}),
        Offer(_("Reached"), action | {"act": "reached"}),
        Offer(_("Close…"), action | {"act": "close"}),
    ]
    if any(event.detail["topic"] in READABLE for event in matters_of(tx, row)):
        offers.append(Offer(_("Read the message"), action | {"act": "read"}))
    return tuple(offers)


def next_step(tx: Tx, row: CaseRow, case: Case) -> dict[str, Any]:
    """What happens if nobody reacts: when, and who is alerted then."""
    if case.owner is not None or case.wake_at is None:
        return {"text": CALM}
    rungs = tx.programme.levels[case.level].rungs
    following = rungs[case.rung + 1].roles if case.rung + 1 < len(rungs) else ()
    who = {"list": [phrase(ROLES[role]) for role in following]} if following else {"text": EVERYONE}
    return {"text": CLIMBS, "values": {"at": _moment(row, case.wake_at), "who": who}}


def _moment(row: CaseRow, at: datetime) -> dict[str, str]:
    """An instant by the clocks of the school."""
    return {"moment": at.isoformat(), "zone": row.stay.school.zone}
