"""The team comes in again: what hangs on its schools and people is looked at, and nothing is lost on the way."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.person import Role
from bot.domain.roster import Consortium, Member, School, Team, TeamError
from bot.handlers.people.invitations import invite
from bot.handlers.people.team import bring_in_team, rehearse_team
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.people import Invitation, Person, RoleHeld, by_ref
from bot.store.people import School as SchoolRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.people import OMBELLE, VALMER, join
from tests.journeys.scenes import arrival_missing, check_in_asked

SCHOOLS = (School(ref=VALMER, name="Lycée Valmer", city="Valmer"), School(ref=OMBELLE, name="EPL d'Ombelle", city="O"))


def member(ref: str, *roles: str, school: str | None = VALMER, **more: object) -> Member:
    written = {"ref": ref, "first_name": ref.title(), "last_name": "Roux", "roles": list(roles), "language": "en"}
    return Member.model_validate(written | ({"school": school} if school else {}) | more)


HELENE = member("helene", "consortium", school=None)
LUC = member("luc", "deputy", "on_call")
YANN = member("yann", "coordinator", school=OMBELLE)


def a_team(*people: Member, schools: tuple[School, ...] = SCHOOLS) -> Team:
    return Team(consortium=Consortium(name="Consortium"), schools=schools, people=people)


def roles_of(journey: Journey, ref: str) -> list[tuple[str, str | None]]:
    wanted = select(RoleHeld.role, SchoolRow.ref).join(Person, Person.id == RoleHeld.person_id)
    wanted = wanted.outerjoin(SchoolRow, SchoolRow.id == RoleHeld.school_id).where(Person.ref == ref)
    return [(Role(role).value, school) for role, school in journey.ask(wanted.order_by(RoleHeld.role, SchoolRow.id))]


async def test_a_case_of_somebody_who_leaves_is_told_to_the_successor_at_once(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await journey.until("2027-03-16 18:40")
    await journey.press("nadia", "take")
    journey.heard("luc")
    await journey.until("2027-03-17 09:00")
    done = await journey.do(bring_in_team, a_team(member("omar", "coordinator"), LUC, HELENE, YANN))
    [told] = journey.heard("luc")
    await journey.do(join, "omar")
    omar = journey.heard("omar")

    assert (done.missing, done.freed) == (["cathy", "nadia", "pascale", "thierry"], ["lina"])
    assert told.splitlines()[:2] == [
        "Nadia Ferhaoui followed this case and no longer can. It waits for somebody else.",
        "● Today · Lina H., Leipzig (09:00 there)",
    ]
    assert omar[-1].splitlines()[:2] == told.splitlines()[:2]
    assert journey.ask(select(CaseRow.owner_id, CaseRow.closed_at)) == [(None, None)]


async def test_a_role_that_no_longer_sees_cases_frees_them_too(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)
    await journey.press("nadia", "take")
    done = await journey.do(bring_in_team, a_team(member("nadia", "finance"), LUC, HELENE, YANN))

    assert (done.freed, journey.ask(select(CaseRow.owner_id))) == (["lina"], [(None,)])


async def test_a_rehearsal_says_the_same_and_changes_nothing(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)
    await journey.press("nadia", "take")
    owner = journey.ask(select(CaseRow.owner_id))
    done = await journey.do(rehearse_team, a_team(LUC, HELENE, YANN))

    assert (done.missing, done.freed) == (["cathy", "nadia", "pascale", "thierry"], ["lina"])
    assert (journey.ask(select(CaseRow.owner_id)), roles_of(journey, "nadia")) == (owner, [("coordinator", None)])


async def test_a_school_with_stays_is_not_left_behind(begin: Begin) -> None:
    journey = begin()
    await journey.gather("lina")
    renamed = (School(ref="suzanne", name="Lycée Suzanne", city="Valmer"), SCHOOLS[1])
    people = (member("nadia", "coordinator", school="suzanne"), HELENE, YANN)
    with pytest.raises(TeamError) as caught:
        await journey.do(bring_in_team, a_team(*people, schools=renamed))

    assert caught.value.problems == (
        'school "valmer" is no longer in the file, but 1 stay belongs to it: put it back, or, where it bears another '
        'ref now, write was = "valmer" below that one',
    )
    assert roles_of(journey, "luc") == [("deputy", None), ("on_call", None)]


async def test_stays_follow_a_school_that_says_what_it_was(begin: Begin) -> None:
    journey = begin()
    await journey.gather("lina")
    renamed = (School(ref="suzanne", was=VALMER, name="Lycée Suzanne", city="Valmer"), SCHOOLS[1])
    team = a_team(member("nadia", "coordinator", school="suzanne"), HELENE, YANN, schools=renamed)
    first, again = await journey.do(bring_in_team, team), await journey.do(bring_in_team, team)
    await journey.say("lina", "SOS")

    assert (first.renamed, again.renamed) == (["suzanne"], [])
    assert sorted(ref for (ref,) in journey.ask(select(SchoolRow.ref))) == ["", OMBELLE, "suzanne"]
    assert len(journey.heard("nadia")) == 1


async def test_an_adult_of_two_schools_hears_of_both_and_of_no_third(begin: Begin) -> None:
    journey = begin()
    await journey.gather("lina", "jules")
    both = member("nadia", "on_call", school=None, schools=[VALMER, OMBELLE])
    await journey.do(bring_in_team, a_team(both, LUC, HELENE))
    journey.heard("nadia")
    await journey.say("jules", "SOS")
    [cry] = journey.heard("nadia")
    await journey.say("nadia", "/missing")
    [missing] = journey.heard("nadia")

    assert roles_of(journey, "nadia") == [("on_call", None), ("on_call", OMBELLE)]
    assert ("Jules M." in cry, "Lina H." in missing, "Jules M." in missing) == (True, True, True)


async def test_roles_differ_from_school_to_school(begin: Begin) -> None:
    journey = begin()
    await journey.gather("lina", "jules")
    nadia = member("nadia", "coordinator", roles_at={OMBELLE: ["finance"]})
    await journey.do(bring_in_team, a_team(nadia, LUC, HELENE, YANN))
    journey.heard("nadia")
    await journey.say("jules", "SOS")
    silent = journey.heard("nadia")
    await journey.say("nadia", "/learner Jules")
    [card] = journey.heard("nadia")

    assert roles_of(journey, "nadia") == [("coordinator", None), ("finance", OMBELLE)]
    assert (silent, "SOS" in card) == ([], False)


async def test_parents_and_learners_are_none_of_the_teams_business(begin: Begin) -> None:
    def somebodys_mother(tx: Tx) -> None:
        tx.rows.add(Person(ref="mother", first_name="Ada", last_name="H", roles=[RoleHeld(role=Role.PARENT)]))

    journey = begin()
    await journey.gather("lina")
    await journey.do(somebodys_mother)
    await journey.do(bring_in_team, a_team(LUC, HELENE, YANN))

    assert (roles_of(journey, "mother"), roles_of(journey, "lina")) == ([("parent", None)], [("learner", None)])


async def test_the_links_of_somebody_who_leaves_open_nothing(begin: Begin) -> None:
    def hand_out(tx: Tx) -> str:
        person = by_ref(tx.rows, "nadia")
        assert person is not None
        return invite(tx, person)

    journey = begin()
    await journey.gather("lina")
    await journey.do(hand_out)
    await journey.do(bring_in_team, a_team(LUC, HELENE, YANN))

    assert journey.ask(select(Invitation.id).where(Invitation.used_at.is_(None))) == []


async def test_the_duty_of_a_school_is_done_for_every_school_until_the_file_takes_it_away(begin: Begin) -> None:
    journey = begin()
    await journey.gather("jules")
    shared = (SCHOOLS[0].model_copy(update={"duties": ("coordination", "finance")}), SCHOOLS[1])
    people = (member("nadia", "coordinator"), member("pascale", "finance", "quality"), LUC, HELENE, YANN)
    held = []
    for schools in (shared, shared, SCHOOLS):
        await journey.do(bring_in_team, a_team(*people, schools=schools))
        held.append(roles_of(journey, "pascale"))

    assert held == [[("finance", None), ("finance", ""), ("quality", None)]] * 2 + [
        [("finance", None), ("quality", None)]
    ]
    assert roles_of(journey, "nadia") == [("coordinator", None)]
