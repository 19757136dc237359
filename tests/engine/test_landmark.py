"""A moment that must be confirmed: asked, asked again at its hours, then an adult."""

from __future__ import annotations

import pytest

from bot.domain.level import Level
from bot.domain.offset import parse_offset
from bot.domain.programme import Landmark, Question
from bot.domain.programme.journey import Answer, Deadline
from bot.engine.advance import Begin, Event, Press, Session, Silence, advance
from bot.engine.effect import Effect, OpenCase
from bot.engine.flow import Flow
from bot.engine.survey import landmark_steps

HERE = Question(
    id="here",
    text="There?",
    choices=(Answer(id="yes", label="Yes"), Answer(id="stuck", label="Stuck", level=Level.NOW)),
)
MOMENT = Landmark(
    ask=parse_offset("J+0 20:00"),
    again=(parse_offset("J+1 08:30"), parse_offset("J+1 12:00")),
    missing=Deadline(minor=parse_offset("J+1 13:00"), adult=parse_offset("J+1 18:00"), level=Level.TODAY),
    questions=(HERE,),
)
FLOW = Flow("moment", landmark_steps(MOMENT, "One word?", "Good."))
MISSED = OpenCase(Level.TODAY, "missed")


def test_each_question_waits_for_the_instant_of_the_next() -> None:
    waits = {name: getattr(FLOW.find(name), "wait", None) for name in ("here", "nudge_1", "nudge_2")}
    assert waits == {"here": "again_1", "nudge_1": "again_2", "nudge_2": "missing"}


@pytest.mark.parametrize(
    ("events", "says", "effects"),
    [
        ((Press("here", "yes"),), ("well",), ()),
        ((Press("here", "stuck"),), (), (OpenCase(Level.NOW, "here", "stuck"),)),
        ((Silence("here"),), ("nudge_1",), ()),
        ((Silence("here"), Press("nudge_1", "yes")), ("noted",), ()),
        ((Silence("here"), Press("nudge_1", "problem")), ("problem",), (OpenCase(Level.TODAY, "problem"),)),
        ((Silence("here"), Silence("nudge_1")), ("nudge_2",), ()),
        ((Silence("here"), Silence("nudge_1"), Silence("nudge_2")), (), (MISSED,)),
        ((Silence("here"), Silence("nudge_1"), Silence("nudge_2"), Press("here", "yes")), ("well",), ()),
        ((Silence("here"), Silence("nudge_1"), Silence("nudge_2"), Press("nudge_1", "yes")), ("noted",), ()),
        ((Silence("here"), Press("here", "stuck")), (), (OpenCase(Level.NOW, "here", "stuck"),)),
    ],
)
def test_a_conversation_ends_with_these_words(
    events: tuple[Event, ...], says: tuple[str, ...], effects: tuple[Effect, ...]
) -> None:
    turn = advance(FLOW, Session(), Begin())
    assert (turn.says, turn.effects) == (("here",), ())
    for event in events:
        turn = advance(FLOW, turn.session, event)
    assert (turn.says, turn.effects) == (says, effects)


def test_a_moment_that_is_asked_once_only_has_no_nudge() -> None:
    once = Flow("once", landmark_steps(MOMENT.model_copy(update={"again": ()}), "One word?", "Good."))
    assert [step.id for step in once.steps] == ["here", "here_stuck", "verdict", "follow_up", "today", "well", "missed"]
    turn = advance(once, Session(asked="here"), Silence("here"))
    assert (turn.says, turn.effects) == ((), (MISSED,))
