"""A flow: a table of steps that only leads forward, checked when it is made."""

from __future__ import annotations

from dataclasses import dataclass

from bot.engine.effect import Answers, Facts
from bot.engine.step import END, FILE, Branch, Question, Say, Step, Upload, Write
from bot.i18n import _, say

TWICE = say(_("two steps have this id"))


class FlowError(ValueError):
    """A table of steps that is no flow; `step` is the one at fault."""

    def __init__(self, flow: str, step: str, says: str) -> None:
        self.step, self.says = step, says
        super().__init__(f"flow {flow}, step {step}: {says}")


@dataclass(frozen=True)
class Path:
    """Where a walk led: the steps entered, in order, and the question it stopped at (None at the end)."""

    entered: tuple[Step, ...]
    asked: str | None


@dataclass(frozen=True)
class Flow:
    """A conversation.

    Raises:
        FlowError: an id stands twice, an exit leads nowhere or backward, a step cannot be reached or not be answered.
    """

    id: str
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        places: dict[str, int] = {}
        for place, step in enumerate(self.steps):
            if places.setdefault(step.id, place) != place:
                raise FlowError(self.id, step.id, TWICE)
            self._check_answers(step)
        reached = {self.steps[0].id}
        for place, step in enumerate(self.steps):
            for name, target in step.exits().items():
                if target != END and places.get(target, -1) <= place:
                    raise FlowError(
                        self.id, step.id, say(_('the exit "{name}" does not lead to a later step'), name=name)
                    )
                reached.add(target)
            if step.id not in reached:
                raise FlowError(self.id, step.id, say(_("no walk reaches it")))

    def _check_answers(self, step: Step) -> None:
        """Every question can be answered, and each answer is an exit of its own."""
        if not isinstance(step, Question):
            return
        own = {Write: ["words"], Upload: ["file"]}.get(type(step), [])
        names = [choice.id for choice in step.choices] + own
        if not names:
            raise FlowError(self.id, step.id, say(_("it is a question without answers")))
        twice = [name for name in names if names.count(name) > 1 or name == "silence"]
        if twice:
            raise FlowError(self.id, step.id, say(_('two of its answers have the id "{twice}"'), twice=twice[0]))

    def find(self, step: str) -> Step | None:
        return next((known for known in self.steps if known.id == step), None)

    def question(self, step: str | None) -> Question | None:
        """The question of that id, if it is one."""
        found = self.find(step) if step else None
        return found if isinstance(found, Question) else None

    def walk(self, facts: Facts, answers: Answers) -> Path:
        """Follow the answers from the first step to the first question without one. Ids nobody knows are ignored.

        A fork sees the answers before it only: what is answered after it cannot turn the walk to another road.
        """
        entered: list[Step] = []
        given: dict[str, str | None] = {}
        target = self.steps[0].id
        while target != END:
            step = self.find(target)
            assert step is not None
            entered.append(step)
            if step.id in answers:
                given[step.id] = answers[step.id]
            follow = _exit(step, facts, given)
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
    if isinstance(step, Upload):
        return step.then if answer.startswith(FILE) else None
    return step.then if isinstance(step, Write) else None
