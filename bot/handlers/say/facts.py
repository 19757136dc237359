"""What is true of a stay when a conversation about it begins: the values its texts may name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from bot.domain.emergency import countries_on, in_a_sentence, of_the_stay, one_below_the_other
from bot.domain.occasion import Kind as Contact
from bot.domain.occasion import Occasion, slot_of
from bot.domain.person import Role
from bot.domain.programme import CheckIn, Item, Journey, Landmark, LanguageTest
from bot.domain.progress import progress
from bot.domain.roster.phones import shown_phone
from bot.domain.stay import Stay, conditions
from bot.domain.touchpoints import due_day, in_full, landmark_instant
from bot.handlers.say.host import host_family_of
from bot.handlers.say.learned import good_week_facts
from bot.handlers.say.own_page import welcome_page
from bot.i18n import Text, _, phrase
from bot.store.autoflush import lasting
from bot.store.cases import left_out
from bot.store.db import Tx
from bot.store.people import Person, RoleHeld, School
from bot.store.sessions import held_sessions
from bot.store.stays import StayRow, items_of, marks_of

_AT_HAND = (
    select(RoleHeld)
    .join(Person, Person.id == RoleHeld.person_id)
    .where(func.coalesce(RoleHeld.school_id, Person.school_id) == bindparam("school"))
    .order_by(Person.id)
)
_WITH_ROLE = _AT_HAND.with_only_columns(Person).where(RoleHeld.role == bindparam("role"))
_STAND_INS = _AT_HAND.with_only_columns(RoleHeld.role, Person.id, Person.first_name, Person.last_name).where(
    RoleHeld.role.in_((Role.COORDINATOR, Role.DEPUTY, Role.HEAD))
)
_CONSORTIUM_PHONE = select(School.on_call_phone).where(School.ref == "")
AT_SCHOOL: Text = _("Your school, on call: {number}")
AT_HOME: Text = _("{name}, your host family: {number}")
PARTNER: Text = _("your partner school")


def stay_facts(tx: Tx, row: StayRow) -> dict[str, Any]:
    """The values every text about a stay may name."""
    on_call, stay = on_call_phone(tx, row), row.facts()
    lines = one_below_the_other(tx.programme, of_the_stay(stay, stay.day_at(tx.now)))
    lines += [phrase(AT_SCHOOL, number=on_call)] if on_call else []
    lines += host_family_lines(tx, row)
    return travel_facts(tx, row) | {
        "coordinator": coordinator_of(tx, row),
        "on_call": on_call,
        "numbers": {"list_lines": lines},
        "page": _page(tx, row),
    }


def _page(tx: Tx, row: StayRow) -> str:
    """Where a guest finds what the school wrote for them; without an address of ours, whom to ring."""
    found = welcome_page(tx, row) if tx.programme.journey(row.kind).welcome else ""
    return found or phone_of(row.school)


def host_family_lines(tx: Tx, row: StayRow) -> list[dict[str, Any]]:
    """The number of those with whom a learner lives, for their own eyes."""
    found = host_family_of(tx, row)
    return [phrase(AT_HOME, name=found.name, number=shown_phone(found.phone))] if found and found.phone else []


def coordinator_of(tx: Tx, row: StayRow) -> str:
    """Whose name a learner reads."""
    found = coordinator_for(tx, row)
    return found[1] if found is not None else row.school.name


def coordinator_for(tx: Tx, row: StayRow) -> tuple[int, str] | None:
    """The coordinator, by number and name; where that is whom the learner does not want near them, who stands in."""
    first = _stand_ins(tx.rows, row.school_id)
    out = {each.adult_id for each in left_out(tx.rows, row.person_id)}
    for role in (Role.COORDINATOR, *((Role.DEPUTY, Role.HEAD) if out else ())):
        if role in first and first[role][0] not in out:
            return first[role]
    return None


@lasting(_STAND_INS)
def _stand_ins(session: Session, school: int) -> Mapping[Role, tuple[int, str]]:
    first: dict[Role, tuple[int, str]] = {}
    for role, adult, name, last in session.execute(_STAND_INS, {"school": school}):
        first.setdefault(role, (adult, f"{name} {last}".strip()))
    return first


def travel_facts(tx: Tx, row: StayRow) -> dict[str, Any]:
    """Those of them that need no look into the database: lists of many stays are made of these."""
    stay = row.facts()
    today = stay.day_at(tx.now)
    return {
        "name": row.person.first_name,
        "city": row.city,
        "country": {"country": row.country},
        "host": row.host or (row.city if stay.travels else phrase(PARTNER)),
        "school": row.school.name,
        "days": max((row.departure - today).days, 0),
        "departure": {"day": row.departure.isoformat()},
        "start": {"day": row.start.isoformat()},
        "end": {"day": row.end.isoformat()},
        "back": {"day": row.back.isoformat()},
        "emergency": in_a_sentence(tx.programme, of_the_stay(stay, today)),
        "emergency_now": emergency_now(tx, stay),
    }


def emergency_now(tx: Tx, stay: Stay) -> Any:
    """The emergency numbers of where the learner is now: while they travel, of both countries."""
    return in_a_sentence(tx.programme, *countries_on(stay, stay.day_at(tx.now)))


def danger_facts(tx: Tx, row: StayRow) -> dict[str, Any]:
    """The values of what is said to somebody in danger: the emergency number is that of where they are now."""
    facts = stay_facts(tx, row)
    return facts | {"emergency": facts["emergency_now"]}


def country_now(tx: Tx, stay: Stay) -> str:
    """The country the learner is most likely in now; empty where nobody knows."""
    return stay.country if stay.country in countries_on(stay, stay.day_at(tx.now)) else stay.home


def on_call_phone(tx: Tx, row: StayRow) -> str | None:
    """The school's on-call number, else the consortium's."""
    return on_call_of(tx, row.school)


def on_call_of(tx: Tx, school: School) -> str | None:
    """The number of one school, else the consortium's, in the groups of its country."""
    number = school.on_call_phone or _consortium_phone(tx.rows)
    return _shown(number) if number else None


