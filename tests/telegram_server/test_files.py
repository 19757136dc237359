"""Files go both ways with their bytes."""

from __future__ import annotations

import pytest
from telegram import Bot
from telegram.error import BadRequest

from tests.telegram_server import TelegramServer, User


async def test_a_picture_comes_in_sizes_the_largest_is_itself(bot: Bot, lina: User) -> None:
    content = bytes(range(256)) * 10
    lina.sends_photo(content, sizes=3, caption="me")
    [update] = await bot.get_updates()
    assert update.message is not None
    fetched = [await (await size.get_file()).download_as_bytearray() for size in update.message.photo]
    assert [len(each) for each in fetched] == [640, 1280, 2560]
    assert fetched[-1] == content


async def test_an_album_is_messages_with_one_group(bot: Bot, lina: User) -> None:
    lina.sends_album([b"one", b"two", b"three"])
    messages = [update.message for update in await bot.get_updates() if update.message]
    assert len(messages) == 3
    assert len({message.media_group_id for message in messages}) == 1


async def test_what_the_bot_sends_is_seen_and_can_be_sent_again(bot: Bot, lina: User) -> None:
    sent = await bot.send_document(
        lina.id, b"%PDF", caption="Your <b>proof</b>", filename="proof.pdf", parse_mode="HTML"
    )
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.mime_type) == ("proof.pdf", "application/pdf")
    await bot.send_document(lina.id, sent.document.file_id)
    assert [(shown.text, shown.file) for shown in lina.chat.messages] == [("Your proof", b"%PDF"), ("", b"%PDF")]


async def test_a_picture_by_name_of_its_part(bot: Bot, lina: User) -> None:
    await bot.send_photo(lina.id, b"picture", filename="me.png")
    assert [shown.file for shown in lina.chat.messages] == [b"picture"]


async def test_a_file_that_is_gone(server: TelegramServer, bot: Bot, lina: User) -> None:
    shown = lina.sends_document(b"text", "notes.txt", "text/plain")
    file_id = shown.message["document"]["file_id"]
    server.files.forget(file_id)
    with pytest.raises(BadRequest, match="Wrong file_id or the file is temporarily unavailable"):
        await bot.get_file(file_id)
