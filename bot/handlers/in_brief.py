"""What a channel that others may read on the way carries: a level and a link, never who, nor what it is about."""

from __future__ import annotations

from bot.domain.level import Level
from bot.i18n import _, render
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.records import setting

ALERT = _(
    "Hello,\n\nan alert waits for you in Compagnon: {level}.\n\nOthers could read this message on its way, so it says "
    "neither who nor why. Please open Compagnon now, in your usual chat or here:\n{page}\n\n"
    "A robot sends this message; nobody reads what answers it."
)
MESSAGE = _(
    "Hello,\n\na message waits for you in Compagnon.\n\nOthers could read this one on its way, so it says neither from "
    "whom nor about what. Open Compagnon when you can, in your usual chat or here:\n{page}\n\n"
    "A robot sends this message; nobody reads what answers it."
)
SUBJECT = _("A message from Compagnon")


def text_in_brief(tx: Tx, row: OutboxRow, language: str) -> str:
    """That something waits, how urgent it is, and where."""
    page = (setting(tx.rows, "web_address") or {}).get("url", "")
    text = ALERT if row.lane == Lane.ALERT else MESSAGE
    return render(text, language, {"level": level_of(tx, row, language), "page": page})


def heading(tx: Tx, row: OutboxRow, language: str) -> str:
    """The subject: for an alert its level."""
    return f"{level_of(tx, row, language)} – Compagnon" if row.lane == Lane.ALERT else render(SUBJECT, language)


def level_of(tx: Tx, row: OutboxRow, language: str) -> str:
    """Symbol and word of the case's level, as it is now. An alert without a case is of the gravest: ours is broken."""
    case = tx.rows.get(CaseRow, row.case_id) if row.case_id else None
    rules = tx.programme.levels[case.level if case else Level.NOW]
    return f"{rules.symbol} {render(rules.name, language)}"
