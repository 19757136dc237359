"""Steps of a moment that must be confirmed: the question, asked again at its hours, then an adult."""

from __future__ import annotations

from bot.domain.programme import Landmark
from bot.engine.effect import OpenCase, always
from bot.engine.step import END, Choice, Choose, Say, Step
from bot.engine.survey import survey
from bot.i18n import Text, _


def landmark_steps(landmark: Landmark, nudge: Text, well: Text) -> tuple[Step, ...]:
    """The instants of asking again and of the deadline are facts: `again_1`, `again_2`, …, `missing`."""
    waits = [f"again_{place}" for place in range(1, len(landmark.again) + 1)] + ["missing"]
    names = [*(f"nudge_{place}" for place in range(1, len(landmark.again) + 1)), "missed"]
    questions = survey(landmark.questions, waits[0], names[0], well)
    nudges = tuple(
        Choose(name, nudge, (Choice("yes", _("Yes, all is well"), "noted", ("oui", "yes", "si", "ok", "ca va")),
                             Choice("problem", _("There is a problem"), "problem")), wait=wait, silence=after)
        for name, wait, after in zip(names[:-1], waits[1:], names[1:], strict=True)
    )  # fmt: skip
    answered = (
        Say("noted", _("Thank you {name}, that is good to know."), END),
        Say("problem", _("Thank you for telling me. I am telling {coordinator} now. If it is urgent: SOS, or {emergency}."), END,
            (always(OpenCase(landmark.missing.level, "problem")),)),
    )  # fmt: skip
    missed = Say("missed", None, END, (always(OpenCase(landmark.missing.level, "missed")),))
    return (*questions, *nudges, *(answered if nudges else ()), missed)
