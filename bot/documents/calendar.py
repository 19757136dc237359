"""Days and hours as an iCalendar file (RFC 5545), for whatever calendar an adult keeps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from bot.handlers.desk.feeds import Planned

MIME = "text/calendar; charset=utf-8"
ASK_AGAIN = timedelta(hours=6)


def ics(title: str, language: str, entries: Iterable[Planned], now: datetime) -> bytes:
    """The file. It takes up nobody's time: whoever is on call is not busy."""
    from icalendar import Calendar, Event  # eighty modules that no start need wait for

    calendar = Calendar()
    calendar.add("prodid", "-//Compagnon//Desk//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.id}@compagnon")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("summary", entry.words, parameters={"language": language})
        event.add("dtstart", _utc(entry.start))
        event.add("dtend", _utc(entry.end))
        event.add("transp", "TRANSPARENT")
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _utc(at: date | datetime) -> date | datetime:
    return at.astimezone(UTC) if isinstance(at, datetime) else at
