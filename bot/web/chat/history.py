"""What was said, both ways, as the bubbles of one page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.domain.messages import Button, receipts_under, ticked_off
from bot.domain.waiting import late
from bot.handlers.case.help_lines import NUMBERS
from bot.i18n import direction
from bot.store.db import Tx
from bot.store.messages import VISIBLE, InboxRow, Lane, OutboxRow, Outcome
from bot.web.chat.offered import Shown, shown_offers
from bot.web.chat.viewer import Reader, Standing, find_reader

SHOWN = 200
"""So many messages of each side are shown; what is older stays in the database."""
SHOWN_BUTTONS = frozenset({Shown.OPEN, Shown.FOLDED})


@dataclass(frozen=True)
class Bubble:
    """One line of the page: a message from Compagnon, one of the person's own, or the beginning of a day."""

    id: str
    kind: str
    """`them`, `me` or `day`."""
    at: datetime
    """In the reader's own zone."""
    order: str
    text: str = ""
    language: str = ""
    buttons: tuple[Button, ...] = ()
    question: bool = False
    """The buttons are answers that may be changed."""
    danger: bool = False
    read: datetime | None = None
    """When we had it, where that was long after it was written."""
    picked: str = ""
    """The label that was pressed."""
    receipt: str = ""
    """What was said to the choice."""
    folded: bool = False
    """The buttons stand behind a line to open: nobody waits for them any more."""
    menu: bool = False
    """The buttons ask nothing: they are ways on, folded away once others have come."""
    beside: str = ""
    """The version of the message that this one goes with: they come and go together."""
    sign: str = ""
    """What became of a message of the reader's own: a key of `SIGNS`."""

    @property
    def dir(self) -> str:
        """Where its text begins: by its language, since a sign such as 🆘 counts as a Latin letter; own words as written."""
        return direction(self.language) if self.language else "auto"

    @property
    def version(self) -> str:
        """Changes whenever the page has to show something else. Not the time: sending settles it a moment later."""
        labels = [button.label for button in self.buttons]
        under = (self.picked, self.folded, self.receipt, self.sign, self.beside)
        seen = (self.text, labels, self.danger, self.order, *under)
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Page:
    """All a page shows to one reader."""

    reader: Reader
    bubbles: tuple[Bubble, ...] = ()

    @property
    def state(self) -> Mapping[str, str]:
        """The version of every bubble."""
        return {bubble.id: bubble.version for bubble in self.bubbles}

    @property
    def cursor(self) -> str:
        """Names this state, and nothing else."""
        return hashlib.sha256(repr((self.reader.native, sorted(self.state.items()))).encode()).hexdigest()[:24]

    def beyond(self, seen: Mapping[str, str]) -> tuple[Bubble, ...]:
        """The bubbles that somebody who has seen that state still lacks."""
        return tuple(bubble for bubble in self.bubbles if seen.get(bubble.id) != bubble.version)


def read_page(tx: Tx, native: str, who: int = 0) -> Page | None:
    """The page of an address. Nothing is read for a device that is not confirmed."""
    reader = find_reader(tx, native, who)
    if reader is None or reader.standing is not Standing.CONFIRMED:
        return Page(reader) if reader else None
    said = sorted([*_received(tx, reader), *_written(tx, reader)], key=lambda bubble: bubble.order)
    return Page(reader, _in_order(said[-SHOWN:]))


def bubbles_of(
    tx: Tx, reader: Reader, ours: Iterable[OutboxRow], theirs: Iterable[tuple[InboxRow, str]]
) -> tuple[Bubble, ...]:
    """Some messages of ours, and lines of a reader's own with the words to show, as their page would show them."""
    own = (_own(reader, row, text) for row, text in theirs)
    return _in_order(sorted([*_shown(tx, reader, ours), *own], key=lambda bubble: bubble.order))


def _in_order(said: list[Bubble]) -> tuple[Bubble, ...]:
    return tuple(_with_days(_in_their_place(_gone_on(said))))


def _gone_on(said: list[Bubble]) -> list[Bubble]:
    """Where other buttons have come since, nobody looks for those of an older menu: it folds."""
    last = max((place for place, bubble in enumerate(said) if bubble.buttons), default=-1)
    return [replace(each, folded=True) if each.menu and place < last else each for place, each in enumerate(said)]


