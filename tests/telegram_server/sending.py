"""What the bot puts into a chat, and the files it fetches."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from tests.telegram_server import refusals, shapes
from tests.telegram_server.chats import Chat
from tests.telegram_server.files import LARGEST_DOWNLOAD, Stored, Upload
from tests.telegram_server.refusals import Json, bad_request
from tests.telegram_server.rich_text import rich
from tests.telegram_server.world import World


def send_message(world: World, parameters: Json) -> Json:
    return _post(world, parameters, rich(parameters, "text"))


def send_photo(world: World, parameters: Json) -> Json:
    stored = _file(world, parameters["photo"], "photos")
    fields = {"photo": shapes.photo_sizes([stored]), **rich(parameters, "caption")}
    return _post(world, parameters, fields, stored.content)


def send_document(world: World, parameters: Json) -> Json:
    sent = parameters["document"]
    stored = _file(world, sent, "documents")
    name = {"file_name": sent.name, "mime_type": sent.mime_type} if isinstance(sent, Upload) else {}
    fields = {"document": {**stored.shape, **name}, **rich(parameters, "caption")}
    return _post(world, parameters, fields, stored.content)


def send_chat_action(world: World, parameters: Json) -> bool:
    chat = world.chat(parameters["chat_id"])
    chat.may_write()
    chat.actions.append(parameters["action"])
    return True


def get_file(world: World, parameters: Json) -> Json:
    stored = world.files.by_id(parameters["file_id"])
    if len(stored.content) > LARGEST_DOWNLOAD:
        raise bad_request("Bad Request: file is too big")
    return {**stored.shape, "file_path": stored.path}


def _post(world: World, parameters: Json, fields: Json, file: bytes | None = None) -> Json:
    chat = world.chat(parameters["chat_id"])
    chat.may_write()
    markup = parameters.get("reply_markup", {})
    if "inline_keyboard" in markup:
        fields["reply_markup"] = markup
    fields |= _answered(chat, parameters)
    if "link_preview_options" in parameters:
        fields["link_preview_options"] = parameters["link_preview_options"]
    return chat.add({"from": world.bot, **fields}, None, file).message


def _answered(chat: Chat, parameters: Json) -> Json:
    reply = parameters.get("reply_parameters")
    if reply is None:
        return {}
    shown = chat.find(reply["message_id"])
    if shown is None:
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad_request(refusals.NOTHING_TO_REPLY_TO)
    return {"reply_to_message": {key: value for key, value in shown.message.items() if key != "reply_to_message"}}


def _file(world: World, sent: Any, folder: str) -> Stored:
    if not isinstance(sent, Upload):
        return world.files.by_id(sent)
    if not sent.content:
        raise bad_request("Bad Request: file must be non-empty")
    return world.files.store(sent.content, folder, PurePath(sent.name).suffix)
