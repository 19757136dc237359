"""The programme as the team reads it: what is asked when, which answers weigh what, who is alerted, how talks run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot import flows
from bot.domain.level import Level
from bot.domain.programme import CheckIn, Item, Journey, Landmark, LevelRules, Programme, Question
from bot.domain.programme.journey import WEEKDAYS
from bot.domain.programme.part import Conditional
from bot.domain.roster.vocabulary import KINDS
from bot.engine.diagram import graph, shown
from bot.i18n import Text, _
from bot.web.desk.flow_drawing import Chart, chart
from bot.web.desk.labels import TITLES
from bot.web.desk.programme_words import (
    HELD,
    PACES,
    PROOFS,
    WHO,
    day_of,
    derived_of,
    hour_of,
    reminders_of,
    wait_of,
    weekday_of,
)
from bot.web.desk.visitor import Missing, Visitor

BEFORE, DURING, AFTER = _("Before departure"), _("While abroad"), _("After the return")
EVERY = _("Every {day} at {hour}")
NAMES: dict[str, Text] = TITLES | {"item": _("An item of the checklist"), "message": _("A message"), "report": _("The report"), "language_test": _("The language test"), "away": _("After an absence of ours")}  # fmt: skip


@dataclass(frozen=True)
class ItemShown:
    """A line of the checklist."""

    id: str
    flow: str
    title: str
    who: str
    due: str
    reminders: str
    proof: str
    only: str
    asked: bool
    blocks: bool


@dataclass(frozen=True)
class Asked:
    """A moment with its questions: what it is, when, and each answer with its level."""

    flow: str
    title: str
    when: str
    questions: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """Each question with its answers, each with the value of its level."""


@dataclass(frozen=True)
class Ladder:
    """A level: who is alerted one after the other."""

    level: str
    pace: str
    rungs: tuple[tuple[str, str], ...]
    repeat: str


@dataclass(frozen=True)
class ProgrammeShown:
    """The page."""

    title: str
    version: str
    kind: str
    kinds: dict[str, Text]
    parts: tuple[tuple[str, tuple[ItemShown, ...]], ...]
    messages: tuple[tuple[str, str, str], ...]
    """When, the words, the id."""
    moments: tuple[Asked, ...]
    ladders: tuple[Ladder, ...]
    levels: dict[str, tuple[str, str]]
    """The symbol and the name of each."""
    others: tuple[tuple[str, str], ...]


def read_programme(programme: Programme, who: Visitor, kind: str) -> ProgrammeShown:
    """What a kind of mobility goes through.

    Raises:
        Missing: there is no such kind.
    """
    if kind not in KINDS:
        raise Missing
    journey = programme.journey(kind)
    return ProgrammeShown(
        title=who.says(programme.programme.title),
        version=programme.programme.version,
        kind=kind,
        kinds=KINDS,
        parts=_parts(programme, who, journey),
        messages=tuple((day_of(who, each.at), shown(each.text, who.language), each.id) for each in journey.messages),
        moments=tuple(_moments(who, journey)),
        ladders=tuple(_ladder(who, level, rules) for level, rules in programme.levels.items()),
        levels={level.value: (rules.symbol, who.says(rules.name)) for level, rules in programme.levels.items()},
        others=tuple((name, who.says(NAMES[name])) for name in ("enrolment", "catch_up", "away")),
    )


def _parts(programme: Programme, who: Visitor, journey: Journey) -> tuple[tuple[str, tuple[ItemShown, ...]], ...]:
    tests = [test for test in (journey.first_test, journey.second_test) if test and test.enabled]
    report = (journey.report,) if journey.report else ()
    found = ((BEFORE, (*journey.before, *tests)), (DURING, journey.during), (AFTER, (*journey.after, *report)))
    return tuple((who.says(name), tuple(_item(programme, who, item) for item in items)) for name, items in found if items)  # fmt: skip


def _item(programme: Programme, who: Visitor, item: Item) -> ItemShown:
    return ItemShown(
        id=item.id,
        flow=item.flow,
        title=shown(item.title, who.language),
        who=who.says(WHO[item.who]),
        due=day_of(who, item.due),
        reminders=reminders_of(who, item.remind) if item.asks_learner else "",
        proof=who.says(PROOFS[item.proof]),
        only=_only(programme, who, item),
        asked=item.asks_learner,
        blocks=item.blocking == "yes",
    )


def _only(programme: Programme, who: Visitor, part: Conditional) -> str:
    """Whom a part is for: all of these, one of those, none of the others."""

    def named(names: Iterable[str], joint: str) -> str:
        texts: dict[str, Text] = {**programme.tags, **KINDS, **HELD}
        return joint.join(who.says(texts[name]) if name in texts else derived_of(who, name) for name in names)

    found = [named(part.when, " + "), named(part.any_of, " / ")]
    if part.unless:
        found.append(who.says(_("not for: {who}"), who=named(part.unless, ", ")))
    return " · ".join(each for each in found if each)


def _moments(who: Visitor, journey: Journey) -> Iterable[Asked]:
    for flow, mark in (("arrival", journey.arrival), ("check_in", journey.check_in), ("safe_return", journey.safe_return)):  # fmt: skip
        if mark:
            yield Asked(flow, who.says(NAMES[flow]), _asked_at(who, mark), _questions(who, mark.questions))
    if journey.attendance:
        rhythm = journey.attendance
        yield Asked("attendance", who.says(NAMES["attendance"]), _every(who, rhythm.weekday, hour_of(who, rhythm.at)), ())  # fmt: skip


def _asked_at(who: Visitor, mark: Landmark | CheckIn) -> str:
    if isinstance(mark, CheckIn):
        return _every(who, mark.weekday, hour_of(who, mark.at))
    return "; ".join(day_of(who, each) for each in (mark.ask, *mark.again))


def _every(who: Visitor, weekday: str, hour: str) -> str:
    return who.says(EVERY, day=weekday_of(who, WEEKDAYS.index(weekday)), hour=hour)


def _questions(who: Visitor, questions: tuple[Question, ...]) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    return tuple(
        (
            shown(question.text, who.language),
            tuple(
                (shown(each.label, who.language), "" if each.level is Level.NONE else each.level.value)
                for each in question.choices
            ),
        )
        for question in questions
    )


def _ladder(who: Visitor, level: Level, rules: LevelRules) -> Ladder:
    rungs = tuple((", ".join(who.says(WHO[name]) for name in rung.to), wait_of(who, rung.wait)) for rung in rules.rungs)
    return Ladder(level.value, who.says(PACES[rules.pace]), rungs, wait_of(who, rules.repeat))


@dataclass(frozen=True)
class FlowShown:
    """One conversation drawn."""

    title: str
    kind: str
    chart: Chart


def read_flow(programme: Programme, who: Visitor, kind: str, flow: str, name: str) -> FlowShown:
    """The drawing of a conversation.

    Raises:
        Missing: the programme has none of that name.
    """
    journey = programme.journey(kind) if kind in KINDS else None
    found = flows.build(flow, journey, kind, name) if journey and flow in flows.NAMES else None
    if journey is None or found is None:
        raise Missing
    item = journey.item(name)
    title = shown(item.title, who.language) if item else who.says(NAMES[flow])
    return FlowShown(title, kind, chart(graph(found, who.language), who.language))
