"""Who agrees that the family hears of the stay, who takes that back, and what an adult decides by family."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from bot.domain import roster
from bot.handlers.people.guardians import ending_consents, family_of, keep_up
from bot.store.consents import ConsentRow
from bot.store.db import Tx
from bot.store.people import Guardian, Person, by_ref
from tests.handlers.conversation.test_stay_changes import roster_row
from tests.handlers.family.weeks import HELLO, arrive, weeks
from tests.journeys.conftest import Begin
from tests.journeys.families import ADEL, BRUNO, CONTACT, LEFT, NEWS, SONIA, STOP, family
from tests.journeys.scenes import answer_check_in


async def test_one_press_stops_it_and_start_begins_again(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA, ADEL))
    await journey.until("2027-03-06 09:00")
    assert journey.heard(SONIA) == [LEFT]

    await journey.press(SONIA, "Stop these messages")

    assert journey.heard(SONIA) == ["Very well, I write to you no more. If you change your mind, write /start."]
    await arrive(journey)
    await journey.until("2027-03-07 09:00")
    assert journey.heard(SONIA) == []
    assert len(journey.heard(ADEL)) == 2
    given = select(ConsentRow.given).join(Person, Person.id == ConsentRow.person_id).where(Person.ref == SONIA)
    assert journey.ask(given.order_by(ConsentRow.id)) == [(True,), (False,)]
    await journey.say(SONIA, "/start")
    assert journey.heard(SONIA) == [HELLO]


async def test_stop_in_words_takes_back_too(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))

    await journey.say(SONIA, "/stop")
    await journey.until("2027-03-06 12:00")

    assert journey.heard(SONIA) == ["Very well, I write to you no more. If you change your mind, write /start."]


async def test_consent_taken_back_between_deciding_and_sending_stops_the_message(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))
    await journey.until("2027-03-06 20:10")
    journey.heard(SONIA)
    await journey.press("lina", "yes")

    await journey.say(SONIA, "/stop")
    await journey.until("2027-03-07 12:00")

    assert journey.heard(SONIA) == ["Very well, I write to you no more. If you change your mind, write /start."]


def born(tx: Tx, ref: str, day: date) -> None:
    person = by_ref(tx.rows, ref)
    assert person is not None
    person.birth = day


async def test_at_18_the_words_stop_and_the_learner_is_asked_once(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))
    await journey.do(born, "lina", date(2009, 3, 15))
    await weeks(journey)
    journey.heard(SONIA), journey.heard("lina")
    await answer_check_in(journey)
    journey.heard("lina")

    await journey.until("2027-03-16 12:00")

    asked = (
        "You are 18 now: from today your family hears nothing more from me unless you want it. Do you want them to go "
        "on knowing that you have arrived, given news, come back? Never your answers. You can change it any time: "
        "/family [Yes, they may know] [No, nothing more]"
    )
    assert journey.heard("lina") == [asked]
    assert journey.heard(SONIA) == []
    await journey.press("lina", "Yes, they may know")
    await journey.until("2027-03-21 18:30")
    await answer_check_in(journey)
    await journey.until("2027-03-22 19:00")
    assert journey.heard(SONIA) == [NEWS]
    assert asked not in journey.heard("lina")


async def test_an_adult_decides_by_family_and_nothing_is_sent_before(begin: Begin) -> None:
    journey = await family(begin, "noemie", agree=(BRUNO,))
    journey.heard("noemie")
    rule = "I only ever say: left, arrived, has given news this week or not yet, back. Never your answers, how you are, your days at work, where you are, or that an adult was told."

    await journey.say("noemie", "/famille")
    assert journey.heard("noemie") == [
        f"{rule}\nYou are of age: you decide, and as long as you have not said yes nothing is sent.\n"
        "Bruno Abadie: agreed, but is told nothing.\n\nSo far I have sent them nothing. [They may know]"
    ]
    await journey.until("2027-03-06 09:30")
    assert journey.heard(BRUNO) == []
    await journey.press("noemie", "They may know")
    journey.heard("noemie")
    await journey.until("2027-03-06 20:10")
    await journey.press("noemie", "Yes, but not all as planned")
    await journey.until("2027-03-07 09:00")

    words = f"Hello, Noémie has told us of the arrival in Bergen. {CONTACT}"
    assert journey.heard(BRUNO) == [f"{words} {STOP}"]
    journey.heard("noemie")
    await journey.say("noemie", "/family")
    assert journey.heard("noemie") == [
        f"{rule}\nYou are of age: you decide, and you have said yes.\nBruno Abadie: agreed, and is told.\n\n"
        f"Saturday 6 Mar 20:25, to Bruno Abadie: « {words} » [Tell them nothing more]"
    ]
    await journey.press("noemie", "Tell them nothing more")
    assert "as long as you have not said yes" in journey.heard("noemie")[0]


async def test_a_minor_sees_who_hears_what_and_decides_nothing(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))
    await journey.until("2027-03-06 09:30")
    journey.heard("lina")

    await journey.say("lina", "/familia no")

    words = LEFT.removesuffix(f" {STOP}")
    assert journey.heard("lina")[0].split("\n")[1:] == [
        "As long as you are under 18 your guardians decide whether they get these words. At 18 I ask you.",
        "Sonia Haddouche: agreed, and is told.",
        "Adel Haddouche: has not answered my question.",
        "",
        f"Saturday 6 Mar 09:00, to Sonia Haddouche: « {words} »",
    ]


def dismissed(tx: Tx, ref: str) -> None:
    """The roster names one guardian less: a court may have decided so."""
    learner = by_ref(tx.rows, ref)
    assert learner is not None
    [gone] = [each for each in tx.rows.scalars(select(Guardian)) if each.name == "Adel Haddouche"]
    tx.rows.delete(gone)
    tx.rows.flush()
    keep_up(tx, learner)


async def test_a_guardian_whom_the_roster_no_longer_names_hears_nothing_more(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA, ADEL))

    await journey.do(dismissed, "lina")
    await journey.until("2027-03-06 12:00")

    assert journey.heard(SONIA) == [LEFT]
    assert journey.heard(ADEL) == []


def rewrite(tx: Tx, name: str) -> list[str]:
    """The next sheet has somebody of this name in Sonia's place, with her mailbox. Answers what is told before."""
    learner = by_ref(tx.rows, "lina")
    assert learner is not None
    for each in tx.rows.scalars(select(Guardian).where(Guardian.person_id == learner.id, Guardian.position == 1)):
        each.name = name
    tx.rows.flush()
    keep_up(tx, learner)
    return [each.ref for each in family_of(tx, learner)]


