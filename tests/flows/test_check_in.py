"""The weekly check-in: the questions, the two gentle reminders, the case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.level import Level
from bot.engine.advance import Press, Session, Turn, advance
from bot.engine.effect import OpenCase
from bot.flows import check_in
from tests.flows.talk import PROGRAMME, SEALED, UNCLEAR, Said, talk

ASKED = PROGRAMME.outgoing.check_in
WORK = PROGRAMME.outgoing.attendance
assert ASKED is not None
assert WORK is not None
FLOW = check_in.build(ASKED)
WITH_WORK = check_in.build(ASKED, WORK)
BAD = "pulse:so_so | mood:bad | work:fine | housing:fine | language:fine | incident:none"
WELL = "pulse:so_so | mood:good | work:fine | housing:fine | language:fine | incident:none"
SCALE = ["very_good", "good", "so_so", "bad", "very_bad"]


def case(level: Level, topic: str, answer: str = "") -> tuple[OpenCase, ...]:
    return (OpenCase(level, topic, answer),)


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("", (("pulse",), ())),
        ("pulse:fine", (("well",), ())),
        ("I'm fine", (("well",), ())),
        ("ça va", (("well",), ())),
        ("1", (("well",), ())),
        ("pulse:so_so", (("listening", "mood"), ())),
        ("bof", (("listening", "mood"), ())),
        ("pulse:call", (("calling",), case(Level.TODAY, "nudge", "call"))),
        ("call me", (("calling",), case(Level.TODAY, "nudge", "call"))),
        ("my week was long", UNCLEAR),
        ("pulse:fine | pulse:so_so", (("listening", "mood"), ())),
        ("pulse:so_so | mood:good | pulse:fine", (("well",), ())),
        ("pulse:call | pulse:fine", SEALED),
    ],
)
def test_a_good_week_is_one_question(events: str, said: Said) -> None:
    assert talk(FLOW, events) == said


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("pulse:so_so | mood:good", (("work",), ())),
        ("pulse:so_so | 😀", (("work",), ())),
        ("pulse:so_so | tres bien", (("work",), ())),
        ("pulse:so_so | So-so", (("mood_so_so", "work"), ())),
        ("pulse:so_so | my week was long", UNCLEAR),
        ("pulse:so_so | mood:very_bad", (("mood_very_bad", "work"), case(Level.TODAY, "mood", "very_bad"))),
        ("pulse:so_so | mood:good | work:accident", ((), case(Level.NOW, "work", "accident"))),
        ("pulse:so_so | mood:good | accidente laboral", ((), case(Level.NOW, "work", "accident"))),
        (WELL, (("call",), ())),
        (WELL + " | call:no", (("note",), ())),
        (WELL + " | call:now", ((), case(Level.NOW, "call", "now"))),
        (WELL + " | call:no | note:nothing", (("well",), ())),
        (WELL + " | call:no | rien", (("well",), ())),
        (WELL + " | call:no | I made friends", (("well",), ())),
        (WELL + " | call:no | ...", (("well",), ())),
        (WELL + " | call:week | rien", (("follow_up",), case(Level.FOLLOW_UP, "call", "week"))),
        (WELL + " | call:today", (("note",), case(Level.TODAY, "call", "today"))),
        (WELL + " | call:today | rien", (("today",), ())),
        (BAD + " | call:no | rien", (("follow_up",), case(Level.FOLLOW_UP, "mood", "bad"))),
    ],
)
def test_whoever_is_so_so_is_asked_more(events: str, said: Said) -> None:
    assert talk(FLOW, events) == said


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("pulse:so_so | ...", (("follow_up",), case(Level.FOLLOW_UP, "nudge", "so_so"))),
        ("pulse:so_so | mood:bad | ...", (("follow_up",), case(Level.FOLLOW_UP, "mood", "bad"))),
        ("pulse:so_so | mood:good | ...", ((), ())),
        ("pulse:so_so | mood:good | ... | work:fine", (("housing",), ())),
        ("pulse:so_so | mood:bad | ... | work:accident", ((), case(Level.NOW, "work", "accident"))),
        ("pulse:so_so | ... | mood:good", (("work",), ())),
    ],
)
def test_questions_that_stay_open_lose_nothing(events: str, said: Said) -> None:
    assert talk(FLOW, events) == said


def test_at_the_moments_of_the_programme_everybody_is_asked_more_but_for_words_of_their_own() -> None:
    rest = " | mood:good | work:fine | housing:fine | language:fine | incident:none | call:no"
    assert talk(FLOW, "pulse:fine", in_full=True) == (("in_full", "mood"), ())
    assert talk(FLOW, "pulse:fine" + rest, in_full=True) == (("well",), ())


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("pulse:fine", (("well",), ())),
        ("pulse:absent", (("days",), ())),
        ("pulse:absent | days:4", (("reason",), ())),
        ("pulse:absent | days:5", (("well",), ())),
        ("pulse:absent | days:4 | reason:told", (("excused",), ())),
        ("pulse:absent | days:4 | reason:ill", (("one",), case(Level.FOLLOW_UP, "attendance", "one"))),
        ("pulse:absent | days:0 | ...", (("more",), case(Level.TODAY, "attendance", "more"))),
        ("pulse:absent | ...", ((), ())),
        (WELL + " | call:no | rien", (("days",), ())),
        (WELL + " | call:no | rien | 5", (("well",), ())),
        (BAD + " | call:no | rien | 5", (("follow_up",), case(Level.FOLLOW_UP, "mood", "bad"))),
        ("pulse:call", (("calling",), case(Level.TODAY, "nudge", "call"))),
    ],
)
def test_the_days_at_work_are_part_of_the_same_press(events: str, said: Said) -> None:
    assert talk(WITH_WORK, events, expected=5) == said


def test_a_week_without_work_asks_for_no_days() -> None:
    assert talk(WITH_WORK, WELL + " | call:no | rien", expected=0) == (("well",), ())


@pytest.mark.parametrize(
    ("events", "missed_before", "said"),
    [
        ("...", False, (("nudge_1",), ())),
        ("... | ...", False, (("nudge_2",), ())),
        ("... | ... | ...", False, ((), case(Level.FOLLOW_UP, "missed"))),
        ("... | ... | ...", True, ((), case(Level.TODAY, "missed"))),
        ("... | nudge_1:fine", False, (("well",), ())),
        ("... | todo bien", False, (("well",), ())),
        ("... | bof", False, (("listening", "mood"), ())),
        ("... | bof | ...", False, (("follow_up",), case(Level.FOLLOW_UP, "nudge", "so_so"))),
        ("... | ... | appelle-moi", False, (("calling",), case(Level.TODAY, "nudge", "call"))),
        ("... | ... | ... | pulse:fine", True, (("well",), ())),
        ("... | ... | ... | nudge_1:call", False, (("calling",), case(Level.TODAY, "nudge", "call"))),
        ("... | ... | ... | I'm fine", False, (("well",), ())),
        ("... | nudge_1:so_so | pulse:fine", False, (("well",), ())),
        ("... | nudge_1:call | nudge_1:fine", False, SEALED),
    ],
)
def test_silence_is_reminded_twice_then_followed_up(events: str, missed_before: bool, said: Said) -> None:
    assert talk(FLOW, events, missed_before=missed_before) == said


@pytest.mark.parametrize(
    ("before", "events", "said"),
    [
        ("so_so", "mood:so_so", (("follow_up",), case(Level.FOLLOW_UP, "trend"))),
        ("very_good", "mood:so_so", (("follow_up",), case(Level.FOLLOW_UP, "trend"))),
        ("good", "mood:so_so", (("well",), ())),
        (None, "mood:so_so", (("well",), ())),
    ],
)
def test_two_weeks_running_say_more_than_one(before: str | None, events: str, said: Said) -> None:
    rule: dict[str, Any] = {"question": "mood", "before": before, "scale": SCALE, "low": ["so_so"], "drop": 2, "level": "follow_up"}  # fmt: skip
    rest = "work:fine | housing:fine | language:fine | incident:none | call:no | rien"
    assert talk(FLOW, f"pulse:so_so | {events} | {rest}", trend=rule) == said


def test_an_edited_answer_takes_the_series_up_again_from_there() -> None:
    told = WELL + " | call:no | rien"
    assert talk(FLOW, told + " | work:idle") == (("housing",), ())
    assert talk(FLOW, told + " | work:fine") == ((), ())
    assert talk(FLOW, WELL + " | call:week | rien | mood:bad") == SEALED


def test_a_question_that_went_before_this_release_gives_way_to_the_one_question() -> None:
    asked = Session({}, {}, "mood")
    assert advance(FLOW, asked, Press("mood", "good")) == Turn(Session({}, {}, "pulse"), ("pulse",))


def test_the_waits_add_up_to_the_programmes_hours() -> None:
    assert [getattr(FLOW.find(name), "wait", None) for name in ("pulse", "nudge_1", "nudge_2")] == [
        timedelta(hours=24),
        timedelta(hours=16),
        timedelta(hours=8),
    ]


def test_no_reminder_is_worded_like_another() -> None:
    texts = [getattr(FLOW.find(name), "text", None) for name in ("pulse", "nudge_1", "nudge_2")]
    assert texts == [ASKED.opening, ASKED.nudge, ASKED.nudges[0].text] if ASKED else False
    assert len({str(text) for text in texts}) == 3


@pytest.mark.parametrize("note", [True, False])
def test_a_school_may_do_without_reminders_and_without_a_note(note: bool) -> None:
    assert ASKED is not None
    bare = check_in.build(ASKED.model_copy(update={"remind_hours": (), "note": note}))
    assert talk(bare, "...") == ((), case(Level.FOLLOW_UP, "missed"))
    assert talk(bare, WELL + " | call:no") == (("note",) if note else ("well",), ())


def test_the_first_silence_of_a_minor_is_for_today() -> None:
    assert talk(FLOW, "... | ... | ...", minor=True) == ((), case(Level.TODAY, "missed"))
