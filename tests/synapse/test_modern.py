"""Today's client, which excludes insecure devices, in front of the human on nio and of unsigned devices."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.synapse.homeserver import Homeserver
from tests.synapse.human import Human, Intruder
from tests.synapse.modern import INSTALL, Modern, available

pytestmark = pytest.mark.skipif(not available(), reason=f"matrix-js-sdk is not installed here: {INSTALL}")
IMAGE = b"\x89PNG and so on"


@pytest.fixture
async def lina(homeserver: Homeserver) -> AsyncIterator[Modern]:
    async with Modern(homeserver, await homeserver.newcomer("Lina")) as lina:
        yield lina


@pytest.fixture
async def amir(homeserver: Homeserver) -> AsyncIterator[Human]:
    async with Human(homeserver, await homeserver.newcomer("Amir")) as amir:
        yield amir


async def together(lina: Modern, amir: Human) -> str:
    """A direct room that she opened."""
    room = await lina.open_direct(amir.user_id)
    await amir.until(lambda: room in amir.timeline.invitations)
    await amir.joins(room)
    await lina.until(lambda: lina.timeline.members[room].get(amir.user_id) == "join")
    return room


async def test_a_strict_client_converses_with_a_signed_device(lina: Modern, amir: Human) -> None:
    room = await together(lina, amir)
    asked = await lina.says(room, "Salut")
    (heard,) = await amir.hears()
    await amir.replies(heard, "Hé")
    (answer,) = await lina.hears()

    assert (heard.event, heard.text, heard.shield) == (asked, "Salut", "")
    assert (answer.text, answer.encrypted, answer.shield, answer.answers) == ("Hé", True, "", asked)
    assert (await lina.sees(amir.user_id)).devices == {amir.device: True}


async def test_reactions_edits_threads_and_images_arrive(lina: Modern, amir: Human) -> None:
    room = await together(lina, amir)
    first = await amir.says(room, "Monday?")
    (asked,) = await lina.hears()
    tapped, mine = await lina.reacts(asked, "1️⃣"), await amir.shown(first)
    await amir.until(lambda: mine.chips == ["1️⃣"])
    await lina.untaps(room, tapped)
    await amir.until(lambda: mine.chips == [])
    await amir.edits(room, first, "Tuesday?")
    await lina.until(lambda: asked.versions == ["Monday?", "Tuesday?"])
    await lina.says_in_thread(asked, "Yes")
    await lina.sends_image(room, IMAGE)
    answer, image = await amir.hears(2)
    await amir.reads(image)
    await amir.types(room)
    await lina.until(lambda: lina.timeline.read.get(amir.user_id) == image.event)
    await lina.until(lambda: [amir.user_id] in lina.timeline.typing)

    assert (answer.text, answer.thread, await amir.saves(image)) == ("Yes", first, IMAGE)


async def test_an_unsigned_device_is_neither_shown_nor_given_keys(lina: Modern, homeserver: Homeserver) -> None:
    async with Intruder(homeserver, await homeserver.newcomer("Unsigned")) as unsigned:
        room = await lina.open_direct(unsigned.user_id)
        await unsigned.joins(room)
        await lina.until(lambda: lina.timeline.members[room].get(unsigned.user_id) == "join")
        await unsigned.says(room, "Can you read me?")
        (heard,) = await lina.hears()
        await lina.says(room, "No")
        (withheld,) = await unsigned.hears()

        assert (await lina.sees(unsigned.user_id)).devices == {unsigned.device: False}
    assert (heard.text, heard.shield, withheld.text) == (None, "UNSIGNED_SENDER_DEVICE", None)


async def test_a_changed_identity_needs_approval(lina: Modern, amir: Human) -> None:
    room = await together(lina, amir)
    await amir.says(room, "Before")
    await lina.hears()
    await amir.changes_identity()

    assert (await lina.sees(amir.user_id)).needs_approval
    await lina.approves(amir.user_id)
    assert not (await lina.sees(amir.user_id)).needs_approval
