"""Arrived? Back home? Asked on the day, again at the hours of the programme; then silence reaches an adult."""

from __future__ import annotations

from bot.domain.programme import Landmark
from bot.engine.flow import Flow
from bot.engine.survey import landmark_steps
from bot.i18n import _

ARRIVED = _("Thank you {name}, it is good to know you are there. I write again in a few days; you can write any time.")
ARRIVED_NUDGE = _("No worries if the day was long. One word is enough: did you arrive safely, {name}?")
BACK = _("Welcome back, {name}. Thank you for telling me.")
BACK_NUDGE = _("One word is enough, {name}: are you back home?")


def arrival(landmark: Landmark) -> Flow:
    return Flow("arrival", landmark_steps(landmark, ARRIVED_NUDGE, ARRIVED))


def safe_return(landmark: Landmark) -> Flow:
    return Flow("safe_return", landmark_steps(landmark, BACK_NUDGE, BACK))
