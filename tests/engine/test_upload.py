"""A question answered with a file: sent when asked, before it, late, twice, or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.level import Level
from bot.engine.advance import (
    Again,
    Begin,
    Event,
    Handed,
    Press,
    Refusal,
    Session,
    Silence,
    Turn,
    Words,
    advance,
    upload_for,
)
from bot.engine.diagram import mermaid
from bot.engine.effect import Effect, OpenCase, SetItem, always
from bot.engine.flow import Flow, FlowError
from bot.engine.step import END, Branch, Choice, Choose, Say, Upload
from bot.engine.understand import understand

HOUR = timedelta(hours=1)
SENT, SHOWN = SetItem("paper", "declared", "file"), SetItem("paper", "declared", "show")
NOTED, TOLD = SetItem("paper", "doing"), OpenCase(Level.TODAY, "paper", "lost")
FLOW = Flow(
    "f",
    (
        Choose(
            "state",
            "Have you got it?",
            (Choice("have", "Yes", "good"), Choice("soon", "Soon", "later"), Choice("lost", "Lost", "help")),
            HOUR,
        ),
        Say("good", "Good.", "proof", (always(NOTED),)),
        Upload("proof", "Send it.", "sent", Choice("show", "I'd rather show it", "shown"), HOUR, "quiet"),
        Say("later", "Later, then."),
        Say("help", "I tell them.", END, (always(TOLD),)),
        Say("sent", "Thanks!", END, (always(SENT),)),
        Say("shown", "Show it.", END, (always(SHOWN),)),
        Say("quiet", None),
    ),
)
ASKED = Session({}, {"state": "have"}, "proof")
KEPT = Session({}, {"state": "have", "proof": "file:12"})


def test_a_file_answers_the_question() -> None:
    assert advance(FLOW, ASKED, Handed("proof", 12)) == Turn(KEPT, ("sent",), (SENT,))


def test_a_second_file_joins_the_first_quietly() -> None:
    assert advance(FLOW, KEPT, Handed("proof", 13)) == Turn(KEPT)


@pytest.mark.parametrize(
    ("before", "effects"),
    [
        (Session(asked="state"), (NOTED, SENT)),
        (Session({}, {"state": None}), (NOTED, SENT)),
        (Session({}, {"state": "soon"}), (NOTED, SENT)),
        (Session({}, {"state": "have", "proof": None}), (SENT,)),
        (Session({}, {"state": "have", "proof": "show"}), (SENT,)),
        (Session({}, {"state": "have", "proof": "a choice of last year"}, "proof"), (SENT,)),
    ],
)
def test_a_file_answers_early_late_or_instead(before: Session, effects: tuple[Effect, ...]) -> None:
    assert upload_for(FLOW, before) == "proof"
    assert advance(FLOW, before, Handed("proof", 12)) == Turn(KEPT, ("sent",), effects)


def test_what_an_adult_was_told_cannot_be_undone_by_a_file() -> None:
    lost = Session({}, {"state": "lost"})
    assert advance(FLOW, lost, Handed("proof", 12)) == Turn(lost, refused=Refusal.SEALED)
    sealed = Flow(
        "f", (Upload("proof", "?", END, Choice("show", "Show", "told")), Say("told", None, END, (always(TOLD),)))
    )
    shown = Session({}, {"proof": "show"})
    assert advance(sealed, shown, Handed("proof", 12)) == Turn(shown, refused=Refusal.SEALED)


@pytest.mark.parametrize("step", ["state", "sent", "nowhere"])
def test_a_file_for_no_such_question_is_refused(step: str) -> None:
    assert advance(FLOW, ASKED, Handed(step, 12)) == Turn(ASKED, refused=Refusal.GONE)


def test_two_ways_to_a_file_are_for_the_learner_to_choose() -> None:
    two = (Choice("train", "Train", "proof"), Choice("bus", "Bus", "proof"))
    flow = Flow("f", (Choose("how", "How?", two), Upload("proof", "Send it.")))
    asked = Session(asked="how")
    assert upload_for(flow, asked) is None
    assert advance(flow, asked, Handed("proof", 12)) == Turn(asked, refused=Refusal.GONE)


def test_a_conversation_without_files_wants_none() -> None:
    flow = Flow("f", (Choose("mood", "Well?", (Choice("good", "Good"),)),))
    assert [upload_for(flow, each) for each in (Session(), Session(asked="mood"), Session({}, {"mood": "good"}))] == [
        None
    ] * 3


@pytest.mark.parametrize(
    ("event", "turn"),
    [
        (Press("proof", "show"), Turn(Session({}, {"state": "have", "proof": "show"}), ("shown",), (SHOWN,))),
        (Silence("proof"), Turn(Session({}, {"state": "have", "proof": None}))),
        (Words("here it is"), Turn(ASKED, refused=Refusal.UNCLEAR)),
        (Press("proof", "file:3"), Turn(ASKED, refused=Refusal.GONE)),
        (Again(), Turn(ASKED, ("proof",))),
        (Begin(), Turn(ASKED)),
    ],
)
def test_everything_else_that_can_happen(event: Event, turn: Turn) -> None:
    assert advance(FLOW, ASKED, event) == turn


def test_showing_it_instead_takes_the_files_word_back_and_a_file_again() -> None:
    shown = advance(FLOW, KEPT, Press("proof", "show")).session
    assert shown == Session({}, {"state": "have", "proof": "show"})
    assert advance(FLOW, shown, Handed("proof", 12)).session == KEPT


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("i'd rather show it", Press("proof", "show")),
        ("1", Press("proof", "show")),
        ("2", None),
        ("here it is", None),
        ("", None),
    ],
)
def test_typed_words_are_the_way_past_it_or_nothing(typed: str, meant: Press | None) -> None:
    assert understand(FLOW, ASKED, typed) == meant


def test_a_file_is_an_exit_of_its_own() -> None:
    proof = FLOW.find("proof")
    assert proof is not None
    assert proof.exits() == {"file": "sent", "show": "shown", "silence": "quiet"}
    assert Upload("proof", "?", "next").exits() == {"file": "next"}
    with pytest.raises(FlowError, match='flow f, step p: two of its answers have the id "file"'):
        Flow("f", (Upload("p", "?", skip=Choice("file", "File")),))


def test_the_diagram_shows_where_a_file_leads() -> None:
    lines = [line.strip() for line in mermaid(FLOW).splitlines()]
    assert [line for line in lines if line.startswith("proof")] == [
        'proof(["Send it."])',
        "proof -->|file| sent",
        "proof -->|show| shown",
        "proof -->|silence| quiet",
    ]


def test_a_fork_may_look_at_whether_a_file_was_sent() -> None:
    fork = Branch("fork", lambda facts, answers: "yes" if answers.get("proof") else "no", {"yes": "sent", "no": ""})
    flow = Flow("f", (Upload("proof", "?", "fork", wait=HOUR, silence="fork"), fork, Say("sent", "Thanks!")))
    assert flow.walk({}, {"proof": "file:1"}).entered[-1].id == "sent"
    assert flow.walk({}, {"proof": None}).entered[-1].id == "fork"
