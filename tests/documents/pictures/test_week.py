"""The picture of the week: the same for everybody, on every machine, whatever people are called."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from bot.documents.pictures.drawing import COLOURS
from bot.documents.pictures.layout import ROW, TOP, WIDTH
from bot.documents.pictures.week import week_png, week_svg
from tests.documents.pictures.facts import WEEK, row

GOLDEN = Path(__file__).with_name("week.svg")


def opened(facts: dict[str, Any]) -> Image.Image:
    return Image.open(BytesIO(week_png(facts, "en"))).convert("RGB")


def colour(name: str) -> tuple[int, ...]:
    return tuple(int(COLOURS[name][at : at + 2], 16) for at in (1, 3, 5))


def many(count: int) -> dict[str, Any]:
    return WEEK | {"rows": [row(f"Learner {n}", "Bergen", "2027-03-06", "2027-04-03") for n in range(count)]}


def test_the_drawing_is_what_it_was() -> None:
    assert week_svg(WEEK, "en") == GOLDEN.read_text("utf-8")


def test_it_is_as_wide_as_a_phone_shows_and_each_shape_has_its_colour() -> None:
    content = week_png(WEEK, "en")
    drawn = opened(WEEK)
    found = {pixel for _count, pixel in drawn.getcolors(1 << 20) or []}

    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(content) < 300_000
    assert drawn.size == (WIDTH, TOP + 9 * ROW + 184)
    assert {name for name in COLOURS if colour(name) not in found} == set()


def test_the_shapes_survive_print() -> None:
    """What lies side by side differs in grey: a stay gone by from one to come, an answer from silence."""
    greys = {
        name: round(sum(part * by for part, by in zip(colour(name), (0.299, 0.587, 0.114), strict=True)))
        for name in COLOURS
    }
    assert greys["missed"] - greys["answered"] > 80
    assert 255 - greys["gone"] > 40
    assert greys["gone"] - greys["stay"] > 60


def test_it_is_drawn_the_same_twice() -> None:
    assert week_png(dict(reversed(WEEK.items())), "fr") == week_png(WEEK, "fr")


@pytest.mark.parametrize(
    "name", ['</text><image href="file:///etc/passwd"/>', "&lt;", "]]>", "\"' onload='x", "{{ 7*7 }}", "مريم"]
)
def test_a_name_is_only_ever_a_name(name: str) -> None:
    facts = WEEK | {"title": name, "rows": [row(name, name, "2027-03-06", "2027-04-03")]}
    drawing = week_svg(facts, "en")
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(drawing).iter()}

    assert tags == {"svg", "rect", "text", "path", "clipPath", "g", "circle"}
    assert name in [element.text for element in ElementTree.fromstring(drawing).iter()]
    assert opened(facts).width == WIDTH


@pytest.mark.parametrize("count", [1, 30])
def test_one_learner_or_thirty(count: int) -> None:
    assert opened(many(count)).size == (WIDTH, TOP + count * ROW + 184)


def test_how_many_are_not_shown_is_said() -> None:
    assert "and 4 others, less urgent" in week_svg(WEEK | {"others": 4}, "en")


@pytest.mark.parametrize("weeks", range(6, 19))
def test_dates_stand_side_by_side(weeks: int) -> None:
    drawing = ElementTree.fromstring(week_svg(WEEK | {"weeks": weeks}, "en"))
    labels = [float(each.attrib["x"]) for each in drawing.iter() if each.get("y") == str(TOP - 58)]
    assert labels
    assert min((b - a for a, b in pairwise(labels)), default=120) >= 119


def test_a_stay_that_goes_on_elsewhere_has_no_end_in_the_picture() -> None:
    long = row("Ana", "Porto", "2026-09-01", (date(2027, 3, 22) + timedelta(days=400)).isoformat())
    drawn = opened(WEEK | {"rows": [long]})
    middle = TOP + ROW // 2
    assert drawn.getpixel((342, middle)) == colour("gone")
    assert drawn.getpixel((1046, middle)) == (255, 255, 255)
