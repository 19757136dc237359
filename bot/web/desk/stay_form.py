"""Changing a stay from its page: other dates, a pause, an end; it goes the way of `/change` in the chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.changes import Change, ChangeError
from bot.domain.channel import storable
from bot.domain.rights import Act
from bot.domain.roster.vocabulary import ENDED
from bot.domain.stay import Ended
from bot.handlers.conversation.stay_changes import carry_out
from bot.handlers.conversation.stay_ends import KEPT, RESUMED, end_stay, keep_stay, resume_stay
from bot.handlers.desk.stay_end import LABELS
from bot.handlers.family.chosen_words import Reader, readers_of, tell_in_words
from bot.i18n import Text, _
from bot.store.db import Tx
from bot.store.stays import StayRow
from bot.web.desk.visitor import Visitor

LONGEST = 1000
DATED: dict[Change, Text] = {
    Change.MOVED: _("Other dates: the day of the departure"),
    Change.EXTENSION: _("Extension: the day of the return"),
    Change.EARLY_RETURN: _("Early return: the day of the return"),
    Change.FORCE_MAJEURE: _("Force majeure: the day of the return"),
    Change.PAUSE: _("Pause: the last day"),
}
READERS: dict[Reader, Text] = {
    Reader.LEARNER: _("the learner"),
    Reader.FAMILY: _("the family"),
    Reader.TUTOR: _("the host tutor"),
}


@dataclass(frozen=True)
class StayForm:
    """What may be changed, in the reader's language."""

    ended: str
    """How it ended, where it did."""
    unlisted: bool
    dated: list[tuple[str, str]]
    ends: list[tuple[str, str]]
    readers: list[tuple[str, str]]
    longest: int = LONGEST


def read_stay_form(tx: Tx, who: Visitor, row: StayRow) -> StayForm | None:
    """None for whoever may change nothing."""
    if not who.may_with(Act.CHANGE, row):
        return None
    return StayForm(
        ended=who.says(ENDED[row.ended]) if row.ended else "",
        unlisted=row.unlisted_at is not None and row.kept_at is None,
        dated=[(change.value, who.says(text)) for change, text in DATED.items()],
        ends=[(ended.value, who.says(text)) for ended, text in LABELS.items()],
        readers=[(reader.value, who.says(text)) for reader, text in READERS.items() if readers_of(tx, row, reader)],
    )


def change_stay(tx: Tx, who: Visitor, row: StayRow, form: Mapping[str, str]) -> str:
    """Make the change that a form names, and say what came of it. Sent twice it happens once."""
    tx.rows.refresh(row, with_for_update=True)
    wanted = form.get("what", "")
    if wanted == RESUMED:
        return "changed" if resume_stay(tx, row, who.person) else "nothing"
    if wanted == KEPT:
        if row.unlisted_at is None or row.kept_at is not None:
            return "nothing"
        keep_stay(tx, row, who.person)
        return "changed"
    if wanted in set(Ended):
        return _end(tx, who, row, Ended(wanted), form)
    return _move(tx, who, row, Change(wanted), form.get("day", "")) if wanted in set(Change) else "nothing"


def _end(tx: Tx, who: Visitor, row: StayRow, ended: Ended, form: Mapping[str, str]) -> str:
    if not end_stay(tx, row, ended, who.person):
        return "nothing"
    words = storable(form.get("words", "").replace("\r\n", "\n"))[:LONGEST]
    readers = [reader for reader in Reader if form.get(reader.value) == "1"]
    if words and readers:
        tell_in_words(tx, who.person, row, words, readers)
    return "ended"


def _move(tx: Tx, who: Visitor, row: StayRow, change: Change, written: str) -> str:
    try:
        carry_out(tx, who.person, row, change, date.fromisoformat(written))
    except (ChangeError, ValueError):
        return "dates_refused"
    return "changed"
