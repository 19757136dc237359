"""The page of one learner."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select

from bot.domain.channel import NAMES
from bot.domain.person import Role
from bot.domain.rights import Act
from bot.domain.roster.phones import shown_phone
from bot.domain.touchpoints import due_day
from bot.handlers.conversation.badges import is_badge, makes_badges
from bot.handlers.conversation.tasks import REASON, by_dates, may_see, may_take_back, may_tick, title_for
from bot.handlers.conversation.watching import states_now
from bot.i18n import Text, _
from bot.store.contacts import contacts_of
from bot.store.db import Tx
from bot.store.people import Address, Guardian, Person
from bot.store.proofs import ProofRow
from bot.store.records import audit
from bot.store.stays import ItemState, StayRow, contacts_elsewhere, items_of
from bot.web.common.class_picture import Line as PictureLine
from bot.web.common.class_picture import Window, lines_of, phase
from bot.web.desk.answers import Conversation, read_answers
from bot.web.desk.board import StandingShown, shown_standing
from bot.web.desk.cases import CaseShown, cases_of, cases_within
from bot.web.desk.family import Family, read_family
from bot.web.desk.payments import PaymentShown, read_payment
from bot.web.desk.people import ROLES
from bot.web.desk.programme_words import WHO
from bot.web.desk.relative_time import When
from bot.web.desk.stay_form import StayForm, read_stay_form
from bot.web.desk.timeline import ITEMS, TODO, Timeline, items, read_timeline
from bot.web.desk.visitor import Visitor
from bot.web.desk.writing import Writing, read_writing

EXTERNAL = {
    Role.EMPLOYER: _("{name}, employer"),
    Role.PARTNER: _("{name}, teacher at the partner school"),
    Role.HOST_FAMILY: _("{name}, host family"),
}
SIGNS = {"todo": "○", "doing": "◔", "handed": "◐", "declared": "◐", "done": "✔", "waived": "✔"}


@dataclass(frozen=True)
class Item:
    """A line of the checklist."""

    id: str
    title: str
    sign: str
    state: str
    due: str
    by: str
    at: When | None
    tick: bool
    files: tuple[int, ...]
    owner: str
    """Whose it is: empty for the learner."""
    late: bool
    settled: bool
    no_badge: bool = False
    """A tick would award a badge that nothing here can make."""
    badge: int = 0
    """So long a reason takes its badge back; 0 where the visitor may not."""


@dataclass(frozen=True)
class Contact:
    """Somebody to call or to write to."""

    who: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Elsewhere:
    """How contact is kept otherwise, as the form begins: what was said last, and the days that can be named."""

    how: str
    until: str
    first: str
    last: str


@dataclass(frozen=True)
class LearnerPage:
    """Everything the visitor may know of one stay."""

    stay: int
    name: str
    group: str
    school: str
    place: str
    country: str
    there: str
    host: str
    phase: str
    days: list[tuple[str, str, str]]
    sign: When | None
    standing: StandingShown
    may_invite: bool
    confirms: bool
    may_merge: bool
    reads: bool
    """Whether they may read the conversation."""
    elsewhere: Elsewhere | None
    items: list[Item]
    line: PictureLine
    window: Window
    timeline: Timeline | None = None
    cases: list[CaseShown] = field(default_factory=list)
    answers: list[Conversation] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    family: Family | None = None
    writing: Writing | None = None
    change: StayForm | None = None
    payment: PaymentShown | None = None

    @property
    def waiting(self) -> list[Item]:
        """What is not settled yet, what is late first."""
        return sorted((item for item in self.items if not item.settled), key=lambda item: not item.late)

    @property
    def settled(self) -> list[Item]:
        return [item for item in self.items if item.settled]


def read_learner(tx: Tx, who: Visitor, row: StayRow) -> LearnerPage:
    """The page of a learner. Contacts, cases and answers only for those whose they are; reading answers is noted."""
    facts, states = row.facts(), items_of(tx.rows, row.id)
    zone = facts.zone_at(tx.now)
    today = tx.now.astimezone(zone).date()
    sees_cases = who.may_with(Act.SEE_CASES, row)
    cases = cases_of(tx, who, row) if sees_cases else []
    reads = who.may_with(Act.READ_ANSWERS, row)
    if reads:
        audit(tx, f"person {who.adult.person}", "read answers", f"stay {row.id}")
    sign = row.person.last_sign_at
    window = Window.around([row], today)
    drawn = {row.id: {name: state.state for name, state in states.items()}}
    return LearnerPage(
        stay=row.id,
        name=row.person.full_name,
        group=row.class_name,
        school=row.school.name,
        place=row.city,
        country=who.says("{country}", country={"country": row.country}),
        there=who.clock.hour(tx.now, zone),
        host=row.host,
        phase=phase(facts, today) if facts.travels else "online",
        days=_days(who, row),
        sign=who.clock.of(row, sign) if sign and sees_cases else None,
        standing=shown_standing(
            who, row, states_now(tx, [row])[row.id], open_case=any(case.closed is None for case in cases)
        ),
        may_invite=row.enrolled_at is None and not row.cancelled and who.may_with(Act.CONFIRM, row),
        confirms=not row.cancelled and who.may_with(Act.CONFIRM, row),
        may_merge=who.may_with(Act.MANAGE, row),
        reads=reads,
        elsewhere=_elsewhere(tx, who, row, today) if who.may_with(Act.CHANGE, row) else None,
        items=_items(tx, who, row, states),
        timeline=read_timeline(tx, who, row) if sees_cases else None,
        cases=cases,
        answers=read_answers(tx, who, row) if reads else [],
        contacts=_contacts(tx, who, row) if sees_cases else [],
        channels=channels_of(tx, row.person_id) if sees_cases else [],
        family=read_family(tx, who, row) if sees_cases else None,
        writing=read_writing(tx, who, row),
        change=read_stay_form(tx, who, row),
        payment=read_payment(tx, who, row) if row.end <= who.clock.today else None,
        line=lines_of(tx, window, [row], drawn, [row.id] if sees_cases else [], cases_within(tx, who, [row.id]))[0],
        window=window,
    )


def _elsewhere(tx: Tx, who: Visitor, row: StayRow, today: date) -> Elsewhere | None:
    """None once the stay is over: nobody needs to be heard of then."""
    if row.cancelled or today > row.back:
        return None
    said = contacts_elsewhere(tx.rows, [row.id]).get(row.id)
    how, until = (said.how, said.until.isoformat()) if said and said.until >= today else ("", "")
    return Elsewhere(how, until, today.isoformat(), row.back.isoformat())


def _days(who: Visitor, row: StayRow) -> list[tuple[str, str, str]]:
    named: list[tuple[Text, object]] = [
        (_("Departure"), row.departure),
        (_("First day of the activity"), row.start),
        (_("Last day of the activity"), row.end),
        (_("Return"), row.back),
    ]
    return [(who.says(text), str(day), who.clock.long_day(day)) for text, day in named]  # type: ignore[arg-type]


def _items(tx: Tx, who: Visitor, row: StayRow, states: dict[str, ItemState]) -> list[Item]:
    files, names = _files(tx, who, row), _names(tx, states)
    back = REASON if who.may_with(Act.WRITE, row) and may_take_back(tx, who.person, row) else 0
    found = []
    for item in items(tx.programme, row.facts()):
        state = states.get(item.id)
        name = state.state if state else "todo"
        open_ = name not in {"done", "waived"} and not row.cancelled
        found.append(
            Item(
                id=item.id,
                title=who.says(title_for(who.person, row, item)),
                sign=SIGNS.get(name, "○"),
                state=who.says(ITEMS.get(name, TODO)),
                due=who.clock.short_day(due_day(row.facts(), item)),
                by=names.get(state.by_id or 0, "") if state else "",
                at=who.clock.at(state.at) if state else None,
                tick=open_ and may_tick(who.person, row, item) and not by_dates(tx.programme, row, item),
                files=tuple(files.get(item.id, ())),
                owner="" if item.asks_learner else who.says(WHO[item.who] if item.external else ROLES[item.role]),
                late=open_ and due_day(row.facts(), item) < who.clock.today,
                settled=not open_,
                no_badge=is_badge(tx, item.id) and not makes_badges(tx),
                badge=back if is_badge(tx, item.id) else 0,
            )
        )
    return found


def _files(tx: Tx, who: Visitor, row: StayRow) -> dict[str, list[int]]:
    """The files that the visitor may look at, by item."""
    found: dict[str, list[int]] = {}
    for proof in tx.rows.scalars(select(ProofRow).where(ProofRow.stay_id == row.id).order_by(ProofRow.id)):
        if may_see(tx.programme, who.person, row, proof):
            found.setdefault(proof.item, []).append(proof.id)
    return found


def _names(tx: Tx, states: dict[str, ItemState]) -> dict[int, str]:
    people = {state.by_id for state in states.values() if state.by_id}
    found = tx.rows.scalars(select(Person).where(Person.id.in_(people))) if people else ()
    return {person.id: person.full_name for person in found}


def _contacts(tx: Tx, who: Visitor, row: StayRow) -> list[Contact]:
    person = row.person
    found = [Contact(person.full_name, person.phone or "", person.email or "")]
    if row.tutor_name or row.tutor_email:
        tutor = who.says(_("{name}, tutor at the host"), name=row.tutor_name or row.host)
        found.append(Contact(tutor, row.tutor_phone or "", row.tutor_email or ""))
    for role, each in contacts_of(tx.rows, row.id).items():
        found.append(Contact(who.says(EXTERNAL[role], name=each.name), each.phone or "", each.email or ""))
    if row.teacher:
        found.append(Contact(who.says(_("{name}, teacher"), name=row.teacher), row.teacher_phone or ""))
    guardians = select(Guardian).where(Guardian.person_id == person.id).order_by(Guardian.position)
    for guardian in tx.rows.scalars(guardians):
        named = who.says(_("{name}, legal guardian"), name=guardian.name)
        found.append(Contact(named, guardian.phone or "", guardian.email or ""))
    shown = (replace(each, phone=shown_phone(each.phone) if each.phone else "") for each in found)
    return [each for each in shown if each.phone or each.email]


def channels_of(tx: Tx, person: int) -> list[str]:
    """Where Compagnon reaches them."""
    wanted = select(Address.channel).where(Address.person_id == person, Address.state == "confirmed")
    return sorted({NAMES[channel] for channel in tx.rows.scalars(wanted)})
