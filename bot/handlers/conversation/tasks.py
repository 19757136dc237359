"""What adults have to tick, once they have seen it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bot.domain.level import Level
from bot.domain.messages import Offer
from bot.domain.person import Role
from bot.domain.programme import Item, Programme
from bot.domain.quiet_hours import wall_instant
from bot.domain.rights import Act, may, schools_of
from bot.domain.stay import conditions
from bot.domain.touchpoints import due_day
from bot.handlers.case.case import move_item
from bot.handlers.conversation.badges import award, has_badge, is_badge, withdraw
from bot.handlers.say.post import more, tell
from bot.i18n import Text, _, _n, listed, phrase, to_json
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.proofs import ProofRow, first_kept
from bot.store.records import audit
from bot.store.stays import StayRow, states_of

WITH_PEOPLE = joinedload(StayRow.person)
SHOWN = 5
"""So many things at first: the most urgent."""
PAGE = 20
"""… and so many of the rest, or of the learners of one thing."""
REASON = 300
"""So long is what a learner reads about a badge that was taken back, at the most."""
NAMED = 6
"""So many learners are named in a line."""
WAITING = _n(
    "There is {count} thing to tick once you have seen it.\n{lines}",
    "There are {count} things to tick once you have seen them; the most urgent first.\n{lines}",
)
A_DAY = timedelta(days=1)
AHEAD = timedelta(days=21)
"""A task appears so long before its date, or as soon as the learner says it is done."""


OF_ITEM = _("{item}: {learners}")
LATE = _("{item} (its date has passed)")
PRIVATE = _("Something personal")


@dataclass(frozen=True)
class Task:
    """An item of one stay that waits for an adult's tick."""

    stay: StayRow
    item: Item
    due: datetime
    late: bool = False
    """The learner has not answered, and the date has passed."""


def stays_of(tx: Tx, person: Person) -> list[StayRow]:
    """The stays an adult may know of: those of their schools, or all for the consortium's own people.

    Read once in a transaction: on Monday morning all adults of a school are told in one.
    """
    schools = schools_of(person.adult, Act.SEE_LEARNERS)
    kept: dict[frozenset[int] | None, list[StayRow]] = tx.rows.info.setdefault("stays", {})
    if schools not in kept:
        wanted = select(StayRow).where(StayRow.cancelled.is_(False)).options(WITH_PEOPLE)
        if schools is not None:
            wanted = wanted.where(StayRow.school_id.in_(schools))
        kept[schools] = list(tx.rows.scalars(wanted))
    return kept[schools]


def tasks_of(
    tx: Tx, person: Person, stays: list[StayRow], states: Mapping[int, Mapping[str, str]] | None = None
) -> list[Task]:
    """What this adult may tick now of some stays, the earliest due first; their own things whether the learner has begun or
    not. `states` are those of the checklists, where they are known.
    """
    return ticked_by(person, waiting_of(tx, stays, states))


def waiting_of(tx: Tx, stays: list[StayRow], states: Mapping[int, Mapping[str, str]] | None = None) -> list[Task]:
    """The same of all adults."""
    running = [stay for stay in stays if stay.enrolled_at is not None or stay.back >= tx.now.date()]
    states = states_of(tx.rows, [stay.id for stay in running]) if states is None else states
    found = [task for stay in running for task in _of_stay(tx, stay, states.get(stay.id, {}))]
    return sorted(found, key=lambda task: (task.due, task.stay.id, task.item.id))


def ticked_by(person: Person, tasks: Iterable[Task]) -> list[Task]:
    """Those of some tasks that are this adult's to tick."""
    adult = person.adult
    return [task for task in tasks if not adult.roles_at(task.stay.school_id).isdisjoint(who_ticks(task.item))]


def _of_stay(tx: Tx, row: StayRow, states: Mapping[str, str]) -> list[Task]:
    stay = row.facts()
    held = conditions(tx.programme, stay)
    found = []
    for item in tx.programme.journey(row.kind).items:
        state = states.get(item.id, "todo")
        told = state in {"declared", "handed"}
        by_date = not item.asks_learner or item.overdue is not Level.NONE
        if state in {"done", "waived"} or not (told or by_date) or not item.applies(held):
            continue
        due = wall_instant(ZoneInfo(row.school.zone), due_day(stay, item), tx.programme.hours.team.start)
        late = item.overdue is not Level.NONE and due + A_DAY <= tx.now
        if told or late or (not item.asks_learner and due - AHEAD <= tx.now):
            found.append(Task(row, item, due, late=late and not told))
    return found


