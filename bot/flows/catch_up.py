"""One digest of what is overdue, after a late enrolment or a long absence: never a flood."""

from __future__ import annotations

from datetime import timedelta

from bot.engine.effect import Postpone, always
from bot.engine.flow import Flow
from bot.engine.step import END, Choice, Choose, Say
from bot.i18n import _, _n


def build() -> Flow:
    return Flow(
        "catch_up",
        (
            Choose(
                "overdue",
                _n(
                    "There is {count} thing to see before you leave: {titles}. Shall we look at it?",
                    "There are {count} things to see: {titles}. Shall we go through them? It takes a few minutes.",
                ),
                (
                    Choice("now", _("Let's go"), "now", ("oui", "yes", "si", "ok", "vamos")),
                    Choice("later", _("Tomorrow"), "later", ("demain", "manana")),
                ),
                wait=timedelta(hours=20),
                silence="waited",
            ),
            Say("now", _("Here is the first one.")),
            Say("later", _("All right. One a day, from tomorrow."), END, (always(Postpone()),)),
            Say("waited", None, END, (always(Postpone()),)),
        ),
    )
