"""Which button somebody of the cast presses."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache

from bot.demo.temper import Temper
from bot.domain.level import Level
from bot.domain.messages import Letter, Offer
from bot.domain.programme import Means, Programme

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
    acts = [offer.action["act"] for offer in offers]
    if acts[0] == "take":
        return Answered(0, after=0.2, pace=0.4)
    if acts[0] == "reached":
        return Answered(0, after=1.5)
    if acts[0] == "pass":
        return Answered(acts.index("close"), after=18.0)
    return Answered(chance.randrange(2), after=0.01, pace=0.01) if acts[0] == "close" else None


def _answer(offers: tuple[Offer, ...], temper: Temper, chance: random.Random, programme: Programme) -> Answered | None:
    step = str(offers[0].action["step"])
    choices = [str(offer.action["choice"]) for offer in offers]
    late = step in {"mood", "days", "arrived"}
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
