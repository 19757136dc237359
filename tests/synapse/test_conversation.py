"""Two humans on a real homeserver: what the other tests rest on."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.synapse.homeserver import Homeserver
from tests.synapse.human import Human, Intruder
from tests.synapse.seen import CHANGED, NO_SHIELD, UNENCRYPTED, UNSIGNED

IMAGE = b"\x89PNG and so on"


@pytest.fixture
async def lina(homeserver: Homeserver) -> AsyncIterator[Human]:
    async with Human(homeserver, await homeserver.newcomer("Lina")) as lina:
        yield lina


@pytest.fixture
async def amir(homeserver: Homeserver) -> AsyncIterator[Human]:
    async with Human(homeserver, await homeserver.newcomer("Amir")) as amir:
        yield amir


@pytest.fixture
async def room(lina: Human, amir: Human) -> str:
    """A direct room in which both are."""
    room = await lina.open_direct(amir.user_id)
    await amir.until(lambda: room in amir.timeline.invitations)
    await amir.joins(room)
    await lina.until(lambda: lina.timeline.members[room].get(amir.user_id) == "join")
    return room


async def test_two_strict_humans_converse_without_a_shield(lina: Human, amir: Human, room: str) -> None:
    await lina.says(room, "Salut")
    (asked,) = await amir.hears()
    await amir.replies(asked, "Hé")
    (answer,) = await lina.hears()

    assert (asked.text, asked.encrypted, asked.shield) == ("Salut", True, NO_SHIELD)
    assert (answer.text, answer.encrypted, answer.shield, answer.answers) == ("Hé", True, NO_SHIELD, asked.event)


async def test_what_was_said_while_asleep_is_heard_in_order(lina: Human, amir: Human, room: str) -> None:
    for text in ("one", "two", "three"):
        await lina.says(room, text)

    assert [message.text for message in await amir.hears(3)] == ["one", "two", "three"]


async def test_reactions_edits_and_threads_arrive(lina: Human, amir: Human, room: str) -> None:
    first = await lina.says(room, "Monday?")
    (asked,) = await amir.hears()
    tapped = await amir.reacts(asked, "1️⃣")
    mine = await lina.shown(first)
    await lina.until(lambda: mine.chips == ["1️⃣"])
    await amir.untaps(room, tapped)
    await lina.until(lambda: mine.chips == [])
    await lina.edits(room, first, "Tuesday?")
    await amir.until(lambda: asked.versions == ["Monday?", "Tuesday?"])
    await amir.says_in_thread(asked, "Yes")
    (answer,) = await lina.hears()

    assert (answer.text, answer.thread) == ("Yes", first)


async def test_reading_and_typing_are_seen(lina: Human, amir: Human, room: str) -> None:
    first = await lina.says(room, "Are you there?")
    (asked,) = await amir.hears()
    await amir.reads(asked)
    await amir.types(room)
    await lina.until(lambda: lina.timeline.read.get(amir.user_id) == first)
    await lina.until(lambda: [amir.user_id] in lina.timeline.typing)


async def test_an_image_arrives_byte_for_byte(lina: Human, amir: Human, room: str) -> None:
    await lina.sends_image(room, IMAGE)
    (shown,) = await amir.hears()

    assert (shown.text, await amir.saves(shown)) == ("photo.png", IMAGE)


async def test_an_unsigned_device_is_seen_as_such_and_gets_no_keys(lina: Human, amir: Human, room: str) -> None:
    async with Intruder(lina.homeserver, amir.account) as intruder:
        assert (await lina.sees(amir.user_id)).devices == {
            amir.device: True,
            intruder.device: False,
        }
        await lina.says(room, "For Amir only")
        (heard,), (stolen,) = await amir.hears(), await intruder.hears()
        await intruder.says(room, "I am Amir")
        (forged,) = await lina.hears()

    assert (heard.text, stolen.text) == ("For Amir only", None)
    assert (forged.text, forged.shield) == (None, UNSIGNED)


async def test_a_second_device_signed_by_its_owner_reads_too(lina: Human, amir: Human, room: str) -> None:
    async with Human(lina.homeserver, amir.account, identity=amir.identity) as tablet:
        await lina.says(room, "On both")
        (heard,), (also,) = await amir.hears(), await tablet.hears()

    assert (heard.text, also.text) == ("On both", "On both")


async def test_a_changed_identity_is_noticed(lina: Human, amir: Human, room: str) -> None:
    await lina.says(room, "Before")
    await amir.hears()
    await amir.changes_identity()
    await amir.says(room, "It is me")
    (heard,) = await lina.hears()
    await lina.says(room, "Is it?")
    (withheld,) = await amir.hears()
    await lina.verifies(amir.user_id)
    await lina.says(room, "It is")
    (given,) = await amir.hears()

    assert (heard.text, heard.shield, withheld.text, given.text) == (None, CHANGED, None, "It is")


async def test_plain_text_in_an_encrypted_room_is_marked(lina: Human, amir: Human, room: str) -> None:
    await lina.asks("PUT", f"rooms/{room}/send/m.room.message/1", {"msgtype": "m.text", "body": "open"})
    (heard,) = await amir.hears()

    assert (heard.text, heard.encrypted, heard.shield) == ("open", False, UNENCRYPTED)


async def test_who_leaves_is_seen_to_have_left(lina: Human, amir: Human, room: str) -> None:
    await amir.leaves(room)
    await lina.until(lambda: lina.timeline.members[room][amir.user_id] == "leave")
    await amir.until(lambda: amir.timeline.members[room][amir.user_id] == "leave")
