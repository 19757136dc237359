"""What a programme says against itself. Each kind of rule is a file beside this one."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from bot.domain.programme.check_answers import answer_errors, answer_warnings, distress_errors
from bot.domain.programme.check_conditions import condition_errors
from bot.domain.programme.check_family import family_errors
from bot.domain.programme.check_files import file_errors, file_warnings, retention_errors
from bot.domain.programme.check_rules import help_errors, link_errors, rule_errors
from bot.domain.programme.check_texts import text_errors, text_warnings, wording_warnings
from bot.domain.programme.check_times import (
    check_in_warnings,
    green_light_errors,
    green_light_warnings,
    rhythm_errors,
    silence_errors,
    time_errors,
    time_warnings,
    watch_errors,
)
from bot.domain.programme.load import load
from bot.domain.programme.model import Programme
from bot.domain.programme.problem import Problem, ProgrammeError

ERRORS = (
    rule_errors,
    time_errors,
    green_light_errors,
    watch_errors,
    silence_errors,
    rhythm_errors,
    answer_errors,
    condition_errors,
    file_errors,
    retention_errors,
    help_errors,
    link_errors,
    distress_errors,
    family_errors,
    text_errors,
)
WARNINGS = (
    time_warnings,
    check_in_warnings,
    green_light_warnings,
    answer_warnings,
    file_warnings,
    text_warnings,
    wording_warnings,
)


def check(programme: Programme) -> tuple[Problem, ...]:
    """What must be mended before the programme can be used."""
    return tuple(dict.fromkeys(chain.from_iterable(rule(programme) for rule in ERRORS)))


def warnings(programme: Programme) -> tuple[Problem, ...]:
    """What works, but probably not as it was meant."""
    return tuple(dict.fromkeys(chain.from_iterable(rule(programme) for rule in WARNINGS)))


def load_checked(text: str, name: str, *, shipped: str = "", beside: Mapping[str, str] | None = None) -> Programme:
    """The programme that a text describes, fit for use; what is given is what `load` takes.

    Raises:
        ProgrammeError: it cannot be read, or it says something against itself.
    """
    programme = load(text, name, shipped=shipped, beside=beside)
    problems = check(programme)
    if problems:
        raise ProgrammeError(problems, name)
    return programme
