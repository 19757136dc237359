"""Words between an adult and a learner, through the bot: neither sees the other's number.

An adult replies to any message about a case, or writes of their own accord; what the learner writes next goes back
to that adult. Whatever is passed on has a clock: nobody on leave is the only reader, and what nobody reads climbs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from bot.domain.ladder import Noted, Refusal
from bot.domain.level import Level
from bot.domain.messages import Letter, Offer
from bot.domain.person import Role
from bot.domain.rights import Act, may
from bot.handlers.case.buttons import REFUSED
from bot.handlers.case.case import Matter, hear, move_case, note, open_matter, settle_matters, sign_of_life
from bot.handlers.case.crew import allowed, calendar_of, crew_for, may_follow
from bot.handlers.case.exclusion import leave_out_doubtful
from bot.handlers.case.matters import WROTE
from bot.handlers.say.marks import mark, wait_for, waiting
from bot.handlers.say.post import About, post
from bot.i18n import Text, _, to_json
from bot.store.autoflush import ask
from bot.store.cases import CaseEvent, CaseRow, open_case
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, OutboxRow
from bot.store.people import Address, Person
from bot.store.records import audit
from bot.store.stays import StayRow

STEP = "relay"
"""The step of messages that carry an adult's words: what the learner writes after one goes to that adult."""
BACK = "relay back"
"""The step of messages to an adult that belong to no case: a reply to one goes to the learner."""
AWAITED = "relay awaited"
"""The step of the message that asks an adult for their words."""
QUESTION = "question"
"""The matter of what a learner asked an adult: a reply settles it."""
WORDS, UNSEEN = "words", "unseen"
"""The matters of what nobody has read: an adult what a learner wrote, a learner what an adult did."""
ANY = Level.TODAY
"""Nobody knows what stands in words that nobody has read: they do not wait for Monday."""
ON_ITS_WAY = timedelta(hours=1)
"""So long after it we look again for a message that has not left."""
LATELY = timedelta(days=30)
WAITED_FOR = timedelta(days=1)
"""So long an adult's words wait for an answer while other things are said."""
LOOKED_AT, LOOKED_BACK = 100, 20
"""So many of the latest messages to a learner are looked at, and so many of theirs."""
TO_LEARNER = _("{writer} writes to you:\n« {words} »\nWhat you write now goes to {writer}.")
TO_CLASS = _("{writer} writes to {class}:\n« {words} »\nWhat you write now goes to {writer}.")
TO_ADULT = _("{learner} answers you:\n« {words} »\nReply to this message to write back.")
FOR_ANOTHER = _(
    "{learner} answers {writer}, who cannot read it now:\n« {words} »\nReply to this message to write back."
)
NO_SIGN = _("{learner} has given no sign since {writer} wrote on {at}:\n« {words} »")
CARRIED = _("Passed on to {learner}.")
CARRIED_UNTAKEN = _("Passed on to {learner}. Nobody has taken this case yet: please press « I take it » so that your colleagues know.")  # fmt: skip
THANKS = _("I have passed it on to {writer}.")
THANKS_ALL = _("I have passed it on to the adults who follow you.")
WRITE_NOW = _("Write it now: your next message goes to {learner}. To send nothing: /help.")
NOT_YOURS_TO_WRITE = _("This learner is not yours to write to.")
BY_ANOTHER = _("I cannot pass this on to {learner} now. Please ask {others}.")
_IS_OPEN = (CaseRow.stay_id == OutboxRow.stay_id) & CaseRow.closed_at.is_(None)
_IS_THERE = (OutboxRow.person_id == bindparam("adult"), OutboxRow.address_id == bindparam("address"))
_CAME_BACK = (OutboxRow.step == BACK, OutboxRow.state == "sent", OutboxRow.created_at > bindparam("since"))
_BEFORE_THEIR_EYES = select(OutboxRow).join(CaseRow, _IS_OPEN).where(*_IS_THERE, *_CAME_BACK)


def may_write(tx: Tx, adult: Person, stay: StayRow) -> bool:
    """Whoever may write to the learners of a school; where a case is open, whoever may follow that as well. Nobody whom
    the learner does not want near them, or whom their words name.
    """
    case = open_case(tx.rows, stay.id)
    return allowed(tx, adult, Act.WRITE, stay) or (case is not None and may_follow(tx, adult, case))


