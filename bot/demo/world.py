"""A world of its own: a programme, a team and a class in a temporary database, on a simulated clock. The real engine.

A channel that shows nothing: the play reads what people were sent from the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select, update

from bot.clock import SimulatedClock
from bot.demo.answers import STEADY
from bot.demo.families import families_agree, name_families, told
from bot.domain.channel import Channel, Outcome, Sent
from bot.domain.messages import Outgoing
from bot.domain.programme import Programme
from bot.domain.programme.load import load
from bot.domain.roster import Table, load_team, read_roster
from bot.domain.roster.row import RosterRow
from bot.domain.roster.team import Team
from bot.handlers.people.invitations import claim, invite
from bot.handlers.people.roster import bring_in
from bot.handlers.people.team import bring_in_team
from bot.runtime.app import App
from bot.store.db import Database, Tx
from bot.store.migrate import upgrade
from bot.store.people import Person
from bot.web.common.class_picture import Window


class QuietChannel(Channel):
    """Takes the place of the web chat where there is no browser."""

    name = "web"
    repeatable = True

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []

    async def send(self, message: Outgoing) -> Outcome:
        self.sent.append(message)
        return Sent()

    def take(self) -> list[Outgoing]:
        """What was sent since the last look."""
        taken, self.sent = self.sent, []
        return taken


ROOT = Path(__file__).resolve().parent.parent.parent
START = datetime(2026, 9, 14, 7, 0, tzinfo=UTC)
"""A Monday morning in the autumn before the example's first departure."""
END = date(2027, 9, 6)
YEAR = Window(date(2026, 9, 1), date(2027, 9, 1))


def example_programme() -> Programme:
    """The programme as it is shipped."""
    name = "programme.example.toml"
    return load((ROOT / name).read_text(encoding="utf-8"), name)


def example_team() -> Team:
    """The team as it is shipped."""
    name = "consortium.example.toml"
    return load_team((ROOT / name).read_text(encoding="utf-8"), name)


@dataclass(frozen=True)
class Script:
    """What is played: whose programme, which team and class, and the stretch of time."""

    programme: Programme
    team: Team
    rows: tuple[RosterRow, ...]
    start: datetime = START
    end: date = END
    window: Window = YEAR
    """What the picture of the class shows."""
    first: str = ""
    """Who is followed at first: the first of the class where nobody is named."""
    own: bool = False
    """A class of real people: everybody speaks what they speak, and every message says that it is a rehearsal."""

    @property
    def families(self) -> bool:
        """Whether the families of minors are told anything."""
        return bool(self.programme.family.pings)


def example(table: Table, *, school: str = "", start: datetime = START, families: bool = False) -> Script:
    """The example as it is shipped: with the learners of all schools or of one, with families that are told."""
    programme, team = example_programme(), example_team()
    programme = told(programme) if families else programme
    roster = read_roster(table, programme, [each.known() for each in team.schools])
    rows = tuple(row for row in roster.rows if school in {"", row.school})
    steady = next((row.reference for row in rows if row.reference == STEADY), "")
    return Script(programme, team, rows, start, first=steady)


def native(ref: str) -> str:
    """The address of a person of the demo: nobody has to open a link."""
    return f"demo:{ref}"


class World:
    """A script at work in a folder of its own."""

    def __init__(self, folder: Path, channels: Mapping[str, Channel], script: Script, *, alone: bool = False) -> None:
        """`alone` as in `Database`."""
        self.script, self.clock = script, SimulatedClock(script.start)
        self.db = Database(f"sqlite:///{folder / 'demo.db'}", self.clock, script.programme, durable=False, alone=alone)
        upgrade(self.db.engine)
        self.app = App(self.db, channels, rehearsal=script.own)

    async def populate(self, language: str | None = None) -> None:
        """Bring in the team and the class, and give everybody their invitation, which they use at once.

        With a language, whoever names none of their own speaks that instead of the consortium's.
        """
        await self.db.transact(bring_in_team, self.script.team)
        await self.db.transact(bring_in, self.script.rows)
        if self.script.families:
            await self.db.transact(name_families)
        if language and not self.script.own:
            await self.db.transact(speak, self.script.team.consortium.language, language)
        await self.db.transact(_everybody_joins)
        if self.script.families:
            await self.db.transact(families_agree)
        await self.app.settle()

    async def move_to(self, instant: datetime) -> None:
        """Let time pass until an instant, stopping wherever something has to happen."""
        wake = await self.app.next_wake()
        while wake is not None and wake <= instant:
            self.clock.move_to(wake)
            wake = await self.app.settle()
        self.clock.move_to(instant)
        await self.app.settle()

    def close(self) -> None:
        self.db.close()


def _everybody_joins(tx: Tx) -> None:
    for person in tx.rows.scalars(select(Person).order_by(Person.id)).all():
        claim(tx, invite(tx, person, trusted=True), "web", native(person.ref))


def speak(tx: Tx, old: str, new: str) -> None:
    """Whoever spoke one language speaks another from now on."""
    tx.rows.execute(update(Person).where(Person.language == old).values(language=new))
