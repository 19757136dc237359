"""What the bot does to messages that are there already, and to the chats themselves."""

from __future__ import annotations

from typing import Any

from tests.telegram_server import refusals, shapes
from tests.telegram_server.chats import Chat
from tests.telegram_server.refusals import Json, bad_request
from tests.telegram_server.rich_text import rich
from tests.telegram_server.shown import Shown
from tests.telegram_server.world import World

TEXT = ("text", "entities", "link_preview_options", "reply_markup")
CAPTION = ("caption", "caption_entities", "reply_markup")


def edit_message_text(world: World, parameters: Json) -> Json:
    shown = _own(world, parameters)
    if "text" not in shown.message:
        raise bad_request(refusals.NO_TEXT_TO_EDIT)
    kept = {key: value for key, value in shown.message.items() if key not in TEXT}
    new = rich(parameters, "text") | _markup(parameters)
    if "link_preview_options" in parameters:
        new["link_preview_options"] = parameters["link_preview_options"]
    return _change(world, shown, kept | new)


def edit_message_caption(world: World, parameters: Json) -> Json:
    """Without a caption it takes the one there is away."""
    shown = _own(world, parameters)
    if "text" in shown.message:
        raise bad_request(refusals.NO_CAPTION_TO_EDIT)
    kept = {key: value for key, value in shown.message.items() if key not in CAPTION}
    return _change(world, shown, kept | rich(parameters, "caption") | _markup(parameters))


def edit_message_reply_markup(world: World, parameters: Json) -> Json:
    shown = _own(world, parameters)
    kept = {key: value for key, value in shown.message.items() if key != "reply_markup"}
    return _change(world, shown, kept | _markup(parameters))


def delete_message(world: World, parameters: Json) -> bool:
    chat = world.chat(parameters["chat_id"])
    chat.may_write()
    shown = chat.find(parameters["message_id"])
    if shown is None:
        raise bad_request(refusals.NOTHING_TO_DELETE)
    shown.deleted = True
    world.changed(shown)
    return True


def answer_callback_query(world: World, parameters: Json) -> bool:
    person = world.spinning.pop(parameters["callback_query_id"], None)
    if person is None:
        raise bad_request(refusals.OLD_QUERY)
    if parameters.get("text"):
        person.toasts.append(parameters["text"])
    world.bell.ring()
    return True


def get_chat(world: World, parameters: Json) -> Json:
    chat = world.chat(parameters["chat_id"])
    if chat.person is not None and chat.bot_status == "left":
        raise bad_request(refusals.NO_CHAT)
    return shapes.full_chat(chat.shape)


def leave_chat(world: World, parameters: Json) -> bool:
    chat = world.chat(parameters["chat_id"])
    if chat.person is not None:
        raise bad_request("Bad Request: chat member status can't be changed in private chats")
    chat.may_write()
    chat.bot_status = "left"
    return True


def _own(world: World, parameters: Json) -> Shown:
    """The message to edit, which the bot must have written and may still write to."""
    if "inline_message_id" in parameters:
        raise bad_request("Bad Request: MESSAGE_ID_INVALID")
    chat: Chat = world.chat(parameters["chat_id"])
    chat.may_write()
    shown = chat.find(parameters["message_id"])
    if shown is None:
        raise bad_request(refusals.NOTHING_TO_EDIT)
    if not shown.from_bot:
        raise bad_request(refusals.NOT_EDITABLE)
    return shown


def _markup(parameters: Json) -> dict[str, Any]:
    """An edit without buttons, or with an empty keyboard, takes them away."""
    markup = parameters.get("reply_markup")
    return {"reply_markup": markup} if markup and any(markup["inline_keyboard"]) else {}


def _change(world: World, shown: Shown, message: Json) -> Json:
    if all(message.get(key) == shown.message.get(key) for key in (*TEXT, *CAPTION)):
        raise bad_request(refusals.NOT_MODIFIED)
    shown.becomes({**message, "edit_date": world.date()})
    world.changed(shown)
    return shown.message
