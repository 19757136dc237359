"""The links library: addresses with what they are for, in which languages, and when somebody last looked at them.

A text names one as {link_ehic}: it is filled in when the programme is read, so that an address that moves is mended once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import Field

from bot.domain.programme.inherit import TABLES
from bot.domain.programme.part import STALE, Id, Part
from bot.i18n import Text, _

About = Literal["prepare", "papers", "money", "health", "safety", "language", "skills", "partners", "other"]
ABOUTS: Mapping[str, Text] = {
    "prepare": _("To prepare"),
    "papers": _("Papers"),
    "money": _("Money"),
    "health": _("Health"),
    "safety": _("To be safe"),
    "language": _("Languages"),
    "skills": _("Skills"),
    "partners": _("Partners"),
    "other": _("Other"),
}
_NAMED = re.compile(r"\{link_([a-z0-9_]+)\}")


class Link(Part):
    """One address."""

    id: Id
    title: str = Field(min_length=1, max_length=120)
    address: str = Field(min_length=8, max_length=400, description="the whole address: https://…")
    about: About = "other"
    languages: tuple[str, ...] = Field(default=(), description="in which the page can be read: fr, en")
    learners: bool = Field(default=True, description="also for learners; otherwise the team alone sees it")
    checked: date | None = Field(default=None, description="the day on which somebody last looked at the page")
    by: str = Field(default="", max_length=120, description="who looked")

    def stale(self, today: date) -> bool:
        """Whether nobody has looked for a year."""
        return self.checked is not None and today - self.checked > STALE


class Links(Part):
    """The library of a programme."""

    pages: tuple[Link, ...] = ()

    def every(self) -> tuple[Link, ...]:
        """All of them by what they are for."""
        order = list(ABOUTS)
        return tuple(sorted(self.pages, key=lambda link: order.index(link.about)))


def fill_links(table: dict[str, Any]) -> None:
    """Put the addresses where the texts of a programme name them; a name that nobody knows stays, and is told of."""
    known = dict(_written(table))
    for key, value in table.items():
        if key != "links" and isinstance(value, TABLES):
            _fill(value, known)


def _written(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    links = table.get("links")
    rows = links.get("pages") if isinstance(links, dict) else None
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and isinstance(row.get("id"), str) and isinstance(row.get("address"), str):
            yield row["id"], row["address"]


def _fill(table: Any, known: Mapping[str, str]) -> None:
    for step, value in table.items() if isinstance(table, dict) else enumerate(table):
        if isinstance(value, str):
            if "{link_" in value:
                table[step] = _NAMED.sub(lambda found: known.get(found[1], found[0]), value)
        elif isinstance(value, TABLES):
            _fill(value, known)
