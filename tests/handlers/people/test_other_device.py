"""Who is it? A colleague is confirmed like a learner; whoever has a device already hears of a link opened on another."""

from __future__ import annotations

from sqlalchemy import select

from bot.handlers.people.invitations import Claimed, claim, invite
from bot.handlers.people.other_device import says
from bot.store.db import Tx
from bot.store.people import Address, Person, by_ref
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.people import ADULTS, join, settle_in

ASKED = "A link in your name was just opened on another device (Web). Was it you?"


def opens(tx: Tx, ref: str, native: str, trusted: bool = False) -> Claimed:
    """A link made for somebody is opened somewhere."""
    person = by_ref(tx.rows, ref)
    assert person is not None
    return claim(tx, invite(tx, person, trusted=trusted), "web", native).state


def states(journey: Journey, ref: str) -> list[tuple[str, str]]:
    wanted = select(Address.native, Address.state).join(Person, Person.id == Address.person_id).where(Person.ref == ref)
    return journey.ask(wanted.order_by(Address.id))


async def at_school(begin: Begin) -> Journey:
    """Lina's school with its coordinator and its deputy; Lina on her phone."""
    journey = begin()
    await journey.enrol("lina")
    for ref in ("lina", "nadia", "luc"):
        journey.heard(ref)
    return journey


async def test_the_device_that_is_known_hears_at_once_and_its_no_refuses_the_other(begin: Begin) -> None:
    journey = await at_school(begin)

    assert await journey.do(opens, "lina", "a stranger's phone") is Claimed.PENDING

    assert journey.heard("lina") == [f"{ASKED} [Yes, it was me] [No, it was not me]"]
    assert [line.split(" (")[0] for line in journey.heard("nadia")] == [
        "Lina Haddouche has just opened their invitation"
    ]
    await journey.press("lina", "No, it was not me")
    assert journey.heard("lina") == ["Thank you. That device is refused, and sees nothing. The school knows."]
    assert states(journey, "lina") == [("lina", "confirmed"), ("a stranger's phone", "revoked")]
    assert (
        journey.heard("nadia")
        == journey.heard("luc")[-1:]
        == [
            "Lina Haddouche says that a link in their name was opened on a device that is not theirs (Web). It is refused. "
            "Please find out who had the link, and hand over a new one in person."
        ]
    )


async def test_a_no_that_comes_too_late_takes_nothing_away_and_is_a_call_to_make(begin: Begin) -> None:
    journey = await at_school(begin)
    await journey.do(opens, "lina", "another phone")
    await journey.press("nadia", "Yes, it is them")
    journey.heard("nadia")

    await journey.do(says_no, "lina", "another phone")  # from an account elsewhere, which is still theirs

    assert ("another phone", "confirmed") in states(journey, "lina")
    assert journey.heard("nadia") == [
        "Lina Haddouche says that a device which was let in is not theirs (Web). It still reads what is written to Lina "
        "Haddouche. Please ring Lina Haddouche now, and hand over a new link: the new device takes its place."
    ]


def says_no(tx: Tx, ref: str, native: str) -> None:
    address = tx.rows.scalars(select(Address).where(Address.native == native)).one()
    says(tx, address.person, address.id, me=False)


async def test_a_colleague_is_confirmed_by_another_and_sees_nothing_before(begin: Begin) -> None:
    journey = begin()
    await journey.do(settle_in, ("lina",))
    await journey.do(join, *(ref for ref in ADULTS if ref != "luc"))
    journey.heard("nadia")

    assert await journey.do(opens, "luc", "luc") is Claimed.PENDING

    assert journey.heard("luc") == []
    assert [line.split(" (")[0] for line in journey.heard("nadia")] == [
        "Luc Perrichon has just opened their invitation"
    ]
    await journey.press("nadia", "Yes, it is them")
    assert journey.heard("luc")[0].startswith("Good morning Luc Perrichon. I am Compagnon.")


async def test_the_first_of_a_school_has_nobody_to_be_confirmed_by(begin: Begin) -> None:
    journey = begin()
    await journey.do(settle_in, ("lina",))

    first, second, third = [await journey.do(opens, ref, ref) for ref in ("nadia", "luc", "helene")]

    assert (first, second, third) == (Claimed.CONFIRMED, Claimed.PENDING, Claimed.CONFIRMED)


async def test_a_link_handed_over_in_person_needs_nobody(begin: Begin) -> None:
    journey = begin()
    await journey.do(settle_in, ("lina",))
    await journey.do(join, "nadia")

    assert await journey.do(opens, "luc", "luc", True) is Claimed.CONFIRMED
