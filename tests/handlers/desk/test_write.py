"""An adult writes to a learner, or to a class, and reads what comes back."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.channels.telegram import Menu
from bot.domain.person import Role
from bot.runtime.telegram import adult_chats
from bot.store.cases import CaseEvent
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.records import AuditRow
from tests.journeys.conftest import Begin
from tests.journeys.desks import ask, classes, give, leave_chat, stay_of
from tests.journeys.driver import Journey
from tests.journeys.on_telegram import Telegraph
from tests.journeys.people import ADULTS, join, settle_in
from tests.journeys.remembered import scene
from tests.journeys.scenes import arrival_missing, forget

FROM_NADIA = "Nadia Ferhaoui writes to you:\n« {} »\nWhat you write now goes to Nadia Ferhaoui."
BACK = "{} answers you:\n« {} »\nReply to this message to write back. [Write back] [Read]"
INSTEAD = "{} answers {}, who cannot read it now:\n« {} »\nReply to this message to write back. [Write back] [Read]"
TO_CLASS = "Nadia Ferhaoui writes to 2MRC:\n« {} »\nWhat you write now goes to Nadia Ferhaoui."


async def enrolled(journey: Journey, *refs: str) -> None:
    await journey.enrol(*refs)
    forget(journey)
    for ref in refs:
        journey.heard(ref)


async def test_words_go_to_a_learner_and_the_answer_comes_back(begin: Begin) -> None:
    journey = begin()
    await enrolled(journey, "lina")

    assert await ask(journey, "nadia", "/write Lina Your ticket is here.\nCome by!") == ["Passed on to Lina H."]
    assert journey.heard("lina") == [FROM_NADIA.format("Your ticket is here.\nCome by!")]
    assert await ask(journey, "lina", "Thank you, at noon?") == ["I have passed it on to Nadia Ferhaoui."]
    assert journey.heard("nadia") == [BACK.format("Lina H.", "Thank you, at noon?")]
    await journey.press("nadia", "Write back")
    assert journey.heard("nadia") == ["Write it now: your next message goes to Lina H. To send nothing: /help."]
    assert await ask(journey, "nadia", "At noon.") == ["Passed on to Lina H."]
    assert journey.heard("lina") == [FROM_NADIA.format("At noon.")]
    writes = select(AuditRow.target).where(AuditRow.action == "write")
    assert journey.ask(writes) == [(f"stay {journey.stay('lina')}",)] * 2
    assert journey.heard("luc") == []


async def test_an_answer_to_somebody_on_leave_goes_to_whoever_stands_in(begin: Begin) -> None:
    journey = begin()
    await enrolled(journey, "lina")
    await ask(journey, "nadia", "/write Lina How are you?")
    journey.heard("lina")
    await ask(journey, "nadia", "/leave 2027-03-01 2027-03-05")

    assert await ask(journey, "lina", "not so good, when do we talk?") == ["I have passed it on to Luc Perrichon."]

    assert journey.heard("nadia") == []
    assert journey.heard("luc") == [INSTEAD.format("Lina H.", "Nadia Ferhaoui", "not so good, when do we talk?")]


async def test_words_are_asked_for_after_a_name_alone_and_only_for_an_hour(begin: Begin) -> None:
    journey = begin()
    await enrolled(journey, "lina")
    asked = ["Write it now: your next message goes to Lina H. To send nothing: /help."]

    assert await ask(journey, "nadia", "/ecrire lina") == asked
    assert (await ask(journey, "nadia", "/help"))[0].startswith("I can:")
    assert (await ask(journey, "nadia", "Hello"))[0].startswith("I am a robot")
    assert await ask(journey, "nadia", "/write lina") == asked
    await journey.until("2027-03-01 10:01")
    assert (await ask(journey, "nadia", "Hello"))[0].startswith("I am a robot")
    assert journey.heard("lina") == []


async def test_of_several_learners_the_button_sends_once(begin: Begin) -> None:
    journey = begin()
    await enrolled(journey, "noemie", "martina")

    assert await ask(journey, "nadia", "/write a Hello there") == ["Which one? [Noémie Abadie] [Martina Araya]"]
    token = journey.token("nadia", "Noémie Abadie")
    await journey.bring("nadia", {"token": token})
    await journey.bring("nadia", {"token": token})
    await journey.press("nadia", "Martina Araya")

    assert journey.heard("nadia") == ["Passed on to Noémie A."]
    assert journey.heard("noemie") == [FROM_NADIA.format("Hello there")]
    assert journey.heard("martina") == []


async def test_where_a_case_is_open_the_words_follow_it_up(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)
    await journey.press("nadia", "take")

    assert await ask(journey, "nadia", "/write lina Where are you?") == ["Passed on to Lina H."]
    kinds = [kind for (kind,) in journey.ask(select(CaseEvent.kind).order_by(CaseEvent.id))]
    assert kinds[-2:] == ["wrote to learner", "noted"]


async def test_walls_hold_for_words_too(begin: Begin) -> None:
    journey = begin()
    await enrolled(journey, "lina")
    none = "I find no learner of that name. /who shows who is abroad now."

    assert await ask(journey, "yann", "/write lina Hello") == [none]
    assert await ask(journey, "yann", f"/write #{journey.stay('lina')} Hello") == [none]
    assert await ask(journey, "yann", "/broadcast 2MRC Hello") == ["There is no class that you could see."]
    assert journey.heard("lina") == []


async def test_an_answer_never_reaches_somebody_who_has_lost_the_right(begin: Begin) -> None:
    journey = begin()
    await enrolled(journey, "lina")
    await ask(journey, "luc", "/write lina Hello")
    journey.heard("lina")
    await journey.do(give, "luc")

    assert await ask(journey, "lina", "It is about my room") == ["I have passed it on to Nadia Ferhaoui."]
    assert journey.heard("luc") == []
    assert journey.heard("nadia") == [INSTEAD.format("Lina H.", "Luc Perrichon", "It is about my room")]


async def test_who_has_opened_no_invitation_cannot_be_written_to(begin: Begin) -> None:
    journey = begin()
    await journey.do(settle_in, ("lina",))
    await journey.do(join, *ADULTS)

    assert await ask(journey, "nadia", "/write lina Hello") == [
        "Lina H. cannot be written to yet: no invitation has been opened, or the conversation was left."
    ]


@scene
async def class_of_three(journey: Journey) -> None:
    """Noémie and Martina can be reached, Lina has not enrolled."""
    await journey.gather("lina", "noemie", "martina")
    for ref in ("noemie", "martina"):
        await journey.press(ref, "yes")
    await classes(journey, lina="2MRC", noemie="2MRC", martina="2MRC")
    for ref in ("lina", "noemie", "martina"):
        journey.heard(ref)


async def test_a_broadcast_is_looked_at_then_sent_once(begin: Begin) -> None:
    journey = begin()
    await class_of_three(journey)

    assert await ask(journey, "nadia", "/broadcast 2 mrc Train at 8.") == [
        "2MRC, Lycée Valmer: this goes to 2 people.\n« Train at 8. »\nNot enrolled, so not reached: Lina H.\n"
        "Whoever sleeps now reads it in the morning.\n"
        "Sent without that, nobody is asked for an answer and I do not look who has read it. "
        "[Send to 2 people] [Send, and see who has read it] [Cancel]"
    ]
    assert journey.heard("noemie") == []
    token = journey.token("nadia", "Send to 2 people")
    await journey.bring("nadia", {"token": token})
    await journey.bring("nadia", {"token": token})
    await journey.press("nadia", "Cancel")

    assert journey.heard("nadia") == ["On its way to 2 people."]
    for ref, heard in (("noemie", 1), ("martina", 1), ("lina", 0)):
        assert journey.heard(ref) == [TO_CLASS.format("Train at 8.")] * heard
    lanes = select(OutboxRow.lane).where(OutboxRow.step == "relay")
    assert journey.ask(lanes) == [(Lane.BROADCAST,)] * 2
    assert journey.ask(select(AuditRow.target).where(AuditRow.action == "broadcast")) == [("class 2MRC",)]
    await journey.say("noemie", "I shall be late")
    assert journey.heard("noemie") == ["I have passed it on to Nadia Ferhaoui."]
    assert journey.heard("nadia") == [BACK.format("Noémie A.", "I shall be late")]


async def test_who_has_not_read_what_everybody_was_to_read_is_named_to_its_writer_and_to_nobody_else(
    begin: Begin,
) -> None:
    journey = begin()
    await class_of_three(journey)
    await ask(journey, "nadia", "/broadcast 2mrc Train at 8.")
    await journey.press("nadia", "Send, and see who has read it")
    asked = journey.heard("noemie")
    receipt = journey.heard("nadia")

    await journey.say("noemie", "ok, I shall be there")
    counted = journey.heard("nadia")
    await journey.until("2027-03-03 12:00")
    named = journey.heard("nadia")
    await journey.press("martina", "I have read it")

    assert asked == [TO_CLASS.format("Train at 8.") + " [I have read it]"]
    assert (receipt, counted) == (
        ["On its way to 2 people."],
        ["Read by 1 of 2.", BACK.format("Noémie A.", "ok, I shall be there")],
    )
    assert [line for line in named if "Train" in line] == [
        "« Train at 8. »: as far as I know not read yet by Martina A."
    ]
    assert journey.heard("nadia") == ["Read by 2 of 2."]


async def test_a_broadcast_waits_for_the_morning_of_each(begin: Begin) -> None:
    journey = begin("2027-03-01 22:30")
    await class_of_three(journey)
    await ask(journey, "nadia", "/classe 2MRC Train at 8.")
    await journey.press("nadia", "Send to 2 people")
    night = (journey.heard("noemie"), journey.heard("martina"))
    await journey.until("2027-03-02 09:30")

    assert night == ([], [])
    assert [TO_CLASS.format("Train at 8.") in journey.heard(ref) for ref in ("noemie", "martina")] == [True, True]


async def test_a_preview_can_be_cancelled_and_ends_after_an_hour(begin: Begin) -> None:
    journey = begin()
    await class_of_three(journey)
    await ask(journey, "nadia", "/broadcast 2MRC One")
    await journey.press("nadia", "Cancel")
    assert journey.heard("nadia") == ["Nothing was sent."]
    await ask(journey, "nadia", "/broadcast 2MRC Two")
    await journey.until("2027-03-01 10:00")
    await journey.press("nadia", "Send to 2 people")

    assert journey.heard("nadia") == [
        "This preview is older than an hour: nothing was sent. Please write /broadcast again."
    ]
    assert journey.ask(select(OutboxRow.id).where(OutboxRow.lane == Lane.BROADCAST)) == []


async def test_who_left_is_named_and_a_class_of_nobody_gets_no_button(begin: Begin) -> None:
    journey = begin()
    await class_of_three(journey)
    await journey.do(leave_chat, "noemie", "martina")

    assert await ask(journey, "nadia", "/broadcast 2MRC Hello") == [
        "Nobody of 2MRC can be written to.\nNot enrolled, so not reached: Lina H.\n"
        "Without an address, so not reached: Noémie A. and Martina A."
    ]


async def test_a_class_of_two_schools_is_asked_about(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("noemie", "jules")
    await classes(journey, noemie="2MRC", jules="2MRC")

    assert await ask(journey, "helene", "/broadcast 2MRC Hello") == ["Of which school? [EPL d'Ombelle] [Lycée Valmer]"]
    await journey.press("helene", "Lycée Valmer")
    assert journey.heard("helene") == [
        "2MRC, Lycée Valmer: this goes to 1 person.\n« Hello »\nWhoever sleeps now reads it in the morning.\n"
        "Sent without that, nobody is asked for an answer and I do not look who has read it. "
        "[Send to 1 person] [Send, and see who has read it] [Cancel]"
    ]


async def test_last_years_class_is_not_written_to(begin: Begin) -> None:
    journey = begin()
    await class_of_three(journey)
    await journey.do(_a_year_ago, "lina", "noemie", "martina")

    assert await ask(journey, "nadia", "/broadcast 2MRC Hello") == ["There is no class that you could see."]


def _a_year_ago(tx: Tx, *refs: str) -> None:
    for ref in refs:
        stay = stay_of(tx, ref)
        stay.departure, stay.start, stay.end, stay.back = (
            day - timedelta(days=365) for day in (stay.departure, stay.start, stay.end, stay.back)
        )
        stay.wake_at = None


async def test_on_telegram_a_reply_to_the_answer_goes_on_without_any_case(bot: Telegraph) -> None:
    await bot.join("nadia")
    await bot.enrol("noemie")
    await bot.say("nadia", "/write noemie Your ticket is here")
    await bot.say("noemie", "Where?")
    answer = next(message for message in reversed(bot.phones["nadia"].chat.messages) if "« Where? »" in str(message))
    bot.heard("noemie")
    bot.phones["nadia"].replies(answer, "At the office")
    await bot.settle()

    assert bot.heard("noemie") == [FROM_NADIA.format("At the office")]


async def test_on_telegram_the_team_has_its_menu_and_keeps_its_own_side(bot: Telegraph) -> None:
    await bot.join("nadia", "noemie")
    assert await bot.db.transact(adult_chats) == {str(bot.phones["nadia"].id): Menu("en")}
    await bot.db.transact(give, "noemie", Role.LEARNER, Role.TEACHER)

    assert await bot.db.transact(adult_chats) == {
        str(bot.phones["nadia"].id): Menu("en"),
        str(bot.phones["noemie"].id): Menu("en", travels=True),
    }
