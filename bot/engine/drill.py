"""The SOS exercise: once, for ten minutes, SOS alarms nobody; and whoever meant it says so with one press.

A cry is never lost to it. Only SOS alone is taken for the exercise, only once, only while its question stands and no
adult is worried; afterwards the learner is asked whether it was for real, and silence to that is an adult's matter.
"""

from __future__ import annotations

from datetime import timedelta

from bot.domain.level import Level
from bot.domain.programme import Item
from bot.engine.effect import Answers, Facts, OpenCase, SetItem, always
from bot.engine.step import END, Branch, Choice, Choose, Say, Step, Write
from bot.i18n import Text, _

TRY = "try"
WINDOW = timedelta(minutes=10)
"""From the delivery of the question on: so long SOS is an exercise."""
TRIED = "SOS"
"""What is kept of it."""
ASK: Text = _(
    "Now try it once: write SOS here, nothing else. For ten minutes it is an exercise and nobody is told. "
    "If you really need help, write more than SOS, or call {emergency_now}."
)
CARD: Text = _(
    "🎓 Exercise: nobody has been told.\n"
    "🆘 Immediate danger: call {emergency} now. I am a bot, I cannot come.\n"
    "On call for your school: {on_call}.\n"
    "Was it for real?"
)
CARD_ALONE: Text = _(
    "🎓 Exercise: nobody has been told.\n"
    "🆘 Immediate danger: call {emergency} now. I am a bot, I cannot come.\n"
    "Was it for real?"
)
THANKS: Text = _("Well done, now you know how. From now on every SOS is real: an adult is told at once, at any hour.")
OVER: Text = _("The exercise is over: from now on every SOS is real again. I'll ask you another day.")
UNSURE: Text = _(
    "You wrote SOS in the exercise and have not said whether you meant it, so I am asking an adult to make sure. "
    "In danger: SOS again, or {emergency_now}."
)


def drill_steps(item: Item) -> tuple[Step, ...]:
    """From "try it" to "was it for real?"."""
    put_off = always(SetItem(item.id, "doing"))
    done = always(SetItem(item.id, "done", TRY))
    answers = (
        Choice("exercise", _("No, it was the exercise"), "well_done"),
        Choice("help", _("Yes, I need help"), "for_real"),
    )
    return (
        Write(TRY, ASK, "tried", Choice("later", _("Not now"), "over"), wait=WINDOW, silence="over"),
        Branch("tried", _tried, {"sos": "card", "sos, nobody on call": "card_alone", "other words": "over"}),
        Choose("card", CARD, answers, wait=WINDOW, silence="unsure", effects=(done,)),
        Choose("card_alone", CARD_ALONE, answers, wait=WINDOW, silence="unsure", effects=(done,)),
        Say("unsure", None, "unsure_told", (always(OpenCase(Level.TODAY, "drill")),)),
        Say("unsure_told", UNSURE),
        Say("for_real", None, END, (always(OpenCase(Level.NOW, "sos")),)),
        Say("well_done", THANKS, receipt=True),
        Say("over", OVER, END, (put_off,), receipt=True),
    )


def _tried(facts: Facts, answers: Answers) -> str:
    if answers.get(TRY) != TRIED:
        return "other words"
    return "sos" if facts.get("on_call") else "sos, nobody on call"
