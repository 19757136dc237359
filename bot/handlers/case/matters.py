"""The matters of a case, in words: what a learner did not answer, what they or their host tutor said, what else is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from bot.domain.level import Level
from bot.domain.need_to_know import FAMILY, GRAVE, TUTORS, means_host
from bot.domain.person import Role
from bot.domain.programme import Journey, Programme
from bot.domain.spelling import folded, named
from bot.handlers.say.facts import answer_words, stay_facts
from bot.handlers.say.host import known_tutor
from bot.i18n import Text, _, _n, phrase
from bot.store.autoflush import ask_once
from bot.store.cases import CaseEvent, CaseRow, left_out, left_out_of, log_of, open_case
from bot.store.db import Tx
from bot.store.messages import InboxRow
from bot.store.people import Person
from bot.store.stays import StayRow

TOPICS: dict[str, Text] = {
    "sos": _("SOS: needs help now."),
    "missed": _("No answer to: {contact}. My message was delivered."),
    "green_light": _("No answer: may they leave although something is missing? The question with its buttons stands in your chat."),
    "undelivered": _("My messages no longer reach {learner}."),
    "question": _("Has a question for you."),
    "problem": _("Says there is a problem."),
    "attendance": _("Was absent from work this week."),
    "trend": _("Is doing less well than last week."),
    "nudge": _("Would like to hear from you (weekly check-in)."),
    "stopped": _("Has stopped Compagnon with /stop. The stay goes on: how do you keep contact?"),
    "refused": _("Does not want to begin with Compagnon."),
    "drill": _("Wrote SOS in the exercise, and has not said that it was one."),
    "distress": _("A word of distress in a message."),
    "write_to_me": _("Would like an adult to write to them."),
    "early_return": _("Comes back earlier than planned: an adult phones the family."),
    "unlisted": _("Is not in the list of the school any more, and nobody has said whether {learner} travels: /change"),
    "postponed": _("Has put off more than once: {contact}."),
    "overdue": _("The date has passed for: {contact}."),
    "few_adults": _("Fewer than two adults who can take a case are there on every day of this stay. Name somebody, or have them open their invitation."),
    "no_on_call": _("No on-call adult can be reached on every day of the stay of this minor. Name somebody, or have them open their invitation."),
    "never_started": _("Has not begun with Compagnon: nobody knows through me how they are. Make a new invitation, phone them, or say with /change and the name how you keep contact."),
    "no_contact": _("Has stopped Compagnon and leaves soon. Say with /change and the name how you keep contact, and until when."),
    "silent": _("No sign of life for longer than planned. Phone them."),
    "silent_stopped": _("No sign of life, and Compagnon is stopped. Phone them, or say with /change and the name how you keep contact."),
    "silent_unreachable": _("No sign of life, and my messages do not arrive. Phone them, or say with /change and the name how you keep contact."),
    "silent_paused": _("No sign of life, and my questions are paused. Phone them, or say with /change and the name how you keep contact."),
    "words": _("Wrote to {contact}. Nobody has read it yet."),
    "unseen": _("Has given no sign since {contact} wrote to them."),
    "tutor_absent": _("The host tutor says that {learner} has not come."),
    "tutor_unsigned": _("The host tutor needs help with the certificate of attendance."),
}  # fmt: skip
NEVER_OPENED = "never opened"
"""The answer of a matter `undelivered` of somebody to whom nothing of ours has ever gone."""
UNOPENED = _(
    "{learner} has never opened their link: nothing I write can reach them. Make a new invitation, or phone them."
)
WRITTEN = _("{what} (written on {written})")
WRITTEN_AGO = _n("{what} (written {count} hour ago, on {written})", "{what} (written {count} hours ago, on {written})")
CONTACTS: dict[str, Text] = {
    "check_in": _("the weekly check-in"),
    "arrival": _("the arrival"),
    "safe_return": _("the return"),
    "attendance": _("attendance"),
    "enrolment": _("the first contact"),
    "away": _("the question after my absence"),
}
NAMED = _("{adult} is named in the words and hears nothing of this. Decide without them.")
UNWANTED = _("{learner} does not want {adult} to know of this.")
NOT_TOLD = "not told"
"""What a log says of an alert that has not left."""
UNTOLD = _("{adult} could not be told yet: no channel of theirs answers.")
SHOWN = 5
"""So many matters of a case in one alert."""
WROTE = "learner wrote"
"""What a log says of words that stand in the case."""
SAID = (WROTE, "learner sent file", "answered")
"""What a log says of words to an adult; who follows the case alone had them in their chat."""
READABLE = frozenset({"question", "distress", "words"})
"""Matters with words of the learner's own behind them."""
MORE = _n("and {count} more: open the case to see it", "and {count} more: open the case to see them")


