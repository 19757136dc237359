"""What the fixture itself promises: limits, going down and coming up, and the administrator's hands."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.synapse.administration import Refused, Unreachable
from tests.synapse.homeserver import Homeserver
from tests.synapse.human import Human


async def alone(human: Human) -> str:
    """An encrypted room of one's own."""
    return str((await human.asks("POST", "createRoom", {"preset": "private_chat"}))["room_id"])


async def test_default_limits_are_synapses_own(tmp_path: Path) -> None:
    with Homeserver(tmp_path, limits="default") as homeserver:
        lina = await homeserver.register("lina")
        async with Human(homeserver, lina) as phone:
            room = await alone(phone)
            sent, refused = await burst(phone, room, 20)
            await homeserver.admin.limits(lina.user_id, per_second=0, burst=0)
            unlimited, _ = await burst(phone, room, 20)

    assert (0 < sent <= 11, refused and refused.status, unlimited) == (True, 429, 20)
    assert refused is not None
    assert refused.answer["retry_after_ms"] > 0


async def burst(phone: Human, room: str, number: int) -> tuple[int, Refused | None]:
    """How many messages in a row the homeserver takes, and what it says then."""
    for sent in range(number):
        try:
            await phone.asks(
                "PUT", f"rooms/{room}/send/m.room.message/{os.urandom(4).hex()}", {"msgtype": "m.text", "body": "…"}
            )
        except Refused as refused:
            return sent, refused
    return number, None


async def test_what_was_said_survives_going_down_and_being_killed(tmp_path: Path) -> None:
    async with (
        Homeserver(tmp_path) as homeserver,
        Human(homeserver, await homeserver.newcomer("Lina")) as lina,
        Human(homeserver, await homeserver.newcomer("Amir")) as amir,
    ):
        room = await lina.open_direct(amir.user_id)
        await amir.joins(room)
        await lina.says(room, "Before")
        await homeserver.down()
        with pytest.raises(Unreachable):
            await lina.says(room, "Meanwhile")
        await amir.pull(0)
        await homeserver.up()
        await lina.says(room, "After")
        await homeserver.down(kill=True)
        await homeserver.up()
        await lina.says(room, "At last")

        assert [message.text for message in await amir.hears(3)] == ["Before", "After", "At last"]


async def test_a_kicked_guest_learns_of_it(homeserver: Homeserver) -> None:
    async with (
        Human(homeserver, await homeserver.newcomer("Lina")) as lina,
        Human(homeserver, await homeserver.newcomer("Amir")) as amir,
    ):
        room = await lina.open_direct(amir.user_id, preset="private_chat")
        await amir.joins(room)
        await homeserver.admin.kick(room, amir.user_id, by=lina.user_id)
        await amir.until(lambda: amir.timeline.members[room][amir.user_id] == "leave")


async def test_an_upgraded_room_points_to_its_successor(homeserver: Homeserver) -> None:
    async with Human(homeserver, await homeserver.newcomer("Lina")) as lina:
        old = str((await lina.asks("POST", "createRoom", {"preset": "private_chat", "room_version": "10"}))["room_id"])
        new = await homeserver.admin.upgrade(old, by=lina.user_id)
        await lina.until(lambda: successors(lina) == [new])


def successors(human: Human) -> list[str]:
    """Where the tombstones point."""
    return [e["content"]["replacement_room"] for e in human.timeline.states if e["type"] == "m.room.tombstone"]


async def test_a_deleted_device_and_a_closed_account_are_logged_out(homeserver: Homeserver) -> None:
    lina = await homeserver.newcomer("Lina")
    async with Human(homeserver, lina) as phone, Human(homeserver, lina, identity=phone.identity) as tablet:
        await homeserver.admin.delete_device(lina.user_id, phone.device)
        with pytest.raises(Refused, match="M_UNKNOWN_TOKEN"):
            await phone.asks("GET", "account/whoami")
        assert set(await homeserver.admin.devices(lina.user_id)) == {lina.device, tablet.device}
        await homeserver.admin.deactivate(lina.user_id)
        with pytest.raises(Refused, match="M_UNKNOWN_TOKEN"):
            await tablet.asks("GET", "account/whoami")


async def test_a_suspended_account_reads_and_cannot_write(homeserver: Homeserver) -> None:
    async with Human(homeserver, await homeserver.newcomer("Lina")) as lina:
        room = await alone(lina)
        await homeserver.admin.suspend(lina.user_id)
        with pytest.raises(Refused, match="M_USER_SUSPENDED"):
            await lina.asks("PUT", f"rooms/{room}/send/m.room.message/1", {"msgtype": "m.text", "body": "…"})
