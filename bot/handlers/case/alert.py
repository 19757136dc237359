"""The words of a case: what an adult reads; facts first, then what is expected of them, by when."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.ladder import Case, Notice, NoticeKind
from bot.domain.ladder.crew import Crew
from bot.domain.messages import Letter, Offer
from bot.domain.need_to_know import FAMILY, means_host, named_in, roles_in
from bot.domain.person import Role
from bot.domain.programme import Programme
from bot.domain.roster.phones import shown_phone
from bot.domain.spelling import spelt
from bot.domain.watched import TOPICS as WATCHED
from bot.handlers.case.crew import crew_for, rest_of
from bot.handlers.case.matters import (
    NEVER_OPENED,
    kept_from,
    matters_of,
    others_named,
    readable,
    tutor_meant,
    what,
    words_of,
)
from bot.handlers.say.host import family_named
from bot.i18n import Text, _, phrase
from bot.store.cases import CaseRow, left_out, log_of
from bot.store.db import Tx
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
INTROS: dict[NoticeKind, Text] = {
    NoticeKind.ALERT: "",
    NoticeKind.BROADCAST: _("Nobody has taken this case yet. Everyone is told."),
    NoticeKind.PASSED_TO_YOU: _("A colleague passes this case to you."),
    NoticeKind.OWNER_ASKED: _("You took this case on {taken}: how is it?"),
    NoticeKind.LAPSED: _("You took this case and I have seen no follow-up: it goes on to your colleagues."),
    NoticeKind.RAISED: _("The case you follow has become more serious."),
    NoticeKind.JOINED: _("News on this case."),
}
HANDED = "handed with words"
"""The log's name for what a colleague said when they passed a case on."""
WITH_WORDS = _("{owner} passes this case to you: « {words} »")
LAPSED = _("{owner} took this case on {taken}, and I have seen no follow-up since.")
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
    ("read", _("read")),
    ("replied", _("a colleague has replied")),
    ("moved", _("the dates of the stay have moved")),
    ("withdrawn", _("does not travel")),
    ("broken_off", _("the stay was broken off")),
    ("transferred", _("the stay takes place at another time or elsewhere")),
)
BY_ITSELF = frozenset({"answered", "read", "replied", "moved", "withdrawn", "broken_off", "transferred"})
"""Reasons that no adult gives: the case closes by itself."""
ALERT = _("{symbol} {level} · {learner}, {place} ({time} there)\n{what}\nLast sign of life: {sign}.\n{next}")
ALERT_AGAIN = _(
    "{intro}\n{symbol} {level} · {learner}, {place} ({time} there)\n{what}\nLast sign of life: {sign}.\n{next}"
)
CRY_AGAIN = _(
    "{symbol} {level} · {learner}, {place} ({time} there)\n{intro}\n{what}\nLast sign of life: {sign}.\n{next}"
)
CRY: Text = "SOS"
PHONE = _("Phone of {learner}: {phone}")
TUTOR_PHONE = _("Phone of {name}, tutor at the host: {phone}")
TUTOR_MEANT = _("The words may be about {name}, tutor at the host: speak with {learner} first, and alone.")
FAMILY_PHONE = _("Phone of {name}, host family: {phone}")
FAMILY_MEANT = _("The words may be about {name}, host family: speak with {learner} first, and alone.")
TEACHER_MEANT = _("The words may be about {name}, teacher: speak with {learner} first, and alone.")
NAMED_TOO = _("The words name {name}: perhaps it is about them. Reach them too.")
TEACHER_PHONE = _("Phone of {name}, teacher: {phone}")
UNFINISHED = frozenset({"lapsed", "owner away", "owner gone"})
ENDS = (*UNFINISHED, "passed on", "reopened")
REST = _("Let it rest until tomorrow")
ALL_WELL = _("Reached, all well")
"""One press for what turns out to be nothing …"""
SETTLED = _("Reached and settled…")
"""… and for a cry, which ends in words."""
CALM = _("You follow this case; tell me when it is settled.")
CLIMBS = _("Without an answer from you by {at}: {who}.")
EVERYONE = _("everyone is told")
AGAIN_YOU = _("Without an answer from you I write again by {at}: nobody else can be reached today.")
NEVER = _("none yet")
AT_HOME = _("at home")
OUT_OF_TOUCH = WATCHED | {"stopped", "refused", "undelivered"}
"""Matters of which an adult is asked how contact is kept."""


def news_values(tx: Tx, row: CaseRow) -> dict[str, Any]:
    owner = tx.rows.get(Person, row.owner_id) if row.owner_id else None
    reason = dict(REASONS).get(row.reason or "", row.reason or "")
    return {
        "learner": row.stay.person.short_name,
        "owner": owner.full_name if owner else "",
        "reason": phrase(reason),
    }


