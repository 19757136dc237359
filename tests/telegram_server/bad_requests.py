"""Requests no bot should make: method, parameters, what is wrong, and the Bot API's words where they are known."""

from __future__ import annotations

from typing import Any

from tests.telegram_server import refusals

Asked = tuple[str, dict[str, Any], str, str]
CHAT = 5_000_000_001
"""Lina's: the first person of a server."""


def message(**more: Any) -> dict[str, Any]:
    return {"chat_id": CHAT, "text": "Hello", **more}


def buttons(*buttons: Any) -> dict[str, Any]:
    return message(reply_markup={"inline_keyboard": [list(buttons)]})


def command(name: str, description: str = "x") -> dict[str, Any]:
    return {"commands": [{"command": name, "description": description}]}


MARKUP = "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
RULES: list[Asked] = [
    ("sendMessage", {"chat_id": CHAT}, 'parameter "text" is required', refusals.EMPTY_TEXT),
    ("sendMessage", {"text": "Hello"}, 'parameter "chat_id" is required', ""),
    ("sendMessage", message(chatid=1), 'unknown parameter "chatid"', ""),
    ("sendMessage", message(text=" \n "), "text is empty", refusals.EMPTY_TEXT),
    ("sendMessage", message(text="🙂" * 2049), "text has 4098 UTF-16 units", refusals.LONG_TEXT),
    (
        "sendMessage",
        message(text=f"<b>{'x' * 4097}</b>", parse_mode="HTML"),
        "text has 4097 UTF-16 units",
        refusals.LONG_TEXT,
    ),
    ("sendMessage", message(text="<b></b>", parse_mode="HTML"), "text is nothing but markup", refusals.EMPTY_TEXT),
    ("sendMessage", message(text="<p>", parse_mode="HTML"), 'can\'t parse entities: Unsupported start tag "p"', ""),
    ("sendMessage", message(text="<b>x", parse_mode="HTML"), "can't parse entities: Can't find end tag \"b\"", ""),
    ("sendMessage", message(parse_mode="RTF"), "parse_mode 'RTF'", "Bad Request: unsupported parse_mode"),
    ("sendMessage", buttons({"text": " ", "callback_data": "x"}), "a button has no text", ""),
    ("sendMessage", buttons({"text": "A"}), "the button 'A' does not do exactly one thing", MARKUP),
    (
        "sendMessage",
        buttons({"text": "A", "url": "https://x", "callback_data": "x"}),
        "the button 'A' does not do exactly one thing",
        MARKUP,
    ),
    (
        "sendMessage",
        buttons({"text": "A", "callback_data": "é" * 33}),
        "callback_data of 'A' is not 1 to 64 bytes",
        refusals.BUTTON_DATA,
    ),
    (
        "sendMessage",
        buttons({"text": "A", "callback_data": ""}),
        "callback_data of 'A' is not 1 to 64 bytes",
        refusals.BUTTON_DATA,
    ),
    (
        "sendDocument",
        {"chat_id": CHAT, "document": "x", "caption": "x" * 1025},
        "caption has 1025 UTF-16 units",
        refusals.LONG_CAPTION,
    ),
    ("editMessageText", {"text": "x"}, "neither chat_id nor inline_message_id", ""),
    ("editMessageText", message(), "no message_id", ""),
    ("sendChatAction", {"chat_id": CHAT, "action": "dancing"}, "action 'dancing'", ""),
    (
        "answerCallbackQuery",
        {"callback_query_id": "1", "text": "x" * 201},
        "the answer to a press has 201 units, 200 fit",
        "",
    ),
    ("setMyCommands", command("Help"), "command 'Help'", "Bad Request: BOT_COMMAND_INVALID"),
    ("setMyCommands", command("x" * 33), f"command '{'x' * 33}'", "Bad Request: BOT_COMMAND_INVALID"),
    ("setMyCommands", command("help", ""), "description of 'help'", "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyCommands", command("help", "x" * 257), "description of 'help'", ""),
    ("setMyDescription", {"description": "x" * 513}, "description is longer than 512", ""),
    ("setMyShortDescription", {"short_description": "x" * 121}, "short_description is longer than 120", ""),
    ("setWebhook", {"url": "http://compagnon.example.org"}, "webhook http://compagnon.example.org", ""),
    ("setWebhook", {"url": "https://x.org", "secret_token": "a b"}, "secret_token", ""),
    ("getUpdates", {"limit": 101}, "limit is 101, not 1 to 100", ""),
    ("sendPoll", {"chat_id": CHAT, "question": "Why?", "options": []}, "not played by this server", ""),
    ("sendNonsense", {}, "there is no method sendNonsense", "Not Found"),
]
TYPES: list[Asked] = [
    ("sendMessage", message(reply_markup={}), "reply_markup is none of", ""),
    ("sendMessage", message(disable_notification="maybe"), "disable_notification is 'maybe', not Boolean", ""),
    ("sendMessage", message(text=5), "text is 5, not String", ""),
    (
        "sendMessage",
        message(link_preview_options={"is_off": True}),
        'link_preview_options (LinkPreviewOptions) has unknown "is_off"',
        "",
    ),
    (
        "sendMessage",
        message(reply_parameters={"message_id": "5"}),
        "reply_parameters.message_id is '5', not Integer",
        "",
    ),
    ("sendMessage", message(reply_parameters={}), 'reply_parameters (ReplyParameters) needs "message_id"', ""),
    ("setMyCommands", {"commands": "[5]"}, "commands[0] is 5, not BotCommand", ""),
    ("setMyCommands", {**command("x"), "scope": {"chat_id": 5}}, "scope is none of BotCommandScopeDefault", ""),
    ("getUpdates", {"allowed_updates": "message"}, "allowed_updates is 'message', not an array", ""),
    ("editMessageText", message(message_id=True), "message_id is True, not Integer", ""),
    ("sendPhoto", {"chat_id": CHAT, "photo": 5}, "photo is 5, not a file", ""),
]
