"""The picture of `/strengths`: five scales, a ring for before and a filled square for after, so that no colour is needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.documents.pictures.drawing import COLOURS, png, templates
from bot.i18n import Text, _, direction, from_json, render

TITLE: Text = _("{name}, before and after")
BEFORE: Text = _("Before")
AFTER: Text = _("After")
WIDTH, TOP, ROW, LEFT, STEP = 1000, 150, 110, 430, 150


def strengths_png(facts: Mapping[str, Any], language: str) -> bytes:
    """The picture, in the reader's language."""
    return png(strengths_svg(facts, language))


def strengths_svg(facts: Mapping[str, Any], language: str) -> str:
    """The drawing; what is not answered has no sign. From right to left the scale begins on the right."""
    mirrored = direction(language) == "rtl"

    def x(value: int) -> int:
        place = LEFT + (value - 1) * STEP
        return WIDTH - place if mirrored else place

    rows = [
        {
            "label": render(from_json(row["label"]), language),
            "y": TOP + number * ROW,
            "before": x(row["before"]) if row["before"] else None,
            "after": x(row["after"]) if row["after"] else None,
        }
        for number, row in enumerate(facts["rows"])
    ]
    return templates.get_template("strengths.svg").render(
        colours=COLOURS,
        width=WIDTH,
        height=TOP + len(rows) * ROW + 60,
        start=WIDTH - 40 if mirrored else 40,
        title=render(TITLE, language, {"name": facts["name"]}),
        legend=((BEFORE, "before", x(1)), (AFTER, "after", x(3))),
        words={name: render(text, language) for name, text in (("before", BEFORE), ("after", AFTER))},
        ticks=[x(value) for value in (1, 2, 3, 4)],
        anchor="end" if mirrored else "start",
        shift=-28 if mirrored else 28,
        rows=rows,
        bottom=TOP + len(rows) * ROW + 20,
    )
