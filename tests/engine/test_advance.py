"""What each event does to a session: the whole turn, compared."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.level import Level
from bot.engine.advance import (
    Again,
    Begin,
    Event,
    Press,
    Refusal,
    Session,
    Silence,
    TakenBack,
    Turn,
    Words,
    advance,
    may_answer,
    standing,
)
from bot.engine.effect import Answers, Effect, Enrol, Facts, OpenCase, SetItem, always
from bot.engine.flow import Flow
from bot.engine.step import END, Branch, Choice, Choose, Number, Say, Write

HOUR = timedelta(hours=1)
CASE, MISSED = OpenCase(Level.TODAY, "mood", "bad"), OpenCase(Level.FOLLOW_UP, "missed")
NOTED = SetItem("mood", "done")


def never(facts: Facts, answers: Answers) -> Effect | None:
    return None


FLOW = Flow(
    "f",
    (
        Say("opening", "Hi", "mood", (always(Enrol()),)),
        Choose("mood", "How?", (Choice("good", "Good", "days"), Choice("bad", "Bad", "told")), HOUR, "nudge"),
        Say("told", "I tell an adult.", "days", (always(CASE),)),
        Number("days", "Days?", 0, 5, "note"),
        Write("note", "Words?", "quiet", Choice("nothing", "No", "quiet"), HOUR, END, limit=10),
        Say("quiet", None, "bye", (always(NOTED), never)),
        Say("bye", "Bye"),
        Choose("nudge", "Well?", (Choice("fine", "Fine", "late"),), wait="deadline", silence="missed"),
        Say("late", "Thanks"),
        Say("missed", None, END, (always(MISSED),)),
    ),
)
BEGUN = Session(asked="mood")


def after(answers: dict[str, str | None], asked: str | None) -> Session:
    return Session({}, answers, asked)


@pytest.mark.parametrize(
    ("session", "event", "turn"),
    [
        (Session(), Begin(), Turn(BEGUN, ("opening", "mood"), (Enrol(),))),
        (BEGUN, Begin(), Turn(BEGUN)),
        (after({"mood": None, "nudge": None}, None), Begin(), Turn(after({"mood": None, "nudge": None}, None))),
        (BEGUN, Again(), Turn(BEGUN, ("mood",))),
        (Session(), Again(), Turn(Session())),
        (BEGUN, Press("mood", "good"), Turn(after({"mood": "good"}, "days"), ("days",))),
        (BEGUN, Press("mood", "bad"), Turn(after({"mood": "bad"}, "days"), ("told", "days"), (CASE,))),
        (BEGUN, Press("mood", "awful"), Turn(BEGUN, refused=Refusal.GONE)),
        (BEGUN, Press("days", "3"), Turn(BEGUN, refused=Refusal.GONE)),
        (BEGUN, Press("opening", "good"), Turn(BEGUN, refused=Refusal.GONE)),
        (BEGUN, Press("no_step", "good"), Turn(BEGUN, refused=Refusal.GONE)),
        (BEGUN, Words("hello"), Turn(BEGUN, refused=Refusal.UNCLEAR)),
        (BEGUN, Silence("mood"), Turn(after({"mood": None}, "nudge"), ("nudge",))),
        (BEGUN, Silence("days"), Turn(BEGUN)),
        (after({"mood": "good"}, "days"), Silence("mood"), Turn(after({"mood": "good"}, "days"))),
        (after({"mood": "good"}, "days"), Silence("days"), Turn(after({"mood": "good"}, "days"))),
        (after({"mood": None}, "nudge"), Silence("nudge"),
         Turn(after({"mood": None, "nudge": None}, None), (), (MISSED,))),
        (after({"mood": None}, "nudge"), Press("nudge", "fine"), Turn(after({"mood": None, "nudge": "fine"}, None), ("late",))),
    ],
)  # fmt: skip
def test_an_event_has_one_turn(session: Session, event: Event, turn: Turn) -> None:
    assert advance(FLOW, session, event) == turn


GOOD: dict[str, str | None] = {"mood": "good", "days": "5"}


@pytest.mark.parametrize(
    ("words", "turn"),
    [
        (" All  is well! ", Turn(after({**GOOD, "note": "All  is we"}, None), ("bye",), (NOTED,))),
        ("   ", Turn(after({**GOOD}, "note"), refused=Refusal.UNCLEAR)),
    ],
)
def test_words_answer_the_question_that_asks_for_words(words: str, turn: Turn) -> None:
    assert advance(FLOW, after({**GOOD}, "note"), Words(words)) == turn


def test_words_are_taken_late_after_silence() -> None:
    silent = advance(FLOW, after({**GOOD}, "note"), Silence("note"))
    assert silent == Turn(after({**GOOD, "note": None}, None))
    assert advance(FLOW, silent.session, Words("sorry")) == Turn(
        after({**GOOD, "note": "sorry"}, None), ("bye",), (NOTED,)
    )


def test_words_after_the_end_are_no_answer() -> None:
    ended = after({**GOOD, "note": "x"}, None)
    assert advance(FLOW, ended, Words("and more")) == Turn(ended, refused=Refusal.UNCLEAR)
    assert (standing(ended), standing(Session()), standing(BEGUN)) == (None, None, "mood")


def test_the_same_press_twice_changes_nothing() -> None:
    once = advance(FLOW, BEGUN, Press("mood", "bad")).session
    assert advance(FLOW, once, Press("mood", "bad")) == Turn(once)


def test_a_changed_answer_forgets_what_followed() -> None:
    told = after({**GOOD, "note": "nothing"}, None)
    assert advance(FLOW, told, Press("days", "4")) == Turn(after({"mood": "good", "days": "4"}, "note"), ("note",))


def test_an_effect_seals_what_came_before_it_and_nothing_after() -> None:
    told = after({"mood": "bad", "days": "5"}, "note")
    assert advance(FLOW, told, Press("mood", "good")) == Turn(told, refused=Refusal.SEALED)
    assert advance(FLOW, told, Press("days", "4")) == Turn(after({"mood": "bad", "days": "4"}, "note"), ("note",))


def test_words_that_an_adult_was_told_cannot_be_put_otherwise_and_the_same_words_change_nothing() -> None:
    words = Write("why", "Why?", "told", Choice("nothing", "Nothing", "told"), HOUR, END, limit=10)
    flow = Flow("g", (words, Say("told", "I tell an adult.", "then", (always(CASE),)), Number("then", "Days?", 0, 5)))
    told = after({"why": "he hit me"}, "then")

    assert advance(flow, told, Words("nothing", "why")) == Turn(told, refused=Refusal.SEALED)
    assert advance(flow, told, Words(" he hit me ", "why")) == Turn(told)


@pytest.mark.parametrize(("step", "text"), [("mood", "fine"), ("note", "later"), ("no_step", "later"), ("note", " ")])
def test_other_words_are_only_for_a_question_in_words_that_was_asked(step: str, text: str) -> None:
    asked = after(GOOD, "note") if not text.strip() else after({"mood": "good"}, "days")
    assert advance(FLOW, asked, Words(text, step)) == Turn(asked, refused=Refusal.GONE)


@pytest.mark.parametrize(
    ("session", "step", "may"),
    [
        (BEGUN, "mood", True),
        (BEGUN, "days", False),
        (BEGUN, "no_step", False),
        (after({"mood": "good"}, "days"), "mood", True),
        (after({"mood": "bad"}, "days"), "mood", False),
        (after({"mood": "bad"}, "days"), "days", True),
        (after({"mood": None, "nudge": None}, None), "mood", True),
    ],
)
def test_what_may_be_answered_was_asked_and_told_to_no_adult(session: Session, step: str, may: bool) -> None:
    assert may_answer(FLOW, session, step) is may


def test_other_words_leave_what_followed_unless_it_hangs_on_them() -> None:
    why = Write("why", "Why?", "days", Choice("nothing", "Nothing", END), HOUR, END, limit=20)
    flow = Flow("h", (why, Number("days", "Days?", 0, 5)))
    told, nothing = after({"why": "a cold", "days": "2"}, None), after({"why": "nothing"}, None)

    assert advance(flow, told, Words("a bad cold", "why")) == Turn(after({"why": "a bad cold", "days": "2"}, None))
    assert advance(flow, nothing, Words("a cold", "why")) == Turn(after({"why": "a cold"}, "days"), ("days",))


def test_a_case_out_of_silence_is_undone_by_an_answer_however_late() -> None:
    missed = after({"mood": None, "nudge": None}, None)
    assert advance(FLOW, missed, Press("mood", "good")) == Turn(after({"mood": "good"}, "days"), ("days",))
    assert advance(FLOW, missed, Press("nudge", "fine")) == Turn(
        after({"mood": None, "nudge": "fine"}, None), ("late",)
    )


ALARM = OpenCase(Level.NOW, "second", "worse")
SERIES = Flow(
    "series",
    (
        Choose("first", "1?", (Choice("bad", "Bad", "second"),)),
        Choose("second", "2?", (Choice("fine", "Fine", "verdict"), Choice("worse", "Worse", "alarm")), HOUR, "verdict"),
        Say("alarm", None, END, (always(ALARM),)),
        Say("verdict", "I tell an adult.", END, (always(CASE),)),
    ),
)


def test_silence_is_no_answer_that_an_effect_could_seal() -> None:
    silent = after({"first": "bad", "second": None}, None)
    worse = after({"first": "bad", "second": "worse"}, None)
    assert advance(SERIES, silent, Press("second", "worse")) == Turn(worse, (), (ALARM,))
    assert advance(SERIES, worse, Press("second", "fine")) == Turn(worse, refused=Refusal.SEALED)


@pytest.mark.parametrize("event", [Again(), Silence("days"), Words("hm")])
def test_an_answer_that_is_no_longer_on_offer_is_asked_for_anew(event: Event) -> None:
    changed = after({"mood": "so_so"}, "days")
    assert advance(FLOW, changed, event) == Turn(after({"mood": "so_so"}, "mood"), ("opening", "mood"), (Enrol(),))
    assert advance(FLOW, changed, Press("mood", "good")) == Turn(after({"mood": "good"}, "days"), ("days",))


def test_a_question_that_is_gone_gives_way_to_what_now_follows_the_last_answer() -> None:
    asked = after({"mood": "bad"}, "a_step_of_last_year")
    assert advance(FLOW, asked, Again()) == Turn(after({"mood": "bad"}, "days"), ("told", "days"), (CASE,))


def test_ids_that_nobody_knows_are_ignored() -> None:
    odd = after({"gone": "x", "mood": "good"}, "days")
    assert advance(FLOW, odd, Press("days", "5")) == Turn(after({"mood": "good", "days": "5"}, "note"), ("note",))


def test_a_fork_is_decided_by_facts_and_is_never_said() -> None:
    fork = Branch("fork", lambda facts, answers: str(facts["way"]), {"a": "one", "b": "two"})
    flow = Flow("forked", (fork, Say("one", "1"), Choose("two", "2?", (Choice("ok", "OK"),))))
    assert advance(flow, Session({"way": "a"}), Begin()) == Turn(Session({"way": "a"}), ("one",))
    assert advance(flow, Session({"way": "b"}), Begin()) == Turn(Session({"way": "b"}, {}, "two"), ("two",))


@pytest.mark.parametrize(
    ("session", "step", "turn"),
    [
        (after({"mood": "good"}, "days"), "mood", Turn(BEGUN)),
        (after({**GOOD}, "note"), "mood", Turn(BEGUN)),
        (after({**GOOD}, "note"), "days", Turn(after({"mood": "good"}, "days"))),
        (after({**GOOD, "note": "x"}, None), "note", Turn(after({**GOOD}, "note"), (), (SetItem("mood", "todo"),))),
        (after({**GOOD, "note": "x"}, None), "days", Turn(after({"mood": "good"}, "days"), (), (SetItem("mood", "todo"),))),
        (after({"mood": None, "nudge": "fine"}, None), "nudge", Turn(after({"mood": None}, "nudge"))),
        (after({"mood": None, "nudge": "fine"}, None), "mood", Turn(after({"mood": None, "nudge": "fine"}, None))),
        (after({**GOOD}, "note"), "note", Turn(after({**GOOD}, "note"))),
        (after({**GOOD}, "note"), "nudge", Turn(after({**GOOD}, "note"), refused=Refusal.GONE)),
        (after({**GOOD}, "note"), "opening", Turn(after({**GOOD}, "note"), refused=Refusal.GONE)),
        (after({"mood": "bad"}, "days"), "mood", Turn(after({"mood": "bad"}, "days"), refused=Refusal.SEALED)),
        (after({"mood": "bad", "days": "5"}, "note"), "days", Turn(after({"mood": "bad"}, "days"))),
    ],
)  # fmt: skip
def test_an_answer_taken_back_lets_its_question_stand_again_and_says_nothing(
    session: Session, step: str, turn: Turn
) -> None:
    assert advance(FLOW, session, TakenBack(step)) == turn


def test_an_item_stands_again_where_an_earlier_answer_had_put_it() -> None:
    moved = Flow(
        "moved",
        (
            Choose("state", "?", (Choice("asked", "On its way", "told"),)),
            Say("told", None, "proof", (always(SetItem("card", "doing", "asked")),)),
            Choose("proof", "Sent?", (Choice("sent", "Sent", "sent"),)),
            Say("sent", None, END, (always(SetItem("card", "declared")), always(SetItem("photo", "done")))),
        ),
    )
    answered = after({"state": "asked", "proof": "sent"}, None)

    assert advance(moved, answered, TakenBack("proof")) == Turn(
        after({"state": "asked"}, "proof"), (), (SetItem("card", "doing", "asked"), SetItem("photo", "todo"))
    )