def who_ticks(item: Item) -> set[Role]:
    """The adults who may close an item: whose task it is, and the coordinator."""
    return {Role.COORDINATOR} if item.asks_learner else {item.role, Role.COORDINATOR}


def may_tick(person: Person, stay: StayRow, item: Item) -> bool:
    """Whether an adult may close an item of a stay: by their role, and within the walls of their school."""
    adult = person.adult
    return may(adult, Act.TICK, stay.school_id) and not adult.roles_at(stay.school_id).isdisjoint(who_ticks(item))


def by_dates(programme: Programme, stay: StayRow, item: Item) -> bool:
    """Whether the dates of a certificate settle an item: a tick alone proves nothing of it."""
    gate = programme.journey(stay.kind).balance
    return gate is not None and item.id == gate.dates


def title_for(person: Person, stay: StayRow, item: Item) -> Text:
    """What an adult reads of an item: of one that tells of health or need, only who reads answers, or ticks it, reads more than
    that there is one.
    """
    reads = may(person.adult, Act.READ_ANSWERS, stay.school_id) or may_tick(person, stay, item)
    return item.title if reads or not item.private else PRIVATE


def may_see(programme: Programme, person: Person, stay: StayRow, proof: ProofRow) -> bool:
    """Whether an adult may look at a file: whoever ticks its item, while there is something to look at."""
    item = programme.journey(stay.kind).item(proof.item)
    return item is not None and proof.state == "kept" and not stay.cancelled and may_tick(person, stay, item)


def tasks(tx: Tx, person: Person, rest: str = "") -> None:
    """`/tasks`: a few things, the most urgent first. A button says `item` and which, or what was shown already."""
    what, _space, names = rest.partition(" ")
    if what == "item":
        item, _space, seen = names.partition(" ")
        return show_learners(tx, person, item, frozenset(seen.split()))
    return show_tasks(tx, person, frozenset(names.split()) if what == "beside" else frozenset())


def show_tasks(tx: Tx, person: Person, beside: frozenset[str] = frozenset()) -> None:
    """A line for each thing with its learners. What one learner has is ticked here; what several have, one by one. After
    what is late comes what a learner has sent: it only has to be looked at.
    """
    groups = [each for each in by_item(tasks_of(tx, person, stays_of(tx, person))) if _key(each) not in beside]
    if not groups:
        return tell(tx, person, _("There is nothing for you to tick. Thank you."))
    files = first_kept(tx.rows, list({task.stay.id for group in groups for task in group}))
    groups.sort(key=lambda group: (not group[0].late, not any((each.stay.id, each.item.id) in files for each in group)))
    shown = groups[: PAGE if beside else SHOWN]
    offers = [_one(tx, group[0]) if len(group) == 1 else _several(group) for group in shown]
    offers += _files(files, [group[0] for group in shown if len(group) == 1])
    seen = beside | {_key(group) for group in shown}
    left = sum(len(group) for group in groups[len(shown) :])
    offers += more(left, "tasks", " ".join(["beside", *sorted(seen)]))
    lines = {"list_lines": [_line(group) for group in shown]}
    return tell(tx, person, WAITING, {"count": sum(len(group) for group in groups), "lines": lines}, *offers)


def show_learners(tx: Tx, person: Person, name: str, beside: frozenset[str] = frozenset()) -> None:
    """Of whom one thing is to be ticked: a button for each, since each is to be seen."""
    waiting = [task for task in tasks_of(tx, person, stays_of(tx, person)) if task.item.id == name]
    found = [task for task in waiting if str(task.stay.id) not in beside]
    if not found:
        return show_tasks(tx, person)
    shown = found[:PAGE]
    seen = sorted(beside | {str(task.stay.id) for task in shown})
    offers = [
        *(_one(tx, task) for task in shown),
        *_files(first_kept(tx.rows, list({task.stay.id for task in shown})), shown),
        *more(len(found) - len(shown), "tasks", " ".join(["item", name, *seen])),
    ]
    return tell(tx, person, WAITING, {"count": len(found), "lines": {"list_lines": [_line(found)]}}, *offers)


