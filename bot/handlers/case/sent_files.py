"""Files out of the blue: what happened to a learner, in a picture or in their voice, for the adults of the case it stands in.

Nothing is fetched before its sender wants it passed on, or has cried for help. Then it is kept as papers are: made anew,
sealed, with an end.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select

from bot.domain.messages import Attached, Letter
from bot.domain.proof import MINUTES, MOST, NOT_PASSED_ON, PAGES, Fault, end_of, plain_refusal
from bot.domain.purposes import Kept
from bot.handlers.case.case import hear
from bot.handlers.case.crew import followed
from bot.handlers.say.facts import stay_facts
from bot.handlers.say.post import About, post
from bot.store.cases import CaseRow, log_of
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane
from bot.store.people import Person
from bot.store.proofs import ProofRow, sent_with
from bot.store.stays import StayRow, last_stay

CAME, LOST = "learner sent file", "learner sent"
"""What a log says of a file that stands in the case, and of one that could not be kept."""
UNDECIDED = timedelta(days=1)
"""So long it may still be passed on."""
UNDER_WAY = ("offered", "wanted")


def offer_file(tx: Tx, stay: StayRow, message: InboxRow, file: Attached | None) -> bool:
    """Note what came with a message, for its sender to say whether it is passed on. Whether it can be."""
    if file is None or tx.keys is None or plain_refusal(file.mime, file.size, voices=True):
        return False
    waiting = select(ProofRow.id).where(ProofRow.person_id == stay.person_id, ProofRow.inbox_id.is_not(None))
    if len(list(tx.rows.scalars(waiting.where(ProofRow.state.in_(UNDER_WAY))))) >= MOST:
        return False
    row = brought(tx, stay.person_id, message.channel, file) or ProofRow(native=file.native, attempts=0)
    row.stay_id, row.person_id, row.inbox_id, row.item, row.step = stay.id, stay.person_id, message.id, "", ""
    row.channel, row.mime, row.size = message.channel, file.mime or None, row.size or file.size or None
    row.state, row.received_at, row.due_at, row.ends_at = "offered", tx.now, tx.now, tx.now + UNDECIDED
    tx.rows.add(row)
    tx.rows.flush()
    return True


def bring_file(tx: Tx, person: int, message: str, content: bytes, mime: str) -> None:
    """A file that came with a message of our own page, made anew already: it waits, sealed, for its message to be read."""
    stay = last_stay(tx.rows, person)
    row = tx.rows.scalars(select(InboxRow).where(InboxRow.channel == "web", InboxRow.native == message)).one()
    if stay is None or tx.keys is None:
        return
    file = ProofRow(
        stay_id=stay.id, person_id=person, item="", step="", channel=row.channel, native="", state="brought"
    )
    file.mime, file.size, file.content = mime, len(content), tx.keys.seal(person, content)
    file.attempts, file.received_at, file.due_at, file.ends_at = 0, tx.now, tx.now, tx.now + UNDECIDED
    tx.rows.add(file)
    tx.rows.flush()
    row.raw = row.raw | {"file": file.id, "mime": mime}


def brought(tx: Tx, person: int, channel: str, file: Attached) -> ProofRow | None:
    """A file that waits for its message, where it came with it."""
    row = tx.rows.get(ProofRow, int(file.native)) if channel == "web" and file.native.isdecimal() else None
    return row if row is not None and (row.state, row.person_id) == ("brought", person) else None


def hand_files(tx: Tx, messages: Collection[int]) -> bool:
    """What came with some messages goes to the adults: it is fetched now. Whether there was anything."""
    rows = sent_with(tx.rows, messages, "offered")
    for row in rows:
        stay = tx.rows.get_one(StayRow, row.stay_id)
        row.ends_at = end_of(stay.facts(), tx.programme.retention.days(Kept.MESSAGES), row.received_at)
        row.state, row.due_at = "kept" if row.content is not None else "wanted", tx.now
    return bool(rows)


def drop_files(tx: Tx, person: int, messages: Collection[int] | None = None) -> None:
    """Nothing of what somebody sent is passed on: neither kept nor fetched."""
    rows = select(ProofRow).where(ProofRow.person_id == person, ProofRow.state == "offered")
    for row in tx.rows.scalars(rows if messages is None else rows.where(ProofRow.inbox_id.in_(messages))):
        tx.rows.delete(row)


def offered_since(tx: Tx, person: int, first: int) -> list[int]:
    """The messages from one on with a file of which their sender has not said what is to become of it."""
    wanted = select(ProofRow.inbox_id).where(ProofRow.person_id == person, ProofRow.state == "offered")
    return [each for each in tx.rows.scalars(wanted.where(ProofRow.inbox_id >= first)) if each is not None]


def stand_in(tx: Tx, case: CaseRow, messages: Collection[int]) -> None:
    """Files of a cry for help stand in its case, for those who are told of it."""
    for number in sorted(messages):
        if hand_files(tx, [number]):
            hear(tx, case, CAME, inbox=str(number))


def files_of(tx: Tx, case: CaseRow) -> list[ProofRow]:
    """The files that stand in a case, kept or on their way, in the order they came."""
    return sent_with(tx.rows, _messages(tx, case.id), "kept", "wanted")


def may_open(tx: Tx, adult: Person, proof: ProofRow) -> bool:
    """Whether an adult may open a file that no question asked for: who may know of a case in which it stands."""
    if proof.state != "kept":
        return False
    cases = list(tx.rows.scalars(select(CaseRow).where(CaseRow.stay_id == proof.stay_id)))
    return any(proof.inbox_id in _messages(tx, case.id) for case in followed(tx, adult, cases))


def _messages(tx: Tx, case: int) -> set[int]:
    return {int(event.detail["inbox"]) for event in log_of(tx.rows, case) if "inbox" in event.detail}


def turn_down(tx: Tx, proof: ProofRow, fault: Fault) -> None:
    """A file cannot be kept: its sender is told why, and the case says that there was something."""
    proof.state, proof.problem, proof.native = "given_up" if fault is Fault.GONE else "refused", fault.value, ""
    stay = tx.rows.get_one(StayRow, proof.stay_id)
    for case in tx.rows.scalars(select(CaseRow).where(CaseRow.stay_id == stay.id, CaseRow.closed_at.is_(None))):
        if proof.inbox_id in _messages(tx, case.id):
            hear(tx, case, LOST)
    facts = stay_facts(tx, stay) | {"pages": PAGES, "minutes": MINUTES}
    post(tx, proof.person_id, Letter(NOT_PASSED_ON[fault], facts), Lane.ANSWER, About(stay=stay.id))
