"""Families for journeys: Lina's two guardians, Noémie's one, and a programme that lets them be told."""

from __future__ import annotations

from bot.domain.programme import Family, Programme
from bot.handlers.people.guardians import family_of
from bot.handlers.people.invitations import claim, invite
from bot.store.db import Tx
from bot.store.people import Guardian, Person, by_ref
from tests.journeys.conftest import Begin
from tests.journeys.driver import SOON, Journey
from tests.journeys.remembered import scene

ALL = Family(pings=("left", "arrived", "checked_in", "back"))
SONIA, ADEL, BRUNO = "lina~1", "lina~2", "noemie~1"
NAMED: dict[str, tuple[tuple[str, str, str | None, str], ...]] = {
    "lina": (
        ("Sonia Haddouche", "en", "sonia@example.org", "+33600000001"),
        ("Adel Haddouche", "es", "adel@example.org", "+33600000002"),
    ),
    "noemie": (("Bruno Abadie", "en", None, "+33600000003"),),
}
CONTACT = "Your contact: Nadia Ferhaoui, +33 2 40 00 00 00."
STOP = "[Stop these messages]"
LEFT = f"Hello, Lina's departure for Leipzig is planned for today. {CONTACT} {STOP}"
ARRIVED = f"Hello, Lina has told us of the arrival in Leipzig. {CONTACT} {STOP}"
NEWS = f"Hello, Lina has given news this week. {CONTACT} {STOP}"
NOT_YET = (
    "Hello, this week the robot has no word for you about Lina. By itself that says nothing, good or bad: there are many "
    f"reasons. Your contact knows more: Nadia Ferhaoui, +33 2 40 00 00 00. {STOP}"
)
BACK = f"Hello, Lina has told us of the return from Leipzig. {CONTACT} {STOP}"


def name_guardians(tx: Tx, ref: str) -> list[str]:
    """As the roster names them; each becomes somebody who can be invited."""
    learner = _person(tx, ref)
    assert learner.school is not None
    learner.school.phone = "+33240000000"
    for place, (name, language, email, phone) in enumerate(NAMED[ref], 1):
        tx.rows.add(
            Guardian(person_id=learner.id, position=place, name=name, email=email, phone=phone, language=language)
        )
    tx.rows.flush()
    return [parent.ref for parent in family_of(tx, learner)]


def come_in(tx: Tx, ref: str) -> None:
    """A parent opens their link in a chat."""
    claim(tx, invite(tx, _person(tx, ref), trusted=True), "web", ref)


def _person(tx: Tx, ref: str) -> Person:
    person = by_ref(tx.rows, ref)
    assert person is not None
    return person


async def family(begin: Begin, *learners: str, agree: tuple[str, ...] = (), local: str = SOON) -> Journey:
    """Learners who have begun, and those of their families who have agreed."""
    journey = telling(begin, local)
    await agreed(journey, learners, agree)
    return journey


def telling(begin: Begin, local: str = SOON) -> Journey:
    """Families are told, once there are some."""
    journey = begin(local)
    journey.db.programme = journey.programme = _with_families(journey.programme)
    return journey


@scene
async def agreed(journey: Journey, learners: tuple[str, ...], agree: tuple[str, ...]) -> None:
    await journey.enrol(*learners)
    for learner in learners:
        await journey.do(name_guardians, learner)
    for parent in agree:
        await journey.do(come_in, parent)
        await journey.press(parent, "yes")
        journey.heard(parent)


_told: dict[int, Programme] = {}


def _with_families(programme: Programme) -> Programme:
    """The same programme whenever it is asked for: what is remembered of a journey is remembered by its programme."""
    return _told.setdefault(id(programme), programme.model_copy(update={"family": ALL}))
