"""Every contact that a programme plans for a stay, derived from its dates. Nothing here is stored."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from operator import attrgetter
from zoneinfo import ZoneInfo

from bot.domain.external import external_contacts
from bot.domain.family import family_and_tutor_contacts
from bot.domain.green_light import asked_at, blocking, climbs_at
from bot.domain.occasion import Kind, Occasion, for_day
from bot.domain.offset import Anchor, Offset
from bot.domain.programme import Attendance, CheckIn, Item, Landmark, Message, Programme
from bot.domain.quiet_hours import is_open, wall_instant
from bot.domain.rhythm import check_in_days, weekly, weeks
from bot.domain.stay import Stay, conditions, open_for
from bot.domain.whereabouts import planned

AFTER_RETURN = timedelta(days=120)
"""Items of the return stay open so long: the last one due is the UFM oral, at most three months after the return."""


ASK_BEFORE = timedelta(days=3)
"""So long before the departure an adult has to say whether somebody travels who is not in the sheet any more."""


TO_SETTLE = timedelta(days=2)
"""Whoever begins late has so long for what was due before."""


ENOUGH_FOR_A_MIDDLE = 5
"""Check-ins: a shorter stay has a first and a last one."""


_ORDER = attrgetter("order")


def midnight_after(stay: Stay, day: date) -> datetime:
    """The end of a day where the learner is."""
    return wall_instant(stay.zone_on(day), day + timedelta(days=1), time(0))


def instant(programme: Programme, stay: Stay, offset: Offset, hour: time | None = None) -> datetime:
    """The instant of an offset: the learner's wall time that day, moved out of their quiet hours."""
    day = stay.anchor(offset.anchor) + timedelta(days=offset.days)
    return _contact(programme, stay, day, offset.at or hour or programme.hours.contact)


def landmark_instant(programme: Programme, stay: Stay, kind: Kind, offset: Offset) -> datetime:
    """The instant of an offset of the arrival or the safe return. Both wait for who travels over night; the return is
    asked when the hour has come at either end of the journey, there or at home.
    """
    back = kind is Kind.SAFE_RETURN
    day = stay.anchor(offset.anchor) + timedelta(days=offset.days + (stay.nights_back if back else stay.nights_out))
    zones = {stay.zone_on(day)} | ({ZoneInfo(stay.home_zone)} if back else set())
    hour = offset.at or programme.hours.contact
    return open_for(programme, stay, min(wall_instant(zone, day, hour) for zone in zones))


def _contact(programme: Programme, stay: Stay, day: date, hour: time) -> datetime:
    return planned(programme.hours.learner, stay.where, day, hour)


def enrolled_on(stay: Stay) -> date | None:
    """The day, at home, on which a learner began."""
    return stay.enrolled_at and stay.enrolled_at.astimezone(ZoneInfo(stay.home_zone)).date()


def due_day(stay: Stay, item: Item) -> date:
    """The day an item is due. Enrolled late: two days after enrolment at the earliest, but before the departure."""
    return _due_day(stay, item, enrolled_on(stay))


def due_days(stay: Stay, items: Iterable[Item]) -> dict[str, date]:
    """The same of several items, by their ids."""
    began = enrolled_on(stay)
    return {item.id: _due_day(stay, item, began) for item in items}


def _due_day(stay: Stay, item: Item, began: date | None) -> date:
    due = item.due_for(stay.school)
    day = stay.anchor(due.anchor) + timedelta(days=due.days)
    if began is None:
        return day
    late = max(day, began + TO_SETTLE)
    return min(late, max(day, stay.departure)) if due.anchor is Anchor.DEPARTURE else late


def item_ends(stay: Stay, item: Item) -> datetime:
    """From when on an item no longer makes sense: the departure, the return, or long after it; sooner as the programme says."""
    usual = _ends_as_usual(stay, item)
    return min(usual, _until(stay, item.until)) if item.until else usual


def _until(stay: Stay, until: Offset) -> datetime:
    """The instant at which something comes too late; a day without an hour lasts until its end."""
    last = stay.anchor(until.anchor) + timedelta(days=until.days)
    return wall_instant(stay.zone_on(last), last, until.at) if until.at else midnight_after(stay, last)


def _ends_as_usual(stay: Stay, item: Item) -> datetime:
    day = stay.anchor(item.due_for(stay.school).anchor) + timedelta(days=item.due_for(stay.school).days)
    if day < stay.departure:
        return midnight_after(stay, stay.departure)
    if item.due_for(stay.school).anchor in {Anchor.START, Anchor.MIDDLE} or day < stay.end:
        return midnight_after(stay, stay.back)
    return midnight_after(stay, stay.back) + AFTER_RETURN


