"""Plays the lives of one place: people answer, write, fall silent; adults take what comes; time passes."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.demo.cast import awake
from bot.demo.world import QuietChannel
from bot.domain.channel import NotSent, Outcome, Permanent
from bot.domain.messages import Incoming, Letter, Outgoing, Sort
from bot.domain.programme import Programme
from bot.handlers.inbox.standing import AWAITED
from bot.handlers.watch.own_outage import beat
from bot.runtime.app import App
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import by_ref
from bot.store.sessions import SessionRow
from tests.lives.life import Act, Answers, Says, Sends, Weather
from tests.lives.place import Learner, Place

ANSWERS_AFTER = (0.1, 3.0)
"""Hours until somebody who is well answers."""
ADULTS_DO = {"take": 8, "reached": 20, "close": 10, "tick": 20, "green_light": 60}
"""What an adult presses where it is offered, and within how many minutes."""
ON_CALL = {"luc", "thierry"}
"""Whom an urgent message wakes."""
WISHLESS = Answers("J-400 00:00", "R+400 00:00", {"badge_wish": "no", "return_badge": "no"})
SPOKEN = "We have spoken on the phone and it is settled."
AFTER = "R+12 12:00"
"""So long after the return the play goes on."""


class Phones(QuietChannel):
    """Where everybody is reached: it carries what is no text too, and may be down, or blocked by one person."""

    def __init__(self) -> None:
        super().__init__()
        self.blocked: set[str] = set()
        self.down = False

    async def send(self, message: Outgoing) -> Outcome:
        if self.down:
            return NotSent(timedelta(minutes=5))
        return Permanent("blocked") if message.native in self.blocked else await super().send(message)

    def read(self, native: str, raw: dict[str, Any]) -> Incoming:
        if "sort" in raw:
            return Incoming(self.name, raw["address"], native, sort=Sort(raw["sort"]))
        return super().read(native, raw)


class Play:
    """A place, its phones, and what is still to happen there."""

    def __init__(self, folder: Path, programme: Programme, learners: Sequence[Learner], seed: int) -> None:
        self.learners = {learner.ref: learner for learner in learners}
        self.place = Place(folder / "lives.db", programme, min(_begins(each) for each in learners) - timedelta(hours=1))
        self.phones = Phones()
        self.app = App(self.place.db, {"web": self.phones})
        self.weather: Weather | None = next((each.life.weather for each in learners if each.life.weather), None)
        self._dates = learners[0].dates
        self._chance = random.Random(seed)
        self._numbers = count()
        self._ahead: list[tuple[datetime, int, Callable[[], Any]]] = []
        self.said: list[tuple[datetime, str]] = []
        """When somebody wrote words, and who."""
        self.case_presses: Counter[int] = Counter()
        """Of adults, by case."""
        for learner in learners:
            self._plan_life(learner)
        if self.weather:
            self._plan(self._dates.at(self.weather.until), self._comes_back)

    async def run(self) -> None:
        """Until all have come home and everything has settled."""
        end = max(learner.dates.at(AFTER) for learner in self.learners.values())
        await self._settle()
        while (instant := await self._next()) is not None and instant <= end:
            self.place.clock.move_to(instant)
            while self._ahead and self._ahead[0][0] <= instant:
                going = heapq.heappop(self._ahead)[2]()
                if going is not None:
                    await going
            await self._settle()

    async def _next(self) -> datetime | None:
        instants = [await self.app.next_wake(), self._ahead[0][0] if self._ahead else None]
        found = min((each for each in instants if each is not None), default=None)
        if found is not None and self._away(found) and self.weather and not self.weather.channel_only:
            return self._dates.at(self.weather.until)
        return found

    def _away(self, at: datetime) -> bool:
        """Whether nothing reaches us at that instant."""
        weather = self.weather
        return weather is not None and self._dates.at(weather.since) <= at < self._dates.at(weather.until)

    async def _comes_back(self) -> None:
        if self.weather and not self.weather.channel_only:
            await self.place.db.transact(beat)

    async def _settle(self) -> None:
        now = self.place.clock.now()
        self.phones.down = self._away(now)
        if self.weather and not self._away(now) and now < self._dates.at(self.weather.since):
            await self.place.db.transact(beat)
        await self.app.settle()
        for message in self.phones.take():
            self._reply(message, now)

    def _plan(self, at: datetime, do: Callable[[], Any]) -> None:
        heapq.heappush(self._ahead, (at, next(self._numbers), do))

    def _plan_life(self, learner: Learner) -> None:
        life, at = learner.life, learner.dates.at
        self._plan(_begins(learner), partial(self.place.enter, learner))
        if life.joins:
            self._plan(at(life.joins), partial(self.place.join, learner.ref))
        for act in life.acts:
            self._plan(at(act.at), partial(self._does, learner, act))

    def _does(self, learner: Learner, act: Act) -> Any:
        if isinstance(act, Says):
            return self._arrives(learner.ref, {"text": act.words})
        if not isinstance(act, Sends):
            return self.place.do(learner, act)
        if act.sort is Sort.LEFT:
            self.phones.blocked.add(learner.ref)
        if act.sort is Sort.BACK:
            self.phones.blocked.discard(learner.ref)
        return self._arrives(learner.ref, {"sort": act.sort.value})

    async def _arrives(self, ref: str, sent: dict[str, Any]) -> None:
        """Something that somebody sent; while nothing reaches us the platform keeps it."""
        now = self.place.clock.now()
        if self._away(now) and self.weather:
            self._plan(self._dates.at(self.weather.until), partial(self._arrives, ref, sent))
            return
        if "text" in sent and ref in self.learners:
            self.said.append((now, ref))
        await self.app.receive("web", f"update-{next(self._numbers)}", {"address": ref, **sent})

    def _reply(self, message: Outgoing, now: datetime) -> None:
        """Plan what the reader of a message does about it."""
        learner = self.learners.get(message.native)
        letter, step, case, about = self.place.db.run(_letter, message.id)
        if learner is None:
            self._adult_replies(message, letter, step, case, now)
        elif letter.offers and letter.offers[0].action["do"] == "answer":
            drill = letter.offers[0].action.get("step") == "try"  # later than in ten minutes it would be a cry
            hours = 0.02 if drill else self._chance.uniform(*ANSWERS_AFTER)
            at = awake(now + timedelta(hours=hours))
            if not _silent(learner, at):
                self._plan(at, partial(self._arrives, learner.ref, _answer(learner, message, letter, about, now)))

    def _adult_replies(
        self, message: Outgoing, letter: Letter, step: str | None, case: int | None, now: datetime
    ) -> None:
        """They take an alert, reach the learner, close the case; and tick what they are asked to tick."""
        ref = message.native
        if step in AWAITED:
            self._plan(now + timedelta(minutes=2), partial(self._arrives, ref, {"text": SPOKEN}))
        if not letter.offers:
            return
        acts = [str(offer.action.get("act", offer.action["do"])) for offer in letter.offers]
        act = next((each for each in ADULTS_DO if each in acts), None)
        if act is None and "reason" in letter.offers[0].action:
            act = "close"
        if act is None:
            return
        at = now + timedelta(minutes=self._chance.uniform(0.5, 1.0) * ADULTS_DO[act])
        up = act in {"reached", "close"} or (message.urgent and ref in ON_CALL)
        place = acts.index(act) if act in acts else 0
        if act == "green_light":  # go all the same, with a reason: they have spoken about what is missing
            place = len(acts) - 1
        self._plan(at if up else awake(at), partial(self._adult_presses, ref, f"{message.id}.{place}", act, case))

    async def _adult_presses(self, ref: str, token: str, act: str, case: int | None) -> None:
        """What a colleague has done meanwhile, or they themselves, is not done once more."""
        if case is None or self.place.db.run(_still_to_do, ref, case, act):
            self.case_presses.update([] if case is None else [case])
            await self._arrives(ref, {"token": token})


def _begins(learner: Learner) -> datetime:
    return learner.dates.at(learner.life.imported)


def _silent(learner: Learner, at: datetime) -> bool:
    return any(learner.dates.at(each.since) <= at < learner.dates.at(each.until) for each in learner.life.silences)


def _answer(learner: Learner, message: Outgoing, letter: Letter, about: str, now: datetime) -> dict[str, Any]:
    """What their life makes them choose here, by what it is about or by the question; mostly the first answer, that of
    somebody who is well and wishes for nothing.
    """
    action = letter.offers[0].action
    step, choices = str(action["step"]), [str(offer.action["choice"]) for offer in letter.offers]
    if step == "try":
        return {"text": "SOS"}
    for each in (*learner.life.answers, WISHLESS):
        wanted = each.chosen.get(about, each.chosen.get(step))
        if wanted in choices and learner.dates.at(each.since) <= now < learner.dates.at(each.until):
            return {"token": f"{message.id}.{choices.index(str(wanted))}"}
    return {"token": f"{message.id}.{len(choices) - 1 if step.startswith('days') else 0}"}


def _still_to_do(tx: Tx, ref: str, number: int, act: str) -> bool:
    case, adult = tx.rows.get_one(CaseRow, number), by_ref(tx.rows, ref)
    if case.closed_at is not None or adult is None:
        return False
    if act == "take":
        return case.owner_id is None
    reached = select(CaseEvent.id).where(CaseEvent.case_id == number, CaseEvent.kind == "reached")
    return case.owner_id == adult.id and (act != "reached" or tx.rows.scalars(reached).first() is None)


def _letter(tx: Tx, number: int) -> tuple[Letter, str | None, int | None, str]:
    row = tx.rows.get_one(OutboxRow, number)
    about = tx.rows.get_one(SessionRow, row.session_id).touchpoint if row.session_id else ""
    return Letter.from_json(row.message), row.step, row.case_id, about
