"""What every table of a programme has in common: ids, texts, conditions."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

from bot.domain.spelling import folded
from bot.i18n import _, say

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A name for ever: lower-case letters, digits and `_`. Texts may change freely, ids may not."""

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]

Words = str | dict[Language, str]
"""A text: `"a message id"` or `{fr = "…", en = "…"}`."""


class Part(BaseModel):
    """A table of the programme. Unknown keys are refused: a misspelt key must not be ignored in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """Itself: nobody changes one. What Compagnon says by default would be copied for every programme that is read."""
        return self


STALE = timedelta(days=365)
"""What nobody has compared with its source for so long is said to be in doubt."""


class Fact(Part):
    """Where something that others decide comes from, and when somebody last compared it with that."""

    source: str = Field(min_length=1, description="the page or the law that says so")
    checked: date

    def stale(self, today: date) -> bool:
        return today - self.checked > STALE


class Conditional(Part):
    """A part that applies to some stays only; the names are those of `domain/stay.py:conditions`."""

    when: tuple[str, ...] = Field(default=(), description="all of these must hold")
    any_of: tuple[str, ...] = Field(default=(), description="at least one of these must hold")
    unless: tuple[str, ...] = Field(default=(), description="none of these may hold")
    rule: Fact | None = Field(default=None, description="the law or the page that it follows from")

    @property
    def conditional(self) -> bool:
        """Whether not every stay has it."""
        return bool(self.when or self.any_of or self.unless)

    def applies(self, holding: frozenset[str]) -> bool:
        """Whether a stay of which the conditions `holding` are true has this part."""
        if not holding.issuperset(self.when) or not holding.isdisjoint(self.unless):
            return False
        return not self.any_of or not holding.isdisjoint(self.any_of)


def _hour(written: Any) -> time:
    if isinstance(written, time):
        return written
    found = re.match(r"^(\d{1,2})[:h](\d{2})$", str(written).strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError(say(_('"{written}" is no hour of the day: write it as "18:00"'), written=written))
    return time(int(found[1]), int(found[2]))


Hour = Annotated[time, BeforeValidator(_hour), PlainSerializer(lambda hour: f"{hour:%H:%M}")]


def at_school(ref: str) -> str:
    """The condition that holds for the stays of one school: its reference in lower case, other signs as `_`."""
    return f"at_{re.sub(r'[^a-z0-9]+', '_', folded(ref)).strip('_')}"
