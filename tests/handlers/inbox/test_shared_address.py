"""An address that several people share: each is written to by name, and words find their person or the bot asks."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.messages import Incoming, Sort
from bot.handlers.case.sos import alarm
from bot.handlers.inbox.shared_address import whose
from bot.handlers.people.guardians import family_of
from bot.handlers.people.invitations import Claimed, claim, invite
from bot.store.cases import CaseEvent, CaseRow
from bot.store.consents import ConsentRow
from bot.store.db import Tx
from bot.store.messages import InboxRow
from bot.store.people import Address, Guardian, Person, addresses_at, by_ref
from bot.store.stays import stays_of_person
from tests.handlers.inbox.test_typed_answers import one_more
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.families import ALL
from tests.journeys.people import ADULTS, join, settle_in
from tests.journeys.remembered import scene
from tests.journeys.scenes import forget

TABLET = "the family's tablet"
WHO = "Who is writing? Several of you use this chat. Your message waits for the answer."


def person_of(tx: Tx, ref: str) -> Person:
    person = by_ref(tx.rows, ref)
    assert person is not None
    return person


def come(tx: Tx, ref: str, native: str = TABLET) -> Claimed:
    return claim(tx, invite(tx, person_of(tx, ref), trusted=True), "web", native).state


async def siblings(begin: Begin) -> Journey:
    journey = begin()
    await on_one_tablet(journey)
    return journey


@scene
async def on_one_tablet(journey: Journey) -> None:
    """Lina and Noémie, both enrolled."""
    await journey.do(settle_in, ("lina", "noemie"))
    await journey.do(join, *ADULTS)
    for ref in ("lina", "noemie"):
        assert await journey.do(come, ref) is Claimed.CONFIRMED
        await journey.bring(TABLET, {"token": journey.token(ref, "yes")})
    forget(journey)
    journey.heard("noemie")


async def test_every_message_says_whom_it_is_for(begin: Begin) -> None:
    journey = await siblings(begin)

    await journey.until("2027-03-06 20:30")

    assert [journey.heard(ref)[-1].split(":\n")[0] for ref in ("lina", "noemie")] == ["Lina Haddouche", "Noémie Abadie"]


async def test_words_that_nothing_waits_for_are_asked_about_and_kept_until_it_is_said_whose(begin: Begin) -> None:
    journey = await siblings(begin)

    await journey.say(TABLET, "is anybody there?")
    asked = [each for ref in ("lina", "noemie") for each in journey.heard(ref)]
    assert asked == [f"{WHO} [Lina Haddouche] [Noémie Abadie]"]
    await journey.say(TABLET, "2")

    assert journey.heard("lina") == []
    assert journey.heard("noemie")[0].startswith(
        "Noémie Abadie:\nI am a robot and did not understand this. Shall I pass it to"
    )
    await journey.say(TABLET, "/checklist")
    assert journey.heard("noemie")[-1].startswith("Noémie Abadie:\nYour checklist:")


async def test_words_are_of_the_one_whose_question_stands(begin: Begin) -> None:
    journey = await siblings(begin)
    await journey.until("2027-03-06 20:30")
    for choice in ("yes", "as_planned", "yes"):
        await journey.bring(TABLET, {"token": journey.token("noemie", choice)})
    forget(journey)
    journey.heard("noemie")

    await journey.say(TABLET, "1")

    assert journey.heard("lina")[0].startswith("Lina Haddouche:\n")
    assert journey.heard("noemie") == []


async def test_words_after_an_sos_stand_in_every_cry_and_nobody_is_asked_who_it_is(begin: Begin) -> None:
    journey = await siblings(begin)
    await journey.say(TABLET, "SOS")
    forget(journey)
    journey.heard("noemie")

    await journey.say(TABLET, "we are at the station")

    wrote = select(CaseEvent.case_id).where(CaseEvent.kind == "learner wrote").order_by(CaseEvent.id)
    assert journey.ask(wrote) == [(1,), (2,)]
    said = [each for ref in ("lina", "noemie") for each in journey.heard(ref)]
    assert [each.split("\n")[1].partition(";")[0] for each in said] == ["I have added this to what I told the adults"]


async def test_a_voice_message_is_of_the_one_who_cried(begin: Begin) -> None:
    journey = await siblings(begin)

    def voice(tx: Tx) -> str:
        alarm(tx, stays_of_person(tx.rows, person_of(tx, "noemie").id)[0])
        there = addresses_at(tx.rows, "web", TABLET)
        found = whose(tx, there, Incoming("web", TABLET, "v", sort=Sort.OTHER), InboxRow())
        return found.person.ref if found else ""

    assert journey.db.run(voice) == "noemie"


async def test_an_sos_names_everybody_who_shares_the_device(begin: Begin) -> None:
    journey = await siblings(begin)

    await journey.say(TABLET, "SOS")

    told = journey.heard("luc")
    note = "This SOS came from a device or account that Lina Haddouche and Noémie Abadie share: it can be any of them. Please reach each one."
    assert told.count(note) == 2
    assert journey.ask(select(CaseRow.level, CaseRow.closed_at)) == [("now", None), ("now", None)]


async def test_whom_an_sos_of_several_names_hears_nothing_of_it(begin: Begin) -> None:
    journey = await siblings(begin)

    await journey.say(TABLET, "SOS monsieur PERRICHON me touche")

    alerted = [line.partition(" · ")[0] for line in journey.heard("cathy") if line.startswith("🆘")]
    assert (journey.heard("luc"), alerted) == ([], ["🆘 SOS", "🆘 SOS"])
    assert journey.ask(select(CaseRow.level, CaseRow.closed_at)) == [("now", None), ("now", None)]


async def test_an_sos_from_a_phone_that_was_theirs_before_reaches_the_adults(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.do(come, "lina", "a new phone")
    forget(journey)

    await journey.say("lina", "SOS")

    note = (
        "This SOS came from a phone or account that was tied to Lina Haddouche before, and may be somebody else's today. "
        "Please reach Lina Haddouche all the same."
    )
    assert journey.heard("luc")[-1] == note
    assert journey.ask(select(CaseRow.topic, CaseRow.level)) == [("sos", "now")]


async def test_words_that_are_no_cry_are_not_heard_from_a_phone_that_was_theirs_before(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.do(come, "lina", "a new phone")
    forget(journey)

    await journey.say("lina", "hello again")

    assert journey.heard("luc") == []
    assert journey.ask(select(CaseRow.topic)) == []


async def test_a_link_made_for_somebody_else_asks_first_whether_they_share(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.do(one_more, "noemie")
    code = await journey.do(lambda tx: invite(tx, person_of(tx, "noemie")))
    forget(journey)

    await journey.say("lina", f"/start {code}")
    assert journey.heard("lina") == [
        "This link is not for this conversation. Whoever it was made for opens it with their own account or device. "
        "We go on here as before. [We share it] [No, it is mine alone]"
    ]
    await journey.say("lina", "1")

    assert journey.heard("nadia") == [
        "Noémie Abadie has just opened their invitation (Web). Is it really them? Nothing is shown before you say so.\n"
        "The same device or account is also that of Lina Haddouche.\n"
        "Whoever it is sees two words on their screen. Right are: motor origami. [Yes, it is them] [No, it is not]"
    ]
    await journey.press("nadia", "Yes, it is them")
    wanted = select(Person.ref, Address.state).join(Address, Address.person_id == Person.id)
    assert journey.ask(wanted.where(Address.native == "lina").order_by(Person.ref)) == [
        ("lina", "confirmed"),
        ("noemie", "confirmed"),
    ]


async def test_the_link_stays_good_where_they_do_not_share(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.do(one_more, "noemie")
    code = await journey.do(lambda tx: invite(tx, person_of(tx, "noemie")))

    await journey.say("lina", f"/start {code}")
    await journey.press("lina", "No, it is mine alone")

    assert (await journey.do(lambda tx: claim(tx, code, "web", "noemie"))).state is Claimed.PENDING


def name_mother(tx: Tx) -> list[str]:
    """Samira is a guardian of both, with one mailbox and one account."""
    found = []
    for ref in ("lina", "noemie"):
        learner = person_of(tx, ref)
        tx.rows.add(
            Guardian(
                person_id=learner.id, position=1, name="Samira Haddouche", email="famille@example.org",
                phone="+33639980110", language="en",
            )
        )  # fmt: skip
        tx.rows.flush()
        found.append(family_of(tx, learner)[0].ref)
    return found


async def test_a_mother_of_two_agrees_for_each_and_stops_for_one(begin: Begin) -> None:
    journey = begin()
    journey.db.programme = journey.programme = journey.programme.model_copy(update={"family": ALL})
    await journey.enrol("lina", "noemie")
    refs = await journey.do(name_mother)
    for ref in refs:
        assert await journey.do(come, ref, "samira") is Claimed.CONFIRMED
    forget(journey)

    await journey.say("samira", "1")
    heard = journey.heard(refs[0]) + journey.heard(refs[1])
    assert heard[-1] == f"{WHO} [Samira Haddouche (Lina)] [Samira Haddouche (Noémie)]"
    await journey.say("samira", "Samira Haddouche (Noémie)")

    wanted = select(Person.ref, ConsentRow.given).join(Person, Person.id == ConsentRow.learner_id)
    assert journey.ask(wanted) == [("noemie", True)]
    await journey.say("samira", "1")
    assert journey.ask(wanted.order_by(ConsentRow.id)) == [("noemie", True), ("lina", True)]
