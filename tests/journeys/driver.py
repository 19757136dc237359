"""A whole mobility, played on the real engine: `say`, `press`, `until`; `heard` reads what was sent back from the disk."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Text, bindparam, select, type_coerce
from sqlalchemy.orm import Session

from bot.clock import SimulatedClock
from bot.demo.world import QuietChannel
from bot.domain.messages import receipts_under
from bot.domain.programme import Programme
from bot.domain.stay import Ended
from bot.runtime.app import App
from bot.store.db import Database, Tx, connect
from bot.store.messages import InboxRow, OutboxRow
from bot.store.people import Person
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow
from tests.journeys.invariants import Watch
from tests.journeys.people import ADULTS, enter, join, settle_in
from tests.journeys.remembered import remembered

R = TypeVar("R")
Settle = Callable[[], Awaitable[datetime | None]]
"""Does all there is to do, and says when something has to happen next, as `App.settle` does."""
PARIS = ZoneInfo("Europe/Paris")
SOON = "2027-03-01 09:00"
"""A Monday morning, the week before the departures."""
_SENT = (
    select(OutboxRow.id, OutboxRow.message, OutboxRow.rendered)
    .join(Person, Person.id == OutboxRow.person_id)
    .where(Person.ref == bindparam("ref"), OutboxRow.state == "sent")
    .order_by(OutboxRow.id.desc())
)
_AS_STORED = (
    select(Person.ref, OutboxRow.id, type_coerce(OutboxRow.message, Text), type_coerce(OutboxRow.rendered, Text))
    .join(Person, Person.id == OutboxRow.person_id)
    .where(Person.ref.in_(bindparam("refs", expanding=True)), OutboxRow.state == "sent")
    .order_by(OutboxRow.sent_at, OutboxRow.id)
)
Stored = tuple[int, str, str | None]
"""A message that was sent, as it lies in the database: its id, what it is, and in which words it left."""
_COLUMNS = (OutboxRow.__table__.c.message, OutboxRow.__table__.c.rendered)


class Opened(NamedTuple):
    """A message, and the words in which it left."""

    message: dict[str, Any]
    rendered: dict[str, Any]


def instant(local: str) -> datetime:
    """`2027-03-06 20:00` on the clocks of Paris, Berlin and Oslo."""
    return datetime.fromisoformat(local).replace(tzinfo=PARIS).astimezone(UTC)


async def pass_time(
    app: App,
    clock: SimulatedClock,
    end: datetime,
    settle: Settle,
    stop: Settle | None = None,
) -> None:
    """Let time pass until an instant, stopping and settling wherever something has to happen; on the way by `stop`."""
    wake = await app.next_wake()
    while wake is not None and wake < end:
        clock.move_to(wake)
        wake = await (stop or settle)()
    clock.move_to(end)
    await settle()


class _Clock(SimulatedClock):
    """Before it moves on, somebody looks at how things stand: afterwards nothing shows it any more."""

    def __init__(self, start: datetime, look: Callable[[], None]) -> None:
        super().__init__(start)
        self._look = look

    def move_to(self, instant: datetime) -> None:
        self._look()
        super().move_to(instant)


class Journey:
    """An app on a database of its own, on a clock that stands still until `until` moves it."""

    def __init__(self, path: Path, programme: Programme, start: str = SOON) -> None:
        self.path = path
        self._start = instant(start)
        self.clock = _Clock(self._start, self._audit)
        self.programme = programme
        self.channel = QuietChannel()
        self.channels = {"web": self.channel}
        self.received = 0
        self.looked: dict[str, list[Stored]] = {}
        self._opened: dict[Stored, Opened] = {}
        self._reader = connect(f"sqlite:///{path}", durable=False, reads=True)
        self.open()

    def open(self) -> None:
        """A process begins on the file as it is."""
        self.db = Database(f"sqlite:///{self.path}", self.clock, self.programme, durable=False, alone=True)
        self.app = App(self.db, self.channels)
        self.watch = Watch(self.db, self.received)
        self._own = self.app

    @property
    def untouched(self) -> bool:
        """Whether it is as it was opened: no other app, programme or keys, nothing came in, no time passed."""
        own = self.app is self._own and self.db.programme is self.programme and self.db.keys is None
        return own and not self.received and self.clock.now() == self._start

    def close(self) -> None:
        try:
            self._audit()
        finally:
            self.db.close()
            self._reader.dispose()

    async def gather(self, *learners: str) -> None:
        """Schools, adults and these learners; all of them open their invitations."""
        await remembered(self, ("gather", learners), lambda: self._gather(*learners))

    async def _gather(self, *learners: str) -> None:
        if not learners:
            await self.do(settle_in, ())
            return await self.do(join, *ADULTS)
        await self.gather()
        await self.do(enter, learners)
        await self.do(join, *learners)

    async def enrol(self, *learners: str) -> None:
        """Gather, and let the learners say yes."""
        await remembered(self, ("enrol", learners), lambda: self._enrol(*learners))

    async def _enrol(self, *learners: str) -> None:
        await self.gather(*learners)
        for ref in learners:
            await self.press(ref, "yes")
            self.heard(ref)

    async def do(self, handle: Callable[..., R], *args: Any) -> R:
        """Something else happens: an import, a changed date. Then the app does what follows from it."""
        answer = await self.db.transact(handle, *args)
        await self.settle()
        return answer

    async def lose(self, fault: Callable[..., object], *args: Any) -> None:
        """Something breaks behind everybody's back. Until then all was well."""
        self._audit()
        await self.db.transact(fault, *args)

    async def say(self, ref: str, words: str, *, watched: bool = True) -> None:
        """Somebody writes. Of many words that only ask, the last is `watched`: what must hold is looked at then."""
        await self.bring(ref, {"text": words}, watched=watched)

    async def press(self, ref: str, choice: str) -> None:
        """Somebody presses the latest button with this label, or this id of a choice."""
        await self.bring(ref, {"token": self.token(ref, choice)})

    async def bring(self, ref: str, sent: dict[str, Any], *, watched: bool = True) -> None:
        """An update arrives, and is handled."""
        self.received = self.watch.received = self.received + 1
        await self.app.receive("web", f"update-{self.received}", {"address": ref, **sent})
        await (self.settle() if watched else self.app.settle())

    async def until(self, local: str) -> None:
        """Let time pass until a local instant, stopping wherever something has to happen."""
        await self.go_to(instant(local))

    async def go_to(self, end: datetime) -> None:
        await pass_time(self.app, self.clock, end, self.settle, self.stop)

    async def finish(self) -> None:
        """Until nothing of the mobility is left: every message has come to its end."""
        await self.until("2027-09-06 12:00")
        with Session(self._reader) as rows:
            assert set(rows.scalars(select(OutboxRow.state))) <= {"sent", "failed", "unknown", "expired"}, "I7"

    async def settle(self) -> datetime | None:
        wake = await self.app.settle()
        self.watch.check(self._reader)
        return wake

    async def stop(self) -> datetime | None:
        """The same on the way to somewhere else."""
        wake = await self.app.settle()
        self.watch.check(self._reader, on_the_way=True)
        return wake

    def _audit(self) -> None:
        """Whatever happens at one instant, the auditor is asked once how it was left."""
        self.watch.left(self._reader)

    def heard(self, ref: str) -> list[str]:
        """What this person was sent since the last look: what was said under a question that was answered, then each
        message, its text, then its buttons in brackets.
        """
        before = self.looked.get(ref, [])
        self.forget(ref)
        sent = self.looked[ref]
        said = self._said_under(sent, before) - self._said_under(before, sent)
        return [*said.elements(), *(_shown(self._open(row)) for row in sent[len(before) :])]

    def forget(self, *refs: str) -> None:
        """Look at what these people were sent so far, so that only what comes next counts."""
        self.looked |= {ref: [] for ref in refs}
        for row in self._read(_AS_STORED, refs=refs):
            self.looked[row.ref].append((row.id, row.message, row.rendered))

    def _said_under(self, sent: Sequence[Stored], others: Sequence[Stored]) -> Counter[str]:
        """What stands under those of some messages that do not lie so among others."""
        known = set(others)
        opened = (self._open(row) for row in sent if row not in known)
        receipts = (receipts_under(each.message, each.rendered.get("language", "")) for each in opened)
        return Counter(said.strip() for said in receipts if said)

    def _open(self, stored: Stored) -> Opened:
        """What lies there as before is not opened again: that costs far more."""
        if stored not in self._opened:
            message, rendered = map(_value, _COLUMNS, stored[1:])
            self._opened[stored] = Opened(message, rendered or {"text": "", "buttons": [], "language": ""})
        return self._opened[stored]

    def token(self, ref: str, choice: str) -> str:
        """The button a person sees, named as a channel would name it."""
        with self._reader.connect() as connection:
            for row in connection.execute(_SENT, {"ref": ref}):  # no further than it is
                for place, offer in enumerate(row.message["offers"]):
                    if choice in {(row.rendered or {})["buttons"][place], *_names(offer["action"])}:
                        return f"{row.id}.{place}"
        raise LookupError(f"{ref} has no button {choice!r}")

    def ask(self, wanted: Any) -> list[Any]:
        """Rows that were committed."""
        return [tuple(row) for row in self._read(wanted)]

    def _read(self, wanted: Any, **named: Any) -> Sequence[Row[Any]]:
        with self._reader.connect() as connection:
            return connection.execute(wanted, named).all()

    def stay(self, ref: str) -> int:
        """The id of somebody's stay."""
        found = self.ask(select(StayRow.id).join(Person, StayRow.person_id == Person.id).where(Person.ref == ref))
        return int(found[0][0])

    def undelivered(self) -> list[Any]:
        """The touchpoints whose question never arrived, in order."""
        wanted = select(SessionRow.touchpoint).join(OutboxRow, OutboxRow.session_id == SessionRow.id)
        return self.ask(wanted.where(OutboxRow.state == "failed").order_by(OutboxRow.id).distinct())

    def inbox(self) -> list[Any]:
        """What became of each update: its state, and why."""
        return self.ask(select(InboxRow.state, InboxRow.problem).order_by(InboxRow.id))


def _value(column: Any, lying: str | None) -> Any:
    return column.type.process_result_value(json.loads(lying or "null"), None)


def _shown(sent: Opened) -> str:
    return " ".join([sent.rendered["text"], *(f"[{label}]" for label in sent.rendered["buttons"])])


def _names(action: dict[str, Any]) -> set[str]:
    return {str(action[name]) for name in ("choice", "say", "reason", "to", "rest") if name in action} | (
        {action["act"]} if "act" in action and not {"to", "reason"} & action.keys() else set(action.get("items", ()))
    )


def cancel(tx: Tx, stay: int) -> None:
    """A stay falls through."""
    row = tx.rows.get_one(StayRow, stay)
    row.ended, row.ended_at, row.wake_at = Ended.WITHDRAWN, tx.now, tx.now
