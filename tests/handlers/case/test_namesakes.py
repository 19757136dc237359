"""Two learners of one school whose first name and initial are the same: an alarm says which of them it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from bot.handlers.people.roster import bring_in
from bot.store.people import Person
from tests.handlers.conversation.test_stay_changes import roster_row
from tests.journeys.conftest import Begin
from tests.journeys.scenes import check_in_asked, cry, forget


async def test_an_alarm_says_which_of_two_namesakes_it_is_about(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    lina = roster_row(date(2027, 3, 27))
    namesake = replace(lina, reference="lina-2", last_name="Hamdi", birth=date(2010, 1, 1))
    await journey.do(bring_in, (lina, namesake))
    forget(journey)

    _danger, luc = await cry(journey)

    assert luc[0].splitlines()[0] == "🆘 SOS · Lina Had., Leipzig (18:30 there)"


async def test_the_initial_is_enough_again_once_the_other_has_another_name(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    lina = roster_row(date(2027, 3, 27))
    namesake = replace(lina, reference="lina-2", last_name="Hamdi", birth=date(2010, 1, 1))
    names = select(Person.ref, Person.letters).where(Person.first_name == "Lina").order_by(Person.ref)

    await journey.do(bring_in, (lina, namesake))
    both = journey.ask(names)
    await journey.do(bring_in, (lina, replace(namesake, last_name="Ortiz")))

    assert (both, journey.ask(names)) == ([("lina", 3), ("lina-2", 3)], [("lina", 1), ("lina-2", 1)])
