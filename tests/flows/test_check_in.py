"""The weekly check-in: the questions, the two gentle reminders, the case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.level import Level
from bot.engine.effect import OpenCase
from bot.flows import check_in
from tests.flows.talk import PROGRAMME, SEALED, UNCLEAR, Said, talk

ASKED = PROGRAMME.outgoing.check_in
assert ASKED is not None
FLOW = check_in.build(ASKED)
WELL = "mood:good | work:fine | housing:fine | language:fine | incident:none"
SCALE = ["very_good", "good", "so_so", "bad", "very_bad"]


def case(level: Level, topic: str, answer: str = "") -> tuple[OpenCase, ...]:
    return (OpenCase(level, topic, answer),)


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("", (("opening", "mood"), ())),
        ("mood:good", (("work",), ())),
        ("😀", (("work",), ())),
        ("tres bien", (("work",), ())),
        ("So-so", (("mood_so_so", "work"), ())),
        ("regular", (("mood_so_so", "work"), ())),
        ("my week was long", UNCLEAR),
        ("mood:very_bad", (("mood_very_bad", "work"), case(Level.TODAY, "mood", "very_bad"))),
        ("mood:good | work:accident", ((), case(Level.NOW, "work", "accident"))),
        ("mood:good | accidente laboral", ((), case(Level.NOW, "work", "accident"))),
        (WELL, (("call",), ())),
        (WELL + " | call:no", (("well", "note"), ())),
        (WELL + " | call:week", (("follow_up", "note"), case(Level.FOLLOW_UP, "call", "week"))),
        (WELL + " | call:today", (("today", "note"), case(Level.TODAY, "call", "today"))),
        (WELL + " | call:now", ((), case(Level.NOW, "call", "now"))),
        (WELL + " | call:no | note:nothing", ((), ())),
        (WELL + " | call:no | rien", ((), ())),
        (WELL + " | call:no | I made friends", (("noted",), ())),
        (WELL + " | call:no | ...", ((), ())),
        (WELL + " | call:no | ... | I made friends", (("noted",), ())),
        ("mood:bad | ...", (("follow_up", "note"), case(Level.FOLLOW_UP, "mood", "bad"))),
        ("mood:good | ...", ((), ())),
        ("mood:bad | ... | work:accident", ((), case(Level.NOW, "work", "accident"))),
    ],
)
def test_a_week_is_told(events: str, said: Said) -> None:
    assert talk(FLOW, events) == said


@pytest.mark.parametrize(
    ("events", "missed_before", "said"),
    [
        ("...", False, (("nudge_1",), ())),
        ("... | ...", False, (("nudge_2",), ())),
        ("... | ... | ...", False, ((), case(Level.FOLLOW_UP, "missed"))),
        ("... | ... | ...", True, ((), case(Level.TODAY, "missed"))),
        ("... | nudge_1:fine", False, (("noted",), ())),
        ("... | todo bien", False, (("noted",), ())),
        ("... | bof", False, (("listening",), case(Level.FOLLOW_UP, "nudge", "so_so"))),
        ("... | ... | appelle-moi", False, (("calling",), case(Level.TODAY, "nudge", "call"))),
        ("... | ... | ... | mood:good", True, (("work",), ())),
        ("... | ... | ... | nudge_1:call", False, (("calling",), case(Level.TODAY, "nudge", "call"))),
        ("... | ... | ... | I'm fine", False, (("noted",), ())),
        ("... | nudge_1:so_so | mood:good", False, (("work",), ())),
        ("... | nudge_1:so_so | nudge_1:fine", False, SEALED),
    ],
)
def test_silence_is_reminded_twice_then_followed_up(events: str, missed_before: bool, said: Said) -> None:
    assert talk(FLOW, events, missed_before=missed_before) == said


@pytest.mark.parametrize(
    ("before", "events", "said"),
    [
        ("so_so", "mood:so_so", (("follow_up", "note"), case(Level.FOLLOW_UP, "trend"))),
        ("very_good", "mood:so_so", (("follow_up", "note"), case(Level.FOLLOW_UP, "trend"))),
        ("good", "mood:so_so", (("well", "note"), ())),
    ],
)
def test_two_weeks_running_say_more_than_one(before: str, events: str, said: Said) -> None:
    rule: dict[str, Any] = {"question": "mood", "before": before, "scale": SCALE, "low": ["so_so"], "drop": 2, "level": "follow_up"}  # fmt: skip
    rest = WELL.partition(" | ")[2] + " | call:no"
    assert talk(FLOW, f"{events} | {rest}", trend=rule) == said


def test_an_edited_answer_takes_the_series_up_again_from_there() -> None:
    told = WELL + " | call:no"
    assert talk(FLOW, told + " | work:idle") == (("housing",), ())
    assert talk(FLOW, told + " | work:fine") == ((), ())
    assert talk(FLOW, WELL + " | call:week | mood:bad") == SEALED


def test_the_waits_add_up_to_the_programmes_hours() -> None:
    assert [getattr(FLOW.find(name), "wait", None) for name in ("mood", "nudge_1", "nudge_2")] == [
        timedelta(hours=24),
        timedelta(hours=16),
        timedelta(hours=8),
    ]


@pytest.mark.parametrize("note", [True, False])
def test_a_school_may_do_without_reminders_and_without_a_note(note: bool) -> None:
    assert ASKED is not None
    bare = check_in.build(ASKED.model_copy(update={"remind_hours": (), "note": note}))
    assert talk(bare, "...") == ((), case(Level.FOLLOW_UP, "missed"))
    assert talk(bare, WELL + " | call:no") == (("well", "note") if note else ("well",), ())


def test_the_first_silence_of_a_minor_is_for_today() -> None:
    assert talk(FLOW, "... | ... | ...", minor=True) == ((), case(Level.TODAY, "missed"))
