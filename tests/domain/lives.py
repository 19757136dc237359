"""A simulator that lives through whole mobilities, as `handlers/due.py` does, for the properties of the plan."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.domain.occasion import Occasion
from bot.domain.plan import Done, Due, due
from bot.domain.stay import Kind, Stay, Track
from bot.domain.touchpoints import occasions
from tests.example import example

ZONES = (
    "Europe/Paris",
    "Europe/Madrid",
    "Europe/Oslo",
    "Africa/Casablanca",
    "America/Santiago",
    "Pacific/Easter",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
)
PROGRAMME = example()
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
COUNTED: Counter[str] = Counter()


@dataclass
class Life:
    """One stay lived through, with the marks that `handlers/due.py` would make."""

    stay: Stay
    marks: dict[tuple[str, str], str] = field(default_factory=dict)
    told: list[tuple[datetime, Occasion]] = field(default_factory=list)
    closed: list[tuple[datetime, Occasion]] = field(default_factory=list)
    digests: list[datetime] = field(default_factory=list)
    wakes: list[datetime] = field(default_factory=list)

    @property
    def done(self) -> Done:
        return Done(dict(self.marks))

    def wake(self, now: datetime) -> Due:
        """Do what is due and mark it: nothing twice, nothing in quiet hours, the next wake later."""
        found = due(PROGRAMME, self.stay, self.done, now)
        told = (*found.contacts, *found.digest, *found.overdue)
        for occasion in (*told, *found.closed):
            assert occasion.key not in self.marks
            self.marks[occasion.key] = "closed" if occasion in found.closed else "told"
        self.told += [(now, occasion) for occasion in told]
        self.closed += [(now, occasion) for occasion in found.closed]
        self.digests += [now] if found.digest else []
        self.wakes.append(now)
        assert not told or awake(self.stay, now)
        assert found.wake_at is None or found.wake_at > now
        COUNTED["occasions"] += len(told) + len(found.closed)
        COUNTED["wakes"] += 1
        return found

    def live(self, start: datetime, until: datetime | None = None) -> datetime | None:
        """Wake whenever the plan says so; answers the next wake that is not before `until`."""
        now: datetime | None = start
        while now is not None and (until is None or now < until):
            now = self.wake(now).wake_at
        return now

    def whole(self) -> None:
        """Every occasion of the stay was told or closed, each once."""
        assert {each.key for each in occasions(PROGRAMME, self.stay)} <= self.marks.keys()
        for now, occasion in self.closed:
            later = [each for at, each in self.told if each.touchpoint == occasion.touchpoint and at >= now]
            assert occasion.until <= now or [each for each in later if each.at > occasion.at]


def awake(stay: Stay, now: datetime) -> bool:
    """Whether the learner may be written to: told anew here, to be compared with `open_for`."""
    here, home = (now.astimezone(ZoneInfo(zone)) for zone in (stay.zone, stay.home_zone))
    begun = stay.departure <= here.date() and stay.departure <= home.date()
    over = here.date() > stay.back and home.date() > stay.back
    clock = here if begun and not over else home
    on_the_way = here.date() >= stay.back and not over
    night_at_home = on_the_way and not time(7) <= home.time() < time(22, 30)
    return PROGRAMME.hours.learner.start <= clock.time() < PROGRAMME.hours.learner.end and not night_at_home


@st.composite
def stays(draw: st.DrawFn, late: bool = False) -> Stay:
    """A mobility of 2026 that crosses changes to summer or winter time; enrolled in time, or late."""
    kind = draw(st.sampled_from([Kind.OUTGOING, Kind.OUTGOING, Kind.INCOMING, Kind.STAFF]))
    departure = date(2026, 1, 1) + draw(st.integers(0, 364)) * DAY
    start = departure + draw(st.integers(0, 3)) * DAY
    end = start + draw(st.integers(1, 120)) * DAY
    back = end + draw(st.integers(0, 3)) * DAY
    enrolled = draw(st.integers(-40, (back - departure).days)) if late else draw(st.integers(-200, -140))
    first = datetime.combine(departure, time(), UTC) + enrolled * DAY + draw(st.integers(0, 86_399)) * SECOND
    tags = ["apprentice", "grant_holder", "services_grant", "ufm", "ccf", "badge", "non_eu_national", "group"]
    return Stay(
        id=1,
        ref=draw(st.text("ABC123", min_size=1, max_size=6)),
        kind=kind,
        track=Track.STAFF if kind is Kind.STAFF else draw(st.sampled_from([Track.VET, Track.HED])),
        country=draw(st.sampled_from(["NO", "ES", "MA", "CL"])),
        city="Bergen",
        zone=draw(st.sampled_from(ZONES)),
        home_zone=draw(st.sampled_from(ZONES)),
        departure=departure,
        start=start,
        end=end,
        back=back,
        birth=draw(st.none() | st.dates(date(2005, 1, 1), date(2011, 12, 31))),
        tags=frozenset(draw(st.sets(st.sampled_from(tags)))),
        enrolled_at=first,
    )


def enrolled(stay: Stay) -> datetime:
    assert stay.enrolled_at is not None
    return stay.enrolled_at


def moment(stay: Stay, part: int) -> datetime:
    """So many thousandths of the way from the enrolment to three months after the return."""
    end = datetime.combine(stay.back, time(), UTC) + 90 * DAY
    return enrolled(stay) + (end - enrolled(stay)) * part / 1000
