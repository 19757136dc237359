"""What was put into a form, written into the texts of the draft: what was left as it stood is not written at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from bot.domain.offset import Anchor, parse_offset
from bot.domain.programme.amend import Names
from bot.domain.programme.ladder import parse_wait
from bot.domain.programme.written import Written, free_id
from bot.i18n import render
from bot.web.desk.studio.fields import Field, Row, Shape

Form = Mapping[str, str]


def changed(written: Written, path: Names, fields: Iterable[Field], form: Form) -> Written:
    """The draft with what the form of the table at `path` says."""
    for field in fields:
        written = _one(written, (*path, field.key), field, form)
    return written


def put_in_order(written: Written, path: Names, form: Form) -> Written:
    """The draft with the row whose button was pressed one place earlier or later: `up` or `down`, and which.

    Raises:
        NoPlace: there is no such row.
    """
    by, _space, which = form.get("move", "").partition(" ")
    return written.moved((*path, *which.split(".")), -1 if by == "up" else 1) if which else written


def _one(written: Written, path: Names, field: Field, form: Form) -> Written:
    match field.shape:
        case Shape.WORDS:
            return _words(written, path, field, form)
        case Shape.GROUP:
            return changed(written, path, field.rows[0].fields, form)
        case Shape.ROWS if not field.with_ids or not field.written:
            value = _listed(written, field, form)
            return written if value == field.value else written.with_value(path, value)
        case Shape.ROWS:
            return _by_id(written, path, field, form)
    value = given(field, form)
    if value == field.value or (value in (None, []) and not field.value and field.shape is not Shape.FLAG):
        return written
    return written.with_value(path, value)


def _words(written: Written, path: Names, field: Field, form: Form) -> Written:
    before = said(field.value, written.languages, written.spoken)
    after = {language: _text(form, f"{field.name}.{language}", before[language]) for language in written.languages}
    if after == before:
        return written
    if not any(after.values()):
        return written.with_value(path, None)
    if not isinstance(field.value, Mapping):
        return written.with_value(path, {language: words for language, words in after.items() if words})
    for language, words in after.items():
        if words != before[language]:
            written = written.with_words(path, language, words)
    return written


def said(value: Any, languages: Iterable[str], spoken: str) -> dict[str, str]:
    """A text in each language: what the programme says, else what Compagnon says there of its own accord."""
    if isinstance(value, Mapping):
        return {language: str(value.get(language, "")) for language in languages}
    if not value:
        return dict.fromkeys(languages, "")
    own = {language: render(str(value), language) for language in languages}
    known = len(set(own.values())) > 1
    return {language: words if known or language == spoken else "" for language, words in own.items()}


def _by_id(written: Written, path: Names, field: Field, form: Form) -> Written:
    """Questions and answers: each is changed where it stands, so that ids and what hangs on them stay."""
    for row in field.rows:
        if form.get(f"{field.name}.{row.name}.-"):
            written = written.without((*path, row.name))
        else:
            written = changed(written, (*path, row.name), row.fields, form)
    fresh = _table(written, field.fresh, form)
    if fresh:
        taken = [row.name for row in field.rows]
        written = written.with_row(path, {"id": free_id(_title(fresh), taken), **fresh})
    return written


def _listed(written: Written, field: Field, form: Form) -> list[dict[str, Any]]:
    """Rows that have no ids, or are Compagnon's own until somebody changes one: they are written as a whole."""
    found = []
    for row, table in zip(field.rows, field.value, strict=True):
        if not form.get(f"{field.name}.{row.name}.-"):
            kept = _table(written, row, form)
            found.append({"id": row.name, **kept} if field.with_ids else {**table, **kept})
    fresh = _table(written, field.fresh, form)
    if fresh and field.with_ids:
        fresh = {"id": free_id(_title(fresh), [row.name for row in field.rows]), **fresh}
    return [*found, fresh] if fresh else found


