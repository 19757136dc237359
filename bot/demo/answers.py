"""Which button somebody of the cast presses.

How the invented people of the demo behave: who answers at once, who forgets, who goes silent and comes back.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.domain.level import Level
from bot.domain.messages import Letter, Offer
from bot.domain.programme import Means, Programme


@dataclass(frozen=True)
class Silence:
    """Days on which somebody answers nothing, both ends included; on the next they come back and answer."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Temper:
    """One person's way: hours until they answer, how often they forget, how often something is the matter."""

    hours: tuple[float, float] = (0.2, 6.0)
    forgets: float = 0.04
    troubled: float = 0.03
    silence: Silence | None = None


STEADY = "VAL-27-06"
"""Answers everything: the first of the two transcripts."""
SILENT = "TEL-27-01"
"""Goes silent for two weeks in Bergen, and comes back: the second."""

TEMPERS: dict[str, Temper] = {
    STEADY: Temper(hours=(0.1, 3.0), forgets=0.0, troubled=0.0),
    SILENT: Temper(forgets=0.0, troubled=0.0, silence=Silence(date(2027, 2, 5), date(2027, 2, 16))),
    "OMB-27-02": Temper(hours=(1.0, 20.0), forgets=0.12),
    "TEL-27-04": Temper(troubled=0.12),
    "VAL-27-02": Temper(hours=(4.0, 26.0)),
}
ORDINARY = Temper()


def temper_of(ref: str) -> Temper:
    return TEMPERS.get(ref, ORDINARY)


WORDS = "Tout va bien, merci !"


@dataclass(frozen=True)
class Answered:
    """A press: the place of the button, hours to wait first, and how the person's own pace counts."""

    place: int
    after: float = 0.0
    pace: float = 1.0
    late: bool = False
    """Worth coming back to after a silence."""
    words: str = ""


def choose(letter: Letter, temper: Temper, chance: random.Random, programme: Programme) -> Answered | None:
    """What is answered to a message; None where it is forgotten."""
    does = letter.offers[0].action["do"]
    if does == "answer":
        return _answer(letter.offers, temper, chance, programme)
    if does == "case":
        return _case(letter.offers, chance)
    if does == "confirm":
        return Answered(0, after=0.5)
    if does == "tick":
        return Answered(0, after=0.02, pace=0.01)
    if does == "command" and letter.offers[0].action["word"] == "tasks":
        return Answered(0, after=1.0)
    return Answered(0) if does == "sos" else None


def _case(offers: tuple[Offer, ...], chance: random.Random) -> Answered | None:
    """Take it, reach the young person, close it: each in its time."""
    acts = [offer.action.get("act", "") for offer in offers]
    if acts[0] == "take":
        return Answered(0, after=0.2, pace=0.4)
    if acts[0] == "reached":
        return Answered(0, after=1.5)
    if "close" in acts[1:]:  # reached: whatever else is offered
        return Answered(acts.index("close"), after=18.0)
    return Answered(chance.randrange(2), after=0.01, pace=0.01) if acts[0] == "close" else None


def go_on(letter: Letter, reached: bool) -> Answered | None:
    """What whoever follows a case does next with its alert, as it stands in its place: reach the young person, then close."""
    wanted, after = ("close", 18.0) if reached else ("reached", 1.5)
    stands = range(len(letter.offers)) if letter.stands is None else letter.stands
    places = [place for place in stands if letter.offers[place].action.get("act") == wanted]
    return Answered(places[0], after=after) if places else None


def _answer(offers: tuple[Offer, ...], temper: Temper, chance: random.Random, programme: Programme) -> Answered | None:
    step = str(offers[0].action["step"])
    choices = [str(offer.action["choice"]) for offer in offers]
    late = step in {"pulse", "days", "arrived"}
    if step.startswith("card"):
        return Answered(0, after=0.01, pace=0.001)
    if chance.random() < temper.forgets:
        return None
    if step == "try":  # within its ten minutes: later it would be a real one
        return Answered(0, after=0.02, pace=0.001, words="SOS")
    if step == "note":
        return Answered(0, words=WORDS if chance.random() < 0.2 else "")
    if step.startswith("days"):
        full = len(choices) - 1
        return Answered(full - 1 if chance.random() < temper.troubled else full, late=late)
    if step in {"hello", "hello_again", "nudge", "agree", "overdue", "told"} or step.startswith("nudge_"):
        return Answered(0)
    return Answered(_weighed(step, choices, temper, chance, programme), late=late)


def _weighed(step: str, choices: list[str], temper: Temper, chance: random.Random, programme: Programme) -> int:
    """Mostly well; sometimes something is the matter, hardly ever everything at once."""
    grave = _levels(programme)
    weights = []
    for place, choice in enumerate(choices):
        level = grave.get((step, choice), grave.get(("state", choice), Level.NONE))
        usual = {Level.NONE: 1.0 / (place + 1), Level.FOLLOW_UP: temper.troubled, Level.TODAY: temper.troubled / 4}
        weights.append(usual.get(level, 0.0))
    return chance.choices(range(len(choices)), weights)[0]


@lru_cache(maxsize=4)
def _levels(programme: Programme) -> dict[tuple[str, str], Level]:
    """How grave each answer of the programme is."""
    found: dict[tuple[str, str], Level] = {}
    for journey in (programme.outgoing, programme.incoming, programme.staff):
        marks = [landmark for landmark in (journey.arrival, journey.safe_return) if landmark]
        questions = [question for mark in marks for question in mark.questions]
        questions += journey.check_in.questions if journey.check_in else ()
        found |= {(q.id, answer.id): answer.level for q in questions for answer in q.choices}
        for item in journey.items:
            rare = {Means.HELP: Level.FOLLOW_UP, Means.HANDED: Level.FOLLOW_UP}
            found |= {("state", choice.id): rare.get(choice.means, choice.level) for choice in item.choices}
    return found
