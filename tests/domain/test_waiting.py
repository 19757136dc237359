"""What we could not hear is no silence; and nothing was written after we had it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.waiting import Spell, wait_over, waited, written_at

NOON = datetime(2027, 3, 14, 12, tzinfo=UTC)
MINUTES = st.integers(0, 6000)


def after(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


SPELLS = st.lists(st.builds(lambda since, long: Spell(after(since), after(since + long)), MINUTES, MINUTES), max_size=5)


def hours(number: float) -> datetime:
    return NOON + timedelta(hours=number)


def test_a_night_without_us_is_not_waited() -> None:
    night = (Spell(hours(2), hours(10)), Spell(hours(8), hours(12)))

    assert waited(NOON, hours(24), night) == timedelta(hours=14)
    assert wait_over(NOON, timedelta(hours=24), night) == hours(34)
    assert wait_over(NOON, timedelta(hours=2), night) == hours(2)
    assert wait_over(hours(9), timedelta(hours=1), night) == hours(13)


@given(MINUTES, st.integers(1, 3000), SPELLS)
def test_a_wait_is_over_when_so_long_could_be_heard(begun: int, wait: int, deaf: list[Spell]) -> None:
    since, long = after(begun), timedelta(minutes=wait)
    over = wait_over(since, long, deaf)

    assert waited(since, over, deaf) == long
    assert waited(since, over - timedelta(minutes=1), deaf) < long


@given(MINUTES, MINUTES, SPELLS, SPELLS)
def test_deafness_only_ever_shortens_what_was_waited(
    begun: int, ended: int, deaf: list[Spell], more: list[Spell]
) -> None:
    since, until = after(begun), after(begun + ended)

    assert timedelta(0) <= waited(since, until, deaf + more) <= waited(since, until, deaf) <= until - since
    assert waited(since, until, deaf + deaf) == waited(since, until, deaf)


@given(st.none() | MINUTES.map(after), MINUTES.map(after), MINUTES.map(after))
def test_an_event_is_never_later_than_ours(told: datetime | None, received: datetime, known: datetime) -> None:
    at = written_at(told, received, known)

    assert at <= received
    assert known > received or at >= known
    assert at == told or told is None or not known <= told <= received
