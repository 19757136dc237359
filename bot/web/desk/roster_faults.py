"""What is wrong with a roster, in the reader's language.

Whoever reads the roster says it in English, for the terminal; here the sentence is recognised by its shape.
One that is not known is shown as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bot.domain.roster import RowProblem
from bot.i18n import Text, _, render

SENTENCES: tuple[str, ...] = (
    _('"{written}…" is too long for a reference: 40 characters at most'),
    _('"{written}" is no date: write it like 31/03/2009 or 2009-03-31'),
    _('"{written}" is no telephone number: write it like +33 6 12 34 56 78'),
    _('"{written}" is no e-mail address: write one address, like prenom.nom@example.org'),
    _("a minor without a guardian: nobody of the family will hear from us"),
    _('"{track}" does not go with the kind "{kind}" in column "{column}"'),
    _('says the same as column "{column}": keep only one of them'),
    _("this column is not known and is left out"),
    _("this cell must not be empty"),
    _("1 column is missing: {names}. Columns found: {found}"),
    _("{number} columns are missing: {names}. Columns found: {found}"),
    _('"{written}" is no tag of the programme'),
    _('"{written}" is no tag of the programme: write one of {tags}'),
    _("the programme does not speak {language} ({spoken}): the nearest of these is used"),
    _("the tutor has an e-mail address but no name: write the name"),
    _("{name} has neither e-mail nor phone: nobody can reach this guardian"),
    _("this guardian has an e-mail or a phone but no name: write the name"),
    _('{country} for a stay of kind "{kind}": check column "{column}"'),
    _("no home country for an incoming learner: {country} and its time zone are taken"),
    _('{late} comes before {early} in column "{column}": correct one of the two'),
    _('{days} days after the day in column "{column}": a stay has {most} days at most'),
    _("{days} days where {least} are needed ({track}, programme guide): the grant may be lost"),
    _("{days} days where {most} at most are funded ({track}, programme guide): the rest is not paid"),
    _("{day} gives an age of {age} at departure: 13 to 99 is expected"),
    _('"{written}" is no country: write its name or its code (DE, ES)'),
    _('"{written}" is no language: write one code (fr, en, es) or name'),
    _('"{written}" is no kind of mobility: write outgoing, incoming or staff (sortant, entrant, personnel)'),
    _('"{written}" is no track: write vet, hed or staff (bac pro, BTS, personnel)'),
    _('"{written}" is no school of the consortium ({known})'),
    _('"{written}" is no time zone: write it like Europe/Madrid'),
    _('{country} has several time zones and "{city}" does not tell which: write one (such as {zones})'),
    _("{country} has several time zones and no city tells which: write one (such as {zones})"),
    _("nothing stands beneath the header: write one row for each stay"),
    _('"{written}" also stands in row {others}: each stay needs its own'),
    _("this reference is in use elsewhere in the consortium: choose another one"),
    _("this reference is that of a member of the team: choose another one"),
    _("{file}: a roster is a .csv, .xlsx or .ods file"),
    _("{file}: there is nothing in this file"),
    _("{file}: {rows} rows; {most} at most can be read at once"),
    _("{file}: line {line}: the quotation marks do not match ({detail})"),
    _("{file}: this is no text: save the sheet as CSV UTF-8, or as .xlsx"),
    _("{file}: this file has a password: save it without"),
    _("{file}: this is no spreadsheet, or it is damaged: save it again"),
    _("{file}: far too much is packed into this file: copy the table into a new one"),
)
HINT = _("Did you mean {words}?")
_ASKED = re.compile(r"(?P<says>.*); did you mean (?P<words>.*)\?", re.DOTALL)


@dataclass(frozen=True)
class Fault:
    """A problem or a remark; `foreign` where it could not be said in the reader's language."""

    row: int
    column: str
    says: str
    foreign: bool


def fault(problem: RowProblem, language: str) -> Fault:
    """A problem of a row as the page tells it."""
    says, foreign = told(problem.says, language)
    return Fault(problem.row, problem.column, says, foreign)


def told(says: str, language: str) -> tuple[str, bool]:
    """The sentence in a language, and whether it had to stay in English."""
    asked = _ASKED.fullmatch(says)
    found = _found(asked["says"] if asked else says)
    if found is None:
        return says, True
    text, values = found
    values = {name: render(value, language) if name == "track" else value for name, value in values.items()}
    words = render(text, language, values)
    return (f"{words}. {render(HINT, language, {'words': asked['words']})}" if asked else words), False


def _found(says: str) -> tuple[Text, dict[str, str]] | None:
    for sentence, shape in _shapes():
        if match := shape.fullmatch(says):
            return sentence, match.groupdict()
    return None


@cache
def _shapes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((each, re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.*)", re.escape(each)), re.DOTALL)) for each in SENTENCES)  # fmt: skip
