"""A learner sends files, a channel gives them or does not, adults look: on a real database, one step at a time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import Engine, Executable, select
from sqlalchemy.orm import Session

from bot.clock import SimulatedClock
from bot.domain.channel import Channel, NotSent, Outcome, Permanent, Sent
from bot.domain.messages import Attached, Incoming, Letter, Outgoing
from bot.domain.programme import Item, Programme, Proof
from bot.engine.advance import Press
from bot.handlers.conversation.files import hand_in, show_file
from bot.handlers.conversation.sessions import happen, open_next, queue
from bot.handlers.conversation.tasks import show_tasks
from bot.handlers.say.facts import stay_facts
from bot.handlers.sending.before_sending import leaving, still_wanted
from bot.handlers.sending.compose import compose
from bot.i18n import render
from bot.runtime.collection import Collection
from bot.store.db import Database, Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Address, Person, by_ref
from bot.store.proofs import NEXT_FILE, ProofRow
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow
from tests.journeys.people import settle_in

Given = bytes | NotSent | Permanent | Exception


def photo(colour: str = "red", width: int = 32) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, 24), colour).save(made, "JPEG")
    return made.getvalue()


def with_files(programme: Programme) -> Programme:
    """Two papers of which a file is asked for, and one that is only shown."""
    papers = (
        Item(id="agreement", title="Agreement", due="J-1", proof=Proof.FILE),
        Item(id="timetable", title="Timetable", due="J-1", proof=Proof.FILE),
        Item(id="shown", title="Shown", due="J-1", proof=Proof.CHECKED),
    )
    empty = {"messages": (), "during": (), "after": (), "attendance": None, "first_test": None, "second_test": None}
    out = programme.outgoing.model_copy(update=empty | {"before": papers})
    return programme.model_copy(update={"outgoing": out})


class Cloud(Channel):
    """Where files wait to be fetched: by their names, each with what comes of fetching it, the last for ever."""

    name = "telegram"
    repeatable = False

    def __init__(self) -> None:
        self.files: dict[str, list[Given]] = {}
        self.fetched: list[str] = []

    async def send(self, message: Outgoing) -> Outcome:
        return Sent()

    async def fetch(self, file: Attached) -> bytes | NotSent | Permanent:
        self.fetched.append(file.native)
        given = self.files[file.native]
        got = given.pop(0) if len(given) > 1 else given[0]
        if isinstance(got, Exception):
            raise got
        return got


class Hands:
    """Everything a test does, and what it reads back through an engine of its own."""

    def __init__(self, db: Database, clock: SimulatedClock, reader: Engine) -> None:
        self.db, self.clock, self.reader = db, clock, reader
        self.cloud = Cloud()
        self.collection = Collection(db, {"telegram": self.cloud})
        self._heard: dict[str, int] = {}

    def ask(self, ref: str, item: str) -> None:
        """The question about an item, as the plan would ask it."""
        self.db.run(_ask, ref, item)

    def press(self, ref: str, step: str, choice: str) -> None:
        self.db.run(_press, ref, step, choice)

    def send(self, ref: str, name: str, given: Given | Sequence[Given] = b"", **more: Any) -> None:
        """Somebody sends a file; `given` is what the channel answers when it is asked for it."""
        self.cloud.files[name] = [given] if isinstance(given, bytes | NotSent | Permanent | Exception) else list(given)
        file = Attached(name, more.pop("mime", "image/jpeg"), more.pop("size", 0))
        incoming = Incoming("telegram", ref, f"update of {name}", file=file, **more)
        self.db.run(_person, ref, lambda tx, person: hand_in(tx, person, incoming))

    async def collect(self, **later: float) -> int:
        """Some time passes, then everything is fetched that can be."""
        self.clock.move_to(self.clock.now() + timedelta(**later))
        total = 0
        while taken := await self.collection.collect():
            total += taken
        return total

    def next_file(self) -> datetime | None:
        """When there is next a file to fetch."""
        return self.db.run(lambda tx: tx.rows.scalar(select(NEXT_FILE)))

    def tasks(self, ref: str) -> None:
        self.db.run(_person, ref, show_tasks)

    def look(self, ref: str, number: int) -> None:
        self.db.run(_person, ref, lambda tx, person: show_file(tx, person, number))

    def heard(self, ref: str) -> list[str]:
        """What was put into somebody's outbox since the last look, in English, buttons in brackets."""
        with Session(self.reader) as rows:
            wanted = select(OutboxRow).join(Person, Person.id == OutboxRow.person_id).where(Person.ref == ref)
            found = list(rows.scalars(wanted.order_by(OutboxRow.id)))
            seen, self._heard[ref] = self._heard.get(ref, 0), len(found)
            return [_shown(Letter.from_json(row.message)) for row in found[seen:]]

    def carried(self, ref: str, channel: str = "telegram") -> list[Outgoing | None]:
        """What a channel would carry to somebody now; None where it is not sent after all."""
        return self.db.run(_composed, ref, channel)

    def rows(self, wanted: Executable) -> list[Any]:
        with self.reader.connect() as connection:
            return [tuple(row) for row in connection.execute(wanted)]

    def proofs(self) -> list[Any]:
        return self.rows(select(ProofRow.item, ProofRow.state, ProofRow.problem, ProofRow.native).order_by(ProofRow.id))

    def answers(self) -> list[Any]:
        return [tuple(map(tuple, row[0])) for row in self.rows(select(SessionRow.answers).order_by(SessionRow.id))]

    def on_disk(self) -> bytes:
        """Every byte of the database, its journal included."""
        path = Path(str(self.db.engine.url.database))
        return b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))


