"""The cast: invented people who answer by themselves, each in their own way, the same way for the same seed."""

from __future__ import annotations

import heapq
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.demo.answers import Answered, choose, go_on, temper_of
from bot.domain.messages import Letter, Outgoing
from bot.engine.drill import TRIED, WINDOW
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Database, Tx
from bot.store.messages import OutboxRow

PREFIX = "demo:"
PARIS = ZoneInfo("Europe/Paris")
AWAKE = (time(8), time(22))


@dataclass(order=True)
class Reply:
    """Something that somebody will send."""

    at: datetime
    number: int
    native: str = field(compare=False)
    raw: dict[str, Any] = field(compare=False)
    stay: int | None = field(compare=False, default=None)
    """Whom it is about."""
    alert: Outgoing | None = field(compare=False, default=None)
    """The alert that is pressed: what can be done next then stands in its place."""


class Cast:
    """Plans replies to what was sent, and hands them out when their time comes.

    Whom somebody else plays, is `left`: altogether, or with what is about one stay.
    """

    def __init__(self, db: Database, seed: int) -> None:
        self.db = db
        self.left: set[tuple[str, int | None]] = set()
        """Addresses, and the stay; no stay means everything."""
        self._chance = random.Random(seed)  # noqa: S311 - a play, not a secret
        self._replies: list[Reply] = []
        self._count = 0
        self.pressed: list[Outgoing] = []
        """Alerts that were pressed and not looked at again."""

    async def plan_replies(self, sent: list[Outgoing], now: datetime) -> None:
        """Decide who answers what, and when (`now` is aware)."""
        asked = [message for message in sent if message.buttons]
        pressed, self.pressed = self.pressed, []
        if not asked and not pressed:
            return
        letters, standing = await self.db.transact(_read, [message.id for message in (*asked, *pressed)])
        for message in (*asked, *pressed):
            letter, stay = letters[message.id]
            if self._is_left(message.native, stay):
                continue
            if message.id in standing:
                self._press(message, go_on(*standing[message.id]), stay, now)
            elif message in asked:
                self._plan(message, letter, stay, now)

    def _is_left(self, native: str, stay: int | None) -> bool:
        return bool({(native, None), (native, stay)} & self.left)

    def due(self, now: datetime) -> list[tuple[str, dict[str, Any]]]:
        """What is sent by `now`: (address, raw update), in order."""
        found = []
        while self._replies and self._replies[0].at <= now:
            reply = heapq.heappop(self._replies)
            if not self._is_left(reply.native, reply.stay):
                found.append((reply.native, reply.raw))
                self.pressed += [reply.alert] if reply.alert is not None else []
        return found

    def next_at(self) -> datetime | None:
        """When the next reply comes."""
        return self._replies[0].at if self._replies else None

    def _plan(self, message: Outgoing, letter: Letter, stay: int | None, now: datetime) -> None:
        temper = temper_of(message.native.removeprefix(PREFIX))
        answer = choose(letter, temper, self._chance, self.db.programme)
        if answer is None:
            return
        if letter.offers[answer.place].action["do"] == "case":
            return self._press(message, answer, stay, now)
        at = awake(now + timedelta(hours=answer.after + self._chance.uniform(*temper.hours) * answer.pace))
        if temper.silence and temper.silence.covers(at.astimezone(PARIS).date()):
            if not answer.late:
                return
            back = temper.silence.last + timedelta(days=1)
            at = datetime.combine(back, time(17, 20), PARIS)
        ticks = [place for place, offer in enumerate(letter.offers) if offer.action["do"] == "tick"]
        for place in ticks or [answer.place]:
            raw = {"address": message.native, "token": f"{message.id}.{place}"}
            if answer.words and not (answer.words == TRIED and at - now >= WINDOW):  # then it would be a real cry
                raw = {"address": message.native, "text": answer.words}
            self._count += 1
            heapq.heappush(self._replies, Reply(at, self._count, message.native, raw, stay))

    def _press(self, message: Outgoing, answer: Answered | None, stay: int | None, now: datetime) -> None:
        """One step with a case: who is awake takes it, reaches the young person, closes it."""
        if answer is None:
            return
        hours = temper_of(message.native.removeprefix(PREFIX)).hours
        at = awake(now + timedelta(hours=answer.after + self._chance.uniform(*hours) * answer.pace))
        raw = {"address": message.native, "token": f"{message.id}.{answer.place}"}
        self._count += 1
        heapq.heappush(self._replies, Reply(at, self._count, message.native, raw, stay, message))


def awake(at: datetime) -> datetime:
    """People sleep: what would be sent at night is sent in the morning."""
    local = at.astimezone(PARIS)
    if AWAKE[0] <= local.time() < AWAKE[1]:
        return at
    day = local.date() if local.time() < AWAKE[0] else local.date() + timedelta(days=1)
    return datetime.combine(day, time(8, 5), PARIS).astimezone(at.tzinfo) + timedelta(minutes=local.minute % 40)


def _read(tx: Tx, numbers: list[int]) -> tuple[dict[int, tuple[Letter, int | None]], dict[int, tuple[Letter, bool]]]:
    """What was sent, and the stay that it is about; and those of them that are alerts, as they stand."""
    rows = tx.rows.scalars(select(OutboxRow).where(OutboxRow.id.in_(numbers))).all()
    return {row.id: (Letter.from_json(row.message), row.stay_id) for row in rows}, _standing(tx, rows)


def _standing(tx: Tx, rows: Sequence[OutboxRow]) -> dict[int, tuple[Letter, bool]]:
    """Of the alerts whose case their reader now follows: the alert as it stands, and whether the learner was reached."""
    found = {}
    for row in rows:
        case = tx.rows.get(CaseRow, row.case_id) if row.case_id else None
        if case is not None and case.closed_at is None and case.owner_id == row.person_id:
            reached = select(CaseEvent.id).where(CaseEvent.case_id == case.id, CaseEvent.kind == "reached")
            found[row.id] = Letter.from_json(row.message), tx.rows.scalars(reached).first() is not None
    return found
