"""Hours and offsets: what must come before what, and what falls into quiet hours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import time
from itertools import pairwise

from bot.domain.level import Level, worst
from bot.domain.offset import Anchor, Offset
from bot.domain.programme.item import Item, Message
from bot.domain.programme.journey import WEEKDAYS, Attendance, CheckIn, Landmark
from bot.domain.programme.model import Between, Hours, Programme
from bot.domain.programme.part import Part
from bot.domain.programme.problem import Problem
from bot.domain.programme.walk import places
from bot.i18n import _, say


def time_errors(programme: Programme) -> Iterator[Problem]:
    """Hours that never open, deadlines before their question, reminders out of order."""
    for place in places(programme):
        match place.part:
            case Between(start=start, end=end) if end <= start:
                yield Problem(
                    place.where,
                    "end",
                    say(
                        _("{end} is not later than {start}: these hours never open"),
                        end=f"{end:%H:%M}",
                        start=f"{start:%H:%M}",
                    ),
                )
            case Landmark() as landmark:
                yield from _landmark(place.where, landmark, programme.hours)
            case CheckIn(remind_hours=remind, missed_after_hours=missed):
                yield from _reminders(place.where, remind, missed)
            case Attendance(remind_hours=remind, missed_after_hours=missed):
                yield from _reminders(place.where, remind, missed)
            case Message(at=at, until=Offset() as until) if not _in_time(at, until, programme.hours):
                says = say(
                    _(
                        '"{until}" does not lie after "{at}": it would never be sent; write a later date of the same kind'
                    ),
                    until=until,
                    at=at,
                )
                yield Problem(place.where, "until", says)
            case Item(due=due, remind=remind, until=Offset() as until) if remind and not _in_time(
                Offset(due.anchor, due.days - max(remind), due.at), until, programme.hours
            ):
                says = say(
                    _(
                        '"{until}" does not lie after the first question, {days} days before "{due}": it would never be asked'
                    ),
                    until=until,
                    days=max(remind),
                    due=due,
                )
                yield Problem(place.where, "until", says)
            case Item(remind=remind) if any(days < 0 for days in remind):
                yield Problem(place.where, "remind", say(_("these are days before `due`: 0 or more")))


def green_light_errors(programme: Programme) -> Iterator[Problem]:
    """A green light that nobody could give in time: asked after the departure, or a case before it was asked."""
    ask, climb = programme.green_light.ask, programme.green_light.climb
    for field, offset in (("ask", ask), ("climb", climb)):
        if offset.anchor is not Anchor.DEPARTURE or offset.days >= 0:
            says = say(
                _(
                    '"{offset}" does not lie before the departure: the green light could not be given any more; write "J-3"'
                ),
                offset=offset,
            )
            yield Problem("green_light", field, says)
    if climb.anchor is ask.anchor and (climb.days, climb.at or time.min) < (ask.days, ask.at or time.min):
        yield Problem(
            "green_light", "climb", say(_('"{climb}" comes before the question itself ("{ask}")'), climb=climb, ask=ask)
        )


def watch_errors(programme: Programme) -> Iterator[Problem]:
    """Who has not begun is named, then a task, then a case: each nearer to the departure than the one before."""
    watch = programme.watch
    for field, earlier in (("task_days", "digest_days"), ("case_days", "task_days")):
        days, before = getattr(watch, field), getattr(watch, earlier)
        if days > before:
            yield Problem("watch", field, f"{days} days come before `{earlier}` ({before}): write {before} or fewer")


def silence_errors(programme: Programme) -> Iterator[Problem]:
    """Silence that reaches nobody, or that weighs less the second time, or less for a minor than for an adult."""
    for place in places(programme):
        match place.part:
            case CheckIn(missed=first, missed_minor=minor, missed_again=again):
                for field, level, least in (
                    ("missed", first, Level.FOLLOW_UP),
                    ("missed_minor", minor, worst((first, Level.FOLLOW_UP))),
                    ("missed_again", again, worst((first, Level.FOLLOW_UP))),
                ):
                    if level.rank < least.rank:
                        says = say(_('"{level}" is too light: write "{least}" or graver'), level=level, least=least)
                        yield Problem(place.where, field, says)


def green_light_warnings(programme: Programme) -> Iterator[Problem]:
    """What blocks a departure only after it, and a farewell that would come too late to be held back."""
    for place in places(programme):
        match place.part:
            case Item(blocking="yes", due=due) if _after_departure(due):
                says = say(_('"{due}" is after the departure: it can block none'), due=due)
                yield Problem(place.where, "due", says)
            case Message(green=True, at=at) if _after_departure(at):
                yield Problem(
                    place.where, "green", say(_('"{at}" is after the departure: there is nothing to wait for'), at=at)
                )


def _after_departure(at: Offset) -> bool:
    """Whether a day lies after the departure; the first day of the activity may be that of the departure."""
    return at.days > 0 or at.anchor not in {Anchor.DEPARTURE, Anchor.START}


def time_warnings(programme: Programme) -> Iterator[Problem]:
    """Hours at which a learner is not written to: the contact waits until quiet hours end."""
    learner = programme.hours.learner
    for place in places(programme):
        for field, at in _contacts(place.part):
            if not learner.start <= at < learner.end:
                says = say(
                    _("{at} is in quiet hours ({end} to {start}): it will be sent at {start}"),
                    at=f"{at:%H:%M}",
                    end=f"{learner.end:%H:%M}",
                    start=f"{learner.start:%H:%M}",
                )
                yield Problem(place.where, field, says)


def check_in_warnings(programme: Programme) -> Iterator[Problem]:
    """The first check-in hangs on the stay, whatever the weekday of the others: whoever chose a day hears that."""
    for place in places(programme):
        match place.part:
            case CheckIn(weekday=weekday, first=first) if weekday != "sunday":
                says = say(
                    _(
                        "it hangs on the stay ({first}), on whatever weekday that is; those after it come on {weekday}, {gap} days later at the earliest"
                    ),
                    first=first,
                    weekday=weekday,
                    gap=place.part.gap_days,
                )
                yield Problem(place.where, "first", says)


def rhythm_errors(programme: Programme) -> Iterator[Problem]:
    """Check-ins that come before the one before them is given up: two would wait for one answer."""
    for place in places(programme):
        match place.part:
            case CheckIn(missed_after_hours=missed) as check_in:
                for field, more in (("also_on", check_in.also_on), ("also_on_minors", check_in.also_on_minors)):
                    every = (check_in.weekday, *check_in.also_on, *(more if field == "also_on_minors" else ()))
                    if more and (least := _nearest(every) * 24) < missed:
                        says = say(
                            _(
                                "two of these days are {least} h apart, and a check-in waits {missed} h for its answer: choose days further apart"
                            ),
                            least=least,
                            missed=missed,
                        )
                        yield Problem(place.where, field, says)


def _nearest(weekdays: Sequence[str]) -> int:
    """So many days lie between the two that are nearest to each other in the week; none where a day stands twice."""
    places = sorted(WEEKDAYS.index(day) for day in weekdays)
    return min((later - sooner for sooner, later in pairwise((*places, places[0] + 7))), default=7)


def _contacts(part: Part) -> Iterator[tuple[str, time]]:
    """The local hours at which a part writes to a learner, with their field."""
    match part:
        case Hours(contact=at):
            yield "contact", at
        case Landmark(ask=ask, again=again):
            yield from (
                ("ask" if place == 0 else "again", each.at) for place, each in enumerate((ask, *again)) if each.at
            )
        case CheckIn(at=at, first=first):
            yield "at", at
            yield from (("first", at) for at in [first.at] if at)
        case Attendance(at=at):
            yield "at", at
        case Message(at=offset) if offset.at:
            yield "at", offset.at
        case Item(at=at, asks_learner=True) if at:
            yield "at", at


def _landmark(where: str, landmark: Landmark, hours: Hours) -> Iterator[Problem]:
    """The question, its repetitions and its deadlines follow each other."""
    asked = landmark.ask
    for again in landmark.again:
        if not _before(asked, again, hours):
            yield Problem(
                where,
                "again",
                say(
                    _('"{again}" is not later than "{asked}": write the hours in their order'), again=again, asked=asked
                ),
            )
        asked = again
    deadlines = {"minor": landmark.missing.minor, "adult": landmark.missing.adult}
    for field, deadline in deadlines.items():
        if not _before(asked, deadline, hours):
            says = say(
                _('"{deadline}" is not later than the last question, "{asked}": nobody would have time to answer'),
                deadline=deadline,
                asked=asked,
            )
            yield Problem(f"{where}.missing", field, says)


def _before(first: Offset, second: Offset, hours: Hours) -> bool:
    """Whether one offset is sooner than another. Of two anchors the distance is not known: let it pass."""
    if first.anchor != second.anchor:
        return True
    return (first.days, first.at or hours.contact) < (second.days, second.at or hours.contact)


def _in_time(at: Offset, until: Offset, hours: Hours) -> bool:
    """Whether something is sent before it is too late; a day without an hour lasts until its end."""
    return _before(at, until if until.at else Offset(until.anchor, until.days + 1, time.min), hours)


def _reminders(where: str, remind: Sequence[int], missed: int) -> Iterator[Problem]:
    if list(remind) != sorted(set(remind)) or any(hours <= 0 for hours in remind):
        yield Problem(
            where, "remind_hours", say(_("hours after the question, each later than the one before: [24, 40]"))
        )
    elif remind and remind[-1] >= missed:
        yield Problem(
            where,
            "remind_hours",
            say(
                _("reminders end at {remind} h, which must come before missed_after_hours, {missed} h"),
                remind=remind[-1],
                missed=missed,
            ),
        )
