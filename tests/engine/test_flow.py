"""A table of steps is checked when it is made, and walked by its answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.engine.flow import Flow, FlowError, Path
from bot.engine.step import END, Branch, Choice, Choose, Number, Say, Step, Write

HOUR = timedelta(hours=1)
YES, NO = Choice("yes", "Yes", "bye"), Choice("no", "No", END)
ASK = Choose("ask", "Well?", (YES, NO), wait=HOUR, silence="bye")
BYE = Say("bye", "Bye")


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ((ASK, BYE, BYE), "flow f, step bye: two steps have this id"),
        ((Say("bye", "Bye", "gone"),), 'flow f, step bye: the exit "" does not lead to a later step'),
        ((Say("bye", "Bye", "bye"),), 'flow f, step bye: the exit "" does not lead to a later step'),
        ((Say("one", "1"), ASK, BYE), "flow f, step ask: no walk reaches it"),
        ((BYE, Say("two", "2", "bye")), 'flow f, step two: the exit "" does not lead to a later step'),
        ((Choose("ask", "Well?", ()),), "flow f, step ask: it is a question without answers"),
        ((Choose("ask", "Well?", (NO, NO)),), 'flow f, step ask: two of its answers have the id "no"'),
        ((Choose("ask", "Well?", (Choice("silence", "…"),)),), 'flow f, step ask: two of its answers have the id "silence"'),
        ((Write("ask", "Well?", skip=Choice("words", "…")),), 'flow f, step ask: two of its answers have the id "words"'),
        ((Choose("ask", "Well?", (NO,), wait=HOUR, silence="gone"),), 'flow f, step ask: the exit "silence" does not lead to a later step'),
    ],
)  # fmt: skip
def test_a_table_that_is_no_flow_is_refused(steps: tuple[Step, ...], says: str) -> None:
    with pytest.raises(FlowError, match="flow f") as caught:
        Flow("f", steps)
    assert (str(caught.value), caught.value.step) == (says, says.split()[3].rstrip(":"))


def test_silence_is_an_exit_of_a_step_that_waits_and_of_no_other() -> None:
    assert ASK.exits() == {"yes": "bye", "no": END, "silence": "bye"}
    assert Choose("ask", "Well?", (YES, NO), silence="bye").exits() == {"yes": "bye", "no": END}
    assert Choose("ask", "Well?", (NO,), wait=timedelta(0), silence="bye").exits() == {"no": END, "silence": "bye"}
    assert Write("w", "?", "bye", Choice("skip", "Skip"), HOUR).exits() == {"words": "bye", "skip": END, "silence": END}
    assert Number("n", "?", 0, 5, "bye", "fact").exits() == {"0–5": "bye", "silence": END}
    assert Branch("b", lambda facts, answers: "x", {"x": "bye"}).exits() == {"x": "bye"}
    assert BYE.exits() == {"": END}


FORK = Branch("fork", lambda facts, answers: "up" if facts["up"] else "down", {"up": "high", "down": "low"})
WALKED = Flow("walked", (Say("hello", "Hi", "ask"), Choose("ask", "Well?", (Choice("yes", "Yes", "fork"), NO), wait=HOUR, silence="low"),
                         FORK, Say("high", "Up", "note"), Write("note", "Note?", "low"), Say("low", "Down")))  # fmt: skip


@pytest.mark.parametrize(
    ("up", "answers", "entered", "asked"),
    [
        (True, {}, "hello ask", "ask"),
        (True, {"ask": "yes"}, "hello ask fork high note", "note"),
        (False, {"ask": "yes"}, "hello ask fork low", None),
        (True, {"ask": "no"}, "hello ask", None),
        (True, {"ask": None}, "hello ask low", None),
        (True, {"ask": "yes", "note": "my own words"}, "hello ask fork high note low", None),
        (True, {"ask": "a choice of last year"}, "hello ask", "ask"),
        (True, {"nobody": "knows", "ask": "no", "low": "x"}, "hello ask", None),
    ],
)
def test_a_walk_follows_the_answers(up: bool, answers: dict[str, str | None], entered: str, asked: str | None) -> None:
    steps = [WALKED.find(name) for name in entered.split()]
    assert WALKED.walk({"up": up}, answers) == Path(tuple(step for step in steps if step), asked)


def test_only_questions_are_questions() -> None:
    assert [WALKED.question(name) for name in ("hello", "fork", "nowhere", None)] == [None] * 4
    assert WALKED.question("ask") is WALKED.steps[1]
