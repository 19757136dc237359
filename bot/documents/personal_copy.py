"""A copy of somebody's data as one ZIP: a page to read, JSON for other programs, and the files they sent."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.domain.roster.fields import Field, label
from bot.handlers.privacy.copy import PersonCopy
from bot.i18n import Text, _, direction, render, show

FORMAT = 1
TITLE = _("All that Compagnon holds about {name}")
MADE = _("Made on {day}. What is about other people is left out, and so is what adults noted in their own words.")
FILES, READ_BY = _("Files"), _("Who has read it")
STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding-inline:1rem}"
    "table{border-collapse:collapse;margin-block:1rem}th,td{text-align:start;vertical-align:top;padding:.2rem .8rem .2rem 0;"
    "border-bottom:1px solid #8886}th{font-weight:600}td{white-space:pre-line;overflow-wrap:anywhere}"
    "@media(prefers-color-scheme:dark){:root{color-scheme:dark}}"
)


def zipped(copy: PersonCopy) -> bytes:
    """The whole file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.html", page(copy))
        archive.writestr("data.json", json.dumps(_for_programs(copy), ensure_ascii=False, indent=1, default=_plain))
        for name, content in copy.files.items():
            archive.writestr(f"files/{name}", content)
    return made.getvalue()


def name_of(copy: PersonCopy) -> str:
    """How the file is called: ids only, it lies about in a folder of downloads."""
    plain = "".join(each for each in copy.ref if each.isascii() and (each.isalnum() or each in "-_"))
    return f"compagnon-{plain or 'data'}-{copy.made_at:%Y%m%d}.zip"


def _for_programs(copy: PersonCopy) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made_at": copy.made_at,
        "person": copy.ref,
        "purposes": {
            part.kind.value: {"basis": part.purpose.basis.value, "until": part.until, "readers": part.readers}
            for part in copy.parts
        },
        "data": copy.rows,
        "files": sorted(copy.files),
        "read_by": [{"at": each.at, "who": each.who, "what": each.what} for each in copy.looks],
    }


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def page(copy: PersonCopy) -> str:
    """The page that is read without any other program than a browser."""

    def says(text: Text, **values: Any) -> str:
        return render(text, copy.language, values)

    title = says(TITLE, name=copy.name)
    made = says(MADE, day={"date": copy.made_at.astimezone(ZoneInfo(copy.zone)).date().isoformat()})
    body = Markup("").join([*_kinds(copy), *_lists(copy)])
    head = Markup(
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{}</title><style>{}</style>'
    )
    return Markup('<!doctype html><html lang="{}" dir="{}"><head>{}</head><body><h1>{}</h1><p>{}</p>{}</body></html>').format(
        copy.language, direction(copy.language), head.format(title, Markup(STYLE)), title, made, body
    )  # fmt: skip


def _kinds(copy: PersonCopy) -> Iterator[Markup]:
    for part in copy.parts:
        yield Markup("<h2>{}</h2><p>{}</p>").format(
            render(part.purpose.name, copy.language), render(part.purpose.why, copy.language)
        )
        for rows in copy.rows.get(part.kind, {}).values():
            yield _table([row for row in rows if row], copy)


def _lists(copy: PersonCopy) -> Iterator[Markup]:
    if copy.files:
        names = Markup("").join(Markup('<li><a href="files/{0}">{0}</a></li>').format(name) for name in copy.files)
        yield Markup("<h2>{}</h2><ul>{}</ul>").format(render(FILES, copy.language), names)
    looks = [f"{_shown(each.at, copy)} · {each.who or '–'}: {render(each.what, copy.language)}" for each in copy.looks]
    lines = Markup("").join(Markup("<li>{}</li>").format(line) for line in looks or ["–"])
    yield Markup("<h2>{}</h2><ul>{}</ul>").format(render(READ_BY, copy.language), lines)


def _table(rows: list[dict[str, Any]], copy: PersonCopy) -> Markup:
    """One row stands upright, several lie below each other."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    heads = [_head(name, copy.language) for name in columns]
    if len(rows) == 1:
        pairs = zip(heads, (_shown(rows[0][name], copy) for name in columns), strict=True)
        lines = [Markup("<tr><th>{}</th><td>{}</td></tr>").format(*pair) for pair in pairs]
    else:
        lines = [
            _row("th", heads),
            *(_row("td", [_shown(row.get(name, ""), copy) for name in columns]) for row in rows),
        ]
    return Markup("<table>{}</table>").format(Markup("").join(lines)) if rows else Markup("")


def _row(tag: str, cells: list[str]) -> Markup:
    return Markup("<tr>{}</tr>").format(
        Markup("").join(Markup("<{0}>{1}</{0}>").format(Markup(tag), cell) for cell in cells)
    )


def _head(column: str, language: str) -> str:
    """The roster's own word where it has one; else the name of the column, as words."""
    named = {each.name.lower(): each for each in Field} | {"class_name": Field.CLASS}
    return label(named[column], language) if column in named else column.replace("_", " ")


def _shown(value: Any, copy: PersonCopy) -> str:
    match value:
        case bool():
            return "✓" if value else "–"
        case datetime():
            return show({"stamp": value.isoformat(), "zone": copy.zone}, copy.language)
        case date():
            return show({"date": value.isoformat()}, copy.language)
        case {"text": str(text)}:
            return "\n".join([text, *(f"[{each}]" for each in value.get("buttons", []))])
        case dict():
            return "\n".join(f"{name}: {_shown(each, copy)}" for name, each in value.items())
        case list():
            return "\n".join(_line(each, copy) for each in value)
    return str(value)


def _line(value: Any, copy: PersonCopy) -> str:
    """An answer is a pair: the step, and what was said."""
    return ": ".join(_shown(each, copy) for each in value) if isinstance(value, list) else _shown(value, copy)