def write(tx: Tx, adult: Person, stay: StayRow, words: str) -> None:
    """An adult writes to a learner of their own accord. Where a case is open it counts as following that up; whoever may
    not know of it is not told by this that there is one.
    """
    case = open_case(tx.rows, stay.id)
    if case is not None and may_follow(tx, adult, case):
        return to_learner(tx, adult, case.id, words)
    if not may_write(tx, adult, stay):
        return refuse(tx, adult, stay)
    values = {"writer": adult.full_name, "words": words, "adult": adult.id}
    _carry(tx, stay, values)
    _note(tx, adult, f"stay {stay.id}")
    about = About(stay=stay.id, step=BACK)
    post(tx, adult.id, Letter(CARRIED, {"learner": stay.person.short_name}), Lane.ANSWER, about)
    return None


def refuse(tx: Tx, adult: Person, stay: StayRow) -> None:
    """Whoever may write to others of the school hears who can; why they cannot, the learner alone knows."""
    if not may(adult.adult, Act.WRITE, stay.school_id):
        post(tx, adult.id, Letter(NOT_YOURS_TO_WRITE), Lane.ANSWER)
        return
    crew = crew_for(tx, stay)
    there = crew.standing((Role.COORDINATOR, Role.DEPUTY, Role.HEAD)) or crew.present
    others = [tx.rows.get_one(Person, each).full_name for each in there]
    values = {"learner": stay.person.short_name, "others": {"list": others or [stay.school.name]}}
    post(tx, adult.id, Letter(BY_ANOTHER, values), Lane.ANSWER)


def to_learner(tx: Tx, adult: Person, number: int, words: str) -> None:
    """An adult writes to the learner of a case. It counts as following the case up, and as having read what they wrote."""
    case = tx.rows.get_one(CaseRow, number)
    if not may_follow(tx, adult, case):
        post(tx, adult.id, Letter(REFUSED[Refusal.STRANGER]), Lane.ANSWER)
        return
    _carry(tx, case.stay, {"writer": adult.full_name, "words": words, "adult": adult.id, "case": case.id})
    tx.rows.add(CaseEvent(case_id=case.id, at=tx.now, kind="wrote to learner", person_id=adult.id, detail={}))
    _note(tx, adult, f"case {case.id}")
    if case.closed_at is None:
        move_case(tx, case, Noted(adult.id))
        settle_matters(tx, case.stay, lambda detail: detail["topic"] in {WORDS, QUESTION}, "replied", adult.id)
    waits = case.closed_at is None and case.owner_id is None
    letter = Letter(CARRIED_UNTAKEN if waits else CARRIED, {"learner": case.stay.person.short_name})
    post(tx, adult.id, letter, Lane.ANSWER, About(stay=case.stay_id, case=case.id))


def _carry(tx: Tx, stay: StayRow, values: dict[str, Any]) -> None:
    """Words for a learner. Without a case nothing else has a clock: whether they give a sign then is looked at."""
    message = post(tx, stay.person_id, Letter(TO_LEARNER, values), Lane.ANSWER, About(stay=stay.id, step=STEP))
    if open_case(tx.rows, stay.id) is None and stay.ended is None and tx.now < stay.facts().moves()[1]:
        tx.rows.flush()
        wait_for(tx, stay, (UNSEEN, str(message.id)), waits_until(tx, stay, tx.now))


def waits_until(tx: Tx, stay: StayRow, since: datetime) -> datetime:
    """Until when words to a learner may stay without a sign: as long as what is to be followed up waits."""
    rules = tx.programme.levels[Level.FOLLOW_UP]
    return calendar_of(tx, stay).add(since, rules.rungs[0].wait, rules.pace)


def look_for_a_sign(tx: Tx, stay: StayRow, marks: Mapping[tuple[str, str], str]) -> datetime | None:
    """Whether a learner gave a sign since an adult wrote to them; else who wrote hears it, and then the ladder does. When
    to look again.
    """
    looks = []
    for message in (tx.rows.get_one(OutboxRow, number) for number in waiting(marks, UNSEEN)):
        again, outcome = _standing_of(tx, stay, message)
        if again is not None:
            looks.append(again)
            continue
        mark(tx, stay.id, (UNSEEN, str(message.id)), outcome)
        if outcome == "told":
            _tell_unseen(tx, stay, message)
    return min(looks, default=None)