def occasions(programme: Programme, stay: Stay) -> tuple[Occasion, ...]:
    """Every contact of a stay, past and future, in order of time."""
    if stay.doubtful:
        return (_unlisted(programme, stay),)
    began = enrolled_on(stay)
    return _in_order(
        programme, _alike(programme, stay), conditions(programme, stay), began, _own_minute(programme, stay)
    )


def _alike(programme: Programme, stay: Stay) -> Stay:
    """A stay with what its contacts hang on beside its conditions, and nothing else: whoever travels together is alike."""
    return Stay(
        0, "", stay.kind, stay.track, "", "", stay.zone, stay.home_zone, stay.departure, stay.start, stay.end, stay.back,
        stay.nights_out, stay.nights_back, stay.birth if programme.family.pings else None, school=stay.school,
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _in_order(
    programme: Programme, stay: Stay, held: frozenset[str], began: date | None, minute: int
) -> tuple[Occasion, ...]:
    """What a learner shares with others; their own check-ins, and items that were due before they began. What is asked for
    at one time is remembered: a class comes together, and so does a round through all stays.
    """
    check_in = programme.journey(stay.kind).check_in
    found = [*_check_ins(programme, stay, check_in, held, minute)] if check_in else []
    shared, late = _shared(programme, stay, held), set()
    for item in _due_before(programme, stay, held, began) if began else ():
        late |= {f"item.{item.id}", f"overdue.{item.id}"}
        found += _reminders(programme, stay, item.id, _due_day(stay, item, began))
    found += (each for each in shared if each.touchpoint not in late) if late else shared
    return tuple(sorted(found, key=_ORDER))


def _due_before(programme: Programme, stay: Stay, held: frozenset[str], began: date) -> list[Item]:
    """The learner's items that would have been due before they could do anything about them."""
    return [item for day, item in _due(programme, stay, held) if day < began + TO_SETTLE]


@lru_cache(maxsize=256)
def _due(programme: Programme, stay: Stay, held: frozenset[str]) -> tuple[tuple[date, Item], ...]:
    """The items that are asked of the learner, each with its day in the programme."""
    asked = (each for each in programme.journey(stay.kind).items if each.asks_learner and each.applies(held))
    return tuple((_due_day(stay, item, None), item) for item in asked)


@lru_cache(maxsize=256)
def _shared(programme: Programme, stay: Stay, held: frozenset[str]) -> tuple[Occasion, ...]:
    journey = programme.journey(stay.kind)
    found: list[Occasion] = []
    for day, item in _due(programme, stay, held):
        found += _reminders(programme, stay, item.id, day)
    for message in journey.messages:
        if message.applies(held):
            found.append(_message(programme, stay, message))
    if journey.arrival:
        found.append(_landmark(programme, stay, Kind.ARRIVAL, journey.arrival))
    if journey.safe_return:
        found.append(_landmark(programme, stay, Kind.SAFE_RETURN, journey.safe_return))
    if journey.attendance and journey.attendance.applies(held):
        covered = tuple(weeks(stay, journey.check_in)) if journey.asked_together else ()
        found += _attendance(programme, stay, journey.attendance, covered)
    found += _green_light(programme, stay, held)
    found += external_contacts(programme, stay, held)
    found += [
        Occasion(Kind.OUTREACH, *each)
        for each in family_and_tutor_contacts(programme, stay, weeks(stay, journey.check_in))
    ]
    return tuple(found)


def _unlisted(programme: Programme, stay: Stay) -> Occasion:
    """Whether somebody travels at all has to be said before anything else is asked of them."""
    at = wall_instant(ZoneInfo(stay.home_zone), stay.departure - ASK_BEFORE, programme.hours.team.start)
    return Occasion(Kind.UNLISTED, "unlisted", for_day("once", stay.departure), at, at + AFTER_RETURN)


@lru_cache(maxsize=4096)
def _reminders(programme: Programme, stay: Stay, name: str, due: date) -> tuple[Occasion, ...]:
    """The reminders of an item that is asked of the learner: an adult's is in the adult's list, where nobody has to be
    chased by a case.
    """
    item, hours = programme.journey(stay.kind).item(name), programme.hours
    if item is None:
        return ()
    ends, where, anchor = item_ends(stay, item), stay.where, stay.anchor(item.due_for(stay.school).anchor)
    planned_at = [
        (Kind.ITEM, f"item.{item.id}", str(days), due - timedelta(days=days), item.at or hours.contact)
        for days in sorted(set(item.remind), reverse=True)
    ]
    if item.overdue.rank:
        planned_at.append((Kind.OVERDUE, f"overdue.{item.id}", "once", due + timedelta(days=1), hours.team.start))
    return tuple(
        Occasion(kind, touchpoint, for_day(slot, anchor), at, max(ends, at + timedelta(hours=1)))
        for kind, touchpoint, slot, day, hour in planned_at
        for at in [planned(hours.learner, where, day, hour)]
        if item.until is None or kind is Kind.OVERDUE or at < ends
    )


def _message(programme: Programme, stay: Stay, message: Message) -> Occasion:
    at, day = instant(programme, stay, message.at), stay.anchor(message.at.anchor)
    until = at + timedelta(days=programme.catch_up.window_days)
    if message.until is not None:
        until = _until(stay, message.until)
    elif message.at.days < 0:
        ends = midnight_after(stay, day)
        until = max(ends if message.at.anchor is Anchor.DEPARTURE else min(ends, until), at + timedelta(hours=1))
    return Occasion(Kind.MESSAGE, f"message.{message.id}", for_day("once", day), at, until, message.green)


def _green_light(programme: Programme, stay: Stay, held: frozenset[str]) -> Iterator[Occasion]:
    """The question to the adults, and the case where it stands unanswered: both for this very departure."""
    if not blocking(programme, stay, held):
        return
    ends = midnight_after(stay, stay.departure)
    for what, wanted in (("ask", asked_at(programme, stay)), ("climb", climbs_at(programme, stay))):
        at = open_for(programme, stay, wanted)
        if at < ends:
            yield Occasion(Kind.GREEN_LIGHT, f"green_light.{what}", for_day("once", stay.departure), at, ends)


def _landmark(programme: Programme, stay: Stay, kind: Kind, landmark: Landmark) -> Occasion:
    at = landmark_instant(programme, stay, kind, landmark.ask)
    nights = stay.nights_out if kind is Kind.ARRIVAL else stay.nights_back
    last = stay.back if kind is Kind.ARRIVAL else stay.home_on + timedelta(days=7)
    occurrence = for_day("once", stay.anchor(landmark.ask.anchor) + timedelta(days=nights))
    return Occasion(kind, kind.value, occurrence, at, max(midnight_after(stay, last), at + timedelta(hours=1)))


def _check_ins(
    programme: Programme, stay: Stay, check_in: CheckIn, held: frozenset[str], minute: int
) -> Iterator[Occasion]:
    first = stay.anchor(check_in.first.anchor) + timedelta(days=check_in.first.days)
    keep = timedelta(days=5)
    if first < stay.back:
        at = _spread(programme, stay, first, check_in.first.at or check_in.at, minute)
        occurrence = for_day("first", stay.anchor(check_in.first.anchor))
        yield Occasion(Kind.CHECK_IN, "check_in", occurrence, at, at + keep)
    for day in check_in_days(stay, check_in, minor="minor" in held):
        at = _spread(programme, stay, day, check_in.at, minute)
        yield Occasion(Kind.CHECK_IN, "check_in", day.isoformat(), at, at + keep)


def _attendance(
    programme: Programme, stay: Stay, attendance: Attendance, covered: tuple[date, ...]
) -> Iterator[Occasion]:
    """A week is not asked about by itself where a check-in that asks it too follows at once."""
    for day in weekly(stay.start, stay.end, attendance.weekday):
        if any(timedelta(0) <= check_in - day < timedelta(days=7) for check_in in covered):
            continue
        at = _contact(programme, stay, day, attendance.at)
        yield Occasion(Kind.ATTENDANCE, "attendance", day.isoformat(), at, at + timedelta(days=6))


def in_full(programme: Programme, stay: Stay, occasion: Occasion) -> bool:
    """Whether this check-in is one of those at which the programme asks all its questions of everybody."""
    check_in = programme.journey(stay.kind).check_in
    if check_in is None or not check_in.in_full or stay.doubtful:
        return False
    days = [each for each in occasions(programme, stay) if each.kind is Kind.CHECK_IN]
    middle = instant(programme, stay, Offset(Anchor.MIDDLE, 0, None))
    named: dict[str, Occasion | None] = {
        "first": days[0],
        "middle": min(days, key=lambda each: abs(each.at - middle)) if len(days) >= ENOUGH_FOR_A_MIDDLE else None,
        "last": days[-1],
    }
    wanted = [named[moment] for moment in check_in.in_full if moment in named]
    return "always" in check_in.in_full or any(each is not None and each.key == occasion.key for each in wanted)


def _own_minute(programme: Programme, stay: Stay) -> int:
    """The learner's own stable minute within the window, so that one hour of the week fits the platforms' pace."""
    check_in = programme.journey(stay.kind).check_in
    return zlib.crc32(stay.ref.encode()) % (check_in.spread_minutes + 1) if check_in else 0


def _spread(programme: Programme, stay: Stay, day: date, hour: time, minute: int) -> datetime:
    at = _contact(programme, stay, day, hour)
    spread = at + timedelta(minutes=minute)
    return spread if is_open(programme.hours.learner, stay.zone_at(spread), spread) else at
