"""A stay ends before its time: from then on silence, no alerts, and the open case closes with that reason,
but for a cry and for words that nobody has answered.

A row that is gone from the sheet ends nothing: whether the learner travels, an adult of the school is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from bot.domain.ladder import Noted
from bot.domain.level import Level
from bot.domain.messages import Letter, Offer
from bot.domain.person import Role
from bot.domain.stay import Ended
from bot.handlers.case.case import Matter, move_case, open_matter, settle_matters
from bot.handlers.case.matters import READABLE
from bot.handlers.conversation.sessions import open_next
from bot.handlers.conversation.stay_dates import DATES
from bot.handlers.say.links import Page, take_back
from bot.handlers.say.post import post
from bot.i18n import _, _n
from bot.store.cases import open_case
from bot.store.db import Tx
from bot.store.messages import IS_PENDING, Lane, OutboxRow
from bot.store.people import Person, RoleHeld
from bot.store.records import audit
from bot.store.sessions import standing_sessions
from bot.store.stays import ChangeRow, StayRow

UNLISTED = "unlisted"
"""The topic of the matter: the row is gone, and nobody has said what that means."""
SHOWN = 6
ASK = _n(
    "{learners} is not in the new list any more. Does the stay take place? Until somebody says so, nothing is asked of a learner who has not left.",
    "{count} learners are not in the new list any more: {learners}. Do their stays take place? Until somebody says so, nothing is asked of those who have not left.",
)  # fmt: skip
STAYS = _("{learner} travels")
DOES_NOT = _("{learner} does not travel")
RESUMED = "resumed"
KEPT = "kept"


def end_stay(tx: Tx, row: StayRow, ended: Ended, by: Person | None) -> bool:
    """End a stay, by an adult or by the sheet. False where it had ended already.

    A cry for help is no matter of dates, nor are words that nobody has answered: their case stays open until an adult
    closes it.
    """
    if row.ended is not None:
        return False
    row.ended, row.ended_at, row.wake_at, row.unlisted_at = ended, tx.now, None, None
    for session in standing_sessions(tx.rows, row.id):
        session.state, session.wake_at = "expired", None
    unsent = update(OutboxRow).where(OutboxRow.stay_id == row.id, OutboxRow.state == IS_PENDING)
    tx.rows.execute(unsent.where(OutboxRow.lane != Lane.ALERT).values(state="expired"))
    take_back(tx, row, Page.TUTOR)
    _write_down(tx, row, ended.value, by)
    tx.rows.flush()
    case = open_case(tx.rows, row.id)
    if case is not None and (case.grave or case.level is Level.NOW):
        move_case(tx, case, Noted(None))
    else:
        settle_matters(tx, row, lambda detail: detail["topic"] not in READABLE, ended.value)
    open_next(tx, row.person_id)
    return True


def resume_stay(tx: Tx, row: StayRow, by: Person) -> bool:
    """It goes on after all: what has become due meanwhile is asked now. False where it had not ended."""
    if row.ended is None:
        return False
    row.ended, row.ended_at, row.wake_at = None, None, tx.now
    _write_down(tx, row, RESUMED, by)
    return True


def ask_about_unlisted(tx: Tx, rows: Sequence[StayRow]) -> None:
    """Note what the sheet does not name any more, and ask the coordinators of each school, once."""
    schools: dict[int, list[StayRow]] = defaultdict(list)
    for row in rows:
        if row.unlisted_at is None:
            row.unlisted_at, row.kept_at, row.wake_at = tx.now, None, tx.now
            schools[row.school_id].append(row)
    tx.rows.flush()
    for school, gone in schools.items():
        for person in _coordinators(tx, school):
            post(tx, person, _question(gone), Lane.PROMPT)


def _question(gone: Sequence[StayRow]) -> Letter:
    offers = []
    for row in gone[:SHOWN]:
        name = {"learner": row.person.short_name}
        action = {"do": "command", "word": "change", "once": True, "keeps": True}
        offers.append(Offer(STAYS, action | {"rest": f"#{row.id} {KEPT}"}, name))
        offers.append(Offer(DOES_NOT, action | {"rest": f"#{row.id} {Ended.WITHDRAWN.value}"}, name))
    names = [row.person.short_name for row in gone]
    return Letter(ASK, {"count": len(gone), "learners": {"list": names}}, tuple(offers))


def _coordinators(tx: Tx, school: int) -> list[int]:
    wanted = select(Person.id).join(RoleHeld).where(Person.school_id == school, RoleHeld.role == Role.COORDINATOR)
    return list(tx.rows.scalars(wanted.order_by(Person.id)))


def unlisted_still(tx: Tx, row: StayRow) -> None:
    """The departure comes near, and nobody has said whether the learner travels."""
    open_matter(tx, row, Matter(Level.TODAY, UNLISTED))


def keep_stay(tx: Tx, row: StayRow, by: Person) -> None:
    """An adult says that the stay takes place though the sheet does not name it."""
    row.kept_at, row.wake_at = tx.now, tx.now
    _write_down(tx, row, KEPT, by)
    _settle(tx, row)


def listed_again(tx: Tx, row: StayRow) -> None:
    """The sheet names it again."""
    if row.unlisted_at is not None:
        row.unlisted_at, row.kept_at, row.wake_at = None, None, tx.now
        _settle(tx, row)


def _settle(tx: Tx, row: StayRow) -> None:
    tx.rows.flush()
    settle_matters(tx, row, lambda detail: detail["topic"] == UNLISTED, "settled")


def _write_down(tx: Tx, row: StayRow, kind: str, by: Person | None) -> None:
    before: dict[str, Any] = {name: getattr(row, name).isoformat() for name in DATES}
    day = tx.now.astimezone(ZoneInfo(row.home_zone)).date().isoformat()
    number = by.id if by else None
    tx.rows.add(ChangeRow(stay_id=row.id, at=tx.now, person_id=number, kind=kind, day=day, before=before))
    audit(tx, f"person {by.id}" if by else "roster", "change", f"stay {row.id}", kind=kind, day=day)
