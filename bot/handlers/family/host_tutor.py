"""The tutor at the host's: who they are, the message with their link, and what follows from their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.domain.emergency import in_a_sentence
from bot.domain.level import Level
from bot.domain.messages import Letter
from bot.domain.person import Role, clean_name, halves
from bot.domain.programme import Question
from bot.domain.roster.phones import shown_phone
from bot.domain.tutor import Part, asked, spoken, texts
from bot.handlers.case.case import Matter, move_item, open_matter
from bot.handlers.say.facts import stay_facts
from bot.handlers.say.marks import mark
from bot.handlers.say.post import About, post
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Address, Person, RoleHeld, addresses_at, by_ref
from bot.store.stays import StayRow, marks_of

STEP = "tutor."
"""The steps of messages to a host tutor begin with it."""
ABSENT = "tutor_absent"
UNSIGNED = "tutor_unsigned"


@dataclass(frozen=True)
class Asked:
    """What the page of a stay asks now, and the values of its texts."""

    parts: tuple[Part, ...]
    questions: tuple[Question, ...]
    values: dict[str, Any]


def tutor_of(tx: Tx, stay: StayRow) -> Person | None:
    """The tutor the roster names, as a person; None where it names nobody. One who looks after several is one person."""
    if not stay.tutor_name:
        return None
    person = _known(tx, stay) or _make(tx, stay)
    person.language = spoken(stay.tutor_language)
    _keep_address(tx, person)
    return person


def _known(tx: Tx, stay: StayRow) -> Person | None:
    if not stay.tutor_email:
        found = by_ref(tx.rows, _ref(stay))
        return found if found is not None and found.full_name == clean_name(stay.tutor_name) else None
    wanted = select(Person).join(RoleHeld).where(RoleHeld.role == Role.TUTOR, Person.email == stay.tutor_email)
    return tx.rows.scalars(wanted.order_by(Person.id)).first()


def write(tx: Tx, stay: StayRow) -> str:
    """Send the tutor the link to their page, where there is an address and something to answer."""
    tutor = tutor_of(tx, stay)
    if tutor is None or not tutor.email or not what_is_asked(tx, stay).parts:
        return "nobody"
    values = {"tutor": tutor.full_name, "name": stay.person.first_name, "school": stay.school.name}
    post(tx, tutor.id, Letter(texts()["mail"], values), Lane.BROADCAST, About(stay=stay.id, step=f"{STEP}link"))
    return "told"


def what_is_asked(tx: Tx, stay: StayRow) -> Asked:
    """The open parts of a tutor's page, on the day it is where the host is."""
    facts = stay.facts()
    marks = marks_of(tx.rows, stay.id)
    done = frozenset(part for part in Part if (f"tutor.{part}", "once") in marks)
    today = tx.now.astimezone(ZoneInfo(stay.zone)).date()
    phone = stay.school.phone or stay.school.on_call_phone
    values = stay_facts(tx, stay) | {
        "tutor": stay.tutor_name,
        "phone": shown_phone(phone) if phone else "–",
        "emergency": in_a_sentence(tx.programme, stay.country),
    }
    return Asked(asked(tx.programme, facts, done, today), tx.programme.tutor.questions, values)


def answer(tx: Tx, stay: StayRow, tutor: Person, part: Part, given: Mapping[str, str]) -> Level | None:
    """Take in the answers to one part of the page, once. How grave they are; None where one is missing or not open."""
    now = what_is_asked(tx, stay)
    if part not in now.parts:
        return Level.NONE if (f"tutor.{part}", "once") in marks_of(tx.rows, stay.id) else None
    if part is Part.QUESTIONS:
        return _questions(tx, stay, tutor, given)
    said = given.get("said")
    if said not in {"yes", "no"}:
        return None
    mark(tx, stay.id, (f"tutor.{part}", "once"), said)
    if said == "yes":
        if part is Part.ATTESTATION:
            _declare(tx, stay, tx.programme.tutor.attestation_item, tutor)
        return Level.NONE
    matter = Matter(Level.TODAY, ABSENT) if part is Part.PRESENCE else Matter(Level.FOLLOW_UP, UNSIGNED)
    open_matter(tx, stay, matter)
    return matter.level


def _questions(tx: Tx, stay: StayRow, tutor: Person, given: Mapping[str, str]) -> Level | None:
    """Five short choices: each is a mark; one that is not well is for the coordinator to follow up."""
    questions = tx.programme.tutor.questions
    chosen = [next((each for each in one.choices if each.id == given.get(one.id)), None) for one in questions]
    if None in chosen:
        return None
    worst = Level.NONE
    mark(tx, stay.id, (f"tutor.{Part.QUESTIONS}", "once"), "answered")
    for question, choice in zip(questions, chosen, strict=True):
        if choice is None:
            continue
        mark(tx, stay.id, (f"tutor.said.{question.id}", "once"), choice.id)
        if choice.level is not Level.NONE:
            open_matter(tx, stay, Matter(choice.level, f"tutor.{question.id}", choice.id))
        worst = max(worst, choice.level, key=lambda level: level.rank)
    _declare(tx, stay, tx.programme.tutor.questions_item, tutor)
    return worst


def _declare(tx: Tx, stay: StayRow, name: str | None, tutor: Person) -> None:
    """An item of the checklist waits for the coordinator's tick: a tutor's word alone ticks nothing off."""
    if name and tx.programme.journey(stay.kind).item(name):
        move_item(tx, stay, name, "declared", None, tutor.id)


def _ref(stay: StayRow) -> str:
    return f"{stay.person.ref}~tutor"


def _make(tx: Tx, stay: StayRow) -> Person:
    ref, first, last = _ref(stay), *halves(stay.tutor_name)
    if by_ref(tx.rows, ref) is not None:  # another tutor before this one
        ref = f"{ref}~{tx.now:%Y%m%d%H%M%S%f}"
    person = Person(ref=ref, first_name=first, last_name=last, school_id=stay.school_id, email=stay.tutor_email)
    person.language = spoken(stay.tutor_language)
    person.roles.append(RoleHeld(role=Role.TUTOR))
    tx.rows.add(person)
    tx.rows.flush()
    return person


def _keep_address(tx: Tx, person: Person) -> None:
    """The address the roster gives."""
    known = addresses_at(tx.rows, "email", person.email) if person.email else []
    if person.email and all(each.person_id != person.id for each in known):
        native, at = person.email, tx.now
        tx.rows.add(
            Address(person_id=person.id, channel="email", native=native, state="confirmed", created_at=at, used_at=at)
        )
    tx.rows.flush()
