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

from bot.demo.cast import awake
from bot.domain.messages import Letter, Outgoing, Sort
from bot.domain.programme import Programme
from bot.handlers.inbox.typed_answers import AWAITED
from bot.handlers.watch.channel_outage import note_outage
from bot.handlers.watch.own_outage import beat, come_back
from bot.runtime.app import App
from tests.journeys.people import ADULTS
from tests.lives.life import Act, Answers, OnLeave, Opens, Says, Sends, Torn, Unwell, Weather
from tests.lives.phones import CHANNELS, Phones
from tests.lives.place import Learner, Place, letter_of, not_yet, still_to_do

DRILL = {"try", "card", "card_alone"}
"""Questions of the exercise: later than in ten minutes an answer would be a cry."""
ADULTS_DO = {"take": 8, "reached": 20, "over": 20, "close": 10, "tick": 20, "green_light": 60, "well": 25}
"""What an adult presses where it is offered, and within how many minutes."""
QUESTIONS = {"note", "mood", "work", "activity", "housing", "language", "incident", "call"}
"""Of the check-in: whoever has something to say there does not say that all is fine."""
ON_CALL = {"luc", "thierry"}
"""Whom an urgent message wakes."""
WISHLESS = Answers("J-400 00:00", "R+400 00:00", {"badge_wish": "no", "return_badge": "no"})
SPOKEN = "We have spoken on the phone and it is settled."
AFTER = "R+12 12:00"
"""So long after the return the play goes on."""


