"""Words of distress: what a learner may write anywhere, and how grave the school takes it to be."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from bot.domain.level import Level
from bot.domain.programme.part import Part

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]


class Distress(Part):
    """One kind of distress. Its words are listened for in every language, whatever the learner's."""

    level: Level = Field(
        default=Level.NONE, description="opens a case of this level at once; `none` only offers an adult"
    )
    words: dict[Language, tuple[str, ...]] = Field(description="whole words or phrases; accents and case do not matter")
