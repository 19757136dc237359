"""The same conversations on Matrix, end-to-end encrypted, on a real homeserver."""

from __future__ import annotations

from sqlalchemy import select

from bot.handlers.people.invitations import claim
from bot.store.cases import CaseRow
from bot.store.people import Address
from tests.journeys.on_matrix import Encrypted


async def test_a_code_in_an_encrypted_room_of_two_begins_and_numbers_answer(room: Encrypted) -> None:
    await room.join("noemie")
    (hello,) = await room.heard("noemie")
    await room.say("noemie", "1")
    edited = await room.people["noemie"].shown(next(iter(room.people["noemie"].timeline.messages)))
    said = await room.heard("noemie", 2)

    assert hello.startswith("Hi Noémie, I am Compagnon")
    assert "\n\n1. Yes, let's start\n2. What are your rules?" in hello
    assert edited.encrypted
    assert said[0].startswith("Great!")
    assert said[1].startswith("1/2 · Your European Health Insurance Card (EHIC)")
    assert room.ask(select(Address.channel, Address.state)) == [("matrix", "confirmed")]


async def test_a_cry_reaches_the_deputy_who_takes_it_by_number_and_writes_to_the_learner(room: Encrypted) -> None:
    await room.join("nadia", "luc", "noemie")
    await room.say("noemie", "1")
    await room.until("2027-03-06 20:05")
    await room.say("noemie", "SOS")
    danger = await room.sees("noemie", "Immediate danger")
    alert = await room.sees("luc", "SOS: needs help now.")
    await room.reply("luc", alert, "1")
    taken = await room.sees("luc", "You follow the case of Noémie A.")
    await room.reply("luc", taken, "I call you now, Noémie")
    written = await room.sees("noemie", "Luc Perrichon writes to you")
    await room.say("noemie", "thank you")
    back = await room.sees("luc", "Noémie A. answers you")

    assert (danger.text or "").endswith(
        "1. Yes, call me\n2. No, write to me\n3. It was a mistake\n4. Other numbers\n5. Not this adult…"
    )
    assert "« I call you now, Noémie »" in (written.text or "")
    assert "« thank you »" in (back.text or "")
    assert all(each.encrypted and not each.shield for each in (danger, alert, taken, written, back))
    assert room.ask(select(CaseRow.topic, CaseRow.owner_id.is_not(None))) == [("sos", True)]


async def test_on_from_telegrams_place_on_the_web_page_and_back(room: Encrypted) -> None:
    await room.join("noemie")
    await room.sees("noemie", "Hi Noémie")
    await room.do(claim, await room.code("noemie"), "web", "a browser")
    await room.clock_goes(minutes=1)
    await room.app.receive("web", "first", {"address": "a browser", "text": "1"})
    await room.app.settle()
    await room.clock_goes(minutes=1)
    await room.say("noemie", "/next")

    assert (await room.sees("noemie", "Next:")).encrypted
    assert (await room.sees("noemie", "✔ Yes, let's start")).text  # the other channel's choices are done
    assert {channel for (channel,) in room.ask(select(Address.channel))} == {"matrix", "web"}


async def test_what_is_said_while_the_bot_is_down_is_answered_once(room: Encrypted) -> None:
    await room.join("noemie")
    await room.sees("noemie", "Hi Noémie")
    await room.stop()
    said = [await room.people["noemie"].says(room.rooms["noemie"], words) for words in ("one", "two", "SOS")]
    await room.start()
    await room.took(*said)

    assert (await room.sees("noemie", "Immediate danger")).encrypted
    assert room.ask(select(CaseRow.topic)) == [("sos",)]
    assert {state for state, _problem in room.inbox()} == {"handled"}