class Play:
    """A place, its phones, and what is still to happen there."""

    def __init__(self, folder: Path, programme: Programme, learners: Sequence[Learner], seed: int) -> None:
        self.learners = {learner.ref: learner for learner in learners}
        self.place = Place(folder / "lives.db", programme, min(_begins(each) for each in learners) - timedelta(hours=1))
        self.phones = {name: Phones(name) for name in (*CHANNELS, "email")}
        self.app = App(self.place.db, self.phones)
        self.reached_at = {ref: (CHANNELS[number % 3], ref) for number, ref in enumerate(ADULTS)}
        """The channel and the address that somebody writes from."""
        self.reached_at |= {learner.ref: (learner.channel, learner.ref) for learner in learners}
        self.absent: list[tuple[str, datetime, datetime]] = []
        """Adults who look at nothing, or need not: from when until when."""
        self.weather: Weather | None = next((each.life.weather for each in learners if each.life.weather), None)
        self._dates = learners[0].dates
        self._chance = random.Random(seed)
        self._numbers = count()
        self._ahead: list[tuple[datetime, int, Callable[[], Any]]] = []
        self.said: list[tuple[datetime, str]] = []
        """When somebody wrote words, or sent a voice message, and who."""
        self.told: set[str] = set()
        """Who came to choose what is the matter with them."""
        self.case_presses: Counter[int] = Counter()
        """Of adults, by case."""
        for learner in learners:
            self._plan_life(learner)
        if self.weather:
            self._plan_weather(self.weather)

    async def run(self) -> None:
        """Until all have come home and everything has settled."""
        end = max(learner.dates.at(AFTER) for learner in self.learners.values())
        wake = await self._settle()
        while (instant := self._next(wake)) is not None and instant <= end:
            self.place.clock.move_to(instant)
            while self._ahead and self._ahead[0][0] <= instant:
                going = heapq.heappop(self._ahead)[2]()
                if going is not None:
                    await going
            wake = await self._settle()

    def _next(self, wake: datetime | None) -> datetime | None:
        instants = [wake, self._ahead[0][0] if self._ahead else None]
        found = min((each for each in instants if each is not None), default=None)
        if found is not None and self.weather and not self.weather.channel and self._away(found, ""):
            return self._dates.at(self.weather.until)
        return found

    def _away(self, at: datetime, channel: str) -> bool:
        """Whether nothing reaches us on a channel at that instant."""
        weather = self.weather
        if weather is None or weather.channel not in {"", channel}:
            return False
        return self._dates.at(weather.since) <= at < self._dates.at(weather.until)

    def _plan_weather(self, weather: Weather) -> None:
        """A channel is said to fail; or we are away, come back, read what waits, and then judge."""
        since, until = self._dates.at(weather.since), self._dates.at(weather.until)
        run = self.place.db.transact
        if weather.channel:
            self._plan(since, partial(run, note_outage, weather.channel, "server"))
            self._plan(until, partial(run, note_outage, weather.channel, None))
        else:
            self._plan(since, partial(run, beat))
            self._plan(until, partial(run, beat, reading=True))
            self._plan(until + timedelta(seconds=5), partial(run, come_back))

    async def _settle(self) -> datetime | None:
        now = self.place.clock.now()
        for name, phones in self.phones.items():
            phones.down = self._away(now, name)
        wake = await self.app.settle()
        for phones in self.phones.values():
            for message in phones.take():
                self._reply(self._whose(phones.name, message), message, now)
        return wake

    def _whose(self, channel: str, message: Outgoing) -> str:
        """Who reads what is sent there; nobody answers an e-mail."""
        return next((ref for ref, there in self.reached_at.items() if there == (channel, message.native)), "")

    def _plan(self, at: datetime, do: Callable[[], Any]) -> None:
        heapq.heappush(self._ahead, (at, next(self._numbers), do))

    def _plan_life(self, learner: Learner) -> None:
        life, at = learner.life, learner.dates.at
        self._plan(_begins(learner), partial(self.place.enter, learner))
        if life.joins:
            self._plan(at(life.joins), partial(self.place.join, learner.ref, learner.channel, learner.ref))
        for act in learner.acts:
            self._plan(at(act.at), partial(self._does, learner, act))
            if isinstance(act, Torn):
                self._plan(at(act.mended), self.place.mend)

    def _does(self, learner: Learner, act: Act) -> Any:
        here, at = self.reached_at[learner.ref], learner.dates.at
        match act:
            case Says():
                there = (here[0], act.phone.format(ref=learner.ref)) if act.phone else here
                return self._arrives(
                    there,
                    {"text": act.words.format(name=f"{learner.name} Zz{learner.name}")},
                    "" if act.stranger else learner.ref,
                )
            case Sends():
                blocked = self.phones[here[0]].blocked
                if act.sort is Sort.LEFT:
                    blocked.add(here[1])
                if act.sort is Sort.BACK:
                    blocked.discard(here[1])
                return self._arrives(here, {"sort": act.sort.value}, learner.ref)
            case Unwell():
                self.absent.append((act.ref, at(act.at), at(act.until)))
                return None
            case Opens():
                self.reached_at[learner.ref] = (here[0], act.phone)
            case OnLeave():
                self.absent.append((act.ref, at(act.at), at(f"{act.last} 23:59")))
        return self.place.do(learner, act)

    async def _arrives(self, there: tuple[str, str], sent: dict[str, Any], ref: str) -> None:
        """Something that somebody sent; while nothing reaches us the platform keeps it."""
        now, (channel, phone) = self.place.clock.now(), there
        if self._away(now, channel) and self.weather:
            kept = {"written": now.isoformat()} | sent
            self._plan(self._dates.at(self.weather.until), partial(self._arrives, there, kept, ref))
            return
        words = "text" in sent or sent.get("sort") == Sort.OTHER
        if words and ref in self.learners and there == self.reached_at[ref]:
            self.said.append((now, ref))
        await self.app.receive(channel, f"update-{next(self._numbers)}", {"address": phone, **sent})

    def _reply(self, ref: str, message: Outgoing, now: datetime) -> None:
        """Plan what the reader of a message does about it."""
        learner = self.learners.get(ref)
        letter, step, case, about, whose = self.place.db.run(letter_of, message.id)
        if learner is None:
            if ref in ADULTS:
                self._adult_replies(ref, message, letter, step, case, now, self.learners.get(whose))
        elif letter.offers and letter.offers[0].action["do"] == "pass_on" and learner.life.needs:
            yes = {"token": f"{message.id}.0"}  # whoever has something to say wants it read
            self._plan(now + timedelta(minutes=3), partial(self._arrives, self.reached_at[ref], yes, ref))
        elif letter.offers and letter.offers[0].action["do"] == "answer":
            drill = letter.offers[0].action.get("step") in DRILL
            hours = 0.02 if drill else self._chance.uniform(*learner.life.answers_after)
            at = awake(now + timedelta(hours=hours))
            if not _silent(learner, at, about):
                answer = self._answer(learner, message, letter, about, now)
                self._plan(at, partial(self._arrives, self.reached_at[ref], answer, ref))

    def _answer(self, learner: Learner, message: Outgoing, letter: Letter, about: str, now: datetime) -> dict[str, Any]:
        """What their life makes them choose here, by what it is about or by the question; mostly the first answer, that of
        somebody who is well and wishes for nothing.
        """
        action = letter.offers[0].action
        step, choices = str(action["step"]), [str(offer.action["choice"]) for offer in letter.offers]
        if step == "try":
            return {"text": "SOS"}
        for each in (*learner.life.answers, WISHLESS):
            wanted = each.chosen.get(about, each.chosen.get(step))
            if wanted and _within(learner, each, now):
                self.told.add(learner.ref)
                if wanted in choices:
                    return {"token": f"{message.id}.{choices.index(wanted)}"}
                if step in each.chosen:
                    return {"text": wanted}
            says_more = bool(set(each.chosen) & QUESTIONS) and "call" not in each.chosen
            if says_more and "so_so" in choices and "fine" in choices and _within(learner, each, now):
                return {"token": f"{message.id}.{choices.index('so_so')}"}
        return {"token": f"{message.id}.{len(choices) - 1 if step.startswith('days') else 0}"}

    def _adult_replies(
        self,
        ref: str,
        message: Outgoing,
        letter: Letter,
        step: str | None,
        case: int | None,
        now: datetime,
        learner: Learner | None,
    ) -> None:
        """They take an alert, reach the learner, close the case, or say that it was nothing; and tick what they are asked
        to tick.
        """
        if step in AWAITED:
            self._plan(now + timedelta(minutes=2), partial(self._arrives, self.reached_at[ref], {"text": SPOKEN}, ref))
        if not letter.offers or self.is_absent(ref, now):
            return
        stands = range(len(letter.offers)) if letter.stands is None else letter.stands
        acts = [
            str(offer.action.get("act", offer.action["do"])) if place in stands else ""
            for place, offer in enumerate(letter.offers)
        ]
        left = [each for each in ADULTS_DO if each in acts and (case is None or self._open_to(ref, case, each))]
        act = next(iter(left), None)
        if "well" in acts and learner is not None and (act == "reached" or not _in_need(learner, now)):
            act = "well"  # it says that they were reached, and closes the case
        if "over" in acts and act == "reached":
            act = "over"  # the same of a cry, which ends in words
        if act is None and "reason" in letter.offers[0].action:
            act = "close"
        if act is None:
            return
        at = now + timedelta(minutes=self._chance.uniform(0.5, 1.0) * ADULTS_DO[act])
        up = act in {"reached", "over", "close"} or (message.urgent and ref in ON_CALL)
        place = acts.index(act) if act in acts else 0
        if act == "green_light":  # go all the same, with a reason: they have spoken about what is missing
            place = [offer.action["say"] for offer in letter.offers].index("all_the_same")
        for each in [n for n, found in enumerate(acts) if found == act] if act == "tick" else [place]:
            self._plan(at if up else awake(at), partial(self._adult_presses, ref, message, each, act, case))

    def _open_to(self, ref: str, case: int, act: str) -> bool:
        """Of what an alert offers: whoever has the case does not take it, and has reached the learner once."""
        return act not in {"take", "reached", "over"} or self.place.db.run(not_yet, ref, case, act)

    async def _adult_presses(self, ref: str, message: Outgoing, place: int, act: str, case: int | None) -> None:
        """What a colleague has done meanwhile, or they themselves, is not done once more. What was pressed shows in its place
        what can be done next.
        """
        if case is None or self.place.db.run(still_to_do, ref, case, act):
            self.case_presses.update([] if case is None else [case])
            await self._arrives(self.reached_at[ref], {"token": f"{message.id}.{place}"}, ref)
            if case is not None:
                self._plan(self.place.clock.now() + timedelta(seconds=1), partial(self._looks_again, ref, message))

    def _looks_again(self, ref: str, message: Outgoing) -> None:
        """The message that was pressed, as it stands now."""
        letter, step, case, _about, whose = self.place.db.run(letter_of, message.id)
        if letter.stands:
            now = self.place.clock.now()
            self._adult_replies(ref, message, letter, step, case, now, self.learners.get(whose))

    def is_absent(self, ref: str, at: datetime) -> bool:
        """Whether an adult looks at nothing then, or need not."""
        return any(who == ref and since <= at < until for who, since, until in self.absent)


def _begins(learner: Learner) -> datetime:
    return learner.dates.at(learner.life.imported)


def _silent(learner: Learner, at: datetime, about: str) -> bool:
    on = learner.dates.at
    return any(on(each.since) <= at < on(each.until) and about.startswith(each.about) for each in learner.life.silences)


def _in_need(learner: Learner, at: datetime) -> bool:
    on = learner.dates.at
    return any(on(need.since) <= at <= on(need.until) and not need.doubt for need in learner.life.needs)


def _within(learner: Learner, each: Answers, now: datetime) -> bool:
    return learner.dates.at(each.since) <= now < learner.dates.at(each.until)
