"""Back home? Asked on the evening of the return."""

from __future__ import annotations

from bot.domain.programme import Landmark
from bot.engine.flow import Flow
from bot.engine.survey import landmark_steps
from bot.i18n import _

NUDGE = _("One word is enough, {name}: are you back home?")
WELL = _("Welcome back, {name}. Thank you for telling me.")


def build(landmark: Landmark) -> Flow:
    return Flow("safe_return", landmark_steps(landmark, NUDGE, WELL))