def _shown(letter: Letter) -> str:
    labels = [render(offer.label, "en", letter.values | offer.values) for offer in letter.offers]
    return " ".join([render(letter.text, "en", letter.values), *(f"[{label}]" for label in labels)])


def reachable(tx: Tx) -> None:
    """The consortium, and two confirmed addresses of each whom a test asks or tells."""
    settle_in(tx, ("lina", "noemie", "jules"))
    for ref in ("lina", "noemie", "jules", "nadia", "luc", "pascale", "yann", "helene"):
        person = by_ref(tx.rows, ref)
        assert person is not None
        for channel in ("web", "telegram"):
            address = Address(person_id=person.id, channel=channel, native=ref, state="confirmed")
            address.created_at = address.used_at = tx.now
            tx.rows.add(address)
    for stay in tx.rows.scalars(select(StayRow)):
        stay.enrolled_at = tx.now


def _person(tx: Tx, ref: str, act: Any) -> None:
    person = by_ref(tx.rows, ref)
    assert person is not None
    act(tx, person)


def stay_of(tx: Tx, ref: str) -> StayRow:
    return tx.rows.scalars(select(StayRow).join(Person, Person.id == StayRow.person_id).where(Person.ref == ref)).one()


def _ask(tx: Tx, ref: str, item: str) -> None:
    stay = stay_of(tx, ref)
    queue(tx, stay, "item", (f"item.{item}", "1"), 4, stay_facts(tx, stay))
    open_next(tx, stay.person_id, lane=Lane.ANSWER)


def _press(tx: Tx, ref: str, step: str, choice: str) -> None:
    wanted = select(SessionRow).where(SessionRow.stay_id == stay_of(tx, ref).id).order_by(SessionRow.id.desc())
    happen(tx, tx.rows.scalars(wanted).first(), Press(step, choice), Lane.ANSWER)  # type: ignore[arg-type]


def _composed(tx: Tx, ref: str, channel: str) -> list[Outgoing | None]:
    person = by_ref(tx.rows, ref)
    assert person is not None
    address = tx.rows.scalars(select(Address).where(Address.native == ref, Address.channel == channel)).one()
    wanted = select(OutboxRow).where(OutboxRow.person_id == person.id, OutboxRow.state == "pending")
    sent: list[Outgoing | None] = []
    for row in tx.rows.scalars(wanted.order_by(OutboxRow.id)):
        row.state, row.address_id = "sent", address.id
        (each,) = leaving(tx, [row.id])
        sent.append(compose(tx, each, address, rehearsal=False) if still_wanted(tx, each) else None)
    return sent
