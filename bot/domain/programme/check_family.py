"""Family, employer and tutor: what is told must be asked of the learner, or told to them before, and the tutor's page speaks
five languages.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.programme.journey import TUTOR_LANGUAGES, Question
from bot.domain.programme.model import Programme
from bot.domain.programme.problem import Problem
from bot.domain.programme.walk import Written
from bot.domain.spelling import nearest
from bot.i18n import _, say

ASKED = {"arrived": "arrival", "checked_in": "check_in", "back": "safe_return"}
"""Which part of a journey a word to the family comes from."""


def family_errors(programme: Programme) -> Iterator[Problem]:
    """Words that nothing leads to, items that are not there, texts that lack a language."""
    pings = programme.family.pings
    if len(set(pings)) < len(pings):
        yield Problem("family", "pings", say(_("one of these is there twice: each once")))
    journeys = (programme.outgoing, programme.incoming)
    for ping in dict.fromkeys(pings):
        part = ASKED.get(ping)
        if part and not any(getattr(journey, part) for journey in journeys):
            yield Problem(
                "family",
                "pings",
                say(_('"{ping}" follows from outgoing.{part}: add that table, or leave it out'), ping=ping, part=part),
            )
    yield from _items(programme)
    yield from _employer(programme)
    for question in programme.tutor.questions:
        yield from _question(question)
    for grid in programme.tutor.grids:
        where = f'tutor.grids "{grid.id}"'
        rows = [Written(f'{where}, criteria "{each.id}"', "text", each.text) for each in grid.criteria]
        grades = [Written(f'{where}, grades "{each.id}"', "label", each.label) for each in grid.grades]
        about = [Written(where, "about", grid.about)] if grid.about else []
        yield from _five(Written(where, "title", grid.title), *about, *rows, *grades)


def _employer(programme: Programme) -> Iterator[Problem]:
    known, name = [each.id for each in programme.outgoing.messages], programme.employer.notice
    if name is not None and name not in known:
        problem = say(_('there is no message "{name}" in outgoing.messages'), hint=nearest(name, known), name=name)
        yield Problem("employer", "notice", problem)
    elif programme.employer.hears and name is None:
        yield Problem("employer", "notice", say(_("a learner must know it beforehand: name the message that says so")))


def _items(programme: Programme) -> Iterator[Problem]:
    known = [item.id for item in (*programme.outgoing.items, *programme.incoming.items)]
    named = [
        ("tutor", field, getattr(programme.tutor, field))
        for field in ("questions_item", "skills_item", "attestation_item")
    ]
    named += [(f'tutor.grids "{grid.id}"', "item", grid.item) for grid in programme.tutor.grids]
    named += [("badge", "item", programme.badge.item)] if programme.badge else []
    for where, field, name in named:
        if name is not None and name not in known:
            yield Problem(where, field, say(_('there is no item "{name}"'), hint=nearest(name, known), name=name))


def _five(*texts: Written) -> Iterator[Problem]:
    for text in texts:
        said = {} if isinstance(text.words, str) else text.words
        lacking = [language for language in TUTOR_LANGUAGES if not said.get(language)]
        if lacking:
            says = say(_("tutors read it in five languages: add {lacking}"), lacking=", ".join(lacking))
            yield Problem(text.where, text.field, says)


def _question(question: Question) -> Iterator[Problem]:
    where = f'tutor.questions "{question.id}"'
    labels = [Written(f'{where}, choices "{each.id}"', "label", each.label) for each in question.choices]
    yield from _five(Written(where, "text", question.text), *labels)
    if not question.choices or question.conditional:
        yield Problem(
            where, "choices", say(_("the page asks every tutor, with choices: write two or more, and no condition"))
        )
    for each in question.choices:
        if each.reply is not None:
            yield Problem(
                f'{where}, choices "{each.id}"', "reply", say(_("the page says thank you once: leave this out"))
            )
