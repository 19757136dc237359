"""Talking on Telegram: buttons that give way to the answer, typed answers, edits, replies, and what nobody can read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.store.cases import CaseEvent, CaseRow
from bot.store.messages import OutboxRow
from bot.store.sessions import SessionRow
from tests.journeys.on_telegram import Telegraph

CHECK_IN = "2027-03-10 18:30"


async def abroad(bot: Telegraph) -> None:
    """Noémie is in Bergen, her first check-in is so-so, and she is asked more."""
    await bot.join("nadia", "luc")
    await bot.enrol("noemie")
    await bot.until("2027-03-06 20:05")
    for _ in range(3):
        await bot.press("noemie", 1)
    await bot.until(CHECK_IN)
    await bot.press("noemie", "😐 So-so")
    bot.heard("nadia")


def answers(bot: Telegraph) -> dict[str, str]:
    found = bot.ask(select(SessionRow.answers).where(SessionRow.flow == "check_in").order_by(SessionRow.id))
    return dict(found[-1][0])


async def test_a_pressed_question_shows_its_answer_and_has_no_buttons_left(bot: Telegraph) -> None:
    await bot.join("noemie")
    first = bot.phones["noemie"].chat.messages[-1]
    asked = str(first)
    await bot.press("noemie", "Yes, let's start")

    assert "[Yes, let's start]" in asked
    ready = "Great! One thing at a time. To see it all now: /checklist."
    assert (first.text.endswith(f"\n✔ Yes, let's start\n{ready}"), first.buttons) == (True, [])
    assert bot.phones["noemie"].spinning == []
    assert bot.ask(select(OutboxRow.id).where(OutboxRow.edit_of.is_not(None))) == []


async def test_progress_and_one_question_a_message(bot: Telegraph) -> None:
    await bot.begin(abroad)

    asked = bot.phones["noemie"].chat.messages[-1]
    assert asked.text == "1/6 · How do you feel this week?"
    assert asked.buttons == ["😀 Very good", "🙂 Good", "😐 So-so", "🙁 Not good", "😢 Very bad"]


async def test_typed_answers_are_understood_and_take_the_buttons_away(bot: Telegraph) -> None:
    await bot.begin(abroad)
    question = bot.phones["noemie"].chat.messages[-1]
    await bot.say("noemie", "bien")

    assert (question.buttons, question.text.endswith("✔ 🙂 Good")) == ([], True)
    assert answers(bot)["mood"] == "good"


async def test_a_late_press_on_an_old_button_is_an_edit(bot: Telegraph) -> None:
    await bot.begin(abroad)
    question = bot.phones["noemie"].chat.messages[-1]
    await bot.press("noemie", "😐 So-so")
    bot.phones["noemie"].presses_old(question, "🙂 Good")
    await bot.settle()

    assert answers(bot)["mood"] == "good"
    assert question.text.endswith("\n✔ 🙂 Good")


async def test_the_same_press_twice_changes_nothing_the_second_time(bot: Telegraph) -> None:
    await bot.begin(abroad)
    question = bot.phones["noemie"].chat.messages[-1]
    await bot.press("noemie", "🙂 Good")
    bot.heard("noemie")
    bot.phones["noemie"].presses_old(question, "🙂 Good")
    await bot.settle()

    assert bot.heard("noemie") == []
    assert len(question.versions) == 2


async def test_an_edited_message_changes_the_answer_it_was(bot: Telegraph) -> None:
    await bot.begin(abroad)
    typed = bot.phones["noemie"].says("4")
    await bot.settle()
    before = answers(bot)["mood"]
    bot.phones["noemie"].edits(typed, "2")
    await bot.settle()

    assert (before, answers(bot)["mood"]) == ("bad", "good")


async def test_an_edit_into_a_cry_is_a_cry(bot: Telegraph) -> None:
    await bot.begin(abroad)
    typed = bot.phones["noemie"].says("2")
    await bot.settle()
    bot.phones["noemie"].edits(typed, "SOS")
    await bot.settle()

    assert bot.ask(select(CaseRow.topic)) == [("sos",)]
    assert any("SOS: needs help now." in text for text in bot.heard("luc"))


async def test_a_reply_to_an_old_question_answers_that_one(bot: Telegraph) -> None:
    await bot.begin(abroad)
    question = bot.phones["noemie"].chat.messages[-1]
    await bot.press("noemie", "😐 So-so")
    bot.phones["noemie"].replies(question, "Good")
    await bot.settle()

    assert answers(bot)["mood"] == "good"


@pytest.mark.parametrize("what", ["sends_sticker", "sends_voice", "sends_location"])
async def test_what_nobody_can_read_is_answered_with_words_and_the_question_again(bot: Telegraph, what: str) -> None:
    await bot.begin(abroad)
    bot.heard("noemie")
    getattr(bot.phones["noemie"], what)()
    await bot.settle()

    said, again = bot.heard("noemie")
    assert said.startswith("I can only read words and buttons")
    assert again.startswith("1/")


async def test_a_shared_contact_is_not_kept(bot: Telegraph) -> None:
    await bot.begin(abroad)
    bot.phones["noemie"].sends_contact("+33639980077", "Maman")
    await bot.settle()

    kept = bot.db.engine.url.database
    assert kept is not None
    with open(kept, "rb") as file:  # noqa: ASYNC230
        assert b"33639980077" not in file.read()


async def test_a_forwarded_sos_is_somebody_elses(bot: Telegraph) -> None:
    await bot.begin(abroad)
    bot.heard("noemie")
    bot.phones["noemie"].forwards("SOS", "A friend")
    await bot.settle()

    assert bot.ask(select(CaseRow.topic)) == []
    assert bot.heard("noemie")[0] == "I do not read forwarded messages. Tell me in your own words."


async def test_groups_channels_and_inline_queries_are_not_answered(bot: Telegraph) -> None:
    await bot.enrol("noemie")
    bot.heard("noemie")
    group = bot.server.group("1BTS")
    group.add_bot(by=bot.phones["noemie"])
    bot.phones["noemie"].says("SOS", group)
    bot.server.channel_post("news")
    bot.phones["noemie"].types_inline("anything")
    await bot.settle()

    assert [message.text for message in group.messages if message.from_bot] == []
    assert bot.ask(select(CaseRow.topic)) == []
    assert bot.heard("noemie") == []
    assert [call.method for call in bot.server.requests if call.method == "leaveChat"] == ["leaveChat"]


@pytest.mark.parametrize("word", ["/help", "/language", "/checklist", "/next", "/mydata", "/aide", "/SOS"])
async def test_every_command_is_answered(bot: Telegraph, word: str) -> None:
    await bot.enrol("noemie")
    bot.heard("noemie")
    await bot.say("noemie", word)

    assert bot.heard("noemie") != []


async def test_another_language_from_a_button(bot: Telegraph) -> None:
    await bot.enrol("noemie")
    await bot.say("noemie", "/language")
    await bot.press("noemie", "Français")
    bot.heard("noemie")
    await bot.say("noemie", "/aide")

    assert bot.heard("noemie")[0].startswith("Je sais faire")


async def test_a_coordinator_writes_to_the_learner_by_replying_and_sees_the_answer(bot: Telegraph) -> None:
    await bot.begin(abroad)
    await bot.press("noemie", "😢 Very bad")
    alert = next(message for message in reversed(bot.phones["nadia"].chat.messages) if "[I take it]" in str(message))
    bot.heard("noemie")
    bot.heard("nadia")

    bot.phones["nadia"].replies(alert, "Hello Noémie, what is going on?")
    await bot.settle()
    to_noemie, to_nadia = bot.heard("noemie"), bot.heard("nadia")
    await bot.say("noemie", "I work until six")
    back, thanks = bot.heard("nadia"), bot.heard("noemie")

    assert to_noemie == [
        "Nadia Ferhaoui writes to you:\n« Hello Noémie, what is going on? »\nWhat you write now goes to Nadia Ferhaoui."
    ]
    assert to_nadia[-1].startswith("Passed on to Noémie A. Nobody has taken this case yet")
    assert "Noémie A. answers you:\n« I work until six »\nReply to this message to write back." in back
    assert thanks == ["I have passed it on to Nadia Ferhaoui."]
    assert bot.heard("luc")[-1:] != back[-1:]


async def test_an_answer_can_be_answered(bot: Telegraph) -> None:
    await test_a_coordinator_writes_to_the_learner_by_replying_and_sees_the_answer(bot)
    answered = next(message for message in reversed(bot.phones["nadia"].chat.messages) if "answers you" in str(message))
    bot.phones["nadia"].replies(answered, "I call you in ten minutes")
    await bot.settle()

    assert "« I call you in ten minutes »" in bot.heard("noemie")[-1]


@pytest.mark.parametrize("words", ["1", "I take it", "je prends"])
async def test_a_number_or_a_label_in_reply_to_an_alert_is_a_press_and_is_not_passed_on(
    bot: Telegraph, words: str
) -> None:
    await bot.begin(abroad)
    await bot.press("noemie", "😢 Very bad")
    bot.heard("noemie")
    alert = next(message for message in bot.phones["nadia"].chat.messages if "[I take it]" in str(message))
    bot.phones["nadia"].replies(alert, words)
    await bot.settle()

    assert bot.heard("noemie") == []
    assert alert.text.endswith("\n✋ Taken by Nadia Ferhaoui, Wednesday 10 Mar 18:30")


async def test_an_adult_of_another_school_cannot_write_by_replying(bot: Telegraph) -> None:
    await bot.join("yann")
    await abroad(bot)
    await bot.press("noemie", "😢 Very bad")
    bot.heard("noemie")
    stolen = next(message for message in bot.phones["nadia"].chat.messages if "[I take it]" in str(message))
    bot.phones["yann"].replies(stolen, "Hello")
    await bot.settle()

    assert bot.heard("noemie") == []


async def test_sos_is_answered_from_memory_and_everybody_is_told(bot: Telegraph) -> None:
    await bot.begin(abroad)
    bot.channel.cards = {str(bot.phones["noemie"].id): "🆘 Immediate danger: call 112 now."}
    bot.heard("noemie")
    await bot.say("noemie", "sos")

    said = bot.heard("noemie")
    assert said[0] == "🆘 Immediate danger: call 112 now."
    assert said[1].endswith(
        "Can you talk? [Yes, call me] [No, write to me] [It was a mistake] [Other numbers] [Not this adult…]"
    )
    assert any("SOS: needs help now." in text for text in bot.heard("luc"))


async def test_a_taken_case_keeps_the_buttons_that_still_stand_and_passing_on_takes_none(bot: Telegraph) -> None:
    await bot.begin(abroad)
    await bot.press("noemie", "😢 Very bad")
    alert = next(message for message in bot.phones["nadia"].chat.messages if "[I take it]" in str(message))
    await bot.press("nadia", "Pass on…")
    kept = list(alert.buttons)
    await bot.press("nadia", "I take it")

    assert "I take it" in kept
    assert list(alert.buttons) == [each for each in kept if each != "I take it"]
    assert alert.text.endswith("\n✋ Taken by Nadia Ferhaoui, Wednesday 10 Mar 18:30")
    assert "taken" in [kind for (kind,) in bot.ask(select(CaseEvent.kind))]


async def test_names_cannot_dress_up_as_formatting(bot: Telegraph) -> None:
    await bot.begin(abroad)

    for call in bot.server.requests:
        assert "parse_mode" not in call.parameters


async def test_a_duplicate_and_a_backward_batch_change_nothing(bot: Telegraph) -> None:
    await bot.begin(abroad)
    question = bot.phones["noemie"].chat.messages[-1]
    bot.phones["noemie"].presses("🙂 Good")
    last = max(bot.server.updates.past)
    await bot.settle()
    bot.heard("noemie")
    bot.server.updates.again(last)
    await bot.settle()
    bot.clock.move_to(bot.clock.now() + timedelta(minutes=1))
    await bot.settle()

    assert (bot.heard("noemie"), len(question.versions)) == ([], 2)
