"""Never more than the burst and the rate allow, in whatever window; a wait that was named is kept exactly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pace import Pace

RATE, BURST = 25.0, 25.0
steps = st.lists(st.floats(0, 3, allow_nan=False), max_size=120)


def pace() -> Pace:
    return Pace(rate=RATE, burst=BURST, chat_rate=1, chat_burst=4, slots=16)


@given(steps)
def test_in_no_window_does_more_leave_than_allowed(pauses: list[float]) -> None:
    here, now, left = pace(), 0.0, list[float]()
    for pause in pauses:
        now += pause
        for place in range(here.allowance(now)):
            here.take(f"chat {len(left)} {place}", now)
            left.append(now)

    for first, begin in enumerate(left):
        for last in range(first, len(left)):
            assert last - first + 1 <= BURST + RATE * (left[last] - begin) + 1e-6


@given(steps)
def test_a_chat_gets_four_at_once_and_then_one_a_second(pauses: list[float]) -> None:
    here, now, left = pace(), 0.0, list[float]()
    for pause in pauses:
        now += pause
        while here.chat_ready("chat", now) <= now:
            here.take("chat", now)
            left.append(now)

    for first, begin in enumerate(left):
        for last in range(first, len(left)):
            assert last - first + 1 <= 4 + (left[last] - begin) + 1e-6


def test_the_instant_it_names_is_the_first_at_which_one_may_go() -> None:
    here = pace()
    for number in range(25):
        here.take(f"chat {number}", 10.0)

    ready = here.ready(10.0)
    assert (round(ready, 6), here.allowance(10.0), here.allowance(ready)) == (10.04, 0, 1)


def test_a_named_wait_holds_everything_until_its_end_and_alerts_only_when_they_were_told() -> None:
    here = pace()
    here.stop(50.0, 50.0)

    assert (here.waits(99.0), here.allowance(99.999), here.ready(50.0, urgent=True)) == (1.0, 0, 50.0)
    here.stop(50.0, 40.0, urgent=True)
    assert (here.ready(50.0, urgent=True), here.waits(50.0)) == (90.0, 50.0)


def test_after_a_named_wait_nothing_was_saved_up_and_the_speed_is_half() -> None:
    here = pace()
    here.stop(0.0, 10.0)
    here.stop(0.0, 10.0)  # the answer to another that was on its way

    assert (here.allowance(10.0), here.ready(10.0)) == (0, 10.08)
    assert here.allowance(10.0 + 1.0) == 12


def test_the_whole_speed_is_back_within_a_minute_or_so() -> None:
    here = pace()
    here.stop(0.0, 1.0)
    for second in range(1, 40):
        for place in range(here.allowance(float(second))):
            here.take(f"chat {second} {place}", float(second))

    assert here.allowance(40.0) == 25


def test_alerts_use_the_allowance_up_without_waiting_for_it() -> None:
    here = pace()
    for number in range(30):
        here.take(f"chat {number}", 0.0)

    assert (here.ready(0.0, urgent=True), here.allowance(0.0), here.allowance(0.3)) == (0.0, 0, 2)


def test_what_rested_longest_is_forgotten_first() -> None:
    here = pace()
    for number in range(10_001):
        here.take(f"chat {number}", 0.0)
        here.take(f"chat {number}", 0.0)

    assert len(here._chats) == 10_000
    assert "chat 0" not in here._chats


def slow() -> Pace:
    return Pace(rate=0.2, burst=10, chat_rate=1, chat_burst=4, slots=4)


def test_what_is_nice_to_have_leaves_half_of_the_burst() -> None:
    here = slow()
    here.take("lea", 0.0)

    assert [here.spare(number, 0.0) for number in (5, 4, 1)] == [False, True, False]
    assert (here.allowance(0.0), here.chat_ready("lea", 0.0)) == (5, 0.0)


def test_what_a_second_brings_back_is_missed_by_nobody() -> None:
    here = Pace(rate=10, burst=10, chat_rate=10, chat_burst=4, slots=4)
    here.take("lea", 0.0)

    assert [here.spare(10, 0.0), here.spare(10, 0.0), here.spare(9, 1.0)] == [True, False, True]


def test_nothing_is_to_spare_while_the_platform_wants_silence() -> None:
    here = slow()
    here.stop(0.0, 60.0)

    assert [here.spare(1, now) for now in (59.9, 60.0)] == [False, False]
    assert here.spare(1, 100.0)


def test_a_chat_that_is_told_to_wait_rests_alone_and_all_rest_when_a_second_is_told() -> None:
    here = pace()
    here.stop(0.0, 30.0, chat="ines")
    here.stop(1.0, 40.0, chat="ines")
    alone = here.waits(2.0, "ines"), here.waits(2.0, "tom"), here.waits(2.0)
    here.stop(2.0, 10.0, chat="tom", urgent=True)

    assert alone == (39.0, 0.0, 0.0)
    assert (here.waits(2.0, "sam"), here.waits(2.0, "sam", urgent=True)) == (10.0, 10.0)
    assert (here.waits(13.0, "ines"), here.waits(13.0, "sam")) == (28.0, 0.0)
    here.stop(50.0, 10.0, chat="tom")
    assert here.waits(50.0, "sam") == 0.0
