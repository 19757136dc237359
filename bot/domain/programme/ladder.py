"""Levels and their ladders: who must react, and by when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, field_validator

from bot.domain.person import Role
from bot.domain.programme.part import Part, Words
from bot.i18n import _, say


class Pace(StrEnum):
    """Which hours a wait counts."""

    WORKING = "working"
    """Working days of the school, within the team's hours."""
    WAKING = "waking"
    """Every day, within waking hours."""
    ALWAYS = "always"


@dataclass(frozen=True)
class Wait:
    """A number of working days, or a length of time counted at the level's pace."""

    days: int = 0
    span: timedelta = timedelta(0)

    def __str__(self) -> str:
        if self.days:
            return f"{self.days} working days"
        minutes = int(self.span.total_seconds() // 60)
        return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


def parse_wait(written: Any) -> Wait:
    """Read `2 working days`, `4 h` or `10 min`.

    Raises:
        ValueError: what is written is none of them.
    """
    if isinstance(written, Wait):
        return written
    found = re.match(r"^\s*(\d{1,3})\s*(working days?|h|min)\s*$", str(written))
    if not found or int(found[1]) == 0:
        raise ValueError(say(_('"{written}" is no wait: write "2 working days", "4 h" or "10 min"'), written=written))
    amount = int(found[1])
    if found[2] == "h":
        return Wait(span=timedelta(hours=amount))
    return Wait(span=timedelta(minutes=amount)) if found[2] == "min" else Wait(days=amount)


WrittenWait = Annotated[Wait, BeforeValidator(parse_wait), PlainSerializer(str)]
Alerted = Literal["coordinator", "deputy", "teacher", "head", "on_call", "consortium"]


class Rung(Part):
    """Who is alerted, and how long they have before the next rung."""

    to: tuple[Alerted, ...]
    wait: WrittenWait

    @field_validator("to")
    @classmethod
    def _names_somebody(cls, to: tuple[Alerted, ...]) -> tuple[Alerted, ...]:
        if not to:
            raise ValueError(say(_('nobody is named: write who is alerted, such as ["coordinator", "deputy"]')))
        return to

    @property
    def roles(self) -> tuple[Role, ...]:
        return tuple(Role(name) for name in self.to)


class LevelRules(Part):
    """One level: its name, its pace and its ladder."""

    name: Words
    symbol: str
    pace: Pace
    rungs: tuple[Rung, ...]
    repeat: WrittenWait = Field(description="after the last rung everyone is alerted, again and again at this pace")
    lapse: WrittenWait = Field(description="a case that was taken and not touched for so long climbs again")

    @field_validator("rungs")
    @classmethod
    def _has_a_rung(cls, rungs: tuple[Rung, ...]) -> tuple[Rung, ...]:
        if not rungs:
            raise ValueError(
                say(
                    _("the ladder names nobody: write at least one rung, {example}"),
                    example='{ to = ["coordinator"], wait = "4 h" }',
                )
            )
        return rungs
