"""A flow as a diagram: every step, every exit, and its placeholders as they are written."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.level import Level
from bot.engine.diagram import mermaid
from bot.engine.effect import OpenCase, always
from bot.engine.flow import Flow
from bot.engine.step import END, Branch, Choice, Choose, Number, Say, Write
from bot.i18n import _n

FLOW = Flow(
    "f",
    (
        Choose("hello", {"fr": "Ça va, {name} ?", "en": 'Are you "well", {name}?\nSay so.'},
               (Choice("yes", "Yes", "fork"), Choice("no", "No", "quiet")), timedelta(hours=1), "days"),
        Branch("fork", lambda facts, answers: "up", {"up": "days", "down": "note"}),
        Number("days", _n("{count} day: {titles}", "{count} days: {titles}"), 0, 5, "note", "fact", END),
        Write("note", "A rather long question, which does not fit into its box of sixty characters at all", END, Choice("skip", "Skip")),
        Say("quiet", None, END, (always(OpenCase(Level.TODAY, "x")),)),
    ),
)  # fmt: skip


def test_a_diagram_shows_every_step_and_every_exit() -> None:
    assert mermaid(FLOW).splitlines() == [
        "flowchart TD",
        "    hello([\"Are you 'well', {name}? Say so.\"])",
        "    hello -->|yes| fork",
        "    hello -->|no| quiet",
        "    hello -->|silence| days",
        '    fork{"fork"}',
        "    fork -->|up| days",
        "    fork -->|down| note",
        '    days(["2 days: {titles}"])',
        "    days -->|0–5| note",
        "    days -->|silence| finish((end))",
        '    note(["A rather long question, which does not fit into its box o…"])',
        "    note -->|words| finish((end))",
        "    note -->|skip| finish((end))",
        '    quiet["quiet"]',
        "    quiet --> finish((end))",
        "    classDef acts stroke-width:3px",
        "    class quiet acts",
    ]


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Ça va, {name}\xa0?"), ("es", "Are you 'well', {name}? Say so.")]
)
def test_a_diagram_speaks_the_language_asked_for(language: str, words: str) -> None:
    assert mermaid(FLOW, language).splitlines()[1] == f'    hello(["{words}"])'
