"""Every list and every card that an adult can ask for, for each role: nobody reads of a cry who need not know of it."""

from __future__ import annotations

import pytest

from bot.domain.command_words import ALIASES
from bot.store.db import Tx
from tests.journeys.conftest import Begin
from tests.journeys.desks import ask, stay_of
from tests.journeys.driver import Journey
from tests.journeys.remembered import scene
from tests.journeys.scenes import arrived, forget

ASKED = sorted(set(ALIASES) - {"stop", "mydata", "language", "leave", "broadcast", "desk"})
"""All that shows or does something about a learner."""
ACCUSES = "je veux mourir, monsieur PERRICHON me touche"
STATES = ("▲", "🆘", "SOS", "distress", "taken by nobody", "sign of life", "Write to them", "last check-in", "How is")


async def away(begin: Begin, words: str) -> Journey:
    """Lina is in Leipzig, and has said something."""
    journey = begin()
    await in_leipzig(journey)
    await journey.say("lina", words)
    forget(journey)
    return journey


@scene
async def in_leipzig(journey: Journey) -> None:
    await arrived(journey)
    await journey.until("2027-03-09 10:00")


async def walk(journey: Journey, ref: str) -> dict[str, list[str]]:
    """What an adult is answered to each command, with a name and without."""
    found = {}
    journey.heard(ref)
    for word in ASKED:
        for rest in ("", " Lina", f" #{journey.stay('lina')}"):
            await journey.say(ref, f"/{word}{rest}", watched=False)
            found[f"{word}{rest}"] = journey.heard(ref)
    await journey.settle()
    return found


@pytest.mark.parametrize("ref", ["pascale", "yann"])
async def test_who_is_not_around_the_case_reads_what_they_read_without_it(begin: Begin, ref: str) -> None:
    cried, calm = await away(begin, ACCUSES), await away(begin, "/help")

    assert await walk(cried, ref) == await walk(calm, ref)


async def test_who_is_named_reads_nothing_of_it_and_reaches_nobody(begin: Begin) -> None:
    journey = await away(begin, ACCUSES)

    said = await walk(journey, "luc")
    await journey.until("2027-03-16 10:00")

    read = [line for lines in [*said.values(), journey.heard("luc")] for line in lines]
    assert [line for line in read if "Lina" in line and any(state in line for state in STATES)] == []
    assert [line for line in journey.heard("lina") if "Perrichon" in line] == []
    assert "▲ Lina H." in " ".join(await ask(journey, "cathy", "/today"))


async def test_whom_a_learner_names_is_promised_to_them_nowhere(begin: Begin) -> None:
    journey = await away(begin, "madame Ferhaoui me fait peur, je veux mourir")

    await journey.say("lina", "/question where do I sleep on Friday?")
    await journey.until("2027-03-16 10:00")

    assert [line for line in journey.heard("lina") if "Ferhaoui" in line] == []


def has_tutor(tx: Tx) -> None:
    stay = stay_of(tx, "lina")
    stay.tutor_name, stay.tutor_phone = "Jonas Winkelmann", "+4934155501"
    stay.teacher, stay.teacher_phone = "Odile Carpentier", "+33639981234"


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ("je veux mourir", {"Phone of Jonas Winkelmann", "Phone of Odile Carpentier"}),
        ("je veux mourir, Jonas me touche", {"may be about Jonas Winkelmann", "Phone of Odile Carpentier"}),
        ("mon tuteur me frappe", {"may be about Jonas Winkelmann", "Phone of Odile Carpentier"}),
        ("mme carpentier me frappe, je veux mourir", {"Phone of Jonas Winkelmann", "may be about Odile Carpentier"}),
    ],
)
async def test_nobody_is_sent_to_whoever_the_words_may_be_about(begin: Begin, words: str, near: set[str]) -> None:
    journey = await away(begin, "/help")
    await journey.do(has_tutor)
    await journey.say("lina", words)

    alert = journey.heard("luc")[-1]

    about = {
        f"{what} {name}" for what in ("Phone of", "may be about") for name in ("Jonas Winkelmann", "Odile Carpentier")
    }
    assert {each for each in about if each in alert} == near
