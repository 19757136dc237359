"""A process may die anywhere: about forty of all points here, every one with `python -m tests.faults.crash_points`."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.programme import Programme
from bot.store.cases import CaseRow
from bot.store.db import connect
from bot.store.messages import OutboxRow
from bot.store.stays import Mark
from tests.faults.crash_points import Chapter, crash, recorded, restore

SPREAD = 40


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Programme, list[Chapter]]:
    """The story, without a crash."""
    return asyncio.run(recorded(tmp_path_factory.mktemp("story")))


async def test_a_death_at_any_point_changes_nothing_of_how_the_story_ends(
    story: tuple[Path, Programme, list[Chapter]],
) -> None:
    path, programme, chapters = story
    points = [(chapter, point) for chapter in chapters for point in range(chapter.points)]

    for chapter, point in points[:: len(points) // SPREAD]:
        await crash(path, programme, chapter, point)


async def test_a_death_while_recovering_from_a_death_changes_nothing_either(
    story: tuple[Path, Programme, list[Chapter]],
) -> None:
    path, programme, chapters = story
    longest = max(chapters, key=lambda chapter: chapter.points)

    for point in range(0, longest.points, 5):
        await crash(path, programme, longest, point, point % 7, 3)


def test_the_story_has_what_a_death_could_spoil(story: tuple[Path, Programme, list[Chapter]]) -> None:
    """A missed check-in, cases with every way of ending, and the report: otherwise the points above prove little."""
    path, _programme, chapters = story
    restore(path, chapters[-1].before)
    engine = connect(f"sqlite:///{path}", durable=False)
    with Session(engine) as rows:
        marks = Counter(rows.scalars(select(Mark.touchpoint).where(Mark.outcome == "answered")))
        cases = list(rows.execute(select(CaseRow.topic, CaseRow.level, CaseRow.reason).order_by(CaseRow.id)))
        asked = Counter(
            rows.scalars(select(OutboxRow.step).where(OutboxRow.session_id == 1, OutboxRow.state == "sent"))
        )
    engine.dispose()

    assert marks == {"enrolment": 1, "item.ehic": 1, "arrival": 1, "check_in": 3, "safe_return": 1, "item.report": 1}
    assert [tuple(case) for case in cases] == [
        ("missed", "today", "answered"),
        ("sos", "now", "settled"),
        ("mood", "today", "all_well"),
    ]
    assert asked == {"hello": 1}
