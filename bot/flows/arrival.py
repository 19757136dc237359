"""Arrived? Asked on the day, again the next morning; a minor's silence reaches an adult first."""

from __future__ import annotations

from bot.domain.programme import Landmark
from bot.engine.flow import Flow
from bot.engine.survey import landmark_steps
from bot.i18n import _

NUDGE = _("No worries if the day was long. One word is enough: did you arrive safely, {name}?")
WELL = _("Thank you {name}, it is good to know you are there. I write again in a few days; you can write any time.")


def build(landmark: Landmark) -> Flow:
    return Flow("arrival", landmark_steps(landmark, NUDGE, WELL))