def _table(written: Written, row: Row | None, form: Form) -> dict[str, Any]:
    """The values of a row; nothing where its first field was left empty."""
    values: dict[str, Any] = {}
    for field in row.fields if row else ():
        if field.shape is Shape.WORDS:
            before = said(field.value, written.languages, written.spoken)
            words = {each: _text(form, f"{field.name}.{each}", before[each]) for each in written.languages}
            value: Any = field.value if words == before else {each: text for each, text in words.items() if text}
        elif field.shape in {Shape.ROWS, Shape.GROUP}:
            value = None
        else:
            value = given(field, form)
        if field is (row.fields[0] if row else None) and not value:
            return {}
        if value not in (None, "", [], {}) and (field.written or value != field.value):
            values[field.key] = value
    return values


def _title(table: Mapping[str, Any]) -> str:
    words = next((table[key] for key in ("label", "text", "title") if key in table), "")
    return str(next(iter(words.values()), "") if isinstance(words, Mapping) else words)


def given(field: Field, form: Form) -> Any:
    """The value of one field, as a file would say it. What cannot be read is kept as it was written: the check says so."""
    text = _text(form, field.name, "")
    match field.shape:
        case Shape.FLAG:
            return form.get(field.name) == "1"
        case Shape.NUMBER:
            return _number(text)
        case Shape.NUMBERS:
            return [_number(each) for each in _listing(text)]
        case Shape.NAMES | Shape.OFFSETS:
            return _listing(text)
        case Shape.SEVERAL:
            return [each for each in field.options if form.get(f"{field.name}.{each}")]
        case Shape.OFFSET:
            return _same_offset(_offset(field.name, form), field.value)
        case Shape.WAIT:
            amount, unit = text, form.get(f"{field.name}.unit", "")
            return _same_wait(f"{amount} {unit}".strip(), field.value)
        case Shape.DATE:
            return _date(text)
    return text or None


def _text(form: Form, name: str, otherwise: str) -> str:
    """Browsers send a line's end as two characters."""
    return form[name].replace("\r\n", "\n").strip() if name in form else otherwise


def _number(text: str) -> int | str | None:
    return int(text) if text.lstrip("-").isdigit() and len(text) < 10 else (text or None)


def _listing(text: str) -> list[str]:
    return [each.strip() for each in text.replace(";", ",").split(",") if each.strip()]


def _date(text: str) -> date | str | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text or None


def _offset(name: str, form: Form) -> str | None:
    """`J-60 18:00` from a number of days, before or after which day, and an hour."""
    anchor, days = form.get(f"{name}.anchor", ""), _number(_text(form, f"{name}.days", "0") or "0")
    if not anchor:
        return None
    sign = "-" if form.get(f"{name}.side") == "before" else "+"
    hour = _text(form, f"{name}.hour", "")
    return f"{anchor}{sign}{days}{f' {hour}' if hour else ''}"


def _same_offset(text: str | None, before: Any) -> Any:
    """`J-0` and `J+0` are one."""
    try:
        return before if text and before and parse_offset(text) == parse_offset(before) else text
    except ValueError:
        return text


def offset_parts(value: Any) -> tuple[str, int, str, str]:
    """The anchor, the days, `before` or `after`, and the hour of what stands in a file; a blank one where it is no such."""
    try:
        found = parse_offset(value)
    except ValueError:
        return "", 0, "before", ""
    side = "before" if found.days < 0 or (found.days == 0 and found.anchor is Anchor.DEPARTURE) else "after"
    return found.anchor.value, abs(found.days), side, f"{found.at:%H:%M}" if found.at else ""


def _same_wait(text: str, before: Any) -> Any:
    """`1 working day` and `1 working days` are one."""
    try:
        return before if before and parse_wait(text) == parse_wait(before) else text or None
    except ValueError:
        return text or None


def wait_parts(value: Any) -> tuple[str, str]:
    """The number and the unit of a wait."""
    number, _space, unit = str(value or "").strip().partition(" ")
    return number, {"working day": "working days"}.get(unit, unit)
