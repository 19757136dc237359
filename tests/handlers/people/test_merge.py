"""Two records of one person: everything that hung on one hangs on the other."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.commands.merge import merged
from bot.commands.opening import CommandError
from bot.handlers.people.guardians import family_of
from bot.handlers.people.invitations import claim, invite
from bot.handlers.people.merge import merge
from bot.store.cases import CaseRow, LeftOut
from bot.store.consents import ConsentRow, Tie
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import Address, Guardian, Person, by_ref
from bot.store.sessions import SessionRow
from bot.store.stays import ItemState, Mark, StayRow
from tests.handlers.inbox.test_shared_address import person_of
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.families import ALL
from tests.journeys.people import LEARNERS, _person, _stay
from tests.journeys.remembered import scene
from tests.journeys.scenes import forget, looked_after


def second_record(tx: Tx, ref: str = "lina-2") -> None:
    """The sheet has Lina once more, under another reference."""
    lina = person_of(tx, "lina")
    assert lina.school is not None
    twin = _person(tx, ref, lina.full_name, lina.school)
    twin.roles = [type(lina.roles[0])(role=lina.roles[0].role)]
    tx.rows.add(_stay(twin, lina.school, LEARNERS["lina"][3]))
    tx.rows.flush()


def come(tx: Tx, ref: str, native: str) -> None:
    claim(tx, invite(tx, person_of(tx, ref), trusted=True), "web", native)


def unite(tx: Tx, keep: str, gone: str) -> None:
    merge(tx, person_of(tx, keep), person_of(tx, gone))


async def twice(begin: Begin) -> Journey:
    """Lina has begun on her phone under one reference, and under the other on the school's tablet."""
    journey = begin()
    journey.db.programme = journey.programme = journey.programme.model_copy(update={"family": ALL})
    await known_twice(journey)
    return journey


@scene
async def known_twice(journey: Journey) -> None:
    await journey.enrol("lina")
    await journey.do(second_record)
    await journey.do(come, "lina-2", "tablet")
    await journey.bring("tablet", {"token": journey.token("lina-2", "yes")})
    forget(journey)


async def test_devices_stays_cases_and_answers_are_one_persons_and_nothing_is_left(begin: Begin) -> None:
    journey = await twice(begin)
    await journey.bring("tablet", {"text": "SOS"})
    await journey.say("lina", "SOS")

    await journey.do(unite, "lina", "lina-2")

    people = select(Person.ref).where(Person.ref.in_(("lina", "lina-2")))
    assert journey.ask(people) == [("lina",)]
    assert journey.ask(select(func.count()).select_from(StayRow)) == [(1,)]
    natives = select(Address.native).join(Person, Person.id == Address.person_id).where(Person.ref == "lina")
    assert sorted(journey.ask(natives)) == [("lina",), ("tablet",)]
    assert journey.ask(select(CaseRow.closed_at)) == [(None,)]
    number = journey.ask(select(Person.id).where(Person.ref == "lina"))[0][0]
    for table in (SessionRow.person_id, OutboxRow.person_id, Address.person_id):
        assert journey.ask(select(func.count()).where(table.not_in(select(Person.id)))) == [(0,)]
    assert journey.ask(select(func.count()).where(SessionRow.state == "open", SessionRow.person_id == number)) <= [(1,)]
    await journey.bring("tablet", {"text": "/checklist"})
    assert journey.heard("lina")[-1].startswith("Your checklist:")
    await looked_after(journey, "2027-03-07 12:00")
    arrivals = select(func.count()).where(Mark.touchpoint == "arrival")
    assert journey.ask(arrivals) == [(1,)]


def keep_out(tx: Tx, ref: str, by_learner: bool) -> None:
    learner, adult = person_of(tx, ref), person_of(tx, "luc")
    tx.rows.add(LeftOut(person_id=learner.id, adult_id=adult.id, by_learner=by_learner, at=tx.now))


async def test_who_must_not_know_must_not_know_afterwards_and_a_cry_stays_one(begin: Begin) -> None:
    journey = await twice(begin)
    await journey.bring("tablet", {"text": "SOS"})
    await journey.say("lina", "SOS")
    await journey.do(keep_out, "lina", False)
    await journey.do(keep_out, "lina-2", True)

    await journey.do(unite, "lina", "lina-2")

    number = journey.ask(select(Person.id).where(Person.ref == "lina"))[0][0]
    assert journey.ask(select(LeftOut.person_id, LeftOut.by_learner)) == [(number, True)]
    assert journey.ask(select(CaseRow.grave).where(CaseRow.closed_at.is_(None))) == [(True,)]


async def test_what_was_settled_in_one_stays_settled(begin: Begin) -> None:
    journey = await twice(begin)
    await journey.do(settle, "lina-2", "done")
    await journey.do(settle, "lina", "doing")

    await journey.do(unite, "lina", "lina-2")

    assert journey.ask(select(ItemState.item, ItemState.state)) == [("ehic", "done")]


def settle(tx: Tx, ref: str, state: str) -> None:
    stay = tx.rows.scalars(select(StayRow).where(StayRow.person_id == person_of(tx, ref).id)).one()
    tx.rows.add(ItemState(stay_id=stay.id, item="ehic", state=state, at=tx.now))
    tx.rows.flush()


async def test_a_guardian_of_both_records_is_one_guardian_with_her_consent(begin: Begin) -> None:
    journey = await twice(begin)
    await journey.do(name_her, "lina")
    (ref,) = await journey.do(name_her, "lina-2")
    await journey.do(come, ref, "samira")
    await journey.bring("samira", {"token": journey.token(ref, "yes")})

    await journey.do(unite, "lina", "lina-2")

    assert journey.ask(select(func.count()).select_from(Tie)) == [(1,)]
    given = select(Person.ref, ConsentRow.given).join(Person, Person.id == ConsentRow.learner_id)
    assert journey.ask(given) == [("lina", True)]
    assert await journey.do(lambda tx: [each.ref for each in family_of(tx, person_of(tx, "lina"))]) == ["lina~1"]


def name_her(tx: Tx, ref: str) -> list[str]:
    learner = person_of(tx, ref)
    mail, phone = "samira@example.org", "+33639980110"
    tx.rows.add(
        Guardian(person_id=learner.id, position=1, name="Samira Haddouche", email=mail, phone=phone, language="en")
    )
    tx.rows.flush()
    return [each.ref for each in family_of(tx, learner)]


async def test_the_command_refuses_what_looks_like_two_people(begin: Begin) -> None:
    journey = begin()
    await journey.gather("lina", "noemie")

    with pytest.raises(CommandError) as refusal:
        await journey.db.transact(merged, "lina", "noemie", False)
    with pytest.raises(CommandError, match="the same record already"):
        await journey.db.transact(merged, "lina", "lina", True)

    assert str(refusal.value) == (
        "lina is Lina Haddouche, noemie is Noémie Abadie: they look like two people, and nothing was merged. Add --yes "
        "if they are one"
    )


async def test_the_command_says_that_the_files_must_follow(begin: Begin) -> None:
    journey = await twice(begin)

    assert await journey.do(merged, "lina", "lina-2", False) == (
        "lina-2 is merged into lina (Lina Haddouche). Write lina in your files wherever lina-2 stands: the next import "
        "would make lina-2 anew."
    )
    assert await journey.do(lambda tx: by_ref(tx.rows, "lina-2")) is None
