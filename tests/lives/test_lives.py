"""Three small years, ten with `HYPOTHESIS_PROFILE=thorough`: what is guaranteed in every one of them."""

from __future__ import annotations

import random

import pytest

from bot.runtime import delivery
from tests.lives.__main__ import written
from tests.lives.figures import Figures
from tests.lives.kinds import KINDS
from tests.lives.report import measured
from tests.lives.year import play_class
from tests.properties import tried

SMALL = 4


@pytest.mark.parametrize("seed", range(1, tried(3, 10) + 1))
def test_every_need_is_told_to_the_right_adult_in_time_and_no_word_is_lost(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "week_png", lambda _facts, _language: b"looked at by the tests of pictures")
    ordinary = [life for life in KINDS if not life.of_the_place]
    found = play_class(tuple((life, 0) for life in random.Random(seed).sample(ordinary, SMALL)), seed)

    assert [kind for kind, _delay, in_time in found.needs if not in_time] == []
    assert (found.leaks, found.untold) == ([], [])
    assert found.floor == []


def test_the_table_in_the_readme_has_the_figures_and_goals_of_today() -> None:
    command, _blank, _heads, _rule, *lines = written()[1].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    seeds = command.partition(" --seed ")[2].partition(" --learners ")[0].split()

    assert [(line[0], line[-1]) for line in cells] == [(name, goal) for name, _value, goal in measured(Figures())]
    assert {len(line) for line in cells} == {len(seeds) + 2}