def _standing_of(tx: Tx, stay: StayRow, message: OutboxRow) -> tuple[datetime | None, str]:
    """When to look again for a sign since a message; or, where that is over, what came of it."""
    if message.state in {"pending", "sending"}:
        return tx.now + ON_ITS_WAY, ""
    if message.state in {"failed", "expired"} or open_case(tx.rows, stay.id) is not None:
        return None, "elsewhere"  # that it did not arrive is a matter of its own
    sent = message.sent_at or message.created_at
    if (stay.person.last_sign_at or sent) > sent:
        return None, "seen"
    over = waits_until(tx, stay, sent)
    return (over, "") if over > tx.now else (None, "told")


def _tell_unseen(tx: Tx, stay: StayRow, message: OutboxRow) -> None:
    values = message.message["values"]
    reader = _reader(tx, stay, None, tx.rows.get_one(Person, values["adult"]))
    matter = Matter(Level.FOLLOW_UP, UNSEEN, values["writer"])
    case = open_matter(tx, stay, matter, reader.id if reader else None)
    if reader is not None:
        at = {"moment": (message.sent_at or message.created_at).isoformat(), "zone": stay.school.zone}
        said = {"learner": stay.person.short_name, "writer": values["writer"], "at": at, "words": values["words"]}
        _hand(tx, reader, stay, case, NO_SIGN, said)


def to_adult(tx: Tx, learner: Person, asked: OutboxRow, words: str) -> None:
    """The learner answers what an adult wrote to them: that adult reads it, or whoever is there instead. In an open case
    it stands for all who follow that; without one it opens one, which waits for its reader.
    """
    stay = tx.rows.get_one(StayRow, asked.stay_id)
    settle_matters(tx, stay, lambda detail: detail["topic"] == "undelivered", "answered")
    writer = tx.rows.get_one(Person, asked.message["values"]["adult"])
    said, case = _said(tx, learner, words), open_case(tx.rows, stay.id)
    reader = _reader(tx, stay, case, writer)
    values = {"learner": stay.person.short_name, "writer": writer.full_name, "words": words}
    text = TO_ADULT if reader is writer else FOR_ANOTHER
    matter = Matter(ANY, WORDS, (reader or writer).full_name, inbox=said.id)
    if case is not None and case.topic != WORDS:
        leave_out_doubtful(tx, case, words, reader.id if reader else None)
        _stands_in(tx, case, learner, said, reader)
        if reader is not None:
            post(tx, reader.id, Letter(text, values), Lane.ANSWER, About(stay=stay.id, case=case.id))
        sign_of_life(tx, stay)
    else:
        if case is None:
            case = open_matter(tx, stay, matter, reader.id if reader else None)
        else:
            note(tx, case, matter)
        if reader is not None:
            _hand(tx, reader, stay, case, text, values | {"inbox": said.id})
    thanks = {"writer": reader.full_name, "adult": reader.id} if reader else {"adult": writer.id, "writer": ""}
    letter = Letter(THANKS if reader else THANKS_ALL, thanks)
    post(tx, learner.id, letter, Lane.ANSWER, About(stay=stay.id, step=STEP))


def _stands_in(tx: Tx, case: CaseRow, learner: Person, said: InboxRow, reader: Person | None) -> None:
    """Words that answer an adult stand in the case for whoever follows it."""
    # Who follows the case alone reads the words themselves: "has written" would say it twice.
    kind = "answered" if reader is not None and case.owner_id == reader.id else WROTE
    hear(tx, case, kind, inbox=str(said.id), **({"to": str(reader.id)} if reader is not None else {}))
    tx.rows.flush()


def _said(tx: Tx, learner: Person, words: str) -> InboxRow:
    """What they have just written, as it is kept; or before they were asked for whom it is."""
    wanted = select(InboxRow).where(InboxRow.person_id == learner.id).order_by(InboxRow.id.desc())
    lately = list(tx.rows.scalars(wanted.limit(LOOKED_BACK)))
    row = next((each for each in lately if each.shown == words), lately[0])
    row.shown = words
    return row


