"""Taps on Matrix: chips answer, un-tapping takes back, a heart says nothing, and silence is noticed all the same."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from sqlalchemy import select

from bot.channels.matrix.choices import START
from bot.store.cases import CaseRow
from bot.store.messages import OutboxRow
from bot.store.sessions import SessionRow
from bot.store.stays import ItemState, Mark
from tests.journeys.on_matrix import Encrypted
from tests.synapse.timeline import Message

ARRIVED = "Have you arrived safely in Bergen"
PULSE = "how are the first days in Bergen going?"
NUDGE = "No worries if you had no time."
FIRST = "2027-03-10 18:30"
"""Noémie's first check-in has been asked: two days after she began."""


@pytest.fixture
def room(room: Encrypted) -> Encrypted:
    """At a school that asks for chips."""
    room.channel.offers.chips = True
    return room


async def tap(room: Encrypted, ref: str, text: str, symbol: str) -> tuple[Message, str]:
    """Tap one of the chips under the newest message that holds this text; the message, and what takes it back."""
    message = await room.sees(ref, text)
    await room.people[ref].until(lambda: symbol in message.chips)
    event = await room.people[ref].reacts(message, symbol)
    await room.took(event)
    return message, event


async def untap(room: Encrypted, ref: str, event: str) -> None:
    """Take a reaction or a message back."""
    await room.took(await room.people[ref].untaps(room.rooms[ref], event))


async def abroad(room: Encrypted, *others: str) -> None:
    """Noémie has said by taps that she arrived, and her check-in stands."""
    await room.join(*others, "noemie")
    await tap(room, "noemie", "Hi Noémie", "1️⃣")
    await room.until("2027-03-06 20:05")
    await tap(room, "noemie", ARRIVED, "2️⃣")
    for _ in range(2):
        await tap_the_last(room, "1️⃣")
    await room.until(FIRST)


async def abroad_in_words(room: Encrypted) -> None:
    """The same, typed."""
    await room.join("noemie")
    await room.say("noemie", "1")
    await room.until("2027-03-06 20:05")
    for number in ("2", "1", "1"):
        await room.say("noemie", number)
    await room.until(FIRST)


def polls(messages: Iterable[Message]) -> list[Message]:
    """Those about the week."""
    return [each for each in messages if each.kind == START and PULSE in each.content[START]["question"]["body"]]


async def tap_the_last(room: Encrypted, symbol: str) -> None:
    """Tap a chip of the question that stands."""
    (text,) = room.ask(
        select(OutboxRow.rendered).where(OutboxRow.edit_of.is_(None)).order_by(OutboxRow.id.desc()).limit(1)
    )[0]
    await tap(room, "noemie", text["text"], symbol)


def check_in(room: Encrypted) -> tuple[dict[str, str | None], str | None, str]:
    """What was answered, what is asked, and the state of the conversation."""
    wanted = select(SessionRow.answers, SessionRow.asked, SessionRow.state).where(SessionRow.flow == "check_in")
    answers, asked, state = room.ask(wanted.order_by(SessionRow.id))[-1]
    return dict(answers), asked, state


def cases(room: Encrypted) -> list[tuple[str, bool]]:
    return [(topic, closed is None) for topic, closed in room.ask(select(CaseRow.topic, CaseRow.closed_at))]


def outcome(room: Encrypted) -> list[str]:
    wanted = select(Mark.outcome).where(Mark.touchpoint == "check_in", Mark.occurrence == "first@2027-03-08")
    return [each for (each,) in room.ask(wanted)]


async def test_a_weekly_check_in_is_answered_by_taps_alone(room: Encrypted) -> None:
    await abroad(room)
    mood, _event = await tap(room, "noemie", PULSE, "2️⃣")
    await room.people["noemie"].until(lambda: "✔ 😐 So-so" in (mood.text or ""))
    for _ in range(7):
        await tap_the_last(room, "1️⃣")

    answers, asked, state = check_in(room)
    assert (answers["mood"], len(answers), asked, state) == ("very_good", 8, None, "done")
    assert outcome(room) == ["answered"]
    assert {state for state, _problem in room.inbox()} == {"handled"}
    assert cases(room) == []


