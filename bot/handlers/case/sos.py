"""SOS: answered at once, in any state, and told to every acknowledger in the same transaction.

The very first words are made ready for every address (`cards`): nobody waits for the database then.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from bot.domain.formal import spoken_to
from bot.domain.ladder import Noted, Notice, NoticeKind
from bot.domain.level import Level
from bot.domain.messages import Letter, Offer
from bot.domain.roster.phones import shown_phone
from bot.domain.sos import ANSWERS, card, danger
from bot.domain.watched import TOPICS as WATCHED
from bot.handlers.case.case import Matter, case_of, hear, move_case, note, open_matter
from bot.handlers.case.crew import crew_of
from bot.handlers.case.notices import tell
from bot.handlers.say.facts import danger_facts, emergency_now, stay_facts
from bot.handlers.say.post import GONE, About, post
from bot.i18n import Text, _, render
from bot.store.cases import CaseRow, open_case
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Address, Person, School
from bot.store.stays import StayRow

ONCE_IN = timedelta(minutes=2)
REPLIES: dict[str, Text] = {
    "call": _("I am telling them to call you. Keep your phone near you."),
    "write": _("I am telling them to write to you here. Stay with me."),
    "mistake": _("All right. An adult will still get in touch, to be sure."),
    "again": _("I am telling them once more, now."),
}
SAID: dict[str, Text] = {
    "call": _("{learner} can talk: please call."),
    "write": _("{learner} cannot talk: please write."),
    "mistake": _("{learner} says it was a mistake. Please make sure."),
    "again": _("{learner} still needs help."),
}


def sos(tx: Tx, stay: StayRow) -> None:
    """A cry for help: the emergency numbers first, then every ladder begins. It unwinds nothing else."""
    answer_at_once(tx, stay)
    alarm(tx, stay)


def alarm(tx: Tx, stay: StayRow) -> None:
    """Tell the adults, however often somebody cries for help."""
    case = open_case(tx.rows, stay.id)
    cry = Matter(Level.NOW, "sos")
    if case is not None and case.level is Level.NOW:
        return join_again(tx, case, cry)
    open_matter(tx, stay, cry)
    return None


def join_again(tx: Tx, row: CaseRow, matter: Matter) -> None:
    """The same cry once more in a case of the gravest level. The owner is told, else all who were alerted, at once;
    but nobody more than once in two minutes: the flood of one must not delay another's cry. In a case of somebody who was
    only missed it is the first cry.
    """
    if row.topic in WATCHED:
        open_matter(tx, row.stay, matter)
        return
    note(tx, row, matter)
    crew = crew_of(tx, row)
    owned = row.owner_id is not None and crew.on_duty(row.owner_id)
    kind = NoticeKind.JOINED if owned else NoticeKind.ALERT
    told = _told_lately(tx, row)
    for person in dict.fromkeys([row.owner_id] if owned else row.alerted):
        if person in crew.everyone and person not in told:
            tell(tx, row, Notice(person, kind), case_of(row))


def _told_lately(tx: Tx, row: CaseRow) -> set[int]:
    wanted = select(OutboxRow.person_id).where(OutboxRow.case_id == row.id, OutboxRow.lane == Lane.ALERT)
    return set(tx.rows.scalars(wanted.where(OutboxRow.created_at > tx.now - ONCE_IN)))


def answer_at_once(tx: Tx, stay: StayRow) -> None:
    """The fixed words: the emergency number, the on-call number, can you talk?"""
    facts = danger_facts(tx, stay)
    offers = tuple(Offer(label, {"do": "sos", "stay": stay.id, "say": name}) for name, label in ANSWERS)
    post(tx, stay.person_id, Letter(danger(facts["on_call"]), facts, offers), Lane.ALERT, About(stay=stay.id))


def can_talk(tx: Tx, stay: StayRow, said: str) -> None:
    """The learner says whether they can talk: whoever was alerted hears it at once. It closes nothing.

    Where the case is closed already, the old button is a new cry; only "a mistake" is none.
    """
    case = open_case(tx.rows, stay.id)
    if case is None and said != "mistake":
        return sos(tx, stay)
    reply = GONE if case is None else REPLIES[said]
    post(tx, stay.person_id, Letter(reply, stay_facts(tx, stay)), Lane.ALERT, About(stay=stay.id))
    if case is None:
        return None
    hear(tx, case, f"says {said}")
    move_case(tx, case, Noted())
    about = About(stay=stay.id, case=case.id)
    allowed = crew_of(tx, case).everyone
    for person in (each for each in case.alerted if each in allowed):
        post(tx, person, Letter(SAID[said], {"learner": stay.person.short_name}), Lane.ALERT, about)
    return None


def cards(tx: Tx, channel: str, natives: Collection[str] | None = None) -> dict[str, str]:
    """For each address of a learner (or for some), what a cry from there is answered at once: in their language, with the
    emergency number of where they are and the on-call phone of their school, else the consortium's.

    Also where they had blocked us, and where an adult is asked whether their new identity is theirs.
    """
    theirs = or_(
        Address.state.in_(("confirmed", "left")), and_(Address.state == "pending", Address.identity.is_not(None))
    )
    wanted = (
        select(Address.native, Person.language, StayRow)
        .join(Person, Person.id == Address.person_id)
        .join(StayRow, StayRow.person_id == Person.id)
        .where(Address.channel == channel, theirs)
        .order_by(StayRow.cancelled.desc(), StayRow.departure)  # the last word is the current stay's
        .options(joinedload(StayRow.school), joinedload(StayRow.person))
    )
    if natives is not None:
        wanted = wanted.where(Address.native.in_(natives))
    everybodys = tx.rows.scalar(select(School.on_call_phone).where(School.ref == ""))
    found = {}
    for native, language, stay in tx.rows.execute(wanted):
        number = stay.school.on_call_phone or everybodys
        on_call = shown_phone(number) if number else None
        values = {"emergency": emergency_now(tx, stay.facts()), "on_call": on_call}
        found[native] = render(spoken_to(stay.kind, card(on_call), language), language, values)
    return found
