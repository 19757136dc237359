"""A flow: a table of steps that only leads forward, checked when it is made."""

from __future__ import annotations

from dataclasses import dataclass

from bot.engine.effect import Answers, Facts
from bot.engine.step import END, Branch, Choose, Number, Question, Say, Step, Write


@dataclass(frozen=True)
class Path:
    """Where a walk led: the steps entered, in order, and the question it stopped at (None at the end)."""

    entered: tuple[Step, ...]
    asked: str | None


@dataclass(frozen=True)
class Flow:
    """A conversation.

    Raises:
        ValueError: an id stands twice, an exit leads nowhere or backward, or a step cannot be reached.
    """

    id: str
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        places = {step.id: place for place, step in enumerate(self.steps)}
        if len(places) != len(self.steps):
            raise ValueError(f"flow {self.id}: two steps have the same id")
        reached = {self.steps[0].id}
        for place, step in enumerate(self.steps):
            for name, target in step.exits().items():
                if target != END and places.get(target, -1) <= place:
                    raise ValueError(f'flow {self.id}: the exit "{name}" of {step.id} does not lead to a later step')
                reached.add(target)
            if step.id not in reached:
                raise ValueError(f"flow {self.id}: no walk reaches {step.id}")

    def find(self, step: str) -> Step | None:
        return next((known for known in self.steps if known.id == step), None)

    def question(self, step: str | None) -> Question | None:
        """The question of that id, if it is one."""
        found = self.find(step) if step else None
        return found if isinstance(found, Choose | Write | Number) else None

    def walk(self, facts: Facts, answers: Answers) -> Path:
        """Follow the answers from the first step to the first question without one. Ids nobody knows are ignored."""
        entered: list[Step] = []
        target = self.steps[0].id
        while target != END:
            step = self.find(target)
            assert step is not None
            entered.append(step)
            follow = _exit(step, facts, answers)
            if follow is None:
                return Path(tuple(entered), step.id)
            target = follow
        return Path(tuple(entered), None)


def _exit(step: Step, facts: Facts, answers: Answers) -> str | None:
    """Where a step leads; None where it waits for an answer, or for a new one in place of an id no longer on offer."""
    if isinstance(step, Say):
        return step.then
    if isinstance(step, Branch):
        return step.roads[step.decide(facts, answers)]
    if step.id not in answers:
        return None
    answer = answers[step.id]
    if answer is None:
        return step.silence
    for choice in step.choices:
        if choice.id == answer:
            return choice.then
    return step.then if isinstance(step, Write) else None
