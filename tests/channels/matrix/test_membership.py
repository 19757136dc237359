"""Which rooms are entered and which are left, and that whoever goes, comes back or throws us out is noticed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.matrix.channel import MatrixChannel
from bot.domain.channel import Permanent, Sent
from bot.domain.messages import Outgoing, Sort
from tests.channels.matrix.conftest import Bot, until
from tests.channels.matrix.test_syncing import known, meet
from tests.synapse.administration import Account as User
from tests.synapse.homeserver import Homeserver
from tests.synapse.human import Human, Intruder
from tests.synapse.person import ENCRYPTION


@pytest.fixture
async def lea(homeserver: Homeserver) -> AsyncIterator[Human]:
    async with Human(homeserver, await homeserver.newcomer("Lea")) as lea:
        yield lea


def sorts(bot: Bot, channel: MatrixChannel) -> list[tuple[Sort, str]]:
    return [(each.sort, each.address) for each in bot.incoming(channel) if each.sort is not Sort.ELSEWHERE]


async def test_who_leaves_is_gone_and_who_comes_back_is_back(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        await lea.leaves(room)
        await until(lambda: (Sort.LEFT, lea.user_id) in sorts(bot, channel))
        await lea.until(lambda: not channel.rooms.rooms)
        again = await meet(lea, bot)
        await lea.says(again, "Me revoilà")
        await until(lambda: bot.texts() == ["Me revoilà"])
        assert isinstance(await channel.send(Outgoing(1, lea.user_id, "Bon retour")), Sent)


@pytest.mark.parametrize("how", ["kick", "ban"])
async def test_who_throws_us_out_is_gone(bot: Bot, lea: Human, homeserver: Homeserver, how: str) -> None:
    async with bot.running() as (channel, _syncing):
        wanted = {"preset": "private_chat", "is_direct": True, "invite": [bot.account.user_id]}
        room = str((await lea.asks("POST", "createRoom", {**wanted, "initial_state": [ENCRYPTION]}))["room_id"])
        await known(channel, lea.user_id)
        throw = homeserver.admin.kick if how == "kick" else homeserver.admin.ban
        await throw(room, bot.account.user_id, by=lea.user_id)
        await until(lambda: (Sort.LEFT, lea.user_id) in sorts(bot, channel))
        assert channel.rooms.with_person(lea.user_id) is None


async def test_a_third_person_makes_us_leave_and_say_why(bot: Bot, lea: Human, homeserver: Homeserver) -> None:
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        third = await homeserver.newcomer("Third")
        await lea.invites(room, third.user_id)
        await lea.until(lambda: lea.timeline.members[room][bot.account.user_id] == "leave")
        assert channel.rooms.with_person(lea.user_id) is None
        assert await reason(lea, room, bot.account.user_id) is not None
        sent = await channel.send(Outgoing(1, lea.user_id, "À toi seule"))
        assert isinstance(sent, Sent)
        assert channel.rooms.with_person(lea.user_id) is not None


@pytest.mark.parametrize(("encrypted", "third"), [(False, False), (True, True)])
async def test_other_rooms_are_not_stayed_in(
    bot: Bot, lea: Human, homeserver: Homeserver, *, encrypted: bool, third: bool
) -> None:
    also: tuple[str, ...] = ((await homeserver.newcomer("Third")).user_id,) if third else ()
    async with bot.running():
        room = await lea.open_direct(bot.account.user_id, is_encrypted=encrypted, also=also)
        await lea.until(lambda: lea.timeline.members[room].get(bot.account.user_id) == "leave")
        assert await reason(lea, room, bot.account.user_id) is not None
    assert bot.texts() == []


async def test_a_room_that_is_replaced_is_left_and_the_next_message_opens_another(
    bot: Bot, lea: Human, homeserver: Homeserver
) -> None:
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        await homeserver.admin.upgrade(room, by=lea.user_id)
        await until(lambda: channel.rooms.with_person(lea.user_id) is None)
        assert isinstance(await channel.send(Outgoing(1, lea.user_id, "Par ici")), Sent)


async def test_a_room_of_a_new_version_is_followed_and_what_cannot_be_changed_any_more_is_said_anew(
    bot: Bot, lea: Human, homeserver: Homeserver
) -> None:
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        asked = await channel.send(Outgoing(1, lea.user_id, "Qui la prend ?"))
        assert isinstance(asked, Sent)
        newer = await homeserver.admin.upgrade(room, by=lea.user_id)
        await until(lambda: newer in channel.rooms.successors)
        await lea.invites(newer, bot.account.user_id)  # as an app does after an upgrade: not as a direct room
        await until(lambda: (found := channel.rooms.with_person(lea.user_id)) is not None and found.id == newer)
        taken = await channel.send(Outgoing(2, lea.user_id, "Nadia la prend", edit_of=asked.native))
        assert isinstance(taken, Sent)
        await lea.until(lambda: any(each.text == "Nadia la prend" for each in lea.timeline.messages.values()))

    assert taken.native not in {"", asked.native}
    said = {each.text for each in lea.timeline.messages.values() if each.sender == bot.account.user_id}
    assert said == {"Qui la prend ?", "Nadia la prend"}


async def test_what_was_said_in_a_room_that_is_gone_is_said_anew_at_once(
    bot: Bot, lea: Human, homeserver: Homeserver
) -> None:
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        asked = await channel.send(Outgoing(1, lea.user_id, "Qui la prend ?"))
        assert isinstance(asked, Sent)
        await homeserver.admin.delete_room(room)
        taken = await channel.send(Outgoing(2, lea.user_id, "Nadia la prend", edit_of=asked.native))
        again = await channel.send(Outgoing(3, lea.user_id, "Elle appelle"))
        await lea.until(lambda: bool(lea.timeline.invitations))
        (newer,) = lea.timeline.invitations
        await lea.joins(newer)
        heard = await lea.hears(2)

    assert newer != room
    assert [(each.room, each.text) for each in heard] == [(newer, "Nadia la prend"), (newer, "Elle appelle")]
    assert (taken, again) == (Sent(heard[0].event), Sent(heard[1].event))


async def test_what_was_said_before_they_left_is_said_anew_where_they_are(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        asked = await channel.send(Outgoing(1, lea.user_id, "Qui la prend ?"))
        assert isinstance(asked, Sent)
        await lea.hears()
        await lea.leaves(room)
        await until(lambda: channel.rooms.with_person(lea.user_id) is None)
        newer = await meet(lea, bot)
        await known(channel, lea.user_id)
        taken = await channel.send(Outgoing(2, lea.user_id, "Nadia la prend", edit_of=asked.native))
        (heard,) = await lea.hears()

    assert (heard.room, heard.text) == (newer, "Nadia la prend")
    assert taken == Sent(heard.event)


async def test_who_has_no_signed_device_is_told_and_gets_nothing(bot: Bot, homeserver: Homeserver) -> None:
    account: User = await homeserver.newcomer("Unsigned")
    async with Intruder(homeserver, account) as unsigned, bot.running() as (channel, _syncing):
        room = await unsigned.open_direct(bot.account.user_id)
        await unsigned.until(lambda: unsigned.timeline.members[room].get(bot.account.user_id) == "leave")
        why = await reason(unsigned, room, bot.account.user_id)
        assert why is not None
        assert "112" in why
        assert await channel.send(Outgoing(1, account.user_id, "Secret")) == Permanent("no identity")


async def reason(person: Human, room: str, user_id: str) -> str | None:
    """What somebody said when they left."""
    state = await person.asks("GET", f"rooms/{room}/state/m.room.member/{user_id}")
    found = state.get("reason")
    return found if isinstance(found, str) else None