@lasting(_CONSORTIUM_PHONE)
def _consortium_phone(session: Session) -> str | None:
    return session.scalar(_CONSORTIUM_PHONE)


@lru_cache(maxsize=256)
def _shown(number: str) -> str:
    """The number of a school, which every text about a stay names; learners' own numbers are not kept in mind."""
    return shown_phone(number)


def adult_of(tx: Tx, school: int, role: Role) -> Person | None:
    """The first person of a school with a role."""
    return tx.rows.scalars(_WITH_ROLE, {"school": school, "role": role}).first()


def phone_of(school: School) -> str:
    """The number of a school for those outside it: its own, else that of who is on call."""
    phone = school.phone or school.on_call_phone
    return _shown(phone) if phone else "–"


def in_charge(tx: Tx, school: int | None) -> list[Person]:
    """A school's coordinator and deputy: whom a question about its people goes to."""
    found = [adult_of(tx, school, role) for role in (Role.COORDINATOR, Role.DEPUTY)] if school is not None else []
    return list({adult.id: adult for adult in found if adult}.values())


def occasion_facts(tx: Tx, row: StayRow, occasion: Occasion) -> dict[str, Any]:
    """The values of one conversation: those of the stay, and what its flow needs to decide."""
    facts = stay_facts(tx, row)
    journey = tx.programme.journey(row.kind)
    holding = {"holding": sorted(conditions(tx.programme, row.facts()))}
    match occasion.kind:
        case Contact.ITEM:
            item = journey.item(occasion.name)
            return facts | (item_facts(tx, row, item) if item else {})
        case Contact.ARRIVAL if journey.arrival:
            return facts | holding | landmark_facts(tx, row, Contact.ARRIVAL, journey.arrival)
        case Contact.SAFE_RETURN if journey.safe_return:
            return facts | holding | landmark_facts(tx, row, Contact.SAFE_RETURN, journey.safe_return)
        case Contact.CHECK_IN if journey.check_in:
            whole = in_full(tx.programme, row.facts(), occasion)
            facts |= {"expected": expected_days(tx, row, occasion), "in_full": whole}
            facts |= {} if whole or slot_of(occasion.occurrence) == "first" else good_week_facts(tx, row, facts)
            return facts | holding | check_in_facts(tx, row, journey.check_in)
        case Contact.ATTENDANCE:
            return facts | {"expected": expected_days(tx, row, occasion)}
    return facts


