"""A person on today's strict client and the bot, on a real homeserver."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.matrix.channel import MatrixChannel
from bot.domain.channel import Permanent, Sent
from bot.domain.messages import Button, Outgoing, Sort
from tests.channels.matrix.conftest import Bot, until
from tests.synapse.homeserver import Homeserver
from tests.synapse.human import Human, Intruder
from tests.synapse.seen import NO_SHIELD


@pytest.fixture
async def lea(homeserver: Homeserver) -> AsyncIterator[Human]:
    async with Human(homeserver, await homeserver.newcomer("Lea")) as lea:
        yield lea


async def meet(lea: Human, bot: Bot) -> str:
    """The room in which they are alone; the bot runs."""
    room = await lea.open_direct(bot.account.user_id)
    await lea.until(lambda: lea.timeline.members[room].get(bot.account.user_id) == "join")
    return room


async def known(channel: MatrixChannel, user_id: str) -> None:
    """The bot knows their room."""
    await until(lambda: channel.rooms.with_person(user_id))


async def test_they_converse_without_a_shield(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        said = await lea.says(room, "Salut")
        await until(lambda: bot.texts() == ["Salut"])
        buttons = (Button("1.0", "Oui"), Button("1.1", "Non"))
        sent = await channel.send(Outgoing(1, lea.user_id, "Ça va ?", buttons))
        (heard,) = await lea.hears()
        await lea.replies(heard, "1")
        await lea.edits(room, said, "Bonjour")
        await until(lambda: len(bot.texts()) == 3)
        incoming = [each for each in bot.incoming(channel) if each.sort is Sort.SAID]

    assert sent == Sent(heard.event)
    assert (heard.text, heard.encrypted, heard.shield) == ("Ça va ?\n\n1. Oui\n2. Non", True, NO_SHIELD)
    assert [(each.address, each.text, each.message, each.edited, each.reply_to) for each in incoming] == [
        (lea.user_id, "Salut", said, False, ""),
        (lea.user_id, "1", incoming[1].native, False, heard.event),
        (lea.user_id, "Bonjour", said, True, ""),
    ]
    assert bot.kept.pins == {lea.user_id: lea.pins.get(lea.user_id, bot.kept.pins[lea.user_id])}


async def test_the_same_message_twice_is_shown_once(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        await meet(lea, bot)
        await known(channel, lea.user_id)
        first = await channel.send(Outgoing(7, lea.user_id, "Une fois"))
        again = await channel.send(Outgoing(7, lea.user_id, "Une fois"))
        await channel.send(Outgoing(8, lea.user_id, "La suite"))
        heard = await lea.hears(2)
    assert first == again
    assert [each.text for each in heard] == ["Une fois", "La suite"]


async def test_an_edit_changes_what_is_shown(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        await meet(lea, bot)
        await known(channel, lea.user_id)
        sent = await channel.send(Outgoing(1, lea.user_id, "Avant"))
        assert isinstance(sent, Sent)
        (heard,) = await lea.hears()
        assert await channel.send(Outgoing(2, lea.user_id, "Après", edit_of=sent.native)) == sent
        await lea.until(lambda: heard.versions == ["Avant", "Après"])


async def test_what_was_said_while_it_was_down_is_read_in_order(bot: Bot, lea: Human) -> None:
    async with bot.running():
        room = await meet(lea, bot)
        await lea.says(room, "0")
        await until(lambda: bot.texts() == ["0"])
    for number in range(1, 70):  # more than a sync shows: the rest is paged back
        await lea.says(room, str(number))
    async with bot.running():
        await until(lambda: len(bot.texts()) == 70)
    assert bot.texts() == [str(number) for number in range(70)]
    assert bot.kept.told == []


async def test_what_could_not_be_stored_comes_again(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        bot.kept.fails = 3
        await lea.says(room, "SOS maybe")
        await until(lambda: bot.texts() == ["SOS maybe"])
        assert isinstance(await channel.send(Outgoing(1, lea.user_id, "Lu")), Sent)


async def test_a_step_in_which_only_we_ourselves_wrote_is_not_stored(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        await lea.says(room, "Salut")
        await until(lambda: bot.texts() == ["Salut"])
        polled = syncing.last_poll
        await until(lambda: syncing.last_poll != polled)
        polled, saves = syncing.last_poll, bot.kept.saves
        await channel.send(Outgoing(1, lea.user_id, "Salut"))
        await lea.hears()
        await until(lambda: syncing.last_poll != polled)
        alone = bot.kept.saves
        await lea.says(room, "Ça va")
        await until(lambda: bot.texts() == ["Salut", "Ça va"])
        await until(lambda: bot.kept.saves > alone)

    assert alone == saves


async def test_it_opens_the_room_itself(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        await until(lambda: channel.rooms.known)
        assert isinstance(await channel.send(Outgoing(1, lea.user_id, "Bienvenue")), Sent)
        await lea.until(lambda: bool(lea.timeline.invitations))
        (room,) = lea.timeline.invitations
        await lea.joins(room)
        (heard,) = await lea.hears()
        await lea.says(room, "Merci")
        await until(lambda: bot.texts() == ["Merci"])
    assert (heard.text, heard.shield) == ("Bienvenue", NO_SHIELD)


async def test_an_intruding_device_reads_nothing(bot: Bot, lea: Human, homeserver: Homeserver) -> None:
    async with bot.running() as (channel, _syncing):
        await meet(lea, bot)
        await known(channel, lea.user_id)
        async with Intruder(homeserver, lea.account) as intruder:
            await channel.send(Outgoing(1, lea.user_id, "Pour Léa seule"))
            (heard,), (stolen,) = await lea.hears(), await intruder.hears()
    assert (heard.text, stolen.text) == ("Pour Léa seule", None)


async def test_a_second_signed_device_reads_too(bot: Bot, lea: Human, homeserver: Homeserver) -> None:
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        await channel.send(Outgoing(1, lea.user_id, "Avant"))
        await lea.hears()
        async with Human(homeserver, lea.account, identity=lea.identity) as tablet:
            await tablet.says(room, "Me voici")
            await until(lambda: bot.texts() == ["Me voici"])  # what it is told with that, or before: there is a tablet
            await channel.send(Outgoing(2, lea.user_id, "Après"))
            await tablet.until(lambda: "Après" in [each.text for each in tablet.timeline.messages.values()])
            (heard,) = await lea.hears()
    assert heard.text == "Après"


async def test_a_changed_identity_is_told_and_gets_nothing(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        await channel.send(Outgoing(1, lea.user_id, "Avant"))
        await lea.hears()
        before = dict(bot.kept.pins)
        await lea.changes_identity()
        await lea.says(room, "C'est moi")
        await until(lambda: bot.texts() == ["C'est moi"])
        assert await channel.send(Outgoing(2, lea.user_id, "Secret")) == Permanent("identity changed")
    assert bot.kept.pins == before
    async with bot.running() as (channel, _syncing):
        await until(lambda: channel.rooms.known)
        assert await channel.send(Outgoing(3, lea.user_id, "Secret")) == Permanent("identity changed")


async def test_what_was_stored_is_not_stored_twice_when_the_token_was_not_kept(bot: Bot, lea: Human) -> None:
    """A crash between the commit and the token."""
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        before = await bot.kept.load()
        await lea.says(room, "Un")
        await lea.says(room, "Deux")
        await until(lambda: bot.texts() == ["Un", "Deux"])
    bot.kept.state = before
    async with bot.running() as (channel, _syncing):
        await until(lambda: channel.rooms.known)
        await lea.says(room, "Trois")
        await until(lambda: bot.texts() == ["Un", "Deux", "Trois"])
    assert not [name for name in bot.kept.inbox if name.endswith("/unread")]
    assert bot.kept.state["waiting"] == {}


async def test_a_cry_is_answered_before_it_is_stored(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        channel.cards = {lea.user_id: "Appelle le 112"}
        bot.kept.fails = 1000
        await lea.says(room, "SOS")
        (card,) = await lea.hears()
        assert bot.kept.inbox.keys() == {name for name, raw in bot.kept.inbox.items() if "state_key" in raw["event"]}
        bot.kept.fails = 0
        await until(lambda: bot.texts() == ["SOS"])
    assert (card.text, card.shield) == ("Appelle le 112", NO_SHIELD)


async def test_a_cry_is_answered_whoever_vouches_for_the_device(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        await channel.send(Outgoing(1, lea.user_id, "Salut"))
        await lea.hears()
        channel.cards = {lea.user_id: "Appelle le 112"}
        await lea.changes_identity()
        await lea.says(room, "SOS")
        (after_a_change,) = await lea.hears()
        closed = await channel.send(Outgoing(2, lea.user_id, "Une question"))

    assert (after_a_change.text, after_a_change.encrypted) == ("Appelle le 112", False)
    assert closed == Permanent("identity changed")


async def test_a_cry_of_a_device_that_nobody_vouches_for_is_answered_where_it_reads(
    bot: Bot, lea: Human, homeserver: Homeserver
) -> None:
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        async with Intruder(homeserver, lea.account) as strange:
            channel.cards = {lea.user_id: "Appelle le 112"}
            await strange.says(room, "SOS")
            heard = await strange.hears()

    assert [(each.text, each.encrypted) for each in heard] == [("Appelle le 112", False)]
