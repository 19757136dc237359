"""The Monday digest of an adult: the week in a few lines. Whoever answers for learners hears "all is well" too:
that nothing comes on a Monday then means that Compagnon itself does not work.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bot.domain.desk import follows
from bot.domain.ladder.cover import Lack
from bot.domain.messages import Letter, Offer
from bot.domain.person import Role
from bot.domain.watched import State
from bot.domain.working_time import next_monday
from bot.handlers.case.crew import followed
from bot.handlers.conversation.tasks import ticked_by
from bot.handlers.desk.deadlines import date_line, dates_to_say
from bot.handlers.desk.monday import WEEK, Monday, monday_of
from bot.handlers.desk.out_of_touch import names, out_of_touch, without_sign
from bot.handlers.desk.week_picture import week_facts
from bot.handlers.say.post import post
from bot.i18n import Plural, _, _n, phrase
from bot.store.cases import kept_from, open_cases
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person
from bot.store.signs_of_life import sleeps_until
from bot.store.stays import StayRow

SOON = timedelta(days=30)
ANSWERS_FOR_LEARNERS = (Role.COORDINATOR, Role.CONSORTIUM)
NAMES_ADULTS = (Role.COORDINATOR, Role.HEAD, Role.CONSORTIUM)
LACKS: dict[Lack, Plural] = {
    Lack.ADULTS: _n("{count} stay without two adults who can be reached: {names}", "{count} stays without two adults who can be reached: {names}"),
    Lack.ON_CALL: _n("{count} minor without an on-call adult who can be reached: {names}", "{count} minors without an on-call adult who can be reached: {names}"),
}  # fmt: skip


SILENT = _n(
    "{count} learner abroad has given no sign this week: {names}",
    "{count} learners abroad have given no sign this week: {names}",
)
NEVER = _n(
    "{count} learner has never started and leaves soon, or is away: {names}",
    "{count} learners have never started and leave soon, or are away: {names}",
)
STOPPED = _n("{count} learner has stopped Compagnon: {names}", "{count} learners have stopped Compagnon: {names}")
ELSEWHERE = _n(
    "With {count} learner contact is kept otherwise: {names}",
    "With {count} learners contact is kept otherwise: {names}",
)
UNTOLD = _n(
    "{count} learner has not said how many days they worked: {names}",
    "{count} learners have not said how many days they worked: {names}",
)
UNINVITED = _n(
    "{count} learner has no invitation that still works: {names}",
    "{count} learners have no invitation that still works: {names}",
)


def wake_adult(tx: Tx, person: Person) -> None:
    """Tell an adult their week: who leaves or comes back soon, which cases are open, what waits for a tick."""
    sleeps_until(tx.rows, person, next_monday(person.zone, tx.programme.hours.team.start, tx.now))
    monday, dates = monday_of(tx, person), _dates(tx, person)
    if not monday.stays and not dates:
        return
    tasks = len(ticked_by(person, monday.tasks))
    lines = [*(_lines(tx, person, monday, tasks) if monday.stays else ()), *dates]
    if lines:
        offers = (Offer(_("See what is to be ticked"), {"do": "command", "word": "tasks"}),) if tasks else ()
        if follows(held.role for held in person.roles) and any(each.uninvited for each in monday.standing):
            offers = (
                *offers,
                Offer(_("New invitation"), {"do": "command", "word": "invite", "rest": "all", "keeps": True}),
            )
        values = {"lines": {"list_lines": lines}}
        picture = week_facts(tx, person, monday.pictured, monday.marks, monday.today)
        post(tx, person.id, Letter(_("Your week:\n{lines}"), values, offers, picture=picture), Lane.PROMPT)
    elif any(person.holds(role) for role in ANSWERS_FOR_LEARNERS):
        _all_is_well(tx, person, monday)


def _lines(tx: Tx, person: Person, monday: Monday, tasks: int) -> list[dict[str, Any]]:
    today = monday.today
    leaving = [stay.person.short_name for stay in monday.travel if today <= stay.departure <= today + SOON]
    returning = [stay.person.short_name for stay in monday.travel if today <= stay.back <= today + WEEK]
    found = (
        *(_unheard_of(tx, person, monday) if follows(held.role for held in person.roles) else ()),
        *(_lacks(monday) if any(person.holds(role) for role in NAMES_ADULTS) else ()),
        _line(_n("{count} departure within 30 days: {names}", "{count} departures within 30 days: {names}"), leaving),
        _line(_n("{count} return this week: {names}", "{count} returns this week: {names}"), returning),
        _line(_n("{count} case open", "{count} cases open"), _open_cases(tx, person, monday.stays)),
        _line(_n("{count} thing to tick", "{count} things to tick"), tasks),
    )
    return [line for line in found if line]


def _dates(tx: Tx, person: Person) -> list[dict[str, Any]]:
    """Charters, applications and meetings of theirs that come near."""
    today = tx.now.astimezone(person.zone).date()
    return [date_line(row, today) for row in dates_to_say(tx, person, today)]


def _unheard_of(tx: Tx, person: Person, monday: Monday) -> Iterator[dict[str, Any] | None]:
    """Who gave no sign this week, who has not begun and leaves soon, who needs a link: by name, so that all can be well."""
    kept = kept_from(tx.rows, person.id)
    found = [each for each in monday.standing if each.stay.person_id not in kept]
    touch = out_of_touch(tx, found, tx.programme.watch.digest_days, monday.today)
    yield _line(SILENT, names(without_sign(tx, found)))
    yield _line(NEVER, names(each for each in touch if each.state is State.NEVER_STARTED))
    yield _line(STOPPED, names(each for each in touch if each.state is State.STOPPED))
    yield _line(ELSEWHERE, names(each for each in found if each.state is State.ELSEWHERE))
    yield _line(UNTOLD, names(each for each in found if each.stay.id in monday.untold))
    yield _line(UNINVITED, names(each for each in found if each.uninvited))


def _lacks(monday: Monday) -> Iterator[dict[str, Any] | None]:
    for lack, text in LACKS.items():
        yield _line(text, [name for name, lacks in monday.lacks if lacks is lack])


def _all_is_well(tx: Tx, person: Person, monday: Monday) -> None:
    """Nothing to say is said as well, as long as there is a stay to come or under way."""
    if all(stay.back < monday.today for stay in monday.stays):
        return
    if not monday.abroad:
        post(tx, person.id, Letter(_("All is well: nobody is abroad at the moment.")), Lane.PROMPT)
        return
    values = {
        "abroad": _counted(_n("{count} learner abroad", "{count} learners abroad"), len(monday.abroad)),
        "received": _counted(_n("{count} check-in received", "{count} check-ins received"), monday.answered),
    }
    post(tx, person.id, Letter(_("All is well: {abroad}, {received}."), values), Lane.PROMPT)


def _counted(text: Plural, count: int) -> dict[str, Any]:
    return phrase(text, count=count)


def _line(text: Plural, counted: list[str] | int) -> dict[str, Any] | None:
    """One line of the digest, or nothing where there is nothing to count."""
    if not counted:
        return None
    names = counted if isinstance(counted, list) else []
    values = {"count": len(names) or counted, "names": {"list": names}}
    return phrase(text, **values)


def _open_cases(tx: Tx, person: Person, stays: list[StayRow]) -> int:
    return len(followed(tx, person, open_cases(tx.rows, [stay.id for stay in stays]).values()))
