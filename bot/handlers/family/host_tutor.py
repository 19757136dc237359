"""The tutor at the host's: who they are, the message with their link, and what follows from their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.emergency import in_a_sentence
from bot.domain.level import Level
from bot.domain.messages import Letter
from bot.domain.programme import Question
from bot.domain.programme.grid import Grid
from bot.domain.programme.journey import Skill
from bot.domain.tutor import Part, asked, grids_open, skills_of, texts
from bot.handlers.case.case import Matter, move_item, open_matter
from bot.handlers.case.matters import tutor_meant
from bot.handlers.family.employer import let_employer_know
from bot.handlers.say.facts import phone_of, stay_facts
from bot.handlers.say.host import tutor_of
from bot.handlers.say.marks import mark
from bot.handlers.say.post import About, post
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person
from bot.store.stays import StayRow, marks_of

STEP = "tutor."
"""The steps of messages to a host tutor begin with it."""
GRID, GRADED = "tutor.grid.", "tutor.said.grid."
"""Marks of a grid that was filled in, and of the grade of each of its rows."""
SEEN = "tutor.said.skill."
ABSENT = "tutor_absent"
UNSIGNED = "tutor_unsigned"


@dataclass(frozen=True)
class Asked:
    """What the page of a stay asks now, and the values of its texts."""

    parts: tuple[Part, ...]
    questions: tuple[Question, ...]
    skills: tuple[Skill, ...]
    values: dict[str, Any]
    grids: tuple[Grid, ...] = ()


def write(tx: Tx, stay: StayRow) -> str:
    """Send the tutor the link to their page, where there is an address and something to answer."""
    tutor = tutor_of(tx, stay)
    if tutor_meant(tx, stay):
        return "held back"
    open_ = what_is_asked(tx, stay)
    if tutor is None or not tutor.email or not (open_.parts or open_.grids):
        return "nobody"
    values = {"tutor": tutor.full_name, "name": stay.person.first_name, "school": stay.school.name}
    post(tx, tutor.id, Letter(texts()["mail"], values), Lane.BROADCAST, About(stay=stay.id, step=f"{STEP}link"))
    return "told"


def what_is_asked(tx: Tx, stay: StayRow) -> Asked:
    """The open parts of a tutor's page; none for one whom a learner keeps out, or whom their distress may be about."""
    now = _open(tx, stay)
    return replace(now, parts=(), grids=()) if tutor_meant(tx, stay) else now


def _open(tx: Tx, stay: StayRow) -> Asked:
    """What can be answered, on the day it is where the host is."""
    facts = stay.facts()
    marks = marks_of(tx.rows, stay.id)
    done = frozenset(part for part in Part if (f"tutor.{part}", "once") in marks)
    today = tx.now.astimezone(ZoneInfo(stay.zone)).date()
    values = stay_facts(tx, stay) | {
        "tutor": stay.tutor_name,
        "phone": phone_of(stay.school),
        "emergency": in_a_sentence(tx.programme, stay.country),
    }
    filled = frozenset(name.removeprefix(GRID) for name, _once in marks if name.startswith(GRID))
    grids = grids_open(tx.programme, facts, filled, today)
    return Asked(
        asked(tx.programme, facts, done, today),
        tx.programme.tutor.questions,
        skills_of(tx.programme, facts),
        values,
        grids,
    )


def answer(tx: Tx, stay: StayRow, tutor: Person, part: Part, given: Mapping[str, str]) -> Level | None:
    """Take in the answers to one part of the page, once. How grave they are; None where one is missing or not open.
    What was answered is taken, whomever the learner has named since.
    """
    now = _open(tx, stay)
    if part not in now.parts:
        return Level.NONE if (f"tutor.{part}", "once") in marks_of(tx.rows, stay.id) else None
    if part is Part.QUESTIONS:
        return _questions(tx, stay, tutor, given)
    if part is Part.SKILLS:
        return _skills(tx, stay, tutor, given)
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
    let_employer_know(tx, stay, matter.topic, stay.facts().day_at(tx.now))
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


def fill_in(tx: Tx, stay: StayRow, tutor: Person, name: str, given: Mapping[str, str]) -> bool:
    """Take in one grid, whole and once. A second time changes nothing; False where a row is missing."""
    if (f"{GRID}{name}", "once") in marks_of(tx.rows, stay.id):
        return True
    grid = next((each for each in _open(tx, stay).grids if each.id == name), None)
    grades = grid.complete(given) if grid else None
    if grid is None or grades is None:
        return False
    mark(tx, stay.id, (f"{GRID}{name}", "once"), "answered")
    for row, grade in grades.items():
        mark(tx, stay.id, (f"{GRADED}{name}.{row}", "once"), grade)
    _declare(tx, stay, grid.item, tutor)
    return True


def graded(tx: Tx, stay: StayRow, grid: Grid) -> dict[str, str]:
    """What the tutor said of each row; nothing where they have not filled it in, or its rows are others since."""
    said = marks_of(tx.rows, stay.id)
    found = {each.id: said.get((f"{GRADED}{grid.id}.{each.id}", "once"), "") for each in grid.criteria}
    return grid.complete(found) or {}


def _skills(tx: Tx, stay: StayRow, tutor: Person, given: Mapping[str, str]) -> Level:
    """What they have seen the learner do; nothing is an answer too. The coordinator's item goes on with it."""
    mark(tx, stay.id, (f"tutor.{Part.SKILLS}", "once"), "answered")
    for skill in skills_of(tx.programme, stay.facts()):
        if given.get(f"{SEEN}{skill.id}"):
            mark(tx, stay.id, (f"{SEEN}{skill.id}", "once"), "yes")
    _declare(tx, stay, tx.programme.tutor.skills_item, tutor)
    return Level.NONE


def skills_seen(tx: Tx, stay: StayRow) -> frozenset[str]:
    """The skills that the tutor has confirmed."""
    marked = marks_of(tx.rows, stay.id)
    return frozenset(touchpoint.removeprefix(SEEN) for touchpoint, _once in marked if touchpoint.startswith(SEEN))


def _declare(tx: Tx, stay: StayRow, name: str | None, tutor: Person) -> None:
    """An item of the checklist waits for the coordinator's tick: a tutor's word alone ticks nothing off."""
    if name and tx.programme.journey(stay.kind).item(name):
        move_item(tx, stay, name, "declared", None, tutor.id)
