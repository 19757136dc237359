"""The family is told a few status words, with consent, and nothing else; the learner sees all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from sqlalchemy import select

from bot.domain import roster
from bot.domain.level import Level
from bot.domain.programme import Programme
from bot.handlers.case.case import Matter, open_matter
from bot.handlers.people.guardians import ending_consents, family_of, keep_up
from bot.store.consents import ConsentRow
from bot.store.db import Tx
from bot.store.people import Guardian, Person, by_ref
from bot.store.stays import Mark, StayRow
from tests.handlers.conversation.test_stay_changes import roster_row
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.families import (
    ADEL,
    ARRIVED,
    BACK,
    BRUNO,
    CONTACT,
    LEFT,
    NEWS,
    NOT_YET,
    SONIA,
    STOP,
    agreed,
    come_in,
    family,
    telling,
)
from tests.journeys.remembered import scene
from tests.journeys.scenes import answer_check_in

HELLO = (
    "Good morning Sonia Haddouche. I am Compagnon, a robot of Lycée Valmer. If you agree, I write to you in a few words "
    "when Lina leaves, arrives, has given news of the week, and comes back; nothing else, and nobody else's news. Lina "
    "can read everything I send you. You can stop it any time with /stop. [I agree] [No, thank you]"
)


async def arrive(journey: Journey) -> None:
    await journey.until("2027-03-06 20:30")
    for choice in ("yes", "as_planned", "yes"):
        await journey.press("lina", choice)


async def after_weeks(begin: Begin, *agree: str) -> Journey:
    """Lina has arrived and answered once; her family has agreed; the second check-in is asked."""
    journey = telling(begin)
    await weeks_of(journey, agree)
    return journey


@scene
async def weeks_of(journey: Journey, agree: tuple[str, ...]) -> None:
    await agreed(journey, ("lina",), agree)
    await weeks(journey)


async def weeks(journey: Journey) -> None:
    """From the arrival to the eve of the second check-in."""
    await arrive(journey)
    await journey.until("2027-03-10 18:30")
    await answer_check_in(journey)
    await journey.until("2027-03-14 18:30")


async def test_a_parent_is_greeted_as_a_parent_and_asked_once(begin: Begin) -> None:
    journey = await family(begin, "lina")
    journey.heard("lina")

    await journey.do(come_in, SONIA)

    assert journey.heard(SONIA) == [HELLO]
    await journey.press(SONIA, "yes")
    thanks = "Thank you. You will hear from me when there is something to say; each message says how to stop."
    assert journey.heard(SONIA) == [thanks]
    told = (
        "Sonia Haddouche has agreed to a few words from me: left, arrived, has given news, back. Never your answers. "
        "You see all of it any time: /family"
    )
    assert journey.heard("lina") == [told]
    consents = select(ConsentRow.giver, ConsentRow.given, ConsentRow.text_version, ConsentRow.language, ConsentRow.channel)  # fmt: skip
    assert journey.ask(consents) == [("guardian", True, "2026-11", "en", "web")]


async def test_a_whole_stay_as_both_guardians_hear_it_each_in_their_language(begin: Begin) -> None:
    journey = await after_weeks(begin, SONIA, ADEL)
    await answer_check_in(journey)
    await journey.until("2027-03-15 18:30")
    assert journey.heard(SONIA) == [LEFT, ARRIVED, NEWS]
    assert len(journey.heard(ADEL)) == 3
    await journey.until("2027-03-21 18:30")
    await answer_check_in(journey)
    await journey.until("2027-03-27 20:30")
    journey.heard(ADEL)
    journey.heard(SONIA)
    await journey.press("lina", "Yes")
    await journey.until("2027-03-28 09:00")

    assert journey.heard(SONIA) == [BACK]
    await journey.until("2027-04-30 09:00")
    assert journey.heard(SONIA) == []


async def test_a_silent_week_is_not_yet_and_the_late_answer_follows(begin: Begin) -> None:
    journey = await after_weeks(begin, SONIA)
    journey.heard(SONIA)

    await journey.until("2027-03-15 18:29")
    assert journey.heard(SONIA) == []
    await journey.until("2027-03-15 19:00")
    assert journey.heard(SONIA) == [NOT_YET]
    await journey.press("lina", "fine")
    assert journey.heard(SONIA) == [NEWS]
    await journey.until("2027-03-20 12:00")

    assert journey.heard(SONIA) == []


async def test_a_grave_week_sounds_like_a_silent_one(begin: Begin) -> None:
    journey = await after_weeks(begin, SONIA)
    journey.heard(SONIA)
    await journey.say("lina", "SOS")

    await answer_check_in(journey)
    await journey.until("2027-03-16 12:00")

    assert journey.heard(SONIA) == [NOT_YET]
    assert journey.ask(select(Mark.outcome).where(Mark.touchpoint == "family.week")) == [("not yet",)]


async def test_a_word_that_waited_for_the_morning_is_the_other_one_if_the_night_was_bad(begin: Begin) -> None:
    journey = await after_weeks(begin, SONIA)
    await answer_check_in(journey)
    journey.db.programme = journey.programme = late_in_the_evening(journey.programme)
    await journey.until("2027-03-15 20:45")
    journey.heard(SONIA)

    await journey.say("lina", "SOS")
    await journey.until("2027-03-16 12:00")

    assert journey.heard(SONIA) == [NOT_YET]


def late_in_the_evening(programme: Programme) -> Programme:
    """The weekly word is written when the family may no more be written to that day."""
    return programme.model_copy(update={"family": programme.family.model_copy(update={"evening": time(20, 40)})})


async def test_a_paper_that_an_adult_is_on_changes_no_word(begin: Begin) -> None:
    journey = await after_weeks(begin, SONIA)
    journey.heard(SONIA)
    await journey.do(paper_missing, journey.stay("lina"))

    await answer_check_in(journey)
    await journey.until("2027-03-16 12:00")

    assert journey.heard(SONIA) == [NEWS]


def paper_missing(tx: Tx, stay: int) -> None:
    open_matter(tx, tx.rows.get_one(StayRow, stay), Matter(Level.TODAY, "overdue", "ehic"))


async def test_an_arrival_with_a_worry_is_not_told_by_the_robot(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))
    await journey.until("2027-03-06 20:10")
    journey.heard(SONIA)

    await journey.press("lina", "yes")
    await journey.press("lina", "nowhere")
    await journey.until("2027-03-08 12:00")

    assert journey.heard(SONIA) == []


async def test_a_word_said_at_night_waits_for_the_morning(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))
    await journey.until("2027-03-06 20:20")
    journey.heard(SONIA)

    await journey.press("lina", "yes")

    await journey.until("2027-03-07 07:59")
    assert journey.heard(SONIA) == []
    await journey.until("2027-03-07 08:00")
    assert journey.heard(SONIA) == [ARRIVED]


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
