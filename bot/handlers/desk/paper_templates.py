"""Templates of papers: those of the consortium, in which a school may have its own. Each change is kept, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.person import Adult
from bot.domain.rights import Act, may
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.records import audit, keep_setting, setting

KEPT = 20
"""Versions of one template."""


@dataclass(frozen=True)
class Version:
    """One template as somebody left it; without a text it is the one below: the consortium's, or Compagnon's own."""

    at: datetime
    by: int
    text: str | None


def versions(tx: Tx, name: str, school: int | None) -> list[Version]:
    """Those of a school, or of the consortium; the newest first."""
    kept = setting(tx.rows, _key(name, school)) or {"versions": []}
    return [Version(datetime.fromisoformat(at), by, text) for at, by, text in reversed(kept["versions"])]


def in_force(tx: Tx, names: Iterable[str], school: int | None) -> dict[str, str]:
    """What stands in place of Compagnon's own templates: a school's own, else the consortium's."""
    found = {}
    for name in names:
        for place in (school, None) if school is not None else (None,):
            newest = next(iter(versions(tx, name, place)), None)
            if newest is not None and newest.text is not None:
                found[name] = newest.text
                break
    return found


def may_change(adult: Adult, school: int | None) -> bool:
    """Whoever may change the programme there; that of the consortium, who may at every school."""
    return may(adult, Act.EDIT_PROGRAMME, school)


def keep_template(tx: Tx, person: Person, name: str, school: int | None, text: str | None) -> bool:
    """Another text, or None for the one below. The same again is no version; False where it is not theirs to change."""
    known = versions(tx, name, school)
    before = known[0].text if known else None
    if not may_change(person.adult, school):
        return False
    if text != before:
        kept = [*reversed(known), Version(tx.now, person.id, text)][-KEPT:]
        rows = [[each.at.isoformat(), each.by, each.text] for each in kept]
        keep_setting(tx.rows, _key(name, school), {"versions": rows})
        audit(tx, f"person {person.id}", "paper template", name, school=school)
    return True


def _key(name: str, school: int | None) -> str:
    return f"paper.{name}" if school is None else f"paper.{name}.{school}"
