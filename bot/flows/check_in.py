"""The weekly check-in: the school's questions, two gentle reminders, then an adult.

Never "last reminder", never guilt. An answer two days late counts for its week.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from bot.domain.level import Level, worst
from bot.domain.programme import CheckIn
from bot.engine.effect import Answers, Facts, OpenCase, Rule, always
from bot.engine.flow import Flow
from bot.engine.step import END, Choice, Choose, Say, Step, Write
from bot.engine.survey import survey
from bot.i18n import _

WELL = _("Thank you {name}, I have noted it. Have a good week!")
YES = ("ca va", "oui", "ok", "fine", "yes", "bien", "si", "todo bien")


def build(check_in: CheckIn) -> Flow:
    gaps = _gaps(check_in)
    names = [*(f"nudge_{place}" for place in range(1, len(gaps))), "missed"]
    last = "note" if check_in.note else END
    series = survey(check_in.questions, gaps[0], names[0], WELL, last)
    opening = Say("opening", check_in.opening, series[0].id)
    note = (_note(),) if check_in.note else ()
    nudges = _nudges(check_in, gaps, names)
    ends = [end for end in _ends(check_in) if nudges or end.id == "missed" or (note and end.id == "noted")]
    return Flow("check_in", (opening, *series, *note, *nudges, *ends))


def _note() -> Write:
    """The one place for words of one's own. They stay with the answer; nobody is sent them."""
    nothing = Choice("nothing", _("No, that's all"), END, ("non", "no", "rien", "nada"))
    return Write(
        "note", _("Anything to add in your own words? {coordinator} can read it."), "noted", nothing, timedelta(hours=6)
    )


def _gaps(check_in: CheckIn) -> list[timedelta]:
    """The waits between the question, its reminders and the case."""
    hours = [0, *check_in.remind_hours, check_in.missed_after_hours]
    return [timedelta(hours=later - sooner) for sooner, later in pairwise(hours)]


def _nudges(check_in: CheckIn, gaps: list[timedelta], names: list[str]) -> tuple[Step, ...]:
    choices = (
        Choice("fine", _("I'm fine"), "noted", YES),
        Choice("so_so", _("Not really"), "listening", ("pas trop", "bof", "no", "non", "regular")),
        Choice("call", _("Call me"), "calling", ("appelle moi", "llamame")),
    )
    return tuple(
        Choose(name, check_in.nudge, choices, wait=wait, silence=after)
        for name, wait, after in zip(names[:-1], gaps[1:], names[1:], strict=True)
    )


def _ends(check_in: CheckIn) -> tuple[Step, ...]:
    return (
        Say("noted", _("Thank you, I have noted it for your week.")),
        Say("listening", _("Thank you for telling me. I am telling {coordinator}, who will get back to you. If it is urgent: SOS, or {emergency}."),
            END, (always(OpenCase(Level.FOLLOW_UP, "nudge", "so_so")),)),
        Say("calling", _("All right. I am telling {coordinator} now, who will call you today. If it is urgent: SOS, or {emergency}."),
            END, (always(OpenCase(Level.TODAY, "nudge", "call")),)),
        Say("missed", None, END, (_missed(check_in),)),
    )  # fmt: skip


def _missed(check_in: CheckIn) -> Rule:
    """The first silence of a minor, and the second in a row of anybody, is graver than the first of an adult."""

    def rule(facts: Facts, answers: Answers) -> OpenCase:
        first = check_in.missed_minor if facts.get("minor") else check_in.missed
        return OpenCase(worst((first, check_in.missed_again)) if facts.get("missed_before") else first, "missed")

    return rule
