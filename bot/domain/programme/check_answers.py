"""Ids, answers and words of distress: nothing stands twice or hears everybody, and no button cries for help."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bot.domain.cries.word_list import heard_languages
from bot.domain.distress import LEVELS
from bot.domain.level import Level
from bot.domain.programme.item import DEFAULT_CHOICES, Item, LanguageTest, Means, Proof
from bot.domain.programme.journey import Answer, Attendance, CheckIn, Journey, Landmark, Question
from bot.domain.programme.model import KINDS, Programme
from bot.domain.programme.part import Words
from bot.domain.programme.problem import Problem
from bot.domain.programme.walk import Place, places
from bot.domain.sos import is_sos
from bot.domain.spelling import nearest, plain
from bot.i18n import _, say

HAVING = {"fr": r"\b(as|a|ai|avez|ont)\b", "en": r"\b(have|has|got)\b", "es": r"\b(tienes|tiene|tienen)\b"}
"""How one asks for something that somebody has."""
SHORTEST = 4
"""Letters: anything shorter is part of too many ordinary sentences."""


def distress_errors(programme: Programme) -> Iterator[Problem]:
    """Lists that would hear nothing, or everything. What Compagnon listens for by itself it hears in its own languages."""
    for name, kind in programme.distress.items():
        where = f"distress.{name}"
        listened = heard_languages() if name in LEVELS else frozenset[str]()
        for language in programme.programme.languages:
            if language not in listened and not kind.words.get(language):
                says = say(
                    _('there are no words in "{language}": nobody would be heard in it; add words.{language}'),
                    language=language,
                )
                yield Problem(where, "words", says)
        for language, words in kind.words.items():
            for word in words:
                if len(plain(word).replace(" ", "")) < SHORTEST:
                    says = say(
                        _(
                            '"{word}" is too short: it would be found in ordinary messages; write {shortest} letters or more'
                        ),
                        word=word,
                        shortest=SHORTEST,
                    )
                    yield Problem(where, f"words.{language}", says)


def answer_errors(programme: Programme) -> Iterator[Problem]:
    """What is the same twice, cannot be closed, or means something else when it is typed."""
    for name in KINDS:
        yield from _journey(name, programme.journey(name))
    for place in places(programme):
        yield from _twice_within(place)
        yield from _one(place, programme.sos.words)


def answer_warnings(programme: Programme) -> Iterator[Problem]:
    """Words that nobody will read, levels that open no case."""
    for place in places(programme):
        if isinstance(place.part, Answer) and place.part.level is Level.NOW and place.part.reply:
            yield Problem(
                place.where,
                "reply",
                say(_("it is never shown: an answer of level `now` gets the fixed emergency text")),
            )
        if isinstance(place.part, Item) and not place.part.asks_learner and place.part.text:
            yield Problem(
                place.where, "text", say(_("it is never shown: the {who} reads the title only"), who=place.part.who)
            )
        if isinstance(place.part, Item) and not place.part.asks_learner and place.part.overdue.rank:
            says = say(
                _("it opens no case: a task of the {who} stays in the list of tasks until it is ticked"),
                who=place.part.who,
            )
            yield Problem(place.where, "overdue", says)
        if isinstance(place.part, Item) and not _fits(place.part):
            says = say(
                _(
                    'its question is not "have you got it?", but its answers are "I have it" and "On its way": write choices that answer it'
                )
            )
            yield Problem(place.where, "choices", says)


def _fits(item: Item) -> bool:
    """Whether the answers of Compagnon's own, where a school wrote none, answer the question that it wrote."""
    own = type(item) is Item and item.asks_learner and item.choices == DEFAULT_CHOICES
    if not own or not isinstance(item.text, dict):
        return True
    asked = {
        language: plain(re.split(r"[.:!]", text.rstrip().removesuffix("?"))[-1])
        for language, text in item.text.items()
        if text.rstrip().endswith("?")
    }
    return all(re.search(HAVING[language], words) for language, words in asked.items() if language in HAVING)


def _journey(name: str, journey: Journey) -> Iterator[Problem]:
    tests = [test for test in (journey.first_test, journey.second_test, journey.report) if test]
    items = [item.id for item in (*journey.before, *journey.during, *journey.after, *tests)]
    yield from _twice(name, "items", items)
    yield from _also(name, journey)
    yield from _twice(name, "messages", [message.id for message in journey.messages])
    first, second = journey.first_test, journey.second_test
    if second and second.enabled and second.skip_at:
        if not first or not first.enabled:
            says = say(_("there is no first test to know this level from: remove skip_at, or add first_test"))
            yield Problem(f"{name}.second_test", "skip_at", says)
        elif second.skip_at not in first.scale:
            yield Problem(
                f"{name}.second_test",
                "skip_at",
                say(
                    _('"{skip_at}" is no level of first_test'),
                    hint=nearest(second.skip_at, first.scale),
                    skip_at=second.skip_at,
                ),
            )


