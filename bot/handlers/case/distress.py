"""Words of distress in any message: an adult is told or offered, kindly, at once. The words themselves stay where they are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select

from bot.domain.command_words import said_in
from bot.domain.distress import distress_in
from bot.domain.ladder import Noted
from bot.domain.level import Level
from bot.domain.messages import Incoming, Letter, Offer
from bot.domain.need_to_know import NOT_THEM, speaks_to
from bot.handlers.case.case import Matter, hear, move_case, note, open_matter
from bot.handlers.case.crew import crew_of
from bot.handlers.case.exclusion import leave_out, leave_out_named, meant_in
from bot.handlers.case.matters import matters_of
from bot.handlers.case.possible_cry import await_answer
from bot.handlers.case.sos import answer_at_once, join_again, sos
from bot.handlers.say.facts import coordinator_of, danger_facts
from bot.handlers.say.post import About, post
from bot.i18n import Text, _
from bot.store.cases import CaseRow, open_case
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, OutboxRow, Outcome
from bot.store.people import Person
from bot.store.sessions import open_session
from bot.store.stays import StayRow, last_stay

STEP = "distress"
LATELY = timedelta(minutes=10)
"""Whoever writes a lot is not answered with the same words each time, nor the adults alerted for every line."""
NOW: Text = _("What you write worries me. You are not alone with this: I am telling an adult now.")
TOLD: Text = _("What you write worries me, so I am telling {coordinator}. Would you like an adult to call you?")
OFFER: Text = _("What you write worries me. Would you like an adult to call you?")
HERE: Text = _("I have read you. If you need somebody right now: SOS.")
ANSWERS: tuple[tuple[str, Text], ...] = (
    ("sos", _("SOS: right now")),
    ("write", _("An adult writes to me")),
    ("fine", _("No, I'm fine")),
    ("not", NOT_THEM),
)
WRITES: Text = _("All right. I am asking an adult to write to you here. If it gets worse: SOS.")
FINE: Text = _("All right. If that changes, write SOS: I am here.")
FINE_TOLD: Text = _("{learner} says that they are fine. Please make sure.")


def listen(
    tx: Tx, person: Person, incoming: Incoming, row: InboxRow, *, read: bool = False, private: bool = False
) -> Text | None:
    """Hear distress in a message, whatever it answers. Returns what is to be said in place of "I did not understand":
    nothing more (an empty text) where enough was said; None where there was no distress. Nobody is asked about words that
    an adult is to `read` anyway. Whose words are `private` is asked first, short of danger, and adults never get the words.
    """
    said = said_in(incoming.text)
    stay = last_stay(tx.rows, person.id) if said else None
    asked = open_session(tx.rows, person.id) is not None
    level = distress_in(said, tx.programme, asked=asked) if stay is not None else None
    if stay is None or level is None or (read and not level.rank):
        return None
    if private and level is not Level.NOW:
        level = Level.NONE
    lately = _answered_lately(tx, person)
    written = _kept(tx, person, incoming, row)
    if level.rank:
        leave_out_named(tx, stay, incoming.text)
        written.outcome = Outcome.HANDED
        _tell_adults(tx, stay, Matter(level, "distress", inbox=written.id))
    if lately:
        return HERE
    _answer(tx, stay, level, written, private=private)
    return ""


def _answer(tx: Tx, stay: StayRow, level: Level, written: InboxRow, *, private: bool) -> None:
    about, words = About(stay=stay.id, step=STEP), written.shown or ""
    if level is Level.NOW:
        post(tx, stay.person_id, Letter(NOW), Lane.ALERT, about)
        return answer_at_once(tx, stay)
    meant = [] if level.rank or speaks_to(words) else sorted(meant_in(tx, stay, words))
    action = {"do": "distress", "stay": stay.id, "meant": meant, "inbox": written.id} | (
        {"private": True} if private else {}
    )
    offers = tuple(Offer(label, action | {"say": name}) for name, label in ANSWERS)
    text = TOLD if level.rank else OFFER
    letter = Letter(text, danger_facts(tx, stay) | _who_hears(tx, stay), offers)
    question = post(tx, stay.person_id, letter, Lane.ALERT, about)
    if not level.rank:
        await_answer(tx, stay, question)
    return None


def _who_hears(tx: Tx, stay: StayRow) -> dict[str, str]:
    """Who truly has it, in place of the coordinator: whoever took the case, else who was alerted and may know of it."""
    case = open_case(tx.rows, stay.id)
    if case is None:
        return {}
    told = [case.owner_id] if case.owner_id else [each for each in case.alerted if each in crew_of(tx, case).everyone]
    coordinator = coordinator_of(tx, stay)
    names = [tx.rows.get_one(Person, each).full_name for each in told]
    return {"coordinator": names[0]} if names and coordinator not in names else {}


def _tell_adults(tx: Tx, stay: StayRow, matter: Matter) -> None:
    """A case, once; further words join it quietly."""
    case = open_case(tx.rows, stay.id)
    if case is not None and case.level is Level.NOW and matter.level is Level.NOW:
        return join_again(tx, case, matter)
    if case is not None and matter.level.rank <= case.level.rank and _noted_lately(tx, case):
        return note(tx, case, matter)
    open_matter(tx, stay, matter)
    return None


def _kept(tx: Tx, person: Person, incoming: Incoming, row: InboxRow) -> InboxRow:
    """The message as its author now sees it: who follows the case may read it there, and that is noted."""
    if incoming.edited:
        wanted = select(InboxRow).where(InboxRow.channel == row.channel, InboxRow.message == incoming.message)
        row = tx.rows.scalars(wanted.where(InboxRow.person_id == person.id).order_by(InboxRow.id)).first() or row
    row.shown = incoming.text
    return row


def _answered_lately(tx: Tx, person: Person) -> bool:
    wanted = select(OutboxRow.id).where(OutboxRow.person_id == person.id, OutboxRow.step == STEP)
    return tx.rows.scalars(wanted.where(OutboxRow.created_at > tx.now - LATELY).limit(1)).first() is not None


def _noted_lately(tx: Tx, case: CaseRow) -> bool:
    lately = (event for event in matters_of(tx, case) if event.at > tx.now - LATELY)
    return any(event.detail["topic"] == "distress" for event in lately)


def choose(tx: Tx, stay: StayRow, said: str, meant: Collection[int] = ()) -> None:
    """What the learner wants; whom the words that were asked about `meant` does not hear of it. It closes nothing that an
    adult has.
    """
    for adult in meant if said in {"sos", "write"} else ():
        leave_out(tx, stay, adult, by_learner=False)
    if said == "sos":
        return sos(tx, stay)
    if said == "write":
        open_matter(tx, stay, Matter(Level.TODAY, "write_to_me"))
    case = open_case(tx.rows, stay.id)
    if case is not None:
        hear(tx, case, f"says {said}")
        if said == "fine":
            _tell_fine(tx, stay, case)
    post(tx, stay.person_id, Letter(WRITES if said == "write" else FINE), Lane.ANSWER, About(stay=stay.id))
    return None


def _tell_fine(tx: Tx, stay: StayRow, case: CaseRow) -> None:
    move_case(tx, case, Noted())
    allowed, about = crew_of(tx, case).everyone, About(stay=stay.id, case=case.id)
    for person in (each for each in case.alerted if each in allowed):
        post(tx, person, Letter(FINE_TOLD, {"learner": stay.person.short_name}), Lane.ANSWER, about)
