"""One programme for several schools: dates of one's own, and who has to agree to what concerns one school alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.offset import parse_offset
from bot.domain.programme import Programme
from bot.domain.programme.check_conditions import unknown_schools
from bot.domain.programme.guarded import needs_two, schools_concerned
from bot.domain.programme.item import SchoolDate
from bot.domain.touchpoints import due_day
from tests.domain.stays import BERGEN as LINA

ITEM: dict[str, Any] = {"id": "meeting", "due": "J-30", "title": "Meeting"}
OURS: dict[str, Any] = {"id": "ours", "due": "J-10", "title": "Ours", "when": ["minor", "at_valmer"]}
DATE = {"school_dates": [{"school": "Valmer", "due": "J-60"}]}
OTHER = {"school_dates": [{"school": "Valmer", "due": "J-60"}, {"school": "ombelle", "due": "J-5"}]}


def tables(*items: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"outgoing": {"before": list(items)}, "hours": {"contact": "17:00"}, **rest}


@pytest.mark.parametrize(
    ("later", "concerned"),
    [
        (tables(ITEM | DATE), {"at_valmer"}),
        (tables(ITEM | OTHER), {"at_valmer", "at_ombelle"}),
        (tables(ITEM, OURS), {"at_valmer"}),
        (tables(ITEM | DATE, OURS), {"at_valmer"}),
        (tables(ITEM), None),
        (tables(), None),
        (tables(ITEM | {"due": "J-29"}), None),
        (tables(ITEM | DATE | {"title": "Other"}), None),
        (tables(ITEM, OURS | {"when": ["minor"]}), None),
        (tables(ITEM, OURS, hours={"contact": "18:00"}), None),
    ],
)
def test_what_concerns_one_school_alone_is_told_from_what_concerns_all(
    later: dict[str, Any], concerned: set[str] | None
) -> None:
    found = schools_concerned(tables(ITEM), later)
    back = schools_concerned(later, tables(ITEM))
    assert (found, back) == (concerned and frozenset(concerned), concerned and frozenset(concerned))


def test_what_was_for_one_school_and_is_for_all_now_concerns_all() -> None:
    assert schools_concerned(tables(ITEM, OURS), tables(ITEM, OURS | {"when": []})) is None
    assert schools_concerned(tables(ITEM, OURS), tables(OURS, ITEM)) is None


def test_an_item_is_due_on_the_day_of_ones_own_school(programme: Programme) -> None:
    item = programme.outgoing.item("ehic")
    assert item is not None
    other = item.model_copy(update={"school_dates": (SchoolDate(school="valmer", due=parse_offset("J-60")),)})
    days = [
        (LINA.departure - due_day(replace(LINA, school=school, enrolled_at=None), other)).days
        for school in ("valmer", "ombelle", "")
    ]
    assert days == [60, -item.due.days, -item.due.days]


def with_dates(programme: Programme, *dates: SchoolDate) -> Programme:
    before = tuple(
        item.model_copy(update={"school_dates": dates}) if item.id == "ehic" else item
        for item in programme.outgoing.before
    )
    return programme.model_copy(update={"outgoing": programme.outgoing.model_copy(update={"before": before})})


def test_a_school_that_is_none_is_told(programme: Programme) -> None:
    later = with_dates(programme, SchoolDate(school="valmr", due=parse_offset("J-60")))
    [found] = unknown_schools(later, ["valmer"])
    assert (found.where, found.field) == ('outgoing.before "ehic"', "school_dates")


def test_another_date_of_what_blocks_a_departure_needs_two_adults(programme: Programme) -> None:
    assert needs_two(programme, with_dates(programme, SchoolDate(school="valmer", due=parse_offset("J-1"))))
