"""The keys of our device, when the process falls at the worst moment."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels.matrix.folder import Folder
from bot.channels.matrix.machine import Machine, NoStore
from tests.channels.matrix.conftest import Bot, until
from tests.channels.matrix.test_syncing import known, meet
from tests.synapse.homeserver import Homeserver
from tests.synapse.human import Human


@pytest.fixture
async def lea(homeserver: Homeserver) -> AsyncIterator[Human]:
    async with Human(homeserver, await homeserver.newcomer("Lea")) as lea:
        yield lea


def opened(folder: Folder) -> Machine:
    device = folder.device()
    assert device is not None
    return Machine(device, folder, folder.pickle_key())


async def test_key_that_was_being_kept_when_we_fell_can_be_opened_again(bot: Bot, lea: Human) -> None:
    """The library keeps that it was opened before it keeps the key. Found by killing: 2 of 60 messages lost."""
    held: list[Any] = []
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        assert channel.exchange is not None
        channel.exchange.machine.absorb = held.extend  # type: ignore[method-assign, assignment]
        said = await lea.says(room, "Gardé")
        await until(lambda: held and said in bot.kept.state["waiting"])
    event = bot.kept.state["waiting"][said]["event"]

    def fall(_session: object) -> None:
        raise KeyboardInterrupt

    machine = opened(bot.folder)
    machine.olm.save_inbound_group_session = fall
    with pytest.raises(KeyboardInterrupt):
        machine.absorb(held)
    machine.close()
    machine = opened(bot.folder)
    assert machine.decrypt(room, event) is None
    machine.absorb(held)
    read = machine.decrypt(room, event)
    machine.close()

    assert read is not None
    assert (read["sender"], read["content"]["body"], read["encrypted"]) == (lea.user_id, "Gardé", True)


async def test_event_of_another_room_is_not_read(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        said = await lea.says(room, "Ici")
        await until(lambda: bot.texts() == ["Ici"])
        event = await lea.asks("GET", f"rooms/{room}/event/{said}")
        assert channel.exchange is not None
        machine = channel.exchange.machine
        assert machine.decrypt(room, event) is not None
        assert machine.decrypt("!other:school.test", event) is None
        assert machine.decrypt(room, event | {"event_id": "$replayed"}) is None


def test_empty_store_is_not_taken_for_ours(bot: Bot) -> None:
    device = bot.folder.device()
    assert device is not None
    (bot.folder.crypto(device.device_id) / "crypto.db").unlink()
    with pytest.raises(NoStore):
        opened(bot.folder)
    assert not (bot.folder.crypto(device.device_id) / "crypto.db").exists()


def test_store_without_a_key_is_not_opened(bot: Bot) -> None:
    device = bot.folder.device()
    assert device is not None
    with pytest.raises(NoStore):
        Machine(device, bot.folder, "")
