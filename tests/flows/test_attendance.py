"""Days at work: all, fewer and why, or none said."""

from __future__ import annotations

import pytest

from bot.domain.level import Level
from bot.engine.effect import OpenCase
from bot.flows import attendance
from tests.flows.talk import PROGRAMME, SEALED, UNCLEAR, Said, talk

ASKED = PROGRAMME.outgoing.attendance
assert ASKED is not None
FLOW = attendance.build(ASKED)
ONE = (("one",), (OpenCase(Level.FOLLOW_UP, "attendance", "one"),))
MORE = (("more",), (OpenCase(Level.TODAY, "attendance", "more"),))
MISSED: Said = ((), (OpenCase(Level.FOLLOW_UP, "missed"),))
REASON: Said = (("reason",), ())


@pytest.mark.parametrize(
    ("expected", "events", "said"),
    [
        (5, "", (("days",), ())),
        (5, "days:5", (("all",), ())),
        (5, "5 días", (("all",), ())),
        (5, "j'ai fait 5 jours", (("all",), ())),
        (5, "5 days", (("all",), ())),
        (5, "all of them", UNCLEAR),
        (5, "7", UNCLEAR),
        (4, "days:4", (("all",), ())),
        (0, "days:0", (("all",), ())),
        (5, "days:4", REASON),
        (5, "days:4 | reason:ill", ONE),
        (5, "days:4 | malade", ONE),
        (5, "days:4 | Enfermedad", ONE),
        (5, "days:4 | reason:told", (("excused",), ())),
        (5, "days:0 | public holiday", (("excused",), ())),
        (5, "days:3 | reason:other", MORE),
        (5, "days:0 | reason:ill", MORE),
        (1, "days:0 | reason:ill", MORE),
        (5, "days:4 | ...", ONE),
        (5, "days:3 | ...", MORE),
        (5, "days:3 | ... | reason:closed", (("excused",), ())),
        (5, "...", (("days_again",), ())),
        (5, "... | days_again:5", (("all",), ())),
        (5, "... | days_again:3", REASON),
        (5, "... | days_again:4 | reason:ill", ONE),
        (5, "... | ...", MISSED),
        (5, "... | ... | days:5", (("all",), ())),
        (5, "... | ... | 5", (("all",), ())),
        (5, "... | days_again:3 | days:5", (("all",), ())),
        (5, "days:5 | days:5", ((), ())),
        (5, "days:5 | days:4", REASON),
        (5, "days:4 | reason:ill | days:5", SEALED),
        (5, "days:4 | reason:told | days:5", (("all",), ())),
    ],
)
def test_a_week_at_work(expected: int, events: str, said: Said) -> None:
    assert talk(FLOW, events, expected=expected) == said


def test_without_a_reminder_the_first_silence_is_followed_up() -> None:
    assert ASKED is not None
    assert talk(attendance.build(ASKED.model_copy(update={"remind_hours": ()})), "...", expected=5) == MISSED
