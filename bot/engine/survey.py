"""Steps built from the questions a school writes: a series with its verdict, and a moment that must be confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.level import Level, worst
from bot.domain.programme import Landmark, Question
from bot.domain.programme.journey import Answer
from bot.domain.spelling import plain
from bot.engine.answer_words import YES
from bot.engine.effect import Answers, Effect, Facts, OpenCase, Rule, always
from bot.engine.step import END, Branch, Choice, Choose, Say, Step, Wait, Write
from bot.i18n import LANGUAGES, Text, _, render

BARE_YES = ("oui", "yes", "si", "ja", "sim", "tak", "так", "نعم")
"""One for each language that buttons speak; what else means yes is known where typed words are understood."""
PATIENCE = timedelta(hours=12)
"""How long a later question of a series waits before the series is taken as it stands."""

VERDICT = "verdict"
UNFINISHED = "unfinished"
"""The verdict of a series that silence broke off: without anything the matter, nothing is said."""


def survey(
    questions: Sequence[Question],
    first_wait: Wait | None,
    first_silence: str,
    well: Text,
    then: str = END,
    *,
    between: tuple[Step, ...] = (),
    doubt: Rule | None = None,
    after_all: tuple[Step, ...] = (),
) -> tuple[Step, ...]:
    """The questions one after the other, then the verdict: `well` is said where nothing is the matter.

    A `today` answer opens its case at once and the series goes on; a `now` answer opens it and ends the series
    (whoever opens a case of that level answers with the emergency numbers);
    a `follow_up` answer is told at the verdict. Silence in the middle weighs what was said so far: nothing is lost.
    The first question waits `first_wait` and then goes to `first_silence`. What comes `between` the last question and
    the verdict is asked as well; `doubt` weighs at the verdict what was said before the series. What comes `after_all` is
    asked where all is well, and leads to its thanks.
    """
    names = [_name(question) for question in questions] + [between[0].id if between else VERDICT]
    steps: list[Step] = []
    for place, question in enumerate(questions):
        steps += _asked(question, names[place + 1], (place + 1, len(questions)))
    if first_wait is not None and isinstance(steps[0], Choose):
        steps[0] = replace(steps[0], wait=first_wait, silence=first_silence)
    steps += between
    ends = _verdict(questions, well, then, doubt, after_all)
    if not any(UNFINISHED in step.exits().values() for step in steps):
        ends = tuple(end for end in ends if end.id not in {UNFINISHED, "pause"})
    return (*steps, *ends)


def _name(question: Question) -> str:
    """The first step of a question: a fork, where not every stay has it."""
    return f"whether_{question.id}" if question.conditional else question.id


def _asked(question: Question, after: str, progress: tuple[int, int]) -> list[Step]:
    asked: list[Step] = [_written(question, after)]
    if question.choices:
        asked = _question(question, after, progress)
    if not question.conditional:
        return asked

    def applies(facts: Facts, answers: Answers) -> str:
        held = facts.get("holding")
        return "asked" if held is None or question.applies(frozenset(held)) else "not asked"

    return [Branch(_name(question), applies, {"asked": question.id, "not asked": after}), *asked]


def _written(question: Question, after: str) -> Write:
    """Words of one's own. They stay with the answer; nobody is sent them."""
    nothing = Choice("nothing", _("No, that's all"), after, ("non", "no", "rien", "nada"))
    return Write(question.id, question.text, after, nothing, wait=PATIENCE, silence=UNFINISHED)


def _question(question: Question, after: str, progress: tuple[int, int]) -> list[Step]:
    ways = {answer.id: VERDICT if answer.ends else after for answer in question.choices}
    bare = _for_a_bare_yes(question)
    choices = tuple(
        Choice(each.id, each.label, _first(question, each, ways[each.id]), BARE_YES if each.id == bare else ())
        for each in question.choices
    )
    place = None if any(answer.ends for answer in question.choices) else progress
    asked = Choose(question.id, question.text, choices, wait=PATIENCE, silence=UNFINISHED, progress=place)
    told = [step for answer in question.choices for step in _consequence(question, answer, ways[answer.id])]
    return [asked, *told]


def _for_a_bare_yes(question: Question) -> str | None:
    """Where one yes says that all is well and another goes on to ask, who types only yes has said the lesser of the two."""
    yes = [each for each in question.choices if _begins_with_yes(each.label)]
    going_on = [each.id for each in yes if not each.ends]
    return going_on[0] if len(yes) > 1 and len(going_on) == 1 else None


