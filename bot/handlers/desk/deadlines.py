"""The dates of a consortium: who sees, changes and settles them, what their owner reads on Monday, and `/dates` in the chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import joinedload

from bot.domain.deadlines import MET, SORTS, Sort, State, held, months_away, to_say, year_of_publications
from bot.domain.messages import Offer
from bot.domain.person import Adult, Role
from bot.domain.rights import Act, may, schools_of
from bot.handlers.say.post import tell
from bot.i18n import _, phrase
from bot.store.db import Tx
from bot.store.deadlines import Deadline, open_dates
from bot.store.people import Person
from bot.store.records import audit
from bot.store.team import team

AHEAD = timedelta(days=120)
MOST, BUTTONS = 12, 4
ANSWERS = {True: Role.COORDINATOR, False: Role.CONSORTIUM}
"""Who reads of a date that nobody owns: of a school, and of all."""
LINES = _("Dates that come:\n{lines}")
NONE = _("No date is written down for the next four months. The desk keeps them, under Calendar.")
ONE = _("{day}: {title}")
LATE = _("{day} is over and nobody has said whether it is done: {title}")
DONE = _("Done: {title}")
SETTLED = _("Noted as done: {title}. At the desk it can be taken back.")
NOT_YOURS = _("That date is not yours to settle. /dates shows those that are.")


@dataclass(frozen=True)
class Written:
    """A date as somebody put it into a form, read."""

    school: int | None
    sort: Sort
    title: str
    day: date
    yearly: bool
    project: str
    source: str
    owner: int | None


def dates_of(tx: Tx, adult: Adult, *states: State) -> list[Deadline]:
    """The dates an adult may know of, those of all schools among them; the nearest first."""
    wanted = select(Deadline).where(Deadline.state.in_(states), _within(adult)).order_by(Deadline.day, Deadline.id)
    return list(tx.rows.scalars(wanted.options(joinedload(Deadline.school), joinedload(Deadline.owner))))


def _within(adult: Adult) -> ColumnElement[bool]:
    """Dates of all schools, and of those whose learners an adult may see."""
    schools = schools_of(adult, Act.SEE_LEARNERS)
    return true() if schools is None else or_(Deadline.school_id.is_(None), Deadline.school_id.in_(schools))


def may_plan(adult: Adult, row: Deadline) -> bool:
    """Whether an adult may change a date, and drop it."""
    return may(adult, Act.PLAN, row.school_id)


def may_settle(adult: Adult, row: Deadline) -> bool:
    """Whether an adult may say that it is done: its owner, and who may change it."""
    return row.owner_id == adult.person or may_plan(adult, row)


def owners(tx: Tx, school: int | None) -> list[int]:
    """Who may own a date: whoever works for the school; of a date of all schools everybody."""
    return [each.person for each in team(tx.rows) if school is None or each.roles_at(school)]


def save(tx: Tx, by: Person, row: Deadline | None, written: Written) -> Deadline:
    """Written down or changed. On another day it is said anew."""
    action = "changed" if row is not None else "new"
    if row is None:
        row = Deadline(sort=written.sort, title=written.title, day=written.day)
        tx.rows.add(row)
    elif row.day != written.day:
        row.said_on = None
    row.school_id, row.sort, row.title, row.day = written.school, written.sort, written.title, written.day
    row.yearly, row.project, row.source = written.yearly, written.project, written.source
    row.owner_id = written.owner
    tx.rows.flush()
    audit(tx, f"person {by.id}", "date", f"deadline {row.id}", state=action)
    return row


def plan_publications(tx: Tx, by: Person, school: int | None, titles: Mapping[Sort, str]) -> int:
    """The year's publications of a school, each with a day to be changed, owned by who asked; those that stand already are left."""
    wanted = select(Deadline).where(Deadline.school_id == school, Deadline.state == State.OPEN)
    known = {(row.sort, row.day.year, row.day.month) for row in tx.rows.scalars(wanted)}
    once = {row[0] for row in known} - {Sort.POST}
    new = [
        (sort, day)
        for sort, day in year_of_publications(tx.now.astimezone(by.zone).date())
        if sort not in once and (sort, day.year, day.month) not in known
    ]
    for sort, day in new:
        save(tx, by, None, Written(school, sort, titles[sort], day, sort is not Sort.POST, "", "", by.id))
    return len(new)


