"""Rows that tests write into an empty database."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.domain.stay import Kind, Track
from bot.store.people import Person, School
from bot.store.stays import StayRow


def in_bergen(learner: Person, school: School, **more: Any) -> StayRow:
    """Four weeks in Norway, from the 1st to the 28th of March 2026."""
    days = {
        "departure": date(2026, 3, 1),
        "start": date(2026, 3, 2),
        "end": date(2026, 3, 27),
        "back": date(2026, 3, 28),
    }
    place = {"country": "NO", "city": "Bergen", "zone": "Europe/Oslo", "home_zone": "Europe/Paris"}
    return StayRow(person=learner, school=school, kind=Kind.OUTGOING, track=Track.VET, **place, **days, **more)
