"""A series of questions: when its cases open, what its verdict is, and what silence makes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.level import Level
from bot.domain.programme import Question
from bot.domain.programme.journey import Answer
from bot.engine.advance import Begin, Press, Refusal, Session, Silence, Turn, Words, advance
from bot.engine.effect import Effect, OpenCase, always
from bot.engine.flow import Flow
from bot.engine.step import END, Say, Step
from bot.engine.survey import survey, trend

MOOD = Question(
    id="mood",
    text="How?",
    choices=(
        Answer(id="good", label="Good"),
        Answer(id="so_so", label="So-so", reply="Thanks for telling me."),
        Answer(id="bad", label="Bad", level=Level.FOLLOW_UP),
        Answer(id="awful", label="Awful", level=Level.TODAY, reply="I am telling an adult."),
    ),
)
WORK = Question(
    id="work",
    text="Work?",
    choices=(
        Answer(id="fine", label="Fine"),
        Answer(id="idle", label="Idle", level=Level.FOLLOW_UP),
        Answer(id="stopped", label="Stopped", level=Level.TODAY),
        Answer(id="accident", label="Accident", level=Level.NOW),
    ),
)
MISSED: tuple[Step, ...] = (Say("missed", None, END, (always(OpenCase(Level.FOLLOW_UP, "missed")),)),)
FLOW = Flow("series", (*survey((MOOD, WORK), timedelta(hours=24), "missed", "All is well."), *MISSED))


def case(level: Level, topic: str, answer: str = "") -> OpenCase:
    return OpenCase(level, topic, answer)


def answered(*pairs: tuple[str, str | None], facts: dict[str, Any] | None = None) -> list[Turn]:
    """The turns of a whole conversation, one for each answer (None: silence)."""
    turns = [advance(FLOW, Session(facts or {}), Begin())]
    for step, choice in pairs:
        event = Silence(step) if choice is None else Press(step, choice)
        turns.append(advance(FLOW, turns[-1].session, event))
    return turns


@pytest.mark.parametrize(
    ("mood", "first", "work", "second"),
    [
        ("good", (("work",), ()), "fine", (("well",), ())),
        ("so_so", (("mood_so_so", "work"), ()), "fine", (("well",), ())),
        ("bad", (("work",), ()), "fine", (("follow_up",), (case(Level.FOLLOW_UP, "mood", "bad"),))),
        ("good", (("work",), ()), "idle", (("follow_up",), (case(Level.FOLLOW_UP, "work", "idle"),))),
        ("bad", (("work",), ()), "idle", (("follow_up",), (case(Level.FOLLOW_UP, "mood", "bad"),))),
        ("awful", (("mood_awful", "work"), (case(Level.TODAY, "mood", "awful"),)), "idle", (("today",), ())),
        ("good", (("work",), ()), "stopped", (("today",), (case(Level.TODAY, "work", "stopped"),))),
        ("bad", (("work",), ()), "accident", ((), (case(Level.NOW, "work", "accident"),))),
    ],
)  # fmt: skip
def test_each_pair_of_answers_has_its_verdict(
    mood: str,
    first: tuple[tuple[str, ...], tuple[Effect, ...]],
    work: str,
    second: tuple[tuple[str, ...], tuple[Effect, ...]],
) -> None:
    begun, one, two = answered(("mood", mood), ("work", work))
    assert begun.says == ("mood",)
    assert ((one.says, one.effects), (two.says, two.effects)) == (first, second)
    assert two.session.asked is None


@pytest.mark.parametrize(
    ("mood", "says", "effects"),
    [
        ("good", (), ()),
        ("so_so", (), ()),
        ("bad", ("follow_up",), (case(Level.FOLLOW_UP, "mood", "bad"),)),
        ("awful", ("today",), ()),
    ],
)
def test_silence_in_the_middle_weighs_what_was_said(
    mood: str, says: tuple[str, ...], effects: tuple[Effect, ...]
) -> None:
    turn = answered(("mood", mood), ("work", None))[-1]
    assert (turn.says, turn.effects, turn.session.asked) == (says, effects, None)


@pytest.mark.parametrize("mood", ["good", "bad", "awful"])
def test_an_accident_told_after_silence_is_still_heard(mood: str) -> None:
    turn = answered(("mood", mood), ("work", None), ("work", "accident"))[-1]
    assert (turn.refused, turn.effects) == (None, (case(Level.NOW, "work", "accident"),))


def test_silence_at_the_first_question_goes_its_own_way() -> None:
    silent = answered(("mood", None))[-1]
    assert (silent.says, silent.effects) == ((), (case(Level.FOLLOW_UP, "missed"),))
    assert advance(FLOW, silent.session, Press("mood", "good")).says == ("work",)


def test_what_was_told_to_an_adult_cannot_be_changed() -> None:
    sealed = answered(("mood", "bad"), ("work", "fine"))[-1].session
    assert advance(FLOW, sealed, Press("mood", "good")) == Turn(sealed, refused=Refusal.SEALED)
    free = answered(("mood", "good"), ("work", "fine"))[-1].session
    assert advance(FLOW, free, Press("mood", "bad")) == Turn(Session({}, {"mood": "bad"}, "work"), ("work",))


def test_each_question_shows_its_place_and_the_first_its_own_wait() -> None:
    asked = [FLOW.question(name) for name in ("mood", "work")]
    assert [getattr(step, "progress", None) for step in asked] == [(1, 2), (2, 2)]
    assert [step.wait if step else None for step in asked] == [timedelta(hours=24), timedelta(hours=12)]


def test_a_single_question_has_no_unfinished_verdict() -> None:
    steps = survey((MOOD,), "again_1", "missed", "All is well.")
    assert {"unfinished", "pause"}.isdisjoint(step.id for step in steps)
    Flow("single", (*steps, *MISSED))


RULE = {
    "question": "mood",
    "scale": ["good", "so_so", "bad", "awful"],
    "low": ["so_so"],
    "drop": 2,
    "level": "follow_up",
}


@pytest.mark.parametrize(
    ("before", "now", "level"),
    [
        ("good", "good", Level.NONE),
        ("good", "so_so", Level.NONE),
        ("so_so", "so_so", Level.FOLLOW_UP),
        ("good", "bad", Level.FOLLOW_UP),
        ("so_so", "bad", Level.NONE),
        ("awful", "good", Level.NONE),
        (None, "so_so", Level.NONE),
        ("so_so", None, Level.NONE),
        ("a choice of last year", "so_so", Level.NONE),
    ],
)
def test_two_weeks_say_what_one_does_not(before: str | None, now: str | None, level: Level) -> None:
    assert trend({"trend": RULE | {"before": before}}, {"mood": now}) is level
    assert trend({}, {"mood": now}) is Level.NONE


def test_a_trend_opens_a_case_where_no_answer_does() -> None:
    low = {"trend": RULE | {"before": "so_so"}}
    turn = answered(("mood", "so_so"), ("work", "fine"), facts=low)[-1]
    assert (turn.says, turn.effects) == (("follow_up",), (case(Level.FOLLOW_UP, "trend"),))
    graver = {"trend": RULE | {"before": "so_so", "level": "today"}}
    turn = answered(("mood", "so_so"), ("work", "idle"), facts=graver)[-1]
    assert (turn.says, turn.effects) == (("today",), (case(Level.TODAY, "trend"),))


WHERE = Question(id="where", text="The language?", unless=("own_language",), choices=MOOD.choices[:2])
WORDS = Question(id="words", text="What did you learn?")
SHORT = MOOD.model_copy(update={"choices": (Answer(id="all_well", label="All well", ends=True), *MOOD.choices)})


@pytest.mark.parametrize(
    ("holding", "asked"),
    [(["own_language", "minor"], "words"), (["minor"], "where"), (None, "where")],
)
def test_a_question_that_does_not_concern_a_stay_is_not_asked(holding: list[str] | None, asked: str) -> None:
    flow = Flow("series", survey((MOOD, WHERE, WORDS), timedelta(hours=24), "verdict", "All is well."))
    facts: dict[str, Any] = {} if holding is None else {"holding": holding}
    turn = advance(flow, Session(facts, {}, "mood"), Press("mood", "good"))
    assert turn.says == (asked,)


def test_words_of_ones_own_are_an_answer_and_weigh_nothing() -> None:
    flow = Flow("series", survey((MOOD, WORDS), timedelta(hours=24), "verdict", "All is well."))
    turn = advance(flow, Session({}, {"mood": "good"}, "words"), Words("To weld"))
    assert (turn.session.answers["words"], turn.says, turn.effects) == ("To weld", ("well",), ())


def test_an_answer_that_covers_what_would_be_asked_after_it_ends_the_series() -> None:
    flow = Flow("series", survey((SHORT, WORK), timedelta(hours=24), "verdict", "All is well."))
    assert advance(flow, Session({}, {}, "mood"), Press("mood", "all_well")).says == ("well",)
    assert advance(flow, Session({}, {}, "mood"), Press("mood", "good")).says == ("work",)