def _reader(tx: Tx, stay: StayRow, case: CaseRow | None, writer: Person) -> Person | None:
    """Who reads what a learner writes to an adult: that adult, while they are there and may; else whoever follows the
    case, else the coordinator or whoever stands in for them.
    """
    crew = crew_for(tx, stay)
    owner = (case.owner_id,) if case is not None and case.owner_id is not None else ()
    wanted = (writer.id, *owner, *crew.standing((Role.COORDINATOR, Role.DEPUTY, Role.HEAD)), *crew.present)
    for person in (tx.rows.get_one(Person, each) for each in dict.fromkeys(wanted) if crew.on_duty(each)):
        if may_follow(tx, person, case) if case is not None and case.topic != WORDS else may_write(tx, person, stay):
            return person
    return None


def _hand(tx: Tx, reader: Person, stay: StayRow, case: CaseRow, text: Text, values: dict[str, Any]) -> None:
    """Words for the one adult for whom a case waits."""
    offers = (
        Offer(_("Write back"), {"do": "command", "word": "write", "rest": f"#{stay.id}", "keeps": True}),
        Offer(_("Read"), {"do": "case", "case": case.id, "act": "seen"}),
    )
    post(tx, reader.id, Letter(text, values, offers), Lane.ANSWER, About(stay=stay.id, step=BACK))


def read_by(tx: Tx, adult: Person, address: Address) -> None:
    """Whoever writes or presses something in a chat has before their eyes what came there before: it is read."""
    read: dict[int, set[str]] = {}
    theirs = {"adult": adult.id, "address": address.id, "since": tx.now - LATELY}
    for row in ask(tx.rows, _BEFORE_THEIR_EYES, theirs).scalars().all():
        if "inbox" in row.message["values"]:
            read.setdefault(row.stay_id or 0, set()).add(str(row.message["values"]["inbox"]))
    for number, inbox in read.items():
        settle_matters(
            tx,
            tx.rows.get_one(StayRow, number),
            lambda detail, inbox=inbox: detail["topic"] == WORDS and detail.get("inbox") in inbox,  # type: ignore[misc]
            "read",
            adult.id,
        )


def invite_words(tx: Tx, adult: Person, stay: StayRow) -> None:
    """Ask an adult for their words: what they write next goes to the learner."""
    about = About(stay=stay.id, step=AWAITED)
    post(tx, adult.id, Letter(WRITE_NOW, {"learner": stay.person.short_name}), Lane.ANSWER, about)


def take_words(tx: Tx, adult: Person, asked: OutboxRow, words: str) -> None:
    """The words that an adult was asked for: they go to the learner they were asked for."""
    write(tx, adult, tx.rows.get_one(StayRow, asked.stay_id), words)


def awaiting(tx: Tx, person: int) -> list[OutboxRow]:
    """The words of each adult that a learner may be answering, the latest first: those not answered yet, and those
    they are talking about now. What the bot says in between changes nothing."""
    wanted = select(OutboxRow).where(OutboxRow.person_id == person, OutboxRow.state == "sent")
    wanted = wanted.where(OutboxRow.edit_of.is_(None)).order_by(OutboxRow.sent_at.desc(), OutboxRow.id.desc())
    sent = list(tx.rows.scalars(wanted.limit(LOOKED_AT)))
    latest: dict[int, OutboxRow] = {}
    for row in sent:
        if row.step == STEP:
            latest.setdefault(row.message["values"]["adult"], row)
    last = next((row for row in sent if row.step == STEP or row.message["offers"]), None)
    return [row for row in latest.values() if row is last or _unanswered(tx, row)]


def _unanswered(tx: Tx, row: OutboxRow) -> bool:
    """Whether an adult's words still wait for a word back, and are not of long ago."""
    return row.message["text"] != to_json(THANKS) and row.created_at > tx.now - WAITED_FOR


def _note(tx: Tx, adult: Person, target: str) -> None:
    audit(tx, f"person {adult.id}", "write", target)
