"""Dates of a consortium and of its schools: meetings, what runs out, what is applied for, voted or paid. Never of a learner.

Nobody is alarmed by them: their owner reads them on Monday, a few times, early enough to act.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.i18n import Text, _


class Sort(StrEnum):
    """What happens on a date."""

    MEETING = "meeting"
    CELL = "cell"
    """The cell that schools of several cycles share for their mobilities."""
    CHARTER = "charter"
    ACCREDITATION = "accreditation"
    APPLICATION = "application"
    VOTE = "vote"
    FUNDING = "funding"
    POST = "post"
    """On the pages of the school itself."""
    RADIO = "radio"
    ERASMUS_DAYS = "erasmus_days"
    OPEN_DAY = "open_day"
    TALK = "talk"
    """To a network of the trade."""
    DECISION = "decision"
    """What the review of a cohort decided."""
    OTHER = "other"


SORTS: Mapping[Sort, Text] = {
    Sort.MEETING: _("Meeting of the consortium"),
    Sort.CELL: _("Meeting of the mobility cell"),
    Sort.CHARTER: _("End of a charter"),
    Sort.ACCREDITATION: _("End of an accreditation"),
    Sort.APPLICATION: _("Application"),
    Sort.VOTE: _("Vote of the board"),
    Sort.FUNDING: _("Funder or budget line"),
    Sort.POST: _("Post on the school's own pages"),
    Sort.RADIO: _("Radio or newspaper"),
    Sort.ERASMUS_DAYS: _("ErasmusDays"),
    Sort.OPEN_DAY: _("Open day"),
    Sort.TALK: _("Talk to a network of the trade"),
    Sort.DECISION: _("Decision of a review"),
    Sort.OTHER: _("Other date"),
}
PUBLISHED = (Sort.POST, Sort.RADIO, Sort.ERASMUS_DAYS, Sort.OPEN_DAY, Sort.TALK)
"""What a school shows of its mobilities, in the order of a report."""
MET = (Sort.MEETING, Sort.CELL, *PUBLISHED)
"""Counted against a target once they took place."""


class State(StrEnum):
    """Where a date stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"
    """Not needed any more; kept, so that it can be taken back."""


@dataclass(frozen=True)
class Lead:
    """So long before its day something is said again."""

    months: int = 0
    days: int = 0

    def before(self, day: date) -> date:
        return months_away(day, -self.months) - timedelta(days=self.days)


_RUNS_OUT = (Lead(12), Lead(6), Lead(3), Lead(1))
_LEADS: Mapping[Sort, tuple[Lead, ...]] = {
    Sort.CHARTER: _RUNS_OUT,
    Sort.ACCREDITATION: _RUNS_OUT,
    Sort.APPLICATION: (Lead(3), Lead(1), Lead(days=7)),
    Sort.FUNDING: (Lead(1), Lead(days=7)),
}
_OTHERWISE = (Lead(days=14),)
_AFTER = Lead(days=-1)
"""The day after, where nobody has said that it is done."""


def to_say(sort: Sort, day: date, said: date | None, today: date) -> bool:
    """Whether the owner hears of a date in this week's digest: a step towards it was reached since it was last said."""
    steps = (lead.before(day) for lead in (*_LEADS.get(sort, _OTHERWISE), _AFTER))
    return any(step <= today and (said is None or said < step) for step in steps)


def months_away(day: date, months: int) -> date:
    """The same day so many months later, or earlier; the last of the month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def year_of_publications(today: date) -> Iterator[tuple[Sort, date]]:
    """What a school that is asked for it shows in the year that begins: a post a month, the rest once. Days are a first guess."""
    for month in range(12):
        first = months_away(today.replace(day=1), month + 1)
        yield Sort.POST, first + timedelta(days=-first.weekday() % 7)
    once = ((Sort.ERASMUS_DAYS, 10, 13), (Sort.RADIO, 11, 15), (Sort.OPEN_DAY, 2, 1), (Sort.TALK, 5, 15))
    for sort, month, day in once:
        found = date(today.year, month, day)
        yield sort, found if found > today else found.replace(year=today.year + 1)


def held(meetings: Iterable[tuple[Sort, date]], today: date) -> Iterator[tuple[Sort, int]]:
    """How many meetings and publications of each kind took place in the last twelve months."""
    since = months_away(today, -12)
    days = [(sort, day) for sort, day in meetings if since < day <= today]
    for sort in MET:
        yield sort, sum(each is sort for each, _day in days)
