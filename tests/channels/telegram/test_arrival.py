"""What happens at the edge: a cry answered before anything is stored, presses answered, groups left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.channels.telegram import Polling, TelegramChannel
from bot.domain.sos import CARD_NOBODY
from bot.i18n import render
from tests.channels.telegram.conftest import Inbox, running, until
from tests.telegram_server import Fault, Group, Kind, TelegramServer, User

STRANGER = "🆘 Immediate danger: call 112 now. I am a bot, I cannot come."


@pytest.fixture
def john(server: TelegramServer) -> User:
    """Somebody nobody knows, who speaks English."""
    return server.user("John", "en-GB")


CRIES: dict[str, Callable[[User], object]] = {
    "the word": lambda user: user.says("SOS"),
    "within words": lambda user: user.says("please sos quick"),
    "the command": lambda user: user.says("/sos"),
    "the command, completed": lambda user: user.says("/sos@compagnon_test_bot"),
    "the sign": lambda user: user.says("🆘"),
    "in another language": lambda user: user.says("¡Ayúdame!"),
    "under a picture": lambda user: user.sends_photo(b"xx", caption="SOS"),
    "as an edit": lambda user: user.edits(user.says("so"), "SOS"),
    "a word of the school's": lambda user: user.says("Mayday"),
}


@pytest.mark.parametrize("language", ["fr-CA", "pl", "sv", None, "☃"])
async def test_a_stranger_is_answered_in_the_nearest_language_we_speak(
    server: TelegramServer, polling: Polling, language: str | None
) -> None:
    stranger = server.user("Somebody", language)
    stranger.says("SOS")
    spoken = {"fr-CA": "fr", "pl": "pl"}.get(language or "", "en")
    async with running(polling):
        assert await stranger.hears() == [render(CARD_NOBODY, spoken, {"emergency": "112"})]


@pytest.mark.parametrize("cry", CRIES)
async def test_a_cry_is_answered_before_it_is_stored(
    server: TelegramServer, channel: TelegramChannel, polling: Polling, inbox: Inbox, john: User, cry: str
) -> None:
    inbox.shut = asyncio.Event()
    channel.cry_words = ("mayday",)
    CRIES[cry](john)
    async with running(polling):
        assert await john.hears() == [STRANGER]
        assert inbox.kept == {}


NO_CRIES: dict[str, Callable[[User], object]] = {
    "somebody else's": lambda user: user.forwards("SOS", "Tom"),
    "in a group": lambda user: user.says("SOS", _group_of(user)),
    "calm words": lambda user: user.says("Hello"),
    "a sticker": lambda user: user.sends_sticker(),
}


def _group_of(user: User) -> Group:
    group = user.world.group("Class")
    group.add_bot(user)
    return group


@pytest.mark.parametrize("words", NO_CRIES)
async def test_what_is_no_cry_is_not_answered_here(
    server: TelegramServer, polling: Polling, john: User, words: str
) -> None:
    NO_CRIES[words](john)
    async with running(polling):
        await server.quiet(0.05)

    assert server.sent("sendMessage") == []


async def test_whom_we_know_is_answered_with_what_is_ready_for_them(
    server: TelegramServer, channel: TelegramChannel, polling: Polling, ines: User, john: User
) -> None:
    channel.cards = {str(ines.id): "112. On call: Mme Roux, +33 6 00 00 00 00."}
    john.says("SOS")
    ines.says("SOS")
    async with running(polling):
        assert (await ines.hears(), await john.hears()) == ([channel.cards[str(ines.id)]], [STRANGER])


async def test_where_others_may_have_changed_it_what_holds_now_is_said_and_what_is_ready_if_that_cannot_be_had(
    server: TelegramServer, channel: TelegramChannel, polling: Polling, ines: User, john: User
) -> None:
    tom = server.user("Tom", "en")
    channel.cards = {str(user.id): "112. On call: who was." for user in (ines, tom)}

    async def look(native: str) -> str | None:
        if native == str(tom.id):
            raise ConnectionError
        return "112. On call: who is." if native == str(ines.id) else None

    channel.card_now = look
    for user in (ines, john, tom):
        user.says("SOS")
    async with running(polling):
        heard = [await user.hears() for user in (ines, john, tom)]

    assert heard == [["112. On call: who is."], [STRANGER], ["112. On call: who was."]]


async def test_a_chat_that_cries_again_and_again_is_answered_once_and_delays_nobody(
    server: TelegramServer, polling: Polling, inbox: Inbox, ines: User, john: User
) -> None:
    for _ in range(50):
        ines.says("SOS")
    john.says("SOS")
    async with running(polling):
        await john.hears()
        await server.until(lambda: server.updates.pending == [])
        await server.quiet(0.05)

    assert (len(ines.heard()), len(server.sent("sendMessage")), len(inbox.kept)) == (1, 2, 51)


async def test_a_cry_that_cannot_be_stored_yet_is_answered_once(
    server: TelegramServer, polling: Polling, inbox: Inbox, john: User
) -> None:
    inbox.fails = 5
    john.says("SOS")
    async with running(polling):
        await server.until(lambda: server.updates.pending == [])
        await server.quiet(0.05)

    assert john.heard() == [STRANGER]


@pytest.mark.parametrize("kind", [Kind.RESET_BEFORE, Kind.SERVER_ERROR, Kind.TOO_MANY, Kind.UNAUTHORIZED])
async def test_an_answer_to_a_cry_that_fails_is_tried_again(
    server: TelegramServer, polling: Polling, inbox: Inbox, john: User, kind: Kind
) -> None:
    polling.receipt.cries.pause = 0.01
    server.faults.add(Fault("sendMessage", kind))
    john.says("SOS")
    async with running(polling):
        assert await john.hears() == [STRANGER]

    assert server.too_early == []


async def test_nothing_is_said_while_telegram_says_to_wait(
    server: TelegramServer, channel: TelegramChannel, polling: Polling, inbox: Inbox, ines: User, john: User
) -> None:
    shows_buttons(server, ines)
    server.faults.add(Fault("sendMessage", Kind.TOO_MANY, retry_after=1))
    john.says("SOS")
    async with running(polling):
        await server.until(lambda: server.faults.waiting == [])
        ines.presses("Yes")
        ines.says("SOS")
        await until(lambda: len(inbox.kept) == 3)
        await asyncio.gather(channel.say(str(ines.id), "Hello"), john.hears())
        await server.until(lambda: ines.spinning == [] and len(ines.chat.messages) == 3)

    assert server.too_early == []


async def test_one_that_cannot_be_answered_is_stored_all_the_same(
    server: TelegramServer, polling: Polling, inbox: Inbox, john: User
) -> None:
    polling.receipt.cries.pause = 0.01
    server.faults.add(Fault("sendMessage", Kind.SERVER_ERROR, times=3))
    john.says("SOS")
    async with running(polling):
        await server.until(lambda: server.updates.pending == [] and len(server.sent("sendMessage")) == 3)

    assert inbox.texts() == ["SOS"]


def shows_buttons(server: TelegramServer, user: User) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "7.1"}]]}
    user.chat.add({"from": server.bot, "text": "Ready?", "reply_markup": keyboard}, None)


async def test_a_press_is_answered_once_it_is_stored(
    server: TelegramServer, polling: Polling, inbox: Inbox, ines: User
) -> None:
    shows_buttons(server, ines)
    inbox.shut = asyncio.Event()
    ines.presses("Yes")
    async with running(polling):
        await until(lambda: inbox.asked)
        assert len(ines.spinning) == 1
        inbox.shut.set()
        await server.until(lambda: ines.spinning == [])

    assert ines.toasts == [""] or ines.toasts == []


@pytest.mark.parametrize("kind", [Kind.RESET_AFTER, Kind.BAD_REQUEST, Kind.UNAUTHORIZED, Kind.TOO_MANY])
async def test_a_press_that_cannot_be_answered_hinders_nothing(
    server: TelegramServer, polling: Polling, inbox: Inbox, ines: User, kind: Kind
) -> None:
    shows_buttons(server, ines)
    server.faults.add(Fault("answerCallbackQuery", kind))
    ines.presses("Yes")
    async with running(polling):
        await server.until(lambda: server.faults.waiting == [])
        ines.says("after")
        await server.until(lambda: inbox.texts() == ["after"])


async def test_a_group_is_left_once(server: TelegramServer, polling: Polling, ines: User) -> None:
    group = server.group("Class")
    group.add_bot(ines)
    ines.says("Hello", group)
    async with running(polling):
        await server.until(lambda: group.bot_status == "left")
        await server.quiet(0.05)

    assert len(server.sent("leaveChat")) == 1


async def test_so_is_one_the_bot_was_put_into_long_ago(server: TelegramServer, polling: Polling, ines: User) -> None:
    group = server.group("Class")
    group.add_bot(ines)
    server.updates.forget_all()
    ines.says("Hello", group)
    async with running(polling):
        await server.until(lambda: group.bot_status == "left")


async def test_a_group_that_threw_us_out_is_not_left_again(
    server: TelegramServer, polling: Polling, ines: User
) -> None:
    group = server.group("Class")
    group.remove_bot(ines)
    async with running(polling):
        await server.until(lambda: server.updates.pending == [])
        await server.quiet(0.05)

    assert server.sent("leaveChat") == []


async def test_a_private_chat_is_never_left(server: TelegramServer, polling: Polling, ines: User) -> None:
    ines.blocks()
    ines.unblocks()
    async with running(polling):
        await server.until(lambda: server.updates.pending == [])
        await server.quiet(0.05)

    assert server.sent("leaveChat") == []
