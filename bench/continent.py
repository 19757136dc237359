"""A year of all of Europe's mobilities drawn by chance, and its Sunday evening played second by second."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from dataclasses import dataclass

from bench.measured import Measured

MOBILITIES = 1_300_000
"""A year of Erasmus+ in all sectors (annual report of the European Commission for 2023: 1.3 million participants)."""
DRAWN = 13_000
"""So many stays are drawn; each stands for a hundred."""
WAVES = ((-20, 15), (-12, 10), (-3, 25), (0, 20), (5, 20), (9, 10))
"""Weeks from the first week of March to a departure, and how many of a hundred leave then: as in the played lives."""
LENGTHS = ((14, 35), (21, 25), (28, 20), (60, 12), (90, 6), (180, 2))
"""Days, and how many of a hundred stay so long: assumed; schools of the draft report two to four weeks as usual."""
ZONES = ((0, 12), (1, 70), (2, 18))
"""Hours ahead of UTC in winter, and how many of a hundred stay there: Ireland and Portugal, the middle, Finland to Greece."""
CONSORTIUM = 1500
"""Mobilities of a consortium a year, on the middle one; they are drawn from a log-normal curve."""
WIDTH = 0.9
"""Its sigma: one in twenty has more than four times the middle one."""
TOKEN = 25.0
"""Messages a second that we let one Telegram bot send: a little less than its thirty."""
ANSWERED = 0.7
"""Of those asked on Sunday evening so many answer …"""
WITHIN = 3600.0
"""… after an hour on the average, at random (exponential)."""
EVENING = 6 * 3600
"""Seconds from the first zone's 18:00 that are looked at."""
CORE = 0.5
"""Of a core we use so much at the most: the rest is for who cries for help at that instant."""


@dataclass(frozen=True)
class Year:
    """The drawn stays, as so many out of `MOBILITIES`."""

    abroad: tuple[int, ...]
    """By week of the year, on its Sunday."""
    instants: tuple[int, ...]
    """On the fullest Sunday: due at 18:00 of each zone, the earliest first (the most eastern)."""

    @property
    def peak(self) -> int:
        return max(self.abroad)


def year(seed: int = 1) -> Year:
    """Who is abroad on which Sunday."""
    chance = random.Random(seed)
    weeks, zones, scale = Counter[int](), dict[int, Counter[int]](), MOBILITIES // DRAWN
    for _ in range(DRAWN):
        leaves = 7 * (26 + _drawn(chance, WAVES)) + chance.randrange(7)
        zone = _drawn(chance, ZONES)
        for week in range(leaves // 7 + 1, (leaves + _drawn(chance, LENGTHS)) // 7 + 1):
            weeks[week % 52] += scale
            zones.setdefault(week % 52, Counter())[zone] += scale
    fullest = max(weeks, key=weeks.__getitem__)
    return Year(
        tuple(weeks[week] for week in range(52)), tuple(zones[fullest][zone] for zone, _share in reversed(ZONES))
    )


def _drawn(chance: random.Random, choices: tuple[tuple[int, int], ...]) -> int:
    return chance.choices([each for each, _share in choices], [share for _each, share in choices])[0]


@dataclass(frozen=True)
class Evening:
    """What a Sunday evening is like for one process with one token."""

    told: float
    """Seconds after 18:00 until the last one is asked, in the zone that waits the longest."""
    busy: float
    """Of a core, in the fullest minute."""
    waited: float
    """Seconds that the answer to whoever writes takes, at the longest: our own work before theirs."""


def evening(instants: tuple[int, ...], cost: Measured, seed: int = 1) -> Evening:
    """Second by second: what is due is woken and asked, as fast as the token lets us; who was asked may answer; answers go first."""
    chance = random.Random(seed)
    answers, waiting, work, told, waited = list[float](), 0.0, 0.0, 0.0, 0.0
    spent = list[float]()
    due = {zone * 3600: count for zone, count in enumerate(instants)}
    since = 0
    for second in range(EVENING):
        if second in due:
            waiting, since = waiting + due[second], since if waiting else second
        done = 0.0
        while answers and answers[0] <= second:
            heapq.heappop(answers)
            done += (cost.decided + cost.sent) / 1000
        waited = max(waited, done + cost.woken / 1000)
        sent = min(waiting, TOKEN, max(0.0, (1 - done) * 1000 / (cost.woken + cost.sent)))
        for _ in range(round(sent)):
            if chance.random() < ANSWERED:
                heapq.heappush(answers, second + chance.expovariate(1 / WITHIN))
        waiting -= sent
        work = done + sent * (cost.woken + cost.sent) / 1000
        spent.append(work)
        told = max(told, second - since) if sent else told
    minutes = [sum(spent[at : at + 60]) / 60 for at in range(0, EVENING, 60)]
    return Evening(told if not waiting else float("inf"), max(minutes), waited)


def consortia(seed: int = 1) -> list[int]:
    """Mobilities a year of each, together at least all there are; the largest first."""
    chance, sizes = random.Random(seed), list[int]()
    while sum(sizes) < MOBILITIES:
        sizes.append(round(CONSORTIUM * chance.lognormvariate(0, WIDTH)))
    return sorted(sizes, reverse=True)
