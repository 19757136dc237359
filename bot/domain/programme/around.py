"""Those around a learner: the family, who may be told a few status words, and the tutor at the host's."""

from __future__ import annotations

from datetime import time
from typing import Literal

from pydantic import Field

from bot.domain.offset import WrittenOffset, parse_offset
from bot.domain.programme.journey import Question
from bot.domain.programme.part import Hour, Id, Part

PingName = Literal["left", "arrived", "checked_in", "back"]
TUTOR_LANGUAGES = ("fr", "en", "es", "de", "it")
"""The languages of the tutor's page; every text of it has all five."""


class Family(Part):
    """What the family of a learner is told, with consent: status words only. Nothing at all unless listed here."""

    pings: tuple[PingName, ...] = ()
    morning: Hour = Field(default=time(9), description="hour of the word on the day of departure, where the family is")
    evening: Hour = Field(default=time(18, 30), description="hour of the weekly word, the day after the check-in")


class Tutor(Part):
    """The page of the tutor at the host's: by link, without an account."""

    write: bool = Field(default=False, description="send the link by e-mail; else the coordinator hands it over")
    ask: tuple[WrittenOffset, ...] = tuple(parse_offset(day) for day in ("D+1", "M+0", "F-1"))
    at: Hour = time(10)
    questions: tuple[Question, ...] = Field(default=(), max_length=8)
    questions_item: Id | None = Field(default=None, description="item that its answers hand to the coordinator's tick")
    attestation_item: Id | None = Field(default=None, description="item that the signed attestation does")
