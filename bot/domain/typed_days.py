"""Days and hours as people write them in a chat: `2027-04-10 2027-04-20`, `10/04 20/04`, `du 10 au 20 avril`."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import get_month_names

from bot.domain.person import Leave, Slot
from bot.domain.quiet_hours import wall_instant
from bot.domain.spelling import plain
from bot.i18n import LANGUAGES

_ISO = r"(?P<y{n}>\d{{4}})-(?P<m{n}>\d{{1,2}})-(?P<d{n}>\d{{1,2}})"
_SHORT = r"(?P<d{n}>\d{{1,2}})[/.](?P<m{n}>\d{{1,2}})(?:[/.](?P<y{n}>\d{{4}}))?\.?"
_DAY = re.compile("|".join((_ISO.format(n="a"), _SHORT.format(n="b"))))
_SPELT = re.compile(
    r"(?:du|le|from|del|el)? ?(\d{1,2})(?:er)?(?: de)?(?: ([a-z]+))?(?: de)?(?: (\d{4}))? (?:au|to|until|al|a) (\d{1,2})(?: de)? ([a-z]+)(?: de)?(?: (\d{4}))?"
)
_ONE = re.compile(r"(?:(?:le|el|on|au|until|hasta) )*(\d{1,2})(?:er)?(?: de)? ([a-z]+)(?: de)?(?: (\d{4}))?")
_HOUR = re.compile(r"(\d{1,2})[:h](\d{2})?")
LONGEST = timedelta(days=366)
HALF = LONGEST / 2
LONGEST_SLOT = timedelta(days=31)


class Fault(StrEnum):
    """Why what was written is no span of days."""

    UNREADABLE = "unreadable"
    BACKWARDS = "backwards"
    PAST = "past"
    LONG = "long"


class DaysError(Exception):
    """What was written cannot be taken; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def read_leave(text: str, today: date) -> Leave:
    """The days of a leave. A day without a year is the next one of that name; one day alone is a leave of one day.

    Raises:
        DaysError: it is no span of days, is over, ends before it begins, or is longer than a year.
    """
    first, last = _spelt(text, today) or _days(text, today)
    if last < first:
        raise DaysError(Fault.BACKWARDS)
    if last < today:
        raise DaysError(Fault.PAST)
    if last - first > LONGEST:
        raise DaysError(Fault.LONG)
    return Leave(first, last)


def read_day(text: str, today: date) -> date:
    """One day; without a year, the next of that name, today included.

    Raises:
        DaysError: it is none, is over, or is more than a year away.
    """
    found = _ONE.fullmatch(plain(text))
    words = [word for word in text.split() if word not in {"le", "el", "au", "hasta", "until"}]
    if found and found[2] in _months():
        number, month = int(found[1]), _months()[found[2]]
        day = _date(int(found[3]), month, number) if found[3] else _coming(number, month, today)
    elif len(words) == 1:
        day = _day(words[0], today)
    else:
        raise DaysError(Fault.UNREADABLE)
    if day < today:
        raise DaysError(Fault.PAST)
    if day - today > LONGEST:
        raise DaysError(Fault.LONG)
    return day


def read_slot(text: str, zone: ZoneInfo, now: datetime) -> Slot:
    """A time on call: day and hour of its beginning and of its end, by the clocks of a zone.

    Raises:
        DaysError: it is none, is over, ends before it begins, or is longer than a month.
    """
    words = text.split()
    if len(words) != 4:
        raise DaysError(Fault.UNREADABLE)
    today = now.astimezone(zone).date()
    first = _day(words[0], today)
    since, until = (
        wall_instant(zone, day, _hour(hour)) for day, hour in ((first, words[1]), (_day(words[2], first), words[3]))
    )
    if until <= since:
        raise DaysError(Fault.BACKWARDS)
    if until <= now:
        raise DaysError(Fault.PAST)
    if until - since > LONGEST_SLOT:
        raise DaysError(Fault.LONG)
    return Slot(since, until)


def _days(text: str, today: date) -> tuple[date, date]:
    words = [word for word in text.split() if word not in {"-", "–", "au", "du", "to", "al", "del"}]
    if not 1 <= len(words) <= 2:
        raise DaysError(Fault.UNREADABLE)
    first = _day(words[0], today)
    last = _day(words[-1], first) if len(words) == 2 else first
    if len(words[-1]) < len("2027-1-1") and last - first > HALF:  # "20/04 10/04" is no leave of a year
        raise DaysError(Fault.BACKWARDS)
    return first, last


def _day(word: str, after: date) -> date:
    """One day; without a year, the first of that name that is not before `after`."""
    found = _DAY.fullmatch(word)
    if not found:
        raise DaysError(Fault.UNREADABLE)
    part = {name[0]: value for name, value in found.groupdict().items() if value}
    if "y" in part:
        return _date(int(part["y"]), int(part["m"]), int(part["d"]))
    return _coming(int(part["d"]), int(part["m"]), after)


def _spelt(text: str, today: date) -> tuple[date, date] | None:
    """`du 10 au 20 avril`, `from 28 March to 3 April 2027`, `del 10 al 20 de abril`."""
    found = _SPELT.fullmatch(plain(text))
    if not found or found[5] not in _months():
        return None
    last_month = _months()[found[5]]
    first_month = _months().get(found[2] or found[5])
    if first_month is None:
        return None
    year = found[3] or (found[6] if first_month <= last_month else None)
    first = _date(int(year), first_month, int(found[1])) if year else _coming(int(found[1]), first_month, today)
    last = _date(int(found[6]), last_month, int(found[4])) if found[6] else _coming(int(found[4]), last_month, first)
    if not found[2] and not found[6] and int(found[4]) < int(found[1]):
        raise DaysError(Fault.BACKWARDS)
    return first, last


def _coming(day: int, month: int, after: date) -> date:
    this_year = _date(after.year, month, day)
    return this_year if this_year >= after else _date(after.year + 1, month, day)


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise DaysError(Fault.UNREADABLE) from None


def _hour(word: str) -> time:
    found = _HOUR.fullmatch(word)
    try:
        return time(int(found[1]), int(found[2] or 0)) if found else _no_hour()
    except ValueError:
        return _no_hour()


def _no_hour() -> time:
    raise DaysError(Fault.UNREADABLE)


@cache
def _months() -> dict[str, int]:
    """Names of months in every language, without accents."""
    return {
        plain(name): month for language in LANGUAGES for month, name in get_month_names("wide", locale=language).items()
    }
