"""What can go wrong with a homeserver, a room or a device: each has its end, and none is silence."""

from __future__ import annotations

import ast
import asyncio
import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels.matrix.channel import MatrixChannel
from bot.channels.matrix.setup import repair, setup
from bot.domain.channel import NotSent, Sent
from bot.domain.messages import Outgoing, Sort
from tests.channels.matrix.conftest import Bot, until
from tests.channels.matrix.test_syncing import known, meet
from tests.synapse.homeserver import Homeserver
from tests.synapse.human import Human
from tests.synapse.seen import NO_SHIELD


@pytest.fixture
async def lea(homeserver: Homeserver) -> AsyncIterator[Human]:
    async with Human(homeserver, await homeserver.newcomer("Lea")) as lea:
        yield lea


def sorts(bot: Bot, channel: MatrixChannel) -> list[tuple[Sort, str]]:
    return [(each.sort, each.address) for each in bot.incoming(channel) if each.sort is not Sort.ELSEWHERE]


NONSENSE: list[dict[str, Any]] = [
    {
        "algorithm": "m.olm.v1.curve25519-aes-sha2",
        "sender_key": "x",
        "ciphertext": {"KEY": {"type": 0, "body": "AAAA"}},
    },
    {"algorithm": "m.olm.v1.curve25519-aes-sha2", "sender_key": "x", "ciphertext": {"KEY": {"type": 1, "body": "é"}}},
    {"algorithm": "m.olm.v1.curve25519-aes-sha2", "sender_key": "x", "ciphertext": {"KEY": {"type": 1, "body": ""}}},
    {"algorithm": "m.olm.v1.curve25519-aes-sha2", "sender_key": 3, "ciphertext": {"KEY": {}}},
    {"algorithm": "m.olm.v1.curve25519-aes-sha2", "sender_key": "x", "ciphertext": "x"},
    {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"},
    {"algorithm": 7},
    {},
]


async def test_malformed_to_device_messages_are_swallowed(bot: Bot, lea: Human) -> None:
    """Any account can send them; matrix-nio's own loop ends at the first."""
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        assert channel.exchange is not None
        machine = channel.exchange.machine
        for place, content in enumerate(NONSENSE):
            written = str(content).replace("KEY", machine.keys["curve25519"])
            parcel = {bot.account.user_id: {machine.device.device_id: ast.literal_eval(written)}}
            for kind in ("m.room.encrypted", "m.key.verification.start", "m.room_key_request", "m.room_key"):
                await lea.asks("PUT", f"sendToDevice/{kind}/{place}-{kind}", {"messages": parcel})
        await lea.says(room, "Encore là")
        await until(lambda: bot.texts() == ["Encore là"])
        assert isinstance(await channel.send(Outgoing(1, lea.user_id, "Oui")), Sent)
    assert bot.kept.told == []


async def test_malformed_events_in_a_room_are_rows_and_hinder_no_other(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        sent: list[tuple[str, dict[str, Any]]] = [
            ("m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2", "session_id": "x", "ciphertext": "é"}),
            ("m.room.encrypted", {"algorithm": ["x"], "session_id": {}, "ciphertext": 3}),
            ("m.sticker", {}),
            ("m.room.message", {"msgtype": "m.text", "body": "clair"}),
        ]
        for place, (kind, content) in enumerate(sent):
            await lea.asks("PUT", f"rooms/{room}/send/{kind}/x{place}", content)
        await lea.says(room, "Lisible")
        await until(lambda: "Lisible" in bot.texts())
        await until(lambda: sum(name.endswith("/unread") for name in bot.kept.inbox) == 2)
        plain = [raw["event"] for raw in bot.kept.inbox.values() if raw["event"]["content"].get("body") == "clair"]
    assert "encrypted" not in plain[0]


async def test_what_cannot_be_read_is_said_so_and_read_when_its_key_comes(bot: Bot, lea: Human) -> None:
    """The key is held back as a lost to-device message would be."""
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        assert channel.exchange is not None
        machine = channel.exchange.machine
        held: list[Any] = []
        absorb = machine.absorb
        machine.absorb = held.extend  # type: ignore[method-assign, assignment]
        said = await lea.says(room, "Plus tard")
        await until(lambda: bot.kept.inbox.keys() >= {f"{said}/unread"})
        told = [each for each in bot.incoming(channel) if each.native == f"{said}/unread"]
        assert [(each.sort, each.address, each.text) for each in told] == [(Sort.SEALED, lea.user_id, "")]
        assert said in bot.kept.state["waiting"]
        machine.absorb = absorb  # type: ignore[method-assign]
        machine.absorb(held)
        await until(lambda: bot.texts() == ["Plus tard"])
        await until(lambda: bot.kept.state["waiting"] == {})


async def test_a_homeserver_that_is_down_is_an_alarm_and_then_over(bot: Bot, lea: Human, tmp_path: Any) -> None:
    (tmp_path / "other").mkdir()
    with Homeserver(tmp_path / "other") as other:
        user = await other.register("compagnon")
        account = type(bot.account)(other.url, user.user_id, user.password)
        shutil.rmtree(bot.folder.path)
        await setup(account, bot.folder, lambda _line: None)
        alone = Bot(account, bot.folder)
        async with Human(other, await other.register("lea")) as lea, alone.running() as (channel, _syncing):
            room = await meet(lea, alone)
            await known(channel, lea.user_id)
            await other.down()
            await until(lambda: alone.kept.told == ["down"])
            assert isinstance(await channel.send(Outgoing(1, lea.user_id, "Perdu ?")), NotSent)
            await other.up()
            await until(lambda: alone.kept.told == ["down", None])
            await lea.says(room, "Toujours là")
            await until(lambda: alone.texts() == ["Toujours là"])
            assert isinstance(await channel.send(Outgoing(1, lea.user_id, "Perdu ?")), Sent)
            assert [each.text for each in await lea.hears()] == ["Perdu ?"]


async def test_a_revoked_token_is_an_alarm_and_a_repair_mends_it(bot: Bot, lea: Human, homeserver: Homeserver) -> None:
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        await channel.send(Outgoing(1, lea.user_id, "Avant"))
        heard = await lea.hears()
        device = bot.folder.device()
        assert device is not None
        await homeserver.admin.delete_device(device.user_id, device.device_id)
        await until(lambda: bot.kept.told == ["token"])
        assert isinstance(await channel.send(Outgoing(2, lea.user_id, "Après")), NotSent)
        assert channel.trouble == "token"
        await repair(bot.account, bot.folder, lambda _line: None)
        await until(lambda: bot.kept.told == ["token", None])
        assert isinstance(await channel.send(Outgoing(2, lea.user_id, "Après")), Sent)
        heard += await lea.hears()
        await lea.says(room, "Je te lis")
        await until(lambda: bot.texts() == ["Je te lis"])
    assert [(each.text, each.shield) for each in heard] == [("Avant", NO_SHIELD), ("Après", NO_SHIELD)]


async def test_an_old_store_is_not_used(bot: Bot, lea: Human) -> None:
    backup = bot.folder.path.with_name("backup")
    shutil.copytree(bot.folder.path, backup)
    async with bot.running() as (channel, _syncing):
        await meet(lea, bot)
        await known(channel, lea.user_id)
    shutil.rmtree(bot.folder.path)
    shutil.copytree(backup, bot.folder.path)
    async with bot.running() as (channel, _syncing):
        await until(lambda: bot.kept.told == ["store"])
        assert isinstance(await channel.send(Outgoing(1, lea.user_id, "Illisible")), NotSent)


async def test_one_time_keys_are_refilled_when_there_are_none_left(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        await until(lambda: channel.rooms.known)
        device = bot.folder.device()
        assert device is not None
        wanted = {"one_time_keys": {device.user_id: {device.device_id: "signed_curve25519"}}}
        for _ in range(55):
            await lea.asks("POST", "keys/claim", wanted)
        room = await meet(lea, bot)
        await lea.says(room, "Lisible")
        await until(lambda: bot.texts() == ["Lisible"])
        assert channel.exchange is not None
        await until(lambda: channel.exchange and channel.exchange.machine.olm.uploaded_key_count == 50)


async def test_the_limits_of_the_homeserver_are_learnt(bot: Bot, lea: Human, tmp_path: Any) -> None:
    (tmp_path / "strict").mkdir()
    with Homeserver(tmp_path / "strict", limits="default") as strict:
        user = await strict.register("compagnon")
        account = type(bot.account)(strict.url, user.user_id, user.password)
        shutil.rmtree(bot.folder.path)
        await setup(account, bot.folder, lambda _line: None)
        alone = Bot(account, bot.folder)
        async with Human(strict, await strict.register("lea")) as lea, alone.running() as (channel, _syncing):
            await meet(lea, alone)
            await known(channel, lea.user_id)
            channel.pace = MatrixChannel(account, alone.folder, pinned=alone.kept.pinned, pin=alone.kept.pin).pace
            assert channel.pace is not None
            outcomes = [await channel.send(Outgoing(number, lea.user_id, str(number))) for number in range(1, 14)]
            told = [each for each in outcomes if isinstance(each, NotSent)]
            assert told
            assert all(each.retry_after for each in told)
            assert channel.pace.waits(asyncio.get_running_loop().time()) > 0