def by_item(tasks: list[Task]) -> list[list[Task]]:
    """The tasks of each item together, what is late apart; the item with the most urgent one first."""
    groups: dict[tuple[str, bool], list[Task]] = {}
    for task in tasks:
        groups.setdefault((task.item.id, task.late), []).append(task)
    return list(groups.values())


def _key(group: list[Task]) -> str:
    return f"{group[0].item.id}!" if group[0].late else group[0].item.id


def title_of(task: Task) -> dict[str, Any]:
    title = phrase(task.item.title)
    return phrase(LATE, item=title) if task.late else title


def _line(group: list[Task]) -> dict[str, Any]:
    return phrase(OF_ITEM, item=title_of(group[0]), learners=listed([_learner(task) for task in group], NAMED))


def _several(group: list[Task]) -> Offer:
    action = {"do": "command", "word": "tasks", "rest": f"item {group[0].item.id}", "keeps": True}
    learners = phrase(_n("{count} learner", "{count} learners"), count=len(group))
    return Offer(OF_ITEM, action, {"item": phrase(group[0].item.title), "learners": learners})


def _one(tx: Tx, task: Task) -> Offer:
    action = {"do": "tick", "stay": task.stay.id, "items": [task.item.id]}
    if by_dates(tx.programme, task.stay, task.item):
        action = {"do": "command", "word": "certificate", "rest": f"#{task.stay.id}", "keeps": True}
    values = {"item": {"text": to_json(task.item.title)}, "learner": _learner(task)}
    return Offer(_("✓ {item} · {learner}"), action, values)


def _files(first: Mapping[tuple[int, str], int], tasks: list[Task]) -> tuple[Offer, ...]:
    """A button for each thing of which the learner sent a file: `first` is the first of each stay and item."""
    return tuple(
        Offer(
            _("See the file: {item} · {learner}"),
            {"do": "file", "proof": first[task.stay.id, task.item.id]},
            {"item": {"text": to_json(task.item.title)}, "learner": _learner(task)},
        )
        for task in tasks
        if (task.stay.id, task.item.id) in first
    )


def _learner(task: Task) -> str:
    return task.stay.person.short_name


def tick(tx: Tx, person: Person, stay: StayRow, names: list[str]) -> bool:
    """An adult has seen the proof of some items. False where one is not theirs to tick; then none is."""
    journey = tx.programme.journey(stay.kind)
    items = [item for name in names if (item := journey.item(name))]
    if len(items) != len(names) or not all(
        may_tick(person, stay, item) and not by_dates(tx.programme, stay, item) for item in items
    ):
        return False
    for item in items:
        move_item(tx, stay, item.id, "done", None, person.id)
        if is_badge(tx, item.id):
            award(tx, person, stay)
        audit(tx, f"person {person.id}", "tick", f"stay {stay.id} {item.id}")
    return True


def may_take_back(tx: Tx, person: Person, stay: StayRow) -> bool:
    """Whether an adult may take the badge of a stay back: who may award it."""
    item = tx.programme.journey(stay.kind).item(tx.programme.badge.item) if tx.programme.badge else None
    return item is not None and may_tick(person, stay, item) and has_badge(tx, stay)


def take_back(tx: Tx, person: Person, stay: StayRow, words: str) -> bool:
    """The tick of a badge goes, and with it the badge. False where it is not theirs to take, or no reason is given."""
    words = " ".join(words.split())
    if not words or len(words) > REASON or not may_take_back(tx, person, stay) or tx.programme.badge is None:
        return False
    move_item(tx, stay, tx.programme.badge.item, "todo", None, person.id)
    withdraw(tx, person, stay, words)
    return True


def tick_one(tx: Tx, person: Person, action: Mapping[str, Any]) -> bool:
    """What the button of a list ticks: one thing of one learner. False where it is not theirs to tick."""
    stay = tx.rows.get(StayRow, action["stay"])
    return stay is not None and not stay.cancelled and tick(tx, person, stay, list(action["items"]))
