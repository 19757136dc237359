"""The case of a learner who falls silent, as the rows tell it: `python -m tests.journeys.silent_case`.

Lina is asked for the weekly check-in on Sunday, and again a week later; nothing comes from her, and nobody takes the
case, until she presses a button after all. Every line is a row: of the outbox, of the inbox, or of the case's log.
The instants are those on the clocks of Paris; those who were told are the ones that the log names.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import connect
from bot.store.messages import InboxRow, OutboxRow
from bot.store.migrate import upgrade
from bot.store.people import Person
from bot.store.sessions import SessionRow
from bot.store.stays import Mark
from tests.example import example
from tests.journeys.driver import PARIS, Journey, instant
from tests.journeys.people import small
from tests.journeys.scenes import check_in_asked

SINCE, ASKED, BACK = "2027-03-14 18:00", "2027-03-14 18:30", "2027-03-25 19:40"
CHECK_IN = "check_in"


@dataclass(frozen=True, order=True)
class Line:
    """One row. Within an instant the learner's own word comes first, then the log, then what was sent to her."""

    at: datetime
    order: tuple[int, int]
    what: str
    told: str

    def __str__(self) -> str:
        return f"{self.at.astimezone(PARIS):%a %d %b %H:%M}   {self.what:76} {self.told}".rstrip()


async def play(journey: Journey) -> None:
    """Silence, then a button."""
    await check_in_asked(journey, sunday=ASKED)
    await journey.until(BACK)
    await journey.press("lina", "I'm fine")


def story(journey: Journey) -> list[Line]:
    """All of it, in order, from the question that was not answered."""
    people = {number: f"{first} {last}" for number, first, last in journey.ask(select(*_NAMES))}
    return sorted([*_words(journey), *_log(journey, people), *_sent(journey, people)])


_NAMES = (Person.id, Person.first_name, Person.last_name)


def _words(journey: Journey) -> list[Line]:
    """What came from her, as the inbox holds it."""
    wanted = select(InboxRow.id, InboxRow.received_at, InboxRow.shown).join(Person, Person.id == InboxRow.person_id)
    wanted = wanted.where(Person.ref == "lina", InboxRow.received_at >= instant(SINCE))
    return [Line(at, (0, number), f"Lina: {shown!r}", "") for number, at, shown in journey.ask(wanted)]


def _log(journey: Journey, people: dict[int, str]) -> list[Line]:
    """The case's log. A matter also says of which level and topic it is."""
    wanted = select(CaseEvent.id, CaseEvent.at, CaseEvent.kind, CaseEvent.person_id, CaseEvent.detail)
    lines = []
    for number, at, kind, by, detail in journey.ask(wanted):
        matter = ", ".join(str(detail[key]) for key in ("level", "topic", "answer") if key in detail)
        what = " ".join(["case:", kind, *([f"({matter})"] if matter else []), *([f"by {people[by]}"] if by else [])])
        lines.append(Line(at, (1, number), what, _told(detail, people)))
    return lines


def _told(detail: dict[str, Any], people: dict[int, str]) -> str:
    kinds: dict[str, list[str]] = {}
    for person, kind in detail.get("told", ()):
        kinds.setdefault(kind, []).append(people[person])
    return "; ".join(f"{kind} -> {', '.join(names)}" for kind, names in kinds.items())


def _sent(journey: Journey, people: dict[int, str]) -> list[Line]:
    """What she was sent within the check-ins: the question, the reminders, the thanks."""
    columns = (OutboxRow.id, OutboxRow.sent_at, OutboxRow.step, OutboxRow.rendered, OutboxRow.person_id)
    wanted = select(*columns).join(SessionRow, SessionRow.id == OutboxRow.session_id)
    wanted = wanted.where(SessionRow.touchpoint == CHECK_IN, OutboxRow.sent_at >= instant(SINCE))
    return [
        Line(at, (2, number), f"{CHECK_IN}, {step}: {_short(rendered['text'])}", f"sent -> {people[person]}")
        for number, at, step, rendered, person in journey.ask(wanted)
    ]


def _short(text: str) -> str:
    return text if len(text) <= 50 else f"{text[:47]}..."


def ends(journey: Journey) -> list[str]:
    """How the marks, the case and the messages of the case stand at the end."""
    marks = journey.ask(select(Mark.occurrence, Mark.outcome).where(Mark.touchpoint == CHECK_IN).order_by(Mark.id))
    states = Counter(state for (state,) in journey.ask(select(OutboxRow.state).where(OutboxRow.case_id.is_not(None))))
    cases = journey.ask(select(CaseRow.opened_at, CaseRow.level, CaseRow.round, CaseRow.closed_at, CaseRow.reason))
    return [
        *(f"mark {CHECK_IN} {occurrence}: {outcome}" for occurrence, outcome in marks),
        *(
            f"case: {level}, open {(closed - opened).total_seconds() / 3600:.1f} h, {rounds} broadcasts at that level, "
            f"closed because {reason}"
            for opened, level, rounds, closed, reason in cases
        ),
        f"messages of the case: {', '.join(f'{count} {state}' for state, count in states.items())}",
    ]


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "silent.db"
        engine = connect(f"sqlite:///{path}", durable=False)
        upgrade(engine)
        engine.dispose()
        programme = small(example())
        journey = Journey(path, programme)
        try:
            await play(journey)
            print("\n".join([*map(str, story(journey)), "", *ends(journey)]))
        finally:
            journey.close()


if __name__ == "__main__":
    asyncio.run(main())
