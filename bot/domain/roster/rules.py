"""What must hold between the dates of a stay, and between a stay and the rules of the programme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bot.domain.person import age_on
from bot.domain.programme import Rules
from bot.domain.roster.fields import Field
from bot.domain.roster.line import Line
from bot.domain.stay import Track

LONGEST_STAY = 400
"""Days from departure to return; more is a slip of the pen."""
_TRACKS = {Track.VET: "vocational training", Track.HED: "higher education", Track.STAFF: "staff mobility"}
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
            line.wrong(
                after,
                f'{_day(late)} comes before {_day(early)} in column "{line.title(before)}": correct one of the two',
            )
    length = (dates.back - dates.departure).days + 1
    if length > LONGEST_STAY:
        line.wrong(
            Field.BACK,
            f'{length} days after the day in column "{line.title(Field.DEPARTURE)}": '
            f"a stay has {LONGEST_STAY} days at most",
        )


def check_length(line: Line, dates: Dates, track: Track, rules: Rules) -> None:
    """The activity is as long as the grant asks for, and no longer than it pays."""
    days = dates.activity_days
    if days < 1:
        return
    least, most = rules.min_days.get(track.value, 0), rules.max_days.get(track.value, days)
    because = f"({_TRACKS[track]}, programme guide)"
    if days < least:
        line.odd(Field.END, f"{days} days where {least} are needed {because}: the grant may be lost")
    if days > most:
        line.odd(Field.END, f"{days} days where {most} at most are funded {because}: the rest is not paid")


def check_age(line: Line, birth: date, departure: date) -> None:
    """Nobody under 13 or over 99 goes abroad with us: the year is a slip of the pen."""
    age = age_on(birth, departure)
    if not 13 <= age <= 99:
        line.wrong(Field.BIRTH, f"{_day(birth)} gives an age of {age} at departure: 13 to 99 is expected")


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
