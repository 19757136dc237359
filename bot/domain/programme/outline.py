"""The parts of a programme that can be edited one by one: where each stands in the file, and what model it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from bot.domain.programme.amend import Names, NoPlace, found_at
from bot.domain.programme.item import Item, LanguageTest, Message, Report
from bot.domain.programme.journey import Attendance, Balance, CheckIn, Employer, Family, Landmark, Tutor
from bot.domain.programme.ladder import LevelRules
from bot.domain.programme.links import Links
from bot.domain.programme.model import KINDS, CatchUp, GreenLight, Hours, Retention, Tutoring, Watch

LISTS: Mapping[str, type[BaseModel]] = {"before": Item, "during": Item, "after": Item, "messages": Message}
MOMENTS: Mapping[str, type[BaseModel]] = {
    "arrival": Landmark,
    "check_in": CheckIn,
    "attendance": Attendance,
    "safe_return": Landmark,
    "report": Report,
    "first_test": LanguageTest,
    "second_test": LanguageTest,
    "balance": Balance,
}
RULES: Mapping[str, type[BaseModel]] = {
    "hours": Hours,
    "watch": Watch,
    "green_light": GreenLight,
    "catch_up": CatchUp,
    "family": Family,
    "tutor": Tutor,
    "links": Links,
    "employer": Employer,
    "tutoring": Tutoring,
    "retention": Retention,
}


@dataclass(frozen=True)
class PartOf:
    """One table to edit. `kind` is the kind of stay it is of, empty for what is of all."""

    path: Names
    model: type[BaseModel]
    table: Mapping[str, Any]

    @property
    def at(self) -> str:
        """Its address, as a page names it."""
        return ".".join(self.path)

    @property
    def kind(self) -> str:
        return self.path[0] if self.path[0] in KINDS else ""

    @property
    def can_go(self) -> bool:
        """Items and messages come and go; what else there is belongs to every programme."""
        return len(self.path) == 3


def part_at(laid: Mapping[str, Any], at: str) -> PartOf:
    """The part of an address.

    Raises:
        NoPlace: there is none.
    """
    path = tuple(at.split("."))
    match path:
        case (kind, name, _id) if kind in KINDS and name in LISTS:
            model: type[BaseModel] = LISTS[name]
        case (kind, name) if kind in KINDS and name in MOMENTS:
            model = MOMENTS[name]
        case ("levels", _name):
            model = LevelRules
        case (name,) if name in RULES:
            table = found_at(laid, path)
            return PartOf(path, RULES[name], table if isinstance(table, Mapping) else {})
        case _:
            raise NoPlace(at)
    table = found_at(laid, path)
    if not isinstance(table, Mapping):
        raise NoPlace(at)
    return PartOf(path, model, table)


def rows_of(laid: Mapping[str, Any], kind: str, name: str) -> Iterator[PartOf]:
    """The items or messages of a list, in the order of the programme."""
    for table in found_at(laid, (kind, name)) or ():
        yield PartOf((kind, name, str(table["id"])), LISTS[name], table)


def moments_of(laid: Mapping[str, Any], kind: str) -> Iterator[PartOf]:
    """The moments that a kind of stay has."""
    for name, model in MOMENTS.items():
        table = found_at(laid, (kind, name))
        if isinstance(table, Mapping):
            yield PartOf((kind, name), model, table)


def flow_of(part: PartOf) -> tuple[str, str]:
    """The conversation that a part becomes and the id it is about; empty where it becomes none."""
    match part.path:
        case (_, "before" | "during" | "after", name):
            return "item", name
        case (_, "messages", name):
            return "message", name
        case (_, "report" | "first_test" | "second_test" as name):
            own = {"first_test": "ols1", "second_test": "ols2"}
            return ("report" if name == "report" else "language_test"), str(part.table.get("id", own.get(name, name)))
        case (_, name):
            return (name, "") if part.kind else ("", "")
    return "", ""


def fresh_values(name: str, title: str, language: str) -> dict[str, Any]:
    """What a new item or message begins with: enough to be a whole one."""
    if name == "messages":
        return {"at": "J-7", "text": {language: title}}
    due = {"before": "J-30", "during": "D+7", "after": "R+7"}[name]
    return {"due": due, "title": {language: title}}
