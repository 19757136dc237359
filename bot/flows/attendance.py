"""Days at work this week. The grant and the PFMP allowance are paid for days really done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from bot.domain.programme import Attendance
from bot.engine.effect import Answers, Facts, OpenCase, always
from bot.engine.flow import Flow
from bot.engine.step import END, Branch, Choice, Choose, Number, Say
from bot.i18n import _

ASKED = ("days", "days_again")


def build(attendance: Attendance) -> Flow:
    first = timedelta(hours=attendance.remind_hours[0]) if attendance.remind_hours else None
    last = timedelta(hours=attendance.missed_after_hours)
    again = _("No worries if you had no time. How many days were you at work this week?")
    silent = "days_again" if first else "missed"
    asked_again = (Number("days_again", again, 0, attendance.days, "count", last - first, "missed"),) if first else ()
    return Flow(
        "attendance",
        (
            Number("days", _("How many days were you at work this week, {name}?"), 0, attendance.days, "count", first or last, silent),
            *asked_again,
            *_weighed(attendance, "all", END),
            Say("all", _("Noted, well done for this week!"), receipt=True),
            Say("missed", None, END, (always(OpenCase(attendance.missed, "missed")),)),
        ),
    )  # fmt: skip


def attendance_steps(
    attendance: Attendance, well: str, told: str, wait: timedelta, silence: str
) -> tuple[Number | Branch | Choose | Say, ...]:
    """The days at work as a part of another conversation, for whoever missed some."""
    asked = Number("days", _("How many days were you at work this week?"), 0, attendance.days, "count", wait, silence)
    return (asked, *_weighed(attendance, well, told))


def _weighed(attendance: Attendance, well: str, told: str) -> tuple[Branch | Choose | Say, ...]:
    reasons = tuple(Choice(reason.id, reason.label, "weigh") for reason in attendance.reasons)
    return (
        Branch("count", _count, {"all": well, "fewer": "reason"}),
        Choose("reason", _("What happened? One button is enough, I need no details."), reasons, wait=timedelta(hours=6), silence="weigh"),
        Branch("weigh", _weigh(attendance), {"excused": "excused", "one": "one", "more": "more"}),
        Say("excused", _("Noted, thank you. Tell your company too if you have not yet."), told, receipt=True),
        Say("one", _("Noted. I am telling {coordinator}, who will get back to you. Tell your company too if you have not yet."),
            told, (always(OpenCase(attendance.one_day, "attendance", "one")),)),
        Say("more", _("Thank you for telling me. I am telling {coordinator} now, who will write to you today."),
            told, (always(OpenCase(attendance.more_days, "attendance", "more")),)),
    )  # fmt: skip


def days_told(answers: Iterable[tuple[str, str | None]]) -> int | None:
    """Of the answers of a conversation the days that were told, by whichever question; None where none were."""
    told = [given for step, given in answers if step in ASKED and given is not None]
    return int(told[-1]) if told and told[-1].isdigit() else None


def days_present(answers: Answers) -> int:
    """The days told, by whichever of the two questions was answered."""
    return int(next(answer for step in reversed(ASKED) if (answer := answers.get(step)) is not None))


def _count(facts: Facts, answers: Answers) -> str:
    return "all" if days_present(answers) >= int(facts["expected"]) else "fewer"


def _weigh(attendance: Attendance) -> Callable[[Facts, Answers], str]:
    excused = {reason.id for reason in attendance.reasons if reason.excused}

    def label(facts: Facts, answers: Answers) -> str:
        present = days_present(answers)
        if answers.get("reason") in excused:
            return "excused"
        return "one" if int(facts["expected"]) - present == 1 and present > 0 else "more"

    return label
