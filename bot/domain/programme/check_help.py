"""Help lines: numbers that can be dialled, where they answer, and not too old to be trusted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.domain.programme.check_rules import country_errors
from bot.domain.programme.help import HOME, HelpLine
from bot.domain.programme.model import Programme
from bot.domain.programme.problem import Problem

FRENCH_ONLY = frozenset({"3114", "119", "3018"})
"""Suicide prevention, childhood in danger, violence online: they answer in France only."""
_NUMBER = re.compile(r"\+?\d[\d .()-]*")


def help_errors(programme: Programme) -> Iterator[Problem]:
    """Countries that are none, numbers that cannot be dialled, French lines where they do not answer."""
    for number, line in enumerate(programme.help.lines, 1):
        where = f"help.lines no. {number}"
        yield from country_errors(where, line.countries)
        if not _NUMBER.fullmatch(line.number):
            yield Problem(
                where, "number", f'"{line.number}" cannot be dialled: write it as "+49 30 1234567" or "116 111"'
            )
        elif line.what in {"child", "adult"} and _digits(line) in FRENCH_ONLY and line.countries != (HOME,):
            yield Problem(
                where, "number", f'{line.number} answers in France only: write countries = ["FR"], or remove it'
            )


def old_numbers(programme: Programme, today: date) -> Iterator[Problem]:
    """Lines, the school's and Compagnon's own, that nobody has compared with their source for a year."""
    served: set[tuple[str, str]] = set()
    for line in programme.help.every():
        names = {(line.what, country) for country in line.countries or ("",)}
        if not names <= served and line.stale(today):
            says = f"last compared with its source on {line.checked} ({line.source}): look there, then write it with today's date"
            yield Problem("help.lines", f"{line.what} {line.number}", says)
        served |= names


def _digits(line: HelpLine) -> str:
    return re.sub(r"\D", "", line.number)
