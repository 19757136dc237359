"""Words of distress, in a conversation and outside any: an adult is told or offered, and reads no word unasked."""

from __future__ import annotations

from sqlalchemy import select

from bot.store.cases import CaseEvent
from bot.store.records import AuditRow
from bot.store.sessions import SessionRow
from tests.journeys.conftest import Begin
from tests.journeys.scenes import abroad, cases, check_in_asked, forget
from tests.journeys.words import DANGER, FOLLOW_UP, GRAVE_BUTTONS, NOW, PULSE, TODAY, alert, climbs, sign

WORRIED = "What you write worries me. You are not alone with this: I am telling an adult now."
OFFERED = "What you write worries me. Would you like an adult to call you? [SOS: right now] [An adult writes to me] [No, I'm fine] [Not this adult…]"
TOPIC = "A word of distress in a message."
NAMED = "Luc Perrichon is named in the words and hears nothing of this. Decide without them."
READ = f"{GRAVE_BUTTONS} [Read the message]"


async def test_outside_any_question_the_gravest_words_open_a_case_at_once(begin: Begin) -> None:
    journey = await abroad(begin)

    await journey.say("lina", "J'ai envie de mourir")

    told = alert(NOW, "Lina H., Leipzig (20:30", TOPIC, sign("Saturday 6 Mar 20:30"),
                 climbs("Saturday 6 Mar 20:40", "the deputy"), buttons=READ)  # fmt: skip
    assert journey.heard("lina") == [WORRIED, DANGER]
    assert journey.heard("luc") == [told]
    assert cases(journey) == [("distress", "now", None)]


async def test_the_words_are_read_only_by_who_asks_and_that_is_noted(begin: Begin) -> None:
    journey = await abroad(begin)
    await journey.say("lina", "J'ai envie de mourir")
    assert not any("mourir" in line for ref in ("luc", "nadia", "cathy") for line in journey.heard(ref))

    await journey.press("luc", "read")

    assert journey.heard("luc") == ["Lina H. writes: « J'ai envie de mourir »"]
    read = select(AuditRow.action, AuditRow.target).where(AuditRow.action == "read")
    assert journey.ask(read) == [("read", "case 1")]


async def test_a_question_that_stands_is_asked_again_without_a_scolding(begin: Begin) -> None:
    journey = await abroad(begin)
    await journey.until("2027-03-10 18:30")
    forget(journey)

    await journey.say("lina", "je n'en peux plus")

    assert journey.heard("lina") == [OFFERED, f"Hi Lina, how are the first days in Leipzig going? {PULSE}"]
    assert cases(journey) == []


