"""An OLS placement test: at which level? The second compares itself with the first."""

from __future__ import annotations

from bot.domain.programme import LanguageTest, Means
from bot.engine.checklist import PATIENCE, state_after
from bot.engine.effect import Answers, Facts, Rule, SetItem, always
from bot.engine.flow import Flow
from bot.engine.step import END, Branch, Choice, Choose, Say
from bot.i18n import _


def build(test: LanguageTest, later: LanguageTest | None = None) -> Flow:
    """`later` is the second test, which the level of the first may spare the learner."""
    levels = tuple(Choice(level.lower(), level, "compare") for level in test.scale)
    doing = always(SetItem(test.id, "doing"))
    noted = (_noted(test), _spared(later)) if later else (_noted(test),)
    help_text = test.help or _(
        "Go to EU Academy, create your EU Login with your own e-mail, then start the placement test. "
        "Take an hour and a quiet place. {coordinator} can help."
    )
    put_off = (Choice("later", _("Not yet"), "later"), Choice("how", _("I don't know how"), "how"))
    return Flow(
        "language_test",
        (
            Choose("level", test.text or test.title, (*levels, *put_off), wait=PATIENCE),
            Say("later", _("No hurry. It takes 40 to 60 minutes. I'll ask you again later."), END, (doing,), receipt=True),
            Say("how", help_text, END, (doing,)),
            Branch("compare", _compare, {"up": "up", "noted": "noted"}),
            Say("up", _("From {first_level} to {new_level}: what progress. Noted!"), END, noted, receipt=True),
            Say("noted", _("Noted, thank you!"), END, noted, receipt=True),
        ),
    )  # fmt: skip


def _compare(facts: Facts, answers: Answers) -> str:
    """Whether the level is above the first test's. European levels sort as text."""
    first = str(facts.get("first_level") or "")
    return "up" if first and (answers["level"] or "").upper() > first.upper() else "noted"


def _noted(test: LanguageTest) -> Rule:
    def rule(facts: Facts, answers: Answers) -> SetItem:
        return SetItem(test.id, state_after(test, Means.DONE), _level(test, answers))

    return rule


def _spared(later: LanguageTest) -> Rule:
    """Whoever has the highest level already need not show it twice; a level that is corrected asks again."""

    def rule(facts: Facts, answers: Answers) -> SetItem:
        return SetItem(later.id, "waived" if _level(later, answers) == later.skip_at else "todo")

    return rule


def _level(test: LanguageTest, answers: Answers) -> str:
    """The level that was chosen, as the scale writes it."""
    return next((level for level in test.scale if level.lower() == answers["level"]), str(answers["level"]).upper())