def headline(programme: Programme, row: CaseRow, topics: Collection[str]) -> tuple[str, Text]:
    """The sign and the word that an alert begins with, also on the desk: SOS where its learner cried for help."""
    rules = programme.levels[row.level]
    return ("🆘", CRY) if row.grave and "sos" in topics else (rules.symbol, rules.name)


def alert(tx: Tx, row: CaseRow, notice: Notice, case: Case) -> Letter:
    """An alert: level, who, where, what, last sign of life, what happens next; and the four buttons."""
    person = row.stay.person
    zone = str(row.stay.facts().zone_at(tx.now))
    intro = introduction(tx, row, notice, case)
    sign = moment(row, person.last_sign_at) if person.last_sign_at else None
    symbol, level = headline(tx.programme, row, {event.detail["topic"] for event in matters_of(tx, row)})
    values = {
        "intro": intro or phrase(""),
        "symbol": symbol,
        "level": phrase(level),
        "learner": person.short_name,
        "place": last_known_place(row.stay, [event.detail for event in matters_of(tx, row)], tx.now),
        "time": {"time": tx.now.isoformat(), "zone": zone},
        "what": {"list_lines": [*what(tx, row), *kept_from(tx, row), *phones(tx, row, notice.person)]},
        "sign": sign or {"text": NEVER},
        "next": next_step(tx, row, case),
    }
    again = CRY_AGAIN if level == CRY else ALERT_AGAIN
    return Letter(again if intro else ALERT, values, buttons(tx, row))


def last_known_place(stay: StayRow, details: Iterable[Mapping[str, Any]], now: datetime) -> str | dict[str, Text]:
    """Where somebody is looked for."""
    missed = any(detail.get("answer") == "safe_return" for detail in details)
    return {"text": AT_HOME} if stay.facts().is_home(now, returned=not missed) else stay.city


def introduction(tx: Tx, row: CaseRow, notice: Notice, case: Case) -> dict[str, Any] | None:
    """What stands above an alert: why it comes now, to this person. Nothing above the first one."""
    taken, ended = _last_owner(tx, row)
    if ended is not None and notice.kind in {NoticeKind.ALERT, NoticeKind.BROADCAST}:
        return phrase(OWNER_GONE if ended == "owner gone" else LAPSED, **taken)
    handed = _handed(tx, row) if notice.kind is NoticeKind.PASSED_TO_YOU else None
    if handed is not None:
        return phrase(WITH_WORDS, **handed)
    text = AGAIN if notice.kind is NoticeKind.BROADCAST and case.round > 1 else INTROS[notice.kind]
    return phrase(text, since=moment(row, row.opened_at), **taken) if text else None


def _handed(tx: Tx, row: CaseRow) -> dict[str, Any] | None:
    """Who passes the case on at this instant, and with which words."""
    event = next((each for each in reversed(log_of(tx.rows, row.id, HANDED)) if each.at == tx.now), None)
    by = tx.rows.get(Person, event.person_id) if event is not None and event.person_id else None
    return {"owner": by.full_name, "words": event.detail["words"]} if event is not None and by is not None else None


def _last_owner(tx: Tx, row: CaseRow) -> tuple[dict[str, Any], str | None]:
    """Who took the case last, and when; and how that ended, where nobody has taken it since."""
    events = log_of(tx.rows, row.id, "taken", *ENDS)
    took = next((event for event in reversed(events) if event.kind == "taken"), None)
    owner = tx.rows.get(Person, took.person_id) if took is not None and took.person_id else None
    if took is None or owner is None:
        return {}, None
    ended = events[-1].kind if events[-1].kind in UNFINISHED else None
    return {"owner": owner.full_name, "taken": moment(row, took.at)}, ended


@dataclass(frozen=True)
class Reach:
    """Somebody to call about a case; without a number where the words of a cry may be about them."""

    text: Text
    name: str
    phone: str


def phones(tx: Tx, row: CaseRow, reader: int) -> list[dict[str, Any]]:
    """The numbers to tap, as an alert tells them."""
    learner = row.stay.person.short_name
    return [
        phrase(each.text, name=each.name, learner=each.name if each.text == PHONE else learner, phone=each.phone)
        for each in reaches(tx, row, reader)
    ]


