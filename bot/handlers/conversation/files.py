"""A file came in: which question does it answer? And an adult looks at what was kept of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from bot.domain.messages import Attached, Incoming, Letter, Offer
from bot.domain.person import Role
from bot.domain.proof import MOST, PAGES, SAID, TOGETHER, Fault, end_of, plain_refusal
from bot.domain.sos import is_sos
from bot.engine.advance import Again, Handed, Refusal, Session, upload_for
from bot.engine.step import Upload
from bot.handlers.case import sent_files
from bot.handlers.case.case import sign_of_life
from bot.handlers.case.sos import sos
from bot.handlers.conversation.sessions import flow_of, happen
from bot.handlers.conversation.tasks import may_see
from bot.handlers.say.facts import stay_facts
from bot.handlers.say.post import GONE, NOT_YOURS, SEALED, About, post
from bot.i18n import Text, _, to_json
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person
from bot.store.proofs import ProofRow, kept_of, last_sent, of_question
from bot.store.records import audit
from bot.store.sessions import SessionRow, open_session
from bot.store.stays import StayRow, current_stay, items_of, last_stay

NO_PAPERS = _("I keep no papers here: show it to {coordinator}.")
NO_FILES = _("I cannot take files here. A learner's papers stay in your school's own files.")
BUTTON_FIRST = _("Please choose one of the buttons first, then send me the file.")
ENOUGH = _("I have {most} files for this already: that is enough, thank you. Show the others to {coordinator}.")
OPEN = frozenset({"todo", "doing", "declared"})
"""States of an item that a file can still be sent for."""


@dataclass(frozen=True)
class Home:
    """The question that a file answers."""

    row: SessionRow
    step: str


def hand_in(tx: Tx, person: Person, incoming: Incoming) -> None:
    """A confirmed person sent a file: note where to fetch it, or say kindly that it is not for here."""
    past = last_stay(tx.rows, person.id)
    if past is not None and is_sos(incoming.text, tx.programme.sos.words):
        return sos(tx, past)
    stay, file = current_stay(tx.rows, person.id), incoming.file
    if stay is not None:
        sign_of_life(tx, stay)
    home = _home(tx, person, incoming) if tx.keys is not None and stay is not None else None
    if home is None or file is None:
        return _decline(tx, person, stay or past)
    sent = of_question(tx.rows, home.row.id, home.step)
    if sum(each.state in {"wanted", "kept"} for each in sent) >= MOST:
        return _tell(tx, home.row, ENOUGH)
    proof = _noted(tx, home, incoming, file)
    fault = plain_refusal(file.mime, file.size)
    if fault is not None:
        return turn_down(tx, proof, fault)
    if proof.content is not None and answers(tx, proof):
        proof.state, proof.native = "kept", ""
    return None


def answers(tx: Tx, proof: ProofRow) -> bool:
    """Whether a file answers its question; its sender is told where it does not. The first thanks, the others join quietly."""
    row = tx.rows.get_one(SessionRow, proof.session_id)
    stay = tx.rows.get_one(StayRow, proof.stay_id)
    turn = (
        None if stay.cancelled or row.state == "expired" else happen(tx, row, Handed(proof.step, proof.id), Lane.ANSWER)
    )
    if turn is not None and not turn.refused:
        return True
    proof.state, proof.problem, proof.native, proof.content = "refused", "no longer asked for", "", None
    sealed_off = turn is not None and turn.refused is Refusal.SEALED
    letter = Letter(SEALED, stay_facts(tx, stay)) if sealed_off else Letter(GONE)
    post(tx, proof.person_id, letter, Lane.ANSWER)
    return False


def is_asked_for(tx: Tx, person: Person, incoming: Incoming) -> bool:
    """Whether a file answers something, or comes while something is asked."""
    row = open_session(tx.rows, person.id)
    return (row is not None and row.asked is not None) or _home(tx, person, incoming) is not None


def _noted(tx: Tx, home: Home, incoming: Incoming, file: Attached) -> ProofRow:
    stay = tx.rows.get_one(StayRow, home.row.stay_id)
    name = _item_of(home.row)
    item = tx.programme.journey(stay.kind).item(name)
    person = home.row.person_id
    proof = sent_files.brought(tx, person, incoming.channel, file) or ProofRow(native=file.native, attempts=0)
    proof.stay_id, proof.person_id, proof.session_id = stay.id, person, home.row.id
    proof.item, proof.step, proof.channel, proof.album = name, home.step, incoming.channel, incoming.album
    proof.state, proof.mime, proof.size = "wanted", file.mime or None, proof.size or file.size or None
    proof.received_at, proof.due_at = tx.now, tx.now
    proof.ends_at = end_of(stay.facts(), item.keep_days if item else 1, tx.now)
    tx.rows.add(proof)
    tx.rows.flush()
    return proof


def _home(tx: Tx, person: Person, incoming: Incoming) -> Home | None:
    """The question a file is for: that of its album, the one that stands, that of the file just before, or an earlier one
    that may still be answered.
    """
    rows = _sessions(tx, person)
    asked = next((found for row in rows if (found := _asked(tx, row))), None)
    if incoming.album:
        before = last_sent(tx.rows, person.id, incoming.channel, incoming.album)
    else:
        before = None if asked else last_sent(tx.rows, person.id, incoming.channel)
        before = before if before and tx.now - before.received_at <= TOGETHER else None
    if before is not None:
        row = next((row for row in rows if row.id == before.session_id), None)
        return Home(row, before.step) if row is not None else None
    return asked or next((found for row in rows if (found := _answerable(tx, row))), None)


def _sessions(tx: Tx, person: Person) -> list[SessionRow]:
    """Conversations that a file may belong to: what stands first, then the latest."""
    wanted = select(SessionRow).where(SessionRow.person_id == person.id, SessionRow.expires_at > tx.now)
    rows = list(tx.rows.scalars(wanted.where(SessionRow.state != "expired").order_by(SessionRow.id.desc())))
    return sorted(
        (row for row in rows if _wanted(tx, row)), key=lambda row: ("open", "queued", "done").index(row.state)
    )


def _wanted(tx: Tx, row: SessionRow) -> bool:
    """Whether a file is still of use: the stay takes place, and its item is not settled without one."""
    stay, flow = tx.rows.get_one(StayRow, row.stay_id), flow_of(tx, row)
    item = items_of(tx.rows, stay.id).get(_item_of(row))
    asks = flow is not None and any(isinstance(step, Upload) for step in flow.steps)
    return asks and not stay.cancelled and (item is None or item.state in OPEN)


def _asked(tx: Tx, row: SessionRow) -> Home | None:
    flow = flow_of(tx, row)
    question = flow.question(row.asked) if flow else None
    return Home(row, question.id) if isinstance(question, Upload) else None


def _answerable(tx: Tx, row: SessionRow) -> Home | None:
    """A question that leads to a file, or was answered otherwise or with a file already: one may still be sent."""
    flow = flow_of(tx, row)
    step = upload_for(flow, Session(row.facts, dict(row.answers), row.asked)) if flow else None
    return Home(row, step) if step else None


def _item_of(row: SessionRow) -> str:
    return row.touchpoint.rpartition(".")[2]


def _decline(tx: Tx, person: Person, stay: StayRow | None) -> None:
    """Nothing is kept; nobody is left without an answer."""
    if stay is None or not person.holds(Role.LEARNER):
        post(tx, person.id, Letter(NO_FILES), Lane.ANSWER)
        return
    row = open_session(tx.rows, person.id)
    chooses = row is not None and tx.keys is not None and _wanted(tx, row)
    post(tx, person.id, Letter(BUTTON_FIRST if chooses else NO_PAPERS, stay_facts(tx, stay)), Lane.ANSWER)
    if chooses and row is not None:
        happen(tx, row, Again(), Lane.ANSWER)


def turn_down(tx: Tx, proof: ProofRow, fault: Fault) -> None:
    """A file is not kept: the learner is told why, once for an album, and asked again if nothing else answers."""
    if proof.session_id is None:
        return sent_files.turn_down(tx, proof, fault)
    proof.state, proof.problem, proof.native = "given_up" if fault is Fault.GONE else "refused", fault.value, ""
    row = tx.rows.get_one(SessionRow, proof.session_id)
    others = [each for each in of_question(tx.rows, row.id, proof.step) if each.id != proof.id]
    if proof.album and any(each.album == proof.album and each.problem == fault.value for each in others):
        return None
    _tell(tx, row, SAID[fault])
    if row.state == "open" and row.asked and not any(each.state in {"wanted", "kept"} for each in others):
        happen(tx, row, Again(), Lane.ANSWER)
    return None


def _tell(tx: Tx, row: SessionRow, text: Text) -> None:
    facts = stay_facts(tx, tx.rows.get_one(StayRow, row.stay_id)) | {"pages": PAGES, "most": MOST}
    post(tx, row.person_id, Letter(text, facts), Lane.ANSWER, About(stay=row.stay_id, session=row.id))


def may_look(tx: Tx, person: Person, proof: ProofRow | None) -> bool:
    """Whether an adult may look at a file: who ticks its item, or may know of the case in which it stands."""
    if proof is None:
        return False
    if proof.session_id is None:
        return sent_files.may_open(tx, person, proof)
    return may_see(tx.programme, person, tx.rows.get_one(StayRow, proof.stay_id), proof)


def show_file(tx: Tx, person: Person, number: int) -> None:
    """An adult looks at the files of an item: a message for each. Every look is noted."""
    proof = tx.rows.get(ProofRow, number)
    stay = tx.rows.get_one(StayRow, proof.stay_id) if proof else None
    if proof is None or stay is None or not may_see(tx.programme, person, stay, proof):
        post(tx, person.id, Letter(NOT_YOURS), Lane.ANSWER)
        return
    item = tx.programme.journey(stay.kind).item(proof.item)
    title = {"text": to_json(item.title if item else proof.item)}
    values = {"item": title, "learner": stay.person.short_name}
    tick = {"do": "tick", "stay": stay.id, "items": [proof.item]}
    files = kept_of(tx.rows, stay.id, proof.item)
    for place, each in enumerate(files, 1):
        more = values | {"place": place, "count": len(files), "day": {"date": each.received_at.date().isoformat()}}
        offers = (Offer(_("✓ {item} · {learner}"), tick, values),) if place == len(files) else ()
        text = _("{item} · {learner}, sent on {day} ({place}/{count}).")
        post(tx, person.id, Letter(text, more, offers, file=each.id), Lane.ANSWER, About(stay=stay.id))
        audit(tx, f"person {person.id}", "look", f"proof {each.id}")
