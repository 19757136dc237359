"""What did you learn? One press or one's own words: after a good week, and whenever a learner wants to add something."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.programme import Journey
from bot.domain.skills import LEARNED, NOTHING
from bot.engine.effect import Answers, Facts
from bot.engine.flow import Flow
from bot.engine.step import END, Branch, Choice, Say, Step, Write
from bot.i18n import Text, _

ASKED = _("Thank you {name}, I have noted it. What did you learn this week? One press, or your own words: I keep it for your Europass.")  # fmt: skip
MORE = _("What have you learned there? One press, or your own words.")
KEPT = _("Kept. /skills shows everything you have learned.")
PATIENCE = timedelta(hours=6)
WHETHER = "whether_learned"
ON_OFFER = "skills"
"""The fact that holds the ids of what is on offer; without it nothing is asked."""


def learned_steps(journey: Journey, text: Text, nothing: str, *receipts: Step) -> tuple[Step, ...]:
    """The question and its receipt. `nothing` is where it leads whoever has nothing to say."""
    ready = tuple(Choice(skill.id, skill.label, "kept") for skill in journey.skills)
    skip = Choice(NOTHING, _("Nothing this time"), nothing, ("rien", "nada", "non", "no"))
    return (
        Write(LEARNED, text, "kept", skip, PATIENCE, ready=ready, among=ON_OFFER, late=False),
        *receipts,
    )


def _receipts() -> tuple[Step, ...]:
    """A question for the learner's own diary comes with it, at most once a week, and asks for no answer."""
    both = _(
        "Kept. /skills shows everything you have learned. And for yourself, if you like (/diary): {diary_question}"
    )
    return (
        Branch("kept", _with_diary, {"alone": "kept_alone", "with a question": "kept_diary"}),
        Say("kept_alone", KEPT, receipt=True),
        Say("kept_diary", both, receipt=True),
    )


def _with_diary(facts: Facts, answers: Answers) -> str:
    return "with a question" if facts.get("diary_question") else "alone"


def after_a_good_week(journey: Journey) -> tuple[Step, ...]:
    """For the end of a check-in. Nothing where the programme lists no skills."""
    if not journey.skills:
        return ()
    roads = {"asked": LEARNED, "not asked": "well"}
    return (Branch(WHETHER, _whether, roads), *learned_steps(journey, ASKED, "well", *_receipts()))


def _whether(facts: Facts, answers: Answers) -> str:
    """Only where one press said that the week was fine: whoever was asked more has said enough."""
    given = [each for each in answers.values() if each is not None]
    return "asked" if facts.get(ON_OFFER) is not None and given == ["fine"] else "not asked"


def build(journey: Journey) -> Flow:
    return Flow("skills", learned_steps(journey, MORE, END, Say("kept", KEPT, receipt=True)))
