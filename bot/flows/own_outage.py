"""After an absence of our own, so long that messages may be lost: is everything well?"""

from __future__ import annotations

from datetime import timedelta

from bot.domain.level import Level
from bot.engine.effect import Answers, Facts, OpenCase, always
from bot.engine.flow import Flow
from bot.engine.step import END, Choice, Choose, Say
from bot.i18n import _


def build() -> Flow:
    return Flow(
        "away",
        (
            Choose(
                "well",
                _("I was away since {since}: what you wrote to me then may be lost. Are you well, {name}?"),
                (
                    Choice("yes", _("Yes"), "thanks", ("oui", "si", "ok", "ca va", "estoy bien")),
                    Choice("help", _("I need help"), "told", ("aide", "ayuda", "non", "no")),
                ),
                wait=timedelta(hours=24),
                silence="missed",
            ),
            Say("thanks", _("Thank you {name}, that is good to know. I am back."), receipt=True),
            Say("told", None, END, (always(OpenCase(Level.NOW, "sos")),)),
            Say("missed", None, END, (_missed,)),
        ),
    )


def _missed(facts: Facts, answers: Answers) -> OpenCase:
    return OpenCase(Level.TODAY if facts.get("minor") else Level.FOLLOW_UP, "missed")
