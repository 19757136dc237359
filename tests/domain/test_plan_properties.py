"""Whole mobilities lived through: what must hold of every plan, in every zone, whatever happens.

`HYPOTHESIS_PROFILE=thorough` lives through fifty times as many; `-s` prints how many occasions were checked.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from bot.domain import touchpoints
from bot.domain.audit import of_stay
from bot.domain.occasion import URGENCY, Kind, Occasion
from bot.domain.plan import Due, due, next_wake, preview
from bot.domain.programme import Family, Programme
from bot.domain.stay import Ended, Stay, conditions
from bot.domain.touchpoints import due_day, occasions
from tests.domain.lives import COUNTED, DAY, PROGRAMME, SECOND, ZONES, Life, awake, enrolled, moment, stays
from tests.properties import tried

ITEMS = {Kind.ITEM, Kind.OVERDUE}
PINGS = PROGRAMME.model_copy(update={"family": Family(pings=("left", "checked_in", "back"))})
some = settings(max_examples=tried(20, 1000))


@pytest.fixture(scope="module", autouse=True)
def figures() -> Iterator[None]:
    """Say how much was checked, at the end."""
    yield
    print("\nplan:", ", ".join(f"{count} {name}" for name, count in sorted(COUNTED.items())))


@some
@given(stay=stays())
def test_every_occasion_is_told_once_at_its_instant(stay: Stay) -> None:
    life = Life(stay)
    life.live(enrolled(stay))
    assert [(now, each.key) for now, each in life.told] == [(each.at, each.key) for each in ordered(life)]
    assert (life.closed, life.digests) == ([], [])
    life.whole()
    event(f"{stay.kind}, {len(life.told) // 20 * 20} occasions or more")


@some
@given(stay=stays(late=True), other=stays(late=True))
def test_what_is_shared_with_others_is_what_each_alone_would_have(stay: Stay, other: Stay) -> None:
    """`other` travels with them, and differs in all that is a learner's own: whatever was remembered of them is theirs."""
    mate = replace(stay, ref=other.ref, birth=other.birth, tags=other.tags, enrolled_at=other.enrolled_at)
    for programme in (PROGRAMME, PINGS):
        for each in (stay, mate, replace(mate, track=other.track, country=other.country)):
            assert occasions(programme, each) == alone(programme, each)
        COUNTED["shared"] += 1


def alone(programme: Programme, stay: Stay) -> tuple[Occasion, ...]:
    """The plan of one stay worked out plainly: nothing is shared, an item late or not is an item."""
    held = conditions(programme, stay)
    items = [each for each in programme.journey(stay.kind).items if each.asks_learner and each.applies(held)]
    once = [each for each in touchpoints._shared.__wrapped__(programme, stay, held) if each.kind not in ITEMS]
    for item in items:
        once += touchpoints._reminders.__wrapped__(programme, stay, item.id, due_day(stay, item))
    check_in = programme.journey(stay.kind).check_in
    if check_in is not None:
        minute = zlib.crc32(stay.ref.encode()) % (check_in.spread_minutes + 1)
        once += touchpoints._check_ins(programme, stay, check_in, held, minute)
    return tuple(sorted(once, key=lambda each: (each.at, URGENCY[each.kind], each.touchpoint)))


def ordered(life: Life) -> list[Occasion]:
    """Every occasion by its instant; at one instant, in the order in which it was told."""
    place = {each.key: number for number, (_now, each) in enumerate(life.told)}
    return sorted(occasions(PROGRAMME, life.stay), key=lambda each: (each.at, place[each.key]))


@some
@given(stay=stays())
def test_the_hour_is_the_programmes_on_the_learners_clock(stay: Stay) -> None:
    journey = PROGRAMME.journey(stay.kind)
    edges = {day + near * DAY for day in (stay.departure, stay.back) for near in (-1, 0, 1)}
    learners = (each for each in occasions(PROGRAMME, stay) if each.kind not in {Kind.GREEN_LIGHT, Kind.EXTERNAL})
    for each in learners:
        clocks = [each.at.astimezone(ZoneInfo(zone)) for zone in (stay.zone, stay.home_zone)]
        near = not edges.isdisjoint(clock.date() for clock in clocks)
        clocks = clocks if near else [each.at.astimezone(stay.zone_at(each.at))]
        message = next((told for told in journey.messages if told.id == each.name), None)
        item = journey.item(each.name)
        wanted = {
            Kind.ITEM: (item.at if item else None) or PROGRAMME.hours.contact,
            Kind.MESSAGE: (message.at.at if message else None) or PROGRAMME.hours.contact,
            Kind.ARRIVAL: time(20),
            Kind.SAFE_RETURN: time(20),
            Kind.CHECK_IN: time(18),
            Kind.ATTENDANCE: time(17),
            Kind.OVERDUE: PROGRAMME.hours.learner.start,
        }[each.kind]
        spread = 10 if each.kind is Kind.CHECK_IN else 0
        minutes = [clock.hour * 60 + clock.minute - wanted.hour * 60 - wanted.minute for clock in clocks]
        held = near and (each.at in stay.moves() or each.kind is Kind.OVERDUE or not awake(stay, each.at - SECOND))
        assert held or any(0 <= late <= spread for late in minutes)
        COUNTED["hours"] += 1


