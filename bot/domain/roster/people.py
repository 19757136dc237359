"""The people of a row beside the learner: the tutor at the host's, and the guardians."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.person import Role
from bot.domain.programme import Programme
from bot.domain.programme.journey import TUTOR_LANGUAGES
from bot.domain.roster.cells import CellError
from bot.domain.roster.fields import EXTERNALS, GUARDIANS, Field
from bot.domain.roster.line import Line
from bot.domain.roster.row import Guardian, Tutor
from bot.domain.roster.vocabulary import read_language
from bot.i18n import _, say, sentence_of


def read_spoken(line: Line, field: Field, spoken: Sequence[str], instead: str) -> str:
    """The language to write in. One that our side does not speak is kept, and said."""
    language = line.take(field, read_language) or instead
    if language not in spoken and not line.blank(field):
        text = _("the programme does not speak {language} ({spoken}): the nearest of these is used")
        line.odd(field, say(text, language=language, spoken=", ".join(spoken)))
    return language


def read_working_language(line: Line) -> str:
    """The language at the host's. What is no language is said and left out: the place tells it then."""
    written = line.cell(Field.WORKING_LANGUAGE)
    if line.blank(Field.WORKING_LANGUAGE):
        return ""
    try:
        return read_language(written)
    except CellError as error:
        line.odd(Field.WORKING_LANGUAGE, say(sentence_of(error)))
        return ""


def read_tutor(line: Line, region: str) -> Tutor | None:
    """The tutor; None where nobody is named. Their page speaks languages of its own."""
    name, email, phone = (
        line.name(Field.TUTOR_NAME),
        line.email(Field.TUTOR_EMAIL),
        _number(line, Field.TUTOR_PHONE, region),
    )
    language = read_spoken(line, Field.TUTOR_LANGUAGE, TUTOR_LANGUAGES, "en")
    if name:
        return Tutor(name, email, language, phone)
    if not line.blank(Field.TUTOR_EMAIL):
        line.wrong(Field.TUTOR_NAME, say(_("the tutor has an e-mail address but no name: write the name")))
    elif not line.blank(Field.TUTOR_PHONE):
        line.wrong(Field.TUTOR_NAME, say(_("there is a phone but no name: write the name")))
    return None


def read_externals(line: Line, programme: Programme, home: str, there: str, *, guest: bool) -> dict[Role, Tutor]:
    """The employer, whose numbers are those of home; the teacher at the partner school, whose are those of the host's, or of
    a guest's home; the host family, who live where the stay is.
    """
    found, own = {}, programme.programme.language
    at_home = {Role.EMPLOYER, Role.PARTNER} if guest else {Role.EMPLOYER}
    ours = {Role.EMPLOYER, Role.HOST_FAMILY} if guest else {Role.EMPLOYER}
    for role, (named, mailed, called, spoken) in EXTERNALS.items():
        name, email = line.name(named, 120), line.email(mailed)
        phone = _number(line, called, home if role in at_home else there)
        instead = own if role in ours else "en"
        language = read_spoken(line, spoken, programme.programme.languages, instead) if spoken else instead
        if name:
            found[role] = Tutor(name, email, language, phone)
        elif not (line.blank(mailed) and line.blank(called)):
            line.wrong(named, say(_("there is an e-mail address or a phone but no name: write the name")))
    return found


def read_teacher(line: Line, region: str) -> tuple[str, str | None]:
    """The teacher's name and phone, each where it is given."""
    name, phone = line.name(Field.TEACHER), _number(line, Field.TEACHER_PHONE, region)
    if not name and not line.blank(Field.TEACHER_PHONE):
        line.wrong(Field.TEACHER, say(_("there is a phone but no name: write the name")))
    return name, phone


def _number(line: Line, field: Field, region: str) -> str | None:
    """A phone; unread where the row does not say in which country it would be dialled."""
    return line.phone(field, region) if region else None


def read_guardians(line: Line, programme: Programme, region: str, language: str) -> tuple[Guardian, ...]:
    """Up to two guardians; the second may stand alone. Their language is the learner's unless another is given."""
    found = (_guardian(line, programme, region, language, fields) for fields in GUARDIANS)
    return tuple(guardian for guardian in found if guardian)


def _guardian(
    line: Line, programme: Programme, region: str, language: str, fields: tuple[Field, Field, Field, Field]
) -> Guardian | None:
    named, mailed, called, spoken = fields
    name, email, phone = line.name(named), line.email(mailed), line.phone(called, region)
    speaks = read_spoken(line, spoken, programme.programme.languages, language)
    if name:
        if line.blank(mailed) and line.blank(called):
            text = _("{name} has neither e-mail nor phone: nobody can reach this guardian")
            line.odd(named, say(text, name=name))
        return Guardian(name, email, phone, speaks)
    if not (line.blank(mailed) and line.blank(called)):
        line.wrong(named, say(_("this guardian has an e-mail or a phone but no name: write the name")))
    return None
