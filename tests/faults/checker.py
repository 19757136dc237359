"""Whether anything was lost, told twice or told to the wrong person (DESIGN, I1 to I8): by the rows of the database, what people
saw, and the world's own ledger. It imports nothing of the program: a fault in its functions cannot hide itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.faults.asked import ENDS, ask, instant, text_of
from tests.faults.ledger import REPEATED, Ledger, Part, Seen, Sight, Someone

SOON = timedelta(hours=1)
"""A case for now is tried again within the hour, every other one within a week and a little more."""
LATER = timedelta(days=9)
ROUNDS, DAY = 4, timedelta(days=1)
"""Each time that all were told in vain the next is twice as far away: after so many within the day."""
LATELY = timedelta(minutes=2)
SHORTEST = timedelta(minutes=59)
"""No question waits for less than an hour for its answer."""
AGAIN = ("enrolment", "catch_up")
"""Conversations that may be had more than once for one occurrence."""
CRIES = (
    "SELECT c.id, e.at FROM case_events e JOIN cases c ON c.id = e.case_id JOIN stays s ON s.id = c.stay_id JOIN people p ON p.id = s.person_id "
    "WHERE e.kind = 'matter' AND c.topic = 'sos' AND p.ref = ?"
)
ALERTS = "SELECT p.ref FROM outbox o JOIN people p ON p.id = o.person_id WHERE o.case_id = ? AND o.lane = 0 AND o.created_at BETWEEN ? AND ?"
STATES = "SELECT o.state, o.attempts, o.due_at FROM outbox o JOIN people p ON p.id = o.person_id WHERE o.lane = 0 AND p.ref = ?"
TOLD = "SELECT session_id, opened_at FROM cases WHERE topic = 'missed' AND opened_at NOT IN (SELECT at FROM audit WHERE action = 'clock set back')"
"""Silences that were told, but in a year that was wrong: then all that happened in it happened when the clock was set right."""
SHOWN = 5
"""So many of each kind of violation are written out."""


@dataclass
class Verdict:
    """What was counted, and what was wrong."""

    figures: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def blame(self, rule: str, found: list[str]) -> None:
        self.figures[f"violations {rule}"] += len(found)
        self.wrong += [f"{rule}: {each}" for each in found[:SHOWN]]


def check(database: Path, ledger: Ledger, seen: Seen, now: datetime, *, repeatable: bool) -> Verdict:
    """Everything at once. `now` is the instant at which it was looked whether anything is left; `repeatable` says that
    nothing may be seen twice at all.
    """
    verdict = Verdict()
    look = Look(database, ledger, {ref: list(each) for ref, each in seen.items()}, now, repeatable, verdict.figures)
    for rule, found in (
        ("I1 handled once", look.updates()),
        ("I1 answered once", look.answers()),
        ("I2 a cry is told", look.cries()),
        ("I3 a case goes on", look.cases()),
        ("I4 one conversation an occurrence", look.conversations()),
        ("I5 silence is noticed, and not too early", look.silences()),
        ("I6 only who may", look.walls()),
        ("I7 every message has an end", look.ends()),
        ("I8 one question at a time", look.prompts()),
        ("lost", look.lost()),
        ("twice", look.twice()),
        ("said to have arrived", look.arrived()),
    ):
        verdict.blame(rule, list(found))
    verdict.blame("the world's own complaints", ledger.refused)
    return verdict


@dataclass(frozen=True)
class Look:
    database: Path
    ledger: Ledger
    seen: dict[str, list[Sight]]
    now: datetime
    repeatable: bool
    figures: Counter[str]

    def _ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return ask(self.database, sql, *values)

    def updates(self) -> Iterator[str]:
        """Each update that the platform handed over is there once, and has its end."""
        states: dict[str, list[str]] = defaultdict(list)
        for native, state in self._ask("SELECT native, state FROM inbox"):
            states[native.partition(":")[0]].append(state)  # a number of Telegram's is not unique for ever
        for native in self.ledger.arrived:
            found = states[native]
            self.figures["in"] += 1
            self.figures["in handled"] += found == ["handled"]
            if found != ["handled"]:
                yield f"{native}: {found or 'not there'}"
        yield from (f"{native}: left in the inbox" for native, found in states.items() if "new" in found)

    def answers(self) -> Iterator[str]:
        """Who is only known is answered once for each word."""
        own = {note.row for note in self.ledger.notes}
        wanted = "SELECT p.ref, o.id FROM outbox o JOIN people p ON p.id = o.person_id WHERE o.edit_of IS NULL"
        rows = Counter(ref for ref, row in self._ask(wanted) if row not in own)
        said = Counter(self.ledger.arrived.values())
        for who in self.ledger.of(Part.PLAIN):
            if rows[who.ref] != said[who.ref]:
                yield f"{who.ref}: {said[who.ref]} words, {rows[who.ref]} answers"

    def cries(self) -> Iterator[str]:
        """Each cry is the matter of a case; the adult on call of that school has an alert of the same instant, or had one in
        the minutes before; and saw it. Who cried saw whom to call.
        """
        for native, ref in self.ledger.cries.items():
            if native not in self.ledger.dropped:
                self.figures["cries"] += 1
                matters = [(case, instant(at)) for case, at in self._ask(CRIES, ref)]
                yield from () if matters else (f"{ref}: in no case",)
                if matters and not any(self._alerted(ref, case, at) for case, at in matters):
                    yield f"{ref}: no alert in the same transaction"
                yield from self._told(ref)

    def _alerted(self, ref: str, case: int, at: datetime) -> bool:
        """Whoever is on call for this one has an alert of that instant, or of the minutes before."""
        told = {adult for (adult,) in self._ask(ALERTS, case, text_of(at - LATELY), text_of(at))}
        return {adult.ref for adult in self._on_call(ref)} <= told

    def _on_call(self, ref: str) -> list[Someone]:
        school = next(each.school for each in self.ledger.people if each.ref == ref)
        return [adult for adult in self.ledger.of(Part.ON_CALL) if adult.school == school]

    def _told(self, ref: str) -> Iterator[str]:
        secret = next(each.secret for each in self.ledger.people if each.ref == ref)
        for adult in self._on_call(ref):
            if not any("SOS" in each.text and secret in each.text for each in self.seen[adult.ref]):
                alerts = self._ask(STATES, adult.ref)
                yield f"{ref}: {adult.ref} saw no alert: {alerts}, at {text_of(self.now)}"
        if not any("112" in each.text for each in self.seen[ref]):
            yield f"{ref}: saw no number to call"

    def cases(self) -> Iterator[str]:
        for case, level, round_, wake, owner in self._ask(
            "SELECT id, level, round, wake_at, owner_id FROM cases WHERE closed_at IS NULL"
        ):
            self.figures["cases open"] += 1
            most = LATER if str(level).casefold() != "now" else SOON if round_ < ROUNDS else DAY
            if wake is None:
                yield f"case {case}: no next attempt"
            elif not self.now - SOON < instant(wake) < self.now + most and owner is None:
                yield f"case {case} ({level}): next attempt {wake}, at {text_of(self.now)}"

    def conversations(self) -> Iterator[str]:
        """One whose turn never came is none: in a year that was wrong it was too late for it."""
        wanted = "SELECT stay_id, touchpoint, occurrence, count(*) FROM sessions WHERE touchpoint NOT IN (?, ?) AND occurrence <> 'early' AND NOT (state = 'expired' AND asked IS NULL) GROUP BY 1, 2, 3"
        for stay, touchpoint, occurrence, count in self._ask(wanted, *AGAIN):
            self.figures["conversations"] += count
            if count > 1:
                yield f"stay {stay}: {touchpoint} {occurrence} {count} times"

    def silences(self) -> Iterator[str]:
        """A question that arrived has an end to its wait; and an adult hears of a silence only an hour after the last at least."""
        waits = "SELECT s.id, s.wake_at FROM sessions s WHERE s.state = 'open' AND EXISTS (SELECT 1 FROM outbox o WHERE o.session_id = s.id AND o.step = s.asked AND o.state = 'sent')"
        for session, wake in self._ask(waits):
            if wake is None or not self.now - SOON < instant(wake) < self.now + timedelta(days=60):
                yield f"conversation {session} waits until {wake}, at {text_of(self.now)}"
        for session, opened in self._ask(TOLD):
            self.figures["silences told"] += 1
            asked = "SELECT max(sent_at) FROM outbox WHERE session_id = ? AND state = 'sent' AND sent_at <= ? AND step IS NOT NULL"
            [(last,)] = self._ask(asked, session, opened)
            if last is None or instant(opened) - instant(last) < SHORTEST:
                yield f"told at {opened} of a silence that began at {last}"

    def walls(self) -> Iterator[str]:
        """No learner's name stands on the screen of anybody but themselves, their school's adults and the consortium."""
        for reader in self.ledger.people:
            barred = [each for each in self.ledger.people if each.secret and not reader.may_read_of(each)]
            words = "\n".join(each.text for each in self.seen[reader.ref])
            yield from (f"{reader.ref} read of {each.ref}" for each in barred if each.secret in words)

    def ends(self) -> Iterator[str]:
        for row, state, due in self._ask("SELECT id, state, due_at FROM outbox WHERE edit_of IS NULL"):
            self.figures["out"] += 1
            self.figures[f"out {state}"] += 1
            if state not in ENDS and (
                state != "pending" or not self.now < instant(due) < self.now + timedelta(days=40)
            ):
                yield f"message {row}: {state}, due {due}, at {text_of(self.now)}"

    def prompts(self) -> Iterator[str]:
        wanted = "SELECT person_id, created_at, count(DISTINCT session_id) FROM outbox WHERE lane = 2 AND session_id IS NOT NULL AND state = 'sent' AND created_at NOT IN (SELECT at FROM audit WHERE action = 'clock set back') GROUP BY 1, 2"
        yield from (f"person {who}: {count} at {at}" for who, at, count in self._ask(wanted) if count > 1)

    def lost(self) -> Iterator[str]:
        """An alert was seen; a reminder too, unless it is written down that nobody knows."""
        states = dict(self._ask("SELECT id, state FROM outbox"))
        words = {ref: Counter(each.text for each in shown) for ref, shown in self.seen.items()}
        for note in self.ledger.notes:
            kind = "alerts" if note.alert else "reminders"
            times = words[note.to][note.text] + words[note.to][REPEATED + note.text]
            state = states.get(note.row, "gone")
            self.figures[kind] += 1
            unknown = not times and not note.alert and state == "unknown"
            self.figures[f"{kind} not known"] += unknown
            if not times and (self.repeatable or not unknown):
                self.figures[f"{kind} lost"] += 1
                yield f"{note.text}: {state}"

    def twice(self) -> Iterator[str]:
        """Only an alert may be seen twice, and then the later ones say so; on a channel that can repeat, nothing."""
        words = {ref: Counter(each.text for each in shown) for ref, shown in self.seen.items()}
        for note in self.ledger.notes:
            first, again = words[note.to][note.text], words[note.to][REPEATED + note.text]
            if first + again > 1:
                self.figures["alerts twice" if note.alert else "reminders twice"] += 1
            if first > 1 or (first + again > 1 and (self.repeatable or not note.alert)):
                yield f"{note.text}: {first} times, and {again} times marked"

    def arrived(self) -> Iterator[str]:
        """What the database calls sent, the platform has shown to that very person; on the web it is named by its row."""
        wanted = "SELECT p.ref, o.native, o.id FROM outbox o JOIN people p ON p.id = o.person_id WHERE o.state = 'sent' AND o.edit_of IS NULL"
        natives = {ref: {each.native for each in shown} for ref, shown in self.seen.items()}
        for ref, native, row in self._ask(wanted):
            if (native or f"o{row}") not in natives.get(ref, ()):
                yield f"message {row} to {ref}"
