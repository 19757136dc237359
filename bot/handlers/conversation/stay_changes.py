"""An adult's change of a stay is carried out: the stay, what stands open, the log, and who hears of it; in one commit."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.changes import HOMEWARD, Change, Consequences, changed, consequences
from bot.domain.level import Level
from bot.domain.messages import Letter
from bot.domain.person import Role
from bot.domain.plan import EVERY_WEEK, pause_ends
from bot.domain.programme import Report
from bot.domain.stay import Stay, open_for
from bot.handlers.case.case import Matter, move_item, open_matter
from bot.handlers.conversation.due import done_of
from bot.handlers.conversation.stay_dates import DATES, move_dates, unanswered
from bot.handlers.say.facts import stay_facts
from bot.handlers.say.marks import mark
from bot.handlers.say.post import About, post
from bot.i18n import Text, _
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person
from bot.store.records import audit
from bot.store.sessions import standing_sessions
from bot.store.stays import ChangeRow, StayRow, items_of
from bot.store.team import team

ONCE = ("item.", "message.", "catch_up")
"""What a pause holds back and does not drop. Whether somebody has arrived, is back or is well is asked all the same."""
TOLD: dict[Change, Text] = {
    Change.PAUSE: _("{writer} has paused my questions until {day}. SOS works as always."),
    Change.MOVED: _("Your stay is at another time now: you leave on {day}. I have adapted my questions."),
    Change.EXTENSION: _("Your stay is longer now: you come back on {day}. I have adapted my questions."),
    Change.EARLY_RETURN: _("You come back on {day}, earlier than planned. {coordinator} is there for you, and I go on with you."),
    Change.FORCE_MAJEURE: _("You come back on {day}, earlier than planned. {coordinator} is there for you, and I go on with you."),
}  # fmt: skip
HEAD = _("Force majeure: the stay of {learner} in {city} ends on {day} (entered by {writer}). The return report is not asked for until somebody says so. The National Agency has to be told.")  # fmt: skip


def foreseen(tx: Tx, row: StayRow, change: Change, day: date) -> Consequences:
    """What a change would do to the plan.

    Raises:
        ChangeError: the dates of the stay do not allow it.
    """
    before = row.facts()
    return consequences(
        tx.programme, before, _after(tx, row, change, day), done_of(tx, row), unanswered(tx, row).keys(), tx.now
    )


def carry_out(tx: Tx, adult: Person, row: StayRow, change: Change, day: date) -> None:
    """Make a change.

    Raises:
        ChangeError: the dates of the stay do not allow it (any more).
    """
    before, after = row.facts(), _after(tx, row, change, day)
    row.paused_from, row.paused_until, row.wake_at = after.paused_from, after.paused_until, tx.now
    _log(tx, adult, before, change, day)
    if change is Change.PAUSE:
        _hold(tx, row)
    else:
        move_dates(tx, row, {name: getattr(after, name) for name in DATES})
    _tell_learner(tx, adult, row, change, day)
    if change in HOMEWARD:
        open_matter(tx, row, Matter(Level.TODAY, "early_return"))
    if change is Change.FORCE_MAJEURE:
        _waive_report(tx, adult, row)
        _tell_head(tx, adult, row, day)


def _after(tx: Tx, row: StayRow, change: Change, day: date) -> Stay:
    today = tx.now.astimezone(ZoneInfo(row.school.zone)).date()
    return changed(row.facts(), change, day, today, tx.now)


def _log(tx: Tx, adult: Person, before: Stay, change: Change, day: date) -> None:
    dates = {name: getattr(before, name).isoformat() for name in DATES}
    tx.rows.add(ChangeRow(stay_id=before.id, at=tx.now, person_id=adult.id, kind=change.value, day=day.isoformat(), before=dates))  # fmt: skip
    audit(tx, f"person {adult.id}", "change", f"stay {before.id}", kind=change.value, day=day.isoformat())


def _hold(tx: Tx, row: StayRow) -> None:
    """What stands open is not waited for: a week's question is let go, another is asked again after the pause."""
    end = pause_ends(row.facts())
    for session in standing_sessions(tx.rows, row.id):
        if session.touchpoint in {kind.value for kind in EVERY_WEEK}:
            session.state, session.wake_at = "expired", None
            mark(tx, row.id, (session.touchpoint, session.occurrence), "paused")
        elif end is not None and session.touchpoint.startswith(ONCE):
            session.state, session.wake_at = "queued", open_for(tx.programme, row.facts(), end)
    tx.rows.flush()


def _tell_learner(tx: Tx, adult: Person, row: StayRow, change: Change, day: date) -> None:
    if row.enrolled_at is None:
        return
    values = stay_facts(tx, row) | {"writer": adult.full_name, "day": {"date": day.isoformat()}}
    at = open_for(tx.programme, row.facts(), tx.now)
    post(tx, row.person_id, Letter(TOLD[change], values), Lane.ANSWER, About(stay=row.id), at)


def _waive_report(tx: Tx, adult: Person, row: StayRow) -> None:
    for item in tx.programme.journey(row.kind).items:
        if isinstance(item, Report):
            move_item(tx, row, item.id, "waived", Change.FORCE_MAJEURE.value, adult.id)


def report_waived(tx: Tx, row: StayRow) -> bool:
    """Whether the report is not asked for because of force majeure."""
    states = items_of(tx.rows, row.id).values()
    return any((each.state, each.value) == ("waived", Change.FORCE_MAJEURE.value) for each in states)


def ask_report_again(tx: Tx, adult: Person, row: StayRow) -> None:
    """The coordinator says otherwise: the report is asked for after all."""
    for item in tx.programme.journey(row.kind).items:
        if isinstance(item, Report):
            move_item(tx, row, item.id, "todo", None, adult.id)
    audit(tx, f"person {adult.id}", "change", f"stay {row.id}", kind="report_again")


def _tell_head(tx: Tx, adult: Person, row: StayRow, day: date) -> None:
    """The heads of the school, else the consortium's own coordinators; they act with the National Agency."""
    adults = [each for each in team(tx.rows) if each.reachable]
    heads = [each.person for each in adults if Role.HEAD in each.post(row.school_id)]
    told = heads or [each.person for each in adults if Role.CONSORTIUM in each.every_role]
    values: dict[str, Any] = {
        "learner": row.person.short_name,
        "city": row.city,
        "day": {"date": day.isoformat()},
        "writer": adult.full_name,
    }
    for person in told:
        post(tx, person, Letter(HEAD, values), Lane.PROMPT, About(stay=row.id))
