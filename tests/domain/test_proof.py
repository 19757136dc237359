"""How long a file is kept, and what is refused before it is fetched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.proof import LEAST, SAID, Fault, end_of, plain_refusal
from tests.domain.stays import LEIPZIG as STAY


@pytest.mark.parametrize(
    ("days", "received", "end"),
    [
        (90, datetime(2027, 3, 10, 12, tzinfo=UTC), datetime(2027, 6, 25, 22, tzinfo=UTC)),
        (1, datetime(2027, 3, 10, 12, tzinfo=UTC), datetime(2027, 3, 28, 22, tzinfo=UTC)),
        (90, datetime(2027, 7, 1, 12, tzinfo=UTC), datetime(2027, 7, 15, 12, tzinfo=UTC)),
    ],
)
def test_a_file_ends_so_many_days_after_the_return_but_can_be_looked_at(
    days: int, received: datetime, end: datetime
) -> None:
    assert end_of(STAY, days, received) == end
    assert timedelta(days=14) == LEAST


@pytest.mark.parametrize(
    ("mime", "size", "fault"),
    [
        ("image/jpeg", 20_000_000, None),
        ("image/jpeg", 20_000_001, Fault.HEAVY),
        ("application/pdf", 10_000_000, None),
        ("application/pdf", 10_000_001, Fault.HEAVY),
        ("", 0, None),
        ("application/octet-stream", 20_000_001, Fault.HEAVY),
        ("image/heic", 1, None),
        ("video/mp4", 1, Fault.KIND),
        ("Audio/Ogg; codecs=opus", 1, Fault.KIND),
        ("text/html", 1, Fault.KIND),
    ],
)
def test_what_the_platform_says_of_a_file_may_be_enough_to_refuse_it(mime: str, size: int, fault: Fault | None) -> None:
    assert plain_refusal(mime, size) is fault


def test_every_fault_is_told_in_words() -> None:
    assert set(SAID) == set(Fault)
