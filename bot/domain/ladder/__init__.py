"""Cases climb: who is alerted, when, and what everybody hears. `climb` decides, the rest are its words."""

from bot.domain.ladder.case import (
    Answered,
    Case,
    Closed,
    Event,
    Move,
    Noted,
    Notice,
    NoticeKind,
    Opened,
    OwnerGone,
    PassedOn,
    Raised,
    Reached,
    Refusal,
    Reopened,
    Snoozed,
    Taken,
    WaitOver,
)
from bot.domain.ladder.climb import climb
from bot.domain.rights import ACKNOWLEDGERS

__all__ = [
    "ACKNOWLEDGERS",
    "Answered",
    "Case",
    "Closed",
    "Event",
    "Move",
    "Noted",
    "Notice",
    "NoticeKind",
    "Opened",
    "OwnerGone",
    "PassedOn",
    "Raised",
    "Reached",
    "Refusal",
    "Reopened",
    "Snoozed",
    "Taken",
    "WaitOver",
    "climb",
]
