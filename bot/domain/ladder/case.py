"""A case, what can happen to it, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.level import Level


@dataclass(frozen=True)
class Case:
    """An escalated matter. Instants are aware UTC, people are person ids.

    A case is new until `Opened` has been applied to it. From then on, and until it is closed, it has a `wake_at`.
    """

    level: Level
    opened_at: datetime
    rung: int = -1
    """The rung of the level's ladder that was alerted last; -1 before the first."""
    round: int = 0
    """How many times everyone was alerted after the last rung."""
    alerted: frozenset[int] = frozenset()
    """Everyone who was ever told of the case: they get the all-clear."""
    owner: int | None = None
    touched_at: datetime | None = None
    """The last follow-up of the present owner; None when there was none since the case was last raised."""
    asked_at: datetime | None = None
    """When the owner was asked how it is; None when there is nothing to ask."""
    closed_at: datetime | None = None
    reason: str = ""
    wake_at: datetime | None = None
    """When the present wait is over; None when closed."""
    by_day: bool = False
    """Nobody has cried: however grave, it disturbs people in waking hours only."""


@dataclass(frozen=True)
class Opened:
    """The case exists: the ladder begins; behind one adult, where something waits for them in particular."""

    to: int | None = None


@dataclass(frozen=True)
class WaitOver:
    """The case's `wake_at` has come. Before it, nothing happens."""


@dataclass(frozen=True)
class Taken:
    """Somebody says: I take it."""

    by: int


@dataclass(frozen=True)
class PassedOn:
    """Somebody hands the case to a colleague, who has yet to take it."""

    by: int
    to: int


@dataclass(frozen=True)
class Snoozed:
    """Somebody follows the case, and knows that nothing can be done before an instant."""

    by: int
    until: datetime


@dataclass(frozen=True)
class OwnerGone:
    """Who follows the case may not know of it any more: they have left, or have another role."""


@dataclass(frozen=True)
class Reached:
    """Somebody has spoken to the young person."""

    by: int


@dataclass(frozen=True)
class Raised:
    """Another matter of the same learner joins the case. A level that is no graver leaves the ladder as it is, unless it
    is a cry and the case was none: that begins its ladder, by night too.
    """

    level: Level
    cry: bool = False


@dataclass(frozen=True)
class Answered:
    """The learner answered after all; `closes` when nothing but the missing answer was the matter."""

    closes: bool


@dataclass(frozen=True)
class Closed:
    """Somebody closes the case; None is Compagnon itself."""

    by: int | None
    reason: str


@dataclass(frozen=True)
class Noted:
    """Somebody wrote something down; the owner's own note is a follow-up."""

    by: int | None = None


@dataclass(frozen=True)
class Reopened:
    """The case was closed too early; None is Compagnon itself."""

    by: int | None


Event = (
    Opened | WaitOver | Taken | PassedOn | Snoozed | OwnerGone | Reached | Raised | Answered | Closed | Noted | Reopened
)


class NoticeKind(StrEnum):
    """What somebody is told about a case."""

    ALERT = "alert"
    BROADCAST = "broadcast"
    """The ladder is exhausted and everyone is alerted."""
    PASSED_TO_YOU = "passed_to_you"
    OWNER_ASKED = "owner_asked"
    """You took the case and there was no follow-up: how is it?"""
    LAPSED = "lapsed"
    """You were asked, and did not answer: it climbs again."""
    RAISED = "raised"
    """The case you own has become graver."""
    JOINED = "joined"
    """Another matter, no graver, joined the case you own, or were alerted to while nobody owns it."""
    TAKEN_BY_OTHER = "taken_by_other"
    ALREADY_TAKEN = "already_taken"
    REACHED = "reached"
    """A colleague has reached the young person of the case you own."""
    ANSWERED = "answered"
    ALL_CLEAR = "all_clear"


class Refusal(StrEnum):
    """Why an event changes nothing."""

    ALREADY_TAKEN = "already taken"
    CLOSED = "closed"
    OPEN = "open"
    STRANGER = "not of the team"
    NOBODY_THERE = "cannot be passed to that person"
    NO_REASON = "no reason"
    TOO_LONG = "cannot rest so long"


@dataclass(frozen=True)
class Notice:
    """One thing to tell one person; who that is, where and in which words is found out when it is sent."""

    person: int
    kind: NoticeKind


@dataclass(frozen=True)
class Move:
    """What an event makes of a case. At most one notice per person."""

    case: Case
    notices: tuple[Notice, ...] = ()
    refused: Refusal | None = None
    log: tuple[str, ...] = ()
    """What happened, for the case's own history: no names, no texts."""
    nobody: bool = False
    """Nobody on duty could be alerted: the operator must know."""
