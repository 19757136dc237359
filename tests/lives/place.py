"""One place where lives are played: a school, its adults, its learners, on the real engine and a simulated clock."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from bot.clock import SimulatedClock
from bot.domain.messages import Letter
from bot.domain.person import Leave
from bot.domain.programme import Programme
from bot.domain.roster import load_team, read_roster
from bot.domain.roster.table import table_from
from bot.domain.roster.team import Team
from bot.handlers.desk.leave import announce
from bot.handlers.family.welcome import agree
from bot.handlers.people.guardians import family_of
from bot.handlers.people.invitations import claim, invite
from bot.handlers.people.roster import bring_in, known_schools
from bot.handlers.people.team import bring_in_team
from bot.handlers.say.consents import stop
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Database, Tx
from bot.store.messages import OutboxRow
from bot.store.people import Person, by_ref
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow
from tests.journeys.people import ADULTS, VALMER
from tests.lives.life import Act, Dates, Family, Gone, Life, OnLeave, Opens, Sheet, Torn
from tests.lives.phones import CHANNELS

_FIRST_NAMES = """
Abel Basile Calixte Damien Elouan Firmin Gaspard Hector Ignace Joachim Killian Lazare Melchior Nestor
Octave Placide Quentin Raoul Sidoine Tancrede Urbain Valentin Wilfried Xavier Yvon Zacharie Adele Blanche
Clotilde Delphine Edith Faustine Gilberte Honorine Iphigenie Joséphine Kersti Leontine Mahaut Norine
Ottilie Perrine Quitterie Rosalie Solveig Tiphaine Ursule Violaine Wanda Xenia Ysaline Zelie
"""
NAMES = tuple(_FIRST_NAMES.split())
"""First names that no adult bears, and no word of a message is: whoever reads one is told of that learner."""
COLUMNS = ("Reference", "First name", "Last name", "Birth date", "Kind", "Track", "School", "Class", "Country", "City",
           "Time zone", "Home country", "Home city", "Departure", "Start", "End", "Return", "Host", "Language", "E-mail",
           "Phone", "Guardian 1", "Guardian 1 e-mail", "Status")  # fmt: skip


@dataclass(frozen=True)
class Learner:
    """Somebody with a life, and the dates of their stay."""

    ref: str
    name: str
    life: Life
    dates: Dates
    channel: str
    place: int = 0
    """Among those who live the same life together."""

    @property
    def acts(self) -> tuple[Act, ...]:
        """What is theirs of what those who live together do."""
        return tuple(
            each for each in self.life.acts if not (isinstance(each, Family) and each.only_first and self.place)
        )


def cast(lives: Sequence[tuple[Life, int]]) -> tuple[Learner, ...]:
    """Give each life a body: a reference, a first name of its own, its trip so many weeks later or earlier."""
    each = [(life, weeks, place) for life, weeks in lives for place in range(life.together)]
    assert len(each) <= len(NAMES), "more learners than first names"
    return tuple(
        Learner(f"l-{name.lower()}", name, life, Dates.of(life.trip, weeks), _channel(life, number), place)
        for number, (name, (life, weeks, place)) in enumerate(zip(NAMES, each, strict=False))
    )


def _channel(life: Life, number: int) -> str:
    """Whoever is too young for Telegram has another."""
    young = life.birth.year >= 2011
    return life.channel or CHANNELS[number % 3 or int(young)]


def team(without: frozenset[str] = frozenset()) -> Team:
    """The adults of the journeys' consortium, as its file names them."""
    lines = ['[consortium]\nname = "Consortium"\nlanguage = "en"\non_call_phone = "+33199001200"']
    for school, phone in ((VALMER, "+33639980010"), ("ombelle", "+33639980020")):
        lines.append(
            f'[[schools]]\nref = "{school}"\nname = "{school.title()}"\ncity = "Ardonville"\non_call_phone = "{phone}"'
        )
    for number, (ref, (name, member, roles)) in enumerate(ADULTS.items()):
        if ref not in without:
            first, _space, last = name.partition(" ")
            of = f'school = "{member}"\n' if member else ""
            held = ", ".join(f'"{role.value}"' for role in roles)
            lines.append(
                f'[[people]]\nref = "{ref}"\nfirst_name = "{first}"\nlast_name = "{last}"\n{of}roles = [{held}]'
            )
            lines.append(f'email = "{ref}@example.org"\nphone = "+3363998{number:04}"')
    return load_team("\n".join(lines), "consortium.toml")


