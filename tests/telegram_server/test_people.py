"""What people do arrives in the Bot API's own shape, and what the bot does is seen."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update

from tests.telegram_server import TelegramServer, User
from tests.telegram_server.table import bot_api


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=f"press:{label}") for label in labels]])


def everything(server: TelegramServer, lina: User) -> None:
    """Every kind of update there is, once."""
    said = lina.says("Hello /sos and @someone, see https://example.org 🙂")
    lina.replies(said, "myself")
    lina.edits(said, "Good bye")
    lina.sends_photo(b"picture" * 100, sizes=4, caption="look /here")
    lina.sends_album([b"one", b"two"])
    lina.sends_document(b"%PDF", "proof.pdf", "application/pdf", caption="mine")
    lina.sends_sticker()
    lina.sends_voice()
    lina.sends_location()
    lina.sends_contact("+33612345678", "Lina")
    lina.forwards("news", "Somebody")
    lina.types_inline("weather")
    lina.blocks()
    lina.starts("CODE_1-x")
    group = server.group("Class")
    group.add_bot(by=lina)
    lina.says("to all", group)
    group.migrate(by=lina).remove_bot(by=lina)
    server.channel_post("posted")


async def test_every_update_is_one_the_library_reads(server: TelegramServer, bot: Bot, lina: User) -> None:
    everything(server, lina)
    updates = [Update.de_json(raw, bot) for raw in server.updates.pending]
    assert [update.update_id for update in updates] == [raw["update_id"] for raw in server.updates.pending]
    assert len(updates) == 23


async def test_every_update_has_the_shape_of_the_table(server: TelegramServer, lina: User) -> None:
    everything(server, lina)
    for raw in server.updates.pending:
        bot_api().fits("Update", raw)


async def test_a_command_is_marked_in_utf16_units(server: TelegramServer, lina: User) -> None:
    lina.says("🙂 /help")
    [raw] = server.updates.pending
    assert raw["message"]["entities"] == [{"type": "bot_command", "offset": 3, "length": 5}]


async def test_a_press_spins_until_it_is_answered(server: TelegramServer, bot: Bot, lina: User) -> None:
    await bot.send_message(lina.id, "Ready?", reply_markup=keyboard("Yes", "No"))
    press = lina.presses("No")
    [update] = await bot.get_updates()
    assert update.callback_query is not None
    assert (update.callback_query.id, update.callback_query.data) == (press, "press:No")
    assert lina.spinning == [press]
    await update.callback_query.answer("Noted")
    assert (lina.spinning, lina.toasts) == ([], ["Noted"])


async def test_the_newest_message_with_the_label_is_pressed(server: TelegramServer, bot: Bot, lina: User) -> None:
    for text in ("old", "new"):
        await bot.send_message(lina.id, text, reply_markup=keyboard("Go"))
    await bot.send_message(lina.id, "newer", reply_markup=keyboard("Stop"))
    lina.presses("Go")
    assert server.updates.pending[-1]["callback_query"]["message"]["text"] == "new"
    lina.presses(1)
    assert server.updates.pending[-1]["callback_query"]["message"]["text"] == "newer"


async def test_a_label_that_is_not_there_says_what_is(bot: Bot, lina: User) -> None:
    await bot.send_message(lina.id, "Ready?", reply_markup=keyboard("Yes", "No"))
    with pytest.raises(LookupError, match=r"no button 'Maybe'; on offer: \[Yes\] \[No\]"):
        lina.presses("Maybe")


async def test_an_old_button_can_still_be_pressed(server: TelegramServer, bot: Bot, lina: User) -> None:
    await bot.send_message(lina.id, "Ready?", reply_markup=keyboard("Yes"))
    [shown] = lina.chat.messages
    await bot.edit_message_text("Thank you", lina.id, shown.id)
    lina.presses_old(shown, "Yes")
    query: dict[str, Any] = server.updates.pending[-1]["callback_query"]
    assert (query["data"], query["message"]["text"]) == ("press:Yes", "Thank you")
    await bot.delete_message(lina.id, shown.id)
    lina.presses_old(shown, "Yes")
    assert server.updates.pending[-1]["callback_query"]["message"]["date"] == 0


async def test_heard_is_what_is_new_with_its_buttons(bot: Bot, lina: User) -> None:
    await bot.send_message(lina.id, "Hello")
    await bot.send_message(lina.id, "Ready?", reply_markup=keyboard("Yes", "No"))
    assert await lina.hears(2) == ["Hello", "Ready? [Yes] [No]"]
    assert lina.heard() == []


async def test_the_transcript_shows_edits(bot: Bot, lina: User) -> None:
    sent = await bot.send_message(lina.id, "Ready?", reply_markup=keyboard("Yes"))
    await bot.edit_message_text("Noted", lina.id, sent.message_id)
    lina.says("Thanks")
    assert lina.transcript() == "Lina: /start\nBot: Ready? [Yes] → Noted\nLina: Thanks"


async def test_waiting_in_vain_says_what_was_said(lina: User) -> None:
    with pytest.raises(TimeoutError, match="Lina: /start"):
        await lina.hears(seconds=0.1)


async def test_a_deep_link_takes_only_its_alphabet(lina: User) -> None:
    with pytest.raises(ValueError, match="deep link"):
        lina.starts("no spaces")


async def test_in_privacy_a_group_is_not_heard(server: TelegramServer, lina: User) -> None:
    group = server.group("Class")
    group.add_bot(by=lina)
    server.updates.forget_all()
    server.privacy = True
    for text in ("hello all", "/help", "@compagnon_test_bot are you there?"):
        lina.says(text, group)
    heard = [raw["message"]["text"] for raw in server.updates.pending]
    assert heard == ["/help", "@compagnon_test_bot are you there?"]


async def test_quiet_waits_for_the_updates_to_be_taken(server: TelegramServer, bot: Bot, lina: User) -> None:
    await bot.get_updates()
    lina.says("Hello")
    with pytest.raises(TimeoutError, match="not quiet"):
        await server.quiet(0.05, within=0.1)
    await bot.get_updates(offset=server.updates.next_id)
    await server.quiet(0.05)
