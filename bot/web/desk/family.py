"""A learner's family as the desk shows it: who is named, who has agreed, since when, how much was sent; no words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.domain.person import clean_name
from bot.handlers.family.overview import state_of
from bot.handlers.family.status_words import STEP
from bot.i18n import Text, _
from bot.store.consents import consents_of, parents_of
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import Guardian, Person
from bot.store.stays import StayRow
from bot.web.desk.relative_time import When
from bot.web.desk.visitor import Visitor

STATES: dict[str, tuple[str, Text]] = {
    "hears": ("✔", _("Agreed, and is told")),
    "waits": ("◔", _("Agreed, but is told nothing")),
    "stopped": ("✕", _("Wants no messages")),
    "silent": ("○", _("Has not answered")),
    "named": ("○", _("Not asked yet")),
}
"""A sign and the words for where somebody stands."""


@dataclass(frozen=True)
class Relative:
    """One guardian, named by the roster or known to us."""

    name: str
    email: str
    sign: str
    state: str
    since: When | None
    sent: int


@dataclass(frozen=True)
class Family:
    """Everybody of a family; `pings` is whether the programme lets families be told anything."""

    people: tuple[Relative, ...]
    pings: bool


def read_family(tx: Tx, who: Visitor, row: StayRow) -> Family:
    """The family of a learner, for those who may see cases. Addresses are masked: this is about who is told."""
    parents = parents_of(tx.rows, row.person_id)
    said, sent = _said(tx, row), _sent(tx, row)
    known = {_key(parent.full_name) for parent in parents}
    wanted = select(Guardian).where(Guardian.person_id == row.person_id).order_by(Guardian.position)
    found = [_known(tx, who, row, parent, said.get(parent.id), sent.get(parent.id, 0)) for parent in parents]
    others = [each for each in tx.rows.scalars(wanted) if _key(each.name) not in known]
    found += [_relative(who, each.name, each.email, "named", None, 0) for each in others]
    return Family(tuple(found), bool(tx.programme.family.pings))


def _known(tx: Tx, who: Visitor, row: StayRow, parent: Person, at: datetime | None, sent: int) -> Relative:
    since = who.clock.at(at) if at else None
    return _relative(who, parent.full_name, parent.email, state_of(tx, row, parent), since, sent)


def _relative(who: Visitor, name: str, email: str | None, state: str, since: When | None, sent: int) -> Relative:
    sign, words = STATES[state]
    return Relative(name, masked(email or ""), sign, who.says(words), since, sent)


def _said(tx: Tx, row: StayRow) -> dict[int, datetime]:
    """When each last agreed or refused: records come in their order."""
    return {each.person: each.at for each in consents_of(tx.rows, row.person_id)}


def _sent(tx: Tx, row: StayRow) -> dict[int, int]:
    wanted = select(OutboxRow.person_id, func.count()).where(OutboxRow.stay_id == row.id)
    wanted = wanted.where(OutboxRow.step.startswith(STEP, autoescape=True), OutboxRow.state.in_(("sent", "unknown")))
    return {person: count for person, count in tx.rows.execute(wanted.group_by(OutboxRow.person_id))}  # noqa: C416


def masked(email: str) -> str:
    """`a…@d…`: enough to tell two addresses apart."""
    name, at, domain = email.partition("@")
    return f"{name[:1]}…@{domain[:1]}…" if at else ""


def _key(name: str) -> str:
    return clean_name(name).casefold()
