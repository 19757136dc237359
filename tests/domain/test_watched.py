"""Everybody is watched from the import on: a table of states and instants."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.audit import Gap, Look, of_watch
from bot.domain.level import Level
from bot.domain.stay import Ended, Kind, Stay, Track
from bot.domain.watched import Known, State, gave_sign, is_known_there, near, watched
from tests.example import example

PROGRAMME = example()
PARIS = ZoneInfo("Europe/Paris")


def at(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=PARIS).astimezone(UTC)


ADULT = Stay(
    id=1,
    ref="noemie",
    kind=Kind.OUTGOING,
    track=Track.VET,
    country="NO",
    city="Bergen",
    zone="Europe/Oslo",
    home_zone="Europe/Paris",
    departure=date(2027, 3, 6),
    start=date(2027, 3, 8),
    end=date(2027, 4, 16),
    back=date(2027, 4, 17),
    birth=date(2007, 3, 19),
)
MINOR = replace(ADULT, birth=date(2011, 6, 19))
BEGUN = replace(MINOR, enrolled_at=at("2027-01-10 18:00"))
PAUSED = replace(BEGUN, paused_from=at("2027-03-10 12:00"), paused_until=date(2027, 4, 10))
NOTHING = Known()
THERE = Known(reachable=True, last_sign=at("2027-03-06 20:30"))
BLOCKED = replace(THERE, reachable=False)
ONLINE = replace(MINOR, kind=Kind.VIRTUAL, country="FR", city="Ardonville", zone="Europe/Paris")
STOPPED = Known(reachable=True, stopped=True, last_sign=at("2027-02-01 18:00"))
ELSEWHERE = replace(THERE, elsewhere_until=date(2027, 3, 20))


@pytest.mark.parametrize(
    ("stay", "known", "now", "state", "duty"),
    [
        (MINOR, NOTHING, "2026-12-01 12:00", State.NEVER_STARTED, None),
        (MINOR, NOTHING, "2027-03-03 07:29", State.NEVER_STARTED, None),
        (MINOR, NOTHING, "2027-03-03 07:30", State.NEVER_STARTED, (Level.TODAY, "never_started", "before@2027-03-06")),
        (ADULT, NOTHING, "2027-03-03 07:30", State.NEVER_STARTED, (Level.TODAY, "never_started", "before@2027-03-06")),
        (MINOR, NOTHING, "2027-03-06 12:00", State.NEVER_STARTED, (Level.NOW, "never_started", "departure@2027-03-06")),
        (ADULT, NOTHING, "2027-03-06 12:00", State.NEVER_STARTED, (Level.TODAY, "never_started", "departure@2027-03-06")),
        (MINOR, NOTHING, "2027-03-06 04:00", State.NEVER_STARTED, None),
        (MINOR, STOPPED, "2027-03-03 09:00", State.STOPPED, (Level.TODAY, "no_contact", "before@2027-03-06")),
        (BEGUN, THERE, "2027-03-05 12:00", State.READY, None),
        (BEGUN, THERE, "2027-03-09 12:00", State.WELL, None),
        (BEGUN, THERE, "2027-03-16 20:29", State.WELL, None),
        (BEGUN, THERE, "2027-03-17 12:00", State.SILENT, (Level.TODAY, "silent", "2027-03-06T19:30+00:00")),
        (BEGUN, BLOCKED, "2027-03-09 12:00", State.UNREACHABLE, None),
        (BEGUN, BLOCKED, "2027-03-14 12:00", State.SILENT, (Level.TODAY, "silent_unreachable", "2027-03-06T19:30+00:00")),
        (PAUSED, THERE, "2027-03-12 12:00", State.PAUSED, None),
        (PAUSED, THERE, "2027-03-14 12:00", State.SILENT, (Level.TODAY, "silent_paused", "2027-03-06T19:30+00:00")),
        (MINOR, STOPPED, "2027-03-14 12:00", State.SILENT, (Level.TODAY, "silent_stopped", "2027-03-05T23:00+00:00")),
        (BEGUN, ELSEWHERE, "2027-03-20 23:00", State.ELSEWHERE, None),
        (BEGUN, ELSEWHERE, "2027-03-21 12:00", State.SILENT, (Level.TODAY, "silent", "2027-03-06T19:30+00:00")),
        (MINOR, Known(elsewhere_until=date(2027, 3, 20)), "2027-03-06 12:00", State.ELSEWHERE, None),
        (MINOR, Known(elsewhere_until=date(2027, 3, 20)), "2027-03-21 12:00", State.NEVER_STARTED, (Level.NOW, "never_started", "departure@2027-03-06")),
        (replace(MINOR, doubtful=True), STOPPED, "2027-03-01 12:00", State.UNLISTED, None),
        (replace(BEGUN, doubtful=True), THERE, "2027-03-01 12:00", State.UNLISTED, None),
        (replace(MINOR, ended=Ended.WITHDRAWN), NOTHING, "2027-03-06 12:00", State.ENDED, None),
        (MINOR, NOTHING, "2027-04-18 12:00", State.BACK, None),
        (ONLINE, NOTHING, "2027-03-03 07:30", State.NEVER_STARTED, (Level.FOLLOW_UP, "never_started", "before@2027-03-06")),
        (ONLINE, STOPPED, "2027-03-03 09:00", State.STOPPED, (Level.FOLLOW_UP, "no_contact", "before@2027-03-06")),
        (replace(ONLINE, enrolled_at=BEGUN.enrolled_at), THERE, "2027-04-16 12:00", State.READY, None),
        (replace(ONLINE, enrolled_at=BEGUN.enrolled_at), BLOCKED, "2027-04-16 12:00", State.UNREACHABLE, None),
        (ONLINE, NOTHING, "2027-04-18 12:00", State.ENDED, None),
    ],
)  # fmt: skip
def test_states_and_what_is_due(
    stay: Stay, known: Known, now: str, state: State, duty: tuple[Level, str, str] | None
) -> None:
    found = watched(PROGRAMME, stay, known, (), at(now))
    assert (found.state, found.duty and (found.duty.level, found.duty.topic, found.duty.key[1])) == (state, duty)


@pytest.mark.parametrize(
    ("stay", "entered", "due"),
    [
        (MINOR, "2027-02-01 10:00", {"2027-03-03 07:30": Level.TODAY, "2027-03-06 07:30": Level.NOW}),
        (MINOR, "2027-03-03 10:00", {"2027-03-04 10:00": Level.TODAY, "2027-03-06 07:30": Level.NOW}),
        (MINOR, "2027-03-05 18:00", {"2027-03-06 07:30": Level.NOW}),
        (MINOR, "2027-03-06 10:00", {"2027-03-06 11:00": Level.NOW}),
        (ADULT, "2027-03-06 10:00", {"2027-03-06 11:00": Level.TODAY}),
        (MINOR, "2027-03-20 10:00", {"2027-03-20 11:00": Level.NOW, "2027-03-21 10:00": Level.TODAY}),
    ],
)
def test_whoever_is_entered_late_has_time_for_their_invitation(stay: Stay, entered: str, due: dict[str, Level]) -> None:
    now, marks = at(entered), set[tuple[str, str]]()
    found: dict[datetime, Level] = {}
    while now < at("2027-03-22 12:00") and len(found) < len(due):
        known = Known(since=at(entered))
        looked = watched(PROGRAMME, stay, known, marks, now)
        marks |= set(looked.passed)
        if looked.duty is not None:
            marks.add(looked.duty.key)
            found[now] = looked.duty.level
        assert looked.wake_at is not None
        now = looked.wake_at
    assert found == {at(local): level for local, level in due.items()}


def test_what_an_outage_of_ours_made_silent_is_asked_first() -> None:
    known = replace(THERE, back_since=at("2027-03-20 10:00"))
    asked, unheard = (watched(PROGRAMME, BEGUN, known, (), at(f"2027-03-{day} 12:00")) for day in (20, 21))
    assert (asked.duty, unheard.duty and unheard.duty.topic) == (None, "silent")


def test_closing_the_case_of_the_departure_does_not_end_the_watch() -> None:
    marks = {("never_started", "before@2027-03-06"), ("never_started", "departure@2027-03-06")}
    closed = Known(last_word=at("2027-03-06 15:00"))
    found = [watched(PROGRAMME, MINOR, closed, marks, at(f"2027-03-{day} 16:00")).duty for day in ("12", "13")]
    assert (found[0], found[1] and (found[1].level, found[1].topic)) == (None, (Level.TODAY, "never_started"))


def test_while_a_grave_case_is_open_its_adults_have_the_stay() -> None:
    now = at("2027-03-14 12:00")
    held = watched(PROGRAMME, BEGUN, replace(BLOCKED, open_level=Level.TODAY), (), now)
    light = watched(PROGRAMME, BEGUN, replace(BLOCKED, open_level=Level.FOLLOW_UP), (), now)
    assert (held.duty, held.wake_at) == (None, now + timedelta(days=1))
    assert light.duty is not None


def test_what_was_opened_is_not_opened_twice_and_a_moved_departure_earns_it_anew() -> None:
    now, marks = at("2027-03-03 12:00"), {("never_started", "before@2027-03-06")}
    assert watched(PROGRAMME, MINOR, NOTHING, marks, now).duty is None
    moved = replace(MINOR, departure=date(2027, 3, 5))
    assert watched(PROGRAMME, moved, NOTHING, marks, now).duty is not None


def test_imported_late_the_graver_clock_stands_for_both() -> None:
    found = watched(PROGRAMME, MINOR, NOTHING, (), at("2027-03-06 12:00"))
    assert found.passed == (("never_started", "before@2027-03-06"),)


def test_a_sign_counts_for_the_days_the_programme_allows() -> None:
    now = at("2027-03-20 12:00")
    found = [gave_sign(PROGRAMME, Known(last_sign=now - timedelta(days=days)), BEGUN, now) for days in (1, 7, 8)]
    assert (found, gave_sign(PROGRAMME, NOTHING, BEGUN, now)) == ([True, True, False], False)
    assert gave_sign(PROGRAMME, STOPPED, BEGUN, at("2027-03-08 12:00"))


def test_a_sign_from_before_they_left_is_none_once_they_are_to_have_arrived() -> None:
    found = [is_known_there(STOPPED, BEGUN, at(f"2027-03-{day} 12:00")) for day in ("05", "07", "08")]
    assert (found, is_known_there(THERE, BEGUN, at("2027-03-20 12:00"))) == ([True, True, False], True)


def test_near_counts_days_to_the_departure_and_ends_with_the_return() -> None:
    days = (date(2027, 2, 3), date(2027, 2, 4), date(2027, 4, 17), date(2027, 4, 18))
    assert [near(MINOR, 30, day) for day in days] == [False, True, True, False]


INSTANTS = st.datetimes(datetime(2026, 12, 1), datetime(2027, 4, 16), timezones=st.just(UTC))
SIGNS = st.none() | INSTANTS
KNOWN = st.builds(
    Known,
    reachable=st.booleans(),
    stopped=st.booleans(),
    last_sign=SIGNS,
    last_word=SIGNS,
    elsewhere_until=st.none() | st.dates(date(2027, 2, 1), date(2027, 4, 16)),
    open_level=st.sampled_from(Level),
    back_since=SIGNS,
)


@given(st.sampled_from([ADULT, MINOR, BEGUN, PAUSED, ONLINE]), KNOWN, INSTANTS)
def test_until_the_return_there_is_always_a_next_look(stay: Stay, known: Known, now: datetime) -> None:
    found = watched(PROGRAMME, stay, known, (), now)
    assert found.wake_at is not None
    assert found.wake_at > now


@given(st.sampled_from([ADULT, MINOR, BEGUN, PAUSED, ONLINE]), KNOWN, INSTANTS)
def test_who_waits_for_the_next_look_misses_nothing(stay: Stay, known: Known, now: datetime) -> None:
    found = watched(PROGRAMME, stay, known, (), now)
    assert found.wake_at is not None
    if found.duty is None:
        before = watched(PROGRAMME, stay, known, (), found.wake_at - timedelta(minutes=1))
        assert before.duty is None or found.wake_at - timedelta(minutes=1) <= now


ZONES = ("Europe/Oslo", "America/Toronto", "Pacific/Noumea", "Indian/Reunion", "Atlantic/Canary")
AROUND_THE_RETURN = st.datetimes(datetime(2027, 4, 16, 12), datetime(2027, 4, 18, 18), timezones=st.just(UTC))


@given(
    st.sampled_from([ADULT, MINOR, ONLINE]),
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
    INSTANTS | AROUND_THE_RETURN,
)
def test_the_auditor_agrees_from_the_first_hour_to_the_last_of_whatever_zones(
    stay: Stay, zone: str, home: str, now: datetime
) -> None:
    stay = replace(stay, zone=zone, home_zone=home)
    wake_at = watched(PROGRAMME, stay, Known(open_level=Level.TODAY), (), now).wake_at
    assert of_watch(PROGRAMME, stay, [now], None, wake_at, now).wrong is None


@given(
    st.sampled_from([ADULT, MINOR, BEGUN, PAUSED, ONLINE]),
    st.lists(INSTANTS, max_size=2),
    st.none() | st.dates(date(2027, 2, 1), date(2027, 4, 16)),
    st.none() | INSTANTS,
    INSTANTS,
    st.timedeltas(timedelta(hours=-1), timedelta(days=60)),
    st.timedeltas(timedelta(0), timedelta(days=20)),
    st.floats(0, 0.999),
)
def test_nothing_is_wrong_with_a_watch_before_the_auditor_says_it_may(
    stay: Stay,
    looked: list[datetime],
    elsewhere: date | None,
    entered: datetime | None,
    now: datetime,
    wakes: timedelta,
    lost: timedelta,
    further: float,
) -> None:
    def look(instant: datetime, lost: timedelta) -> Look:
        known = [each for each in looked if each <= now]
        return of_watch(PROGRAMME, stay, known, elsewhere, now + wakes, instant, lost=lost, entered=entered)

    found = look(now, lost)
    until = min(found.until, now + timedelta(days=400))
    unsaid = until <= now  # what was lost holds for one day only
    assert found.wrong is not None or unsaid or look(now + (until - now) * further, timedelta(0)).wrong is None


@pytest.mark.parametrize(("now", "wrong"), [("2027-03-22 00:59", None), ("2027-03-22 01:01", (Gap.UNWATCHED, True))])
def test_the_auditor_waits_until_a_watch_must_have_told_and_no_longer(now: str, wrong: tuple[Gap, bool] | None) -> None:
    """A week of silence, two days in which a check-in may be answered, and three in which somebody may be slow."""
    heard, month = at("2027-03-09 20:00"), timedelta(days=30)

    assert of_watch(PROGRAMME, BEGUN, [heard], None, at(now) + month, at(now)).wrong == wrong


def test_who_never_had_an_address_has_never_started_and_is_not_out_of_reach() -> None:
    never, lost = Known(addressed=False), Known(addressed=True)
    looks = [
        watched(PROGRAMME, replace(ADULT, enrolled_at=at("2027-03-01 09:00")), known, {}, at("2027-03-20 12:00"))
        for known in (never, lost)
    ]

    assert [(look.state, look.duty and look.duty.topic) for look in looks] == [
        (State.SILENT, "never_started"),
        (State.SILENT, "silent_unreachable"),
    ]
