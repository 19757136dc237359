"""One planned contact: what it is for, which occurrence of it, from when until when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a contact is for."""

    ITEM = "item"
    MESSAGE = "message"
    ARRIVAL = "arrival"
    CHECK_IN = "check_in"
    ATTENDANCE = "attendance"
    SAFE_RETURN = "safe_return"
    OVERDUE = "overdue"
    UNLISTED = "unlisted"
    """The row is gone from the sheet: the departure comes near, and no adult has said whether the learner travels."""
    GREEN_LIGHT = "green_light"
    """Not a conversation: an adult is asked whether the learner may leave, and a day before that is a case."""
    OUTREACH = "outreach"
    """Not a conversation: the family or the host tutor is written to, or the learner asked about them."""
    EXTERNAL = "external"
    """Not a conversation: the employer, or the teacher at the partner school, is written to about what is theirs to do."""


URGENCY = {
    Kind.ARRIVAL: 0,
    Kind.SAFE_RETURN: 0,
    Kind.CHECK_IN: 1,
    Kind.ATTENDANCE: 2,
    Kind.MESSAGE: 3,
    Kind.ITEM: 4,
    Kind.OVERDUE: 5,
    Kind.OUTREACH: 6,
    Kind.EXTERNAL: 6,
    Kind.UNLISTED: 0,
    Kind.GREEN_LIGHT: 6,
}
"""Who goes first when several conversations wait for one learner; lower is sooner."""
NOT_FOR_THE_LEARNER = frozenset({Kind.OVERDUE, Kind.OUTREACH, Kind.EXTERNAL, Kind.GREEN_LIGHT, Kind.UNLISTED})
"""What is planned around a learner, and is no word to them."""
BEFORE_ENROLMENT = frozenset({Kind.GREEN_LIGHT, Kind.EXTERNAL})
"""What is due for a stay whether its learner has begun or not: it is for adults."""


@dataclass(frozen=True)
class Occasion:
    """One occurrence of a touchpoint: to be made at `at`, pointless from `until` on (both aware, UTC)."""

    kind: Kind
    touchpoint: str
    """`item.ehic`, `check_in`, …: an id for ever."""
    occurrence: str
    """The date it is for: the local day (ISO) of a weekly contact; of the others which one of the touchpoint it is
    (`once`, `first`, the days before the due date), an @, and the day of the stay that it hangs on."""
    at: datetime
    until: datetime
    needs_green: bool = False
    """Held back until the stay has its green light."""

    key: tuple[str, str] = field(init=False, repr=False, compare=False)
    slot: tuple[str, str] = field(init=False, repr=False, compare=False)
    """The same contact of a stay whatever its dates are: what a date that moves takes with it."""
    order: tuple[datetime, int, str] = field(init=False, repr=False, compare=False)
    """By time; of what comes at one instant, the most urgent first."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", (self.touchpoint, self.occurrence))
        object.__setattr__(self, "slot", (self.touchpoint, slot_of(self.occurrence)))
        object.__setattr__(self, "order", (self.at, URGENCY[self.kind], self.touchpoint))

    @property
    def name(self) -> str:
        """The id within the programme: `ehic` for `item.ehic`."""
        return self.touchpoint.rpartition(".")[2]


def for_day(slot: str, day: date) -> str:
    """The occurrence of a contact that hangs on a day of the stay."""
    return f"{slot}@{day.isoformat()}"


def slot_of(occurrence: str) -> str:
    """Which contact of its touchpoint an occurrence is, without the date it is for."""
    return occurrence.partition("@")[0]
