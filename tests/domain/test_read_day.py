"""One day as people write it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.typed_days import DaysError, Fault, read_day

TODAY = date(2027, 3, 14)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2027-03-20", date(2027, 3, 20)),
        ("20/03", date(2027, 3, 20)),
        ("20.3.", date(2027, 3, 20)),
        ("14/03", TODAY),
        ("10/01", date(2028, 1, 10)),
        ("le 1er avril", date(2027, 4, 1)),
        ("hasta el 10 de abril", date(2027, 4, 10)),
        ("10 April 2027", date(2027, 4, 10)),
        ("until 20/03", date(2027, 3, 20)),
    ],
)
def test_a_day_is_read(written: str, day: date) -> None:
    assert read_day(written, TODAY) == day


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
        read_day(written, TODAY)
    assert problem.value.fault is fault
