"""The guardians whom the roster names become people who can be invited, one for each guardian and learner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select, update

from bot.domain.messages import Letter
from bot.domain.person import Role, halves
from bot.domain.roster import Guardian, RosterRow, RowProblem
from bot.domain.roster.guardians import same_guardians
from bot.domain.roster.reference import reference_key
from bot.handlers.say import consents
from bot.handlers.say.facts import in_charge
from bot.handlers.say.post import About, post
from bot.i18n import _, say
from bot.store.consents import Tie, learners_of, parents_of
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Address, Invitation, Person, RoleHeld, by_ref
from bot.store.people import Guardian as GuardianRow
from bot.store.records import audit
from bot.store.stays import current_stay

ENDS = _(
    "{parent} is no longer named as a guardian of {learner}: the consent that was given ends, and {parent} hears nothing "
    "more. If it is the same person, keep the e-mail or the phone as it was"
)
ENDED = _(
    "The roster no longer names {parent} as a guardian of {learner}. The consent that was given has ended, and {parent} "
    "hears nothing more from me. If it is the same person after all: a new invitation, and they can agree again."
)


def family_of(tx: Tx, learner: Person) -> list[Person]:
    """A person for each guardian of a learner, made where there is none yet."""
    named, known = _named(tx, learner), parents_of(tx.rows, learner.id)
    found = same_guardians([_contact(each) for each in known], named, learner.last_name)
    return [known[found[place]] if place in found else _make(tx, learner, each) for place, each in enumerate(named)]


def keep_up(tx: Tx, learner: Person) -> None:
    """The roster has changed: who is still named is brought up to date, who is not is told nothing more.

    A court may have decided so: nothing waits for anybody's press, and no code or address opens anything any more.
    """
    named, known = _named(tx, learner), parents_of(tx.rows, learner.id)
    found = {
        before: now
        for now, before in same_guardians([_contact(each) for each in known], named, learner.last_name).items()
    }
    for place, parent in enumerate(known):
        if place in found:
            _bring_up_to_date(parent, named[found[place]])
        else:
            _end(tx, learner, parent)


def ending_consents(tx: Tx, rows: Iterable[RosterRow]) -> tuple[RowProblem, ...]:
    """What whoever imports these rows is told before: whose consent would end by it."""
    watched = set(tx.rows.scalars(select(Person.ref_key).join(Tie, Tie.learner_id == Person.id)))
    concerned = (row for row in rows if reference_key(row.reference) in watched)
    return tuple(warning for row in concerned for warning in _ending(tx, row))


def _ending(tx: Tx, row: RosterRow) -> list[RowProblem]:
    same = select(Person).where(Person.ref_key == reference_key(row.reference)).order_by(Person.id)
    learner = tx.rows.scalars(same).first()
    known = parents_of(tx.rows, learner.id) if learner is not None else []
    if learner is None or not known:
        return []
    kept = same_guardians([_contact(each) for each in known], row.guardians, learner.last_name).values()
    gone = [parent for place, parent in enumerate(known) if place not in kept and consents.agreed(tx, learner, parent)]
    return [RowProblem(row.row, "", say(ENDS, parent=parent.full_name, learner=learner.full_name)) for parent in gone]


def _bring_up_to_date(parent: Person, guardian: Guardian) -> None:
    """A name that is spelt better, another e-mail or phone: the same guardian, whose consent stands."""
    parent.first_name, parent.last_name = halves(guardian.name)
    parent.email, parent.phone = guardian.email, guardian.phone


def _end(tx: Tx, learner: Person, parent: Person) -> None:
    if consents.stop(tx, parent, channel="roster", learner=learner.id):
        _tell_the_school(tx, learner, parent)
    audit(tx, "roster", "end family tie", f"person {parent.id}")
    if len(learners_of(tx.rows, parent.id)) > 1:
        return  # still there for another learner
    tx.rows.execute(update(Address).where(Address.person_id == parent.id).values(state="revoked"))
    unused = update(Invitation).where(Invitation.person_id == parent.id, Invitation.used_at.is_(None))
    tx.rows.execute(unused.values(expires_at=tx.now))


def _tell_the_school(tx: Tx, learner: Person, parent: Person) -> None:
    stay = current_stay(tx.rows, learner.id)
    letter = Letter(ENDED, {"parent": parent.full_name, "learner": learner.full_name})
    for adult in in_charge(tx, learner.school_id):
        post(tx, adult.id, letter, Lane.BROADCAST, About(stay=stay.id if stay else None))


def _named(tx: Tx, learner: Person) -> Sequence[Guardian]:
    wanted = select(GuardianRow).where(GuardianRow.person_id == learner.id).order_by(GuardianRow.position)
    return [Guardian(each.name, each.email, each.phone, each.language) for each in tx.rows.scalars(wanted)]


def _contact(parent: Person) -> Guardian:
    return Guardian(parent.full_name, parent.email, parent.phone, parent.language)


def _make(tx: Tx, learner: Person, guardian: Guardian) -> Person:
    first, last = halves(guardian.name)
    parent = Person(
        ref=_free(tx, learner.ref),
        first_name=first,
        last_name=last,
        language=guardian.language,
        email=guardian.email,
        phone=guardian.phone,
        school_id=learner.school_id,
    )
    parent.roles.append(RoleHeld(role=Role.PARENT))
    tx.rows.add(parent)
    tx.rows.flush()
    tx.rows.add(Tie(parent_id=parent.id, learner_id=learner.id))
    tx.rows.flush()
    return parent


def _free(tx: Tx, ref: str) -> str:
    """`lina~1`: a reference that nobody has."""
    number = 1
    while by_ref(tx.rows, f"{ref}~{number}") is not None:
        number += 1
    return f"{ref}~{number}"