SHARED = frozenset({"missed", "undelivered", "few_adults", "no_on_call", "green_light"})
"""Matters that may befall a whole class: their bus is late, a network is down, we were away, nobody has let them go."""
NEAR = timedelta(days=14)
"""So long before a departure and after a return somebody belongs to those who travel."""
JUST_BEFORE = timedelta(hours=1)
"""So long before a cry its author may have said whom it is about."""


_SHOWN = (
    select(InboxRow.received_at, InboxRow.shown)
    .where(InboxRow.person_id == bindparam("person"), InboxRow.shown.is_not(None))
    .where(InboxRow.received_at.between(bindparam("first"), bindparam("last")))
    .order_by(InboxRow.id)
)

_SAID = (
    select(InboxRow.shown)
    .where(InboxRow.id.in_(bindparam("numbers", expanding=True)), InboxRow.shown.is_not(None))
    .order_by(InboxRow.id)
)
_NAMES_NEAR = (
    select(Person.id, Person.first_name)
    .join(StayRow, StayRow.person_id == Person.id)
    .where(StayRow.school_id == bindparam("school"), Person.id != bindparam("own"))
    .where(StayRow.departure <= bindparam("gone_by"), StayRow.back >= bindparam("not_back_by"))
    .where(Person.first_name != bindparam("called"))
    .distinct()
    .order_by(Person.id)
)


def matters_of(tx: Tx, row: CaseRow) -> list[CaseEvent]:
    """The matters of a case, the first first."""
    return log_of(tx.rows, row.id, "matter")


def words_of(tx: Tx, row: CaseRow) -> str:
    """All that the learner has said in a case, and just before it and each cry in it, for whoever looks for a name there."""
    events = log_of(tx.rows, row.id)
    inbox = tuple(sorted({int(event.detail["inbox"]) for event in events if "inbox" in event.detail}))
    cries = {event.at for event in events if event.detail.get("topic") in GRAVE}
    said = [shown for (shown,) in ask_once(tx.rows, _SAID, {"numbers": inbox}) if shown] if inbox else []
    return "\n".join([*said_before(tx, row.stay, row.opened_at, *sorted(cries)), *said])


def said_before(tx: Tx, stay: StayRow, *instants: datetime) -> list[str]:
    """What a learner wrote in the hour before an instant, or before one of several; a message each."""
    between = {"person": stay.person_id, "first": min(instants) - JUST_BEFORE, "last": max(instants)}
    return [
        shown
        for received, shown in ask_once(tx.rows, _SHOWN, between)
        if shown and any(at - JUST_BEFORE <= received <= at for at in instants)
    ]


def others_named(tx: Tx, row: CaseRow, reader: int) -> list[Person]:
    """Which other learners of the school, on their way these weeks, the words of a cry call by their first name: somebody
    may write for a friend, or from a friend's phone. None who keep the reader out of what befalls them.
    """
    words = words_of(tx, row)
    if not set(folded(words).split()) - {"sos"}:
        return []
    today, own = tx.now.date(), row.stay.person
    others = {"own": own.id, "called": own.first_name, "school": row.stay.school_id}
    near = others | {"gone_by": today + NEAR, "not_back_by": today - NEAR}
    names = {number: (name, name) for number, name in ask_once(tx.rows, _NAMES_NEAR, near)}
    found = named(words, names)[:SHOWN] if names else []
    out = left_out_of(tx.rows, found) if found else {}
    return [tx.rows.get_one(Person, number) for number in found if reader not in out.get(number, ())]


def tutor_meant(tx: Tx, stay: StayRow) -> bool:
    """Whether the tutor at the host's is to see and hear nothing: the learner keeps them out, or the words of a cry that
    is open may be about them.
    """
    if not stay.tutor_name:
        return False
    out = {each.adult_id for each in left_out(tx.rows, stay.person_id)}
    if out and (tutor := known_tutor(tx, stay)) is not None and tutor.id in out:
        return True
    return _in_a_cry(tx, stay, stay.tutor_name)


def external_meant(tx: Tx, stay: StayRow, person: Person) -> bool:
    """The same of an employer, a teacher at the partner school, a host family."""
    out = {each.adult_id for each in left_out(tx.rows, stay.person_id)}
    called = FAMILY if person.holds(Role.HOST_FAMILY) else TUTORS
    return person.id in out or _in_a_cry(tx, stay, person.full_name, called)


def _in_a_cry(tx: Tx, stay: StayRow, name: str, called: frozenset[str] = TUTORS) -> bool:
    """Whether the words of a cry that is open may be about somebody outside the school."""
    case = open_case(tx.rows, stay.id)
    return case is not None and case.grave and means_host(words_of(tx, case), name, called)


def readable(tx: Tx, row: CaseRow) -> bool:
    """Whether there are words of the learner's to read."""
    if any(event.detail["topic"] in READABLE for event in matters_of(tx, row)):
        return True
    return any("inbox" in event.detail for event in log_of(tx.rows, row.id, *SAID))


