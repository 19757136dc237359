"""The weekly check-in: one question with one press. What the school asks beside it comes where something is not well,
half-way through the stay, or whenever the programme says so. Two gentle reminders, then an adult.

Never "last reminder", never guilt. An answer two days late counts for its week.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from bot.domain.level import Level, worst
from bot.domain.programme import Attendance, CheckIn
from bot.engine.effect import Answers, Facts, OpenCase, Rule, always
from bot.engine.flow import Flow
from bot.engine.step import END, Branch, Choice, Choose, Question, Say, Step, Write
from bot.engine.survey import PATIENCE, UNFINISHED, VERDICT, survey
from bot.flows.attendance import attendance_steps
from bot.i18n import Text, _

WELL = _("Thank you {name}, I have noted it. Have a good week!")
FINE = ("ca va", "oui", "ok", "fine", "yes", "bien", "si", "todo bien", "i'm fine")
SO_SO = ("pas trop", "bof", "moyen", "not really", "no", "non", "regular", "mas o menos")
CALL = ("appelle moi", "call me", "llamame")
PULSE = "pulse"
"""The one question of a good week. Its reminders offer the same answers."""


def asked_in_general(question: Question) -> Text:
    """How adults read a question whose words change from week to week."""
    return _("How is it going?") if isinstance(question, Choose) and question.variants else question.text


def build(check_in: CheckIn, attendance: Attendance | None = None, after_all: tuple[Step, ...] = ()) -> Flow:
    """`attendance` is asked with it where the programme joins the two; `after_all`, of whoever had a good week."""
    gaps = _gaps(check_in)
    names = [*(f"nudge_{place}" for place in range(1, len(gaps))), "missed"]
    more = _more(check_in, attendance, after_all)
    return Flow(
        "check_in",
        (
            Choose(PULSE, check_in.opening, _answers(attendance), gaps[0], names[0], variants=tuple(each.text for each in check_in.openings)),
            *_nudges(check_in, gaps, names, _answers(attendance)),
            Branch("how_deep", _depth, {"one question": VERDICT, "all of them": "in_full"}),
            Say("in_full", _("Good to know. A few more questions today, this once."), more[0].id, receipt=True),
            Say("listening", _("Thank you for telling me. A few questions help me see where it comes from."),
                more[0].id, receipt=True),
            *more,
            Say("calling", _("All right. I am telling {coordinator} now, who will call you today. If it is urgent: SOS, or {emergency}."),
                END, (always(OpenCase(Level.TODAY, "nudge", "call")),)),
            Say("missed", None, END, (_missed(check_in),)),
        ),
    )  # fmt: skip


def _answers(attendance: Attendance | None) -> tuple[Choice, ...]:
    fine = Choice("fine", _("🙂 Fine"), "how_deep", FINE)
    present = (
        Choice("fine", _("🙂 Fine, no day missed"), "how_deep", FINE),
        Choice("absent", _("🙂 Fine, but I missed work"), "days"),
    )
    return (
        *(present if attendance else (fine,)),
        Choice("so_so", _("😐 So-so"), "listening", SO_SO),
        Choice("call", _("📞 Call me"), "calling", CALL),
    )


def _more(check_in: CheckIn, attendance: Attendance | None, after_all: tuple[Step, ...]) -> tuple[Step, ...]:
    """The school's questions, the words of one's own, the days at work; then one end."""
    note = (_note("days_known" if attendance else VERDICT),) if check_in.note else ()
    work = attendance_steps(attendance, VERDICT, UNFINISHED, PATIENCE, UNFINISHED) if attendance else ()
    known = (Branch("days_known", _work, {"to be asked": "days", "known": VERDICT}), *work) if attendance else ()
    between = (*((Branch("own_words", _words, {"asked": "note", "not asked": known[0].id if known else VERDICT}), *note) if note else ()), *known)  # fmt: skip
    return survey(check_in.questions, None, UNFINISHED, WELL, between=between, doubt=_doubt, after_all=after_all)


def _note(then: str) -> Write:
    """The one place for words of one's own. They stay with the answer; nobody is sent them."""
    nothing = Choice("nothing", _("No, that's all"), then, ("non", "no", "rien", "nada"))
    asked = _("Anything to add in your own words? {coordinator} can read it.")
    return Write("note", asked, then, nothing, timedelta(hours=6), then)


def _gaps(check_in: CheckIn) -> list[timedelta]:
    """The waits between the question, its reminders and the case."""
    hours = [0, *check_in.remind_hours, check_in.missed_after_hours]
    return [timedelta(hours=later - sooner) for sooner, later in pairwise(hours)]


def _nudges(
    check_in: CheckIn, gaps: list[timedelta], names: list[str], choices: tuple[Choice, ...]
) -> tuple[Step, ...]:
    texts = (check_in.nudge, *(each.text for each in check_in.nudges))
    return tuple(
        Choose(name, texts[place % len(texts)], choices, wait=wait, silence=after)
        for place, (name, wait, after) in enumerate(zip(names[:-1], gaps[1:], names[1:], strict=True))
    )


def _given(answers: Answers) -> str | None:
    """The answer to the question, or to the reminder that was answered last."""
    asked = [step for step in answers if step == PULSE or step.startswith("nudge_")]
    return answers[asked[-1]] if asked else None


def _depth(facts: Facts, answers: Answers) -> str:
    return "all of them" if facts.get("in_full") else "one question"


def _words(facts: Facts, answers: Answers) -> str:
    return "asked" if _given(answers) == "so_so" else "not asked"


def _work(facts: Facts, answers: Answers) -> str:
    return "known" if _given(answers) == "fine" or not facts.get("expected") else "to be asked"


def _doubt(facts: Facts, answers: Answers) -> OpenCase | None:
    """Whoever says so-so and then nothing more is asked after by an adult."""
    told = {step for step, answer in answers.items() if answer is not None}
    alone = all(step == PULSE or step.startswith("nudge_") for step in told)
    return OpenCase(Level.FOLLOW_UP, "nudge", "so_so") if alone and _given(answers) == "so_so" else None


def _missed(check_in: CheckIn) -> Rule:
    """The first silence of a minor, and the second in a row of anybody, is graver than the first of an adult."""

    def rule(facts: Facts, answers: Answers) -> OpenCase:
        first = check_in.missed_minor if facts.get("minor") else check_in.missed
        return OpenCase(worst((first, check_in.missed_again)) if facts.get("missed_before") else first, "missed")

    return rule
