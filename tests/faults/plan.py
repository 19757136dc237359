"""What shall go wrong in one night, decided beforehand: a life of the process after the other, each with a trouble and an end.

The same seed plans the same night. What the machine makes of it (which statement a kill meets) is its own affair.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class End(StrEnum):
    """How a life ends."""

    KILL = "SIGKILL"
    TERM = "SIGTERM"
    STOP = "SIGSTOP"
    """Frozen for a while, as by a laptop that is closed; then it goes on, and is killed while it catches up."""


class Trouble(StrEnum):
    """What else goes wrong while it lives."""

    NONE = "nothing else"
    LOCKED = "database locked"
    FULL = "disk full"
    READ_ONLY = "database read-only"
    HOUR_AHEAD = "clock an hour ahead"
    HOUR_BEHIND = "clock an hour behind"
    YEAR_AHEAD = "clock a year ahead"
    YEAR_BEHIND = "clock a year behind"
    JUMPS = "clock jumps an hour, and back"
    AWAY_HOUR = "away for 1 h"
    AWAY_DAY = "away for 25 h"
    AWAY_WEEKS = "away for 21 days"
    THREE_TIMES = "updates three times"
    SHUFFLED = "updates in another order"
    UNAUTHORIZED = "401"
    TOO_MANY = "429"
    BAD_GATEWAY = "502"
    TAKEN = "taken, then 502 or a broken connection"
    HALF = "half an answer"
    DAMAGED_STORE = "crypto store damaged"
    OLD_STORE = "an old crypto store brought back"


ERRORS: Mapping[Trouble, int] = {
    Trouble.YEAR_AHEAD: 365 * 86_400,
    Trouble.YEAR_BEHIND: -365 * 86_400,
    Trouble.HOUR_AHEAD: 3_600,
    Trouble.HOUR_BEHIND: -3_600,
    Trouble.JUMPS: 3_600,
}
"""By how many seconds the clock of the machine is wrong."""
ABSENCES: Mapping[Trouble, int] = {
    Trouble.AWAY_HOUR: 3_600,
    Trouble.AWAY_DAY: 25 * 3_600,
    Trouble.AWAY_WEEKS: 21 * 86_400,
}
"""How many seconds pass while nobody is there."""
OFTEN = 4
"""Of each trouble but these, this many to one of those: they are as likely as all else, and dear."""
RARE = frozenset({*ABSENCES, Trouble.YEAR_AHEAD, Trouble.YEAR_BEHIND, Trouble.DAMAGED_STORE, Trouble.OLD_STORE})
EVERYWHERE = (*Trouble,)[: [*Trouble].index(Trouble.AWAY_WEEKS) + 1]
OF_CHANNEL: Mapping[str, tuple[Trouble, ...]] = {
    "telegram": (
        *EVERYWHERE, Trouble.THREE_TIMES, Trouble.SHUFFLED, Trouble.UNAUTHORIZED, Trouble.TOO_MANY, Trouble.BAD_GATEWAY,
        Trouble.TAKEN, Trouble.HALF,
    ),
    "matrix": (
        *EVERYWHERE, Trouble.TOO_MANY, Trouble.BAD_GATEWAY, Trouble.TAKEN, Trouble.HALF, Trouble.DAMAGED_STORE,
        Trouble.OLD_STORE,
    ),
    "web": (*EVERYWHERE, Trouble.THREE_TIMES, Trouble.SHUFFLED, Trouble.BAD_GATEWAY, Trouble.TAKEN, Trouble.HALF),
}  # fmt: skip
"""What can befall a bot on each channel. A browser shows itself what it is answered: 401 and 429 are no faults between us."""


MOST = 24
"""A life has twenty messages to send, and a few more where somebody calls for help."""


@dataclass(frozen=True)
class Life:
    """One life of the process. Its end comes so many seconds `after` the platform has heard of so many `sends` of it; where
    these are -1, after it was started.
    """

    trouble: Trouble
    end: End
    sends: int
    after: float
    recovers: bool
    """Whether its trouble is over before it ends."""
    cries: bool
    """Whether a learner calls for help in it."""


def plan(
    seed: int, kills: int, channel: str, *, troubles: bool = True, ends: tuple[End, ...] = tuple(End)
) -> list[Life]:
    """So many lives. Nine of ten troubles befall every second life; without `troubles` none does."""
    dice = random.Random(f"{seed} {channel}")
    deck: list[Trouble] = []
    lives: list[Life] = []
    for _ in range(kills):
        deck = deck or _shuffled(dice, channel)
        trouble = deck.pop() if troubles and dice.random() < 0.5 else Trouble.NONE
        sends = -1 if trouble is Trouble.NONE and dice.random() < 0.1 else dice.randrange(MOST)
        after, cries = dice.uniform(0.0, 0.3 if sends < 0 else 0.05), dice.random() < 0.2
        end, recovers = _end(dice, ends), dice.random() < 0.5
        asked = end is End.TERM and trouble is Trouble.LOCKED  # it writes down what it had begun, and is not let
        lives.append(Life(trouble, end, sends, after, recovers or asked, cries))
    return lives


def _shuffled(dice: random.Random, channel: str) -> list[Trouble]:
    """All troubles of a channel, so that none is left to chance: the dear ones once, the others several times."""
    usual = [each for each in OF_CHANNEL[channel] if each not in RARE and each is not Trouble.NONE]
    deck = [each for each in OF_CHANNEL[channel] if each in RARE] + usual * OFTEN
    dice.shuffle(deck)
    return deck


def _end(dice: random.Random, ends: tuple[End, ...]) -> End:
    """Kills above all: eight of ten."""
    kind = dice.choices((End.KILL, End.TERM, End.STOP), (8, 1, 1))[0]
    return kind if kind in ends else ends[0]
