"""`/links` in the chat: the library, one line each; and what was found when the operator had each of them asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.desk import has_desk
from bot.handlers.say.post import tell
from bot.i18n import _
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.records import keep_setting, setting

ASKED = "links"
LINKS = _("Useful links:\n{lines}")


def links(tx: Tx, person: Person, rest: str = "") -> None:
    """Every link that is for somebody; those that did not answer when they were last asked are left out."""
    dead = unanswered(tx.rows)
    everything = has_desk(held.role for held in person.roles)
    shown = [link for link in tx.programme.links.every() if (everything or link.learners) and link.address not in dead]
    lines = [{"text": "{title}: {address}", "values": {"title": link.title, "address": link.address}} for link in shown]
    return tell(tx, person, LINKS, {"lines": {"list_lines": lines}})


def keep_answers(tx: Tx, found: Mapping[str, str], today: date) -> None:
    """What each address said when it was asked: empty for one that answers."""
    keep_setting(tx.rows, ASKED, {"on": today.isoformat(), "found": dict(found)})


def answers(rows: Session) -> tuple[date | None, dict[str, str]]:
    """When the links were last asked, and what each said."""
    kept: dict[str, Any] = setting(rows, ASKED) or {}
    return (date.fromisoformat(kept["on"]) if kept else None), dict(kept.get("found", {}))


def unanswered(rows: Session) -> frozenset[str]:
    """The addresses that did not answer."""
    return frozenset(address for address, said in answers(rows)[1].items() if said)
