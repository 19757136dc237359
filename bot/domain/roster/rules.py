"""What must hold between the dates of a stay, and between a stay and the rules of the programme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bot.domain.person import age_on
from bot.domain.programme import Rules
from bot.domain.roster.dates import read_date, words_behind
from bot.domain.roster.fields import Field
from bot.domain.roster.line import Line
from bot.domain.stay import Kind, Track
from bot.i18n import _, say

LONGEST_STAY = 400
"""Days from departure to return; more is a slip of the pen."""
LONGEST_JOURNEY = 3
"""Nights on the way; more is a slip of the pen."""
LONGEST_WAIT = 30
"""Days between the journey and the activity; more is asked about."""
YOUNGEST, OLDEST = 14, 40
"""Of learners, without a question."""
_TRACKS = {Track.VET: _("vocational training"), Track.HED: _("higher education"), Track.STAFF: _("staff mobility")}
_IN_ORDER = (Field.DEPARTURE, Field.START, Field.END, Field.BACK)


@dataclass(frozen=True)
class Dates:
    """The four days of a stay, in order: they may fall together, but none comes before the one on its left."""

    departure: date
    start: date
    end: date
    back: date

    @property
    def activity_days(self) -> int:
        """Days of the activity, both ends counted."""
        return (self.end - self.start).days + 1


def check_order(line: Line, dates: Dates) -> None:
    """Each day is on or after the one before it, and the return is not years away."""
    days = (dates.departure, dates.start, dates.end, dates.back)
    for (before, early), (after, late) in pairwise(zip(_IN_ORDER, days, strict=True)):
        if late < early:
            text = _('{late} comes before {early} in column "{column}": correct one of the two')
            line.wrong(after, say(text, late=_day(late), early=_day(early), column=line.title(before)))
    length = (dates.back - dates.departure).days + 1
    if length > LONGEST_STAY:
        text = _('{days} days after the day in column "{column}": a stay has {most} days at most')
        line.wrong(Field.BACK, say(text, days=length, column=line.title(Field.DEPARTURE), most=LONGEST_STAY))


def read_arrival(line: Line, field: Field, leaving: Field, left: date) -> date | None:
    """The day a journey ends, where it takes a night or more; None where it ends on the day on which it begins."""
    day = line.take(field, read_date)
    if day is None or day == left:
        return None
    if not 0 < (nights := (day - left).days) <= LONGEST_JOURNEY:
        text = _(
            '{day}, with {left} in column "{column}": a journey ends on the day it begins, or up to {most} days later'
        )
        line.wrong(field, say(text, day=_day(day), left=_day(left), column=line.title(leaving), most=LONGEST_JOURNEY))
    return day if nights > 0 else None


def check_likely(line: Line, dates: Dates, today: date | None) -> None:
    """Days that can be, but hardly are: over already, or far from the activity they go with."""
    for field in _IN_ORDER:
        if behind := words_behind(line.cell(field)):
            line.odd(field, say(_('"{words}" stands behind the date and is left out'), words=behind))
    if today and dates.back < today:
        line.odd(Field.BACK, say(_("{day} has passed: nothing will be sent for this stay"), day=_day(dates.back)))
    for early, late, first, last in (
        (dates.departure, dates.start, Field.DEPARTURE, Field.START),
        (dates.end, dates.back, Field.END, Field.BACK),
    ):
        if (days := (late - early).days) > LONGEST_WAIT:
            text = _('{days} days after the day in column "{column}": is that right?')
            line.odd(last, say(text, days=days, column=line.title(first)))


def check_length(line: Line, dates: Dates, track: Track, rules: Rules) -> None:
    """The activity is as long as the grant asks for, and no longer than it pays."""
    days = dates.activity_days
    if days < 1:
        return
    least, most = rules.min_days.get(track.value, 0), rules.max_days.get(track.value, days)
    name = {"text": _TRACKS[track]}
    if days < least:
        text = _("{days} days where {least} are needed ({track}, programme guide): the grant may be lost")
        line.odd(Field.END, say(text, days=days, least=least, track=name))
    if days > most:
        text = _("{days} days where {most} at most are funded ({track}, programme guide): the rest is not paid")
        line.odd(Field.END, say(text, days=days, most=most, track=name))


def check_age(line: Line, birth: date, departure: date, kind: Kind) -> None:
    """Nobody under 13 or over 99 goes abroad with us: the year is a slip of the pen. A learner is seldom over 40."""
    age = age_on(birth, departure)
    if not 13 <= age <= 99:
        text = _("{day} gives an age of {age} at departure: 13 to 99 is expected")
        line.wrong(Field.BIRTH, say(text, day=_day(birth), age=age))
    elif kind is not Kind.STAFF and not YOUNGEST <= age <= OLDEST:
        text = _("{day} gives an age of {age} at departure: is that right for a learner?")
        line.odd(Field.BIRTH, say(text, day=_day(birth), age=age))


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