class Place:
    """What the school does with the product: its database, its imports, its invitations."""

    def __init__(self, path: Path, programme: Programme, start: datetime) -> None:
        self.clock = SimulatedClock(start)
        self.programme = programme
        self.db = Database(f"sqlite:///{path}", self.clock, programme, durable=False, alone=True)
        self._gone: frozenset[str] = frozenset()
        self._cells: dict[str, dict[str, str]] = {}
        self.db.run(bring_in_team, team())
        for number, ref in enumerate(ADULTS):
            self.join(ref, CHANNELS[number % 3], ref)

    def join(self, ref: str, channel: str, phone: str) -> None:
        """Somebody opens their invitation, handed over in person."""
        self.db.run(_join, ref, channel, phone)

    def enter(self, learner: Learner) -> None:
        """A learner is in the sheet from now on."""
        self._cells[learner.ref] = row_of(learner)
        self._import()

    def do(self, learner: Learner, act: Sheet | OnLeave | Opens | Torn | Gone | Family) -> None:
        """Something that the school's adults do outside the chat."""
        match act:
            case Sheet():
                told = {name: _date(learner, cell) or cell for name, cell in act.cells.items()}
                self._cells[learner.ref] |= told
                self._import()
            case Opens():
                self.join(learner.ref, learner.channel, act.phone)
            case Torn():
                others = [ref for ref in self._cells if ref != learner.ref]
                self._import(without={learner.ref, *others[::2]})
            case OnLeave():
                self.db.run(_go_on_leave, act.ref, Leave(self.clock.now().date(), learner.dates.day(act.last)))
            case Gone():
                self._gone |= {act.ref}
                self.db.run(bring_in_team, team(self._gone))
            case Family():
                self.db.run(_family, learner.ref, learner.life.guardian, act.agrees)

    def mend(self) -> None:
        """The sheet is imported whole again."""
        self._import()

    def _import(self, without: Collection[str] = ()) -> None:
        out = io.StringIO()
        sheet = csv.DictWriter(out, COLUMNS, delimiter=";")
        sheet.writeheader()
        sheet.writerows(cells for ref, cells in self._cells.items() if ref not in without)
        table = table_from("roster.csv", out.getvalue().encode())
        roster = read_roster(table, self.programme, self.db.run(known_schools))
        assert not roster.problems, [str(problem) for problem in roster.problems]
        self.db.run(bring_in, roster.rows)


def row_of(learner: Learner) -> dict[str, str]:
    """The row of a learner in the school's sheet."""
    life, dates = learner.life, learner.dates
    return {
        "Reference": learner.ref, "First name": learner.name, "Last name": f"Zz{learner.name}", "Birth date": f"{life.birth:%d/%m/%Y}",
        "Kind": "outgoing", "Track": "bac pro", "School": VALMER, "Class": "2MELEC", "Country": life.trip.country,
        "City": life.trip.city, "Time zone": life.trip.zone, "Departure": f"{dates.departure:%d/%m/%Y}",
        "Start": f"{dates.start:%d/%m/%Y}", "End": f"{dates.end:%d/%m/%Y}", "Return": f"{dates.back:%d/%m/%Y}",
        "Host": "Elektro Winkelmann", "Language": life.language if life.language in {"fr", "en", "es"} else "en",
        "E-mail": f"{learner.ref}@example.org", "Phone": "", "Status": "",
        "Guardian 1": "Camille Dupont" if life.guardian else "", "Guardian 1 e-mail": life.guardian,
        **life.cells,
    }  # fmt: skip


def _date(learner: Learner, cell: str) -> str:
    return f"{learner.dates.day(cell):%d/%m/%Y}" if cell[:1] in "JDFR" and cell[1:2] in {"+", "-"} else ""


def _join(tx: Tx, ref: str, channel: str, phone: str) -> None:
    person = by_ref(tx.rows, ref)
    assert person is not None, ref
    claim(tx, invite(tx, person, trusted=True), channel, phone)


def _family(tx: Tx, ref: str, browser: str, agrees: bool) -> None:
    """In a browser that is the family's: whose guardian somebody is says their own record."""
    learner = by_ref(tx.rows, ref)
    assert learner is not None, ref
    for parent in family_of(tx, learner):
        if agrees:
            claim(tx, invite(tx, parent, trusted=True), "web", browser)
            agree(tx, parent, learner, "web")
        else:
            stop(tx, parent, "web", learner.id)


def _go_on_leave(tx: Tx, ref: str, days: Leave) -> None:
    person = by_ref(tx.rows, ref)
    assert person is not None
    announce(tx, person, days, person)


def still_to_do(tx: Tx, ref: str, number: int, act: str) -> bool:
    case, adult = tx.rows.get_one(CaseRow, number), by_ref(tx.rows, ref)
    if case.closed_at is not None or adult is None:
        return False
    if act == "take":
        return case.owner_id is None
    if act == "well":
        return case.owner_id in {None, adult.id}
    reached = select(CaseEvent.id).where(CaseEvent.case_id == number, CaseEvent.kind == "reached")
    return case.owner_id == adult.id and (act not in {"reached", "over"} or tx.rows.scalars(reached).first() is None)


def not_yet(tx: Tx, ref: str, number: int, act: str) -> bool:
    """Whether an adult who has a case still has this to do; it is anybody's while nobody has it."""
    case, adult = tx.rows.get_one(CaseRow, number), by_ref(tx.rows, ref)
    mine = adult is not None and case.owner_id == adult.id
    return not mine or (act != "take" and still_to_do(tx, ref, number, act))


def letter_of(tx: Tx, number: int) -> tuple[Letter, str | None, int | None, str, str]:
    """What was sent, the step and the case it is of, the conversation, and the learner it is about."""
    wanted = select(OutboxRow.message, OutboxRow.step, OutboxRow.case_id, SessionRow.touchpoint, Person.ref)
    wanted = wanted.outerjoin(SessionRow, SessionRow.id == OutboxRow.session_id)
    wanted = wanted.outerjoin(StayRow, StayRow.id == OutboxRow.stay_id).outerjoin(
        Person, Person.id == StayRow.person_id
    )
    message, step, case, about, whose = tx.rows.execute(wanted.where(OutboxRow.id == number)).one()
    return Letter.from_json(message), step, case, about or "", whose or ""
