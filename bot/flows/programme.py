"""Whether every conversation of a programme can be built: the school's ids share a table with Compagnon's own steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.domain.programme import Attendance, CheckIn, Item, Journey, Landmark, Message, Programme
from bot.domain.programme.check import load_checked
from bot.domain.programme.part import Part
from bot.domain.programme.problem import Problem, ProgrammeError
from bot.domain.programme.walk import places
from bot.domain.stay import Kind
from bot.engine.flow import TWICE, Flow, FlowError
from bot.flows import attendance, build_item, check_in, landmark, message
from bot.flows.learned import after_a_good_week
from bot.i18n import _, say

TAKEN = say(_("another step of this conversation has this name"))


def load_ready(text: str, name: str, *, shipped: str = "", beside: Mapping[str, str] | None = None) -> Programme:
    """The programme that a text describes, fit for use, its conversations included; what is given is what `load` takes.

    Raises:
        ProgrammeError: it cannot be read, says something against itself, or a conversation cannot be built.
    """
    programme = load_checked(text, name, shipped=shipped, beside=beside)
    problems = tuple(flow_errors(programme))
    if problems:
        raise ProgrammeError(problems, name)
    return programme


def flow_errors(programme: Programme) -> Iterator[Problem]:
    """Ids that meet the name of another step, questions that nobody can answer."""
    for kind in Kind:
        journey = programme.journey(kind)
        for place in places(journey, kind):
            try:
                _build(place.part, journey)
            except FlowError as error:
                yield _problem(place.where, place.part, error)


def _build(part: Part, journey: Journey) -> Flow | None:
    """The conversation that a part of the programme becomes; None for one that is no conversation."""
    match part:
        case Item() if part.asks_learner:
            return build_item(part, journey)
        case Message():
            return message.build(part)
        case Landmark():
            return landmark.arrival(part)
        case CheckIn():
            return check_in.build(part, journey.asked_together, after_a_good_week(journey))
        case Attendance():
            return attendance.build(part)
    return None


def _problem(where: str, part: Part, error: FlowError) -> Problem:
    """The question or the answer whose id is taken, as the writer knows it."""
    questions = part.questions if isinstance(part, CheckIn | Landmark) and error.says == TWICE else ()
    for question in questions:
        if question.id == error.step:
            return Problem(f'{where}.questions "{question.id}"', "id", say(_("{taken}: take another"), taken=TAKEN))
    for question in questions:
        for answer in question.choices:
            if f"{question.id}_{answer.id}" == error.step:
                says = say(_('{taken}, with its question\'s ("{step}"): take another'), taken=TAKEN, step=error.step)
                return Problem(f'{where}.questions "{question.id}", choices "{answer.id}"', "id", says)
    return Problem(
        where, "", say(_('no conversation can be made of it: at "{step}", {says}'), step=error.step, says=error.says)
    )