def _begins_with_yes(label: Text) -> bool:
    starts = (
        plain(render(label, language)).split()[:1] for language in (label if isinstance(label, dict) else LANGUAGES)
    )
    return any(start and start[0] in YES for start in starts)


def _first(question: Question, answer: Answer, after: str) -> str:
    steps = _consequence(question, answer, after)
    return steps[0].id if steps else after


def _consequence(question: Question, answer: Answer, after: str) -> list[Step]:
    """What one answer leads to before the next question."""
    name = f"{question.id}_{answer.id}"
    opened = always(OpenCase(answer.level, question.id, answer.id))
    if answer.level is Level.NOW:
        return [Say(name, answer.reply, END, (opened,))]
    if answer.level is Level.TODAY or answer.reply:
        effects = (opened,) if answer.level is Level.TODAY else ()
        return [Say(name, answer.reply, after, effects, receipt=not effects)]
    return []


def _verdict(
    questions: Sequence[Question], well: Text, then: str, doubt: Rule | None, after_all: tuple[Step, ...]
) -> tuple[Step, ...]:
    def weigh(facts: Facts, answers: Answers) -> str:
        doubted = doubt(facts, answers) if doubt else None
        more = doubted.level if isinstance(doubted, OpenCase) else Level.NONE
        level = worst([_gravest(questions, answers)[0], trend(facts, answers), more])
        return {Level.NONE: "well", Level.FOLLOW_UP: "follow_up"}.get(level, "today")

    follow_up = _("Noted, thank you {name}. {coordinator} will get back to you in the next few days.")
    today = _("Noted, thank you {name}. {coordinator} writes to you today. If it is urgent: SOS, or {emergency}.")
    roads = {"follow_up": "follow_up", "today": "today"}
    broken: tuple[Step, ...] = (Branch(UNFINISHED, weigh, roads | {"well": "pause"}), Say("pause", None))
    return (
        Branch(VERDICT, weigh, roads | {"well": after_all[0].id if after_all else "well"}),
        *broken,
        Say("follow_up", follow_up, then, (_tell(questions, doubt),), once=True),
        Say("today", today, then, (_tell(questions, doubt),), once=True),
        *after_all,
        Say("well", well, then, receipt=True),
    )


def trend(facts: Facts, answers: Answers) -> Level:
    """What this week's answer says beside last week's; the facts hold the scale and the answer before."""
    rule = facts.get("trend")
    now = answers.get(rule["question"]) if rule else None
    if not rule or now is None or rule["before"] is None:
        return Level.NONE
    scale: list[str] = rule["scale"]
    if now not in scale or rule["before"] not in scale:
        return Level.NONE
    low_again = now in rule["low"] and rule["before"] in rule["low"]
    dropped = scale.index(now) - scale.index(rule["before"]) >= rule["drop"]
    return Level(rule["level"]) if low_again or dropped else Level.NONE


def _tell(questions: Sequence[Question], doubt: Rule | None) -> Rule:
    """The case of the verdict; a `today` answer has opened its own already."""

    def rule(facts: Facts, answers: Answers) -> Effect | None:
        level, topic, answer = _gravest(questions, answers)
        told = trend(facts, answers)
        if told.rank > level.rank:
            return OpenCase(told, "trend")
        if level is Level.NONE and doubt is not None:
            return doubt(facts, answers)
        return OpenCase(level, topic, answer) if level is Level.FOLLOW_UP else None

    return rule


def _gravest(questions: Sequence[Question], answers: Answers) -> tuple[Level, str, str]:
    """The gravest answer of a series: its level, its question, its id."""
    given = [
        (answer.level, question.id, answer.id)
        for question in questions
        for answer in question.choices
        if answers.get(question.id) == answer.id
    ]
    return max(given, key=lambda each: each[0].rank, default=(Level.NONE, "", ""))


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
        Say("noted", _("Thank you {name}, that is good to know."), receipt=True),
        Say("problem", _("Thank you for telling me. I am telling {coordinator} now. If it is urgent: SOS, or {emergency}."), END,
            (always(OpenCase(landmark.missing.level, "problem")),)),
    )  # fmt: skip
    missed = Say("missed", None, END, (always(OpenCase(landmark.missing.level, "missed")),))
    return (*questions, *nudges, *(answered if nudges else ()), missed)
