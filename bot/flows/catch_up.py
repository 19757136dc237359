"""What is due together, as one short list: papers first, of which one press can say that they are all there. After a late
enrolment or a long absence it is everything overdue: never a flood.
"""

from __future__ import annotations

from datetime import timedelta

from bot.engine.effect import Answers, Declare, Facts, Postpone, always
from bot.engine.flow import Flow
from bot.engine.step import END, Branch, Choice, Choose, Say
from bot.i18n import _, _n

NOW = ("oui", "yes", "si", "ok", "vamos")
LATER = ("demain", "manana")
PATIENCE = timedelta(hours=20)


def build() -> Flow:
    later = Choice("later", _("Tomorrow"), "later", LATER)
    return Flow(
        "catch_up",
        (
            Branch("papers", _papers, {"several": "have_them", "none": "overdue"}),
            Choose(
                "have_them",
                _("These papers are wanted:\n{papers}\nDo you have them all?"),
                (
                    Choice("all", _("I have them all"), "shown", ("oui", "yes", "si", "tous", "toutes")),
                    Choice("some", _("Not all of them"), "now", ("non", "no", "pas tous", "not yet")),
                    later,
                ),
                wait=PATIENCE,
                silence="waited",
                into="some",
            ),
            Say("shown", _("Noted. Show each of them to {coordinator}, who ticks it off."), END, (_declare,), receipt=True),
            Choose(
                "overdue",
                _n(
                    "There is {count} thing to see before you leave:\n{titles}\nShall we look at it?",
                    "There are {count} things to see:\n{titles}\nShall we go through them? It takes a few minutes.",
                ),
                (Choice("now", _("Let's go"), "now", NOW), later),
                wait=PATIENCE,
                silence="waited",
                into="now",
            ),
            Say("now", _("Here is the first one."), receipt=True),
            Say("later", _("All right. One a day, from tomorrow."), END, (always(Postpone()),), receipt=True),
            Say("waited", None, END, (always(Postpone()),)),
        ),
    )  # fmt: skip


def _papers(facts: Facts, answers: Answers) -> str:
    return "several" if len(facts.get("paper_ids") or ()) > 1 else "none"


def _declare(facts: Facts, answers: Answers) -> Declare:
    return Declare(tuple(facts["paper_ids"]))
