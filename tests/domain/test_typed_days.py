"""Days and hours as people write them in a chat: a leave, a slot, one day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.person import Leave, Slot
from bot.domain.typed_days import DaysError, Fault, read_day, read_leave, read_slot

TODAY = date(2027, 3, 1)
A_SUNDAY = date(2027, 3, 14)
PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
SPRING = Leave(date(2027, 4, 10), date(2027, 4, 20))
WAYS = [
    "2027-04-10 2027-04-20",
    "10/04 20/04",
    "10/4/2027 20/4/2027",
    "10.04. 20.04.",
    "du 10/04 au 20/04",
    "10/04 – 20/04",
    "du 10 au 20 avril",
    "du 10 avril au 20 avril 2027",
    "del 10 al 20 de abril",
    "from 10 to 20 April",
]


@pytest.mark.parametrize("written", WAYS)
def test_a_leave_is_written_in_many_ways(written: str) -> None:
    assert read_leave(written, TODAY) == SPRING


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2027-04-10", date(2027, 4, 10), date(2027, 4, 10)),
        ("01/03", TODAY, TODAY),
        ("28/02", date(2028, 2, 28), date(2028, 2, 28)),
        ("20/12 05/01", date(2027, 12, 20), date(2028, 1, 5)),
        ("du 28 décembre au 3 janvier", date(2027, 12, 28), date(2028, 1, 3)),
        ("du 28 décembre au 3 janvier 2028", date(2027, 12, 28), date(2028, 1, 3)),
        ("du 1er au 8 août", date(2027, 8, 1), date(2027, 8, 8)),
        ("2027-02-20 2027-03-05", date(2027, 2, 20), date(2027, 3, 5)),
    ],
)
def test_a_day_without_a_year_is_the_next_of_that_name(written: str, first: date, last: date) -> None:
    assert read_leave(written, TODAY) == Leave(first, last)


FAULTS = [
    ("in spring", Fault.UNREADABLE),
    ("2027-02-30 2027-03-02", Fault.UNREADABLE),
    ("10/13 20/13", Fault.UNREADABLE),
    ("2027-04-10 2027-04-20 2027-05-01", Fault.UNREADABLE),
    ("10042027", Fault.UNREADABLE),
    ("du 10 au 20 brumaire", Fault.UNREADABLE),
    ("2027-04-20 2027-04-10", Fault.BACKWARDS),
    ("20/04 10/04", Fault.BACKWARDS),
    ("du 20 au 10 avril", Fault.BACKWARDS),
    ("2027-02-01 2027-02-20", Fault.PAST),
    ("2027-04-10 2029-04-20", Fault.LONG),
]


@pytest.mark.parametrize(("written", "fault"), FAULTS)
def test_what_is_no_leave_is_said_why(written: str, fault: Fault) -> None:
    with pytest.raises(DaysError) as found:
        read_leave(written, TODAY)
    assert found.value.fault is fault


@pytest.mark.parametrize(
    "written", ["2027-03-12 18:00 2027-03-15 08:00", "12/03 18h 15/03 8h", "12/03 18h00 15/03 8:00"]
)
def test_a_time_on_call_is_read_on_the_clocks_of_the_school(written: str) -> None:
    assert read_slot(written, PARIS, NOW) == Slot(
        datetime(2027, 3, 12, 17, tzinfo=UTC), datetime(2027, 3, 15, 7, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", Fault.UNREADABLE),
        ("2027-03-12 2027-03-15", Fault.UNREADABLE),
        ("2027-03-12 25:00 2027-03-15 08:00", Fault.UNREADABLE),
        ("2027-03-12 noon 2027-03-15 08:00", Fault.UNREADABLE),
        ("2027-03-15 08:00 2027-03-12 18:00", Fault.BACKWARDS),
        ("2027-02-12 18:00 2027-02-15 08:00", Fault.PAST),
        ("2027-03-12 18:00 2027-06-15 08:00", Fault.LONG),
    ],
)
def test_what_is_no_time_on_call_is_said_why(written: str, fault: Fault) -> None:
    with pytest.raises(DaysError) as found:
        read_slot(written, PARIS, NOW)
    assert found.value.fault is fault


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2027-03-20", date(2027, 3, 20)),
        ("20/03", date(2027, 3, 20)),
        ("20.3.", date(2027, 3, 20)),
        ("14/03", A_SUNDAY),
        ("10/01", date(2028, 1, 10)),
        ("le 1er avril", date(2027, 4, 1)),
        ("hasta el 10 de abril", date(2027, 4, 10)),
        ("10 April 2027", date(2027, 4, 10)),
        ("until 20/03", date(2027, 3, 20)),
    ],
)
def test_a_day_is_read(written: str, day: date) -> None:
    assert read_day(written, A_SUNDAY) == day


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("soon", Fault.UNREADABLE),
        ("31/02", Fault.UNREADABLE),
        ("20/03 21/03", Fault.UNREADABLE),
        ("2027-03-13", Fault.PAST),
        ("2029-03-13", Fault.LONG),
    ],
)
def test_what_is_no_day_to_come_is_said_why(written: str, fault: Fault) -> None:
    with pytest.raises(DaysError) as problem:
        read_day(written, A_SUNDAY)
    assert problem.value.fault is fault
