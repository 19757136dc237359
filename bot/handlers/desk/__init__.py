"""The desk in the chat: what adults of the team ask for, one file per command. The same on every channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.handlers.conversation.tasks import tasks
from bot.handlers.desk.balance import balance, certificate
from bot.handlers.desk.broadcast import broadcast
from bot.handlers.desk.change import change
from bot.handlers.desk.deadlines import dates
from bot.handlers.desk.invite import invite
from bot.handlers.desk.learner import learner
from bot.handlers.desk.leave import leave
from bot.handlers.desk.links import links
from bot.handlers.desk.missing import missing
from bot.handlers.desk.oncall import oncall
from bot.handlers.desk.pairing import tutoring
from bot.handlers.desk.phoned import phoned
from bot.handlers.desk.today import today
from bot.handlers.desk.who import who
from bot.handlers.desk.write import write
from bot.store.db import Tx
from bot.store.people import Person

DESK: Mapping[str, Callable[[Tx, Person, str], None]] = {
    "today": today,
    "who": who,
    "learner": learner,
    "missing": missing,
    "balance": balance,
    "certificate": certificate,
    "tasks": tasks,
    "write": write,
    "broadcast": broadcast,
    "phoned": phoned,
    "change": change,
    "invite": invite,
    "leave": leave,
    "oncall": oncall,
    "dates": dates,
    "tutoring": tutoring,
    "links": links,
}
"""By the English word of the command."""
