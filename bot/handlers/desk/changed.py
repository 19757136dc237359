"""The lines about changes on a learner's card: a pause that runs, and what was changed, by whom, when."""

from __future__ import annotations

from typing import Any

from bot.domain.changes import Change
from bot.handlers.desk.sight import Sight
from bot.i18n import Text, _, to_json
from bot.store.changes import ChangeRow, changes_of
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.stays import StayRow

SHOWN = 4
PAUSED = _("Paused until {day}: nothing is asked but whether they have arrived and are back.")
CHANGED = _("{at}, {writer}: {what}")
WHAT: dict[Change, Text] = {
    Change.PAUSE: _("pause until {day}"),
    Change.EXTENSION: _("extension until {day}"),
    Change.EARLY_RETURN: _("early return on {day}"),
    Change.FORCE_MAJEURE: _("force majeure, return on {day}"),
}
SOMEBODY = _("somebody")


def changed_lines(tx: Tx, sight: Sight, stay: StayRow) -> list[dict[str, Any]]:
    """The pause that runs, then the latest changes, the last one last."""
    lines = [_line(tx, sight, row) for row in changes_of(tx.rows, stay.id)[-SHOWN:]]
    if stay.paused_until is None or stay.paused_until < sight.today:
        return lines
    return [{"text": to_json(PAUSED), "values": {"day": {"date": stay.paused_until.isoformat()}}}, *lines]


def _line(tx: Tx, sight: Sight, row: ChangeRow) -> dict[str, Any]:
    writer = tx.rows.get(Person, row.person_id) if row.person_id else None
    what = {"text": to_json(WHAT[Change(row.kind)]), "values": {"day": {"date": row.day}}}
    values = {
        "at": {"moment": row.at.isoformat(), "zone": str(sight.zone)},
        "writer": writer.full_name if writer else {"text": to_json(SOMEBODY)},
        "what": what,
    }
    return {"text": to_json(CHANGED), "values": values}