async def test_in_a_free_answer_the_answer_counts_too(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    for choice in ("so_so", "good", "interesting", "fine", "fine", "none", "no"):
        await journey.press("lina", choice)
    forget(journey)

    await journey.say("lina", "my boss hit me? no: they hit me, both")

    assert journey.heard("lina")[:2] == [WORRIED, DANGER]
    last = select(SessionRow.answers, SessionRow.state).where(SessionRow.touchpoint == "check_in")
    answers, state = journey.ask(last.order_by(SessionRow.id.desc()))[0]
    assert (answers[-1][1], state) == ("my boss hit me? no: they hit me, both", "done")
    assert cases(journey) == [("distress", "now", None)]


async def test_a_lighter_matter_is_told_and_offered(begin: Begin) -> None:
    journey = await abroad(begin)

    await journey.say("lina", "I lost my passport at the station")

    said = OFFERED.replace("me. Would", "me, so I am telling Nadia Ferhaoui. Would")
    assert journey.heard("lina") == [said]
    assert cases(journey) == [("distress", "follow_up", None)]
    await journey.until("2027-03-08 09:00")
    by = climbs("Wednesday 10 Mar 07:30", "the deputy")
    assert [line for line in journey.heard("nadia") if TOPIC in line] == [
        alert(FOLLOW_UP, "Lina H., Leipzig (07:30", TOPIC, sign("Saturday 6 Mar 20:30"), by, buttons=READ)
    ]


async def test_who_has_the_case_is_named_rather_than_the_coordinator(begin: Begin) -> None:
    journey = await abroad(begin)
    await journey.say("lina", "J'ai envie de mourir")
    await journey.press("luc", "I take it")
    await journey.until("2027-03-06 20:45")
    forget(journey)

    await journey.say("lina", "I lost my passport too")

    assert journey.heard("lina") == [OFFERED.replace("me. Would", "me, so I am telling Luc Perrichon. Would")]


async def test_whom_asked_about_words_name_hears_nothing_of_the_sos_that_follows(begin: Begin) -> None:
    journey = await abroad(begin)
    await journey.say("lina", "no puedo más, es por Luc")

    await journey.press("lina", "SOS: right now")

    assert (journey.heard("luc"), len(journey.heard("cathy"))) == ([], 1)


async def test_sos_from_the_offer_is_a_real_one(begin: Begin) -> None:
    journey = await abroad(begin)
    await journey.say("lina", "no puedo más")
    forget(journey)

    await journey.press("lina", "SOS: right now")

    assert journey.heard("lina") == [DANGER]
    assert cases(journey) == [("sos", "now", None)]


async def test_an_adult_who_is_to_write_is_told_so(begin: Begin) -> None:
    journey = await abroad(begin)
    await journey.say("lina", "no puedo más")
    forget(journey)

    await journey.press("lina", "write")
    await journey.press("lina", "write")

    assert journey.heard("lina") == ["All right. I am asking an adult to write to you here. If it gets worse: SOS."]
    assert cases(journey) == [("write_to_me", "today", None)]


async def test_no_i_am_fine_closes_nothing(begin: Begin) -> None:
    journey = await abroad(begin)
    await journey.say("lina", "I lost my passport")
    await journey.until("2027-03-08 09:00")
    forget(journey)

    await journey.press("lina", "fine")

    assert journey.heard("lina") == ["All right. If that changes, write SOS: I am here."]
    assert journey.heard("nadia") == ["Lina H. says that they are fine. Please make sure."]
    assert cases(journey) == [("distress", "follow_up", None)]


async def test_fine_without_a_case_tells_nobody(begin: Begin) -> None:
    journey = await abroad(begin)
    await journey.say("lina", "no puedo más")
    forget(journey)

    await journey.press("lina", "fine")

    assert (journey.heard("nadia"), journey.heard("luc"), cases(journey)) == ([], [], [])


async def test_who_says_nothing_when_asked_about_their_words_is_heard_by_an_adult(begin: Begin) -> None:
    journey = await abroad(begin)
    await journey.say("lina", "no puedo más, es por Luc")
    await journey.until("2027-03-06 22:29")
    assert cases(journey) == []

    await journey.until("2027-03-07 07:45")

    told = alert(TODAY, "Lina H., Leipzig (07:30", TOPIC, NAMED, sign("Saturday 6 Mar 20:30"),
                 climbs("Sunday 7 Mar 11:30", "the head of school"), buttons=f"{READ} [Luc Perrichon may know of it]")  # fmt: skip
    assert cases(journey) == [("distress", "today", None)]
    assert [line for line in journey.heard("nadia") if TOPIC in line] == [told]
    assert [line for line in journey.heard("luc") if TOPIC in line] == []


async def test_who_went_on_to_something_else_is_a_task_no_alarm(begin: Begin) -> None:
    journey = await abroad(begin)
    await journey.say("lina", "no puedo más")
    await journey.until("2027-03-06 20:40")
    await journey.say("lina", "/help")
    await journey.until("2027-03-06 22:45")

    assert cases(journey) == [("distress", "follow_up", None)]


async def test_whoever_writes_a_lot_is_answered_each_time_but_not_with_the_same(begin: Begin) -> None:
    journey = await abroad(begin)
    for words in ("je veux mourir", "vraiment, je veux mourir", "je veux mourir"):
        await journey.say("lina", words)

    assert journey.heard("lina") == [WORRIED, DANGER, *["I have read you. If you need somebody right now: SOS."] * 2]
    assert len([line for line in journey.heard("luc") if TOPIC in line]) == 1
    assert len(journey.ask(select(CaseEvent.id).where(CaseEvent.kind == "matter"))) == 3


async def test_graver_words_raise_the_case(begin: Begin) -> None:
    journey = await abroad(begin)
    await journey.say("lina", "I lost my passport")
    await journey.say("lina", "now I want to die")

    assert cases(journey) == [("distress", "now", None)]


async def test_an_edited_message_is_heard_too(begin: Begin) -> None:
    journey = await abroad(begin)
    await journey.bring("lina", {"text": "nothing", "message": "m1"})
    await journey.bring("lina", {"text": "I want to die", "message": "m1", "edited": True})
    await journey.press("luc", "read")

    assert cases(journey) == [("distress", "now", None)]
    assert journey.heard("luc")[-1] == "Lina H. writes: « I want to die »"


async def test_adults_are_not_listened_to(begin: Begin) -> None:
    journey = await abroad(begin)

    await journey.say("nadia", "I want to die of boredom in this meeting")

    assert journey.heard("nadia") == ["I am a robot and understand little. /help shows what I can do."]