def settle(tx: Tx, by: Person, row: Deadline, state: State) -> bool:
    """Done, dropped, or open again. What comes every year comes once more; taken back, it does not. False: it stood so."""
    if row.state is state:
        return False
    row.state = state
    row.settled_at, row.settled_by_id = (None, None) if state is State.OPEN else (tx.now, by.id)
    audit(tx, f"person {by.id}", "date", f"deadline {row.id}", state=state.value)
    following = tx.rows.scalar(select(Deadline).where(Deadline.follows_id == row.id, Deadline.state == State.OPEN))
    if state is State.DONE and row.yearly and following is None:
        tx.rows.add(_next_year(row))
    elif state is State.OPEN and following is not None:
        tx.rows.delete(following)
    tx.rows.flush()
    return True


def _next_year(row: Deadline) -> Deadline:
    same = {name: getattr(row, name) for name in ("school_id", "sort", "title", "project", "source", "owner_id")}
    return Deadline(**same, day=months_away(row.day, 12), yearly=True, follows_id=row.id)


def met(tx: Tx, adult: Adult, today: date) -> list[tuple[Sort, int, int | None]]:
    """Of each kind of meeting how many took place in twelve months, and the target; nothing where there is neither."""
    took_place = Deadline.state == State.DONE, Deadline.sort.in_(sorted(MET)), _within(adult)
    wanted = select(Deadline.sort, Deadline.day).where(*took_place)
    targets = tx.programme.targets
    aims = {Sort.MEETING: targets.meetings, Sort.CELL: targets.cell_meetings} if targets else {}
    aims |= {Sort(name): aim for name, aim in targets.published.items()} if targets else {}
    counted = held([(sort, day) for sort, day in tx.rows.execute(wanted)], today)
    return [(sort, count, aims.get(sort)) for sort, count in counted if count or aims.get(sort)]


def dates_to_say(tx: Tx, person: Person, today: date) -> list[Deadline]:
    """What this week's digest of an adult says of dates; that it is said is noted."""
    if not any(_to_say(*each, today) for each in open_dates(tx.rows)):
        return []  # most weeks, of every adult
    found = [
        row
        for row in dates_of(tx, person.adult, State.OPEN)
        if _to_say(row.sort, row.day, row.said_on, today) and _reads_of(tx, person, row)
    ]
    for row in found:
        row.said_on = today
    return found


def _to_say(sort: Sort, day: date, said_on: date | None, today: date) -> bool:
    """Whether it is said today, or has been already: then others hear it too."""
    return said_on == today or to_say(sort, day, said_on, today)


def _reads_of(tx: Tx, person: Person, row: Deadline) -> bool:
    """Its owner; where nobody owns it, or the owner cannot be reached any more, whoever answers for the place."""
    if any(each.person == row.owner_id and each.reachable for each in team(tx.rows)) and (
        row.owner_id in owners(tx, row.school_id)
    ):
        return row.owner_id == person.id
    return ANSWERS[row.school_id is not None] in person.adult.roles_at(row.school_id)


def date_line(row: Deadline, today: date) -> dict[str, Any]:
    """One date in a line of the chat."""
    return phrase(LATE if row.day < today else ONE, day={"date": row.day.isoformat()}, title=named(row))


def named(row: Deadline) -> dict[str, Any]:
    """What a date is called: its kind and its title."""
    return phrase("{sort} · {title}", sort=phrase(SORTS[row.sort]), title=row.title)


def dates(tx: Tx, person: Person, rest: str = "") -> None:
    """`/dates`: what comes in four months; a button settles one's own."""
    today, adult = tx.now.astimezone(person.zone).date(), person.adult
    if rest.startswith("#"):
        return _settled(tx, person, rest[1:])
    found = [row for row in dates_of(tx, adult, State.OPEN) if row.day <= today + AHEAD]
    if not found:
        return tell(tx, person, NONE)
    offers = [_offer(row) for row in found if row.day <= today and may_settle(adult, row)][:BUTTONS]
    lines = [date_line(row, today) for row in found[:MOST]]
    return tell(tx, person, LINES, {"lines": {"list_lines": lines}}, *offers)


def _offer(row: Deadline) -> Offer:
    action = {"do": "command", "word": "dates", "rest": f"#{row.id}", "once": True, "keeps": True}
    return Offer(DONE, action, {"title": named(row)})


def _settled(tx: Tx, person: Person, number: str) -> None:
    row = tx.rows.get(Deadline, int(number)) if number.isdigit() and len(number) < 10 else None
    if row is None or not may_settle(person.adult, row):
        return tell(tx, person, NOT_YOURS)
    settle(tx, person, row, State.DONE)
    return tell(tx, person, SETTLED, {"title": named(row)})
