"""The class as a timeline, for the Monday digest: who is away, who answers, who needs somebody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from json import dumps, loads
from typing import Any

from bot.documents.pictures.drawing import COLOURS, png, templates
from bot.documents.pictures.layout import LEFT, RIGHT, ROW, TOP, WIDTH, rows_of, scale_of, weeks_of
from bot.i18n import Plural, Text, _, _n, render

TITLE: Text = _("Week of {day}")
TODAY: Text = _("today")
STAY: Text = _("Stay, filled up to today")
ANSWERED: Text = _("Has answered")
MISSED: Text = _("No answer")
CASE: Text = _("Case: {level}")
OTHERS: Plural = _n("and {count} other, less urgent", "and {count} others, less urgent")
LEVELS = ("now", "today", "follow_up")
LEGEND = 48
"""The height of a line of the legend: three lines, what happens on the left, what an adult does on the right."""


def week_png(facts: Mapping[str, Any], language: str) -> bytes:
    """The picture, in the reader's language. The same for all who read the same: it is drawn once."""
    return _drawn(dumps(facts, sort_keys=True), language)


@lru_cache(maxsize=16)
def _drawn(facts: str, language: str) -> bytes:
    return png(week_svg(loads(facts), language))


def week_svg(facts: Mapping[str, Any], language: str) -> str:
    """The drawing. Whatever a person wrote is escaped by the template."""
    scale = scale_of(facts)
    rows, legend = tuple(rows_of(facts, scale)), _legend(facts, language)
    bottom = TOP + len(rows) * ROW
    below = bottom + (56 if facts["others"] else 16)
    return templates.get_template("week.svg").render(
        colours=COLOURS,
        width=WIDTH,
        height=below + LEGEND * 3 + 24,
        left=LEFT,
        right=RIGHT,
        top=TOP,
        row_height=ROW,
        bottom=bottom,
        below=below,
        legend_height=LEGEND,
        title=render(TITLE, language, {"day": {"date": facts["today"]}}),
        school=facts["title"],
        today=scale.x(date.fromisoformat(facts["today"])),
        today_word=render(TODAY, language),
        weeks=tuple(weeks_of(scale, language)),
        rows=rows,
        legend=legend,
        others=render(OTHERS, language, {"count": facts["others"]}) if facts["others"] else "",
    )


def _legend(facts: Mapping[str, Any], language: str) -> tuple[tuple[str, str], ...]:
    """What each shape means, in words: its kind, and the words."""
    names = facts["levels"]
    shapes = [
        (kind, render(text, language)) for kind, text in (("stay", STAY), ("answered", ANSWERED), ("missed", MISSED))
    ]
    cases = [(level, render(CASE, language, {"level": {"text": names[level]}})) for level in LEVELS if level in names]
    return (*shapes, *cases)