@some
@given(stay=stays(late=True), part=st.floats(0.01, 0.99))
def test_between_two_wakes_nothing_is_due(stay: Stay, part: float) -> None:
    life, now = Life(stay), enrolled(stay)
    while (wake := life.wake(now).wake_at) is not None:
        between = now + (wake - now) * part
        assert due(PROGRAMME, stay, life.done, between) == Due(wake_at=wake)
        now = wake


@some
@given(stay=stays(late=True), part=st.integers(0, 1000), further=st.floats(0, 0.999))
def test_nothing_goes_wrong_before_the_auditor_says_it_may(stay: Stay, part: int, further: float) -> None:
    life, now = Life(stay), moment(stay, part)
    wake_at = life.live(enrolled(stay), now + SECOND)
    look = of_stay(PROGRAMME, stay, life.done, wake_at, now)
    assert look.wrong is None
    until = min(look.until, now + 400 * DAY)
    assert of_stay(PROGRAMME, stay, life.done, wake_at, now + (until - now) * further).wrong is None
    event("quiet" if look.until > now else "due")


@some
@given(stay=stays(late=True), part=st.integers(0, 1000))
def test_the_preview_is_what_then_happens(stay: Stay, part: int) -> None:
    life, now = Life(stay), moment(stay, part)
    life.live(enrolled(stay), now)
    shown = preview(PROGRAMME, stay, life.done, now)
    before = len(life.told)
    life.live(now)
    happened = [each for _now, each in life.told[before:]]
    assert sorted(shown, key=lambda each: each.key) == sorted(happened, key=lambda each: each.key)
    assert [each.at for each in shown] == sorted(each.at for each in shown)
    COUNTED["previewed"] += len(shown)


@some
@given(stay=stays(late=True))
def test_a_late_enrolment_gets_one_digest_and_loses_nothing(stay: Stay) -> None:
    life, now = Life(stay), enrolled(stay)
    life.live(now)
    life.whole()
    first = next(wake for wake in life.wakes if awake(stay, wake))
    assert life.digests in ([], [first])
    assert [each.key for now, each in life.told if now > first and now != each.at] == []
    open_then = {each.touchpoint for each in occasions(PROGRAMME, stay) if each.until > first}
    assert {each.touchpoint for _now, each in life.told} == open_then
    event("digest" if life.digests else "no digest")


@some
@given(stay=stays(), part=st.integers(0, 1000), away=st.integers(1, 24 * 21))
def test_a_breakdown_is_followed_by_one_digest_at_the_most(stay: Stay, part: int, away: int) -> None:
    life, failed = Life(stay), moment(stay, part)
    wake = life.live(enrolled(stay), failed)
    if wake is not None:
        life.live(max(wake, failed + timedelta(hours=away)))
    life.whole()
    assert len(life.digests) <= 1
    assert {each.touchpoint for _, each in life.told if each.kind is Kind.ITEM} == {
        each.touchpoint for each in occasions(PROGRAMME, stay) if each.kind is Kind.ITEM and lasts(each, life)
    }
    event(f"{'something' if life.closed else 'nothing'} closed, {len(life.digests)} digest")


def lasts(occasion: Occasion, life: Life) -> bool:
    """Whether an occasion was still open at a wake, so that somebody was asked."""
    return any(occasion.at <= wake < occasion.until for wake in life.wakes if awake(life.stay, wake))


@some
@given(
    stay=stays(),
    part=st.integers(0, 1000),
    days=st.integers(-60, 60),
    longer=st.integers(-20, 60),
    zone=st.sampled_from(ZONES),
)
def test_changed_dates_are_honoured_and_nothing_single_comes_twice(
    stay: Stay, part: int, days: int, longer: int, zone: str
) -> None:
    life, now = Life(stay), moment(stay, part)
    life.live(enrolled(stay), now)
    start = stay.start + days * DAY
    end = max(stay.end + (days + longer) * DAY, start)
    back = end + (stay.back - stay.end)
    life.stay = replace(stay, departure=stay.departure + days * DAY, start=start, end=end, back=back, zone=zone)
    before = len(life.told)
    life.live(now)
    life.whole()
    first = next((wake for wake in life.wakes if wake >= now and awake(life.stay, wake)), now)
    assert [each.key for told, each in life.told[before:] if told != max(each.at, first)] == []
    single = Counter(each.touchpoint for _now, each in life.told if each.occurrence == "once")
    assert [name for name, times in single.items() if times > 1] == []
    event("before departure" if now.date() < stay.departure else "after departure")


@some
@given(stay=stays(), part=st.integers(0, 1000))
def test_a_cancelled_stay_is_left_in_peace(stay: Stay, part: int) -> None:
    life, now = Life(stay), moment(stay, part)
    life.live(enrolled(stay), now)
    life.stay = replace(stay, ended=Ended.WITHDRAWN)
    assert due(PROGRAMME, life.stay, life.done, now) == Due()
    assert next_wake(PROGRAMME, life.stay, life.done, now) is None
    assert preview(PROGRAMME, life.stay, life.done, now) == ()
