"""The schedule of a stay, rule by rule: what is due when, what is passed over, when to look again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.changes import Change, ChangeError, Fault, changed
from bot.domain.occasion import Kind as Contact
from bot.domain.occasion import Occasion
from bot.domain.offset import parse_offset
from bot.domain.plan import Done, Due, due, held, next_wake, pause_ends, preview
from bot.domain.programme import Programme
from bot.domain.stay import Ended, Stay, conditions
from bot.domain.touchpoints import due_day, in_full, instant, occasions
from tests.domain.stays import BERGEN as LINA


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def find(programme: Programme, stay: Stay, touchpoint: str, occurrence: str = "once") -> Occasion:
    return next(each for each in occasions(programme, stay) if each.slot == (touchpoint, occurrence))


def when(programme: Programme, stay: Stay, touchpoint: str) -> dict[str, datetime]:
    return {each.slot[1]: each.at for each in occasions(programme, stay) if each.touchpoint == touchpoint}


def keys(found: tuple[Occasion, ...]) -> list[str]:
    return [f"{each.touchpoint} {each.slot[1]}" for each in found]


def test_an_item_is_asked_so_many_days_before_its_date_at_the_hour_of_home(programme: Programme) -> None:
    assert when(programme, LINA, "item.ehic") == {
        "24": utc("2026-01-29 16:30"),
        "14": utc("2026-02-08 16:30"),
        "5": utc("2026-02-17 16:30"),
        "0": utc("2026-02-22 16:30"),
    }


def test_wall_time_abroad_follows_the_change_of_the_clocks(programme: Programme) -> None:
    sundays = when(programme, replace(LINA, ref="L5"), "check_in")
    assert len({at.minute for at in sundays.values()}) == 1
    assert {name: at.replace(minute=0) for name, at in sundays.items()} == {
        "first": utc("2026-03-18 17:00"),
        "2026-03-22": utc("2026-03-22 17:00"),
        "2026-03-29": utc("2026-03-29 16:00"),
        "2026-04-05": utc("2026-04-05 16:00"),
    }
    work = programme.outgoing.attendance
    assert work is not None
    path = programme.outgoing.model_copy(update={"attendance": work.model_copy(update={"with_check_in": False})})
    assert when(programme.model_copy(update={"outgoing": path}), LINA, "attendance") == {
        "2026-03-20": utc("2026-03-20 16:00"),
        "2026-03-27": utc("2026-03-27 16:00"),
        "2026-04-03": utc("2026-04-03 15:00"),
        "2026-04-10": utc("2026-04-10 15:00"),
    }


def test_days_at_work_are_asked_alone_only_where_no_check_in_follows(programme: Programme) -> None:
    assert when(programme, LINA, "attendance") == {"2026-04-10": utc("2026-04-10 15:00")}


def test_all_questions_are_asked_at_the_check_in_nearest_to_the_middle_of_a_longer_stay(programme: Programme) -> None:
    def asked(stay: Stay) -> list[str]:
        found = [each for each in occasions(programme, stay) if each.touchpoint == "check_in"]
        return [each.slot[1] for each in found if in_full(programme, stay, each)]

    assert asked(LINA) == []
    longer = replace(LINA, end=date(2026, 5, 8), back=date(2026, 5, 9))
    assert asked(longer) == ["2026-04-12"]


def test_only_the_learners_own_items_become_a_case_when_overdue(programme: Programme) -> None:
    names = {each.name for each in occasions(programme, LINA) if each.touchpoint.startswith("overdue.")}
    mine = [
        item for item in programme.outgoing.items if item.asks_learner and item.applies(conditions(programme, LINA))
    ]
    assert names == {item.id for item in mine if item.overdue.rank}
    assert find(programme, LINA, "overdue.ehic").at == utc("2026-02-23 07:00")
    chased = programme.outgoing.items[0].model_copy(update={"overdue": "today"})
    louder = programme.model_copy(update={"outgoing": programme.outgoing.model_copy(update={"before": (chased,)})})
    assert (chased.who, [each for each in occasions(louder, LINA) if each.name == chased.id]) == ("coordinator", [])


@pytest.mark.parametrize(
    ("enrolled", "item", "day"),
    [
        ("2026-02-21 10:00", "ehic", "2026-02-23"),
        ("2026-03-14 10:00", "ehic", "2026-03-15"),
        ("2026-03-20 10:00", "ehic", "2026-03-15"),
        ("2026-04-09 23:30", "attestation_signing", "2026-04-12"),
    ],
)
def test_a_late_enrolment_leaves_two_days_but_not_beyond_the_departure(
    programme: Programme, enrolled: str, item: str, day: str
) -> None:
    wanted = programme.outgoing.item(item)
    assert wanted is not None
    assert due_day(replace(LINA, enrolled_at=utc(enrolled)), wanted) == date.fromisoformat(day)


def test_in_quiet_hours_everything_waits_for_the_morning(programme: Programme) -> None:
    assert due(programme, LINA, Done(), utc("2026-01-29 21:00")) == Due(wake_at=utc("2026-01-30 07:00"))
    marked = Done({each.key: "asked" for each in occasions(programme, LINA)[:-1]})
    last = occasions(programme, LINA)[-1]
    assert due(programme, LINA, marked, utc("2026-01-29 21:00")) == Due(wake_at=last.at)


def test_a_cancelled_stay_has_nothing_due(programme: Programme) -> None:
    now, stay = utc("2026-03-14 17:00"), replace(LINA, ended=Ended.WITHDRAWN)
    assert (due(programme, stay, Done(), now), next_wake(programme, stay, Done(), now)) == (Due(), None)


def test_of_a_stay_that_is_not_enrolled_only_what_is_for_adults_is_due(programme: Programme) -> None:
    now, stay = utc("2026-03-13 17:00"), replace(LINA, enrolled_at=None)
    found = due(programme, stay, Done(), now)
    assert keys(found.contacts) == ["green_light.ask once"]
    assert (found.digest, found.overdue, found.closed) == ((), (), ())
    assert next_wake(programme, stay, Done(), now) == utc("2026-03-14 07:00")


def test_the_preview_of_a_stay_not_enrolled_shows_it_as_enrolled_now(programme: Programme) -> None:
    now = utc("2026-03-13 12:00")
    absent, there = (replace(LINA, enrolled_at=enrolled) for enrolled in (None, now))
    assert preview(programme, absent, Done(), now) == preview(programme, there, Done(), now)
    assert preview(programme, replace(LINA, ended=Ended.WITHDRAWN), Done(), now) == ()


def test_a_later_reminder_stands_in_for_those_before_it(programme: Programme) -> None:
    now = utc("2026-02-18 09:00")
    others = {each.key: "asked" for each in occasions(programme, LINA) if each.touchpoint != "item.ehic"}
    found = due(programme, LINA, Done(others), now)
    assert (keys(found.contacts), keys(found.closed)) == (["item.ehic 5"], ["item.ehic 24", "item.ehic 14"])
    assert found.wake_at == utc("2026-02-22 16:30")


def test_a_settled_item_is_neither_asked_nor_overdue(programme: Programme) -> None:
    others = {each.key: "asked" for each in occasions(programme, LINA) if each.name != "ehic"}
    settled = Done(others, frozenset({"ehic"}))
    assert due(programme, LINA, settled, utc("2026-02-23 09:00")) == Due()


@pytest.mark.parametrize(("late", "digest"), [(2, 0), (3, 3)])
def test_overdue_questions_become_a_digest_from_three_on(programme: Programme, late: int, digest: int) -> None:
    asked = ["item.housing", "item.insurance", "item.health"][:late]
    others = {each.key: "asked" for each in occasions(programme, LINA) if each.touchpoint not in asked}
    now = find(programme, LINA, "item.health", "0").at + timedelta(hours=26)
    found = due(programme, LINA, Done(others), now)
    assert (len(found.digest), len(found.contacts)) == (digest, late - digest)


def test_the_most_urgent_comes_first_and_cases_stand_apart(programme: Programme) -> None:
    arrival = find(programme, LINA, "arrival")
    done = {each.key: "asked" for each in occasions(programme, LINA) if each.at < arrival.at - timedelta(days=2)}
    found = due(programme, LINA, Done(done), arrival.at)
    assert keys(found.contacts) == ["arrival once", "message.travel_day_minor once", "message.first_day once", "green_light.climb once"]  # fmt: skip
    late = due(programme, LINA, Done(done | {each.key: "asked" for each in found.contacts}), utc("2026-03-19 07:00"))
    assert keys(late.overdue) == ["overdue.arrival_certificate once"]


def test_what_tells_of_a_day_to_come_is_closed_when_that_day_is_over(programme: Programme) -> None:
    assert find(programme, LINA, "message.travel_day_minor").until == utc("2026-03-15 23:00")
    assert find(programme, LINA, "message.first_day").until == utc("2026-03-16 23:00")
    back = find(programme, LINA, "message.skills_back")
    assert back.until == back.at + timedelta(days=21)
    assert find(programme, LINA, "item.attestation_signing", "0").until == utc("2026-04-11 22:00")
    assert find(programme, LINA, "item.report", "0").until == utc("2026-04-11 22:00") + timedelta(days=120)


def test_a_paper_that_travels_with_the_child_is_asked_for_as_long_as_it_can(programme: Programme) -> None:
    assert find(programme, LINA, "item.exit_permit", "0").until == utc("2026-03-14 23:00")
    late = replace(LINA, enrolled_at=utc("2026-03-13 10:00"))
    asked = when(programme, late, "item.exit_permit")
    assert max(asked.values()) < utc("2026-03-14 23:00")
    found = due(programme, late, Done(), utc("2026-03-15 08:00"))
    assert [each for each in keys((*found.contacts, *found.digest)) if "exit_permit" in each] == []


def test_who_turns_18_abroad_has_a_minors_deadlines_before_and_an_adults_after(programme: Programme) -> None:
    turning = replace(LINA, birth=date(2008, 4, 1))
    assert conditions(programme, turning) >= {"minor", "turns_18"}
    assert (turning.minor_on(turning.departure), turning.minor_on(turning.back)) == (True, False)
    assert not conditions(programme, LINA) & {"turns_18", "adult", "under_16"}
    assert programme.outgoing.arrival is not None
    missing = programme.outgoing.arrival.missing
    assert instant(programme, turning, missing.minor) == utc("2026-03-16 08:30")
    assert instant(programme, turning, missing.adult) == utc("2026-03-16 17:00")


def test_a_contact_planned_for_the_night_comes_in_the_morning(programme: Programme) -> None:
    assert instant(programme, LINA, parse_offset("J+0 22:00")) == utc("2026-03-16 07:00")
    assert instant(programme, replace(LINA, zone="Australia/Lord_Howe"), parse_offset("J+0 08:00")) == utc(
        "2026-03-14 23:00"
    )


def test_a_spread_that_would_end_in_quiet_hours_is_not_made(programme: Programme) -> None:
    assert programme.outgoing.check_in is not None
    evening = programme.outgoing.check_in.model_copy(update={"at": programme.hours.learner.end.replace(minute=29)})
    late = programme.model_copy(update={"outgoing": programme.outgoing.model_copy(update={"check_in": evening})})
    minutes = {when(late, replace(LINA, ref=f"L{number}"), "check_in")["2026-03-22"] for number in range(20)}
    assert minutes == {utc("2026-03-22 19:29")}


FROM = datetime.combine(LINA.departure, time(9), UTC)
PAUSED = replace(LINA, paused_from=FROM, paused_until=LINA.back)


def test_without_a_pause_the_plan_is_as_it_is(programme: Programme) -> None:
    known = occasions(programme, LINA)

    assert held(programme, LINA, known) == (known, ())


def test_nothing_is_asked_within_a_pause_but_the_arrival_and_the_return(programme: Programme) -> None:
    end = pause_ends(PAUSED)
    assert end is not None
    kept, passed = held(programme, PAUSED, occasions(programme, PAUSED))
    within = {each.kind for each in kept if FROM <= each.at < end}

    assert within <= {Contact.ARRIVAL, Contact.SAFE_RETURN, Contact.OUTREACH}
    assert {each.kind for each in passed} >= {Contact.CHECK_IN}
    assert {each.key for each in kept} | {each.key for each in passed} == {
        each.key for each in occasions(programme, PAUSED)
    }


def test_what_is_passed_over_is_noted_when_its_time_comes(programme: Programme) -> None:
    _kept, passed = held(programme, PAUSED, occasions(programme, PAUSED))
    first = passed[0]
    found = due(programme, PAUSED, Done(), first.at)

    assert [each.key for each in found.paused] == [each.key for each in passed if each.at <= first.at]
    assert next_wake(programme, PAUSED, Done({}, frozenset()), FROM) is not None


@pytest.mark.parametrize(
    ("change", "day", "fault"),
    [
        (Change.EXTENSION, LINA.back, Fault.NOT_LATER),
        (Change.EARLY_RETURN, LINA.back, Fault.NOT_SOONER),
        (Change.PAUSE, date(2026, 1, 1), Fault.PAST),
    ],
)
def test_a_change_that_does_not_fit_is_refused(change: Change, day: date, fault: Fault) -> None:
    with pytest.raises(ChangeError) as problem:
        changed(LINA, change, day, LINA.start, FROM)
    assert problem.value.fault is fault


def test_on_its_last_day_a_stay_can_still_be_extended_and_on_the_next_no_more() -> None:
    day = timedelta(days=1)

    assert changed(LINA, Change.EXTENSION, LINA.back + day, LINA.back, FROM).back == LINA.back + day
    with pytest.raises(ChangeError) as problem:
        changed(LINA, Change.EXTENSION, LINA.back + 2 * day, LINA.back + day, FROM)
    assert problem.value.fault is Fault.OVER


def test_an_early_return_keeps_the_dates_in_order() -> None:
    after = changed(LINA, Change.EARLY_RETURN, LINA.departure, LINA.departure, FROM)

    assert after.departure <= after.start <= after.end <= after.back == LINA.departure


def test_minors_are_asked_more_often_where_the_programme_says_so(programme: Programme) -> None:
    check_in = programme.outgoing.check_in
    assert check_in is not None
    often = check_in.model_copy(update={"also_on_minors": ("wednesday",)})
    more = programme.model_copy(update={"outgoing": programme.outgoing.model_copy(update={"check_in": often})})
    minor, adult = replace(LINA, birth=date(2010, 1, 1)), replace(LINA, birth=date(1990, 1, 1))
    usual = set(when(programme, LINA, "check_in"))

    found = set(when(more, minor, "check_in")) - usual
    assert {date.fromisoformat(day).weekday() for day in found} == {2}
    assert set(when(more, adult, "check_in")) == usual
