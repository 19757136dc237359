"""What the bot does to chats, and the words in which it is refused."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import ClientSession
from telegram import Bot, BotCommand, BotCommandScopeChat, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.telegram_server import TelegramServer, User, Version, bot_for, refusals

BUTTON = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])
Act = Callable[[Bot, User], Awaitable[object]]


async def test_a_message_is_shown_with_all_it_has(bot: Bot, lina: User) -> None:
    question = lina.says("Who are you?")
    sent = await bot.send_message(
        lina.id, "  A <b>bot</b> ", "HTML", reply_markup=BUTTON, reply_parameters=ReplyParameters(question.id)
    )
    [shown] = lina.chat.messages
    assert (shown.id, shown.text, shown.buttons, shown.data, shown.reply_to) == (
        sent.message_id,
        "A bot",
        ["Yes"],
        ["y"],
        question.id,
    )


async def test_every_version_of_a_message_is_kept(bot: Bot, lina: User) -> None:
    sent = await bot.send_message(lina.id, "Ready?", reply_markup=BUTTON)
    await bot.edit_message_text("Really?", lina.id, sent.message_id, reply_markup=BUTTON)
    await bot.edit_message_reply_markup(lina.id, sent.message_id)
    [shown] = lina.chat.messages
    yes = (("Yes",), ("y",))
    assert shown.versions == [Version("Ready?", *yes), Version("Really?", *yes), Version("Really?")]


async def test_a_caption_is_edited_with_its_buttons(bot: Bot, lina: User) -> None:
    sent = await bot.send_photo(lina.id, b"picture", caption="Yours?", reply_markup=BUTTON)
    await bot.edit_message_caption(lina.id, sent.message_id, caption="Yours.")
    await bot.edit_message_caption(lina.id, sent.message_id)
    [shown] = lina.chat.messages
    assert shown.versions == [Version("Yours?", ("Yes",), ("y",)), Version("Yours."), Version("")]
    assert shown.file == b"picture"


async def edits_to_the_same(bot: Bot, lina: User) -> None:
    sent = await bot.send_message(lina.id, "Ready?", reply_markup=BUTTON)
    await bot.edit_message_text("Ready? ", lina.id, sent.message_id, reply_markup=BUTTON)


async def edits_a_picture(bot: Bot, lina: User) -> None:
    sent = await bot.send_photo(lina.id, b"picture")
    await bot.edit_message_text("text", lina.id, sent.message_id)


async def edits_the_caption_of_a_text(bot: Bot, lina: User) -> None:
    sent = await bot.send_message(lina.id, "text")
    await bot.edit_message_caption(lina.id, sent.message_id, caption="x")


REFUSED: list[tuple[str, Act]] = [
    (refusals.NO_CHAT, lambda bot, lina: bot.send_message(999, "Hello")),
    (refusals.NOT_MODIFIED, edits_to_the_same),
    (refusals.NO_TEXT_TO_EDIT, edits_a_picture),
    (refusals.NO_CAPTION_TO_EDIT, edits_the_caption_of_a_text),
    (refusals.NOTHING_TO_EDIT, lambda bot, lina: bot.edit_message_text("x", lina.id, 999)),
    (refusals.NOT_EDITABLE, lambda bot, lina: bot.edit_message_text("x", lina.id, lina.chat.history[0].id)),
    (refusals.NOTHING_TO_DELETE, lambda bot, lina: bot.delete_message(lina.id, 999)),
    (refusals.OLD_QUERY, lambda bot, lina: bot.answer_callback_query("12345")),
    (refusals.NOTHING_TO_REPLY_TO, lambda bot, lina: bot.send_message(lina.id, "x", reply_to_message_id=999)),
]


@pytest.mark.parametrize(("words", "act"), REFUSED, ids=[words[13:50] for words, _ in REFUSED])
async def test_a_refusal_has_telegrams_words(
    server: TelegramServer, bot: Bot, lina: User, words: str, act: Act
) -> None:
    with pytest.raises(BadRequest, match="(?i)" + re.escape(words.removeprefix("Bad Request: "))):
        await act(bot, lina)
    assert server.violations == []


async def test_a_press_can_be_answered_once_and_not_too_late(server: TelegramServer, bot: Bot, lina: User) -> None:
    await bot.send_message(lina.id, "Ready?", reply_markup=BUTTON)
    press = lina.presses("Yes")
    await bot.answer_callback_query(press)
    late = lina.presses("Yes")
    server.expire_presses()
    for query in (press, late):
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query(query)


async def test_who_never_wrote_blocked_or_left_gets_nothing(server: TelegramServer, bot: Bot, lina: User) -> None:
    stranger = server.user("Paul")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(stranger.id, "Hello")
    lina.blocks()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(lina.id, "Hello")
    lina.unblocks()
    await bot.send_message(lina.id, "Hello")
    lina.deactivate()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(lina.id, "Hello")


async def test_a_group_that_moved_says_where(server: TelegramServer, bot: Bot, lina: User) -> None:
    group = server.group("Class")
    with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
        await bot.send_message(group.id, "Hello")
    group.add_bot(by=lina)
    moved = group.migrate(by=lina)
    with pytest.raises(ChatMigrated) as raised:
        await bot.send_message(group.id, "Hello")
    assert raised.value.new_chat_id == moved.id
    await bot.send_message(moved.id, "Hello")
    await bot.leave_chat(moved.id)
    assert moved.bot_status == "left"


async def test_the_bot_tells_about_itself(server: TelegramServer, bot: Bot, lina: User) -> None:
    await bot.set_my_commands([BotCommand("sos", "Help")], language_code="en")
    await bot.set_my_commands([("aide", "De l'aide")], scope=BotCommandScopeChat(lina.id))
    assert server.profile.commands(language="en") == [{"command": "sos", "description": "Help"}]
    assert [each.command for each in await bot.get_my_commands(BotCommandScopeChat(lina.id))] == ["aide"]
    await bot.delete_my_commands(language_code="en")
    assert await bot.get_my_commands(language_code="en") == ()
    await bot.set_my_description("I go with you", language_code="en")
    await bot.set_my_short_description("With you")
    assert (await bot.get_my_description("en")).description == "I go with you"
    assert (await bot.get_my_short_description("fr")).short_description == "With you"
    assert (await bot.get_chat(lina.id)).first_name == "Lina"
    assert server.violations == []


async def test_a_wrong_token_is_unauthorized_a_malformed_one_not_found(server: TelegramServer) -> None:
    async with ClientSession(server.url) as session:
        for path, status in (("/bot1:x/getMe", 401), ("/botx/getMe", 404), (f"/bot{server.token}/getYou", 404)):
            async with session.get(path) as answer:
                body = await answer.json()
                assert (answer.status, body["ok"], body["error_code"]) == (status, False, status)


async def test_requests_are_kept_unless_told_otherwise(server: TelegramServer, lina: User) -> None:
    async with bot_for(server) as bot:
        await bot.send_message(lina.id, "Hello")
        kept = [(request.method, request.parameters, request.status) for request in server.requests]
        assert kept == [("getMe", {}, 200), ("sendMessage", {"chat_id": lina.id, "text": "Hello"}, 200)]
        server.requests.clear()
        server.keeps_requests = False
        await bot.send_message(lina.id, "Hello")
        assert server.requests == []
