"""A programme whose conversations cannot be built is refused, in words for whoever writes it."""

from __future__ import annotations

import pytest

from bot.domain.programme.problem import ProgrammeError
from bot.flows.programme import flow_errors, load_ready
from tests.example import EXAMPLE

TAKEN = "another step of this conversation has this name"


def after(marker: str, old: str, new: str) -> str:
    """The example with the first `old` after `marker` changed."""
    start = EXAMPLE.index(marker)
    assert old in EXAMPLE[start:]
    return EXAMPLE[:start] + EXAMPLE[start:].replace(old, new, 1)


def test_every_conversation_of_the_example_can_be_built() -> None:
    assert list(flow_errors(load_ready(EXAMPLE, "p.toml"))) == []


@pytest.mark.parametrize(
    ("marker", "old", "new", "says"),
    [
        ("[outgoing.arrival]", 'id = "welcome"', 'id = "verdict"',
         f'outgoing.arrival.questions "verdict", id: {TAKEN}: take another'),
        ("[outgoing.check_in]", 'id = "work"', 'id = "nudge_2"',
         f'outgoing.check_in.questions "nudge_2", id: {TAKEN}: take another'),
        ("[incoming.check_in]", 'id = "activity"', 'id = "listening"',
         f'incoming.check_in.questions "listening", id: {TAKEN}: take another'),
        ("[outgoing.arrival]", 'id = "welcome"', 'id = "arrived_trouble"',
         f'outgoing.arrival.questions "arrived_trouble", id: {TAKEN}: take another'),
        ("[outgoing.safe_return]", 'id = "talk"', 'id = "silence"',
         'outgoing.safe_return: no conversation can be made of it: at "back", two of its answers have the id "silence"'),
        ("[outgoing.report]", 'id = "received"', 'id = "silence"',
         'outgoing.report: no conversation can be made of it: at "state", two of its answers have the id "silence"'),
    ],
)  # fmt: skip
def test_a_name_that_meets_a_step_of_compagnons_is_told(marker: str, old: str, new: str, says: str) -> None:
    with pytest.raises(ProgrammeError) as caught:
        load_ready(after(marker, old, new), "p.toml")
    assert caught.value.lines == (f"p.toml, {says}",)


def test_an_answer_whose_step_meets_one_of_compagnons_is_told() -> None:
    text = after("[outgoing.arrival]", 'id = "arrived"', 'id = "follow"')
    start = text.index("[outgoing.arrival]")
    text = text[:start] + text[start:].replace('id = "trouble", level', 'id = "up", level', 1)
    with pytest.raises(ProgrammeError) as caught:
        load_ready(text, "p.toml")
    where = 'outgoing.arrival.questions "follow", choices "up", id'
    assert caught.value.lines == (f'p.toml, {where}: {TAKEN}, with its question\'s ("follow_up"): take another',)


def test_attendance_without_reasons_asks_a_question_that_nobody_can_answer() -> None:
    start = EXAMPLE.index("reasons = [")
    end = EXAMPLE.index("\n]", start)
    with pytest.raises(ProgrammeError) as caught:
        load_ready(EXAMPLE[:start] + "reasons = [" + EXAMPLE[end:], "p.toml")
    says = ': no conversation can be made of it: at "reason", it is a question without answers'
    assert caught.value.lines == tuple(f"p.toml, outgoing.{table}{says}" for table in ("check_in", "attendance"))


def test_what_the_file_says_against_itself_is_told_first() -> None:
    text = after("[outgoing.arrival]", 'id = "welcome"', 'id = "verdict"').replace('pace = "always"', 'pace = "waking"')
    with pytest.raises(ProgrammeError) as caught:
        load_ready(text, "p.toml")
    says = 'write "always": what is for now waits for nobody\'s working hours'
    assert caught.value.lines == (f"p.toml, levels.now, pace: {says}",)


def test_a_landmark_asked_once_and_a_check_in_without_reminders_are_fine() -> None:
    text = after("[outgoing.arrival]", 'again = ["J+1 08:30"]', "again = []")
    text = text.replace("remind_hours = [24, 40]", "remind_hours = []").replace(
        "remind_hours = [20]", "remind_hours = []"
    )
    assert list(flow_errors(load_ready(text, "p.toml"))) == []