async def test_a_guardian_whose_name_is_spelt_better_keeps_her_consent(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))

    assert await journey.do(rewrite, "Mme Sonia Haddouché") == [SONIA, ADEL]
    await journey.until("2027-03-06 12:00")

    assert journey.heard(SONIA) == [LEFT]
    assert not any("no longer names" in each for each in journey.heard("nadia"))


def told_before(tx: Tx, reference: str) -> list[str]:
    """What an import is told of a sheet that writes the reference so, and names one guardian less."""
    adel = roster.Guardian("Adel Haddouche", "adel@example.org", None, "fr")
    row = replace(roster_row(date(2027, 3, 27)), reference=reference, guardians=(adel,))
    return [problem.told("en") for problem in ending_consents(tx, [row])]


async def test_an_import_hears_before_whose_consent_it_ends_however_the_reference_is_written(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))

    told = [await journey.do(told_before, reference) for reference in ("lina", "LINA", "Li-na ", "ｌｉｎａ")]

    says = (
        "row 2: Sonia Haddouche is no longer named as a guardian of Lina Haddouche: the consent that was given ends, and "
        "Sonia Haddouche hears nothing more. If it is the same person, keep the e-mail or the phone as it was"
    )
    assert told == [[says]] * 4


async def test_whoever_follows_the_learner_hears_that_a_consent_has_ended(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))
    journey.heard("nadia")

    assert (await journey.do(rewrite, "Fatima Benali"))[0] not in {SONIA, ADEL}

    assert journey.heard("nadia") == [
        "The roster no longer names Sonia Haddouche as a guardian of Lina Haddouche. The consent that was given has "
        "ended, and Sonia Haddouche hears nothing more from me. If it is the same person after all: a new invitation, "
        "and they can agree again."
    ]
    await journey.until("2027-03-06 12:00")
    assert journey.heard(SONIA) == []
