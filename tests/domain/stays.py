"""The stays that tests of the rules begin with. What a test wants to be otherwise it replaces."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.domain.stay import Kind, Stay, Track

LEIPZIG = Stay(
    id=1,
    ref="lina",
    kind=Kind.OUTGOING,
    track=Track.VET,
    country="DE",
    city="Leipzig",
    zone="Europe/Berlin",
    home_zone="Europe/Paris",
    departure=date(2027, 3, 6),
    start=date(2027, 3, 8),
    end=date(2027, 3, 26),
    back=date(2027, 3, 27),
    birth=date(2011, 6, 19),
)
"""A minor, three weeks in Germany, from a Saturday to a Saturday."""
BERGEN = Stay(
    id=1,
    ref="L1",
    kind=Kind.OUTGOING,
    track=Track.VET,
    country="NO",
    city="Bergen",
    zone="Europe/Oslo",
    home_zone="Europe/Paris",
    departure=date(2026, 3, 15),
    start=date(2026, 3, 16),
    end=date(2026, 4, 10),
    back=date(2026, 4, 11),
    birth=date(2009, 4, 2),
    enrolled_at=datetime(2025, 10, 1, 10, tzinfo=UTC),
)
"""A minor who turns 18 never abroad; four weeks less two days, through the change to summer time."""
