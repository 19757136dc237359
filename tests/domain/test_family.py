"""Consent to the family's words: who can give it, until when, and that the last word counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.family import Consent, Giver, Purpose, holds
from bot.domain.person import age_on, comes_of_age
from bot.domain.quiet_hours import wall_instant

PARIS = ZoneInfo("Europe/Paris")
LINA, SONIA, ADEL = 1, 2, 3
EARLY = datetime(2026, 9, 1, 9, tzinfo=UTC)
births = st.dates(date(2004, 1, 1), date(2012, 12, 31))
zones = st.sampled_from([PARIS, ZoneInfo("Pacific/Noumea"), ZoneInfo("America/Martinique"), ZoneInfo("UTC")])


def said(person: int, yes: bool, at: datetime = EARLY) -> Consent:
    giver = Giver.LEARNER if person == LINA else Giver.GUARDIAN
    return Consent(Purpose.FAMILY_PINGS, giver, person, yes, at)


def eighteen(birth: date, zone: ZoneInfo) -> datetime:
    return wall_instant(zone, comes_of_age(birth), time(0))


@given(births)
def test_the_day_before_somebody_comes_of_age_they_are_17(birth: date) -> None:
    day = comes_of_age(birth)
    assert (age_on(birth, day), age_on(birth, day - timedelta(days=1))) == (18, 17)


def test_born_on_29_february_is_of_age_on_1_march() -> None:
    assert comes_of_age(date(2008, 2, 29)) == date(2026, 3, 1)


@given(births, zones, st.integers(-(10**6), 10**6))
def test_a_guardians_yes_holds_until_midnight_of_the_birthday_at_home(birth: date, zone: ZoneInfo, away: int) -> None:
    end = eighteen(birth, zone)
    now = end + timedelta(seconds=away)
    records = [said(SONIA, True, end - timedelta(days=400))]
    assert holds(records, SONIA, birth, zone, now) is (away < 0)


@given(births, zones, st.integers(-(10**6), 10**6), st.integers(0, 10**6))
def test_only_a_yes_said_as_an_adult_counts_for_an_adult(birth: date, zone: ZoneInfo, away: int, later: int) -> None:
    end = eighteen(birth, zone)
    at = end + timedelta(seconds=away)
    now = max(at, end) + timedelta(seconds=later)
    records = [said(SONIA, True, end - timedelta(days=400)), said(LINA, True, at)]
    assert holds(records, SONIA, birth, zone, now) is (away >= 0)


@given(
    births, zones, st.lists(st.tuples(st.sampled_from([LINA, SONIA, ADEL]), st.booleans()), max_size=12), st.booleans()
)
def test_the_last_word_of_each_counts(birth: date, zone: ZoneInfo, words: list[tuple[int, bool]], grown: bool) -> None:
    begin = eighteen(birth, zone) + timedelta(days=1 if grown else -300)
    records = [said(person, yes, begin + timedelta(minutes=place)) for place, (person, yes) in enumerate(words)]
    last = dict(words)
    expected = last.get(SONIA, False) and (not grown or last.get(LINA, False))
    assert holds(records, SONIA, birth, zone, begin + timedelta(days=1)) is expected


@given(st.booleans(), st.booleans())
def test_who_was_born_we_do_not_know_when_is_a_minor(guardian: bool, learner: bool) -> None:
    records = [said(SONIA, guardian), said(LINA, learner)]
    assert holds(records, SONIA, None, PARIS, EARLY + timedelta(days=9000)) is guardian


@pytest.mark.parametrize("parent", [ADEL, LINA])
def test_one_guardians_yes_is_nobody_elses(parent: int) -> None:
    assert not holds([said(SONIA, True)], parent, date(2011, 6, 19), PARIS, EARLY + timedelta(days=1))


def test_a_yes_of_tomorrow_is_none_today() -> None:
    assert not holds([said(SONIA, True)], SONIA, date(2011, 6, 19), PARIS, EARLY - timedelta(seconds=1))