async def test_untapped_and_tapped_otherwise_is_the_other_answer(room: Encrypted) -> None:
    await abroad(room)
    mood, event = await tap(room, "noemie", PULSE, "2️⃣")
    phone = room.people["noemie"]
    await phone.until(lambda: "✔ 😐 So-so" in (mood.text or ""))
    asked_next = await room.sees("noemie", "How do you feel this week?")
    said = len(phone.timeline.messages)
    await untap(room, "noemie", event)

    await phone.until(lambda: (mood.text or "").endswith("3. 📞 Call me"))
    await phone.until(
        lambda: (asked_next.text or "").endswith("How do you feel this week?")
    )  # it offers nothing any more
    assert check_in(room) == ({}, "pulse", "open")
    assert outcome(room) == ["asked"]
    assert len(phone.timeline.messages) == said

    await tap(room, "noemie", PULSE, "1️⃣")
    await phone.until(lambda: "✔ 🙂 Fine" in (mood.text or ""))
    assert check_in(room)[0] == {"pulse": "fine"}
    assert outcome(room) == ["answered"]


async def test_untapping_what_no_longer_counts_changes_nothing(room: Encrypted) -> None:
    await abroad(room)
    _mood, first = await tap(room, "noemie", PULSE, "2️⃣")
    await tap(room, "noemie", PULSE, "1️⃣")
    await untap(room, "noemie", first)

    assert check_in(room)[0] == {"pulse": "fine"}


async def test_a_typed_answer_that_is_deleted_is_taken_back(room: Encrypted) -> None:
    await abroad(room)
    await room.sees("noemie", PULSE)
    said = await room.people["noemie"].says(room.rooms["noemie"], "bof")
    await room.took(said)
    before = check_in(room)
    await untap(room, "noemie", said)

    assert before[0] == {"pulse": "so_so"}
    assert check_in(room) == ({}, "pulse", "open")


async def test_untapped_and_then_silence_is_noticed_as_if_never_answered(room: Encrypted) -> None:
    await abroad(room, "nadia")
    await room.clock_goes(hours=1)
    _mood, event = await tap(room, "noemie", PULSE, "2️⃣")
    await room.clock_goes(hours=1)
    await untap(room, "noemie", event)
    await room.until("2027-03-11 20:29")
    early = room.ask(select(OutboxRow.step).where(OutboxRow.step == "nudge_1"))
    await room.until("2027-03-12 09:00")
    nudged = await room.sees("noemie", NUDGE)
    await room.until("2027-03-15 08:00")
    told = await room.sees("nadia", "No answer to: the weekly check-in.")

    assert early == []
    assert all(each.encrypted and not each.shield for each in (nudged, told))
    assert cases(room) == [("missed", True)]
    assert outcome(room) == ["missed"]


async def test_an_answer_that_an_adult_was_told_of_cannot_be_taken_back(room: Encrypted) -> None:
    await abroad(room, "nadia")
    _mood, event = await tap(room, "noemie", PULSE, "3️⃣")
    await untap(room, "noemie", event)

    assert (await room.sees("noemie", "Nadia Ferhaoui already knows about this answer")).encrypted
    assert check_in(room)[0]["pulse"] == "call"


async def test_an_item_of_the_checklist_is_to_do_again(room: Encrypted) -> None:
    await room.join("noemie")
    await tap(room, "noemie", "Hi Noémie", "1️⃣")
    card, event = await tap(room, "noemie", "European Health Insurance Card", "1️⃣")
    before = room.ask(select(ItemState.item, ItemState.state))
    await untap(room, "noemie", event)
    await room.people["noemie"].until(lambda: "✔" not in (card.text or ""))

    wanted = select(SessionRow.asked, SessionRow.state).where(SessionRow.touchpoint == "item.ehic")
    assert before == [("ehic", "declared")]
    assert room.ask(select(ItemState.item, ItemState.state)) == [("ehic", "todo")]
    assert room.ask(wanted) == [("state", "open")]


