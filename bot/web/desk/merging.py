"""Two records of one person become one, from the learner's page: what that does is shown first, then done exactly so."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from bot.domain.person import Role
from bot.domain.rights import Act
from bot.domain.roster.reference import reference_key
from bot.handlers.people.merge import alike, merge, overlapping
from bot.store.cases import open_case
from bot.store.db import Tx
from bot.store.people import Person, by_ref
from bot.store.stays import StayRow, stays_of_person
from bot.web.desk.family import read_family
from bot.web.desk.learner import channels_of
from bot.web.desk.page import Desk
from bot.web.desk.visitor import Missing, Visitor, stay_within


@dataclass(frozen=True)
class Record:
    """One of the two, as the page shows it."""

    ref: str
    name: str
    birth: str
    stays: tuple[str, ...]
    channels: tuple[str, ...]
    family: tuple[str, ...]
    cases: int


@dataclass(frozen=True)
class Merging:
    """Both records, and what becomes of them."""

    keep: Record
    gone: Record
    alike: bool
    joined: tuple[str, ...]
    """Stays of the second that are one with a stay of the first."""

    @property
    def version(self) -> str:
        """Another one as soon as anything would be done otherwise than shown here."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Merger:
    """The page and its form."""

    desk: Desk

    async def look(self, request: Request) -> Response:
        """Which other record? Then: what would be done."""
        asked = request.query_params.get("gone", "")[:60]

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            row = stay_within(tx, who, request.path_params["number"], Act.MANAGE)
            other = _other(tx, who, row.person, asked)
            shown = _shown(tx, who, row.person, other) if other else None
            return {"stay": row.id, "name": row.person.full_name, "asked": asked, "merging": shown}

        who, values = await self.desk.ask(request, read)
        return self.desk.page(request, who, "merge.html", values)

    async def apply(self, request: Request) -> Response:
        """Do what was shown, once."""
        form = await self.desk.form(request)

        def act(tx: Tx, who: Visitor) -> str:
            row = stay_within(tx, who, request.path_params["number"], Act.MANAGE)
            other = _other(tx, who, row.person, form.get("gone", ""))
            shown = _shown(tx, who, row.person, other) if other else None
            if other is None or shown is None or shown.version != form.get("version"):
                return "stale"
            if not shown.alike and form.get("sure") != "1":
                return "unsure"
            merge(tx, row.person, other, by=f"person {who.adult.person}")
            return "merged"

        _who, said = await self.desk.ask(request, act)
        self.desk.app.nudge()
        back = form if said != "merged" else {"back": f"/learners/{request.path_params['number']}"}
        return self.desk.after(request, back, said)


def _other(tx: Tx, who: Visitor, keep: Person, written: str) -> Person | None:
    """The other record, where it is a learner's and everything of both is within the visitor's walls.

    Raises:
        Missing: something of the record that stays belongs to another school.
    """
    if not _theirs(tx, who, keep):
        raise Missing
    key = reference_key(written)
    alike_refs = select(Person).where(Person.ref_key == key).order_by(Person.id) if key else None
    found = by_ref(tx.rows, written.strip()) or (
        tx.rows.scalars(alike_refs).first() if alike_refs is not None else None
    )
    return found if found is not None and found.id != keep.id and _theirs(tx, who, found) else None


def _theirs(tx: Tx, who: Visitor, person: Person) -> bool:
    schools = {person.school_id, *(stay.school_id for stay in stays_of_person(tx.rows, person.id))}
    learner = {held.role for held in person.roles} == {Role.LEARNER}
    return learner and all(who.may(Act.MANAGE, school) for school in schools)


def _shown(tx: Tx, who: Visitor, keep: Person, gone: Person) -> Merging:
    joined = tuple(_span(who, stay) for stay, _own in overlapping(tx, keep, gone))
    return Merging(_record(tx, who, keep), _record(tx, who, gone), alike(keep, gone), joined)


def _record(tx: Tx, who: Visitor, person: Person) -> Record:
    stays = sorted(stays_of_person(tx.rows, person.id), key=lambda stay: (stay.departure, stay.id))
    family = {f"{each.name} · {each.state}": None for stay in stays[-1:] for each in read_family(tx, who, stay).people}
    return Record(
        ref=person.ref,
        name=person.full_name,
        birth=who.clock.full_day(person.birth) if person.birth else "",
        stays=tuple(_span(who, stay) for stay in stays),
        channels=tuple(channels_of(tx, person.id)),
        family=tuple(family),
        cases=sum(open_case(tx.rows, stay.id) is not None for stay in stays),
    )


def _span(who: Visitor, stay: StayRow) -> str:
    return f"{stay.city}, {who.clock.span(stay.departure, stay.back)}"
