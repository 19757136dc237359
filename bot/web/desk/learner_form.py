"""A learner by form: read as a row of the roster is read, shown before it is applied, and never over what a colleague wrote."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from babel import Locale
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.domain.programme.journey import TUTOR_LANGUAGES
from bot.domain.rights import Act
from bot.domain.roster import KnownSchool
from bot.domain.roster.cells import CellError
from bot.domain.roster.countries import read_country
from bot.domain.roster.fields import Field, label
from bot.domain.roster.form import ALIKE, DAYS, SECTIONS, Merged, Written, is_needed, merged, sent_values, written
from bot.domain.roster.row import Roster, RowProblem
from bot.domain.roster.rows import read_values
from bot.domain.roster.vocabulary import KINDS, TRACKS
from bot.domain.stay import Kind, Track
from bot.handlers.people.known_people import known_stay
from bot.handlers.people.roster_preview import Preview, preview, schools_of
from bot.i18n import LANGUAGES, Text, _, dated, told
from bot.store.db import Tx
from bot.store.stays import StayRow
from bot.web.common.guard import row_number
from bot.web.common.templates import root_of
from bot.web.desk.column_help import HINTS
from bot.web.desk.page import Desk
from bot.web.desk.roster_import import Draft, Drafts, allowed
from bot.web.desk.visitor import Missing, Visitor, stay_within

MOST_FIELDS = 120
SAME = _("Nothing differs from what is known: there is nothing to apply.")
ELSEWHERE = _("These days have nothing to do with the stay that is known. For a further stay write a new one.")


@dataclass(frozen=True)
class Box:
    """One field of the form."""

    name: str
    title: str
    kind: str
    value: str
    needed: bool
    hint: str
    faults: tuple[str, ...]
    choices: tuple[tuple[str, str], ...] = ()
    fixed: bool = False


@dataclass(frozen=True)
class LearnerForm:
    """Its pages: an empty form, that of a stay, and what is sent."""

    desk: Desk
    drafts: Drafts

    async def blank(self, request: Request) -> Response:
        """Somebody new; `?like=` names a stay whose class, place and days are taken over."""

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            allowed(who)
            return self._shown(tx, who, None, self._begun(tx, who, request) or _like(tx, who, request))

        who, values = await self.desk.ask(request, read)
        return self.desk.page(request, who, "learner_form.html", values)

    async def edit(self, request: Request) -> Response:
        """A stay as it is known."""

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            row = stay_within(tx, who, request.path_params["number"], Act.IMPORT)
            now = _known(tx, who, row)
            return self._shown(tx, who, row, self._begun(tx, who, request) or now, was=now)

        who, values = await self.desk.ask(request, read)
        return self.desk.page(request, who, "learner_form.html", values)

    async def send(self, request: Request) -> Response:
        """What was written is read and shown; nothing is brought in. What cannot be read is said beside its field."""
        form = await self.desk.form(request, MOST_FIELDS)

        def act(tx: Tx, who: Visitor) -> str | dict[str, Any]:
            number = request.path_params.get("number")
            row = stay_within(tx, who, number, Act.IMPORT) if number else None
            allowed(who)
            return self._read(tx, who, row, sent_values(form), _was(form))

        who, found = await self.desk.ask(request, act)
        if isinstance(found, str):
            return RedirectResponse(f"{root_of(request)}/import/{found}", 303)
        answer = self.desk.page(request, who, "learner_form.html", found)
        answer.status_code = 422
        return answer

    def _read(self, tx: Tx, who: Visitor, row: StayRow | None, sent: Written, was: Written) -> str | dict[str, Any]:
        """The token of a preview, or the form once more."""
        now = _known(tx, who, row) if row else {}
        together = merged(sent, was, now) if row else Merged(sent, ())
        if row:
            together.values.update({field: now[field] for field in _fixed(row) if field in now})
        roster, shown = _previewed(tx, who, row, together.values)
        problems = shown.problems
        if not problems and row and shown.difference.rows[0].stay != row.id:
            problems = (RowProblem(1, Field.DEPARTURE, ELSEWHERE),)
        if problems or together.others or not shown.changes:
            note = "" if problems or together.others else SAME
            return self._shown(tx, who, row, together.values, now, problems, together.others, note)
        path = f"/learners/{row.id}/edit" if row else "/learners/new"
        name = f"{together.values[Field.FIRST_NAME]} {together.values[Field.LAST_NAME]}"
        return self.drafts.keep(Draft(who.adult.person, name, roster, tx.now, path, together.values))

    def _begun(self, tx: Tx, who: Visitor, request: Request) -> Written | None:
        """What somebody wrote already, who comes back from the preview."""
        draft = self.drafts.find(request.query_params.get("draft", ""), who.adult.person, tx.now)
        return draft.values if draft and draft.values else None

    def _shown(
        self,
        tx: Tx,
        who: Visitor,
        row: StayRow | None,
        values: Written,
        was: Written | None = None,
        problems: tuple[RowProblem, ...] = (),
        others: tuple[tuple[Field, str, str], ...] = (),
        note: Text = "",
    ) -> dict[str, Any]:
        faults: dict[Field | None, list[str]] = {}
        for each in problems:
            place = each.column if isinstance(each.column, Field) else None
            faults.setdefault(place, []).append(told(each.says, who.language))
        draw = _Drawn(tx, who, row, values, faults)
        return {
            "stay": row.id if row else None,
            "learner": row.person.full_name if row else "",
            "sections": [(title, is_open, draw.boxes(fields)) for title, is_open, fields in SECTIONS],
            "tags": draw.tags(),
            "was": json.dumps({field.name: value for field, value in (was or {}).items()}),
            "faults": faults.get(None, []),
            "wrong": [(field.name.lower(), label(field, who.language)) for field in faults if field],
            "others": [(label(field, who.language), old, new) for field, old, new in others],
            "note": note,
        }


def _fixed(row: StayRow) -> tuple[Field, ...]:
    """What a form does not change: the reference, and the language of whoever has begun, which is their own."""
    begun = (row.enrolled_at or row.person.last_sign_at) is not None
    return (Field.REFERENCE, Field.LANGUAGE) if begun else (Field.REFERENCE,)


def _previewed(tx: Tx, who: Visitor, row: StayRow | None, values: Written) -> tuple[Roster, Preview]:
    schools, today = schools_of(tx, who.adult), tx.now.date()
    roster = read_values([values], tx.programme, schools, today, [row.id if row else None])
    return roster, preview(tx, who.adult, roster)


def _known(tx: Tx, who: Visitor, row: StayRow) -> Written:
    schools = tuple(schools_of(tx, who.adult))
    found = written(known_stay(tx, row), tx.programme, schools)
    found.pop(Field.STATUS, None)
    return found


def _like(tx: Tx, who: Visitor, request: Request) -> Written:
    like = row_number(request.query_params.get("like", ""))
    if like is None:
        return {Field.KIND: Kind.OUTGOING.value, Field.LANGUAGE: tx.programme.programme.language}
    known = _known(tx, who, stay_within(tx, who, like, Act.IMPORT))
    return {field: value for field, value in known.items() if field in ALIKE}


def _was(form: dict[str, str]) -> Written:
    """What stood in the form when it was opened.

    Raises:
        Missing: no page of ours sends that.
    """
    try:
        kept = json.loads(form.get("was", "{}"))
        return {Field[name]: str(value) for name, value in kept.items()}
    except (ValueError, KeyError, AttributeError):
        raise Missing from None


@dataclass(frozen=True)
class _Drawn:
    """The fields in the reader's language."""

    tx: Tx
    who: Visitor
    row: StayRow | None
    values: Written
    faults: dict[Field | None, list[str]]

    def boxes(self, fields: tuple[Field, ...]) -> list[Box]:
        return [self._box(field) for field in fields if field is not Field.TAGS]

    def _box(self, field: Field) -> Box:
        value, choices = self.values.get(field, ""), self._choices(field)
        if choices and value and value not in dict(choices):
            value, choices = self._chosen(field, value, choices)
        fixed = self.row is not None and field in _fixed(self.row)
        kind = "choice" if choices and not fixed else "date" if field in DAYS else "text"
        hint = self.who.says(HINTS[field]) if field in HINTS else ""
        title, faults = label(field, self.who.language), tuple(self.faults.get(field, ()))
        shown = dict(choices).get(value, value) if fixed else value
        return Box(field.name.lower(), title, kind, shown, is_needed(field), hint, faults, choices, fixed)

    def _chosen(
        self, field: Field, value: str, choices: tuple[tuple[str, str], ...]
    ) -> tuple[str, tuple[tuple[str, str], ...]]:
        """A word that is not on offer: read where it means one that is, else offered besides."""
        try:
            found = read_country(value) if field in {Field.COUNTRY, Field.HOME_COUNTRY} else value
        except CellError:
            found = value
        return (found, choices) if found in dict(choices) else (value, (*choices, (value, value)))

    def _choices(self, field: Field) -> tuple[tuple[str, str], ...]:
        says, locale = self.who.says, Locale.parse(dated(self.who.language).replace("-", "_"))
        if field is Field.KIND:
            return tuple((kind.value, says(KINDS[kind])) for kind in Kind)
        if field is Field.TRACK:
            return (("", ""), *((track.value, says(TRACKS[track])) for track in Track))
        if field is Field.SCHOOL:
            return tuple((school.ref, school.name) for school in self._schools())
        if field in {Field.COUNTRY, Field.HOME_COUNTRY}:
            named = {code: str(name) for code, name in locale.territories.items() if len(code) == 2 and code != "ZZ"}
            return (("", ""), *sorted(named.items(), key=lambda each: each[1].casefold()))
        spoken = {
            Field.LANGUAGE: self.tx.programme.programme.languages,
            Field.TUTOR_LANGUAGE: TUTOR_LANGUAGES,
            Field.GUARDIAN_1_LANGUAGE: LANGUAGES,
            Field.GUARDIAN_2_LANGUAGE: LANGUAGES,
        }.get(field, ())
        named = {code: str(locale.languages.get(code, code)) for code in spoken}
        return (("", ""), *named.items()) if named else ()

    def _schools(self) -> list[KnownSchool]:
        return schools_of(self.tx, self.who.adult)

    def tags(self) -> list[tuple[str, str, bool]]:
        held = {tag.strip() for tag in self.values.get(Field.TAGS, "").split(",")}
        return [(tag, self.who.says(text), tag in held) for tag, text in self.tx.programme.tags.items()]