def item_facts(tx: Tx, row: StayRow, item: Item) -> dict[str, Any]:
    """When it is due, and the level of the first language test."""
    first, level = tx.programme.journey(row.kind).first_test, None
    if first and isinstance(item, LanguageTest) and item.id != first.id:
        states = items_of(tx.rows, row.id)
        level = states[first.id].value if first.id in states else None
    return {"due": {"date": due_day(row.facts(), item).isoformat()}, "first_level": level}


def place_in_checklist(tx: Tx, row: StayRow) -> tuple[int, int]:
    """Which of the learner's items is asked now, and of how many: those they have answered count."""
    stay = row.facts()
    states = {name: item.state for name, item in items_of(tx.rows, row.id).items()}
    return progress(tx.programme, stay, states, stay.day_at(tx.now)).place


def landmark_facts(tx: Tx, row: StayRow, kind: Contact, landmark: Landmark) -> dict[str, Any]:
    """The instants of asking again and of the deadline, sooner for a minor."""
    stay = row.facts()
    again = {
        f"again_{place}": landmark_instant(tx.programme, stay, kind, offset).isoformat()
        for place, offset in enumerate(landmark.again, 1)
    }
    day = stay.anchor(landmark.ask.anchor) + timedelta(days=landmark.ask.days)
    deadline = landmark.missing.minor if stay.minor_on(day) else landmark.missing.adult
    return again | {"missing": landmark_instant(tx.programme, stay, kind, deadline).isoformat()}


def check_in_facts(tx: Tx, row: StayRow, check_in: CheckIn) -> dict[str, Any]:
    """Whether the check-in before this one was missed, and last week's answer to the question whose trend counts."""
    marks = marks_of(tx.rows, row.id)
    before = [outcome for (touchpoint, _day), outcome in marks.items() if touchpoint == "check_in"]
    outcomes = [outcome for outcome in before if outcome in {"answered", "missed"}]
    missed = outcomes[-1:] == ["missed"]
    return {"missed_before": missed, "minor": is_minor(tx, row), "trend": _trend(tx, row, check_in)}


def is_minor(tx: Tx, row: StayRow) -> bool:
    """Whether the learner is under 18 today, where they are."""
    stay = row.facts()
    return stay.minor_on(stay.day_at(tx.now))


def _trend(tx: Tx, row: StayRow, check_in: CheckIn) -> dict[str, Any] | None:
    rule = check_in.trend
    question = next((each for each in check_in.questions if rule and each.id == rule.question), None)
    if rule is None or question is None:
        return None
    earlier = [dict(each.answers) for each in held_sessions(tx.rows, row.id) if each.touchpoint == "check_in"]
    weeks = [answers for answers in earlier if any(given is not None for given in answers.values())]
    return {
        "question": rule.question,
        "before": weeks[-1].get(rule.question) if weeks else None,
        "scale": [answer.id for answer in question.choices],
        "low": list(rule.low),
        "drop": rule.drop,
        "level": rule.level.value,
    }


def expected_days(tx: Tx, row: StayRow, occasion: Occasion) -> int:
    """The days of that week on which the learner was to work: within the activity, on working weekdays."""
    attendance = tx.programme.journey(row.kind).attendance
    if attendance and not attendance.applies(conditions(tx.programme, row.facts())):
        return 0
    asked, weekdays = occasion.at.astimezone(row.facts().zone_at(occasion.at)).date(), tx.programme.hours.weekdays
    week = [asked - timedelta(days=back) for back in range(7)]
    working = [day for day in week if row.start <= day <= row.end and day.weekday() in weekdays]
    return min(len(working), attendance.days if attendance else len(working))


def answer_words(journey: Journey, topic: str, answer: str) -> tuple[Text, Text]:
    """The question and the label that a learner pressed."""
    landmarks = [landmark for landmark in (journey.arrival, journey.safe_return) if landmark]
    questions = [question for landmark in landmarks for question in landmark.questions]
    questions += journey.check_in.questions if journey.check_in else ()
    for question in questions:
        for choice in question.choices:
            if (question.id, choice.id) == (topic, answer):
                return question.text, choice.label
    item = journey.item(topic)
    for pressed in item.choices if item else ():
        if item and pressed.id == answer:
            return item.title, pressed.label
    return topic, answer
