"""Slots on call and planned leave: who is alerted, who stands in, who is left with too few."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.domain.ladder.cover import stand_ins, uncovered
from bot.domain.ladder.crew import Crew
from bot.domain.person import Adult, Leave, Role, Slot
from bot.domain.stay import Ended
from tests.domain.stays import LEIPZIG

NADIA, LUC, ANNE, HEAD, HELENE, OTHER = range(1, 7)
DAY, NOW = date(2027, 3, 13), datetime(2027, 3, 13, 12, tzinfo=UTC)
WEEKEND = Slot(datetime(2027, 3, 12, 17, tzinfo=UTC), datetime(2027, 3, 15, 7, tzinfo=UTC))
LATER = Slot(datetime(2027, 3, 19, 17, tzinfo=UTC), datetime(2027, 3, 22, 7, tzinfo=UTC))
MARCH = Leave(date(2027, 3, 10), date(2027, 3, 20))


def adult(person: int, *roles: Role, school: int | None = 1) -> Adult:
    return Adult(person, frozenset(roles), school)


TEAM = (
    adult(NADIA, Role.COORDINATOR),
    adult(LUC, Role.DEPUTY, Role.ON_CALL),
    adult(ANNE, Role.ON_CALL),
    adult(HEAD, Role.HEAD),
    adult(HELENE, Role.CONSORTIUM, school=None),
    adult(OTHER, Role.ON_CALL, school=2),
)


def with_(person: int, team: tuple[Adult, ...] = TEAM, **changed: object) -> tuple[Adult, ...]:
    return tuple(replace(one, **changed) if one.person == person else one for one in team)  # type: ignore[arg-type]


def on_call(team: tuple[Adult, ...], now: datetime | None = NOW) -> tuple[int, ...]:
    return Crew(team, 1, DAY, now).having(Role.ON_CALL)


def test_without_any_slot_everybody_with_the_role_is_on_call() -> None:
    assert on_call(TEAM) == (LUC, ANNE)


def test_a_slot_makes_its_holder_the_one_who_is_on_call() -> None:
    assert on_call(with_(ANNE, slots=(WEEKEND,))) == (ANNE,)
    assert on_call(with_(ANNE, with_(LUC, slots=(WEEKEND,)), slots=(LATER, WEEKEND))) == (LUC, ANNE)


def test_a_slot_ends_at_its_last_instant() -> None:
    team = with_(ANNE, slots=(WEEKEND,))
    assert (on_call(team, WEEKEND.since), on_call(team, WEEKEND.until)) == ((ANNE,), (LUC, ANNE))


def test_a_gap_between_slots_is_filled_by_everybody() -> None:
    assert on_call(with_(ANNE, slots=(LATER,))) == (LUC, ANNE)


def test_a_slot_of_somebody_who_is_away_or_cannot_be_written_to_counts_for_nothing() -> None:
    assert on_call(with_(ANNE, slots=(WEEKEND,), leaves=(MARCH,))) == (LUC,)
    assert on_call(with_(ANNE, slots=(WEEKEND,), reachable=False)) == (LUC,)


def test_a_slot_changes_no_other_role_and_no_other_school() -> None:
    crew = Crew(with_(ANNE, slots=(WEEKEND,)), 1, DAY, NOW)
    assert crew.standing((Role.DEPUTY, Role.ON_CALL)) == (LUC, ANNE)
    assert Crew(with_(OTHER, slots=(WEEKEND,)), 1, DAY, NOW).having(Role.ON_CALL) == (LUC, ANNE)


def test_on_call_of_the_consortium_is_shared_by_schools_that_have_nobody_of_their_own() -> None:
    shared = adult(7, Role.ON_CALL, school=None)
    without = (*(one for one in TEAM if Role.ON_CALL not in one.roles), shared)
    assert on_call((*TEAM, shared)) == (LUC, ANNE)
    assert on_call(without) == (7,)
    assert Crew(without, 1, DAY, NOW).standing((Role.COORDINATOR, Role.ON_CALL)) == (NADIA, 7)
    assert on_call((*with_(LUC, with_(ANNE, leaves=(MARCH,)), leaves=(MARCH,)), shared)) == (7,)


def test_somebody_of_two_schools_stands_on_the_rungs_of_both_with_the_role_they_have_there() -> None:
    both = Adult(8, frozenset({Role.HEAD}), 1, elsewhere=((2, frozenset({Role.COORDINATOR})),))
    crews = [Crew((*TEAM, both), school, DAY, NOW) for school in (1, 2, 3)]
    assert [crew.having(Role.HEAD) for crew in crews] == [(HEAD, 8), (), ()]
    assert [crew.having(Role.COORDINATOR) for crew in crews] == [(NADIA,), (8,), ()]
    assert [8 in crew.everyone for crew in crews] == [True, True, False]


def test_who_works_at_two_schools_is_stood_in_for_at_both() -> None:
    both = Adult(8, frozenset({Role.COORDINATOR}), 1, elsewhere=((2, frozenset({Role.COORDINATOR})),))
    assert stand_ins((*TEAM, both, adult(9, Role.DEPUTY, school=2)), both, MARCH) == (LUC, 9)


def test_the_deputy_stands_in_then_the_coordinator_then_the_head() -> None:
    nadia, luc = TEAM[0], TEAM[1]
    assert stand_ins(TEAM, nadia, MARCH) == (LUC,)
    assert stand_ins(TEAM, luc, MARCH) == (NADIA,)
    part = Leave(date(2027, 3, 20), date(2027, 3, 30))
    assert stand_ins(with_(LUC, leaves=(part,)), nadia, MARCH) == (HEAD,)
    assert stand_ins(with_(NADIA, leaves=(part,)), luc, MARCH) == (HEAD,)
    assert stand_ins(TEAM[:1] + TEAM[4:], nadia, MARCH) == ()
    assert stand_ins(TEAM, TEAM[4], MARCH) == ()


def test_a_stay_with_fewer_than_two_on_one_day_of_the_leave_is_uncovered() -> None:
    two = with_(NADIA, TEAM[:1] + TEAM[3:4], leaves=(MARCH,))
    three = two + TEAM[4:5]
    after = replace(LEIPZIG, id=2, departure=date(2027, 3, 21))
    stays = [(1, LEIPZIG), (1, after), (1, replace(LEIPZIG, id=3, ended=Ended.WITHDRAWN))]
    assert uncovered(two, MARCH, stays) == (1,)
    assert uncovered(three, MARCH, stays) == ()
    assert uncovered(with_(HELENE, three, leaves=(Leave(date(2027, 3, 20), date(2027, 3, 20)),)), MARCH, stays) == (1,)
