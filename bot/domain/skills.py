"""What a learner has learned there: words that one press says, or words of their own, week after week."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.domain.programme.journey import Area, Journey, Skill
from bot.i18n import Text, _

LEARNED = "learned"
"""The step that asks; its answer is the id of a skill, or words."""
NOTHING = "nothing"
OFFERED = 4
"""Buttons at once: of many the next ones come in the weeks after."""
AREAS: dict[Area, Text] = {
    Area.WORK: _("At work"),
    Area.LANGUAGE: _("Languages"),
    Area.DIGITAL: _("Digital skills"),
    Area.ORGANISATION: _("Getting organised"),
    Area.COMMUNICATION: _("Working with others"),
    Area.OTHER: _("And also"),
}


@dataclass(frozen=True)
class Learned:
    """One thing that was learned: a skill of the programme, else the learner's own words. `session` and `step` say where it stands."""

    session: int
    step: str
    skill: Skill | None
    words: str = ""

    @property
    def text(self) -> Text:
        return self.skill.label if self.skill else self.words

    @property
    def area(self) -> Area:
        return self.skill.area if self.skill else Area.OTHER


def read_learned(journey: Journey, answers: Sequence[tuple[int, str, str]]) -> list[Learned]:
    """What answers (session, step, what was answered) say; of two that say the same, the first."""
    known = {skill.id: skill for skill in journey.skills}
    found: dict[str, Learned] = {}
    for session, step, answer in answers:
        skill = known.get(answer) if step == LEARNED else None
        if answer != NOTHING:
            found.setdefault(answer, Learned(session, step, skill, "" if skill else answer))
    return list(found.values())


def on_offer(journey: Journey, held: frozenset[str], learned: Collection[Learned]) -> list[str]:
    """The skills to offer now: those of the stay that were not named yet."""
    named = {each.skill.id for each in learned if each.skill}
    return [skill.id for skill in journey.skills if skill.applies(held) and skill.id not in named][:OFFERED]


def by_area(learned: Collection[Learned]) -> Iterator[tuple[Area, list[Learned]]]:
    """Under the headings of a Europass Mobility, those that are empty left out."""
    for area in Area:
        below = [each for each in learned if each.area is area]
        if below:
            yield area, below