def _in_their_place(said: list[Bubble]) -> list[Bubble]:
    """What was said to a choice stands behind the words that made it, where the page has them, and not before."""
    moved: list[Bubble] = []
    for place, each in enumerate(said):
        mine = [later for later in said[place + 1 :] if later.kind == "me"] if each.picked and each.receipt else []
        made = next((later for later in reversed(mine) if later.text == each.picked), None)
        if made is None:
            moved.append(each)
            continue
        receipt = Bubble(f"r{each.id[1:]}", "them", made.at, f"{made.order}1", each.receipt, each.language)
        moved += [replace(each, receipt=""), replace(receipt, beside=each.version)]
    return sorted(moved, key=lambda bubble: bubble.order)


def _received(tx: Tx, reader: Reader) -> Iterable[Bubble]:
    wanted = select(OutboxRow).where(OutboxRow.person_id == reader.person, OutboxRow.state.in_(VISIBLE))
    return _shown(tx, reader, tx.rows.scalars(wanted.order_by(OutboxRow.id.desc()).limit(SHOWN)))


def _shown(tx: Tx, reader: Reader, sent: Iterable[OutboxRow]) -> list[Bubble]:
    rows = [row for row in _once(sent) if row.rendered]
    offered = shown_offers(tx, rows)
    return [_from_us(tx, reader, row, row.rendered or {}, offered.get(row.id, Shown.GONE)) for row in rows]


def _from_us(tx: Tx, reader: Reader, row: OutboxRow, shown: Mapping[str, Any], offered: Shown) -> Bubble:
    at, labels = row.sent_at or tx.now, shown["buttons"]
    done, stands = row.message.get("done", ()), row.message.get("stands")
    said = row.chosen is not None or stands is not None
    does = {offer["action"]["do"] for offer in row.message["offers"]}
    return Bubble(
        id=f"o{row.id}",
        kind="them",
        at=reader.local(at),
        order=_order(row.said or 0, 0, row.id),
        text=shown["text"].rstrip() + ticked_off(labels, done),
        language=shown["language"],
        buttons=tuple(
            Button(f"{row.id}.{place}", each)
            for place, each in enumerate(labels)
            if place not in {*done, row.chosen} and (stands is None or place in stands) and offered in SHOWN_BUTTONS
        ),
        picked="" if row.chosen is None or offered is Shown.REPEATED else labels[row.chosen],
        folded=offered is Shown.FOLDED,
        menu=does == {"command"},
        question="answer" in does,
        receipt=receipts_under(row.message, shown["language"]).strip() if said else "",
        danger=row.lane == Lane.ALERT and ("sos" in does or row.step == NUMBERS),
    )


def _once(rows: Iterable[OutboxRow]) -> Iterable[OutboxRow]:
    """Of the copies of one alert, each on another channel, the first."""
    found = {(row.case_id, row.created_at) if row.bound else row.id: row for row in rows}
    return found.values()


def _written(tx: Tx, reader: Reader) -> Iterable[Bubble]:
    """What the person wrote or pressed, on whatever channel, and what they have just written here."""
    handled = select(InboxRow).where(InboxRow.person_id == reader.person, InboxRow.shown.is_not(None))
    for row in tx.rows.scalars(handled.order_by(InboxRow.id.desc()).limit(SHOWN)):
        if row.shown:
            yield _own(reader, row, row.shown)
    waiting = select(InboxRow).where(InboxRow.state == "new", InboxRow.channel == "web")
    for row in tx.rows.scalars(waiting.order_by(InboxRow.id)):
        if row.raw.get("address") == reader.native and row.raw.get("text"):
            yield _own(reader, row, row.raw["text"])


def _own(reader: Reader, row: InboxRow, text: str) -> Bubble:
    at = row.written_at or row.received_at
    read = reader.local(row.received_at) if late(at, row.received_at) else None
    order = _order(row.said, 1 if read else 2, row.id)
    sign = "sent" if row.state == "new" else row.outcome or Outcome.UNDERSTOOD
    return Bubble(f"i{row.id}", "me", reader.local(at), order, text, read=read, sign=sign)


def _order(said: int, side: int, number: int) -> str:
    """What we said, each under its number; behind it what was heard before we said the next: what was late (1), the rest
    as it came (2). No clock has a part in it: one that stands still, or is set back, moves nothing."""
    return f"{said:012}{side}{number:012}1"


def _with_days(said: Iterable[Bubble]) -> Iterable[Bubble]:
    """A line before the first bubble of each day. Its version is the day: the day itself never changes."""
    today = None
    for bubble in said:
        if today is None or bubble.at.date() > today:
            today = bubble.at.date()
            yield Bubble(f"d{today:%Y%m%d}", "day", bubble.at, f"{bubble.order[:-1]}0", str(today))
        yield bubble
