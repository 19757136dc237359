"""An OLS placement test: done, at which level? The second compares itself with the first."""

from __future__ import annotations

from bot.domain.programme import LanguageTest
from bot.engine.checklist import PATIENCE
from bot.engine.effect import Answers, Facts, Rule, SetItem, always
from bot.engine.flow import Flow
from bot.engine.step import END, Branch, Choice, Choose, Say
from bot.i18n import _


def build(test: LanguageTest) -> Flow:
    levels = tuple(Choice(level.lower(), level, "compare") for level in test.scale)
    doing = always(SetItem(test.id, "doing"))
    help_text = test.help or _(
        "Go to EU Academy, create your EU Login with your own e-mail, then start the placement test. "
        "Take an hour and a quiet place. {coordinator} can help."
    )
    return Flow(
        "language_test",
        (
            Choose(
                "state",
                test.text or test.title,
                (
                    Choice("done", _("Done"), "level", ("fait", "hecho")),
                    Choice("later", _("Not yet"), "later"),
                    Choice("how", _("I don't know how"), "how"),
                ),
                wait=PATIENCE,
            ),
            Say("later", _("No hurry. It takes 40 to 60 minutes. I'll ask you again later."), END, (doing,)),
            Say("how", help_text, END, (doing,)),
            Choose("level", _("Which level did you get?"), levels, wait=PATIENCE),
            Branch("compare", _compare, {"up": "up", "noted": "noted"}),
            Say("up", _("From {first_level} to {new_level}: what progress. Noted!"), END, (_noted(test.id),)),
            Say("noted", _("Noted, thank you!"), END, (_noted(test.id),)),
        ),
    )


def _compare(facts: Facts, answers: Answers) -> str:
    """Whether the level is above the first test's. European levels sort as text."""
    first = str(facts.get("first_level") or "")
    return "up" if first and (answers["level"] or "").upper() > first.upper() else "noted"


def _noted(item: str) -> Rule:
    def rule(facts: Facts, answers: Answers) -> SetItem:
        return SetItem(item, "done", (answers["level"] or "").upper())

    return rule
