"""A channel that fails, and alerts that reach nobody: not the learners' silence, so the consortium and the operator hear."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from bot.domain.channel import NAMES
from bot.domain.messages import Letter
from bot.domain.person import Role
from bot.handlers.say.post import post
from bot.i18n import Text, _
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, OutboxRow
from bot.store.outages import lasting_spell, note_deaf
from bot.store.records import audit, keep_setting, setting
from bot.store.team import team

CAUSES: dict[str, Text] = {
    "token": _("{channel} does not accept our token. Until it is replaced, nobody is reached there, and nobody's SOS comes from there. Your IT person: run « python3 run.py doctor »."),
    "conflict": _("Another program receives the messages of our bot on {channel}: an SOS may not reach us. Your IT person: stop the other one; run « python3 run.py doctor »."),
    "webhook": _("{channel} cannot reach our server: messages wait there, an SOS too. Your IT person: run « python3 run.py doctor »."),
    "store": _("{channel} is stopped: the keys we have are not those of our device there, and what we wrote nobody could read. Nobody is reached there, and nobody's SOS comes from there. Your IT person: run « python3 run.py doctor »."),
    "down": _("{channel} has not answered us for some time: messages wait there, an SOS too. Mostly it comes back by itself; your IT person can look with « python3 run.py doctor »."),
    "login": _("{channel} does not accept our password: alerts go out on the other channels only. Your IT person: run « python3 run.py doctor »."),
    "server": _("The {channel} server cannot be reached as it should: alerts go out on the other channels only. Your IT person: run « python3 run.py doctor »."),
    "sender": _("The {channel} server takes no mail from our address: alerts go out on the other channels only. Your IT person: run « python3 run.py doctor »."),
}  # fmt: skip
OTHER = _(
    "{channel} does not answer us: messages wait there, an SOS too. Your IT person: run « python3 run.py doctor »."
)
OVER = _("{channel} works again. What waited there is being handled now.")


def outages(tx: Tx) -> set[str]:
    """The channels that failed when we last looked."""
    return {name for name in NAMES if (setting(tx.rows, f"outage_{name}") or {}).get("problem")}


def note_outage(tx: Tx, channel: str, problem: str | None) -> bool:
    """Note that a channel fails, or works again (None), and tell the consortium once. False where it was known."""
    name = f"outage_{channel}"
    known = (setting(tx.rows, name) or {}).get("problem")
    if known == problem:
        return False
    keep_setting(tx.rows, name, {"problem": problem, "since": tx.now.isoformat()})
    _note_deafness(tx, channel, problem)
    audit(tx, "watch", "outage", channel, problem=problem)
    text = CAUSES.get(problem, OTHER) if problem else OVER
    for adult in team(tx.rows):
        if Role.CONSORTIUM in adult.every_role:
            letter = Letter(text, {"channel": NAMES.get(channel, channel)})
            post(tx, adult.person, letter, Lane.ALERT if problem else Lane.ANSWER)
    return True


UNTOLD = timedelta(minutes=1)
"""So long a trouble has lasted when we are told of it."""


def _note_deafness(tx: Tx, channel: str, problem: str | None) -> None:
    """Nobody is silent on a channel that fails; nor before what waits there has been read, once it works again."""
    lasting = lasting_spell(tx.rows, channel)
    if problem is not None and lasting is None:
        note_deaf(tx.rows, channel, tx.now - UNTOLD, None)
    elif problem is None and lasting is not None:
        lasting.until = tx.now


A_DAY = timedelta(days=1)
LONG = timedelta(minutes=10)
"""An alert takes seconds. So long after it was decided, somebody should have had it on one channel or another."""


def unread_cries(tx: Tx) -> int:
    """How many cries for help of the last day nobody could read or handle: adults were told, and a fault of ours stands."""
    wanted = select(func.count()).where(InboxRow.state == "quarantined", InboxRow.urgent)
    return tx.rows.scalar(wanted.where(InboxRow.received_at > tx.now - A_DAY)) or 0


def unreachable_alerts(tx: Tx) -> int:
    """How many alerts of open cases have waited long, while nobody at all was told of their case in the meantime."""
    told = aliased(OutboxRow)
    heard = select(told.id).where(told.case_id == OutboxRow.case_id, told.lane == Lane.ALERT, told.state == "sent")
    heard = heard.where(told.sent_at >= OutboxRow.created_at)
    untaken = select(CaseRow.id).where(CaseRow.closed_at.is_(None), CaseRow.owner_id.is_(None))
    wanted = (
        select(func.count())
        .select_from(OutboxRow)
        .where(OutboxRow.case_id.in_(untaken), OutboxRow.lane == Lane.ALERT)
        .where(OutboxRow.state.in_(("pending", "sending")), OutboxRow.created_at < tx.now - LONG, ~heard.exists())
    )
    return tx.rows.scalar(wanted) or 0
