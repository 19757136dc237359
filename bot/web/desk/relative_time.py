"""Time is told twice: how long ago or how soon, and the hour on the clocks of the place it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_interval, format_skeleton, format_time, format_timedelta

from bot.i18n import _, dated, render
from bot.store.stays import StayRow


@dataclass(frozen=True)
class When:
    """An instant as a page tells it."""

    iso: str
    ago: str
    local: str


@dataclass(frozen=True)
class Clock:
    """How one reader is told the time: their language, their own zone, and what time it is now."""

    language: str
    zone: ZoneInfo
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def at(self, instant: datetime, zone: ZoneInfo | None = None, place: str = "") -> When:
        """An instant on the clocks of a place; on the reader's own where none is named."""
        there = instant.astimezone(zone or self.zone)
        local = self.hour(instant, zone, place)
        if there.date() != self.now.astimezone(zone or self.zone).date():
            local = f"{self.short_day(there.date())} {local}"
        return When(there.isoformat(timespec="minutes"), self.ago(instant), local)

    def of(self, stay: StayRow, instant: datetime) -> When:
        """An instant on the clocks of where the learner is then; the place is named while it is abroad."""
        facts = stay.facts()
        return self.at(instant, facts.zone_at(instant), stay.city if facts.is_abroad(instant) else "")

    def hour(self, instant: datetime, zone: ZoneInfo | None = None, place: str = "") -> str:
        """18:04 in Bergen."""
        time = format_time(instant.astimezone(zone or self.zone), "short", locale=dated(self.language))
        return render(_("{time} in {place}"), self.language, {"time": time, "place": place}) if place else time

    def ago(self, instant: datetime) -> str:
        """2 h ago; in 3 days."""
        past = instant <= self.now
        if abs((instant - self.now).total_seconds()) < 60:
            return render(_("just now") if past else _("in a moment"), self.language)
        return _gap(instant - self.now, dated(self.language))

    def short_day(self, day: date) -> str:
        """Sat 6 Mar; with the year where it is another."""
        skeleton = "MMMEd" if day.year == self.today.year else "yMMMEd"
        return format_skeleton(skeleton, datetime(day.year, day.month, day.day), locale=dated(self.language))  # noqa: DTZ001 - a day

    def span(self, first: date, last: date) -> str:
        """6 Mar – 27 Mar; with the year where it is another."""
        skeleton = "MMMd" if first.year == last.year == self.today.year else "yMMMd"
        days = (datetime(day.year, day.month, day.day) for day in (first, last))  # noqa: DTZ001 - days
        return " – ".join(format_skeleton(skeleton, day, locale=dated(self.language)) for day in days)

    def stretch(self, first: date, last: date) -> str:
        """6–27 Mar: as short as can be; with the year where it is another."""
        skeleton = "MMMd" if first.year == last.year == self.today.year else "yMMMd"
        return format_interval(first, last, skeleton, locale=dated(self.language))

    def long_day(self, day: date) -> str:
        """Saturday 6 March 2027."""
        return format_date(day, "full", locale=dated(self.language)).replace(",", "")

    def full_day(self, day: date) -> str:
        """6 Mar 2027: with the year, always."""
        return format_date(day, "medium", locale=dated(self.language))

    def month(self, day: date) -> str:
        """March 2027."""
        return format_skeleton("yMMMM", datetime(day.year, day.month, 1), locale=dated(self.language))  # noqa: DTZ001 - a month


def _gap(gap: timedelta, locale: str) -> str:
    """How long ago, or in how long; at full length where a language has no short form."""
    try:
        return format_timedelta(gap, granularity="minute", add_direction=True, format="short", locale=locale)
    except KeyError:
        return format_timedelta(gap, granularity="minute", add_direction=True, format="long", locale=locale)