def gravest(tx: Tx, row: CaseRow) -> dict[str, Any] | None:
    """The gravest matter of a case, the newest of equals."""
    details = [event.detail for event in reversed(matters_of(tx, row))]
    return max(details, key=lambda detail: Level(detail["level"]).rank, default=None)


def shared_cause(tx: Tx, row: CaseRow) -> tuple[str, str] | None:
    """Why others may have a case as well: what was asked and not answered, what does not arrive, who is not there."""
    detail = gravest(tx, row)
    return (detail["topic"], detail["answer"]) if detail is not None and detail["topic"] in SHARED else None


def what(tx: Tx, row: CaseRow) -> list[dict[str, Any]]:
    """The matters of a case, one line each: the gravest first, the newest of equals, and how many more there are."""
    details = [event.detail for event in log_of(tx.rows, row.id, "matter", NOT_TOLD)]
    named = all(detail.get("topic", "sos") in TOPICS for detail in details)
    return what_of(tx.programme, row.stay, details, {} if named else stay_facts(tx, row.stay), tx.now)


def kept_from(tx: Tx, row: CaseRow) -> list[dict[str, Any]]:
    """From whom a case is kept, for those who are told: they decide without them."""
    found = []
    for each in left_out(tx.rows, row.stay.person_id):
        adult = tx.rows.get_one(Person, each.adult_id).full_name
        text = UNWANTED if each.by_learner else NAMED
        found.append(phrase(text, adult=adult, learner=row.stay.person.short_name))
    return found


def what_of(
    programme: Programme,
    stay: StayRow,
    details: Iterable[Mapping[str, Any]],
    facts: Mapping[str, Any],
    now: datetime | None = None,
) -> list[dict[str, Any]]:
    """The same for matters that were read already. `facts` fill the questions of the school; with `now`, what was
    written long before says how long ago.
    """
    known = list(details)
    newest = [detail for detail in known[::-1] if "topic" in detail]
    newest.sort(key=lambda detail: -Level(detail["level"]).rank)
    untold = [phrase(UNTOLD, adult=name) for name in dict.fromkeys(each["adult"] for each in known if "adult" in each)]
    lines = [aged(stay, detail, matter(programme, stay, detail, lambda: facts), now) for detail in newest]
    distinct = [line for place, line in enumerate(lines) if line not in lines[:place]]
    more = len(distinct) - SHOWN
    return [*distinct[:SHOWN], *([phrase(MORE, count=more)] if more > 0 else []), *untold]


def matter(
    programme: Programme, stay: StayRow, detail: Mapping[str, Any], facts: Callable[[], Mapping[str, Any]]
) -> dict[str, Any]:
    """One matter of a case as a line. `facts` are asked for only where its words may name them."""
    topic, answer, journey = detail["topic"], detail["answer"], programme.journey(stay.kind)
    if topic in TOPICS:
        contact = CONTACTS.get(answer) or _title(journey, answer)
        values = {"learner": stay.person.short_name, "contact": phrase(contact)}
        return phrase(UNOPENED if answer == NEVER_OPENED else TOPICS[topic], **values)
    question, label = _tutor_said(programme, topic, answer) or answer_words(journey, topic, answer)
    return answered(question, label, facts())


def aged(stay: StayRow, detail: Mapping[str, Any], line: Any, now: datetime | None = None) -> Any:
    """A matter with the time at which it was written, where that was long before we could read it."""
    if "written" not in detail:
        return line
    written = {"moment": detail["written"], "zone": stay.school.zone}
    if now is None:
        return phrase(WRITTEN, what=line, written=written)
    hours = (now - datetime.fromisoformat(detail["written"])) // timedelta(hours=1)
    return (
        phrase(WRITTEN_AGO, what=line, written=written, count=hours)
        if hours
        else phrase(WRITTEN, what=line, written=written)
    )


def _tutor_said(programme: Programme, topic: str, answer: str) -> tuple[Text, Text] | None:
    """The question and the answer of a matter that came from the tutor's page; None where it came from elsewhere."""
    kind, _dot, name = topic.partition(".")
    if kind != "tutor":
        return None
    question = next((each for each in programme.tutor.questions if each.id == name), None)
    choice = next((each for each in question.choices if each.id == answer), None) if question else None
    return (question.text, choice.label) if question and choice else (topic, answer)


def answered(question: Text, label: Text, facts: Mapping[str, Any]) -> dict[str, Any]:
    """A question and what was pressed under it."""
    given = dict(facts)
    values = {
        "question": phrase(question, **given),
        "answer": phrase(label, **given),
    }
    return phrase(_("{question} → {answer}"), **values)


def _title(journey: Journey, name: str) -> Text:
    item = journey.item(name)
    return item.title if item else name
