"""Whose words are they, and who reads ours: new phones, strange devices, a lost device of the bot's own, one thread a case."""

from __future__ import annotations

import shutil

from sqlalchemy import select

from bot.channels.matrix import repair
from bot.store.cases import CaseRow
from bot.store.people import Address
from tests.journeys.on_matrix import Encrypted
from tests.synapse.human import Intruder
from tests.synapse.timeline import Message


async def test_a_case_is_one_thread_and_words_in_it_go_to_the_learner(room: Encrypted) -> None:
    await room.join("nadia", "luc", "noemie")
    await room.say("noemie", "1")
    await room.until("2027-03-06 20:05")
    await room.say("noemie", "SOS")
    alert = await room.sees("luc", "SOS: needs help now.")
    await room.took(await room.people["luc"].says_in_thread(alert, "1"))
    taken = await room.sees("luc", "You follow the case of Noémie A.")
    await room.took(await room.people["luc"].says_in_thread(taken, "Where are you?"))
    asked = await room.sees("noemie", "Luc Perrichon writes to you")
    await room.say("noemie", "at the station")
    back = await room.sees("luc", "« at the station »")
    await room.took(await room.people["luc"].says_in_thread(back, "1"))
    reached = await room.sees("luc", "I have noted that Noémie A. was reached")

    assert not alert.thread
    assert {each.thread for each in (taken, back, reached)} == {alert.event}
    assert not asked.thread
    assert "« Where are you? »" in (asked.text or "")
    assert all(each.encrypted and not each.shield for each in (alert, taken, back, reached))


async def test_another_identity_is_asked_about_and_nothing_is_said_to_it_before(room: Encrypted) -> None:
    await room.join("nadia", "luc", "noemie")
    await room.sees("noemie", "Hi Noémie")
    await room.say("noemie", "1")
    await room.sees("noemie", "1/2 · Your European Health")
    await room.people["noemie"].changes_identity()
    await room.say("noemie", "1")
    question = await room.sees("nadia", "Noémie Abadie has another identity on Matrix")
    waiting = room.ask(select(Address.state).order_by(Address.id))
    await room.say("noemie", "SOS")
    alert = await room.sees("luc", "SOS: needs help now.")
    before = [each.text for each in room.people["noemie"].timeline.messages.values()]
    await room.took(await room.people["nadia"].reacts(question, "1️⃣"))
    tapped = await room.sees("nadia", "please answer this one in writing")
    undecided = room.ask(select(Address.state).order_by(Address.id))
    await room.reply("nadia", question, "1")
    again = await room.sees("noemie", "Good to see you again")

    assert waiting == undecided == [("confirmed",), ("confirmed",), ("pending",)]
    assert tapped.encrypted
    assert alert.encrypted
    assert not any("Perfect" in (text or "") for text in before)  # the answer was nobody's yet
    assert again.encrypted
    assert room.ask(select(Address.state).order_by(Address.id)) == [("confirmed",)] * 3


async def test_words_of_a_strange_device_are_no_answer_but_its_cry_is_heard(room: Encrypted) -> None:
    await room.join("luc", "noemie")
    await room.sees("noemie", "Hi Noémie")
    account = room.people["noemie"].account
    strange = await room.stack.enter_async_context(Intruder(room.server, account))
    await room.took(await strange.says(room.rooms["noemie"], "1"))
    unsure = await room.sees("noemie", "I cannot be sure that this came from you")
    await room.took(await strange.says(room.rooms["noemie"], "I want to die"))
    alert = await room.sees("luc", "A word of distress in a message.")
    await room.clock_goes(minutes=3)
    await room.took(await strange.says(room.rooms["noemie"], "SOS"))
    await room.sees("luc", "SOS: needs help now.")

    def read() -> list[Message]:
        return [
            each for each in strange.timeline.messages.values() if each.sender == room.account.user_id and each.text
        ]

    await strange.until(lambda: bool(read()))
    (card,) = read()  # the numbers, and nothing else

    assert unsure.encrypted
    assert alert.encrypted
    assert (card.text or "").startswith("🆘 Immediate danger: call 112")
    assert not card.encrypted
    assert room.ask(select(CaseRow.topic)) == [("distress",)]  # one case, two matters


async def test_a_lost_device_is_repaired_and_the_conversation_goes_on(room: Encrypted) -> None:
    await room.join("noemie")
    await room.sees("noemie", "Hi Noémie")
    await room.stop()
    device = room.folder.device()
    assert device is not None
    shutil.rmtree(room.folder.crypto(device.device_id))
    lost = await room.people["noemie"].says(room.rooms["noemie"], "1")
    await repair(room.account, room.folder, lambda _line: None)
    await room.start(patience=1)
    await room.took(f"{lost}/unread")
    told = await room.sees("noemie", "I could not read your last message")
    await room.say("noemie", "1")
    great = await room.sees("noemie", "Great!")

    assert all(each.encrypted and not each.shield for each in (told, great))
    assert room.ask(select(Address.channel, Address.state)) == [("matrix", "confirmed")]
