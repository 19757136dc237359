"""What an adult of the team sees of whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.desk import Group, Moving, Phase, Way, cut, follows, has_desk, in_view, on_the_move, phase
from bot.domain.person import Role
from bot.domain.programme import Programme
from bot.domain.progress import progress
from bot.domain.stay import Ended, Kind
from tests.domain.stays import LEIPZIG

GUEST = replace(LEIPZIG, id=2, ref="martina", kind=Kind.INCOMING)


@pytest.mark.parametrize("role", list(Role))
def test_the_team_has_a_desk_and_only_acknowledgers_follow(role: Role) -> None:
    outside = {Role.LEARNER, Role.PARENT, Role.TUTOR, Role.EMPLOYER, Role.PARTNER, Role.HOST_FAMILY}
    offices = {Role.FINANCE, Role.ADMINISTRATION, Role.QUALITY}
    assert (has_desk({role}), follows({role})) == (role not in outside, role not in outside | offices)


@pytest.mark.parametrize(
    ("local", "where"),
    [
        (datetime(2027, 3, 5, 22, 59, tzinfo=UTC), Phase.BEFORE),
        (datetime(2027, 3, 5, 23, 0, tzinfo=UTC), Phase.ABROAD),
        (datetime(2027, 3, 27, 22, 59, tzinfo=UTC), Phase.ABROAD),
        (datetime(2027, 3, 27, 23, 0, tzinfo=UTC), Phase.AFTER),
    ],
)
def test_a_stay_is_abroad_from_its_first_to_its_last_midnight(local: datetime, where: Phase) -> None:
    assert phase(LEIPZIG, local) is where


def test_last_years_class_is_out_of_view() -> None:
    seen = [in_view(LEIPZIG, day) for day in (date(2027, 1, 1), date(2027, 7, 25), date(2027, 7, 26))]
    assert (seen, in_view(replace(LEIPZIG, ended=Ended.WITHDRAWN), date(2027, 3, 7))) == ([True, True, False], False)


def test_who_travels_today_and_in_the_three_days_that_follow() -> None:
    later = replace(LEIPZIG, id=3, departure=date(2027, 3, 7))
    stays = (LEIPZIG, GUEST, later, replace(LEIPZIG, id=4), replace(LEIPZIG, id=5, ended=Ended.WITHDRAWN))
    assert on_the_move(stays, date(2027, 3, 3)) == (
        Moving(date(2027, 3, 6), Way.LEAVES, (1, 4)),
        Moving(date(2027, 3, 6), Way.ARRIVES, (2,)),
    )
    assert on_the_move(stays, date(2027, 3, 7)) == (Moving(date(2027, 3, 7), Way.LEAVES, (3,)),)
    assert on_the_move((LEIPZIG, GUEST), date(2027, 3, 27)) == (
        Moving(date(2027, 3, 27), Way.RETURNS, (1,)),
        Moving(date(2027, 3, 27), Way.GOES_HOME, (2,)),
    )


def test_every_class_is_named_however_little_of_it_fits() -> None:
    assert cut({"B": [4, 5], "A": [1, 2, 3], "C": [6]}, 4) == (
        Group("A", (1, 2, 3), 0),
        Group("B", (4,), 1),
        Group("C", (), 1),
    )


def test_an_item_is_late_the_day_after_its_date_until_an_adult_has_seen_it(programme: Programme) -> None:
    items = programme.outgoing.items
    small = programme.model_copy(
        update={
            "outgoing": programme.outgoing.model_copy(
                update={
                    "before": tuple(item for item in items if item.id == "ehic"),
                    **dict.fromkeys(("during", "after"), ()),
                    **dict.fromkeys(("report", "first_test", "second_test")),
                }
            )
        }
    )
    due = date(2027, 2, 13)
    found = [
        (known.place, known.done, [item.id for item in known.late], [item.id for item in known.blocking])
        for known in (
            progress(small, LEIPZIG, {}, due),
            progress(small, LEIPZIG, {}, date(2027, 2, 14)),
            progress(small, LEIPZIG, {"ehic": "declared"}, date(2027, 2, 14)),
            progress(small, LEIPZIG, {"ehic": "done"}, date(2027, 2, 14)),
        )
    ]
    assert found == [
        ((1, 1), 0, [], []),
        ((1, 1), 0, ["ehic"], ["ehic"]),
        ((1, 1), 0, ["ehic"], ["ehic"]),
        ((1, 1), 1, [], []),
    ]
