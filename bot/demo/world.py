"""A world of its own: the example consortium in a temporary database, on a simulated clock. The real engine.

A channel that shows nothing: the play reads what people were sent from the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select, update

from bot.clock import SimulatedClock
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


def example_programme() -> Programme:
    """The programme as it is shipped."""
    name = "programme.example.toml"
    return load((ROOT / name).read_text(encoding="utf-8"), name)


def example_team() -> Team:
    """The team as it is shipped."""
    name = "consortium.example.toml"
    return load_team((ROOT / name).read_text(encoding="utf-8"), name)


def references(table: Table) -> list[str]:
    """The references of a roster, in its order."""
    schools = [school.known() for school in example_team().schools]
    return [row.reference for row in read_roster(table, example_programme(), schools).rows]


def native(ref: str) -> str:
    """The address of a person of the demo: nobody has to open a link."""
    return f"demo:{ref}"


class World:
    """The example at work in a folder of its own."""

    def __init__(
        self,
        folder: Path,
        channels: Mapping[str, Channel],
        table: Table,
        *,
        start: datetime = START,
        refs: frozenset[str] | None = None,
        alone: bool = False,
        families: bool = False,
    ) -> None:
        """`refs` brings in these learners only; `alone` as in `Database`; with `families`, the minors' are told."""
        self.clock, self.families = SimulatedClock(start), families
        self.programme = told(example_programme()) if families else example_programme()
        self.db = Database(f"sqlite:///{folder / 'demo.db'}", self.clock, self.programme, durable=False, alone=alone)
        upgrade(self.db.engine)
        self.team = example_team()
        roster = read_roster(table, self.programme, [each.known() for each in self.team.schools])
        self.rows = tuple(row for row in roster.rows if refs is None or row.reference in refs)
        self.app = App(self.db, channels)

    async def populate(self, language: str | None = None) -> None:
        """Bring in the team and the class, and give everybody their invitation, which they use at once.

        With a language, whoever names none of their own speaks that instead of the consortium's.
        """
        await self.db.transact(bring_in_team, self.team)
        await self.db.transact(bring_in, self.rows)
        if self.families:
            await self.db.transact(name_families)
        if language:
            await self.db.transact(speak, self.team.consortium.language, language)
        await self.db.transact(_everybody_joins)
        if self.families:
            await self.db.transact(families_agree)
        await self.app.settle()

    async def move_to(self, instant: datetime) -> None:
        """Let time pass until an instant, stopping wherever something has to happen."""
        while (wake := await self.app.next_wake()) is not None and wake <= instant:
            self.clock.move_to(wake)
            await self.app.settle()
        self.clock.move_to(instant)
        await self.app.settle()

    def learners(self) -> tuple[RosterRow, ...]:
        return self.rows

    def close(self) -> None:
        self.db.close()


def _everybody_joins(tx: Tx) -> None:
    for person in tx.rows.scalars(select(Person).order_by(Person.id)).all():
        claim(tx, invite(tx, person, trusted=True), "web", native(person.ref))


def speak(tx: Tx, old: str, new: str) -> None:
    """Whoever spoke one language speaks another from now on."""
    tx.rows.execute(update(Person).where(Person.language == old).values(language=new))
