"""What a learner says of their stay for others to read: where it may be shown, until when, and whether it may be now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.figures import LEAST
from bot.i18n import Text, _

LONGEST = 1000


class Scope(StrEnum):
    """Where it may be shown; each further one holds those before it."""

    SCHOOL = "school"
    PRESS = "press"
    PUBLIC = "public"

    @property
    def reach(self) -> int:
        return list(Scope).index(self)


SCOPES: Mapping[Scope, Text] = {
    Scope.SCHOOL: _("At school only: its own pages, open days"),
    Scope.PRESS: _("At school, in the press and on the radio"),
    Scope.PUBLIC: _("Everywhere, on public pages too"),
}
YEARS = (1, 3)
"""For so many years somebody may agree."""


@dataclass(frozen=True)
class Agreed:
    """What was agreed to, as of a day."""

    scope: Scope | None
    until: date | None
    minor: bool
    guardians: bool
    """An adult has seen their signature."""

    @property
    def lacks_guardians(self) -> bool:
        """It is agreed to by the learner, and their parents' signature is missing."""
        return self.scope is not None and self.minor and not self.guardians

    def may_show(self, scope: Scope, today: date) -> bool:
        """Whether it may be shown there now. Whoever is under 18 cannot say it alone."""
        if self.scope is None or self.until is None or today > self.until or self.lacks_guardians:
            return False
        return scope.reach <= self.scope.reach


def in_years(today: date, years: int) -> date:
    """The same day so many years later."""
    leapling = (today.month, today.day) == (2, 29)
    return date(today.year + years, 2, 28) if leapling else today.replace(year=today.year + years)


def said_count(learners: int) -> int | None:
    """How many leave, as a note to the press may say it; None where they are so few that each is known by it."""
    return learners if learners >= LEAST else None
