"""What a bench says of its figures: median, spread, ratio, goal. Nothing is timed here."""

from __future__ import annotations

import json

from bench.figures import Goal, Line, Series, markdown, table

OURS = Series("Compagnon", "/s", (90.0, 120.0, 100.0))
THEIRS = Series("bare loop", "/s", (200.0, 180.0, 250.0, 210.0))


def test_a_ratio_is_that_of_the_medians_and_a_goal_is_reached_on_its_line() -> None:
    line = Line("dispatch", OURS, THEIRS, Goal(least=100 / 205))

    assert (OURS.median, THEIRS.median, line.ratio, line.reached) == (100.0, 205.0, 100 / 205, True)
    assert Line("dispatch", OURS, THEIRS, Goal(least=0.5)).reached is False


def test_without_a_baseline_the_figure_itself_is_judged_and_without_a_goal_nothing() -> None:
    held = Series("Compagnon", "ms", (20.0,))

    assert [Line("hold", held, goal=Goal(most=most)).reached for most in (20.0, 19.9)] == [True, False]
    assert (Line("hold", held).reached, Line("hold", held).ratio) == (None, None)


def test_a_table_says_what_was_measured_beside_what_and_whether_it_will_do() -> None:
    lines = [Line("dispatch", OURS, THEIRS, Goal(least=1.0)), Line("hold", Series("Compagnon", "ms", (1234.5,)))]

    assert table(lines) == (
        "what      ours: median (spread)  baseline: median (spread)    ratio  goal\n"
        "dispatch  100 (90-120) /s        205 (180-250) /s: bare loop  0.488  ≥ 1   missed\n"
        "hold      1234 ms"
    )  # fmt: skip


def test_a_line_of_json_holds_all_that_was_measured() -> None:
    assert json.loads(Line("dispatch", OURS, THEIRS, Goal(most=0.5)).to_json()) == {
        "what": "dispatch", "unit": "/s", "ours": [90.0, 120.0, 100.0], "median": 100.0, "baseline": "bare loop",
        "theirs": [200.0, 180.0, 250.0, 210.0], "ratio": 100 / 205, "goal": "≤ 0.5", "reached": True,
    }  # fmt: skip


def test_a_page_gets_the_same_table_in_its_own_way() -> None:
    assert markdown([Line("dispatch", OURS, THEIRS, Goal(least=1.0))]) == (
        "| what | ours: median (spread) | baseline: median (spread) | ratio | goal |  |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        "| dispatch | 100 (90-120) /s | 205 (180-250) /s: bare loop | 0.488 | ≥ 1 | missed |"
    )
