"""Countries, holidays, levels and their ladders; help lines that can be dialled and are not too old to be trusted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from babel import Locale

from bot.domain.level import Level
from bot.domain.programme.help import HOME, HelpLine
from bot.domain.programme.journey import Attendance
from bot.domain.programme.ladder import Pace, Wait
from bot.domain.programme.model import KINDS, Programme
from bot.domain.programme.part import Conditional, Fact
from bot.domain.programme.problem import Problem, numbered
from bot.domain.programme.walk import places
from bot.domain.spelling import nearest
from bot.domain.working_time import public_holidays
from bot.i18n import Sentence, _, _n, say

NEVER_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"})
"""Codes that babel knows and that are no country."""

MIXED_UP = {"UK": "GB", "EL": "GR", "EN": "GB", "GER": "DE"}


def rule_errors(programme: Programme) -> Iterator[Problem]:
    """Codes that nobody knows, and ladders that would leave a case to one person."""
    for name in ("ehic_countries", "ehic_europeans_only", "identity_card_countries"):
        yield from country_errors(f"rules.{name}", getattr(programme.rules, name))
    yield from country_errors("emergency", programme.emergency)
    try:
        public_holidays(programme.hours.holidays, 2026)
    except ValueError:
        code = programme.hours.holidays
        yield Problem(
            "hours",
            "holidays",
            say(_('no public holidays are known for "{code}": write "FR", "FR-57", or "" for none'), code=code),
        )
    for name in programme.rules.sources.keys() - (type(programme.rules).model_fields.keys() - {"sources"}):
        near = nearest(name, type(programme.rules).model_fields)
        yield Problem("rules.sources", name, say(_("there is no such figure in [rules]"), hint=near))
    for track, least in programme.rules.min_days.items():
        if least > programme.rules.max_days.get(track, least):
            yield Problem(
                "rules.min_days", track, say(_("{least} days are more than max_days.{track}"), least=least, track=track)
            )
    yield from _levels(programme)
    yield from _balance(programme)


def _balance(programme: Programme) -> Iterator[Problem]:
    """Items that the balance waits for and that are not there."""
    for kind in KINDS:
        journey = getattr(programme, kind)
        known = [item.id for item in journey.items]
        gate = journey.balance
        named = (
            []
            if gate is None
            else [("paid", gate.paid), ("dates", gate.dates), *(("needs", name) for name in gate.needs)]
        )
        named += [("allowance", gate.allowance)] if gate is not None and gate.allowance else []
        for field, name in named:
            if name not in known:
                yield Problem(
                    f"{kind}.balance", field, say(_('there is no item "{name}"'), hint=nearest(name, known), name=name)
                )


def country_errors(where: str, codes: Iterable[str]) -> Iterator[Problem]:
    """Codes that are no country's."""
    territories = (str(code) for code in Locale("en").territories)
    countries = {code for code in territories if len(code) == 2 and code.isalpha()} - NEVER_COUNTRIES
    for code in codes:
        if code not in countries:
            near = MIXED_UP.get(code)
            known = _("this is no country code of two capital letters (ISO 3166)")
            text = known if near else _('this is no country code of two capital letters (ISO 3166): write it as "NO"')
            yield Problem(where, code, say(text, hint=near))


def _levels(programme: Programme) -> Iterator[Problem]:
    if Level.NONE in programme.levels:
        yield Problem("levels", "none", say(_("`none` opens no case: remove its ladder")))
    for level in (Level.FOLLOW_UP, Level.TODAY, Level.NOW):
        rules = programme.levels.get(level)
        if rules is None:
            yield Problem("levels", level.value, say(_("it is missing: Compagnon opens cases of this level")))
        elif len({role for rung in rules.rungs for role in rung.to}) < 2:
            yield Problem(
                f"levels.{level}", "rungs", say(_("at least two different roles: one person may be ill or asleep"))
            )
    now = programme.levels.get(Level.NOW)
    if now and now.pace is not Pace.ALWAYS:
        yield Problem("levels.now", "pace", say(_('write "always": what is for now waits for nobody\'s working hours')))
    yield from _order(programme)


