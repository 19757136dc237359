"""Which methods there are, and what plays them. Those that need the queue or the webhook are in `reading`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.telegram_server import about_itself, editing, sending
from tests.telegram_server.refusals import Json
from tests.telegram_server.world import World

Method = Callable[[World, Json], Any]

METHODS: dict[str, Method] = {
    "getMe": about_itself.get_me,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendChatAction": sending.send_chat_action,
    "getFile": sending.get_file,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "answerCallbackQuery": editing.answer_callback_query,
    "getChat": editing.get_chat,
    "leaveChat": editing.leave_chat,
    "setMyCommands": about_itself.set_my_commands,
    "getMyCommands": about_itself.get_my_commands,
    "deleteMyCommands": about_itself.delete_my_commands,
    "setMyName": about_itself.set_text("name"),
    "getMyName": about_itself.get_text("name"),
    "setMyDescription": about_itself.set_text("description"),
    "getMyDescription": about_itself.get_text("description"),
    "setMyShortDescription": about_itself.set_text("short_description"),
    "getMyShortDescription": about_itself.get_text("short_description"),
    "logOut": about_itself.done,
    "close": about_itself.done,
}