def _also(name: str, journey: Journey) -> Iterator[Problem]:
    """An answer for two things: the other is one that a learner declares."""
    declared = [item.id for item in journey.items if item.asks_learner and item.proof is Proof.DECLARED]
    for item in journey.items:
        for choice in item.choices:
            for other in choice.also:
                if other not in declared or other == item.id:
                    says = say(
                        _('"{other}" is no other item that learners declare'),
                        hint=nearest(other, declared),
                        other=other,
                    )
                    yield Problem(f'{name} "{item.id}", choices "{choice.id}"', "also", says)


def _twice_within(place: Place) -> Iterator[Problem]:
    match place.part:
        case Item(choices=choices) | Question(choices=choices):
            yield from _twice(place.where, "choices", [choice.id for choice in choices])
        case CheckIn(questions=questions) | Landmark(questions=questions):
            yield from _twice(place.where, "questions", [question.id for question in questions])
        case Attendance(reasons=reasons):
            yield from _twice(place.where, "reasons", [reason.id for reason in reasons])


def _twice(where: str, field: str, ids: Iterable[str]) -> Iterator[Problem]:
    for name, times in Counter(ids).items():
        if times > 1:
            yield Problem(
                where, field, say(_('the id "{name}" stands {times} times: each needs its own'), name=name, times=times)
            )


def _one(place: Place, sos: tuple[str, ...]) -> Iterator[Problem]:
    match place.part:
        case Question(choices=(_only,)):
            yield Problem(
                place.where,
                "choices",
                say(_("one answer is no choice: write two or more; or none, for words of one's own")),
            )
        case Landmark(questions=(first, *_others)) if first.conditional or not first.choices:
            says = say(_("the first question is asked of everybody, with answers to press: somebody waits for it"))
            yield Problem(f'{place.where}.questions "{first.id}"', "when" if first.conditional else "choices", says)
        case CheckIn() as check_in:
            yield from _trend(place.where, check_in)
        case Item() as item if not _closes(item):
            says = say(_('no answer closes it: one must mean "done", "no" or "handed"'))
            yield Problem(place.where, "choices", says)
        case Item(drill=True) as item if not _can_be_tried(item):
            says = say(
                _(
                    'an exercise is asked of the learner, declared, and one of its answers means "done": SOS is tried after it'
                )
            )
            yield Problem(place.where, "drill", says)
    label = getattr(place.part, "label", None)
    for cry in _cries(label, sos) if label else ():
        yield Problem(
            place.where, "label", say(_('"{cry}" is a cry for help when it is typed: word it otherwise'), cry=cry)
        )


def _closes(item: Item) -> bool:
    """Whether the learner's answer, or an adult's tick, can end it. A test asks for a level instead."""
    if isinstance(item, LanguageTest) or not item.asks_learner or item.proof is not Proof.DECLARED:
        return True
    return any(choice.means in {Means.DONE, Means.NO, Means.HANDED} for choice in item.choices)


def _can_be_tried(item: Item) -> bool:
    declares = item.asks_learner and item.proof is Proof.DECLARED and type(item) is Item
    return declares and any(choice.means is Means.DONE for choice in item.choices)


def _cries(label: Words, sos: tuple[str, ...]) -> list[str]:
    """Learners type what a button says, where there are no buttons."""
    written = [label] if isinstance(label, str) else label.values()
    return [words for words in written if _is_cry(words, sos)]


@lru_cache(maxsize=2048)
def _is_cry(words: str, sos: tuple[str, ...]) -> bool:
    """`is_sos`, each label once: "Yes" stands on dozens of buttons, and this is most of what a check costs."""
    return is_sos(words, sos)


def _trend(where: str, check_in: CheckIn) -> Iterator[Problem]:
    trend = check_in.trend
    if trend is None:
        return
    question = next((each for each in check_in.questions if each.id == trend.question), None)
    if question is None:
        known = [each.id for each in check_in.questions]
        yield Problem(
            f"{where}.trend",
            "question",
            say(_('no question has the id "{question}"'), hint=nearest(trend.question, known), question=trend.question),
        )
        return
    choices = [choice.id for choice in question.choices]
    for low in trend.low:
        if low not in choices:
            yield Problem(
                f"{where}.trend",
                "low",
                say(_('"{low}" is no answer of "{id}"'), hint=nearest(low, choices), low=low, id=question.id),
            )