def _order(programme: Programme) -> Iterator[Problem]:
    """A graver level climbs sooner than a lighter one."""
    found = [(level, programme.levels[level].rungs[0].wait) for level in Level if level in programme.levels]
    for (lighter, longer), (graver, shorter) in pairwise(found):
        if _length(shorter) > _length(longer):
            says = say(
                _("{graver} waits {shorter} before it climbs, longer than {lighter}, {longer}"),
                graver=graver,
                shorter=shorter,
                lighter=lighter,
                longer=longer,
            )
            yield Problem(numbered(f"levels.{graver}.rungs", 1), "wait", says)


def _length(wait: Wait) -> timedelta:
    return timedelta(days=wait.days) + wait.span


FRENCH_ONLY = frozenset({"3114", "119", "3018"})
"""Suicide prevention, childhood in danger, violence online: they answer in France only."""
_NUMBER = re.compile(r"\+?\d[\d .()-]*( / \+?\d[\d .()-]*)?")


def help_errors(programme: Programme) -> Iterator[Problem]:
    """Countries that are none, numbers that cannot be dialled, French lines where they do not answer."""
    for number, line in enumerate(programme.help.lines, 1):
        where = numbered("help.lines", number)
        yield from country_errors(where, line.countries)
        if not _NUMBER.fullmatch(line.number):
            yield Problem(
                where,
                "number",
                say(_('"{number}" cannot be dialled: write it as "+49 30 1234567" or "116 111"'), number=line.number),
            )
        elif line.what in {"child", "adult"} and _digits(line) in FRENCH_ONLY and line.countries != (HOME,):
            yield Problem(
                where,
                "number",
                say(_('{number} answers in France only: write countries = ["FR"], or remove it'), number=line.number),
            )


def link_errors(programme: Programme) -> Iterator[Problem]:
    """Addresses that no browser opens safely."""
    for link in programme.links.pages:
        if not re.fullmatch(r"https://[^\s/]+\.[^\s]+", link.address):
            says = say(_('"{given}" is no address that can be shown: write it as "https://…"'), given=link.address)
            yield Problem(f'links.pages "{link.id}"', "address", says)


def old_links(programme: Programme, today: date) -> Iterator[Problem]:
    """Links at which nobody has looked for a year, in one line."""
    old = [link.id for link in programme.links.every() if link.stale(today)]
    if old:
        text = _n(
            "at {count} link nobody has looked for a year: {names}. Ask it with python3 run.py links --check, then write the date",
            "at {count} links nobody has looked for a year: {names}. Ask them with python3 run.py links --check, then write the dates",
        )
        yield Problem("links", "checked", say(text, count=len(old), names=", ".join(old)))


def old_numbers(programme: Programme, today: date) -> Iterator[Problem]:
    """Lines, the school's and Compagnon's own, that nobody has compared with their source for a year."""
    served: set[tuple[str, str]] = set()
    for line in programme.help.every():
        names = {(line.what, country) for country in line.countries or ("",)}
        if not names <= served and line.stale(today):
            yield Problem("help.lines", f"{line.what} {line.number}", _compare(line))
        served |= names


def old_facts(programme: Programme, today: date) -> Iterator[Problem]:
    """Facts of the school's programme that nobody has compared with their source for a year."""
    for name, fact in programme.rules.sources.items():
        if fact.stale(today):
            yield Problem("rules", name, _compare(fact))
    for place in places(programme):
        if isinstance(place.part, Conditional | Attendance) and place.part.rule and place.part.rule.stale(today):
            yield Problem(place.where, "rule", _compare(place.part.rule))


def _compare(fact: Fact) -> Sentence:
    text = _("last compared with its source on {checked} ({source}): look there, then write it with today's date")
    return say(text, checked=fact.checked, source=fact.source)


def _digits(line: HelpLine) -> str:
    return re.sub(r"\D", "", line.number)