def reaches(tx: Tx, row: CaseRow, reader: int) -> list[Reach]:
    """Whom to call: the learner; while they are away those near them too, unless their cry may be about these."""
    stay, person = row.stay, row.stay.person
    found = [Reach(PHONE, person.short_name, shown_phone(person.phone))] if person.phone else []
    for other in others_named(tx, row, reader) if row.grave else ():
        found.append(Reach(NAMED_TOO, other.short_name, ""))
        found += [Reach(PHONE, other.short_name, shown_phone(other.phone))] if other.phone else []
    today = stay.facts().day_at(tx.now)
    if not stay.departure <= today <= stay.back:
        return found
    said, out = words_of(tx, row) if row.grave else "", _kept_out(tx, row)
    tutor = TUTOR_MEANT if tutor_meant(tx, stay) or out(stay.tutor_name, stay.tutor_phone) else TUTOR_PHONE
    named = named_in(said, [(0, "", stay.teacher)]) or Role.TEACHER in roles_in(said)
    teacher = TEACHER_MEANT if named or out(stay.teacher, stay.teacher_phone) else TEACHER_PHONE
    near = [(tutor, stay.tutor_name, stay.tutor_phone), (teacher, stay.teacher, stay.teacher_phone)]
    if (family := family_named(tx, stay)) is not None:
        meant = (row.grave and means_host(said, family.name, FAMILY)) or out(family.name, family.phone)
        near.insert(0, (FAMILY_MEANT if meant else FAMILY_PHONE, family.name, family.phone))
    for text, name, phone in near:
        hidden = text in {TUTOR_MEANT, TEACHER_MEANT, FAMILY_MEANT}
        if phone or (name and hidden):
            found.append(Reach(text, name, shown_phone(phone) if phone and not hidden else ""))
    return found


def _kept_out(tx: Tx, row: CaseRow) -> Callable[[str, str | None], bool]:
    """Whether somebody that the roster names is to know nothing of it: by their name, or their number."""
    adults = [tx.rows.get_one(Person, each.adult_id) for each in left_out(tx.rows, row.stay.person_id)]
    names, numbers = {spelt(each.full_name) for each in adults}, {each.phone for each in adults if each.phone}
    return lambda name, phone: spelt(name) in names or phone in numbers


def reopening(row: CaseRow) -> Offer:
    """Closed too early: for a day it may be taken back."""
    return Offer(_("Reopen"), {"do": "case", "case": row.id, "act": "reopen"})


def reading(tx: Tx, row: CaseRow) -> tuple[Offer, ...]:
    """To read what the learner wrote, where they did."""
    action = {"do": "case", "case": row.id, "act": "read"}
    return (Offer(_("Read the message"), action),) if readable(tx, row) else ()


def spoken(row: CaseRow) -> Offer:
    """Reached, and nothing more is to be done: one press for both."""
    label, act = (SETTLED, "over") if row.grave else (ALL_WELL, "well")
    return Offer(label, {"do": "case", "case": row.id, "act": act})


def buttons(tx: Tx, row: CaseRow) -> tuple[Offer, ...]:
    """What can be done with a case from the chat."""
    action = {"do": "case", "case": row.id}
    offers = [
        Offer(_("I take it"), action | {"act": "take"}),
        Offer(_("Pass on…"), action | {"act": "pass"}),
        Offer(_("Reached"), action | {"act": "reached"}),
        spoken(row),
        Offer(_("Close…"), action | {"act": "close"}),
    ]
    if row.asked_at is not None and rest_of(tx, row) is not None:
        offers.append(Offer(REST, action | {"act": "snooze"}))
    offers += reading(tx, row)
    named = [each.adult_id for each in left_out(tx.rows, row.stay.person_id) if not each.by_learner]
    for adult in named:
        values = {"adult": tx.rows.get_one(Person, adult).full_name}
        offers.append(Offer(_("{adult} may know of it"), action | {"act": "admit", "adult": adult}, values))
    details = [event.detail for event in matters_of(tx, row)]
    topics = {detail["topic"] for detail in details}
    command = {"do": "command", "rest": f"#{row.stay_id}"}
    if "never_started" in topics or any(detail["answer"] == NEVER_OPENED for detail in details):
        offers.append(Offer(_("New invitation"), command | {"word": "invite", "keeps": True}))
    if topics & OUT_OF_TOUCH:
        rest = f"#{row.stay_id} elsewhere"
        offers.append(Offer(_("Contact is kept otherwise…"), command | {"word": "change", "rest": rest, "keeps": True}))
    return tuple(offers)


def next_step(tx: Tx, row: CaseRow, case: Case, crew: Crew | None = None) -> dict[str, Any]:
    """What happens if nobody reacts: when, and who is alerted then. Nobody is promised who is not there."""
    if case.owner is not None or case.wake_at is None:
        return {"text": CALM}
    at = {"at": moment(row, case.wake_at)}
    crew = crew or crew_for(tx, row.stay)
    for rung in tx.programme.levels[case.level].rungs[case.rung + 1 :]:
        there = [role for role in rung.roles if crew.standing((role,))]
        if there:
            return phrase(CLIMBS, **at, who={"list": [phrase(ROLES[role]) for role in there]})
    return phrase(CLIMBS, **at, who={"text": EVERYONE}) if len(crew.present) > 1 else phrase(AGAIN_YOU, **at)


def moment(row: CaseRow, at: datetime) -> dict[str, str]:
    """An instant by the clocks of the school."""
    return {"moment": at.isoformat(), "zone": row.stay.school.zone}
