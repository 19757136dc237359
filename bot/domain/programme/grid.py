"""An evaluation grid: what somebody at the host's says of what a learner can do. The school writes its rows and its marks."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from bot.domain.programme.part import Conditional, Id, Part, Words


class Criterion(Part):
    """One row."""

    id: Id
    text: Words


class Grade(Part):
    """One column: what may be said of a row, and what it is worth."""

    id: Id
    label: Words
    share: int = Field(ge=0, le=100, description="per cent of what a row is worth")


class Grid(Conditional):
    """A grid for the host's tutor, on paper and on their page."""

    id: Id
    title: Words
    about: Words | None = Field(default=None, description="what it counts for, to the tutor")
    points: int = Field(ge=1, le=100, description="the points of the whole grid")
    grades: tuple[Grade, ...] = Field(min_length=2, max_length=6)
    criteria: tuple[Criterion, ...] = Field(min_length=1, max_length=20)
    item: Id | None = Field(default=None, description="item that a filled grid hands to the adult who ticks it")

    def complete(self, given: Mapping[str, str]) -> dict[str, str] | None:
        """The grade of each row; None where one is missing, or is no grade."""
        known = {grade.id for grade in self.grades}
        found = {each.id: given.get(each.id, "") for each in self.criteria}
        return found if known.issuperset(found.values()) else None

    def points_of(self, given: Mapping[str, str]) -> float:
        """What the grades add up to, to the half point: a proposal, examiners decide."""
        shares = {grade.id: grade.share for grade in self.grades}
        reached = sum(shares[given[each.id]] for each in self.criteria) / (100 * len(self.criteria))
        return int(2 * self.points * reached + 0.5) / 2