async def test_a_heart_gets_no_reply(room: Encrypted) -> None:
    await abroad(room)
    phone, mood = room.people["noemie"], await room.sees("noemie", PULSE)
    said, before = len(phone.timeline.messages), room.ask(select(OutboxRow.id))
    await room.took(*[await phone.reacts(mood, symbol) for symbol in ("❤️", "👍", "9️⃣")])
    own = await phone.shown(await phone.says(room.rooms["noemie"], "/next"))
    await room.took(own.event, await phone.reacts(own, "1️⃣"))
    await room.sees("noemie", "Next:")

    assert len(room.ask(select(OutboxRow.id))) == len(before) + 1
    assert len(phone.timeline.messages) == said + 2
    assert check_in(room) == ({}, "pulse", "open")


async def test_an_adult_takes_a_case_by_a_chip_and_untapping_leaves_it_taken(room: Encrypted) -> None:
    await room.join("nadia", "luc", "noemie")
    await tap(room, "noemie", "Hi Noémie", "1️⃣")
    await room.until("2027-03-06 20:05")
    await room.say("noemie", "SOS")
    _alert, event = await tap(room, "luc", "SOS: needs help now.", "1️⃣")
    taken = await room.sees("luc", "✋ Taken by Luc Perrichon")
    await untap(room, "luc", event)

    assert taken.encrypted
    assert room.ask(select(CaseRow.topic, CaseRow.owner_id.is_not(None))) == [("sos", True)]


async def test_silence_reaches_the_coordinator(room: Encrypted) -> None:
    await abroad(room, "nadia")
    asked = await room.sees("noemie", PULSE)
    await room.until("2027-03-11 18:31")
    nudged = await room.sees("noemie", NUDGE)
    await room.until("2027-03-14 09:00")
    told = await room.sees("nadia", "No answer to: the weekly check-in. My message was delivered.")

    assert all(each.encrypted and not each.shield for each in (asked, nudged, told))
    assert "Noémie A., Bergen" in (told.text or "")
    assert cases(room) == [("missed", True)]
    assert outcome(room) == ["missed"]


async def test_a_late_tap_settles_the_case_and_taken_back_it_leads_to_another(room: Encrypted) -> None:
    await abroad(room, "nadia")
    await room.until("2027-03-13 09:00")
    _nudge, event = await tap(room, "noemie", NUDGE, "1️⃣")
    settled, said = cases(room), outcome(room)
    await untap(room, "noemie", event)
    stands, asked = check_in(room), outcome(room)
    await room.until("2027-03-15 08:00")

    assert (settled, said) == ([("missed", False)], ["answered"])
    assert (stands, asked) == (({"pulse": None}, "nudge_1", "open"), ["asked"])
    assert cases(room) == [("missed", False), ("missed", True)]
    assert (await room.sees("nadia", "No answer to: the weekly check-in.")).encrypted


async def test_votes_in_a_poll_answer_and_are_taken_back(room: Encrypted) -> None:
    room.channel.offers.polls = True
    await abroad_in_words(room)
    phone, mood = room.people["noemie"], await room.sees("noemie", PULSE)
    await phone.until(lambda: polls(phone.timeline.messages.values()))
    poll = polls(phone.timeline.messages.values())[-1]
    fine, so_so = (answer["id"] for answer in poll.content[START]["answers"][:2])
    await room.took(await phone.votes(poll, fine))
    first = check_in(room)[0]
    await room.took(await phone.votes(poll, so_so))
    second = check_in(room)[0]
    await room.took(await phone.votes(poll))

    assert mood.chips == []
    assert (first, second) == ({"pulse": "fine"}, {"pulse": "so_so"})
    assert check_in(room) == ({}, "pulse", "open")
