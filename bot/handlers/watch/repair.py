"""What the auditor found: woken where that is safe, and told once to the consortium and to the log."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select

from bot.clock import Enough, never
from bot.domain.audit import Difference, Gap, missed
from bot.domain.messages import Letter
from bot.domain.person import Role
from bot.handlers.conversation.due import done_of
from bot.handlers.say.marks import mark
from bot.handlers.say.post import post
from bot.handlers.watch.audit import BEGINNING, Place, differences_at
from bot.handlers.watch.incremental_audit import Seen
from bot.i18n import Plural, Text, _, _n, phrase
from bot.store import records
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.records import keep_setting, setting
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow
from bot.store.team import team

log = structlog.get_logger()
KNOWN = "audit"
"""The setting that holds what was found last time, so that nobody is told twice."""
ROWS: dict[Gap, type[Any]] = {
    Gap.CRY: CaseRow,
    Gap.CASE: CaseRow,
    Gap.CONTACT: StayRow,
    Gap.ASLEEP: StayRow,
    Gap.SILENCE: SessionRow,
    Gap.UNWATCHED: StayRow,
}
"""What can be mended by being woken."""
WORDS: dict[Gap, Plural] = {
    Gap.CRY: _n("{count} SOS was not told to everyone who must know", "{count} SOS were not told to everyone who must know"),
    Gap.CASE: _n("{count} open case was left standing", "{count} open cases were left standing"),
    Gap.UPDATE: _n("{count} message that was received has not been read", "{count} messages that were received have not been read"),
    Gap.CONTACT: _n("{count} planned question to a learner was not asked", "{count} planned questions to learners were not asked"),
    Gap.ASLEEP: _n("{count} stay had lost its next date", "{count} stays had lost their next date"),
    Gap.UNWATCHED: _n("nobody was told of {count} learner who is not heard of", "nobody was told of {count} learners who are not heard of"),
    Gap.SILENCE: _n("{count} missing answer was not noticed", "{count} missing answers were not noticed"),
    Gap.MESSAGE: _n("{count} message has not left", "{count} messages have not left"),
    Gap.DIGEST: _n("{count} weekly digest was not written", "{count} weekly digests were not written"),
}  # fmt: skip
FOUND = _("Something did not take place:\n{lines}\n{next}")
MENDED: Text = _("I have made up for it. Your IT person: look at the log of the last quarter of an hour.")
STANDS: Text = _("It still has not. Your IT person: run « python3 run.py doctor », then look at the log.")


@dataclass(frozen=True)
class Audited:
    """What an audit found, and what of it stands: neither mended now nor gone."""

    found: tuple[Difference, ...]
    standing: tuple[Difference, ...]


@dataclass(frozen=True)
class Slice:
    """What was found and mended so far, and where the audit goes on; None where all was looked at."""

    found: tuple[Difference, ...] = ()
    mended: frozenset[Difference] = frozenset()
    next: Place | None = BEGINNING


def audit(tx: Tx) -> Audited:
    """Look at everything at once, and tell people."""
    so_far = Slice()
    while so_far.next is not None:
        so_far = audit_on(tx, so_far)
    return conclude(tx, so_far)


def audit_on(tx: Tx, so_far: Slice, seen: Seen | None = None, enough: Enough = never) -> Slice:
    """Look at one slice more, and wake what sleeps. What was mended last time and is wrong again, stands. What has not
    moved since it was `seen` is not worked out again.
    """
    if so_far.next is None:
        return so_far
    here, behind = differences_at(tx, so_far.next, seen, enough)
    known = _known(tx)
    mended = {each for each in here if each.name not in known and _mend(tx, each)}
    found = tuple(dict.fromkeys((*so_far.found, *here)))
    return Slice(found, so_far.mended | mended, behind)


def conclude(tx: Tx, seen: Slice) -> Audited:
    """All was looked at: tell people of what is new."""
    known = _known(tx)
    fresh = tuple(each for each in seen.found if each.name not in known)
    if seen.found or known:
        keep_setting(tx.rows, KNOWN, {"found": [each.name for each in seen.found], "at": tx.now.isoformat()})
    if fresh:
        _report(tx, fresh, all_mended=seen.mended >= set(fresh))
    return Audited(seen.found, tuple(each for each in seen.found if each not in seen.mended))


def _known(tx: Tx) -> set[str]:
    return set((setting(tx.rows, KNOWN) or {}).get("found", []))


def _mend(tx: Tx, difference: Difference) -> bool:
    """Wake a row that sleeps. One that is due already, and that nobody comes for, cannot be helped from here."""
    table = ROWS.get(difference.gap)
    if table is None or not difference.asleep:
        return False
    row = tx.rows.get_one(table, difference.row)
    if difference.gap is Gap.CONTACT:
        _remember(tx, row, tx.now)
    row.wake_at = tx.now
    return True


def _remember(tx: Tx, row: StayRow, now: datetime) -> None:
    """A mark was lost, but its conversation is there: it is not had twice."""
    for touchpoint, occurrence in sorted(missed(tx.programme, row.facts(), done_of(tx, row), now)):
        had = select(SessionRow.id).where(SessionRow.stay_id == row.id, SessionRow.touchpoint == touchpoint)
        if tx.rows.scalars(had.where(SessionRow.occurrence == occurrence)).first() is not None:
            mark(tx, row.id, (touchpoint, occurrence), "asked")


def _report(tx: Tx, fresh: tuple[Difference, ...], *, all_mended: bool) -> None:
    """Kinds and numbers only: whom it concerns is in the log, by row."""
    for each in fresh:
        log.error("did not take place", state=each.gap.value, row=each.row)
        records.audit(tx, "audit", each.gap.value, f"row {each.row}")
    counts = Counter(each.gap for each in fresh)
    lines = [phrase(WORDS[gap], count=counts[gap]) for gap in Gap if counts[gap]]
    values = {"lines": {"list_lines": lines}, "next": phrase(MENDED if all_mended else STANDS)}
    for adult in team(tx.rows):
        if Role.CONSORTIUM in adult.every_role:
            post(tx, adult.person, Letter(FOUND, values), Lane.ANSWER)
